/* image.h - what an open image is, for the files of this room. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_IMAGE_H
#define ELCANO_SRC_IMAGE_IMAGE_H

#include <elcano/image.h>

#include <gdal.h>

#include "image/gdal.h"

/* The folder in GDAL's memory below which images lie that have no file. */
#define ELC_IMAGE_MEMORY "/vsimem/elcano/"

/* How an image says which of its pixels hold nothing. */
typedef enum elc_blank {
    ELC_BLANK_NEVER,
    ELC_BLANK_NODATA, /* pixels equal to nodata in all bands that are read */
    ELC_BLANK_MASK    /* `mask` is 0: an alpha band, or the mask of the dataset */
} elc_blank;

struct elc_image {
    GDALDatasetH dataset;
    char *path;
    elc_image_info info;
    elc_blank blank;
    GDALRasterBandH mask;
    int16_t *nodata; /* of each band; -1: none that a byte can have */
    bool alone;      /* a file that no other one says anything of */
    /* A JPEG is one stream: below its first damage nothing can be trusted. */
    bool one_stream;
    int64_t damaged_from;
    char damage[400];
    /* Of a grid of text GDAL looks for each line from the top, and from each line that
       it did not find once more: 2^n times for n lines. So they are read in order, up
       to the first that fails. */
    bool by_lines;
    int64_t lines;    /* that were read */
    char reason[400]; /* of the last read that failed */
    bool was_read;    /* the handle has read something */
    bool spoilt;      /* and failed, so that it is not to be trusted */
};

/* An image of an open dataset, which is taken over, also on failure. */
elc_status elc_image_adopt(GDALDatasetH dataset, const char *name, elc_image **out,
                           elc_error *err);

/* What the opening of many images shares. */
typedef struct elc_opening {
    const char *const *siblings; /* the names beside the image; NULL: GDAL looks */
    char *wkt;                   /* of the last CRS that was read, as GDAL says it */
    elc_crs *crs;
    elc_string keys; /* what a GeoTIFF says to have that CRS; empty: not known */
} elc_opening;

/* Finds the image's own affine and CRS, for `info`; `opening` may be NULL. */
elc_status elc_image_describe_place(elc_image *image, elc_opening *opening,
                                    elc_error *err);

/* As elc_image_open; `opening` may be NULL. */
elc_status elc_image_open_with(const char *path, elc_opening *opening, elc_image **out,
                               elc_error *err);

/* Reads the part of a window that is inside the image, as `bands` or, with NULL, as the
   mask. `out` is the first pixel's place; a pixel takes n bytes, a row `line` bytes. */
elc_status elc_image_fetch(elc_image *image, elc_window inside, const int *bands, int n,
                           uint8_t *out, int64_t line, elc_error *err);

/* The same as values of a type of GDAL's; a row still takes `line` bytes. */
elc_status elc_image_fetch_as(elc_image *image, elc_window inside, const int *bands,
                              int n, GDALDataType type, void *out, int64_t line,
                              elc_error *err);

/* The same as planes: one band after the other, rows without gaps. */
elc_status elc_image_fetch_planes(elc_image *image, elc_window inside, const int *bands,
                                  int n, GDALDataType type, void *out, elc_error *err);

/* Opens the image anew, with a handle that has read nothing; false, and nothing done,
   when it is no longer what it was. */
bool elc_image_renew(elc_image *image);

/* True when a block of a window inside a GeoTIFF ends after the file, which has `size`
   bytes. NULL for bands: the mask. */
bool elc_image_ends_before(elc_image *image, elc_window inside, const int *bands, int n,
                           uint64_t *size);

/* The failure of the last read, as that of the rows that it was one of: what is read at
   once depends on what was there before, and so on threads and parts. */
elc_status elc_image_fail_rows(const elc_image *image, int64_t y, int64_t height,
                               elc_error *err);

/* That the bands are there and hold bytes. */
elc_status elc_image_check_bands(const elc_image *image, const int *bands, int n,
                                 elc_error *err);

/* The part of a window that is inside the image; width or height 0 when there is none.
 */
elc_window elc_window_inside(const elc_image_info *info, elc_window window);
/* Checks the size of a window of n bands and what it takes in memory. */
elc_status elc_window_check(const elc_image *image, elc_window window, int n,
                            elc_error *err);
/* Fills what of `window` is outside `inside` with `pad`. */
void elc_window_pad(elc_window window, elc_window inside, int n, uint8_t pad,
                    uint8_t *out);

/* True when any pixel of a block holds data; rows are `line` bytes apart. */
bool elc_any_not_zero(const uint8_t *mask, int64_t width, int64_t height, int64_t line);
bool elc_any_not_nodata(const elc_image *image, const uint8_t *pixels, elc_window size,
                        const int *bands, int n, int64_t line);

#endif
