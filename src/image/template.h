/* template.h - what GDAL wrote for one chip, for the next of the same size. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_TEMPLATE_H
#define ELCANO_SRC_IMAGE_TEMPLATE_H

#include <elcano/base.h>

/* An uncompressed GeoTIFF without its pixels, which lie in one piece. Start with {0}.
 */
typedef struct elc_tiff_template {
    uint8_t *head, *tail; /* before and after the pixels */
    size_t head_size, tail_size, pixels;
    int64_t width, height;
    size_t place[2]; /* where the x and y of the upper left corner stand */
    size_t n_place;  /* 2; 0: the file states none */
} elc_tiff_template;

/* Takes a file of a chip of these pixels apart, whose affine is `affine` (NULL: none).
   False when it has not the simple form that is needed: then GDAL writes each. */
bool elc_tiff_template_make(const void *file, size_t size, const void *pixels,
                            size_t n_pixels, const double *affine,
                            elc_tiff_template *out);
/* Appends a file with other pixels, at another place. */
elc_status elc_tiff_template_fill(elc_tiff_template *t, const void *pixels,
                                  const double *affine, elc_string *out,
                                  elc_error *err);
void elc_tiff_template_clear(elc_tiff_template *t);

#endif
