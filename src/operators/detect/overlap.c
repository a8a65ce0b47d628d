/* overlap.c - which images show a place that another one shows at the same time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include <math.h>
#include <stdlib.h>

/* Neighbouring tiles of one map share less of their corners than this. */
static const double LEAST_SHARE = 0.02;
/* Farther apart in time vehicles have moved, and are others. */
static const int64_t SAME_TIME_US = 60000000;

struct seen_place {
    elc_convex corners; /* longitude and latitude */
    double xmin, xmax, ymin, ymax;
    int64_t acquired_us;
    bool has_time, shared;
};

void elc_seen_places_free(seen_places *places) {
    free(places->items);
    *places = (seen_places){0};
}

elc_status elc_seen_places_add(seen_places *places, const place_state *image,
                               elc_error *err) {
    double w = (double)image->sight.width, h = (double)image->sight.height;
    seen_place p = {.corners = {4, {{0, 0}, {w, 0}, {w, h}, {0, h}}},
                    .xmin = INFINITY,
                    .ymin = INFINITY,
                    .xmax = -INFINITY,
                    .ymax = -INFINITY,
                    .acquired_us = image->scene.acquired_us,
                    .has_time = image->scene.has_time};
    elc_locator *locator = NULL;
    if (image->error || image->run == 0 || image->scene.place.kind == ELC_PLACE_NONE)
        return ELC_OK;
    ELC_TRY(elc_place_locator(&image->scene.place, &locator, err));
    elc_locator_lonlat(locator, p.corners.at, 4);
    elc_locator_free(locator);
    for (size_t i = 0; i < 4; i++) {
        p.xmin = fmin(p.xmin, p.corners.at[i].x);
        p.xmax = fmax(p.xmax, p.corners.at[i].x);
        p.ymin = fmin(p.ymin, p.corners.at[i].y);
        p.ymax = fmax(p.ymax, p.corners.at[i].y);
    }
    if (!(p.xmax - p.xmin <= 180) || !(p.ymax - p.ymin <= 180))
        return ELC_OK; /* across the antimeridian, or nowhere */
    ELC_TRY(elc_reserve(&places->items, &places->capacity, places->count + 1, sizeof p,
                        err));
    places->items[places->count++] = p;
    return ELC_OK;
}

static int compare_places(const void *a, const void *b) {
    double p = ((const seen_place *)a)->xmin, q = ((const seen_place *)b)->xmin;
    return (p > q) - (p < q);
}

static bool same_place(const seen_place *a, const seen_place *b) {
    if (a->ymin >= b->ymax || b->ymin >= a->ymax)
        return false;
    if (a->has_time && b->has_time &&
        llabs(a->acquired_us - b->acquired_us) > SAME_TIME_US)
        return false;
    elc_convex common = a->corners;
    elc_convex_cut(&common, &b->corners);
    double smaller = fmin(elc_convex_area(&a->corners), elc_convex_area(&b->corners));
    return elc_convex_area(&common) > LEAST_SHARE * smaller;
}

size_t elc_seen_places_shared(seen_places *places) {
    size_t shared = 0;
    if (places->count > 1)
        qsort(places->items, places->count, sizeof *places->items, compare_places);
    for (size_t i = 0; i < places->count; i++)
        for (size_t k = i + 1;
             k < places->count && places->items[k].xmin < places->items[i].xmax; k++) {
            seen_place *a = &places->items[i], *b = &places->items[k];
            if (!(a->shared && b->shared) && same_place(a, b))
                a->shared = b->shared = true;
        }
    for (size_t i = 0; i < places->count; i++)
        shared += places->items[i].shared;
    return shared;
}
