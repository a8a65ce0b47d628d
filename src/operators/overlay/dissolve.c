/* dissolve.c - one row for each group of rows, with the union of their geometries. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "operators/parts/crew.h"
#include "job.h"
#include "operators/parts/names.h"

enum { BYTES_A_BATCH = 4 << 20, WINDOW = 512, MANY = 1024 };

typedef struct {
    size_t *rows; /* numbers of members */
    size_t n, capacity;
    elc_string made; /* in the window; emptied when it was given */
} group;

typedef struct {
    overlay_job *job;
    part_reader reader;
    int threads;
    elc_overlay **shapes; /* of all rows: one a thread */
    part_names names;
    group *groups;
    size_t n_groups, capacity, given, united;
    size_t n_rows, start; /* rows so far, and those before the window */
    elc_taken taken[WINDOW];
    elc_batch *first; /* the values of the groups, while they are found, */
    struct ArrowSchema schema;
    struct ArrowArray values; /* and then */
    elc_rows *rows;
    int64_t *same; /* columns of values to columns of what comes out */
    elc_batch *out;
    elc_string key;
    elc_progress progress;
} dissolving;

/* ---- groups --------------------------------------------------------------------- */

/* No value holds a NUL, which would end the key. */
static elc_status add_text(elc_string *key, const char *text, size_t n,
                           elc_error *err) {
    ELC_TRY(elc_string_printf(key, err, "%zu:", n));
    for (size_t i = 0; i < n; i++) {
        const char *escaped = text[i] == '\0' ? "\\0" : text[i] == '\\' ? "\\\\" : NULL;
        ELC_TRY(escaped ? elc_string_append(key, escaped, 2, err)
                        : elc_string_append(key, text + i, 1, err));
    }
    return ELC_OK;
}

static elc_status add_value(dissolving *d, elc_type type, size_t column,
                            elc_error *err) {
    const elc_rows *rows = d->reader.rows;
    size_t row = d->reader.row, size;
    if (elc_rows_null(rows, column, row))
        return elc_string_append(&d->key, "-;", 2, err);
    if (type == ELC_UTF8) {
        const char *text = elc_rows_bytes(rows, column, row, &size);
        return add_text(&d->key, text, size, err);
    }
    if (type == ELC_FLOAT32 || type == ELC_FLOAT64) /* 0 and -0 are one number */
        return elc_string_printf(&d->key, err, "%.17g;",
                                 elc_rows_real(rows, column, row) + 0.0);
    return elc_string_printf(&d->key, err, "%lld;",
                             (long long)elc_rows_int(rows, column, row));
}

static elc_status find_group(dissolving *d, uint32_t *out, elc_error *err) {
    const overlay_job *job = d->job;
    d->key.size = 0;
    ELC_TRY(elc_string_append(&d->key, "=", 1, err));
    for (size_t i = 0; i < job->out_rows; i++)
        ELC_TRY(add_value(d, job->columns.items[i].type, (size_t)job->from[0][i], err));
    ELC_TRY(elc_part_names_add(&d->names, d->key.data, "", out, err));
    if (*out < d->n_groups)
        return ELC_OK;
    ELC_TRY(
        elc_reserve(&d->groups, &d->capacity, d->n_groups + 1, sizeof *d->groups, err));
    d->groups[d->n_groups++] = (group){0};
    return elc_batch_copy_row(d->first, d->reader.rows, job->from[0], d->reader.row,
                              err);
}

static elc_status add_row(dissolving *d, elc_error *err) {
    uint32_t at = 0;
    ELC_TRY(find_group(d, &at, err));
    group *g = &d->groups[at];
    ELC_TRY(elc_reserve(&g->rows, &g->capacity, g->n + 1, sizeof *g->rows, err));
    g->rows[g->n++] = d->n_rows++;
    return ELC_OK;
}

static elc_status read_shape(void *arg, int worker, size_t number, elc_error *err) {
    dissolving *d = arg;
    const elc_rows *rows = d->reader.rows;
    size_t size = 0, column = (size_t)d->job->geometry[0], row = d->reader.row + number;
    const char *wkb = elc_rows_null(rows, column, row)
                          ? NULL
                          : elc_rows_bytes(rows, column, row, &size);
    size_t at = d->start + number;
    return elc_part_blame(
        elc_overlay_set(d->shapes[worker], at, wkb, size, NULL, &d->taken[number], err),
        elc_part_input_name(d->job->call, OVERLAY_FIRST), at + 1, err);
}

/* The geometries of the next rows of the batch, and then their groups. */
static elc_status read_window(dissolving *d, elc_error *err) {
    const elc_context *context = d->job->call->context;
    size_t n = elc_rows_count(d->reader.rows) - d->reader.row;
    n = n < WINDOW ? n : WINDOW;
    d->start = d->n_rows;
    ELC_TRY(elc_check_memory(context, err));
    ELC_TRY(elc_overlay_extend(d->shapes[0], n, err));
    ELC_TRY(elc_part_crew(context, d->threads, n, read_shape, d, err));
    for (size_t i = 0; i < n; i++, d->reader.row++) {
        elc_overlay_count(d->job, OVERLAY_FIRST, d->taken[i]);
        ELC_TRY(add_row(d, err));
    }
    d->reader.row--;
    d->progress.done += n;
    elc_report(context, &d->progress);
    return ELC_OK;
}

static elc_status read_all(dissolving *d, elc_error *err) {
    while (!d->reader.ended) {
        ELC_TRY(elc_part_reader_next(&d->reader, err));
        if (!d->reader.ended)
            ELC_TRY(read_window(d, err));
    }
    elc_overlay_warn(d->job);
    ELC_TRY(elc_batch_finish(d->first, &d->values, err));
    return elc_rows_view(&d->schema, &d->values, &d->rows, err);
}

/* ---- unions --------------------------------------------------------------------- */

static bool is_large(const group *g) {
    return g->n > MANY;
}

static elc_status unite_group(void *arg, int worker, size_t number, elc_error *err) {
    dissolving *d = arg;
    group *g = &d->groups[d->united + number];
    return elc_overlay_union(d->shapes[worker], g->rows, g->n, &g->made, err);
}

/* Groups of few rows each by one thread; all threads do one of many together. */
static elc_status unite_window(dissolving *d, elc_error *err) {
    const elc_context *context = d->job->call->context;
    size_t n = 0, left = d->n_groups - d->united;
    group *first = &d->groups[d->united];
    if (is_large(first)) {
        d->united++;
        return elc_overlay_union_by(d->shapes, d->threads, context, first->rows,
                                    first->n, &first->made, err);
    }
    while (n < WINDOW && n < left && !is_large(first + n))
        n++;
    ELC_TRY(elc_part_crew(context, d->threads, n, unite_group, d, err));
    d->united += n;
    return ELC_OK;
}

/* ---- what comes out ------------------------------------------------------------- */

static elc_status give_group(dissolving *d, size_t at, elc_error *err) {
    const overlay_job *job = d->job;
    group *g = &d->groups[at];
    if (at == d->united)
        ELC_TRY(unite_window(d, err));
    ELC_TRY(elc_batch_int(d->out, job->out_rows, (int64_t)g->n, err));
    if (g->made.size > 0)
        ELC_TRY(elc_batch_bytes(d->out, job->out_geometry, g->made.data, g->made.size,
                                err));
    elc_string_free(&g->made);
    return elc_batch_copy_row(d->out, d->rows, d->same, at, err);
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    dissolving *d = state;
    if (d->rows == NULL)
        ELC_TRY(read_all(d, err));
    while (d->given < d->n_groups && elc_batch_size(d->out) < BYTES_A_BATCH) {
        ELC_TRY(elc_check_cancel(d->job->call->context, err));
        ELC_TRY(give_group(d, d->given++, err));
    }
    size_t rows = elc_batch_rows(d->out);
    d->progress.found += rows;
    elc_report(d->job->call->context, &d->progress);
    return rows > 0 ? elc_batch_finish(d->out, out, err) : ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static void free_dissolving(void *state) {
    dissolving *d = state;
    elc_part_reader_free(&d->reader);
    elc_overlay_shares_free(d->shapes, d->threads);
    elc_part_names_free(&d->names);
    for (size_t i = 0; i < d->n_groups; i++) {
        free(d->groups[i].rows);
        elc_string_free(&d->groups[i].made);
    }
    free(d->groups);
    elc_rows_free(d->rows);
    elc_array_release(&d->values);
    elc_schema_release(&d->schema);
    elc_batch_free(d->first);
    elc_batch_free(d->out);
    free(d->same);
    elc_string_free(&d->key);
    elc_overlay_job_free(d->job);
    free(d);
}

/* The values of groups are kept in a table of the columns that come out. */
static elc_status fill(dissolving *d, const overlay_job *job, elc_error *err) {
    const part_columns *columns = &job->columns;
    d->threads = elc_context_threads(job->call->context);
    ELC_TRY(elc_overlay_job_shares(job, d->threads, &d->shapes, err));
    ELC_TRY(elc_batch_create(columns->items, columns->count, &d->first, err));
    ELC_TRY(elc_batch_create(columns->items, columns->count, &d->out, err));
    ELC_TRY(elc_part_columns_schema(columns, &d->schema, err));
    ELC_TRY(elc_alloc(columns->count, sizeof *d->same, &d->same, err));
    for (size_t i = 0; i < columns->count; i++)
        d->same[i] = i < job->out_rows ? (int64_t)i : -1;
    return ELC_OK;
}

elc_status elc_overlay_dissolve(overlay_job *job, struct ArrowArrayStream *table,
                                struct ArrowArrayStream *out, elc_error *err) {
    dissolving *d;
    struct ArrowSchema schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *d, &d, err));
    d->progress.unit = "rows";
    d->reader.schema = &job->schemas[OVERLAY_FIRST];
    elc_status status = fill(d, job, err);
    if (status == ELC_OK)
        status = elc_schema_clone(&d->schema, &schema, err);
    if (status == ELC_OK)
        status = elc_stream_create(&schema, (elc_producer){next, free_dissolving, d},
                                   out, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        free_dissolving(d);
        return status;
    }
    d->job = job;
    d->reader.stream = *table;
    table->release = NULL;
    return ELC_OK;
}
