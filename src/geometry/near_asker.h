/* near_asker.h - one who asks for the nearest places, from within. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_ASKER_H
#define ELCANO_SRC_GEOMETRY_NEAR_ASKER_H

#include "geometry/near.h"
#include "geometry/near_best.h"
#include "geometry/near_squares.h"

struct elc_nearby_asker {
    const elc_nearby *near;
    elc_nearby_question question;
    near_reader reader;
    near_shape left;
    near_piece *pieces; /* of the left place */
    size_t n_pieces, piece_capacity;
    near_areas areas;
    elc_zone_hits hits;
    const near_reach *reach; /* of the pieces, for all that are within; may be NULL */
    size_t n_within;         /* points that asked so, till then */
    elc_near_squares *squares;
    near_best best, lines; /* lines: spots by straight lines in space */
    /* all that are within: which have come, and marks of those */
    bool all;
    bool rough; /* the distances are the most that they can be */
    uint32_t *places;
    size_t n_places, place_capacity;
    uint8_t *has;
    elc_status status;
    /* of the piece that asks */
    elc_point q[2];
    near_chord chord;
    double box[6];
    bool point, covered;
};

static inline void elc_nearby_note(elc_nearby_asker *a, uint32_t place) {
    if (a->has[place] || a->status != ELC_OK)
        return;
    a->status = elc_reserve(&a->places, &a->place_capacity, a->n_places + 1,
                            sizeof *a->places, NULL);
    if (a->status != ELC_OK)
        return;
    a->has[place] = 1;
    a->places[a->n_places++] = place;
}

static inline bool elc_nearby_would_count(const elc_nearby_asker *a, double distance,
                                          uint32_t place) {
    return a->all ? distance <= a->best.most
                  : elc_nearby_counts(&a->best, distance, place);
}

static inline void elc_nearby_offer(elc_nearby_asker *a, double distance,
                                    uint32_t place) {
    if (!a->all)
        elc_nearby_take(&a->best, distance, place);
    else if (distance <= a->best.most)
        elc_nearby_note(a, place);
}

/* Sets the piece that asks. */
void elc_nearby_begin_piece(elc_nearby_asker *a, const near_piece *piece);
/* Offers the spots and the pieces that it is near to. */
void elc_nearby_look_at_spots(elc_nearby_asker *a);
void elc_nearby_look_at_pieces(elc_nearby_asker *a);
/* Offers what left polygons hold, and right ones that hold the left place. */
elc_status elc_nearby_look_inside(elc_nearby_asker *a, elc_error *err);
/* Offers the right polygons that hold a point. */
elc_status elc_nearby_look_around(elc_nearby_asker *a, elc_point p, elc_error *err);
/* Offers the pieces of a cell of the grid that the point that asks is in. */
void elc_nearby_look_at_cell(elc_nearby_asker *a, size_t cell);

#endif
