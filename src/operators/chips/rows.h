/* rows.h - the rows that chips gives: its columns, and how a chip fills them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_ROWS_H
#define ELCANO_SRC_OPERATORS_CHIPS_ROWS_H

#include <elcano/detect.h>
#include <elcano/run.h>

#include "labels.h"

/* Columns by index; those of the pixels come last, and are there only when they are
   asked for. */
enum {
    CHIPS_COL_ID,
    CHIPS_COL_IMAGE,
    CHIPS_COL_INDEX,
    CHIPS_COL_COLUMN,
    CHIPS_COL_ROW,
    CHIPS_COL_X,
    CHIPS_COL_Y,
    CHIPS_COL_WIDTH,
    CHIPS_COL_HEIGHT,
    CHIPS_COL_UL_LON, /* four corners, each lon and lat */
    CHIPS_COL_UL_X = CHIPS_COL_UL_LON + 8,
    CHIPS_COL_CRS = CHIPS_COL_UL_X + 8,
    CHIPS_COL_GSD,
    CHIPS_COL_POSITION_ERROR,
    CHIPS_COL_NODATA,
    CHIPS_COL_STRETCH,
    CHIPS_COL_N_LABELS,
    CHIPS_COL_PATH,
    CHIPS_COL_GEOMETRY,
    CHIPS_COL_ERROR,
    CHIPS_N_VISIBLE,
    CHIPS_COL_GROUP = CHIPS_N_VISIBLE,
    CHIPS_COL_ORDER,
    CHIPS_COL_TABLE,
    CHIPS_COL_STATE,
    CHIPS_COL_CHIP, /* and what else is of the labels alone */
    CHIPS_COL_CLASS,
    CHIPS_COL_CLASS_ID,
    CHIPS_COL_XMIN,
    CHIPS_COL_YMIN,
    CHIPS_COL_XMAX,
    CHIPS_COL_YMAX,
    CHIPS_COL_SEEN,
    CHIPS_N_PLAIN,
    CHIPS_COL_ORIGIN = CHIPS_N_PLAIN,
    CHIPS_COL_STRUCT_HEIGHT,
    CHIPS_COL_STRUCT_WIDTH,
    CHIPS_COL_CHANNELS,
    CHIPS_COL_MODE,
    CHIPS_COL_DATA,
    CHIPS_N_COLUMNS
};

extern const elc_column elc_chips_columns[CHIPS_N_COLUMNS];

enum { CHIPS_N_LABEL_COLUMNS = 11 };
extern const elc_column elc_chips_label_columns[CHIPS_N_LABEL_COLUMNS];

/* An image as its chips' rows need it. */
typedef struct chips_view {
    const char *name, *path; /* borrowed */
    uint64_t index;          /* among the images of the plan */
    elc_sight sight;
    elc_grid grid;        /* of what is seen */
    elc_place place;      /* where it lies */
    elc_locator *locator; /* NULL: it has no place */
    char *stretch;        /* of its pixels; NULL: they are as they are */
} chips_view;

/* What is known of a chip beyond its window. */
typedef struct chips_row {
    int64_t index;
    double nodata_share;            /* NaN: not looked at */
    const char *path;               /* NULL: no file */
    const char *error;              /* NULL: well */
    const elc_image_struct *pixels; /* NULL: none */
    const elc_cut_label *labels;    /* what is seen of them; NULL: not asked for */
    size_t n_labels;
} chips_row;

/* Appends the row of a chip; `wkb` is room to work in. */
elc_status elc_chips_add_row(elc_batch *batch, const chips_view *image,
                             const chips_row *row, elc_string *wkb, elc_error *err);
/* The row of an image that cannot be read. */
elc_status elc_chips_add_failed(elc_batch *batch, const chips_view *image,
                                const char *error, elc_error *err);
/* The rows of a chip's labels, for the side table. */
elc_status elc_chips_add_labels(elc_batch *batch, const chips_view *image,
                                const chips_row *row, const chips_labels *labels,
                                elc_string *wkb, elc_error *err);
/* What the layout's end has to know of a chip. */
elc_status elc_chips_add_state(elc_batch *batch, const elc_string *state,
                               elc_error *err);

/* The id that detect gives a chip, too; the window is in the image's pixels. */
void elc_chips_id(char id[17], const char *name, elc_window window);

#endif
