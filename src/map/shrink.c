/* shrink.c - many cells of a raster as one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/shrink.h"

#include <math.h>

double elc_cells_mean(const elc_raster_grid *grid, const float *values, int32_t side,
                      int32_t column, int32_t row) {
    double sum = 0;
    int32_t n = 0;
    for (int32_t r = row; r < row + side && r < grid->height; r++)
        for (int32_t c = column; c < column + side && c < grid->width; c++) {
            float value = values[(size_t)r * (size_t)grid->width + (size_t)c];
            if (!isnan(value))
                sum += value, n++;
        }
    return n > 0 ? sum / n : NAN;
}
