/* webmap.h - a raster as a picture for a map in the browser. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_WEBMAP_H
#define ELCANO_SRC_MAP_WEBMAP_H

#include <elcano/map.h>

#include "map/canvas.h"

/* A picture whose pixels are squares of the web map (EPSG:3857). Degrees; west and east
   are within 180 of each other's middle, and may lie beyond 180 themselves. */
typedef struct elc_web_frame {
    double west, south, east, north;
    int32_t width, height;
} elc_web_frame;

/* Holds all of the raster that lies within the web map's latitudes; two pixels a cell,
   and no side longer than `longest`. ELC_E_UNSUPPORTED where nothing of it does. */
elc_status elc_web_frame_lay(const elc_raster_grid *grid, const elc_crs *crs,
                             int32_t longest, elc_web_frame *out, elc_error *err);

/* Draws the raster's cells, each by its value as a share of `highest`: see-through
   where it is 0, grey where it was not seen, and nothing beyond the raster. `canvas` is
   of the frame's size. */
elc_status elc_web_frame_draw(const elc_web_frame *frame, const elc_raster_grid *grid,
                              const elc_crs *crs, const float *values, double highest,
                              const elc_context *context, elc_canvas *canvas,
                              elc_error *err);

/* The colours from 0 to the highest, from left to right, as wide as the canvas. */
void elc_web_draw_bar(elc_canvas *canvas);

#endif
