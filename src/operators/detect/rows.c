/* rows.c - the rows that detect gives: its columns, and how an object fills them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <elcano/layer.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

const elc_column elc_detect_columns[N_COLUMNS] = {
    [COL_ID] = {"id", ELC_UTF8, NULL, "16 hex digits from image, model, class and box"},
    [COL_IMAGE] = {"image", ELC_UTF8, NULL,
                   "the image's path below what was asked for"},
    [COL_CLASS] = {"class", ELC_UTF8, NULL, "name of the class"},
    [COL_CLASS_ID] = {"class_id", ELC_INT32, NULL, "the network's number of the class"},
    [COL_SCORE] = {"score", ELC_FLOAT32, NULL, "the network's confidence, 0 to 1"},
    [COL_XMIN] = {"xmin_px", ELC_FLOAT64, "px", "left side of the box in the image"},
    [COL_YMIN] = {"ymin_px", ELC_FLOAT64, "px", "upper side"},
    [COL_XMAX] = {"xmax_px", ELC_FLOAT64, "px", "right side"},
    [COL_YMAX] = {"ymax_px", ELC_FLOAT64, "px", "lower side"},
    [COL_LON] = {"lon", ELC_FLOAT64, "degrees",
                 "longitude of the box's centre, WGS 84"},
    [COL_LAT] = {"lat", ELC_FLOAT64, "degrees", "latitude of the box's centre, WGS 84"},
    [COL_GEOMETRY] = {"geometry", ELC_GEOMETRY, NULL, "the box on the ground"},
    [COL_WIDTH_M] = {"width_m", ELC_FLOAT64, "m",
                     "shorter side of the box on the ground"},
    [COL_LENGTH_M] = {"length_m", ELC_FLOAT64, "m",
                      "longer side of the box on the ground"},
    [COL_CHIP] = {"chip", ELC_UTF8, NULL, "id of the chip whose core holds the centre"},
    [COL_TOUCHES_BORDER] = {"touches_border", ELC_BOOL, NULL,
                            "no chip saw it whole: it ends at an inner chip border"},
    [COL_ACQUIRED] = {"acquired", ELC_TIMESTAMP, NULL, "when the image was taken, UTC"},
    [COL_ANGLE] = {"angle_deg", ELC_FLOAT64, "degrees", "rotation, of rotated boxes"},
    [COL_GSD] = {"gsd_m", ELC_FLOAT64, "m", "ground size of a pixel at the centre"},
    [COL_STRETCH] = {"stretch", ELC_UTF8, NULL,
                     "how pixel values were scaled, if they were"},
    [COL_MODEL] = {"model", ELC_UTF8, NULL, "the network's file name"},
    [COL_MODEL_SHA256] = {"model_sha256", ELC_UTF8, NULL, "and the hash of its bytes"},
    [COL_POSITION_ERROR] = {"position_error_m", ELC_FLOAT64, "m",
                            "how uncertain the place is, where a source states it"},
    [COL_ERROR] = {"error", ELC_UTF8, NULL, "why there is no result; NULL when well"},
    [COL_GROUP] = {"_group", ELC_UTF8, NULL, "image whose parts have to settle it"},
    [COL_ORDER] = {"_order", ELC_BINARY, NULL, "place among the image's rows"},
    [COL_TABLE] = {"_table", ELC_UTF8, NULL, "side table of the row"},
    [COL_CHIP_INDEX] = {"_chip_index", ELC_INT64, NULL, "chip that saw an open object"},
    [COL_STATE] = {"_state", ELC_UTF8, NULL, "the image, for combine"},
    [COL_WIDTH_PX] = {"_width_px", ELC_INT64, "px", "columns of the image"},
    [COL_HEIGHT_PX] = {"_height_px", ELC_INT64, "px", "rows of the image"},
    [COL_RUN] = {"_chips_run", ELC_INT64, NULL, "chips that the network saw"},
    [COL_SKIPPED] = {"_chips_skipped", ELC_INT64, NULL,
                     "chips that are nodata or outside of the area"},
    [COL_FAILED] = {"_chips_failed", ELC_INT64, NULL, "chips that failed"},
};

const elc_column elc_detect_image_columns[N_IMAGE_COLUMNS] = {
    {"id", ELC_UTF8, NULL, "16 hex digits from the image's name and size"},
    {"image", ELC_UTF8, NULL, "the image's path below what was asked for"},
    {"geometry", ELC_GEOMETRY, NULL, "what was analysed: the cores of the chips run"},
    {"width_px", ELC_INT64, "px", "columns of the image"},
    {"height_px", ELC_INT64, "px", "rows of the image"},
    {"gsd_m", ELC_FLOAT64, "m", "ground size of a pixel at the image's centre"},
    {"chips_run", ELC_INT64, NULL, "chips that the network saw"},
    {"chips_skipped", ELC_INT64, NULL, "chips that are nodata or outside of the area"},
    {"chips_failed", ELC_INT64, NULL, "chips that failed"},
    {"model", ELC_UTF8, NULL, "the network's file name"},
    {"model_sha256", ELC_UTF8, NULL, "and the hash of its bytes"},
    {"error", ELC_UTF8, NULL, "why the image could not be read; NULL when well"},
};

struct row_builder {
    elc_batch *batch;
    elc_crs *crs; /* NULL: OGC:CRS84 */
    char *model, *model_sha256;
    elc_area *area; /* borrowed; NULL: everywhere */
    elc_transform *to_area;
    const place_state *image;
    elc_locator *locator;  /* NULL: the image has no place */
    elc_transform *to_crs; /* from lon/lat; NULL: none needed */
    elc_string wkb;
};

/* ---- builder --------------------------------------------------------------------- */

void elc_rows_builder_free(row_builder *rows) {
    if (!rows)
        return;
    elc_batch_free(rows->batch);
    elc_crs_free(rows->crs);
    free(rows->model);
    free(rows->model_sha256);
    elc_transform_free(rows->to_area);
    elc_locator_free(rows->locator);
    elc_transform_free(rows->to_crs);
    elc_string_free(&rows->wkb);
    free(rows);
}

static elc_status set_up(row_builder *rows, const row_setup *setup, elc_error *err) {
    ELC_TRY(elc_batch_create(elc_detect_columns, N_COLUMNS, &rows->batch, err));
    if (setup->crs)
        ELC_TRY(elc_crs_create(setup->crs, &rows->crs, err));
    ELC_TRY(elc_strdup(setup->model, &rows->model, err));
    ELC_TRY(elc_strdup(setup->model_sha256, &rows->model_sha256, err));
    rows->area = setup->area;
    return rows->area ? elc_transform_create(NULL, setup->area_crs, &rows->to_area, err)
                      : ELC_OK;
}

elc_status elc_rows_builder_create(const row_setup *setup, row_builder **out,
                                   elc_error *err) {
    row_builder *rows = NULL;
    ELC_TRY(elc_alloc(1, sizeof *rows, &rows, err));
    elc_status status = set_up(rows, setup, err);
    if (status == ELC_OK)
        *out = rows;
    else
        elc_rows_builder_free(rows);
    return status;
}

elc_status elc_rows_builder_schema(const row_builder *rows, struct ArrowSchema *out,
                                   elc_error *err) {
    return elc_schema_create(elc_detect_columns, N_COLUMNS,
                             rows->crs ? elc_crs_projjson(rows->crs) : NULL, out, err);
}

elc_batch *elc_rows_builder_batch(row_builder *rows) {
    return rows->batch;
}

elc_status elc_rows_builder_image(row_builder *rows, const place_state *image,
                                  elc_error *err) {
    elc_locator_free(rows->locator);
    elc_transform_free(rows->to_crs);
    rows->locator = NULL;
    rows->to_crs = NULL;
    rows->image = image;
    if (!image->has_place)
        return ELC_OK;
    ELC_TRY(elc_locator_create(&image->affine, image->crs, &rows->locator, err));
    if (!rows->crs)
        return ELC_OK;
    return elc_transform_create(image->crs, rows->crs, &rows->to_crs, err);
}

/* Pixels to the CRS of the geometry column, in place. */
static void to_ground(void *arg, elc_point *points, size_t n) {
    row_builder *rows = arg;
    if (!rows->to_crs) {
        elc_locator_lonlat(rows->locator, points, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        points[i] = elc_affine_apply(&rows->image->affine, points[i]);
    elc_transform_points(rows->to_crs, points, n);
}

static bool all_finite(const elc_point *points, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(points[i].x) || !isfinite(points[i].y))
            return false;
    return true;
}

/* Sets the geometry to a ring of pixels; leaves it NULL where the ground is not known.
 */
static elc_status set_ring(row_builder *rows, elc_point *ring, size_t n,
                           elc_error *err) {
    to_ground(rows, ring, n);
    if (!all_finite(ring, n))
        return ELC_OK;
    rows->wkb.size = 0;
    if (rows->to_crs)
        ELC_TRY(elc_wkb_polygon(ring, n, &rows->wkb, err));
    else
        ELC_TRY(elc_wkb_polygon_lonlat(ring, n, &rows->wkb, err));
    return elc_batch_bytes(rows->batch, COL_GEOMETRY, rows->wkb.data, rows->wkb.size,
                           err);
}

static elc_point centre_of(const elc_box *b) {
    return (elc_point){b->xmin + (b->xmax - b->xmin) / 2,
                       b->ymin + (b->ymax - b->ymin) / 2};
}

/* lon, lat, geometry, sizes and GSD of a box. `lonlat` is that of its centre. */
static elc_status set_place(row_builder *rows, const elc_box *b, elc_point lonlat,
                            elc_error *err) {
    elc_batch *batch = rows->batch;
    if (!all_finite(&lonlat, 1))
        return ELC_OK;
    double x_m, y_m;
    elc_locator_pixel_size_m(rows->locator, centre_of(b), &x_m, &y_m);
    double wide = (b->xmax - b->xmin) * x_m, high = (b->ymax - b->ymin) * y_m;
    elc_point ring[4] = {
        {b->xmin, b->ymin}, {b->xmin, b->ymax}, {b->xmax, b->ymax}, {b->xmax, b->ymin}};
    ELC_TRY(elc_batch_real(batch, COL_LON, lonlat.x, err));
    ELC_TRY(elc_batch_real(batch, COL_LAT, lonlat.y, err));
    if (isfinite(wide) && isfinite(high)) {
        ELC_TRY(elc_batch_real(batch, COL_WIDTH_M, fmin(wide, high), err));
        ELC_TRY(elc_batch_real(batch, COL_LENGTH_M, fmax(wide, high), err));
        ELC_TRY(elc_batch_real(batch, COL_GSD, sqrt(x_m * y_m), err));
    }
    return set_ring(rows, ring, 4, err);
}

static elc_status in_area(row_builder *rows, elc_point lonlat, bool *out,
                          elc_error *err) {
    *out = true;
    if (!rows->area)
        return ELC_OK;
    elc_transform_points(rows->to_area, &lonlat, 1);
    return elc_area_covers_point(rows->area, lonlat, out, err);
}

static elc_status set_common(row_builder *rows, elc_error *err) {
    ELC_TRY(elc_batch_text(rows->batch, COL_IMAGE, rows->image->name, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_MODEL, rows->model, err));
    return elc_batch_text(rows->batch, COL_MODEL_SHA256, rows->model_sha256, err);
}

static elc_status set_chip(row_builder *rows, int64_t chip, elc_error *err) {
    char id[17];
    elc_window w = elc_grid_window(&rows->image->grid, chip);
    elc_id(id, "chip %s %lld %lld %lld %lld", rows->image->name, (long long)w.x,
           (long long)w.y, (long long)w.width, (long long)w.height);
    return elc_batch_text(rows->batch, COL_CHIP, id, err);
}

/* ---- order ------------------------------------------------------------------------
 */

static void put_u64(uint8_t *key, uint64_t v) {
    for (int i = 0; i < 8; i++)
        key[i] = (uint8_t)(v >> (56 - 8 * i));
}

/* Bytes that compare as the numbers do. */
static void put_real(uint8_t *key, double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    put_u64(key, bits >> 63 ? ~bits : bits | (uint64_t)1 << 63);
}

/* Images in their order, then as the merger orders: first chip, ymin, xmin, falling
   score, the rest of the box. */
static elc_status set_order(row_builder *rows, const elc_detection *d, elc_error *err) {
    uint8_t key[64];
    put_u64(key, rows->image->index);
    put_u64(key + 8, (uint64_t)d->first_chip);
    put_real(key + 16, d->box.ymin);
    put_real(key + 24, d->box.xmin);
    put_real(key + 32, -(double)d->box.score);
    put_real(key + 40, d->box.ymax);
    put_real(key + 48, d->box.xmax);
    put_u64(key + 56, (uint64_t)d->box.class_id);
    return elc_batch_bytes(rows->batch, COL_ORDER, key, sizeof key, err);
}

/* ---- rows -------------------------------------------------------------------------
 */

static elc_status set_box(row_builder *rows, const elc_detection *d,
                          const char *class_name, elc_error *err) {
    elc_batch *batch = rows->batch;
    char id[17];
    elc_id(id, "detection %s %s %d %.3f %.3f %.3f %.3f", rows->image->name,
           rows->model_sha256, (int)d->box.class_id, d->box.xmin, d->box.ymin,
           d->box.xmax, d->box.ymax);
    ELC_TRY(elc_batch_text(batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(batch, COL_CLASS, class_name, err));
    ELC_TRY(elc_batch_int(batch, COL_CLASS_ID, d->box.class_id, err));
    ELC_TRY(elc_batch_real(batch, COL_SCORE, (double)d->box.score, err));
    ELC_TRY(elc_batch_real(batch, COL_XMIN, d->box.xmin, err));
    ELC_TRY(elc_batch_real(batch, COL_YMIN, d->box.ymin, err));
    ELC_TRY(elc_batch_real(batch, COL_XMAX, d->box.xmax, err));
    ELC_TRY(elc_batch_real(batch, COL_YMAX, d->box.ymax, err));
    return elc_batch_int(batch, COL_TOUCHES_BORDER, d->touches_border, err);
}

static elc_status add_failed_chip(row_builder *rows, const elc_detection *d,
                                  elc_error *err) {
    char id[17];
    elc_id(id, "failed %s %s %lld", rows->image->name, rows->model_sha256,
           (long long)d->chip);
    ELC_TRY(set_common(rows, err));
    ELC_TRY(set_chip(rows, d->chip, err));
    ELC_TRY(set_order(rows, d, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_ERROR, d->error, err));
    return elc_batch_end_row(rows->batch, err);
}

static elc_status add_open(row_builder *rows, const elc_detection *d,
                           const char *class_name, elc_error *err) {
    ELC_TRY(set_common(rows, err));
    ELC_TRY(set_box(rows, d, class_name, err));
    ELC_TRY(elc_batch_int(rows->batch, COL_CHIP_INDEX, d->chip, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_GROUP, rows->image->name, err));
    return elc_batch_end_row(rows->batch, err);
}

elc_status elc_rows_builder_add(row_builder *rows, const elc_detection *d,
                                const char *class_name, elc_error *err) {
    if (d->error)
        return add_failed_chip(rows, d, err);
    if (d->open)
        return add_open(rows, d, class_name, err);
    elc_point lonlat = centre_of(&d->box);
    if (rows->locator) {
        bool inside;
        elc_locator_lonlat(rows->locator, &lonlat, 1);
        ELC_TRY(in_area(rows, lonlat, &inside, err));
        if (!inside)
            return ELC_OK;
        ELC_TRY(set_place(rows, &d->box, lonlat, err));
    }
    ELC_TRY(set_common(rows, err));
    ELC_TRY(set_box(rows, d, class_name, err));
    ELC_TRY(set_chip(rows, d->chip, err));
    ELC_TRY(set_order(rows, d, err));
    return elc_batch_end_row(rows->batch, err);
}

/* ---- images ------------------------------------------------------------------------
 */

/* The boxes of the chips' cores that were run, joined along each row of chips. */
static elc_status run_boxes(const place_state *image, double (**out)[4], size_t *n,
                            elc_error *err) {
    double(*boxes)[4] = NULL;
    size_t capacity = 0;
    *n = 0;
    for (size_t i = 0; i + 1 < image->n_ranges; i += 2)
        for (int64_t chip = image->ranges[i]; chip < image->ranges[i + 1];) {
            int64_t row_end = (chip / image->grid.cols + 1) * image->grid.cols;
            int64_t end =
                image->ranges[i + 1] < row_end ? image->ranges[i + 1] : row_end;
            elc_core first = elc_grid_core(&image->grid, chip);
            elc_core last = elc_grid_core(&image->grid, end - 1);
            elc_status status =
                elc_reserve(&boxes, &capacity, *n + 1, sizeof *boxes, err);
            if (status != ELC_OK) {
                free(boxes);
                return status;
            }
            double *box = boxes[(*n)++];
            box[0] = (double)first.x0 / 2;
            box[1] = (double)first.y0 / 2;
            box[2] = (double)last.x1 / 2;
            box[3] = (double)first.y1 / 2;
            chip = end;
        }
    *out = boxes;
    return ELC_OK;
}

enum { OUTLINE_POINTS = 32 };

/* The whole image's outline, eight points a side. */
static elc_status set_outline(row_builder *rows, elc_error *err) {
    double w = (double)rows->image->grid.width, h = (double)rows->image->grid.height;
    const elc_point corner[5] = {{0, 0}, {0, h}, {w, h}, {w, 0}, {0, 0}};
    elc_point ring[OUTLINE_POINTS];
    for (int i = 0; i < OUTLINE_POINTS; i++) {
        elc_point a = corner[i / 8], b = corner[i / 8 + 1];
        double t = (i % 8) / 8.0;
        ring[i] = (elc_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
    }
    return set_ring(rows, ring, OUTLINE_POINTS, err);
}

static elc_status set_footprint(row_builder *rows, elc_error *err) {
    const place_state *image = rows->image;
    if (!rows->locator || image->run == 0)
        return ELC_OK;
    if (image->run == elc_grid_count(&image->grid))
        return set_outline(rows, err);
    double(*boxes)[4] = NULL;
    size_t n = 0;
    ELC_TRY(run_boxes(image, &boxes, &n, err));
    rows->wkb.size = 0;
    double step = (double)(image->grid.width > image->grid.height ? image->grid.width
                                                                  : image->grid.height);
    elc_status status = elc_wkb_boxes((const double(*)[4])boxes, n, step / 8, to_ground,
                                      rows, &rows->wkb, err);
    free(boxes);
    if (status != ELC_OK || rows->wkb.size == 0)
        return status;
    return elc_batch_bytes(rows->batch, COL_GEOMETRY, rows->wkb.data, rows->wkb.size,
                           err);
}

static elc_status set_image_gsd(row_builder *rows, elc_error *err) {
    if (!rows->locator)
        return ELC_OK;
    double x_m, y_m;
    elc_point middle = {(double)rows->image->grid.width / 2,
                        (double)rows->image->grid.height / 2};
    elc_locator_pixel_size_m(rows->locator, middle, &x_m, &y_m);
    return isfinite(x_m * y_m)
               ? elc_batch_real(rows->batch, COL_GSD, sqrt(x_m * y_m), err)
               : ELC_OK;
}

static elc_status set_image(row_builder *rows, elc_error *err) {
    const place_state *image = rows->image;
    elc_batch *batch = rows->batch;
    char id[17];
    elc_id(id, "image %s %lld %lld", image->name, (long long)image->grid.width,
           (long long)image->grid.height);
    ELC_TRY(set_common(rows, err));
    ELC_TRY(elc_batch_text(batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(batch, COL_TABLE, "images", err));
    ELC_TRY(elc_batch_text(batch, COL_ERROR, image->error, err));
    if (image->grid.width > 0) {
        ELC_TRY(elc_batch_int(batch, COL_WIDTH_PX, image->grid.width, err));
        ELC_TRY(elc_batch_int(batch, COL_HEIGHT_PX, image->grid.height, err));
    }
    ELC_TRY(elc_batch_int(batch, COL_RUN, image->run, err));
    ELC_TRY(elc_batch_int(batch, COL_SKIPPED, image->skipped, err));
    return elc_batch_int(batch, COL_FAILED, image->failed, err);
}

static elc_status set_state(row_builder *rows, elc_error *err) {
    elc_string json = {0};
    elc_status status = elc_place_state_to_json(rows->image, &json, err);
    if (status == ELC_OK)
        status = elc_batch_text(rows->batch, COL_STATE, json.data, err);
    if (status == ELC_OK)
        status = elc_batch_text(rows->batch, COL_GROUP, rows->image->name, err);
    elc_string_free(&json);
    return status;
}

static elc_status add_failed_image(row_builder *rows, elc_error *err) {
    char id[17];
    elc_id(id, "failed %s %s", rows->image->name, rows->model_sha256);
    elc_detection first = {0};
    ELC_TRY(set_common(rows, err));
    ELC_TRY(set_order(rows, &first, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_ERROR, rows->image->error, err));
    return elc_batch_end_row(rows->batch, err);
}

elc_status elc_rows_builder_end_image(row_builder *rows, bool partial, bool record,
                                      elc_error *err) {
    if (rows->image->error && record && !partial)
        ELC_TRY(add_failed_image(rows, err));
    ELC_TRY(set_image(rows, err));
    if (partial) {
        ELC_TRY(set_state(rows, err));
    } else {
        ELC_TRY(set_image_gsd(rows, err));
        ELC_TRY(set_footprint(rows, err));
    }
    return elc_batch_end_row(rows->batch, err);
}
