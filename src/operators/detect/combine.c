/* combine.c - settles what parts of one image could not settle alone. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"
#include "rows.h"
#include "tell.h"

#include <stdlib.h>
#include <string.h>

/* All of one image: its state, summed over its parts, and its open objects. */
typedef struct combining {
    place_state image;
    bool image_set;
    char *model, *model_sha256;
    elc_names classes; /* by id; "" where no row has said it */
    elc_detection *open;
    size_t n_open, open_capacity;
    elc_area *area; /* with `area_crs`: own, where the call is not prepared */
    elc_crs *area_crs;
    elc_styles styles;
    row_builder *rows;
    bool record; /* an image's failure becomes a row */
    bool given;
    detect_job *job; /* NULL: not prepared here, and nothing is told */
    const elc_context *context;
    elc_detect_totals totals; /* of what is settled */
} combining;

static void detections_free(elc_detection *items, size_t n) {
    for (size_t i = 0; i < n; i++)
        elc_detection_clear(&items[i]);
    free(items);
}

static void combining_free(void *state) {
    combining *c = state;
    elc_place_state_free(&c->image);
    free(c->model);
    free(c->model_sha256);
    elc_names_free(&c->classes);
    detections_free(c->open, c->n_open);
    elc_rows_builder_free(c->rows);
    elc_area_free(c->area);
    elc_crs_free(c->area_crs);
    elc_styles_clear(&c->styles);
    free(c);
}

static elc_status text_at(const elc_rows *rows, size_t column, size_t row,
                          elc_string *out, elc_error *err) {
    size_t size = 0;
    out->size = 0;
    if (elc_rows_null(rows, column, row))
        return elc_fail(err, ELC_E_FORMAT, "combine: a row without %s",
                        elc_detect_columns[column].name);
    const char *bytes = elc_rows_bytes(rows, column, row, &size);
    return elc_string_append(out, bytes, size, err);
}

/* ---- reading
 * -------------------------------------------------------------------------- */

static elc_status note_class(combining *c, const elc_rows *rows, size_t row,
                             int32_t class_id, elc_error *err) {
    enum { MOST_CLASSES = 1 << 20 };
    if (class_id < 0 || class_id > MOST_CLASSES)
        return elc_fail(err, ELC_E_FORMAT, "combine: class %d", (int)class_id);
    while (c->classes.count <= (size_t)class_id)
        ELC_TRY(elc_names_add(&c->classes, "", err));
    if (*c->classes.items[class_id])
        return ELC_OK;
    elc_string name = {0};
    elc_status status = text_at(rows, COL_CLASS, row, &name, err);
    if (status == ELC_OK) {
        free(c->classes.items[class_id]);
        c->classes.items[class_id] = name.data;
    }
    return status;
}

static elc_status read_open(combining *c, const elc_rows *rows, size_t row,
                            elc_error *err) {
    elc_detection d = {.open = true, .chip = elc_rows_int(rows, COL_CHIP_INDEX, row)};
    d.box = (elc_box){.xmin = elc_rows_real(rows, COL_XMIN, row),
                      .ymin = elc_rows_real(rows, COL_YMIN, row),
                      .xmax = elc_rows_real(rows, COL_XMAX, row),
                      .ymax = elc_rows_real(rows, COL_YMAX, row),
                      .score = (float)elc_rows_real(rows, COL_SCORE, row),
                      .class_id = (int32_t)elc_rows_int(rows, COL_CLASS_ID, row)};
    ELC_TRY(note_class(c, rows, row, d.box.class_id, err));
    ELC_TRY(
        elc_reserve(&c->open, &c->open_capacity, c->n_open + 1, sizeof *c->open, err));
    if (!elc_rows_null(rows, COL_SHAPE, row)) {
        size_t size = 0;
        const void *bytes = elc_rows_bytes(rows, COL_SHAPE, row, &size);
        ELC_TRY(elc_shape_unpack(bytes, size, &d.box, err));
    }
    c->open[c->n_open++] = d;
    return ELC_OK;
}

/* A range that begins where the last one ends goes on with it: nothing shall show where
   parts were cut. */
static elc_status add_ranges(place_state *to, const place_state *from, elc_error *err) {
    if (from->n_ranges == 0)
        return ELC_OK;
    ELC_TRY(elc_reserve(&to->ranges, &to->range_capacity, to->n_ranges + from->n_ranges,
                        sizeof *to->ranges, err));
    bool on = to->n_ranges > 0 && to->ranges[to->n_ranges - 1] == from->ranges[0];
    size_t added = from->n_ranges - on;
    to->n_ranges -= on;
    memcpy(to->ranges + to->n_ranges, from->ranges + on, added * sizeof *to->ranges);
    to->n_ranges += added;
    return ELC_OK;
}

static bool same_sight(const elc_sight *a, const elc_sight *b) {
    const elc_stretch *s = &a->stretch, *t = &b->stretch;
    size_t size = (size_t)s->n * sizeof *s->low;
    return a->width == b->width && a->height == b->height && a->step_x == b->step_x &&
           a->step_y == b->step_y &&
           memcmp(&a->shown, &b->shown, sizeof a->shown) == 0 && s->kind == t->kind &&
           s->n == t->n && memcmp(s->low, t->low, size) == 0 &&
           memcmp(s->high, t->high, size) == 0;
}

static void swap_states(place_state *a, place_state *b) {
    place_state kept = *a;
    *a = *b;
    *b = kept;
}

/* Parts come in plan order, so the ranges of chips stay rising. */
static elc_status join_state(combining *c, place_state *part, elc_error *err) {
    place_state *image = &c->image;
    if (!c->image_set) {
        *image = *part;
        *part = (place_state){0};
        c->image_set = true;
        return ELC_OK;
    }
    if (image->error && !part->error && image->grid.cols < 1)
        swap_states(image, part); /* a part that could not be opened knows no chips */
    image->run += part->run;
    image->skipped += part->skipped;
    image->failed += part->failed;
    if (image->error || part->error) {
        if (!image->error) {
            image->error = part->error;
            part->error = NULL;
        }
        return ELC_OK;
    }
    if (memcmp(&image->grid, &part->grid, sizeof part->grid) != 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: its parts disagree on the chips",
                        image->name);
    if (!same_sight(&image->sight, &part->sight))
        return elc_fail(
            err, ELC_E_FORMAT,
            "%s: its parts were resampled, cropped or stretched in different ways",
            image->name);
    return add_ranges(image, part, err);
}

static elc_status read_state(combining *c, const elc_rows *rows, size_t row,
                             elc_error *err) {
    elc_string text = {0};
    place_state part = {0};
    elc_status status = text_at(rows, COL_STATE, row, &text, err);
    if (status == ELC_OK)
        status = elc_place_state_from_json(text.data, text.size, &part, err);
    if (status == ELC_OK)
        status = join_state(c, &part, err);
    elc_place_state_free(&part);
    elc_string_free(&text);
    return status;
}

static elc_status read_model(combining *c, const elc_rows *rows, size_t row,
                             elc_error *err) {
    elc_string name = {0}, hash = {0};
    elc_status status = text_at(rows, COL_MODEL, row, &name, err);
    if (status == ELC_OK)
        status = text_at(rows, COL_MODEL_SHA256, row, &hash, err);
    c->model = name.data;
    c->model_sha256 = hash.data;
    return status;
}

static elc_status read_row(void *with, const elc_rows *rows, size_t row,
                           elc_error *err) {
    combining *c = with;
    bool image = !elc_rows_null(rows, COL_TABLE, row);
    if (!c->model)
        ELC_TRY(read_model(c, rows, row, err));
    return image ? read_state(c, rows, row, err) : read_open(c, rows, row, err);
}

static elc_status check_schema(const struct ArrowSchema *schema, elc_error *err) {
    if (schema->n_children != N_COLUMNS)
        return elc_fail(err, ELC_E_FORMAT, "combine: %lld columns, %d are needed",
                        (long long)schema->n_children, (int)N_COLUMNS);
    for (int i = 0; i < N_COLUMNS; i++) {
        elc_type type;
        ELC_TRY(elc_schema_type(schema->children[i], &type, err));
        if (type != elc_detect_columns[i].type)
            return elc_fail(err, ELC_E_FORMAT, "combine: column %d is not %s", i,
                            elc_detect_columns[i].name);
    }
    return ELC_OK;
}

/* ---- settling
 * -------------------------------------------------------------------------- */

static elc_status merge_open(const combining *c, elc_detection **found, size_t *n,
                             elc_error *err) {
    elc_merger *merger = NULL;
    ELC_TRY(elc_merger_create(&c->image.grid, 0, elc_grid_count(&c->image.grid),
                              &merger, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < c->n_open && status == ELC_OK; i++)
        status = elc_merger_add_open(merger, &c->open[i], err);
    if (status == ELC_OK)
        status = elc_merger_finish(merger, err);
    if (status == ELC_OK)
        elc_merger_take(merger, found, n);
    elc_merger_free(merger);
    return status;
}

static elc_status give_objects(combining *c, elc_error *err) {
    elc_detection *found = NULL;
    size_t n = 0;
    if (c->n_open == 0)
        return ELC_OK;
    ELC_TRY(merge_open(c, &found, &n, err));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < n && status == ELC_OK; i++) {
        c->totals.too_long += found[i].too_long;
        status = elc_rows_builder_add(c->rows, &found[i],
                                      c->classes.items[found[i].box.class_id], err);
    }
    detections_free(found, n);
    return status;
}

static elc_status next_rows(void *state, struct ArrowArray *out, elc_error *err) {
    combining *c = state;
    if (c->given || !c->image_set)
        return ELC_OK;
    c->given = true;
    ELC_TRY(elc_rows_builder_image(c->rows, &c->image, err));
    ELC_TRY(give_objects(c, err));
    ELC_TRY(elc_rows_builder_end_image(c->rows, false, c->record, err));
    if (c->job)
        elc_detect_tell(c->job, c->context, &c->totals);
    return elc_batch_finish(elc_rows_builder_batch(c->rows), out, err);
}

static elc_status find_styles(combining *c, const elc_call *call, row_setup *setup,
                              elc_error *err) {
    const detect_job *job = call->prepared;
    const char *path = elc_options_text(call->options, "styles");
    if (!job && path)
        ELC_TRY(elc_styles_read(path, &c->styles, err));
    setup->styles = job ? &job->styles : &c->styles;
    return ELC_OK;
}

/* Where nothing but rows is settled the call is not prepared, which would open the
   network. */
static elc_status find_area(combining *c, const elc_call *call, row_setup *setup,
                            elc_error *err) {
    const detect_job *job = call->prepared;
    const char *layer = elc_options_text(call->options, "area");
    if (!job && layer)
        ELC_TRY(elc_area_load(layer, &c->area, &c->area_crs, err));
    setup->area = job ? job->area : c->area;
    setup->area_crs = job ? job->area_crs : c->area_crs;
    return ELC_OK;
}

static elc_status start(combining *c, const elc_call *call,
                        struct ArrowArrayStream *group, const struct ArrowSchema *in,
                        struct ArrowSchema *out, elc_error *err) {
    char *crs = NULL;
    ELC_TRY(check_schema(in, err));
    ELC_TRY(elc_stream_each(group, in, c->context, read_row, c, err));
    if (!c->image_set && c->n_open > 0)
        return elc_fail(err, ELC_E_FORMAT,
                        "combine: objects without their image's row");
    ELC_TRY(elc_schema_crs(in->children[COL_GEOMETRY], &crs, err));
    c->record = strcmp(elc_options_text(call->options, "on_error"), "record") == 0;
    bool lonlat = !elc_options_has(call->options, "crs");
    row_setup setup = {.crs = lonlat || !*crs ? NULL : crs,
                       .model = c->model ? c->model : "",
                       .model_sha256 = c->model_sha256 ? c->model_sha256 : "",
                       .dem = elc_options_text(call->options, "dem")};
    elc_status status = find_area(c, call, &setup, err);
    if (status == ELC_OK)
        status = find_styles(c, call, &setup, err);
    if (status == ELC_OK)
        status = elc_rows_builder_create(&setup, &c->rows, err);
    free(crs);
    return status == ELC_OK ? elc_rows_builder_schema(c->rows, out, err) : status;
}

elc_status elc_detect_combine(const elc_call *call, struct ArrowArrayStream *group,
                              struct ArrowArrayStream *out, elc_error *err) {
    combining *c = NULL;
    struct ArrowSchema in = {0}, schema = {0};
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    c->job = call->prepared;
    c->context = call->context;
    elc_status status = elc_stream_schema(group, &in, err);
    if (status == ELC_OK)
        status = start(c, call, group, &in, &schema, err);
    elc_schema_release(&in);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        combining_free(c);
        return status;
    }
    elc_producer producer = {next_rows, combining_free, c};
    return elc_stream_create(&schema, producer, out, err);
}
