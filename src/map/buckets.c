/* buckets.c - points by the row of a raster that they lie in: a counting sort. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/buckets.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    const elc_raster_grid *grid;
    double scale, margin; /* cells of the lattice in a unit, and around the grid */
    const elc_point *points;
    const double *weights;
    size_t n;
} given;

/* False for what is off the lattice, or adds nothing. */
static inline bool place(const given *g, const elc_buckets *b, size_t i,
                         elc_weighted *out) {
    out->weight = g->weights != NULL ? g->weights[i] : 1;
    out->x = (g->points[i].x - g->grid->x) * g->scale + g->margin;
    out->y = (g->grid->y - g->points[i].y) * g->scale + g->margin;
    return out->x >= 0 && out->x < b->width && out->y >= 0 && out->y < b->height &&
           (out->weight < 0 || out->weight > 0);
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
    elc_weighted one;
    for (size_t i = 0; i < g->n; i++)
        if (place(g, b, i, &one) && (int32_t)one.y + 2 <= b->height)
            b->first[(int32_t)one.y + 2]++;
    for (int32_t r = 2; r <= b->height; r++)
        b->first[r] += b->first[r - 1];
}

static void put(const given *g, elc_buckets *b) {
    elc_weighted one;
    for (size_t i = 0; i < g->n; i++)
        if (place(g, b, i, &one))
            b->items[b->first[(int32_t)one.y + 1]++] = one;
}

elc_status elc_buckets_fill(const elc_raster_grid *grid, double step, int32_t margin,
                            int32_t width, int32_t height, const elc_point *points,
                            const double *weights, size_t n, elc_buckets *out,
                            elc_error *err) {
    given g = {grid, 1 / (grid->cell * step), margin, points, weights, n};
    elc_buckets b = {.width = width, .height = height};
    ELC_TRY(check_weights(weights, n, &b.below, err));
    elc_status status = elc_alloc(n, sizeof *b.items, &b.items, err);
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

void elc_buckets_free(elc_buckets *b) {
    free(b->items);
    free(b->first);
    *b = (elc_buckets){0};
}
