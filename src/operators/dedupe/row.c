/* row.c - a row of the table as it is compared. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "row.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- values --------------------------------------------------------------------- */

typedef struct cursor {
    dedupe_table *t;
    const elc_rows *rows;
    size_t row, number;
} cursor;

static bool is_null(const cursor *c, int which) {
    return c->t->columns[which] < 0 ||
           elc_rows_null(c->rows, (size_t)c->t->columns[which], c->row);
}

static double text_number(const char *bytes, size_t n) {
    char text[64];
    double value;
    if (n >= sizeof text)
        return NAN;
    memcpy(text, bytes, n);
    text[n] = '\0';
    return elc_parse_real(text, "number", &value, NULL) == ELC_OK ? value : NAN;
}

/* NaN for what is none. */
static double number(const cursor *c, int which) {
    size_t n, column = (size_t)c->t->columns[which];
    if (is_null(c, which))
        return NAN;
    if (c->t->types[which] <= ELC_FLOAT64)
        return elc_rows_real(c->rows, column, c->row);
    const char *bytes = elc_rows_bytes(c->rows, column, c->row, &n);
    return text_number(bytes, n);
}

/* 0 for what is none. */
static double measure(const cursor *c, int which) {
    double value = number(c, which);
    return isfinite(value) && value > 0 ? value : 0;
}

static elc_status name_of(const cursor *c, int which, const char *fallback,
                          part_names *names, uint32_t *out, elc_error *err) {
    elc_string *text = &c->t->text;
    size_t n, column = (size_t)c->t->columns[which];
    text->size = 0;
    if (is_null(c, which)) {
        ELC_TRY(elc_string_append(text, fallback, strlen(fallback), err));
    } else if (c->t->types[which] == ELC_UTF8) {
        const char *bytes = elc_rows_bytes(c->rows, column, c->row, &n);
        ELC_TRY(elc_string_append(text, bytes, n, err));
    } else {
        ELC_TRY(elc_string_printf(text, err, "%lld",
                                  (long long)elc_rows_int(c->rows, column, c->row)));
    }
    return elc_part_names_add(names, text->data, text->data, out, err);
}

static elc_status take_time(const cursor *c, int64_t *out, elc_error *err) {
    *out = INT64_MIN;
    if (is_null(c, DEDUPE_TIME) || c->t->any_time)
        return ELC_OK;
    size_t column = (size_t)c->t->columns[DEDUPE_TIME];
    if (c->t->types[DEDUPE_TIME] != ELC_TIMESTAMP)
        return elc_fail(err, ELC_E_FORMAT,
                        "detections: the column %s is %s, not a time; make it one, or "
                        "give --within any",
                        c->t->schema.children[column]->name,
                        elc_type_name(c->t->types[DEDUPE_TIME]));
    *out = elc_rows_int(c->rows, column, c->row);
    return ELC_OK;
}

/* ---- place and size ---------------------------------------------------------------
 */

elc_status elc_dedupe_ring(dedupe_table *t, size_t wanted, elc_error *err) {
    size_t row, size;
    t->n_ring = 0;
    if (!t->has_geometry)
        return ELC_OK;
    const elc_rows *rows = elc_dedupe_row_at(t, wanted, &row);
    size_t column = (size_t)t->columns[DEDUPE_GEOMETRY];
    if (elc_rows_null(rows, column, row))
        return ELC_OK;
    const char *wkb = elc_rows_bytes(rows, column, row, &size);
    elc_error why = {0};
    elc_status status =
        elc_wkb_points(wkb, size, &t->ring, &t->n_ring, &t->ring_capacity, &why);
    if (status != ELC_OK)
        return elc_fail(err, status, "detections: row %zu: geometry: %s", wanted + 1,
                        why.message);
    if (t->to_lonlat != NULL)
        elc_transform_points(t->to_lonlat, t->ring, t->n_ring);
    for (size_t i = 0; i < t->n_ring; i++)
        if (!elc_ground_is_place(t->ring[i]))
            t->n_ring = 0;
    return ELC_OK;
}

/* The envelope of the ring, on the plane that touches at `at`. */
static void envelope(const dedupe_table *t, elc_point at, elc_point *low,
                     elc_point *high) {
    ground_plane plane = elc_ground_plane(at);
    *low = (elc_point){INFINITY, INFINITY};
    *high = (elc_point){-INFINITY, -INFINITY};
    for (size_t i = 0; i < t->n_ring; i++) {
        elc_point p = elc_ground_on_plane(&plane, elc_ground_point(t->ring[i]));
        *low = (elc_point){fmin(low->x, p.x), fmin(low->y, p.y)};
        *high = (elc_point){fmax(high->x, p.x), fmax(high->y, p.y)};
    }
}

/* The columns lon and lat, else the middle of the geometry's envelope. */
static elc_status take_place(const cursor *c, dedupe_row *out, bool *found,
                             elc_error *err) {
    dedupe_table *t = c->t;
    elc_point low, high;
    out->lonlat = (elc_point){number(c, DEDUPE_LON), number(c, DEDUPE_LAT)};
    *found = elc_ground_is_place(out->lonlat);
    if (!*found) {
        ELC_TRY(elc_dedupe_ring(t, c->number, err));
        if (t->n_ring == 0)
            return ELC_OK;
        envelope(t, t->ring[0], &low, &high);
        ground_plane plane = elc_ground_plane(t->ring[0]);
        elc_point middle = {low.x + (high.x - low.x) / 2, low.y + (high.y - low.y) / 2};
        out->lonlat = elc_ground_lonlat(elc_ground_off_plane(&plane, middle));
        *found = elc_ground_is_place(out->lonlat);
    }
    out->at = elc_ground_point(out->lonlat);
    return ELC_OK;
}

static elc_status take_size(const cursor *c, dedupe_row *out, elc_error *err) {
    double wide = measure(c, DEDUPE_WIDTH), high = measure(c, DEDUPE_LENGTH);
    if (!(wide > 0 && high > 0)) {
        elc_point from, to;
        ELC_TRY(elc_dedupe_ring(c->t, c->number, err));
        if (c->t->n_ring > 0) {
            envelope(c->t, out->lonlat, &from, &to);
            wide = to.x - from.x, high = to.y - from.y;
        }
    }
    out->short_m = fmin(wide, high);
    out->radius_m = hypot(wide, high) / 2;
    return ELC_OK;
}

/* ---- cells ------------------------------------------------------------------------
 */

/* 21 bits, two zeros between each and the next. */
static uint64_t spread(uint64_t v) {
    v &= 0x1fffff;
    v = (v | v << 32) & UINT64_C(0x1f00000000ffff);
    v = (v | v << 16) & UINT64_C(0x1f0000ff0000ff);
    v = (v | v << 8) & UINT64_C(0x100f00f00f00f00f);
    v = (v | v << 4) & UINT64_C(0x10c30c30c30c30c3);
    return (v | v << 2) & UINT64_C(0x1249249249249249);
}

/* Cells of 6.2 m in the order of Morton's curve. */
static uint64_t cell_of(ground_point p) {
    const double least = -6.4e6, scale = 2097151 / 12.8e6;
    return spread((uint64_t)((p.x - least) * scale)) |
           spread((uint64_t)((p.y - least) * scale)) << 1 |
           spread((uint64_t)((p.z - least) * scale)) << 2;
}

/* ---- rows ----------------------------------------------------------------------- */

/* An image of the side table that travels with the rows. */
static elc_status take_image(const cursor *c, elc_error *err) {
    uint32_t image;
    c->t->n_images++;
    if (is_null(c, DEDUPE_IMAGE))
        return ELC_OK;
    ELC_TRY(name_of(c, DEDUPE_IMAGE, "", &c->t->images, &image, err));
    ELC_TRY(elc_dedupe_ring(c->t, c->number, err));
    return elc_edges_add(&c->t->edges, image, c->t->ring, c->t->n_ring, err);
}

static elc_status take_rest(const cursor *c, dedupe_row *out, elc_error *err) {
    ELC_TRY(take_size(c, out, err));
    ELC_TRY(take_time(c, &out->time, err));
    ELC_TRY(name_of(c, DEDUPE_IMAGE, "", &c->t->images, &out->image, err));
    if (!c->t->any_class)
        ELC_TRY(
            name_of(c, DEDUPE_CLASS, "object", &c->t->classes, &out->class_id, err));
    double score = number(c, DEDUPE_SCORE);
    out->score = isnan(score) ? -INFINITY : score;
    out->error_m = measure(c, DEDUPE_ERROR_M);
    out->gsd_m = measure(c, DEDUPE_GSD);
    out->cell = cell_of(out->at);
    out->number = (uint32_t)c->number;
    c->t->n_timeless += out->time == INT64_MIN;
    c->t->n_sizeless += !(out->error_m > 0) && !(out->short_m > 0);
    return ELC_OK;
}

elc_status elc_dedupe_row_take(dedupe_table *t, const elc_rows *rows, size_t row,
                               size_t at, dedupe_row *out, bool *placed,
                               elc_error *err) {
    cursor c = {t, rows, row, at};
    *placed = false;
    if (!is_null(&c, DEDUPE_TABLE))
        return take_image(&c, err);
    *out = (dedupe_row){0};
    ELC_TRY(take_place(&c, out, placed, err));
    *placed = *placed && !is_null(&c, DEDUPE_IMAGE);
    t->n_lost += !*placed && is_null(&c, DEDUPE_FAILED);
    return *placed ? take_rest(&c, out, err) : ELC_OK;
}

int32_t elc_dedupe_row_seen(const dedupe_table *t, const elc_rows *rows, size_t row) {
    cursor c = {(dedupe_table *)(uintptr_t)t, rows, row, 0};
    double n = number(&c, DEDUPE_SEEN);
    return n >= 1 && n <= INT32_MAX ? (int32_t)n : 1;
}

const elc_rows *elc_dedupe_row_at(const dedupe_table *t, size_t wanted, size_t *row) {
    size_t low = 0, high = t->n_batches;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (t->batches[middle].first <= wanted)
            low = middle;
        else
            high = middle;
    }
    *row = wanted - t->batches[low].first;
    return t->batches[low].rows;
}

/* ---- order ---------------------------------------------------------------------- */

static int by_real(double a, double b) {
    return (a > b) - (a < b);
}

static int by_id(const dedupe_table *t, uint32_t a, uint32_t b) {
    size_t row, other, n = 0, m = 0;
    int64_t column = t->columns[DEDUPE_ID];
    if (column < 0 || t->types[DEDUPE_ID] != ELC_UTF8)
        return 0;
    const elc_rows *first = elc_dedupe_row_at(t, a, &row);
    const elc_rows *second = elc_dedupe_row_at(t, b, &other);
    const char *id = elc_rows_bytes(first, (size_t)column, row, &n);
    const char *against = elc_rows_bytes(second, (size_t)column, other, &m);
    int order = n > 0 && m > 0 ? memcmp(id, against, n < m ? n : m) : 0;
    return order != 0 ? order : (n > m) - (n < m);
}

static int by_place(const void *one, const void *two, void *table) {
    const dedupe_row *a = one, *b = two;
    int order = (a->cell > b->cell) - (a->cell < b->cell);
    if (order == 0)
        order = (a->image > b->image) - (a->image < b->image);
    if (order == 0)
        order = by_real(a->lonlat.y, b->lonlat.y);
    if (order == 0)
        order = by_real(a->lonlat.x, b->lonlat.x);
    if (order == 0)
        order = by_real(b->score, a->score);
    if (order == 0)
        order = by_id(table, a->number, b->number);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

void elc_dedupe_rows_sort(dedupe_table *t) {
    if (t->n_placed > 0)
        qsort_r(t->rows, t->n_placed, sizeof *t->rows, by_place, t);
}
