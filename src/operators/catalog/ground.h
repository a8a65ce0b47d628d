/* ground.h - where an image of the catalogue lies. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CATALOG_GROUND_H
#define ELCANO_SRC_OPERATORS_CATALOG_GROUND_H

#include <elcano/image.h>

/* One image after another; keeps the way from the last CRS, since PROJ takes longer to
   find it than GDAL to open an image. Start with {0}. */
typedef struct catalog_ground {
    elc_transform *transform; /* from the CRS of `wkt` */
    char *wkt;
    elc_place place;      /* of the image, when not its own affine */
    elc_locator *locator; /* of RPCs; NULL: affine and transform */
    elc_affine affine;
    elc_place_kind kind;
    const elc_crs *crs; /* borrowed; NULL: none, or RPCs */
} catalog_ground;

/* Turns to an image, NULL for one that cannot be read. `kind` is NONE when it lies
   nowhere, and after a failure. */
elc_status elc_catalog_ground_begin(catalog_ground *ground, elc_image *image,
                                    const elc_facts *facts, elc_error *err);
/* Pixels to lon, lat, in place; NaN where that fails. */
void elc_catalog_ground_lonlat(catalog_ground *ground, elc_point *points, size_t n);
/* Metres on the ground of a pixel in the middle; NaN when not known. */
double elc_catalog_ground_gsd_m(catalog_ground *ground, const elc_image_info *info);
/* The outline of the image as WKB; empty when a part of it is nowhere on Earth. */
elc_status elc_catalog_ground_outline(catalog_ground *ground,
                                      const elc_image_info *info, elc_string *wkb,
                                      elc_error *err);
void elc_catalog_ground_clear(catalog_ground *ground);

#endif
