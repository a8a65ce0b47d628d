/* shrink.h - many cells of a raster as one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_SHRINK_H
#define ELCANO_SRC_MAP_SHRINK_H

#include <elcano/map.h>

/* The mean of `side` x `side` cells from the one at (column, row), as far as they are
   on the grid; NaN where none of them was seen. */
double elc_cells_mean(const elc_raster_grid *grid, const float *values, int32_t side,
                      int32_t column, int32_t row);

#endif
