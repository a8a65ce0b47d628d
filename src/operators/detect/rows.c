/* rows.c - the rows that detect gives: how an object fills them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "builder.h"

#include <elcano/layer.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- builder --------------------------------------------------------------------- */

void elc_rows_builder_free(row_builder *rows) {
    if (!rows)
        return;
    elc_batch_free(rows->batch);
    elc_crs_free(rows->crs);
    free(rows->model);
    free(rows->model_sha256);
    free(rows->dem);
    elc_transform_free(rows->to_area);
    elc_locator_free(rows->locator);
    elc_transform_free(rows->to_crs);
    elc_string_free(&rows->wkb);
    elc_string_free(&rows->text);
    free(rows);
}

static elc_status set_up(row_builder *rows, const row_setup *setup, elc_error *err) {
    ELC_TRY(elc_batch_create(elc_detect_columns, N_COLUMNS, &rows->batch, err));
    if (setup->crs)
        ELC_TRY(elc_crs_create(setup->crs, &rows->crs, err));
    ELC_TRY(elc_strdup(setup->model, &rows->model, err));
    ELC_TRY(elc_strdup(setup->model_sha256, &rows->model_sha256, err));
    ELC_TRY(elc_strdup(setup->dem, &rows->dem, err));
    rows->area = setup->area;
    rows->styles = setup->styles;
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
    elc_column columns[N_COLUMNS];
    memcpy(columns, elc_detect_columns, sizeof columns);
    for (size_t i = 0; i < rows->styles->count; i++) {
        if (rows->styles->items[i].group)
            columns[COL_STYLE_GROUP].name = "group";
        if (rows->styles->items[i].colour >= 0)
            columns[COL_COLOUR].name = "colour";
    }
    return elc_schema_create(columns, N_COLUMNS,
                             rows->crs ? elc_crs_projjson(rows->crs) : NULL, out, err);
}

elc_batch *elc_rows_builder_batch(row_builder *rows) {
    return rows->batch;
}

/* Where the DEM is, is this process's to say: it does not travel with the image. */
static elc_status open_locator(row_builder *rows, elc_error *err) {
    elc_place place = rows->image->scene.place;
    place.dem = rows->dem;
    if (place.kind == ELC_PLACE_NONE)
        return ELC_OK;
    return elc_place_locator(&place, &rows->locator, err);
}

elc_status elc_rows_builder_image(row_builder *rows, const place_state *image,
                                  elc_error *err) {
    elc_locator_free(rows->locator);
    elc_transform_free(rows->to_crs);
    rows->locator = NULL;
    rows->to_crs = NULL;
    rows->image = image;
    ELC_TRY(open_locator(rows, err));
    if (!rows->crs || !rows->locator)
        return ELC_OK;
    return elc_transform_create(image->scene.place.crs, rows->crs, &rows->to_crs, err);
}

void elc_rows_to_ground(void *arg, elc_point *points, size_t n) {
    row_builder *rows = arg;
    const elc_place *place = &rows->image->scene.place;
    bool by_affine = rows->to_crs && place->kind != ELC_PLACE_RPC;
    if (!by_affine)
        elc_locator_lonlat(rows->locator, points, n);
    for (size_t i = 0; by_affine && i < n; i++)
        points[i] = elc_affine_apply(&place->affine, points[i]);
    if (rows->to_crs)
        elc_transform_points(rows->to_crs, points, n);
}

static bool all_finite(const elc_point *points, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(points[i].x) || !isfinite(points[i].y))
            return false;
    return true;
}

elc_status elc_rows_set_ring(row_builder *rows, elc_point *ring, size_t n,
                             elc_error *err) {
    elc_rows_to_ground(rows, ring, n);
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

void elc_rows_pixel_size(row_builder *rows, elc_point at, double *x_m, double *y_m) {
    double stated = rows->image->scene.gsd_m;
    *x_m = *y_m = stated > 0 ? stated : (double)NAN;
    if (rows->locator)
        elc_locator_pixel_size_m(rows->locator, at, x_m, y_m);
}

static elc_status set_sizes(row_builder *rows, const elc_box *b, const elc_box *seen,
                            elc_error *err) {
    double x_m, y_m;
    elc_rows_pixel_size(rows, centre_of(b), &x_m, &y_m);
    double wide = (b->xmax - b->xmin) * x_m, high = (b->ymax - b->ymin) * y_m;
    if (seen->turned.width > 0)
        elc_rows_turned_sides(rows, &seen->turned, x_m, y_m, &wide, &high);
    if (!isfinite(wide) || !isfinite(high))
        return ELC_OK;
    ELC_TRY(elc_batch_real(rows->batch, COL_WIDTH_M, fmin(wide, high), err));
    ELC_TRY(elc_batch_real(rows->batch, COL_LENGTH_M, fmax(wide, high), err));
    return elc_batch_real(rows->batch, COL_GSD, sqrt(x_m * y_m), err);
}

elc_status elc_rows_set_position_error(row_builder *rows, elc_error *err) {
    double error_m = rows->image->scene.place.error_m;
    if (!rows->locator || !isfinite(error_m))
        return ELC_OK;
    return elc_batch_real(rows->batch, COL_POSITION_ERROR, error_m, err);
}

/* lon, lat and error of a box, of which `lonlat` is the centre; its shape. */
static elc_status set_place(row_builder *rows, const elc_box *b, const elc_box *seen,
                            elc_point lonlat, elc_error *err) {
    bool placed = rows->locator && all_finite(&lonlat, 1);
    elc_point ring[4] = {
        {b->xmin, b->ymin}, {b->xmin, b->ymax}, {b->xmax, b->ymax}, {b->xmax, b->ymin}};
    if (placed) {
        ELC_TRY(elc_batch_real(rows->batch, COL_LON, lonlat.x, err));
        ELC_TRY(elc_batch_real(rows->batch, COL_LAT, lonlat.y, err));
        ELC_TRY(elc_rows_set_position_error(rows, err));
    }
    if (elc_rows_is_shaped(seen))
        return elc_rows_set_shape(rows, seen, placed, err);
    return placed ? elc_rows_set_ring(rows, ring, 4, err) : ELC_OK;
}

static elc_status in_area(row_builder *rows, elc_point lonlat, bool *out,
                          elc_error *err) {
    *out = true;
    if (!rows->area)
        return ELC_OK;
    elc_transform_points(rows->to_area, &lonlat, 1);
    return elc_area_covers_point(rows->area, lonlat, out, err);
}

/* How values became bytes, where they had to. */
static elc_status set_stretch(row_builder *rows, elc_error *err) {
    const elc_stretch *stretch = &rows->image->sight.stretch;
    elc_string text = {0};
    if (stretch->n == 0)
        return ELC_OK;
    elc_status status = elc_stretch_print(stretch, &text, err);
    if (status == ELC_OK)
        status = elc_batch_text(rows->batch, COL_STRETCH, text.data, err);
    elc_string_free(&text);
    return status;
}

elc_status elc_rows_set_common(row_builder *rows, elc_error *err) {
    const elc_scene *scene = &rows->image->scene;
    ELC_TRY(set_stretch(rows, err));
    if (scene->has_time)
        ELC_TRY(elc_batch_int(rows->batch, COL_ACQUIRED, scene->acquired_us, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_IMAGE, rows->image->name, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_MODEL, rows->model, err));
    return elc_batch_text(rows->batch, COL_MODEL_SHA256, rows->model_sha256, err);
}

static elc_status set_chip(row_builder *rows, int64_t chip, elc_error *err) {
    char id[17];
    elc_window w = elc_sight_window(&rows->image->sight,
                                    elc_grid_window(&rows->image->grid, chip));
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
elc_status elc_rows_set_order(row_builder *rows, const elc_detection *d,
                              elc_error *err) {
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

/* `box` in the image's pixels, or, of open objects, as it is seen. */
static elc_status set_box(row_builder *rows, const elc_detection *d, const elc_box *box,
                          const char *class_name, elc_error *err) {
    elc_batch *batch = rows->batch;
    char id[17];
    elc_id(id, "detection %s %s %d %.3f %.3f %.3f %.3f", rows->image->name,
           rows->model_sha256, (int)box->class_id, box->xmin, box->ymin, box->xmax,
           box->ymax);
    ELC_TRY(elc_batch_text(batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(batch, COL_CLASS, class_name, err));
    ELC_TRY(elc_batch_int(batch, COL_CLASS_ID, box->class_id, err));
    ELC_TRY(elc_batch_real(batch, COL_SCORE, (double)box->score, err));
    ELC_TRY(elc_batch_real(batch, COL_XMIN, box->xmin, err));
    ELC_TRY(elc_batch_real(batch, COL_YMIN, box->ymin, err));
    ELC_TRY(elc_batch_real(batch, COL_XMAX, box->xmax, err));
    ELC_TRY(elc_batch_real(batch, COL_YMAX, box->ymax, err));
    return elc_batch_int(batch, COL_TOUCHES_BORDER, d->touches_border, err);
}

static elc_status set_style(row_builder *rows, const char *class_name, elc_error *err) {
    const elc_style *style = elc_styles_find(rows->styles, class_name);
    char colour[16];
    if (!style)
        return ELC_OK;
    ELC_TRY(elc_batch_text(rows->batch, COL_STYLE_GROUP, style->group, err));
    snprintf(colour, sizeof colour, "#%06x", (unsigned)style->colour);
    return elc_batch_text(rows->batch, COL_COLOUR, style->colour < 0 ? NULL : colour,
                          err);
}

static elc_status add_failed_chip(row_builder *rows, const elc_detection *d,
                                  elc_error *err) {
    char id[17];
    elc_id(id, "failed %s %s %lld", rows->image->name, rows->model_sha256,
           (long long)d->chip);
    ELC_TRY(elc_rows_set_common(rows, err));
    ELC_TRY(set_chip(rows, d->chip, err));
    ELC_TRY(elc_rows_set_order(rows, d, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_ID, id, err));
    ELC_TRY(elc_batch_text(rows->batch, COL_ERROR, d->error, err));
    return elc_batch_end_row(rows->batch, err);
}

static elc_status add_open(row_builder *rows, const elc_detection *d,
                           const char *class_name, elc_error *err) {
    ELC_TRY(elc_rows_set_common(rows, err));
    ELC_TRY(set_box(rows, d, &d->box, class_name, err));
    ELC_TRY(elc_batch_int(rows->batch, COL_CHIP_INDEX, d->chip, err));
    rows->wkb.size = 0;
    ELC_TRY(elc_shape_pack(&d->box, &rows->wkb, err));
    if (rows->wkb.size > 0)
        ELC_TRY(elc_batch_bytes(rows->batch, COL_SHAPE, rows->wkb.data, rows->wkb.size,
                                err));
    ELC_TRY(elc_batch_text(rows->batch, COL_GROUP, rows->image->name, err));
    return elc_batch_end_row(rows->batch, err);
}

elc_status elc_rows_builder_add(row_builder *rows, const elc_detection *d,
                                const char *class_name, elc_error *err) {
    if (d->error)
        return add_failed_chip(rows, d, err);
    if (d->open)
        return add_open(rows, d, class_name, err);
    elc_box box = elc_sight_box(&rows->image->sight, &d->box);
    elc_point lonlat = centre_of(&box);
    if (rows->locator) {
        bool inside;
        elc_locator_lonlat(rows->locator, &lonlat, 1);
        ELC_TRY(in_area(rows, lonlat, &inside, err));
        if (!inside)
            return ELC_OK;
    }
    ELC_TRY(set_place(rows, &box, &d->box, lonlat, err));
    ELC_TRY(set_sizes(rows, &box, &d->box, err));
    ELC_TRY(elc_rows_set_common(rows, err));
    ELC_TRY(set_box(rows, d, &box, class_name, err));
    ELC_TRY(set_style(rows, class_name, err));
    ELC_TRY(set_chip(rows, d->chip, err));
    ELC_TRY(elc_rows_set_order(rows, d, err));
    return elc_batch_end_row(rows->batch, err);
}
