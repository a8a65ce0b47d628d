/* near.c - what a map has round a detection. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "near.h"

#include <math.h>
#include <stdlib.h>

struct check_asker {
    const check_map *map;
    elc_nearby_asker **askers; /* CHECK_KINDS for each theme; NULL: it has none */
    part_spotter spotter;
    elc_transform *way; /* to longitude and latitude; NULL: it is there */
};

double elc_check_reach(const check_rule *rule) {
    return fmax(CHECK_SIGHT_M, rule->distance_m);
}

/* ---- the place ------------------------------------------------------------------ */

static elc_status find_place(check_asker *a, const elc_rows *rows, size_t row,
                             elc_point *out, check_state *state, elc_error *err) {
    bool missing = false;
    ELC_TRY(elc_part_spot(&a->spotter, rows, row, out, &missing, err));
    *state = CHECK_MISSING;
    if (missing)
        return ELC_OK;
    if (a->way != NULL)
        elc_transform_points(a->way, out, 1);
    bool somewhere = isfinite(out->x) && isfinite(out->y) && fabs(out->y) <= 90;
    *state = somewhere ? CHECK_PLACED : CHECK_NOWHERE;
    return ELC_OK;
}

/* ---- asking --------------------------------------------------------------------- */

elc_status elc_check_ask(check_asker *a, const elc_rows *rows, size_t row,
                         check_state *state, check_hit *hits, elc_error *err) {
    elc_point at;
    ELC_TRY(find_place(a, rows, row, &at, state, err));
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

static elc_status fill(check_asker *a, const part_place *place, elc_error *err) {
    const check_map *map = a->map;
    a->spotter.place = place;
    if (place->crs != NULL)
        ELC_TRY(elc_transform_create(place->crs, NULL, &a->way, err));
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

elc_status elc_check_asker_create(const check_map *map, const part_place *place,
                                  check_asker **out, elc_error *err) {
    check_asker *a;
    ELC_TRY(elc_alloc(1, sizeof *a, &a, err));
    a->map = map;
    elc_status status = fill(a, place, err);
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
    elc_part_spotter_free(&a->spotter);
    elc_transform_free(a->way);
    free(a);
}
