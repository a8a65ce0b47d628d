/* cutter.h - a window that was cut, for the files that make something of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_IMAGE_CUTTER_H
#define ELCANO_SRC_IMAGE_CUTTER_H

#include "image/image.h"
#include "image/template.h"

/* Rows [y, y + height) of the whole width, in memory. */
typedef struct cutter_rows {
    uint8_t *bytes; /* NULL: windows are read one by one */
    size_t capacity;
    int64_t y, height;
    int64_t failed_y, failed_height; /* rows that could not be read; 0: none */
} cutter_rows;

struct elc_cutter {
    elc_image *image; /* borrowed */
    int *bands;
    int n;
    GDALDataType type;
    size_t value, pixel; /* bytes of a value, and of a pixel of all bands */
    bool is_signed_byte; /* before GDAL 3.7 a Byte with a note */
    uint8_t *blank;      /* a pixel of nodata; zeros without */
    bool has_blank;      /* every band has a nodata value that its type can hold */
    elc_window window;   /* that was read */
    uint8_t *data;       /* its pixels, interleaved */
    size_t capacity;
    uint8_t *mask; /* of the window, when the image has one of its own */
    size_t mask_capacity;
    bool wants_rows;
    cutter_rows rows;
    bool has_mask; /* `mask` is filled, and belongs into a file */
    /* Where bytes are seen of the image: how, and the same windows in its own type;
       NULL where they are resampled. Then of an image that wants strips: rows of the
       view. */
    elc_view *view;
    elc_cutter *native;
    elc_strip *strip;
    double step_x, step_y;  /* pixels of the image in one that is cut */
    elc_tiff_template tiff; /* of the last GeoTIFF, when it is simple */
};

/* Room for `need` bytes; what was in it may be lost. */
elc_status elc_cutter_room(uint8_t **bytes, size_t *capacity, size_t need,
                           elc_error *err);

/* Room for the pixels of a window, in `data`; windows that take too much are refused.
 */
elc_status elc_cutter_reserve(elc_cutter *cutter, elc_window window, elc_error *err);

/* The window of the last reading in bytes. */
size_t elc_cutter_size(const elc_cutter *cutter);

/* The reading of a cutter with a view. */
elc_status elc_cutter_read_seen(elc_cutter *cutter, elc_window window, elc_error *err);

/* Counts the pixels of n that hold nothing by the cutter's nodata. */
int64_t elc_cutter_blanks(const elc_cutter *cutter, const uint8_t *pixels, int64_t n);

#endif
