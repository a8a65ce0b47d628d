/* rows.h - the rows that detect gives: its columns, and how an object fills them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DETECT_ROWS_H
#define ELCANO_SRC_OPERATORS_DETECT_ROWS_H

#include <elcano/detect.h>
#include <elcano/label.h>
#include <elcano/run.h>

/* Columns of the stream by index; the visible ones come first. */
enum {
    COL_ID,
    COL_IMAGE,
    COL_CLASS,
    COL_CLASS_ID,
    COL_SCORE,
    COL_XMIN,
    COL_YMIN,
    COL_XMAX,
    COL_YMAX,
    COL_SHAPE_PX,
    COL_LON,
    COL_LAT,
    COL_GEOMETRY,
    COL_WIDTH_M,
    COL_LENGTH_M,
    COL_CHIP,
    COL_TOUCHES_BORDER,
    COL_ACQUIRED,
    COL_ANGLE,
    COL_GSD,
    COL_STRETCH,
    COL_MODEL,
    COL_MODEL_SHA256,
    COL_POSITION_ERROR,
    COL_ERROR,
    N_VISIBLE,
    COL_STYLE_GROUP = N_VISIBLE, /* visible where the styles have any */
    COL_COLOUR,                  /* the same */
    COL_GROUP,
    COL_ORDER,
    COL_TABLE,
    COL_CHIP_INDEX,
    COL_SHAPE,
    COL_STATE,
    COL_WIDTH_PX,
    COL_HEIGHT_PX,
    COL_RUN,
    COL_SKIPPED,
    COL_FAILED,
    N_COLUMNS
};

extern const elc_column elc_detect_columns[N_COLUMNS];

enum { N_IMAGE_COLUMNS = 15 };
extern const elc_column elc_detect_image_columns[N_IMAGE_COLUMNS];

/* An image as rows need it: all of it can travel as text. */
typedef struct place_state {
    char *name;
    uint64_t index;  /* among the images of its part: parts of one image have only it */
    elc_sight sight; /* and the grid in what is seen */
    elc_grid grid;
    elc_scene scene; /* its DEM does not travel */
    int64_t run, skipped, failed;
    int64_t *ranges; /* chips that were run: first, end, first, end, … rising */
    size_t n_ranges, range_capacity;
    char *error;
} place_state;

void elc_place_state_free(place_state *state);
elc_status elc_place_state_to_json(const place_state *state, elc_string *out,
                                   elc_error *err);
/* From another process: checked. */
elc_status elc_place_state_from_json(const char *json, size_t size, place_state *out,
                                     elc_error *err);

/* Where images lie, to tell of those that show the same place. Start with {0}. */
typedef struct seen_place seen_place;
typedef struct seen_places {
    seen_place *items;
    size_t count, capacity;
} seen_places;

/* An image that is done; one without a place counts for nothing. */
elc_status elc_seen_places_add(seen_places *places, const place_state *image,
                               elc_error *err);
/* How many share ground with another one that was taken within a minute, or at a time
   that is not known. */
size_t elc_seen_places_shared(seen_places *places);
void elc_seen_places_free(seen_places *places);

/* Builds rows of one image after another. */
typedef struct row_builder row_builder;

/* `crs` is the geometry's CRS (NULL: OGC:CRS84) as text; `dem` (may be NULL) a raster
   of heights for images that lie by RPCs. Texts are copied. `area` (may be NULL) drops
   objects whose centre lies outside; it is borrowed. */
typedef struct row_setup {
    const char *crs, *model, *model_sha256, *dem;
    const elc_styles *styles; /* borrowed */
    elc_area *area;
    const elc_crs *area_crs; /* NULL: OGC:CRS84 */
} row_setup;

elc_status elc_rows_builder_create(const row_setup *setup, row_builder **out,
                                   elc_error *err);
/* The schema of what it builds. */
elc_status elc_rows_builder_schema(const row_builder *rows, struct ArrowSchema *out,
                                   elc_error *err);
/* The image that the next rows are of; borrowed. */
elc_status elc_rows_builder_image(row_builder *rows, const place_state *image,
                                  elc_error *err);
/* A final object, an open one (with the image's `_group`), or a failed chip. */
elc_status elc_rows_builder_add(row_builder *rows, const elc_detection *d,
                                const char *class_name, elc_error *err);
/* The image itself, for the side table: partial (to be combined) or final. An image
   with an error and `record` gives a row in the main table, too. */
elc_status elc_rows_builder_end_image(row_builder *rows, bool partial, bool record,
                                      elc_error *err);
elc_batch *elc_rows_builder_batch(row_builder *rows);
void elc_rows_builder_free(row_builder *rows);

/* The shape of a box that is turned or has a mask, as bytes that can travel; of others
   none. */
elc_status elc_shape_pack(const elc_box *box, elc_string *out, elc_error *err);
/* From another process: checked. Sets the shape of `box`, which owns its mask. */
elc_status elc_shape_unpack(const void *bytes, size_t size, elc_box *box,
                            elc_error *err);

/* The operator's combine. */
elc_status elc_detect_combine(const elc_call *call, struct ArrowArrayStream *group,
                              struct ArrowArrayStream *out, elc_error *err);

#endif
