/* grid.c - what a raster's grid has to be. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/grid.h"

#include <math.h>

elc_status elc_raster_check_grid(const elc_raster_grid *g, elc_error *err) {
    if (!isfinite(g->x) || !isfinite(g->y) || !isfinite(g->cell) || !(g->cell > 0) ||
        g->width < 1 || g->height < 1)
        return elc_fail(err, ELC_E_ARGUMENT, "a raster of %d x %d cells of %g is none",
                        (int)g->width, (int)g->height, g->cell);
    if ((int64_t)g->width * g->height > ELC_RASTER_CELLS)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a raster of %d x %d cells has more than %d; give larger cells",
                        (int)g->width, (int)g->height, ELC_RASTER_CELLS);
    return ELC_OK;
}
