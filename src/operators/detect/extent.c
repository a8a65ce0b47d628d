/* extent.c - the box on the ground that holds an image, and when it was taken. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>

enum { SIDE = 17 }; /* points along each side */
/* Between points the ground bends by far less, unless the box is wide or at a pole. */
static const double MARGIN = 1.0 / 8, WIDEST_DEG = 45, HIGHEST_DEG = 85;

static void box_of(const elc_point *points, size_t n, elc_extent *out) {
    out->xmin = out->ymin = INFINITY;
    out->xmax = out->ymax = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        out->xmin = fmin(out->xmin, points[i].x);
        out->xmax = fmax(out->xmax, points[i].x);
        out->ymin = fmin(out->ymin, points[i].y);
        out->ymax = fmax(out->ymax, points[i].y);
    }
}

/* Points that have no place make numbers of which this is not true. */
static bool is_plain(const elc_extent *e) {
    return e->xmax - e->xmin <= WIDEST_DEG && e->ymin >= -HIGHEST_DEG &&
           e->ymax <= HIGHEST_DEG && e->xmin >= -180 && e->xmax <= 180;
}

static elc_status place(const elc_place *place, const elc_image_info *info,
                        elc_extent *out, elc_error *err) {
    elc_locator *locator = NULL;
    elc_point points[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++)
        points[i] = (elc_point){(double)info->width * (i % SIDE) / (SIDE - 1),
                                (double)info->height * (i / SIDE) / (SIDE - 1)};
    ELC_TRY(elc_place_locator(place, &locator, err));
    size_t failed = elc_locator_lonlat(locator, points, SIDE * SIDE);
    elc_locator_free(locator);
    box_of(points, SIDE * SIDE, out);
    double x = MARGIN * (out->xmax - out->xmin), y = MARGIN * (out->ymax - out->ymin);
    out->xmin -= x, out->xmax += x;
    out->ymin -= y, out->ymax += y;
    out->placed = failed == 0 && is_plain(out);
    return ELC_OK;
}

elc_status elc_detect_extent(const elc_scene *scene, const elc_image_info *info,
                             elc_extent *out, elc_error *err) {
    *out = (elc_extent){.timed = scene->has_time, .acquired_us = scene->acquired_us};
    if (scene->place.kind == ELC_PLACE_NONE || scene->place.kind == ELC_PLACE_RPC)
        return ELC_OK;
    return place(&scene->place, info, out, err);
}
