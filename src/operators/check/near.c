/* near.c - what a map has round a detection. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "near.h"

#include <math.h>
#include <stdlib.h>

#include "operators/parts/place.h"

struct check_asker {
    const check_map *map;
    elc_nearby_asker **askers; /* CHECK_KINDS for each theme; NULL: it has none */
    elc_measure *measure;
    elc_transform *way; /* to longitude and latitude */
    bool globe;         /* coordinates are degrees of longitude and latitude */
    elc_point *points;
    size_t capacity;
};

double elc_check_reach(const check_rule *rule) {
    return fmax(CHECK_SIGHT_M, rule->distance_m);
}

/* ---- the middle ----------------------------------------------------------------- */

/* Of what the antimeridian cuts in two, which has a piece at either end of the plane:
   the middle of its bounds, led on beyond 180. */
static elc_status find_middle(check_asker *a, const void *wkb, size_t size,
                              elc_point *out, elc_error *err) {
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    size_t n = 0;
    ELC_TRY(elc_wkb_points(wkb, size, &a->points, &n, &a->capacity, err));
    for (size_t i = 0; i < n; i++) {
        double x = a->points[i].x < 0 ? a->points[i].x + 360 : a->points[i].x;
        low[0] = fmin(low[0], x);
        high[0] = fmax(high[0], x);
        low[1] = fmin(low[1], a->points[i].y);
        high[1] = fmax(high[1], a->points[i].y);
    }
    double x = (low[0] + high[0]) / 2;
    *out = (elc_point){x > 180 ? x - 360 : x, (low[1] + high[1]) / 2};
    return ELC_OK;
}

static elc_status find_centroid(check_asker *a, const void *wkb, size_t size,
                                elc_point *out, check_state *state, elc_error *err) {
    static const elc_measure_wish wish = {.centroid = true, .bounds = true};
    elc_measured measured;
    ELC_TRY(elc_measure_wkb(a->measure, wkb, size, &wish, &measured, NULL, err));
    *out = measured.centroid;
    *state = !measured.known              ? CHECK_NOWHERE
             : isnan(measured.centroid.x) ? CHECK_MISSING
                                          : CHECK_PLACED;
    if (*state == CHECK_PLACED && a->globe && measured.box[2] - measured.box[0] > 180)
        return find_middle(a, wkb, size, out, err);
    return ELC_OK;
}

static elc_status find_place(check_asker *a, const void *wkb, size_t size,
                             elc_point *out, check_state *state, elc_error *err) {
    *state = CHECK_MISSING;
    if (wkb == NULL)
        return ELC_OK;
    if (!elc_wkb_plain_point(wkb, size, out))
        ELC_TRY(find_centroid(a, wkb, size, out, state, err));
    else if (!isnan(out->x) || !isnan(out->y)) /* an empty point is NaN, NaN */
        *state = CHECK_PLACED;
    if (*state == CHECK_PLACED && a->way != NULL)
        elc_transform_points(a->way, out, 1);
    if (*state == CHECK_PLACED &&
        !(isfinite(out->x) && isfinite(out->y) && fabs(out->y) <= 90))
        *state = CHECK_NOWHERE;
    return ELC_OK;
}

/* ---- asking --------------------------------------------------------------------- */

elc_status elc_check_ask(check_asker *a, const void *wkb, size_t size,
                         check_state *state, check_hit *hits, elc_error *err) {
    elc_point at;
    ELC_TRY(find_place(a, wkb, size, &at, state, err));
    for (size_t i = 0; i < CHECK_KINDS * a->map->count; i++) {
        elc_place_state known;
        const elc_nearby_hit *found = NULL;
        size_t n = 0;
        hits[i] = (check_hit){.distance = INFINITY};
        if (*state != CHECK_PLACED || a->askers[i] == NULL)
            continue;
        ELC_TRY(elc_nearby_find_point(a->askers[i], at, &known, &found, &n, err));
        if (known != ELC_PLACE_SOUND)
            *state = CHECK_NOWHERE;
        else if (n > 0)
            hits[i] = (check_hit){found->distance, found->place};
    }
    return ELC_OK;
}

/* ---- life ----------------------------------------------------------------------- */

static elc_status fill(check_asker *a, const elc_crs *crs, elc_error *err) {
    const check_map *map = a->map;
    a->globe = crs == NULL || elc_crs_is_degrees(crs);
    ELC_TRY(elc_measure_create(crs, false, &a->measure, err));
    if (crs != NULL)
        ELC_TRY(elc_transform_create(crs, NULL, &a->way, err));
    ELC_TRY(elc_alloc(CHECK_KINDS * map->count, sizeof(elc_nearby_asker *), &a->askers,
                      err));
    for (size_t i = 0; i < CHECK_KINDS * map->count; i++) {
        const check_theme *theme = &map->themes[i / CHECK_KINDS];
        const check_objects *objects = &theme->objects[i % CHECK_KINDS];
        elc_nearby_question question = {1, theme->reach_m[i % CHECK_KINDS], NULL};
        if (objects->count > 0)
            ELC_TRY(
                elc_nearby_asker_create(objects->near, &question, &a->askers[i], err));
    }
    return ELC_OK;
}

elc_status elc_check_asker_create(const check_map *map, const elc_crs *crs,
                                  check_asker **out, elc_error *err) {
    check_asker *a;
    ELC_TRY(elc_alloc(1, sizeof *a, &a, err));
    a->map = map;
    elc_status status = fill(a, crs, err);
    if (status != ELC_OK) {
        elc_check_asker_free(a);
        return status;
    }
    *out = a;
    return ELC_OK;
}

void elc_check_asker_free(check_asker *a) {
    if (a == NULL)
        return;
    for (size_t i = 0; a->askers != NULL && i < CHECK_KINDS * a->map->count; i++)
        elc_nearby_asker_free(a->askers[i]);
    free(a->askers);
    elc_measure_free(a->measure);
    elc_transform_free(a->way);
    free(a->points);
    free(a);
}
