/* view.h - what a view reads: values of bands of any type, and which pixels hold any.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_VIEW_H
#define ELCANO_SRC_IMAGE_VIEW_H

#include "image/image.h"

/* How the bands of a file become the bands that are seen. */
typedef enum elc_colours {
    ELC_COLOURS_PLAIN, /* as they are */
    ELC_COLOURS_TABLE, /* band 1 has numbers of colours */
    ELC_COLOURS_CMYK,
    ELC_COLOURS_YCBCR
} elc_colours;

/* Which of these an image has; a colour table counts on its first band. */
elc_colours elc_colours_of(const elc_image *image);

/* Bands of an image, or of one of its overviews, as values. Borrows the image. */
typedef struct elc_source {
    elc_image *image;
    elc_colours colours;
    int n;                    /* values a pixel: 1 where all bands asked for are one */
    int bands[ELC_BANDS_MAX]; /* as asked for */
    int n_raw, raw[ELC_BANDS_MAX]; /* bands of the file that are read */
    double spread;                 /* of pixels of fewer than 8 bits; else 1 */
    bool signed_bytes;             /* Int8, which GDAL before 3.7 reads as Byte */
    bool all_bytes;                /* the values that are seen go from 0 to 255 */
    bool blanks;                   /* some pixels may hold nothing */
    GDALDataType type;      /* of the values that are read, one that elc_loops knows */
    bool nodata_everywhere; /* every raw band has a nodata value */
    double nodata[ELC_BANDS_MAX];
    double (*table)[4]; /* red, green, blue, alpha */
    size_t table_size;
    double *values; /* scratch: raw values, where they are not what is seen */
    size_t capacity;
    /* Where pixels come from: the image, or with `overview` >= 0 its bands there. */
    int overview;
    int64_t width, height;
    int block_width, block_height;
} elc_source;

/* For n bands as elc_view_options has them. Freed with elc_source_clear. */
elc_status elc_source_open(elc_image *image, const int *bands, int n, elc_source *out,
                           elc_error *err);
void elc_source_clear(elc_source *source);
/* Moves to the smallest overview that all bands (and the mask) have with at least
   `enough` pixels; stays where there is none. */
void elc_source_use_overview(elc_source *source, int64_t enough);
/* Back to the image itself. */
void elc_source_leave_overview(elc_source *source);
/* The values of a window inside the source: n planes of source->type, one after the
   other, rows without gaps. `mask` is 1 where a pixel holds something, else 0, and its
   values then are not to be used. */
elc_status elc_source_read(elc_source *source, elc_window inside, void *values,
                           uint8_t *mask, elc_error *err);

/* ---- resampling ------------------------------------------------------------------ */

/* The weights of source pixels in the view pixels [first, first + n) along one side:
   `most` (a multiple of 4) for each, of which `count[i]` are used, from source pixel
   start[i] on; the others are 0. They sum up to 1 and depend on nothing but the step,
   the image's extent and the view pixel. */
typedef struct elc_weights {
    int64_t first, n, most;
    bool cubic;
    int64_t *start, *count;
    float *plain;
    float *positive; /* of cubic ones: not below 0; else `plain` */
} elc_weights;

elc_status elc_weights_create(int64_t extent, double step, int64_t first, int64_t n,
                              elc_weights *out, elc_error *err);
void elc_weights_clear(elc_weights *weights);
/* The source pixels [low, high) that any of them needs. */
void elc_weights_span(const elc_weights *weights, int64_t *low, int64_t *high);

/* Weighted sums of source rows that come from the top down, and view rows that leave in
   the same order: down first, then along each row that is complete. */
typedef struct elc_sums {
    const elc_weights *x, *y;
    int n;            /* values a pixel */
    bool blanks;      /* some rows come with masks */
    int64_t width;    /* source pixels of a row: those that x spans */
    int64_t next;     /* the view row that leaves next */
    size_t open;      /* view rows that are summed up at once, at most */
    size_t wide;      /* floats from one plane of such a row to the next */
    size_t line;      /* the same of a row that leaves */
    float *plain;     /* `open` rows of n planes of `wide` sums */
    float *positive;  /* the same with positive weights, where they differ */
    float *held;      /* `open` rows: positive weights of pixels that hold something */
    uint8_t *missing; /* `open` rows: 1 where any pixel held nothing */
    float *full;      /* of each of the open rows: `held` where all hold something */
    bool *spotted;    /* of each: a pixel held nothing, and the two above are kept */
    float *out, *out_positive, *out_held; /* what leaves */
    uint8_t *out_mask;
} elc_sums;

elc_status elc_sums_create(const elc_weights *x, const elc_weights *y, int n,
                           bool blanks, elc_sums *out, elc_error *err);
void elc_sums_clear(elc_sums *sums);
/* Adds source row `row`: n planes of sums->width values, which are 0 where `mask` is 0;
   NULL: all hold something. Rows rise by one from call to call. */
void elc_sums_add(elc_sums *sums, int64_t row, const float *values,
                  const uint8_t *mask);
/* The next view row that needs no source row below `row`: n planes, sums->line apart,
   and its mask, 1 and 0 (NULL: all hold something), both until the next call. NULL when
   there is none. */
const float *elc_sums_next(elc_sums *sums, int64_t row, const uint8_t **mask);

/* ---- views --------------------------------------------------------------------------
 */

/* Bytes of a window inside the view; rows of `out` are `line` bytes apart, those of
   `mask` (NULL: not wanted) `mask_line`. */
elc_status elc_view_fetch(elc_view *view, elc_window inside, uint8_t pad, uint8_t *out,
                          int64_t line, uint8_t *mask, int64_t mask_line,
                          elc_error *err);
elc_image *elc_view_image(const elc_view *view);
const int *elc_view_bands(const elc_view *view, int *n);
/* True when elc_image_read gives the view's very bytes. */
bool elc_view_is_direct(const elc_view *view);
/* True when some of its pixels may hold nothing. */
bool elc_view_has_blanks(const elc_view *view);
/* Which pixels of a window hold something, 1 or else 0: of rows that the strip of a
   view that is not direct was filled with. */
void elc_strip_mask(const elc_strip *strip, elc_window window, uint8_t *out);

#endif
