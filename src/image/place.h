/* place.h - what finding an image's place is made of: fits and heights. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_PLACE_H
#define ELCANO_SRC_IMAGE_PLACE_H

#include <elcano/image.h>

/* True when metadata state another size than the image has: they are of a whole that it
   was cut from, or of what it is a preview of, and so are their pixels. */
bool elc_facts_of_another(const elc_facts *facts);

/* The affine that leads `pixels` to `ground` with the least sum of squares. False when
   there are less than three points, or all lie along one line. */
bool elc_fit_affine(const elc_point *pixels, const elc_point *ground, size_t n,
                    elc_affine *out);

/* What is left over: root mean square in metres on Earth, and in pixels. NaN where a
   point has no place. `to_lonlat` is from the CRS of `ground`. */
double elc_fit_rms_m(const elc_affine *affine, const elc_point *pixels,
                     const elc_point *ground, size_t n, elc_transform *to_lonlat);
double elc_fit_rms_px(const elc_affine *affine, const elc_point *pixels,
                      const elc_point *ground, size_t n);

/* Of a DEM whose CRS says from what its heights count: where that lies. */
typedef struct elc_geoid elc_geoid;
/* NULL in `out` for heights above the ellipsoid, which those without a vertical CRS are
   taken for; ELC_E_UNSUPPORTED where PROJ has not what it takes. */
elc_status elc_geoid_open(const elc_image *dem, elc_geoid **out, elc_error *err);
/* Metres above the ellipsoid at a place in the DEM's CRS; NaN: not known. */
double elc_geoid_height(elc_geoid *geoid, elc_point map);
void elc_geoid_free(elc_geoid *geoid);

/* Opens a raster of heights as ground for a locator, which comes to own it: bilinear
   between the centres of its pixels; `height_m` outside, where it has nodata or
   cannot be read. */
elc_status elc_dem_open(const char *path, double height_m, elc_ground *out,
                        elc_error *err);

#endif
