/* pictures.h - small images made for the tests, whose every pixel is known. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_IMAGE_PICTURES_H
#define ELCANO_TESTS_IMAGE_PICTURES_H

#include <elcano/image.h>

#include <gdal.h>

typedef struct picture {
    const char *path, *driver; /* NULL: GTiff */
    int width, height, bands;
    GDALDataType type;      /* 0: Byte */
    const char *options[6]; /* creation options */
    const double *affine;   /* six, or NULL */
    const char *crs;        /* or NULL */
    int alpha;              /* this band is alpha; 0: none */
    int nodata;             /* of all bands; -1 or 0: none, unless has_nodata */
    bool has_nodata;
    bool blank; /* all pixels 0 */
} picture;

/* What a pixel of a picture that is not blank holds. */
uint8_t picture_pixel(int64_t x, int64_t y, int band);
/* Writes it; fails the test when it cannot. */
void picture_make(const picture *p);
/* Fills a rectangle of one band with a value. */
void picture_fill(const char *path, int band, elc_window w, uint8_t value);
void picture_delete(const char *path);

/* Opens or fails the test. */
elc_image *picture_open(const char *path);

/* A file below ELCANO_DATA, in a buffer of its own; skips the test, loudly, without. */
const char *data_path(const char *below);

#endif
