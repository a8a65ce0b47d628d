/* places.c - where rows lie on the web map, what class, score and time they have. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/places.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/bounds.h"
#include "serve/names.h"

enum { AT_ONCE = 4096 };

/* By row, before they are put in order. */
typedef struct maker {
    serve_layer *layer;
    serve_bounder bounder;
    int64_t *codes; /* of all rows; -1: off the map */
    elc_point middles[AT_ONCE];
    double boxes[AT_ONCE][4];
    elc_lonlat_span span, map_span; /* of extent and on_map */
} maker;

/* ---- places ---------------------------------------------------------------------- */

static void widen(serve_extent *extent, elc_lonlat_span *span, const double box[4]) {
    double *b = extent->box;
    elc_lonlat_span_add(span, box[0], box[2]);
    b[1] = fmax(-90, extent->any ? fmin(b[1], box[1]) : box[1]);
    b[3] = fmin(90, extent->any ? fmax(b[3], box[3]) : box[3]);
    extent->any = true;
}

static void end_extent(serve_extent *extent, const elc_lonlat_span *span) {
    extent->any = elc_lonlat_span_ends(span, &extent->box[0], &extent->box[2]);
}

static void reach(serve_layer *l, const double box[4], bool wide) {
    l->reach[0] = wide ? 180 : fmax(l->reach[0], (box[2] - box[0]) / 2);
    l->reach[1] = fmax(l->reach[1], (box[3] - box[1]) / 2);
}

/* NaN, NaN for what is nowhere. */
static elc_status find_middle(maker *m, const elc_rows *rows, size_t row, double box[4],
                              elc_point *out, elc_error *err) {
    bool found, wide;
    size_t size;
    const char *wkb = elc_rows_bytes(rows, (size_t)m->layer->geometry, row, &size);
    *out = (elc_point){NAN, NAN};
    if (wkb == NULL)
        return ELC_OK;
    ELC_TRY(elc_serve_bounds(&m->bounder, wkb, size, box, &found, &wide, err));
    if (!found)
        return ELC_OK;
    widen(&m->layer->extent, &m->span, box);
    reach(m->layer, box, wide);
    *out = (elc_point){box[0] + (box[2] - box[0]) / 2, box[1] + (box[3] - box[1]) / 2};
    out->x -= out->x > 180 ? 360 : 0;
    return ELC_OK;
}

static elc_status place_rows(maker *m, const elc_rows *rows, size_t from, size_t n,
                             int64_t *codes, elc_error *err) {
    for (size_t i = 0; i < n; i++)
        ELC_TRY(find_middle(m, rows, from + i, m->boxes[i], &m->middles[i], err));
    ELC_TRY(elc_quad_codes(m->middles, n, SERVE_ZOOM, codes, err));
    for (size_t i = 0; i < n; i++)
        if (codes[i] >= 0)
            widen(&m->layer->on_map, &m->map_span, m->boxes[i]);
    return ELC_OK;
}

static elc_status place_all(maker *m, const elc_context *context, elc_error *err) {
    serve_layer *l = m->layer;
    for (size_t b = 0; b < l->n_batches; b++) {
        const serve_batch *batch = &l->batches[b];
        size_t n = elc_rows_count(batch->rows);
        for (size_t from = 0; from < n; from += AT_ONCE) {
            size_t some = n - from < AT_ONCE ? n - from : AT_ONCE;
            ELC_TRY(elc_check_cancel(context, err));
            ELC_TRY(place_rows(m, batch->rows, from, some,
                               m->codes + batch->first + from, err));
        }
    }
    return ELC_OK;
}

/* ---- what rows have -------------------------------------------------------------- */

/* The class of a row as text, whatever type the column has. */
static const char *class_text(const elc_rows *rows, size_t column, elc_type type,
                              size_t row, char number[24], size_t *size) {
    if (type == ELC_UTF8)
        return elc_rows_bytes(rows, column, row, size);
    *size = (size_t)snprintf(number, 24, "%" PRId64, elc_rows_int(rows, column, row));
    return number;
}

static elc_status find_class(const serve_layer *l, const elc_rows *rows, size_t at,
                             serve_names *names, elc_type type, uint16_t *out,
                             elc_error *err) {
    size_t size, column = (size_t)l->class_column;
    char number[24];
    uint32_t id;
    *out = SERVE_NO_CLASS;
    if (elc_rows_null(rows, column, at))
        return ELC_OK;
    const char *text = class_text(rows, column, type, at, number, &size);
    ELC_TRY(elc_serve_names_add(names, text, size, &id, err));
    if (id >= SERVE_CLASSES_MOST)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: column %s has more than %d values, which are no classes; "
                        "name another column with --class",
                        l->label, l->schema.children[column]->name, SERVE_CLASSES_MOST);
    *out = (uint16_t)id;
    return ELC_OK;
}

/* Classes are numbered in the order of their names' bytes, so that colours do not
   depend on which row comes first. */
typedef struct ranked {
    const char *name;
    uint16_t was;
} ranked;

static int by_name(const void *a, const void *b) {
    return strcmp(((const ranked *)a)->name, ((const ranked *)b)->name);
}

static elc_status sort_classes(serve_layer *l, const serve_names *names,
                               elc_error *err) {
    size_t n = names->list.count;
    ranked *order;
    uint16_t *now = NULL;
    ELC_TRY(elc_alloc(n, sizeof *order, &order, err));
    elc_status status = elc_alloc(n, sizeof *now, &now, err);
    for (size_t i = 0; i < n; i++)
        order[i] = (ranked){names->list.items[i], (uint16_t)i};
    qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; status == ELC_OK && i < n; i++) {
        now[order[i].was] = (uint16_t)i;
        status = elc_names_add(&l->class_names, order[i].name, err);
    }
    for (size_t i = 0; status == ELC_OK && i < l->n_rows; i++)
        if (l->classes[i] != SERVE_NO_CLASS)
            l->classes[i] = now[l->classes[i]];
    free(order);
    free(now);
    return status;
}

/* Rows are read in the order that they lie in memory, and what they have is put in that
   of places then. */
static elc_status read_classes(const maker *m, serve_names *names, uint16_t *by_row,
                               elc_error *err) {
    const serve_layer *l = m->layer;
    elc_type type = ELC_UTF8;
    elc_schema_type(l->schema.children[l->class_column], &type, NULL);
    for (size_t b = 0; b < l->n_batches; b++) {
        const serve_batch *batch = &l->batches[b];
        for (size_t at = 0; at < elc_rows_count(batch->rows); at++)
            ELC_TRY(find_class(l, batch->rows, at, names, type,
                               &by_row[batch->first + at], err));
    }
    return ELC_OK;
}

static elc_status find_classes(const maker *m, elc_error *err) {
    serve_layer *l = m->layer;
    uint16_t *by_row;
    serve_names names = {0};
    if (l->class_column < 0)
        return ELC_OK;
    ELC_TRY(elc_alloc(l->n_rows, sizeof *l->classes, &l->classes, err));
    ELC_TRY(elc_alloc(l->n_rows, sizeof *by_row, &by_row, err));
    elc_status status = read_classes(m, &names, by_row, err);
    for (size_t i = 0; status == ELC_OK && i < l->n_rows; i++)
        l->classes[i] = by_row[l->rows[i]];
    if (status == ELC_OK)
        status = sort_classes(l, &names, err);
    elc_serve_names_free(&names);
    free(by_row);
    return status;
}

static elc_status count_classes(serve_layer *l, elc_error *err) {
    size_t n = l->class_names.count;
    ELC_TRY(elc_alloc(n + 1, sizeof *l->class_counts, &l->class_counts, err));
    for (size_t i = 0; i < l->placed; i++) {
        size_t id =
            l->classes == NULL || l->classes[i] == SERVE_NO_CLASS ? n : l->classes[i];
        l->class_counts[id]++;
    }
    return ELC_OK;
}

static void read_scores(const serve_layer *l, float *by_row) {
    size_t column = (size_t)l->score_column;
    for (size_t b = 0; b < l->n_batches; b++) {
        const elc_rows *rows = l->batches[b].rows;
        float *out = by_row + l->batches[b].first;
        for (size_t at = 0; at < elc_rows_count(rows); at++) {
            float score = elc_rows_null(rows, column, at)
                              ? NAN
                              : (float)elc_rows_real(rows, column, at);
            out[at] = isfinite(score) ? score : NAN;
        }
    }
}

static elc_status find_scores(serve_layer *l, elc_error *err) {
    float *by_row;
    l->score_low = INFINITY;
    l->score_high = -INFINITY;
    if (l->score_column < 0)
        return ELC_OK;
    ELC_TRY(elc_alloc(l->n_rows, sizeof *l->scores, &l->scores, err));
    ELC_TRY(elc_alloc(l->n_rows, sizeof *by_row, &by_row, err));
    read_scores(l, by_row);
    for (size_t i = 0; i < l->n_rows; i++) {
        l->scores[i] = by_row[l->rows[i]];
        l->score_low = fminf(l->score_low, l->scores[i]);
        l->score_high = fmaxf(l->score_high, l->scores[i]);
    }
    free(by_row);
    return ELC_OK;
}

/* INT64_MIN: none. */
static void read_times(const serve_layer *l, int64_t *by_row) {
    size_t column = (size_t)l->time_column;
    int64_t unit = l->time_is_date ? INT64_C(86400000000) : 1;
    for (size_t b = 0; b < l->n_batches; b++) {
        const elc_rows *rows = l->batches[b].rows;
        int64_t *out = by_row + l->batches[b].first;
        for (size_t at = 0; at < elc_rows_count(rows); at++)
            out[at] = elc_rows_null(rows, column, at)
                          ? INT64_MIN
                          : elc_rows_int(rows, column, at) * unit;
    }
}

static elc_status find_times(serve_layer *l, elc_error *err) {
    int64_t *by_row;
    l->time_low = INT64_MAX;
    l->time_high = INT64_MIN;
    if (l->time_column < 0)
        return ELC_OK;
    ELC_TRY(elc_alloc(l->n_rows, sizeof *l->times, &l->times, err));
    ELC_TRY(elc_alloc(l->n_rows, sizeof *by_row, &by_row, err));
    read_times(l, by_row);
    for (size_t i = 0; i < l->n_rows; i++) {
        int64_t time = l->times[i] = by_row[l->rows[i]];
        if (time == INT64_MIN)
            continue;
        l->time_low = time < l->time_low ? time : l->time_low;
        l->time_high = time > l->time_high ? time : l->time_high;
    }
    free(by_row);
    return ELC_OK;
}

/* ---- all ------------------------------------------------------------------------- */

static elc_status make(maker *m, const elc_context *context, elc_error *err) {
    serve_layer *l = m->layer;
    ELC_TRY(elc_alloc(l->n_rows, sizeof *m->codes, &m->codes, err));
    ELC_TRY(elc_serve_layer_way(l, false, &m->bounder.way, err));
    ELC_TRY(place_all(m, context, err));
    end_extent(&l->extent, &m->span);
    end_extent(&l->on_map, &m->map_span);
    ELC_TRY(elc_serve_places_order(l, m->codes, err));
    if (l->n_rows == 0)
        elc_warn(context, "%s: the table has no rows: the map has none of it",
                 l->label);
    if (l->placed < l->n_rows)
        elc_warn(context,
                 "%s: rows without a place, or beyond 85.05 degrees of latitude, where "
                 "the web map ends, are not on it: %zu of %zu",
                 l->label, l->n_rows - l->placed, l->n_rows);
    ELC_TRY(find_classes(m, err));
    ELC_TRY(count_classes(l, err));
    ELC_TRY(find_scores(l, err));
    return find_times(l, err);
}

elc_status elc_serve_places_make(serve_layer *layer, const elc_context *context,
                                 elc_error *err) {
    maker *m;
    ELC_TRY(elc_alloc(1, sizeof *m, &m, err));
    m->layer = layer;
    elc_status status = make(m, context, err);
    elc_transform_free(m->bounder.way);
    elc_serve_bounder_free(&m->bounder);
    free(m->codes);
    free(m);
    return status;
}
