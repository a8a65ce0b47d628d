/* chipping.h - runs chips as a face does, and looks at the files. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_OPERATORS_CHIPPING_H
#define ELCANO_TESTS_OPERATORS_CHIPPING_H

#include <elcano/run.h>

#include <gdal.h>

/* One run: paths and "name=value" options, both NULL-terminated. */
typedef struct chipping {
    const char *const *paths, *const *options;
    const elc_context *context;
    uint64_t part_units;
} chipping;

/* Appends the rows, a line each: "column=value" of all that are not NULL, then those of
   the side tables. */
elc_status chipping_rows(const chipping *c, elc_string *out, size_t *rows,
                         elc_error *err);

/* The rows of one image, to be freed; fails the test when the run does. */
char *chips_of(const char *image, const char *const *options);
/* That a run fails so. */
void assert_chips_fail(const char *image, const char *const *options, elc_status status,
                       const char *part);

/* The text after "column=" in the n-th line, up to a blank; in a buffer of its own.
   Empty for NULL. */
const char *chip_value(const char *rows, size_t n, const char *column);
double chip_number(const char *rows, size_t n, const char *column);
size_t chip_count(const char *rows);

/* An empty folder of the test's own. */
const char *chips_folder(const char *name);

GDALDatasetH raster_open(const char *path);
/* All pixels of a raster in its first band's type, interleaved; to be freed. */
void *raster_pixels(GDALDatasetH dataset, size_t *size);

/* A GeoTIFF made for a test. */
typedef struct raster {
    const char *name; /* below planted_folder() */
    int width, height, bands;
    GDALDataType type; /* 0: Byte */
    const double *affine;
    const char *crs;
    double nodata;
    bool has_nodata, palette;
    const char *options[4];
} raster;

/* Writes it and gives its path, which is good for some further calls. Values differ
   from pixel to pixel; 0 is none of them. */
const char *raster_make(const raster *r);
/* Fills a rectangle of all bands. */
void raster_fill(const char *path, int x, int y, int width, int height, double value);

#endif
