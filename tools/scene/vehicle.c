/* vehicle.c - a vehicle's measures, its pixels' box, its painting and its code. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "noise.h"

elc_vehicle elc_vehicle_make(int kind, uint64_t look) {
    elc_noise noise = {look};
    elc_vehicle v = {.kind = (uint8_t)kind, .look = (uint32_t)(look >> 32)};
    if (kind == ELC_CAR) {
        v.slab.half_length = elc_noise_between(&noise, 2.1, 2.4);
        v.slab.half_width = elc_noise_between(&noise, 0.9, 0.98);
    } else if (kind == ELC_TRUCK) {
        v.slab.half_length = elc_noise_between(&noise, 4, 5);
        v.slab.half_width = 1.25;
    } else {
        v.slab.half_length = elc_noise_between(&noise, 5.9, 6.1);
        v.slab.half_width = 1.275;
    }
    v.slab.cosine = 1;
    return v;
}

static bool row_painted(const elc_vehicle *v, double gsd, int y, int x0, int x1) {
    for (int x = x0; x < x1; x++)
        if (elc_vehicle_covers(v, (x + 0.5) * gsd, (y + 0.5) * gsd))
            return true;
    return false;
}

static bool column_painted(const elc_vehicle *v, double gsd, int x, int y0, int y1) {
    for (int y = y0; y < y1; y++)
        if (elc_vehicle_covers(v, (x + 0.5) * gsd, (y + 0.5) * gsd))
            return true;
    return false;
}

elc_bounds elc_vehicle_box(const elc_vehicle *v, double gsd) {
    const elc_slab *s = &v->slab;
    double c = fabs(s->cosine), d = fabs(s->sine);
    double reach_x = s->half_length * c + s->half_width * d;
    double reach_y = s->half_length * d + s->half_width * c;
    elc_bounds box = {
        (int)floor((s->x - reach_x) / gsd), (int)floor((s->y - reach_y) / gsd),
        (int)ceil((s->x + reach_x) / gsd), (int)ceil((s->y + reach_y) / gsd)};
    while (box.ymin < box.ymax && !row_painted(v, gsd, box.ymin, box.xmin, box.xmax))
        box.ymin++;
    while (box.ymin < box.ymax &&
           !row_painted(v, gsd, box.ymax - 1, box.xmin, box.xmax))
        box.ymax--;
    while (box.xmin < box.xmax && !column_painted(v, gsd, box.xmin, box.ymin, box.ymax))
        box.xmin++;
    while (box.xmin < box.xmax &&
           !column_painted(v, gsd, box.xmax - 1, box.ymin, box.ymax))
        box.xmax--;
    return box;
}

double elc_bounds_iou(elc_bounds a, elc_bounds b) {
    double w = fmin(a.xmax, b.xmax) - fmax(a.xmin, b.xmin);
    double h = fmin(a.ymax, b.ymax) - fmax(a.ymin, b.ymin);
    if (w <= 0 || h <= 0)
        return 0;
    double area_a = (double)(a.xmax - a.xmin) * (a.ymax - a.ymin);
    double area_b = (double)(b.xmax - b.xmin) * (b.ymax - b.ymin);
    return w * h / (area_a + area_b - w * h);
}

/* Is there an axis of a's along which b is farther than the gap? */
static bool apart_along(const elc_slab *a, const elc_slab *b, double gap) {
    double dx = b->x - a->x, dy = b->y - a->y;
    double c = fabs(a->cosine * b->cosine + a->sine * b->sine);
    double s = fabs(a->cosine * b->sine - a->sine * b->cosine);
    double along = fabs(dx * a->cosine + dy * a->sine);
    double across = fabs(dy * a->cosine - dx * a->sine);
    return along > a->half_length + b->half_length * c + b->half_width * s + gap ||
           across > a->half_width + b->half_length * s + b->half_width * c + gap;
}

/* The separating axis theorem for two rectangles. */
bool elc_slab_apart(const elc_slab *a, const elc_slab *b, double gap_m) {
    return apart_along(a, b, gap_m) || apart_along(b, a, gap_m);
}

static bool clip_box(const elc_tile *tile, elc_bounds *box) {
    box->xmin = box->xmin > tile->x ? box->xmin : tile->x;
    box->ymin = box->ymin > tile->y ? box->ymin : tile->y;
    box->xmax = box->xmax < tile->x + tile->width ? box->xmax : tile->x + tile->width;
    box->ymax = box->ymax < tile->y + tile->height ? box->ymax : tile->y + tile->height;
    return box->xmin < box->xmax && box->ymin < box->ymax;
}

static size_t offset_at(const elc_tile *tile, int x, int y) {
    return (size_t)(y - tile->y) * ELC_TILE + (size_t)(x - tile->x);
}

void elc_vehicle_paint(elc_tile *tile, const elc_vehicle *v) {
    elc_bounds box = v->box;
    if (!clip_box(tile, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++) {
            double px = (x + 0.5) * tile->gsd_m, py = (y + 0.5) * tile->gsd_m;
            if (!elc_vehicle_covers(v, px, py))
                continue;
            double dx = px - v->slab.x, dy = py - v->slab.y;
            double a = (dx * v->slab.cosine + dy * v->slab.sine) / v->slab.half_length;
            double b = (dy * v->slab.cosine - dx * v->slab.sine) / v->slab.half_width;
            size_t at = offset_at(tile, x, y);
            elc_tile_set(tile, at, elc_look_colour(v, (float)a, (float)b),
                         tile->shade[at] == 1 ? 0.6f : 1.0f);
        }
}

void elc_vehicle_code(elc_tile *tile, const elc_vehicle *v) {
    elc_bounds box = v->box;
    if (!clip_box(tile, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++) {
            if (!elc_vehicle_covers(v, (x + 0.5) * tile->gsd_m,
                                    (y + 0.5) * tile->gsd_m))
                continue;
            uint8_t *code = &tile->code[ELC_CODE_BANDS * offset_at(tile, x, y)];
            code[0] = (uint8_t)(x - v->box.xmin);
            code[1] = (uint8_t)(y - v->box.ymin);
            code[2] = (uint8_t)(v->box.xmax - x);
            code[3] = (uint8_t)(v->box.ymax - y);
            code[4] = (uint8_t)(v->kind + 1);
        }
}

void elc_vehicle_shade(elc_tile *tile, const elc_vehicle *v) {
    double height = v->kind == ELC_CAR ? 1.4 : 3.1;
    double sx = height * ELC_SHADOW_X, sy = height * ELC_SHADOW_Y, gsd = tile->gsd_m;
    elc_bounds box = {v->box.xmin, v->box.ymin, v->box.xmax + (int)ceil(sx / gsd),
                      v->box.ymax + (int)ceil(sy / gsd)};
    if (!clip_box(tile, &box))
        return;
    for (int y = box.ymin; y < box.ymax; y++)
        for (int x = box.xmin; x < box.xmax; x++) {
            double px = (x + 0.5) * gsd, py = (y + 0.5) * gsd;
            size_t at = offset_at(tile, x, y);
            if (tile->shade[at] != 0 ||
                !(elc_vehicle_covers(v, px - sx, py - sy) ||
                  elc_vehicle_covers(v, px - 0.66 * sx, py - 0.66 * sy) ||
                  elc_vehicle_covers(v, px - 0.33 * sx, py - 0.33 * sy)))
                continue;
            tile->shade[at] = 2;
            for (size_t k = 0; k < 3; k++)
                tile->rgb[3 * at + k] = (uint8_t)(tile->rgb[3 * at + k] / 2);
        }
}
