/* buckets.h - points by the row of a raster that they lie in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_BUCKETS_H
#define ELCANO_SRC_MAP_BUCKETS_H

#include <elcano/map.h>

/* A point in its row: the column of its cell, and how far it is from the cell's middle
   to the right and downward, -1/2 to 1/2 cell. Floats are within 3e-8 of a cell there.
 */
typedef struct elc_spot {
    int32_t column;
    float x, y;
} elc_spot;

/* Those of row r are items[first[r]] up to items[first[r + 1]], in the order they were
   given. */
typedef struct elc_buckets {
    elc_spot *items;
    double *weights; /* of the items; NULL: 1 each */
    size_t *first;   /* height + 1 */
    int32_t width, height;
    bool below; /* some weight is less than 0 */
} elc_buckets;

/* The points that lie on a lattice of `width` x `height` cells of `step` grid cells, of
   which `margin` lie before the grid's first row and column; the rest are left out.
   ELC_E_ARGUMENT for a weight that is not finite. */
elc_status elc_buckets_fill(const elc_raster_grid *grid, double step, double margin,
                            int32_t width, int32_t height, const elc_point *points,
                            const double *weights, size_t n, elc_buckets *out,
                            elc_error *err);
double elc_buckets_weight(const elc_buckets *buckets, size_t item);
void elc_buckets_free(elc_buckets *buckets);

#endif
