/* shape.c - oriented boxes and masks in rows: their outlines, and as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- outlines ----------------------------------------------------------------------
 */

enum { DECIMALS_PX = 3 };

bool elc_rows_is_shaped(const elc_box *seen) {
    return seen->turned.width > 0 || seen->mask;
}

static void ring_of(const elc_sight *sight, const elc_turned *turned,
                    elc_point ring[4]) {
    double corners[4][2];
    elc_turned_corners(turned, corners);
    for (size_t i = 0; i < 4; i++)
        ring[i] =
            (elc_point){corners[i][0] * sight->step_x, corners[i][1] * sight->step_y};
}

static elc_status set_text(row_builder *rows, elc_error *err) {
    rows->text.size = 0;
    ELC_TRY(
        elc_wkb_to_wkt(rows->wkb.data, rows->wkb.size, DECIMALS_PX, &rows->text, err));
    return elc_batch_text(rows->batch, COL_SHAPE_PX, rows->text.data, err);
}

static elc_status set_turned(row_builder *rows, const elc_turned *turned, bool placed,
                             elc_error *err) {
    const elc_sight *sight = &rows->image->sight;
    elc_point ring[4];
    ring_of(sight, turned, ring);
    double x = cos(turned->angle) * sight->step_x;
    double y = sin(turned->angle) * sight->step_y;
    if (hypot(ring[1].x - ring[0].x, ring[1].y - ring[0].y) <
        hypot(ring[2].x - ring[1].x, ring[2].y - ring[1].y)) {
        x = -sin(turned->angle) * sight->step_x;
        y = cos(turned->angle) * sight->step_y;
    }
    double degrees = fmod(atan2(y, x) * 180 / M_PI + 360, 180);
    ELC_TRY(elc_batch_real(rows->batch, COL_ANGLE, degrees, err));
    rows->wkb.size = 0;
    ELC_TRY(elc_wkb_polygon(ring, 4, &rows->wkb, err));
    ELC_TRY(set_text(rows, err));
    return placed ? elc_rows_set_ring(rows, ring, 4, err) : ELC_OK;
}

static bool is_on_ground(const elc_outline *outline) {
    for (size_t i = 0; i < outline->n_points; i++)
        if (!isfinite(outline->points[i].x) || !isfinite(outline->points[i].y))
            return false;
    return true;
}

static bool wraps(const elc_outline *outline) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < outline->n_points; i++) {
        low = fmin(low, outline->points[i].x);
        high = fmax(high, outline->points[i].x);
    }
    return low < -180 || high > 180 || high - low > 180;
}

/* Cut at the antimeridian: rare, so left to what cuts footprints. */
static elc_status cut_mask(row_builder *rows, const elc_mask *mask, elc_error *err) {
    double(*boxes)[4] = NULL;
    ELC_TRY(elc_alloc(mask->n, sizeof *boxes, &boxes, err));
    for (size_t i = 0; i < mask->n; i++) {
        elc_run run = mask->runs[i];
        elc_box seen = {.xmin = run.start,
                        .ymin = run.y,
                        .xmax = run.end,
                        .ymax = (double)run.y + 1};
        elc_box box = elc_sight_box(&rows->image->sight, &seen);
        boxes[i][0] = box.xmin, boxes[i][1] = box.ymin;
        boxes[i][2] = box.xmax, boxes[i][3] = box.ymax;
    }
    elc_status status =
        elc_wkb_boxes_lonlat((const double(*)[4])boxes, mask->n, HUGE_VAL,
                             elc_rows_to_ground, rows, &rows->wkb, err);
    free(boxes);
    return status;
}

static elc_status set_ground(row_builder *rows, const elc_mask *mask,
                             elc_outline *outline, elc_error *err) {
    elc_rows_to_ground(rows, outline->points, outline->n_points);
    if (!is_on_ground(outline))
        return ELC_OK;
    rows->wkb.size = 0;
    ELC_TRY(!rows->to_crs && wraps(outline)
                ? cut_mask(rows, mask, err)
                : elc_wkb_outline(outline, &rows->wkb, err));
    return elc_batch_bytes(rows->batch, COL_GEOMETRY, rows->wkb.data, rows->wkb.size,
                           err);
}

static elc_status set_mask(row_builder *rows, const elc_mask *mask, bool placed,
                           elc_error *err) {
    const elc_sight *sight = &rows->image->sight;
    elc_outline outline = {0};
    if (mask->n == 0)
        return ELC_OK;
    ELC_TRY(elc_mask_outline(mask, &outline, err));
    for (size_t i = 0; i < outline.n_points; i++) {
        elc_point *p = &outline.points[i];
        p->x = fmin(p->x * sight->step_x, (double)sight->width);
        p->y = fmin(p->y * sight->step_y, (double)sight->height);
    }
    rows->wkb.size = 0;
    elc_status status = elc_wkb_outline(&outline, &rows->wkb, err);
    if (status == ELC_OK)
        status = set_text(rows, err);
    if (status == ELC_OK && placed)
        status = set_ground(rows, mask, &outline, err);
    elc_outline_free(&outline);
    return status;
}

elc_status elc_rows_set_shape(row_builder *rows, const elc_box *seen, bool placed,
                              elc_error *err) {
    return seen->mask ? set_mask(rows, seen->mask, placed, err)
                      : set_turned(rows, &seen->turned, placed, err);
}

void elc_rows_turned_sides(const row_builder *rows, const elc_turned *seen, double x_m,
                           double y_m, double *width_m, double *height_m) {
    const elc_sight *sight = &rows->image->sight;
    double x = sight->step_x * x_m, y = sight->step_y * y_m;
    double c = cos(seen->angle), s = sin(seen->angle);
    *width_m = seen->width * hypot(c * x, s * y);
    *height_m = seen->height * hypot(s * x, c * y);
}

/* ---- bytes -------------------------------------------------------------------------
 */

/* The first byte tells which; then little endian: five doubles, or three int32 a run.
 */
enum { KIND_TURNED = 1, KIND_MASK = 2 };
enum { TURNED_NUMBERS = 5, RUN_BYTES = 12 };

static elc_status put(elc_string *out, uint64_t value, int bytes, elc_error *err) {
    uint8_t text[8];
    for (int i = 0; i < bytes; i++)
        text[i] = (uint8_t)(value >> (8 * i));
    return elc_string_append(out, text, (size_t)bytes, err);
}

static uint64_t get(const uint8_t *at, int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

static elc_status pack_turned(const elc_turned *t, elc_string *out, elc_error *err) {
    const double numbers[TURNED_NUMBERS] = {t->x, t->y, t->width, t->height, t->angle};
    ELC_TRY(put(out, KIND_TURNED, 1, err));
    for (int i = 0; i < TURNED_NUMBERS; i++) {
        uint64_t bits;
        memcpy(&bits, &numbers[i], sizeof bits);
        ELC_TRY(put(out, bits, 8, err));
    }
    return ELC_OK;
}

elc_status elc_shape_pack(const elc_box *box, elc_string *out, elc_error *err) {
    if (box->turned.width > 0)
        return pack_turned(&box->turned, out, err);
    if (!box->mask)
        return ELC_OK;
    ELC_TRY(put(out, KIND_MASK, 1, err));
    for (size_t i = 0; i < box->mask->n; i++) {
        elc_run run = box->mask->runs[i];
        ELC_TRY(put(out, (uint32_t)run.y, 4, err));
        ELC_TRY(put(out, (uint32_t)run.start, 4, err));
        ELC_TRY(put(out, (uint32_t)run.end, 4, err));
    }
    return ELC_OK;
}

static elc_status bad(const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "combine: a shape that is %s", what);
}

static elc_status unpack_turned(const uint8_t *at, size_t size, elc_turned *out,
                                elc_error *err) {
    double numbers[TURNED_NUMBERS];
    static const double LARGEST = 1e12;
    if (size != sizeof numbers)
        return bad("cut short", err);
    for (int i = 0; i < TURNED_NUMBERS; i++) {
        uint64_t bits = get(at + 8 * i, 8);
        memcpy(&numbers[i], &bits, sizeof bits);
        if (!(fabs(numbers[i]) <= LARGEST))
            return bad("nowhere", err);
    }
    if (!(numbers[2] > 0 && numbers[3] > 0))
        return bad("flat", err);
    *out = (elc_turned){numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]};
    return ELC_OK;
}

static bool follows(elc_run before, elc_run run) {
    return run.y > before.y || (run.y == before.y && run.start > before.end);
}

static elc_status unpack_mask(const uint8_t *at, size_t size, elc_mask **out,
                              elc_error *err) {
    elc_mask *mask = NULL;
    size_t n = size / RUN_BYTES;
    if (size % RUN_BYTES)
        return bad("cut short", err);
    ELC_TRY(elc_alloc(1, sizeof *mask + n * sizeof *mask->runs, &mask, err));
    mask->n = n;
    for (size_t i = 0; i < n; i++, at += RUN_BYTES) {
        elc_run run = {(int32_t)get(at, 4), (int32_t)get(at + 4, 4),
                       (int32_t)get(at + 8, 4)};
        mask->runs[i] = run;
        if (run.y < 0 || run.y == INT32_MAX || run.start < 0 || run.end <= run.start ||
            (i > 0 && !follows(mask->runs[i - 1], run))) {
            free(mask);
            return bad("out of order", err);
        }
    }
    *out = mask;
    return ELC_OK;
}

elc_status elc_shape_unpack(const void *bytes, size_t size, elc_box *box,
                            elc_error *err) {
    const uint8_t *at = bytes;
    if (size < 1)
        return bad("empty", err);
    if (at[0] == KIND_TURNED)
        return unpack_turned(at + 1, size - 1, &box->turned, err);
    if (at[0] == KIND_MASK)
        return unpack_mask(at + 1, size - 1, &box->mask, err);
    return bad("of no known kind", err);
}
