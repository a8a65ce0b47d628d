/* located.c - points made of columns of longitude and latitude, batch by batch. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/located.h"

#include <elcano/geometry.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD = 64 };

typedef struct located {
    const char *label;
    const elc_context *context;
    struct ArrowArrayStream source;
    struct ArrowSchema schema; /* of the source */
    elc_column *columns;       /* of the result: names are the schema's */
    int64_t *from, lon, lat;
    size_t n;  /* columns of the result, the last of which is the point */
    bool text; /* one of them at least */
    elc_batch *batch;
    elc_string wkb;
    uint64_t row, n_points, n_wrong; /* so far */
    uint64_t first_wrong;            /* the row, from 1, */
    char wrong[WORD];                /* and what it has */
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

/* A number without the blanks round it; NaN for all else. */
static double number_of(const char *word) {
    char text[WORD];
    double value = NAN;
    const char *from = word + strspn(word, " \t");
    size_t n = strcspn(from, " \t");
    if (from[n + strspn(from + n, " \t")] != '\0')
        return NAN;
    memcpy(text, from, n);
    text[n] = '\0';
    elc_parse_real(text, "", &value, NULL);
    return value;
}

/* A coordinate, and what is written there; NaN where that is no number. */
static double coordinate(const located *l, int64_t column, const elc_rows *rows,
                         size_t row, char word[WORD]) {
    size_t size, at = (size_t)column;
    elc_type type = ELC_UTF8;
    elc_schema_type(l->schema.children[column], &type, NULL);
    if (type != ELC_UTF8) {
        double value = elc_rows_real(rows, at, row);
        snprintf(word, WORD, "%g", value);
        return isfinite(value) ? value : NAN;
    }
    const char *text = elc_rows_bytes(rows, at, row, &size);
    size_t n = size < WORD ? size : WORD - 1;
    memcpy(word, text, n);
    word[n] = '\0';
    return size == strlen(word) ? number_of(word) : NAN;
}

/* Keeps the first. */
static void count_wrong(located *l, const char *word) {
    if (l->n_wrong++ > 0)
        return;
    l->first_wrong = l->row;
    snprintf(l->wrong, sizeof l->wrong, "%s", word);
}

static elc_status put_point(located *l, const elc_rows *rows, size_t row,
                            elc_error *err) {
    char x[WORD], y[WORD];
    l->row++;
    if (elc_rows_null(rows, (size_t)l->lon, row) ||
        elc_rows_null(rows, (size_t)l->lat, row))
        return ELC_OK;
    elc_point p = {coordinate(l, l->lon, rows, row, x),
                   coordinate(l, l->lat, rows, row, y)};
    if (isnan(p.x) || isnan(p.y)) {
        count_wrong(l, isnan(p.x) ? x : y);
        return ELC_OK;
    }
    l->n_points++;
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

static elc_status end(const located *l, elc_error *err) {
    const char *lon = l->schema.children[l->lon]->name;
    const char *lat = l->schema.children[l->lat]->name;
    if (l->n_wrong > 0 && l->n_points == 0 && l->text)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: no row has numbers in %s and %s, as row %" PRIu64
                        ", where there is \"%s\", so nothing can be shown on a map",
                        l->label, lon, lat, l->first_wrong, l->wrong);
    if (l->n_wrong > 0)
        elc_warn(l->context,
                 "%s: rows that have no numbers in %s and %s have no place: %" PRIu64
                 ", the first is row %" PRIu64 ", where there is \"%s\"",
                 l->label, lon, lat, l->n_wrong, l->first_wrong, l->wrong);
    return ELC_OK;
}

static elc_status next(void *state, struct ArrowArray *out, elc_error *err) {
    located *l = state;
    elc_rows *rows = NULL;
    struct ArrowArray array = {0};
    ELC_TRY(elc_stream_next(&l->source, &array, err));
    if (array.release == NULL)
        return end(l, err);
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

/* *text: it is text. */
static bool may_be_numbers(const struct ArrowSchema *column, bool *text) {
    elc_type type;
    if (elc_schema_type(column, &type, NULL) != ELC_OK)
        return false;
    *text = *text || type == ELC_UTF8;
    return type == ELC_INT32 || type == ELC_INT64 || type == ELC_FLOAT32 ||
           type == ELC_FLOAT64 || type == ELC_UTF8;
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

elc_status elc_serve_locate(struct ArrowArrayStream *stream, const char *label,
                            const elc_context *context, elc_error *err) {
    located *l;
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->label = label;
    l->context = context;
    elc_status status = elc_stream_schema(stream, &l->schema, err);
    bool found = status == ELC_OK && elc_schema_lonlat(&l->schema, &l->lon, &l->lat) &&
                 may_be_numbers(l->schema.children[l->lon], &l->text) &&
                 may_be_numbers(l->schema.children[l->lat], &l->text);
    if (found)
        status = make(l, stream, err);
    if (!found || status != ELC_OK)
        located_free(l);
    return status;
}
