/* rows.c - the rows that chips gives: its columns, and how a chip fills them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>

#define CORNER(at, name, where)                                                        \
    [at] = {name "_lon", ELC_FLOAT64, "degrees", "longitude of the " where},           \
    [(at) + 1] = {name "_lat", ELC_FLOAT64, "degrees", "latitude of the " where},      \
    [(at) + 8] = {name "_x", ELC_FLOAT64, NULL,                                        \
                  "x (easting) of the " where ", in the image's CRS"},                 \
    [(at) + 9] = {name "_y", ELC_FLOAT64, NULL,                                        \
                  "y (northing) of the " where ", in the image's CRS"}

const elc_column elc_chips_columns[CHIPS_N_COLUMNS] = {
    [CHIPS_COL_ID] = {"id", ELC_UTF8, NULL,
                      "16 hex digits from image and window: detect's `chip`"},
    [CHIPS_COL_IMAGE] = {"image", ELC_UTF8, NULL,
                         "the image's path below what was asked for"},
    [CHIPS_COL_INDEX] = {"chip_index", ELC_INT64, NULL,
                         "number of the chip in its image, row by row, from 0"},
    [CHIPS_COL_COLUMN] = {"chip_col", ELC_INT64, NULL, "column of chips, from 0"},
    [CHIPS_COL_ROW] = {"chip_row", ELC_INT64, NULL, "row of chips, from 0"},
    [CHIPS_COL_X] = {"x_px", ELC_INT64, "px",
                     "first column of the window, in the image's own pixels"},
    [CHIPS_COL_Y] = {"y_px", ELC_INT64, "px", "first row of the window"},
    [CHIPS_COL_WIDTH] = {"width_px", ELC_INT64, "px",
                         "columns of the window; may reach beyond the image"},
    [CHIPS_COL_HEIGHT] = {"height_px", ELC_INT64, "px", "rows of the window"},
    CORNER(CHIPS_COL_UL_LON, "ul", "upper left corner"),
    CORNER(CHIPS_COL_UL_LON + 2, "ur", "upper right corner"),
    CORNER(CHIPS_COL_UL_LON + 4, "lr", "lower right corner"),
    CORNER(CHIPS_COL_UL_LON + 6, "ll", "lower left corner"),
    [CHIPS_COL_CRS] = {"crs", ELC_UTF8, NULL, "the image's CRS, EPSG:n where known"},
    [CHIPS_COL_GSD] = {"gsd_m", ELC_FLOAT64, "m",
                       "ground size of a pixel of the chip, at its centre"},
    [CHIPS_COL_POSITION_ERROR] = {"position_error_m", ELC_FLOAT64, "m",
                                  "how uncertain the place is, where a source "
                                  "states it"},
    [CHIPS_COL_NODATA] = {"nodata_share", ELC_FLOAT64, NULL,
                          "share of the pixels that hold nothing, 0 to 1; NULL when "
                          "they were not looked at"},
    [CHIPS_COL_STRETCH] = {"stretch", ELC_UTF8, NULL,
                           "how pixel values were scaled, if they were"},
    [CHIPS_COL_N_LABELS] = {"n_labels", ELC_INT32, NULL,
                            "labelled objects that are seen in it"},
    [CHIPS_COL_GROUP] = {"_group", ELC_UTF8, NULL, "what the layout's end gathers"},
    [CHIPS_COL_ORDER] = {"_order", ELC_BINARY, NULL, "image and chip"},
    [CHIPS_COL_TABLE] = {"_table", ELC_UTF8, NULL, "side table of the row"},
    [CHIPS_COL_STATE] = {"_state", ELC_UTF8, NULL, "a chip, for the layout's end"},
    [CHIPS_COL_CHIP] = {"_chip", ELC_UTF8, NULL, "id of a label's chip"},
    [CHIPS_COL_CLASS] = {"_class", ELC_UTF8, NULL, "its class"},
    [CHIPS_COL_CLASS_ID] = {"_class_id", ELC_INT32, NULL, "and the class's number"},
    [CHIPS_COL_XMIN] = {"_xmin_px", ELC_FLOAT64, "px", "left side in the chip"},
    [CHIPS_COL_YMIN] = {"_ymin_px", ELC_FLOAT64, "px", "upper side"},
    [CHIPS_COL_XMAX] = {"_xmax_px", ELC_FLOAT64, "px", "right side"},
    [CHIPS_COL_YMAX] = {"_ymax_px", ELC_FLOAT64, "px", "lower side"},
    [CHIPS_COL_SEEN] = {"_visible", ELC_FLOAT64, NULL, "share inside of the chip"},
    [CHIPS_COL_PATH] = {"path", ELC_UTF8, NULL, "the chip's file, below --out-dir"},
    [CHIPS_COL_GEOMETRY] = {"geometry", ELC_GEOMETRY, NULL, "the chip on the ground"},
    [CHIPS_COL_ERROR] = {"error", ELC_UTF8, NULL,
                         "why there is no chip; NULL when "
                         "well"},
    [CHIPS_COL_ORIGIN] = {"origin", ELC_UTF8, NULL, "the image's path, as Spark's"},
    [CHIPS_COL_STRUCT_HEIGHT] = {"height", ELC_INT32, "px", "rows of `data`"},
    [CHIPS_COL_STRUCT_WIDTH] = {"width", ELC_INT32, "px", "columns of `data`"},
    [CHIPS_COL_CHANNELS] = {"n_channels", ELC_INT32, NULL, "channels of `data`"},
    [CHIPS_COL_MODE] = {"mode", ELC_INT32, NULL, "OpenCV's type of `data`"},
    [CHIPS_COL_DATA] = {"data", ELC_BINARY, NULL,
                        "pixels row by row, blue before red: Spark's image struct"},
};

const elc_column elc_chips_label_columns[CHIPS_N_LABEL_COLUMNS] = {
    {"chip", ELC_UTF8, NULL, "id of the chip"},
    {"image", ELC_UTF8, NULL, "the image's path below what was asked for"},
    {"path", ELC_UTF8, NULL, "the chip's file, below --out-dir"},
    {"class", ELC_UTF8, NULL, "name of the class"},
    {"class_id", ELC_INT32, NULL, "its number, from 0: YOLO's; COCO's is one more"},
    {"xmin_px", ELC_FLOAT64, "px", "left side of the visible part in the chip"},
    {"ymin_px", ELC_FLOAT64, "px", "upper side"},
    {"xmax_px", ELC_FLOAT64, "px", "right side"},
    {"ymax_px", ELC_FLOAT64, "px", "lower side"},
    {"visible", ELC_FLOAT64, NULL, "share of the object inside of the chip, 0 to 1"},
    {"geometry", ELC_GEOMETRY, NULL, "the visible part on the ground"},
};

void elc_chips_id(char id[17], const char *name, elc_window w) {
    elc_id(id, "chip %s %lld %lld %lld %lld", name, (long long)w.x, (long long)w.y,
           (long long)w.width, (long long)w.height);
}

/* ---- place ------------------------------------------------------------------------
 */

/* Those of a window that is seen, in the image's pixels: not rounded to whole ones. */
static void corners_of(const elc_sight *s, elc_window w, elc_point out[4]) {
    double x0 = (double)w.x * s->step_x, y0 = (double)w.y * s->step_y;
    double x1 = (double)(w.x + w.width) * s->step_x;
    double y1 = (double)(w.y + w.height) * s->step_y;
    const elc_point corners[4] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
    for (int i = 0; i < 4; i++)
        out[i] = corners[i];
}

static elc_status set_points(elc_batch *batch, size_t column, const elc_point points[4],
                             elc_error *err) {
    for (size_t i = 0; i < 4; i++) {
        if (!isfinite(points[i].x) || !isfinite(points[i].y))
            continue;
        ELC_TRY(elc_batch_real(batch, column + 2 * i, points[i].x, err));
        ELC_TRY(elc_batch_real(batch, column + 2 * i + 1, points[i].y, err));
    }
    return ELC_OK;
}

/* The affine and CRS, which an image that lies by RPCs has not. */
static elc_status set_map(elc_batch *batch, const elc_place *place,
                          const elc_point pixels[4], elc_error *err) {
    elc_point points[4];
    if (!place->crs)
        return ELC_OK;
    for (int i = 0; i < 4; i++)
        points[i] = elc_affine_apply(&place->affine, pixels[i]);
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_CRS, elc_crs_label(place->crs), err));
    return set_points(batch, CHIPS_COL_UL_X, points, err);
}

static elc_status set_gsd(elc_batch *batch, const chips_view *image, elc_window w,
                          elc_error *err) {
    double x_m, y_m, x = image->sight.step_x, y = image->sight.step_y;
    elc_point middle = {((double)w.x + (double)w.width / 2) * x,
                        ((double)w.y + (double)w.height / 2) * y};
    elc_locator_pixel_size_m(image->locator, middle, &x_m, &y_m);
    if (isfinite(x_m * y_m))
        ELC_TRY(elc_batch_real(batch, CHIPS_COL_GSD, sqrt(x_m * x * y_m * y), err));
    double error_m = image->place.error_m;
    return isfinite(error_m)
               ? elc_batch_real(batch, CHIPS_COL_POSITION_ERROR, error_m, err)
               : ELC_OK;
}

static elc_status set_ring(elc_batch *batch, const elc_point corners[4],
                           elc_string *wkb, elc_error *err) {
    for (int i = 0; i < 4; i++)
        if (!isfinite(corners[i].x) || !isfinite(corners[i].y))
            return ELC_OK;
    wkb->size = 0;
    ELC_TRY(elc_wkb_polygon_lonlat(corners, 4, wkb, err));
    return elc_batch_bytes(batch, CHIPS_COL_GEOMETRY, wkb->data, wkb->size, err);
}

static elc_status set_place(elc_batch *batch, const chips_view *image, elc_window w,
                            elc_string *wkb, elc_error *err) {
    elc_point corners[4];
    if (!image->locator)
        return ELC_OK;
    corners_of(&image->sight, w, corners);
    ELC_TRY(set_map(batch, &image->place, corners, err));
    elc_locator_lonlat(image->locator, corners, 4);
    ELC_TRY(set_points(batch, CHIPS_COL_UL_LON, corners, err));
    ELC_TRY(set_gsd(batch, image, w, err));
    return set_ring(batch, corners, wkb, err);
}

/* ---- order ------------------------------------------------------------------------
 */

static void put_u64(uint8_t *key, uint64_t v) {
    for (int i = 0; i < 8; i++)
        key[i] = (uint8_t)(v >> (56 - 8 * i));
}

static elc_status set_order(elc_batch *batch, const chips_view *image, int64_t chip,
                            elc_error *err) {
    uint8_t key[16];
    put_u64(key, image->index);
    put_u64(key + 8, (uint64_t)chip);
    return elc_batch_bytes(batch, CHIPS_COL_ORDER, key, sizeof key, err);
}

/* ---- rows -------------------------------------------------------------------------
 */

static elc_status set_window(elc_batch *batch, const chips_view *image, int64_t index,
                             elc_window seen, elc_error *err) {
    char id[17];
    elc_window w = elc_sight_window(&image->sight, seen);
    elc_chips_id(id, image->name, w);
    ELC_TRY(set_order(batch, image, index, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_ID, id, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_IMAGE, image->name, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_INDEX, index, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_COLUMN, index % image->grid.cols, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_ROW, index / image->grid.cols, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_X, w.x, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_Y, w.y, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_WIDTH, w.width, err));
    return elc_batch_int(batch, CHIPS_COL_HEIGHT, w.height, err);
}

static elc_status set_pixels(elc_batch *batch, const chips_view *image,
                             const elc_image_struct *s, elc_error *err) {
    if (!s)
        return ELC_OK;
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_ORIGIN, image->path, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_STRUCT_HEIGHT, s->height, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_STRUCT_WIDTH, s->width, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_CHANNELS, s->channels, err));
    ELC_TRY(elc_batch_int(batch, CHIPS_COL_MODE, s->mode, err));
    return elc_batch_bytes(batch, CHIPS_COL_DATA, s->data, s->size, err);
}

elc_status elc_chips_add_row(elc_batch *batch, const chips_view *image,
                             const chips_row *row, elc_string *wkb, elc_error *err) {
    elc_window w = elc_grid_window(&image->grid, row->index);
    ELC_TRY(set_window(batch, image, row->index, w, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_ERROR, row->error, err));
    if (!row->error) {
        ELC_TRY(set_place(batch, image, w, wkb, err));
        ELC_TRY(elc_batch_text(batch, CHIPS_COL_STRETCH, image->stretch, err));
        ELC_TRY(elc_batch_text(batch, CHIPS_COL_PATH, row->path, err));
        ELC_TRY(set_pixels(batch, image, row->pixels, err));
    }
    if (row->labels)
        ELC_TRY(elc_batch_int(batch, CHIPS_COL_N_LABELS, (int64_t)row->n_labels, err));
    if (isfinite(row->nodata_share))
        ELC_TRY(elc_batch_real(batch, CHIPS_COL_NODATA, row->nodata_share, err));
    return elc_batch_end_row(batch, err);
}

elc_status elc_chips_add_failed(elc_batch *batch, const chips_view *image,
                                const char *error, elc_error *err) {
    char id[17];
    elc_id(id, "failed chips %s", image->name);
    ELC_TRY(set_order(batch, image, 0, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_ID, id, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_IMAGE, image->name, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_ERROR, error, err));
    return elc_batch_end_row(batch, err);
}

/* ---- labels -----------------------------------------------------------------------
 */

/* The visible part on the ground; a point has no such part. */
static elc_status set_part(elc_batch *batch, const chips_view *image, elc_window w,
                           const elc_cut_label *cut, elc_string *wkb, elc_error *err) {
    elc_point *ring = NULL;
    if (!image->locator || cut->n < 3)
        return ELC_OK;
    ELC_TRY(elc_alloc(cut->n, sizeof *ring, &ring, err));
    for (size_t i = 0; i < cut->n; i++)
        ring[i] = (elc_point){(cut->ring[i].x + (double)w.x) * image->sight.step_x,
                              (cut->ring[i].y + (double)w.y) * image->sight.step_y};
    elc_status status = ELC_OK;
    wkb->size = 0;
    if (elc_locator_lonlat(image->locator, ring, cut->n) == 0)
        status = elc_wkb_polygon_lonlat(ring, cut->n, wkb, err);
    free(ring);
    return status == ELC_OK && wkb->size > 0
               ? elc_batch_bytes(batch, CHIPS_COL_GEOMETRY, wkb->data, wkb->size, err)
               : status;
}

static elc_status add_label(elc_batch *batch, const chips_view *image,
                            const chips_row *row, const elc_cut_label *cut,
                            const chips_labels *labels, elc_string *wkb,
                            elc_error *err) {
    char id[17];
    elc_window w = elc_grid_window(&image->grid, row->index);
    elc_chips_id(id, image->name, elc_sight_window(&image->sight, w));
    const char *name = labels->all.items[cut->label].class_name;
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_TABLE, "labels", err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_CHIP, id, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_IMAGE, image->name, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_PATH, row->path, err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_CLASS, name, err));
    ELC_TRY(
        elc_batch_int(batch, CHIPS_COL_CLASS_ID, labels->class_ids[cut->label], err));
    ELC_TRY(elc_batch_real(batch, CHIPS_COL_XMIN, cut->xmin, err));
    ELC_TRY(elc_batch_real(batch, CHIPS_COL_YMIN, cut->ymin, err));
    ELC_TRY(elc_batch_real(batch, CHIPS_COL_XMAX, cut->xmax, err));
    ELC_TRY(elc_batch_real(batch, CHIPS_COL_YMAX, cut->ymax, err));
    ELC_TRY(elc_batch_real(batch, CHIPS_COL_SEEN, cut->visible, err));
    ELC_TRY(set_part(batch, image, w, cut, wkb, err));
    return elc_batch_end_row(batch, err);
}

elc_status elc_chips_add_labels(elc_batch *batch, const chips_view *image,
                                const chips_row *row, const chips_labels *labels,
                                elc_string *wkb, elc_error *err) {
    for (size_t i = 0; i < row->n_labels; i++)
        ELC_TRY(add_label(batch, image, row, &row->labels[i], labels, wkb, err));
    return ELC_OK;
}

elc_status elc_chips_add_state(elc_batch *batch, const elc_string *state,
                               elc_error *err) {
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_GROUP, "layout", err));
    ELC_TRY(elc_batch_text(batch, CHIPS_COL_STATE, state->data, err));
    return elc_batch_end_row(batch, err);
}
