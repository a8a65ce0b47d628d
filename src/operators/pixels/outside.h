/* outside.h - how many chips of an image no one will look at. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PIXELS_OUTSIDE_H
#define ELCANO_SRC_OPERATORS_PIXELS_OUTSIDE_H

#include <elcano/detect.h>

/* What chips may be outside of, beside the crop of a sight. Borrowed. */
typedef struct pixels_limits {
    elc_area *area; /* NULL: everywhere is inside */
    const elc_crs *area_crs;
    elc_scenes *scenes; /* say where images lie */
    const elc_context *context;
} pixels_limits;

/* An image as it is cut. Borrowed. */
typedef struct pixels_cut {
    elc_image *image;
    const char *name;
    elc_sight sight;
    elc_grid grid;
} pixels_cut;

typedef struct pixels_outside {
    int64_t chips;  /* of the image */
    int64_t count;  /* of them that are outside */
    int64_t inside; /* one that is not, the nearest to the middle; -1: none */
} pixels_outside;

/* Asks of each chip what the run will ask, without reading pixels. ELC_E_ARGUMENT where
   the image has no place in which the area could be found. */
elc_status elc_pixels_outside(const pixels_limits *limits, const pixels_cut *cut,
                              pixels_outside *out, elc_error *err);

#endif
