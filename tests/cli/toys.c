/* toys.c - operators for trying the command alone: no image, model or network in them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>
#include <elcano/run.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- make-points: rows from nothing, one part a file -------------------------------
 */

enum { ID, FILE_NAME, SCORE, N, LON, LAT, GEOMETRY, NOTE, TABLE, N_COLUMNS };

static const elc_column point_columns[] = {
    {"id", ELC_UTF8, NULL, "a key for machines"},
    {"file", ELC_UTF8, NULL, "the file that it is from"},
    {"score", ELC_FLOAT64, NULL, "0 to 1"},
    {"n", ELC_INT64, NULL, "counted in its file"},
    {"lon", ELC_FLOAT64, "degrees", NULL},
    {"lat", ELC_FLOAT64, "degrees", NULL},
    {"geometry", ELC_GEOMETRY, NULL, NULL},
    {"note", ELC_UTF8, NULL, NULL},
    {"_table", ELC_UTF8, NULL, NULL},
};
static const elc_column file_columns[] = {{"file", ELC_UTF8, NULL, "its name"},
                                          {"n", ELC_INT64, NULL, "rows of it"}};
static const elc_output point_outputs[] = {
    {"points", "One row a point.", point_columns, N_COLUMNS - 1, NULL},
    {"files", "One row a file.", file_columns, 2, NULL},
    {0}};
static const elc_input point_inputs[] = {
    {.name = "files", .cut = ELC_CUT_SOURCE, .help = "any words: nothing is opened"},
    {0}};

static const char *const statuses[] = {
    "argument",    "not_found", "exists",    "io",       "format", "model",
    "unsupported", "memory",    "cancelled", "internal", NULL};
static const elc_option point_options[] = {
    {.name = "model", .type = ELC_OPTION_PATH, .help = "must be given, as a test"},
    {.name = "rows",
     .type = ELC_OPTION_INT,
     .fallback = "3",
     .max = 1e6,
     .help = "rows of each file"},
    {.name = "pause",
     .type = ELC_OPTION_REAL,
     .unit = "ms",
     .fallback = "0",
     .help = "wait before each row"},
    {.name = "deaf",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "do not look whether the work is cancelled"},
    {.name = "fail",
     .type = ELC_OPTION_CHOICE,
     .choices = statuses,
     .help = "fail at the end of the first file"},
    {.name = "warn",
     .type = ELC_OPTION_TEXT,
     .help = "say so at the start of each file"},
    {.name = "note", .type = ELC_OPTION_TEXT, .help = "written into each row"},
    {.name = "across_classes",
     .type = ELC_OPTION_BOOL,
     .fallback = "no",
     .help = "scores of one half"},
    {.name = "south",
     .type = ELC_OPTION_BOOL,
     .fallback = "yes",
     .help = "no negative latitudes"},
    {0}};

static elc_status point_plan(const elc_call *call, elc_plan *plan, elc_error *err) {
    if (!elc_options_has(call->options, "model"))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "--model FILE is missing: no points without");
    uint64_t rows = (uint64_t)elc_options_int(call->options, "rows");
    const elc_reference *files = &call->inputs[0];
    for (size_t i = 0; i < files->n_paths; i++)
        ELC_TRY(elc_plan_add(plan, &i, sizeof i, i, 1, err));
    plan->items = files->n_paths;
    plan->units = rows * files->n_paths;
    plan->pixels = plan->units * 1000000;
    plan->item_name = "files";
    plan->unit_name = "points";
    return ELC_OK;
}

typedef struct {
    const elc_call *call;
    size_t file;
    int64_t row;
    bool ended;
} state;

/* Rows of all parts so far. */
static uint64_t made;

static elc_status wait_a_row(const elc_call *call, elc_error *err) {
    double ms = elc_options_real(call->options, "pause");
    for (double left = ms; left > 0; left -= 10) {
        struct timespec pause = {0, (long)((left < 10 ? left : 10) * 1e6)};
        nanosleep(&pause, NULL);
        if (!elc_options_bool(call->options, "deaf"))
            ELC_TRY(elc_check_cancel(call->context, err));
    }
    uint64_t done = __atomic_add_fetch(&made, 1, __ATOMIC_RELAXED);
    uint64_t all = (uint64_t)elc_options_int(call->options, "rows") *
                   (uint64_t)call->inputs[0].n_paths;
    elc_report(
        call->context,
        &(elc_progress){.unit = "points", .done = done, .total = all, .found = done});
    return ELC_OK;
}

static elc_status point_row(const state *s, elc_batch *batch, elc_error *err) {
    const elc_options *options = s->call->options;
    const char *name = s->call->inputs[0].paths[s->file];
    double lat = 1.25 * (double)s->row;
    elc_point place = {10 + (double)s->file + 0.001 * (double)s->row,
                       elc_options_bool(options, "south") ? -lat : lat};
    bool half = elc_options_bool(options, "across_classes");
    char id[17];
    elc_string wkb = {0};
    elc_id(id, "%s %lld", name, (long long)s->row);
    ELC_TRY(wait_a_row(s->call, err));
    ELC_TRY(elc_batch_text(batch, ID, id, err));
    ELC_TRY(elc_batch_text(batch, FILE_NAME, name, err));
    ELC_TRY(elc_batch_real(batch, SCORE, half ? 0.5 : 1 / (1.0 + (double)s->row), err));
    ELC_TRY(elc_batch_int(batch, N, s->row, err));
    ELC_TRY(elc_batch_real(batch, LON, place.x, err));
    ELC_TRY(elc_batch_real(batch, LAT, place.y, err));
    ELC_TRY(elc_batch_text(batch, NOTE, elc_options_text(options, "note"), err));
    elc_status status = elc_wkb_point(place, &wkb, err);
    if (status == ELC_OK)
        status = elc_batch_bytes(batch, GEOMETRY, wkb.data, wkb.size, err);
    elc_string_free(&wkb);
    ELC_TRY(status);
    return elc_batch_end_row(batch, err);
}

static elc_status file_row(const state *s, elc_batch *batch, elc_error *err) {
    ELC_TRY(elc_batch_text(batch, FILE_NAME, s->call->inputs[0].paths[s->file], err));
    ELC_TRY(elc_batch_int(batch, N, elc_options_int(s->call->options, "rows"), err));
    ELC_TRY(elc_batch_text(batch, TABLE, "files", err));
    return elc_batch_end_row(batch, err);
}

static elc_status wanted_failure(const elc_options *options, elc_error *err) {
    const char *word = elc_options_text(options, "fail");
    for (int i = 0; word != NULL && statuses[i] != NULL; i++) {
        if (strcmp(statuses[i], word) == 0)
            return elc_fail(err, (elc_status)(i + 1),
                            "a.tif: fails as %s, as asked for", word);
    }
    return ELC_OK;
}

static elc_status fill(state *s, elc_batch *batch, elc_error *err) {
    int64_t rows = elc_options_int(s->call->options, "rows");
    for (int n = 0; s->row < rows && n < 100; n++, s->row++)
        ELC_TRY(point_row(s, batch, err));
    if (s->row < rows)
        return ELC_OK;
    s->ended = true;
    ELC_TRY(wanted_failure(s->call->options, err));
    return file_row(s, batch, err);
}

static elc_status point_next(void *arg, struct ArrowArray *out, elc_error *err) {
    state *s = arg;
    if (s->ended)
        return ELC_OK;
    elc_batch *batch;
    ELC_TRY(elc_batch_create(point_columns, N_COLUMNS, &batch, err));
    elc_status status = fill(s, batch, err);
    if (status == ELC_OK)
        status = elc_batch_finish(batch, out, err);
    elc_batch_free(batch);
    return status;
}

static elc_status point_open(const elc_call *call, const elc_part *part,
                             struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                             elc_error *err) {
    (void)in;
    state *s;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    s->call = call;
    memcpy(&s->file, part->bytes, sizeof s->file);
    const char *warning = elc_options_text(call->options, "warn");
    if (warning != NULL)
        elc_warn(call->context, "%s: %s", call->inputs[0].paths[s->file], warning);
    struct ArrowSchema schema;
    elc_status status = elc_schema_create(point_columns, N_COLUMNS, NULL, &schema, err);
    if (status == ELC_OK)
        return elc_stream_create(&schema, (elc_producer){point_next, free, s}, out,
                                 err);
    free(s);
    return status;
}

static elc_status point_rehearse(const elc_call *call, const elc_plan *plan,
                                 double *seconds, elc_error *err) {
    (void)call, (void)err;
    *seconds = 0.5 * (double)plan->units;
    return ELC_OK;
}

static const elc_operator make_points = {
    .name = "make_points",
    .summary =
        "make points, for trying the command; its summary is long enough to need "
        "a second line on most terminals",
    .inputs = point_inputs,
    .options = point_options,
    .outputs = point_outputs,
    .example = "elcano make-points a.tif 'b c.tif' --model m.onnx -o points.gpkg",
    .plan = point_plan,
    .open = point_open,
    .rehearse = point_rehearse,
};

/* ---- pass: the rows of a table as they are ------------------------------------------
 */

static const elc_input pass_inputs[] = {
    {.name = "left", .cut = ELC_CUT_DRIVING, .help = "any table"},
    {.name = "right", .cut = ELC_CUT_WHOLE, .optional = true, .help = "read, not used"},
    {0}};
static const elc_output pass_outputs[] = {
    {.name = "rows", .more = "All columns of LEFT."}, {0}};
static const elc_option pass_options[] = {{0}};

static elc_status pass_open(const elc_call *call, const elc_part *part,
                            struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                            elc_error *err) {
    (void)call, (void)part, (void)err;
    *out = in[0];
    in[0].release = NULL;
    elc_stream_release(&in[1]);
    return ELC_OK;
}

static const elc_operator pass = {
    .name = "pass",
    .summary = "give the rows of a table as they are",
    .inputs = pass_inputs,
    .options = pass_options,
    .outputs = pass_outputs,
    .open = pass_open,
};

extern const elc_operator *const elc_operators[];
const elc_operator *const elc_operators[] = {&make_points, &pass, NULL};
