/* buckets.c - points by the row of a raster that they lie in: a counting sort. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/buckets.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const elc_raster_grid *grid;
    double scale, margin; /* cells of the lattice in a unit, and before the grid */
    const elc_point *points;
    const double *weights;
    size_t n;
} given;

static double weight_of(const given *g, size_t i) {
    return g->weights != NULL ? g->weights[i] : 1;
}

/* The row of a point, and what it is there; -1 for what is off the lattice, or adds
   nothing. */
static inline int32_t place(const given *g, const elc_buckets *b, size_t i,
                            elc_spot *out) {
    double weight = weight_of(g, i);
    double x = (g->points[i].x - g->grid->x) * g->scale + g->margin;
    double y = (g->grid->y - g->points[i].y) * g->scale + g->margin;
    if (!(x >= 0 && x < b->width && y >= 0 && y < b->height &&
          (weight < 0 || weight > 0)))
        return -1;
    int32_t column = (int32_t)x, row = (int32_t)y;
    *out = (elc_spot){column, (float)(x - 0.5 - column), (float)(y - 0.5 - row)};
    return row;
}

static elc_status check_weights(const double *weights, size_t n, bool *below,
                                elc_error *err) {
    for (size_t i = 0; weights != NULL && i < n; i++) {
        if (!isfinite(weights[i]))
            return elc_fail(err, ELC_E_ARGUMENT, "weight %zu is no finite number",
                            i + 1);
        *below |= weights[i] < 0;
    }
    return ELC_OK;
}

/* Counts, then sums: first[r + 1] is where row r begins, and ends once it is full. */
static void count(const given *g, elc_buckets *b) {
    elc_spot one;
    for (size_t i = 0; i < g->n; i++) {
        int32_t row = place(g, b, i, &one);
        if (row >= 0 && row + 2 <= b->height)
            b->first[row + 2]++;
    }
    for (int32_t r = 2; r <= b->height; r++)
        b->first[r] += b->first[r - 1];
}

static void put(const given *g, elc_buckets *b) {
    elc_spot one;
    for (size_t i = 0; i < g->n; i++) {
        int32_t row = place(g, b, i, &one);
        if (row < 0)
            continue;
        size_t at = b->first[row + 1]++;
        b->items[at] = one;
        if (b->weights != NULL)
            b->weights[at] = weight_of(g, i);
    }
}

elc_status elc_buckets_fill(const elc_raster_grid *grid, double step, double margin,
                            int32_t width, int32_t height, const elc_point *points,
                            const double *weights, size_t n, elc_buckets *out,
                            elc_error *err) {
    given g = {grid, 1 / (grid->cell * step), margin, points, weights, n};
    elc_buckets b = {.width = width, .height = height};
    size_t room = 0,
           weight_room = 0; /* reserved, not allocated: all of it is written */
    ELC_TRY(check_weights(weights, n, &b.below, err));
    elc_status status = elc_reserve(&b.items, &room, n + 1, sizeof *b.items, err);
    if (status == ELC_OK && weights != NULL)
        status = elc_reserve(&b.weights, &weight_room, n + 1, sizeof *b.weights, err);
    if (status == ELC_OK)
        status = elc_alloc((size_t)height + 1, sizeof *b.first, &b.first, err);
    if (status != ELC_OK) {
        elc_buckets_free(&b);
        return status;
    }
    count(&g, &b);
    put(&g, &b);
    *out = b;
    return ELC_OK;
}

double elc_buckets_weight(const elc_buckets *b, size_t item) {
    return b->weights != NULL ? b->weights[item] : 1;
}

void elc_buckets_free(elc_buckets *b) {
    free(b->items);
    free(b->weights);
    free(b->first);
    *b = (elc_buckets){0};
}
