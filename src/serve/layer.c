/* layer.c - a table read to its end, its columns found, and its rows put in place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/layer.h"

#include <elcano/layer.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "serve/located.h"
#include "serve/places.h"

/* ---- columns --------------------------------------------------------------------- */

static int64_t find_type(const serve_layer *l, elc_type wanted) {
    for (int64_t i = 0; i < l->schema.n_children; i++) {
        elc_type type;
        if (elc_schema_type(l->schema.children[i], &type, NULL) == ELC_OK &&
            type == wanted)
            return i;
    }
    return -1;
}

static elc_type type_of(const serve_layer *l, int64_t column) {
    elc_type type = ELC_BINARY;
    elc_schema_type(l->schema.children[column], &type, NULL);
    return type;
}

/* A column by name: -1 where it is not there and was not asked for by `wish`, or is of
   no type of `fits`. */
static elc_status find_column(const serve_layer *l, const char *wish, const char *usual,
                              bool (*fits)(elc_type), const char *what, int64_t *out,
                              elc_error *err) {
    int64_t found = elc_schema_find(&l->schema, wish != NULL ? wish : usual);
    if (found < 0 && wish != NULL)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: no column is called %s", l->label,
                        wish);
    if (found >= 0 && !fits(type_of(l, found))) {
        if (wish != NULL)
            return elc_fail(err, ELC_E_ARGUMENT, "%s: column %s is %s, and %s",
                            l->label, wish, elc_type_name(type_of(l, found)), what);
        found = -1;
    }
    *out = found;
    return ELC_OK;
}

static bool is_class(elc_type type) {
    return type == ELC_UTF8 || type == ELC_INT32 || type == ELC_INT64;
}

static bool is_score(elc_type type) {
    return type == ELC_FLOAT32 || type == ELC_FLOAT64;
}

static bool is_time(elc_type type) {
    return type == ELC_TIMESTAMP || type == ELC_DATE32;
}

static elc_status find_columns(serve_layer *l, const serve_columns *c, elc_error *err) {
    l->geometry = find_type(l, ELC_GEOMETRY);
    if (l->geometry < 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: there are neither geometries nor columns lon and lat of "
                        "numbers, so nothing can be shown on a map; a CSV has "
                        "geometries as WKT, in a column called geometry",
                        l->label);
    ELC_TRY(find_column(l, c->class_name, "class", is_class,
                        "classes are text or whole numbers", &l->class_column, err));
    ELC_TRY(find_column(l, c->score, "score", is_score, "scores are real numbers",
                        &l->score_column, err));
    ELC_TRY(find_column(l, c->time, "acquired", is_time,
                        "times are timestamps or dates", &l->time_column, err));
    if (l->time_column < 0)
        l->time_column = find_type(l, ELC_TIMESTAMP);
    if (l->time_column < 0)
        l->time_column = find_type(l, ELC_DATE32);
    l->time_is_date = l->time_column >= 0 && type_of(l, l->time_column) == ELC_DATE32;
    l->id_column = elc_schema_find(&l->schema, "id");
    if (l->id_column >= 0 && type_of(l, l->id_column) != ELC_UTF8)
        l->id_column = -1;
    return ELC_OK;
}

static elc_status find_crs(serve_layer *l, elc_error *err) {
    char *text = NULL;
    elc_status status = ELC_OK;
    ELC_TRY(elc_schema_crs(l->schema.children[l->geometry], &text, err));
    if (*text != '\0' && !elc_crs_text_is_crs84(text))
        status = elc_crs_create(text, &l->crs, err);
    free(text);
    return status;
}

/* ---- rows ------------------------------------------------------------------------ */

/* Takes the batch over. */
static elc_status keep_batch(serve_layer *l, struct ArrowArray *array, elc_error *err) {
    ELC_TRY(elc_reserve(&l->batches, &l->batch_capacity, l->n_batches + 1,
                        sizeof *l->batches, err));
    serve_batch *b = &l->batches[l->n_batches++];
    *b = (serve_batch){.array = *array, .first = l->n_rows};
    array->release = NULL;
    ELC_TRY(elc_rows_view(&l->schema, &b->array, &b->rows, err));
    l->n_rows += elc_rows_count(b->rows);
    if (l->n_rows > INT32_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: more than %d rows, which is what a map holds", l->label,
                        INT32_MAX);
    return ELC_OK;
}

static elc_status keep_batches(serve_layer *l, struct ArrowArrayStream *stream,
                               const elc_context *context, elc_error *err) {
    for (;;) {
        struct ArrowArray array = {0};
        ELC_TRY(elc_check_cancel(context, err));
        ELC_TRY(elc_check_memory(context, err));
        ELC_TRY(elc_stream_next(stream, &array, err));
        if (array.release == NULL)
            return ELC_OK;
        elc_status status = keep_batch(l, &array, err);
        elc_array_release(&array);
        ELC_TRY(status);
    }
}

/* Of a table without geometries, columns of longitude and latitude are its places. */
static elc_status read_schema(serve_layer *l, struct ArrowArrayStream *stream,
                              const elc_context *context, elc_error *err) {
    ELC_TRY(elc_stream_schema(stream, &l->schema, err));
    if (find_type(l, ELC_GEOMETRY) >= 0)
        return ELC_OK;
    elc_schema_release(&l->schema);
    ELC_TRY(elc_serve_locate(stream, l->label, context, err));
    return elc_stream_schema(stream, &l->schema, err);
}

static elc_status read_all(serve_layer *l, const char *reference,
                           const serve_columns *columns, const elc_context *context,
                           elc_error *err) {
    struct ArrowArrayStream stream = {0};
    ELC_TRY(elc_layer_open(reference, context, &stream, err));
    elc_status status = read_schema(l, &stream, context, err);
    if (status == ELC_OK)
        status = find_columns(l, columns, err);
    if (status == ELC_OK)
        status = find_crs(l, err);
    if (status == ELC_OK)
        status = keep_batches(l, &stream, context, err);
    elc_stream_release(&stream);
    return status == ELC_OK ? elc_serve_places_make(l, context, err) : status;
}

elc_status elc_serve_layer_read(const char *reference, const char *name,
                                const serve_columns *columns,
                                const elc_context *context, serve_layer **out,
                                elc_error *err) {
    serve_layer *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    elc_status status = elc_layer_label(reference, &l->label, err);
    if (status == ELC_OK)
        status = elc_strdup(name, &l->name, err);
    if (status == ELC_OK)
        status = read_all(l, reference, columns, context, err);
    if (status == ELC_OK)
        *out = l;
    else
        elc_serve_layer_free(l);
    return status;
}

void elc_serve_layer_free(serve_layer *l) {
    if (l == NULL)
        return;
    for (size_t i = 0; i < l->n_batches; i++) {
        elc_rows_free(l->batches[i].rows);
        elc_array_release(&l->batches[i].array);
    }
    free(l->batches);
    elc_schema_release(&l->schema);
    elc_crs_free(l->crs);
    elc_names_free(&l->class_names);
    free(l->class_counts);
    free(l->codes);
    free(l->rows);
    free(l->classes);
    free(l->scores);
    free(l->times);
    free(l->name);
    free(l->label);
    free(l);
}

/* ---- questions ------------------------------------------------------------------- */

const serve_batch *elc_serve_layer_batch(const serve_layer *l, size_t row) {
    size_t low = 0, high = l->n_batches;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (l->batches[middle].first <= row)
            low = middle;
        else
            high = middle;
    }
    return &l->batches[low];
}

const elc_rows *elc_serve_layer_row(const serve_layer *l, size_t row, size_t *at) {
    const serve_batch *batch = elc_serve_layer_batch(l, row);
    *at = row - batch->first;
    return batch->rows;
}

/* The first of [low, high) whose code is not below `code`, or `high`. */
static size_t lower_bound(const serve_layer *l, size_t low, size_t high, int64_t code) {
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->codes[middle] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Steps that double, then halves of the last one (Bentley and Yao 1976). */
size_t elc_serve_layer_end(const serve_layer *l, size_t from, size_t to, int64_t code) {
    size_t step = 1, low = from;
    while (to - low > step && l->codes[low + step] < code) {
        low += step;
        step *= 2;
    }
    return lower_bound(l, low, to - low > step ? low + step : to, code);
}

void elc_serve_layer_range(const serve_layer *l, elc_quad tile, size_t *from,
                           size_t *to) {
    int bits = 2 * (SERVE_ZOOM - tile.zoom);
    int64_t code = elc_quad_code(tile);
    *from = lower_bound(l, 0, l->placed, code << bits);
    *to = lower_bound(l, *from, l->placed, (code + 1) << bits);
}

elc_status elc_serve_layer_way(const serve_layer *l, bool to_layer, elc_transform **out,
                               elc_error *err) {
    *out = NULL;
    if (l->crs == NULL)
        return ELC_OK;
    return to_layer ? elc_transform_create(NULL, l->crs, out, err)
                    : elc_transform_create(l->crs, NULL, out, err);
}

/* The cell of a longitude, whatever its turn, and a latitude, which is brought onto the
   map. */
static elc_quad cell_of(double lon, double lat) {
    elc_quad cell = {SERVE_ZOOM, 0, 0};
    elc_point p = {lon - 360 * floor((lon + 180) / 360),
                   fmax(-85.0511, fmin(85.0511, lat))};
    elc_quad_at(p, SERVE_ZOOM, &cell, NULL);
    return cell;
}

serve_frame elc_serve_frame(const double box[4]) {
    elc_quad low = cell_of(box[0], box[1]), high = cell_of(box[2], box[3]);
    serve_frame f = {(uint32_t)low.x, (uint32_t)high.y, (uint32_t)high.x,
                     (uint32_t)low.y};
    if (box[2] - box[0] >= 360) {
        f.x0 = 0;
        f.x1 = UINT32_MAX;
    }
    if (box[1] <= -85)
        f.y1 = UINT32_MAX;
    if (box[3] >= 85)
        f.y0 = 0;
    return f;
}
