/* density.h - how a density is summed: straight onto its grid, or by way of a lattice.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_DENSITY_H
#define ELCANO_SRC_MAP_DENSITY_H

#include <elcano/map.h>

#include "map/buckets.h"
#include "map/kernels.h"
#include "map/window.h"

/* Points spread over rows `first` up to `end` of their lattice; `rows` holds those,
   each buckets->width wide, and is added to; `room` has that of two windows. */
void elc_spread_window(const elc_buckets *buckets, const elc_window *window,
                       const elc_row_loops *loops, int32_t first, int32_t end,
                       double *room, double *rows);
/* Points of rows `first` up to `end`, by Bessel's window, added to rows of nodes that
   are `stride` wide: rows[0] is the first node of a point in column 0 of row `first`.
 */
void elc_spread_bessel(const elc_buckets *buckets, const elc_window *window,
                       const elc_row_loops *loops, int32_t first, int32_t end,
                       size_t stride, double *rows);
/* (1 - d^2 / h^2)^power, h in cells; may take long. */
elc_status elc_spread_round(const elc_buckets *buckets, double h, int power,
                            const elc_row_loops *loops, int32_t first, int32_t end,
                            const elc_context *context, double *rows, elc_error *err);

/* A Gaussian of two or more cells. */
elc_status elc_density_smooth(const elc_density *density, const elc_point *points,
                              const double *weights, size_t n,
                              const elc_context *context, float *out, elc_error *err);

#endif
