/* buckets.h - points by the row of a raster that they lie in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_BUCKETS_H
#define ELCANO_SRC_MAP_BUCKETS_H

#include <elcano/map.h>

/* In cells, from the outer corner of the lattice's first cell, x to the right and y
   downward. */
typedef struct elc_weighted {
    double x, y, weight;
} elc_weighted;

/* Those of row r are items[first[r]] up to items[first[r + 1]], in the order they were
   given. */
typedef struct elc_buckets {
    elc_weighted *items;
    size_t *first; /* height + 1 */
    int32_t width, height;
    bool below; /* some weight is less than 0 */
} elc_buckets;

/* The points that lie on a lattice of `width` x `height` cells of `step` grid cells, of
   which `margin` lie around the grid on each side; the rest are left out.
   ELC_E_ARGUMENT for a weight that is not finite. */
elc_status elc_buckets_fill(const elc_raster_grid *grid, double step, int32_t margin,
                            int32_t width, int32_t height, const elc_point *points,
                            const double *weights, size_t n, elc_buckets *out,
                            elc_error *err);
void elc_buckets_free(elc_buckets *buckets);

#endif
