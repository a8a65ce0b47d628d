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

/* Opens a raster of heights as ground for a locator, which comes to own it: bilinear
   between the centres of its pixels; `height_m` outside, where it has nodata or
   cannot be read. */
elc_status elc_dem_open(const char *path, double height_m, elc_ground *out,
                        elc_error *err);

#endif
