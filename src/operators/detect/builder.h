/* builder.h - what the files that build detect's rows share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DETECT_BUILDER_H
#define ELCANO_SRC_OPERATORS_DETECT_BUILDER_H

#include "rows.h"

struct row_builder {
    elc_batch *batch;
    elc_crs *crs; /* NULL: OGC:CRS84 */
    char *model, *model_sha256, *dem;
    elc_area *area; /* borrowed; NULL: everywhere */
    elc_transform *to_area;
    const elc_styles *styles; /* borrowed */
    const place_state *image;
    elc_locator *locator;  /* NULL: the image has no place */
    elc_transform *to_crs; /* from the place's CRS, or lon/lat; NULL: none needed */
    elc_string wkb, text;
};

/* Pixels to the CRS of the geometry column, in place; `arg` is the row_builder. */
void elc_rows_to_ground(void *arg, elc_point *points, size_t n);

/* Sets the geometry to a ring of pixels; leaves it NULL where the ground is not known.
 */
elc_status elc_rows_set_ring(row_builder *rows, elc_point *ring, size_t n,
                             elc_error *err);

/* Outline in pixels, angle and geometry of an object that is turned or has a mask. Its
   geometry stays NULL without `placed` and where the ground is not known. */
elc_status elc_rows_set_shape(row_builder *rows, const elc_box *seen, bool placed,
                              elc_error *err);
bool elc_rows_is_shaped(const elc_box *seen);
/* Lengths on the ground of the sides of a box that is turned, where a pixel of the
   image measures x_m by y_m. */
void elc_rows_turned_sides(const row_builder *rows, const elc_turned *seen, double x_m,
                           double y_m, double *width_m, double *height_m);

/* What every row says of its image and of the model. */
elc_status elc_rows_set_common(row_builder *rows, elc_error *err);
/* Where the row comes among those of its scope. */
elc_status elc_rows_set_order(row_builder *rows, const elc_detection *d,
                              elc_error *err);
/* How far places of the image may be off. */
elc_status elc_rows_set_position_error(row_builder *rows, elc_error *err);
/* Metres that a pixel at `at` measures: by the image's place, else as its metadata say;
   NaN where neither is known. */
void elc_rows_pixel_size(row_builder *rows, elc_point at, double *x_m, double *y_m);

/* Sets the geometry to what of the image was analysed. */
elc_status elc_rows_set_footprint(row_builder *rows, elc_error *err);

#endif
