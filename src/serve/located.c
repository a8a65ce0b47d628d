/* located.c - points made of columns of longitude and latitude, batch by batch. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/located.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>

typedef struct located {
    struct ArrowArrayStream source;
    struct ArrowSchema schema; /* of the source */
    elc_column *columns;       /* of the result: names are the schema's */
    int64_t *from, lon, lat;
    size_t n; /* columns of the result, the last of which is the point */
    elc_batch *batch;
    elc_string wkb;
} located;

static void located_free(void *state) {
    located *l = state;
    if (l == NULL)
        return;
    elc_batch_free(l->batch);
    elc_stream_release(&l->source);
    elc_schema_release(&l->schema);
    elc_string_free(&l->wkb);
    free(l->columns);
    free(l->from);
    free(l);
}

/* ---- rows ------------------------------------------------------------------------ */

static elc_status put_point(located *l, const elc_rows *rows, size_t row,
                            elc_error *err) {
    size_t lon = (size_t)l->lon, lat = (size_t)l->lat;
    if (elc_rows_null(rows, lon, row) || elc_rows_null(rows, lat, row))
        return ELC_OK;
    elc_point p = {elc_rows_real(rows, lon, row), elc_rows_real(rows, lat, row)};
    if (!isfinite(p.x) || !isfinite(p.y))
        return ELC_OK;
    l->wkb.size = 0;
    ELC_TRY(elc_wkb_point(p, &l->wkb, err));
    return elc_batch_bytes(l->batch, l->n - 1, l->wkb.data, l->wkb.size, err);
}

static elc_status put_rows(located *l, const elc_rows *rows, elc_error *err) {
    for (size_t row = 0; row < elc_rows_count(rows); row++) {
        ELC_TRY(elc_batch_copy_cells(l->batch, rows, l->from, row, err));
        ELC_TRY(put_point(l, rows, row, err));
        ELC_TRY(elc_batch_end_row(l->batch, err));
    }
    return ELC_OK;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    located *l = state;
    elc_rows *rows = NULL;
    struct ArrowArray array = {0};
    ELC_TRY(elc_stream_next(&l->source, &array, err));
    if (array.release == NULL)
        return ELC_OK;
    elc_status status = elc_rows_view(&l->schema, &array, &rows, err);
    if (status == ELC_OK)
        status = put_rows(l, rows, err);
    if (status == ELC_OK)
        status = elc_batch_finish(l->batch, out, err);
    elc_rows_free(rows);
    elc_array_release(&array);
    return status;
}

/* ---- columns --------------------------------------------------------------------- */

/* A name that no other column has. */
static const char *free_name(const struct ArrowSchema *schema) {
    static const char *const names[] = {"geometry", "geom", "place", "point"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (elc_schema_find(schema, names[i]) < 0)
            return names[i];
    return "elcano_point";
}

static elc_status find_columns(located *l, elc_error *err) {
    size_t n = (size_t)l->schema.n_children;
    l->n = n + 1;
    ELC_TRY(elc_alloc(l->n, sizeof *l->columns, &l->columns, err));
    ELC_TRY(elc_alloc(l->n, sizeof *l->from, &l->from, err));
    for (size_t i = 0; i < n; i++) {
        l->columns[i].name = l->schema.children[i]->name;
        l->from[i] = (int64_t)i;
        ELC_TRY(elc_schema_type(l->schema.children[i], &l->columns[i].type, err));
    }
    l->columns[n] = (elc_column){.name = free_name(&l->schema), .type = ELC_GEOMETRY};
    l->from[n] = -1;
    return elc_batch_create(l->columns, l->n, &l->batch, err);
}

static bool is_number(const struct ArrowSchema *column) {
    elc_type type;
    return elc_schema_type(column, &type, NULL) == ELC_OK &&
           (type == ELC_INT32 || type == ELC_INT64 || type == ELC_FLOAT32 ||
            type == ELC_FLOAT64);
}

/* Takes the stream at last, where nothing can fail any more. */
static elc_status make(located *l, struct ArrowArrayStream *stream, elc_error *err) {
    struct ArrowSchema schema = {0};
    struct ArrowArrayStream made = {0};
    ELC_TRY(find_columns(l, err));
    ELC_TRY(elc_schema_create(l->columns, l->n, NULL, &schema, err));
    elc_status status =
        elc_stream_create(&schema, (elc_producer){next, located_free, l}, &made, err);
    if (status != ELC_OK) {
        elc_schema_release(&schema);
        return status;
    }
    l->source = *stream;
    *stream = made;
    return ELC_OK;
}

elc_status elc_serve_locate(struct ArrowArrayStream *stream, elc_error *err) {
    located *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    elc_status status = elc_stream_schema(stream, &l->schema, err);
    bool found = status == ELC_OK && elc_schema_lonlat(&l->schema, &l->lon, &l->lat) &&
                 is_number(l->schema.children[l->lon]) &&
                 is_number(l->schema.children[l->lat]);
    if (found)
        status = make(l, stream, err);
    if (!found || status != ELC_OK)
        located_free(l);
    return status;
}
