/* near_inside.c - places that are inside of another. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_asker.h"

#include <string.h>

#include "geometry/near_space.h"

static elc_status take_area(void *state, uint32_t number, elc_error *err) {
    elc_nearby_asker *a = state;
    (void)err;
    elc_nearby_offer(a, 0, a->near->area_places[number]);
    return ELC_OK;
}

elc_status elc_nearby_look_around(elc_nearby_asker *a, elc_point p, elc_error *err) {
    return elc_nearby_areas_find(&a->near->areas, a->near->metres, p, &a->hits,
                                 take_area, a, err);
}

/* The right areas that what begins at a left point is in. */
static elc_status find_around(elc_nearby_asker *a, elc_error *err) {
    for (size_t i = 0; i < a->n_pieces; i++)
        if (a->pieces[i].first)
            ELC_TRY(elc_nearby_look_around(a, a->pieces[i].a, err));
    return ELC_OK;
}

static elc_status cover(void *state, uint32_t number, elc_error *err) {
    elc_nearby_asker *a = state;
    (void)number;
    (void)err;
    a->covered = true;
    return ELC_OK;
}

static void look_inside(elc_nearby_asker *a, elc_point p, uint32_t place) {
    if (!elc_nearby_would_count(a, 0, place) || (a->all && a->has[place]) ||
        a->status != ELC_OK)
        return;
    a->covered = false;
    a->status =
        elc_nearby_areas_find(&a->areas, a->near->metres, p, &a->hits, cover, a, NULL);
    if (a->covered)
        elc_nearby_offer(a, 0, place);
}

static void look_at_spots_inside(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    (void)same;
    for (size_t i = low; i < high; i++)
        look_inside(a, a->near->points[i], a->near->places[i]);
}

static void look_at_pieces_inside(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    const near_piece *pieces = a->near->lines->sorted.pieces;
    (void)same;
    for (size_t i = low; i < high; i++)
        if (pieces[i].first)
            look_inside(a, pieces[i].a, pieces[i].place);
}

/* The right places that begin inside of the left polygons. */
static elc_status find_inside(elc_nearby_asker *a, elc_error *err) {
    const elc_nearby *near = a->near;
    const double here = 0;
    int dims = near->metres ? 3 : 2;
    near_walker spots = {look_at_spots_inside, NULL, a, &here, NULL, 0};
    near_walker pieces = {look_at_pieces_inside, NULL, a, &here, NULL, 0};
    if (a->areas.zones == NULL)
        return ELC_OK;
    if (near->metres)
        elc_space_box(a->areas.low, a->areas.high, a->box);
    else
        memcpy(a->box,
               (double[]){a->areas.low.x, a->areas.low.y, a->areas.high.x,
                          a->areas.high.y},
               4 * sizeof *a->box);
    elc_nearby_walk(&near->spot_tree, dims, a->box, a->box + dims, spots);
    elc_nearby_walk(&near->lines->tree, dims, a->box, a->box + dims, pieces);
    return a->status == ELC_OK ? ELC_OK
                               : elc_fail(err, a->status,
                                          "places inside of another "
                                          "cannot be found");
}

elc_status elc_nearby_look_inside(elc_nearby_asker *a, elc_error *err) {
    ELC_TRY(find_around(a, err));
    return find_inside(a, err);
}
