/* near.c - places in trees over their points and pieces. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/metres_pieces.h"
#include "geometry/near_space.h"

elc_status elc_nearby_create(bool metres, elc_nearby **out, elc_error *err) {
    elc_nearby *near;
    ELC_TRY(elc_alloc(1, sizeof *near, &near, err));
    near->metres = metres;
    elc_metres_globe(&near->globe);
    elc_status status = elc_nearby_reader_open(&near->reader, metres, err);
    if (status != ELC_OK) {
        elc_nearby_free(near);
        return status;
    }
    *out = near;
    return ELC_OK;
}

void elc_nearby_free(elc_nearby *near) {
    if (near == NULL)
        return;
    elc_nearby_reader_close(&near->reader);
    elc_nearby_shape_free(&near->shape);
    elc_nearby_tree_free(&near->spot_tree);
    elc_zones_free(near->areas.zones);
    free(near->area_places);
    free(near->spots);
    free(near->points);
    free(near->places);
    free(near->pieces);
    free(near->space);
    elc_near_lines_free(near->lines);
    free(near);
}

/* ---- areas ----------------------------------------------------------------------- */

elc_status elc_nearby_areas_add(near_areas *areas, const near_shape *shape,
                                elc_error *err) {
    if (areas->zones == NULL) {
        ELC_TRY(elc_zones_create(&areas->zones, err));
        areas->low = shape->low;
        areas->high = shape->high;
    }
    areas->low.x = fmin(areas->low.x, shape->low.x);
    areas->low.y = fmin(areas->low.y, shape->low.y);
    areas->high.x = fmax(areas->high.x, shape->high.x);
    areas->high.y = fmax(areas->high.y, shape->high.y);
    return elc_nearby_shape_zones(shape, areas->zones, &areas->n, err);
}

elc_status elc_nearby_areas_find(const near_areas *areas, bool metres, elc_point p,
                                 elc_zone_hits *hits,
                                 elc_status (*found)(void *state, uint32_t number,
                                                     elc_error *err),
                                 void *state, elc_error *err) {
    double from = 0, to = 0;
    if (areas->zones == NULL)
        return ELC_OK;
    if (metres) {
        from = ceil((areas->low.x - p.x) / 360);
        to = floor((areas->high.x - p.x) / 360);
    }
    for (double turn = from; turn <= to; turn++) {
        elc_point at = {p.x + 360 * turn, p.y};
        ELC_TRY(elc_zones_find(areas->zones, at, hits, err));
        for (size_t i = 0; i < hits->count; i++)
            ELC_TRY(found(state, hits->items[i].zone, err));
    }
    return ELC_OK;
}

static elc_status add_areas(elc_nearby *near, elc_error *err) {
    uint32_t from = near->areas.n;
    ELC_TRY(elc_nearby_areas_add(&near->areas, &near->shape, err));
    ELC_TRY(elc_reserve(&near->area_places, &near->area_capacity, near->areas.n,
                        sizeof *near->area_places, err));
    for (uint32_t i = from; i < near->areas.n; i++)
        near->area_places[i] = near->count;
    return ELC_OK;
}

/* ---- adding ---------------------------------------------------------------------- */

static elc_status add_spot(elc_nearby *near, elc_point p, elc_error *err) {
    ELC_TRY(elc_reserve(&near->spots, &near->spot_capacity, near->n_spots + 1,
                        sizeof *near->spots, err));
    near->spots[near->n_spots++] = (near_spot){p, near->count};
    return ELC_OK;
}

/* Pieces without length are spots. */
static elc_status add_pieces(elc_nearby *near, elc_error *err) {
    size_t from = near->n_pieces, to = from;
    ELC_TRY(elc_nearby_shape_pieces(&near->shape, near->count, near->metres,
                                    &near->pieces, &near->n_pieces,
                                    &near->piece_capacity, err));
    near->shared |= near->n_pieces - from > 1;
    for (size_t i = from; i < near->n_pieces; i++) {
        const near_piece *piece = &near->pieces[i];
        if (piece->a.x != piece->b.x || piece->a.y != piece->b.y)
            near->pieces[to++] = *piece;
        else
            ELC_TRY(add_spot(near, piece->a, err));
    }
    near->n_pieces = to;
    return elc_nearby_shape_is_area(&near->shape) ? add_areas(near, err) : ELC_OK;
}

elc_status elc_nearby_add(elc_nearby *near, const void *wkb, size_t size,
                          elc_transform *way, elc_place_state *state, elc_error *err) {
    near_shape *shape = &near->shape;
    if (near->count >= 1u << 30)
        return elc_fail(err, ELC_E_MEMORY,
                        "more than 2^30 places; split the table, or use Spark");
    ELC_TRY(elc_nearby_shape_read(shape, &near->reader, wkb, size, way, state, err));
    if (*state == ELC_PLACE_SOUND) {
        near->largest =
            fmax(near->largest, fmax(fabs(shape->low.x), fabs(shape->low.y)));
        near->largest =
            fmax(near->largest, fmax(fabs(shape->high.x), fabs(shape->high.y)));
        if (shape->n_points == 1)
            ELC_TRY(add_spot(near, shape->points[0], err));
        else
            ELC_TRY(add_pieces(near, err));
        near->vertices += shape->n_points;
    }
    near->count++;
    return ELC_OK;
}

/* ---- building -------------------------------------------------------------------- */

static void spot_box(const void *items, size_t number, double *box) {
    const near_spot *spot = (const near_spot *)items + number;
    box[0] = box[2] = spot->p.x;
    box[1] = box[3] = spot->p.y;
}

static void space_box(const void *items, size_t number, double *box) {
    const double *at = ((const double(*)[3])items)[number];
    for (int i = 0; i < 3; i++)
        box[i] = box[3 + i] = at[i];
}

static elc_status place_spots(elc_nearby *near, elc_error *err) {
    size_t n = near->n_spots;
    ELC_TRY(elc_alloc(n, sizeof *near->space, &near->space, err));
    for (size_t i = 0; i < n; i++)
        elc_space_point(near->spots[i].p, near->space[i]);
    ELC_TRY(elc_nearby_tree_build(&near->spot_tree, 3, space_box, near->space, n, err));
    return elc_nearby_tree_order(&near->spot_tree, &near->space, sizeof *near->space,
                                 err);
}

static elc_status build_spots(elc_nearby *near, elc_error *err) {
    near_tree *tree = &near->spot_tree;
    if (near->metres)
        ELC_TRY(place_spots(near, err));
    else
        ELC_TRY(
            elc_nearby_tree_build(tree, 2, spot_box, near->spots, near->n_spots, err));
    ELC_TRY(elc_alloc(tree->n, sizeof *near->points, &near->points, err));
    ELC_TRY(elc_alloc(tree->n, sizeof *near->places, &near->places, err));
    for (size_t i = 0; i < tree->n; i++) {
        near->points[i] = near->spots[tree->order[i]].p;
        near->places[i] = near->spots[tree->order[i]].place;
    }
    free(near->spots);
    near->spots = NULL;
    return ELC_OK;
}

/* What is made of the pieces is made when it is asked for. */
static elc_status hand_pieces_on(elc_nearby *near, elc_error *err) {
    near_piece *pieces = near->pieces;
    near->pieces = NULL;
    near->piece_capacity = 0;
    return elc_near_lines_create(pieces, near->n_pieces, near->metres, near->largest,
                                 &near->lines, err);
}

elc_status elc_nearby_build(elc_nearby *near, elc_error *err) {
    ELC_TRY(build_spots(near, err));
    ELC_TRY(hand_pieces_on(near, err));
    free(near->spot_tree.order);
    near->spot_tree.order = NULL;
    elc_nearby_shape_free(&near->shape);
    return near->areas.zones != NULL ? elc_zones_build(near->areas.zones, err) : ELC_OK;
}

/* ---- bytes ----------------------------------------------------------------------- */

size_t elc_nearby_vertices(const elc_nearby *near) {
    return near->vertices;
}

size_t elc_nearby_bytes(const elc_nearby *near) {
    size_t spot = sizeof *near->points + sizeof *near->places;
    spot += near->metres ? sizeof *near->space : 0;
    return sizeof *near + near->n_spots * spot +
           elc_nearby_tree_bytes(&near->spot_tree) + elc_near_lines_bytes(near->lines) +
           near->area_capacity * sizeof *near->area_places +
           (near->areas.zones != NULL ? elc_zones_bytes(near->areas.zones) : 0);
}
