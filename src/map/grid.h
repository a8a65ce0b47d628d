/* grid.h - what a raster's grid has to be. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_GRID_H
#define ELCANO_SRC_MAP_GRID_H

#include <elcano/map.h>

/* ELC_E_ARGUMENT for a grid of numbers that are none, without cells, or of too many. */
elc_status elc_raster_check_grid(const elc_raster_grid *grid, elc_error *err);

#endif
