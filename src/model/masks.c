/* masks.c - what heads share whose networks make masks of prototypes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "masks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"

/* Pixels along one axis: those to look at, and the prototypes' cells around them. */
typedef struct span {
    int64_t start, end; /* of pixels */
    int64_t first, n;   /* of cells */
    double cells_per_px;
    int64_t cells; /* on the whole axis */
} span;

/* The sums of one box, and a row of them between two of its rows. */
typedef struct sums {
    span x, y;
    float *cells; /* y.n rows of x.n */
    float *row;   /* x.n */
    elc_mask *mask;
    size_t capacity; /* bytes of the mask */
} sums;

/* Where the middle of a pixel lies among the middles of cells; those outside of the
   outer ones take their values. */
static double cell_at(const span *s, int64_t px) {
    double at = ((double)px + 0.5) * s->cells_per_px - 0.5;
    return fmin(fmax(at, 0), (double)(s->cells - 1));
}

static span span_of(double low, double high, int64_t pixels, int64_t cells) {
    span s = {.cells = cells, .cells_per_px = (double)cells / (double)pixels};
    s.start = (int64_t)fmin(fmax(ceil(low - 0.5), 0), (double)pixels);
    s.end = (int64_t)fmin(fmax(ceil(high - 0.5), 0), (double)pixels);
    if (s.start >= s.end || cells < 1)
        return (span){0};
    s.first = (int64_t)cell_at(&s, s.start);
    int64_t last = (int64_t)cell_at(&s, s.end - 1) + 1;
    s.n = (last < cells ? last : cells - 1) - s.first + 1;
    return s;
}

static void add_row(float *restrict sum, const float *restrict prototype, int64_t n,
                    float coefficient) {
    for (int64_t i = 0; i < n; i++)
        sum[i] += coefficient * prototype[i];
}

static elc_status add_up(const elc_head_input *in, size_t first, size_t cell, sums *s,
                         elc_error *err) {
    const elc_head_tensor *map = &in->tensors[1];
    int64_t height = map->dims[1], width = map->dims[2];
    for (int64_t k = 0; k < map->dims[0]; k++) {
        float coefficient = elc_scan_at(in, cell, first + (size_t)k);
        const float *plane = map->data + k * height * width;
        for (int64_t y = 0; y < s->y.n; y++)
            add_row(s->cells + y * s->x.n,
                    plane + (s->y.first + y) * width + s->x.first, s->x.n, coefficient);
    }
    for (int64_t i = 0; i < s->x.n * s->y.n; i++)
        if (!isfinite(s->cells[i]))
            return elc_scan_not_finite("mask", cell, err);
    return ELC_OK;
}

static float between(float a, float b, float share) {
    return a + (b - a) * share;
}

/* The row of cells at the height of a row of pixels. */
static void fill_row(sums *s, int64_t py) {
    double at = cell_at(&s->y, py) - (double)s->y.first;
    int64_t y = (int64_t)at;
    const float *a = s->cells + y * s->x.n;
    const float *b = y + 1 < s->y.n ? a + s->x.n : a;
    for (int64_t i = 0; i < s->x.n; i++)
        s->row[i] = between(a[i], b[i], (float)(at - (double)y));
}

static bool is_on(const sums *s, int64_t px) {
    double at = cell_at(&s->x, px) - (double)s->x.first;
    int64_t x = (int64_t)at;
    float a = s->row[x], b = x + 1 < s->x.n ? s->row[x + 1] : a;
    return between(a, b, (float)(at - (double)x)) > 0;
}

static elc_status add_run(sums *s, int64_t y, int64_t start, int64_t end,
                          elc_error *err) {
    size_t n = s->mask->n;
    size_t need = sizeof *s->mask + (n + 1) * sizeof *s->mask->runs;
    ELC_TRY(elc_reserve(&s->mask, &s->capacity, need, 1, err));
    s->mask->runs[n] = (elc_run){(int32_t)y, (int32_t)start, (int32_t)end};
    s->mask->n = n + 1;
    return ELC_OK;
}

static elc_status find_runs(sums *s, elc_error *err) {
    for (int64_t y = s->y.start; y < s->y.end; y++) {
        int64_t start = -1;
        fill_row(s, y);
        for (int64_t x = s->x.start; x <= s->x.end; x++) {
            bool on = x < s->x.end && is_on(s, x);
            if (on && start < 0)
                start = x;
            if (on || start < 0)
                continue;
            ELC_TRY(add_run(s, y, start, x, err));
            start = -1;
        }
    }
    return ELC_OK;
}

static elc_status decode(const elc_head_input *in, size_t first, size_t cell, sums *s,
                         elc_error *err) {
    size_t n = (size_t)(s->x.n * s->y.n);
    s->capacity = sizeof *s->mask;
    ELC_TRY(elc_alloc(1, s->capacity, &s->mask, err));
    if (n == 0)
        return ELC_OK;
    ELC_TRY(elc_alloc(n, sizeof *s->cells, &s->cells, err));
    ELC_TRY(elc_alloc((size_t)s->x.n, sizeof *s->row, &s->row, err));
    ELC_TRY(add_up(in, first, cell, s, err));
    return find_runs(s, err);
}

elc_status elc_mask_decode(const elc_head_input *in, size_t first, elc_box *box,
                           elc_error *err) {
    const elc_head_tensor *map = &in->tensors[1];
    sums s = {.x = span_of(box->xmin, box->xmax, in->width, map->dims[2]),
              .y = span_of(box->ymin, box->ymax, in->height, map->dims[1])};
    elc_status status = decode(in, first, (size_t)box->cell, &s, err);
    free(s.cells);
    free(s.row);
    if (status == ELC_OK)
        box->mask = s.mask;
    else
        free(s.mask);
    return status;
}
