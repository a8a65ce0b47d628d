/* near_reach.h - which pieces are within a distance of a cell of a grid. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_REACH_H
#define ELCANO_SRC_GEOMETRY_NEAR_REACH_H

#include "geometry/near_shape.h"

/* A piece in space: it is at most `sag` from the straight line between its ends. */
typedef struct near_chord {
    double a[3], b[3], sag;
} near_chord;

typedef struct near_set {
    near_piece *pieces;
    near_chord *chords; /* in metres only */
} near_set;

/* Columns and rows rise with x and y however they are rounded, so that the cells
   between those of a box's corners hold all of its points. */
typedef struct near_reach {
    double distance;
    bool made;     /* asks answer */
    near_set set;  /* borrowed */
    double box[4]; /* of all that is within the distance */
    double to_column, to_row;
    uint32_t side;    /* columns, and rows: a power of 2 */
    size_t total;     /* of the pieces of all cells */
    uint64_t *any;    /* a bit for each cell that has pieces */
    uint32_t *starts; /* of each cell, and the end */
    uint32_t *pieces; /* numbers of pieces, cell by cell */
    struct near_reach *next;
} near_reach;

/* The grid of pieces and a distance. None is made where cells would have many pieces,
   or, in metres, the distance goes over a pole or the antimeridian: walks answer those.
   `largest`: of all coordinates. */
elc_status elc_nearby_reach_create(const near_set *set, size_t n, bool metres,
                                   double largest, double distance, near_reach **out,
                                   elc_error *err);
void elc_nearby_reach_free(near_reach *reach);
size_t elc_nearby_reach_bytes(const near_reach *reach);

static inline uint32_t elc_nearby_slot(double v, double from, double scale,
                                       uint32_t n) {
    double at = (v - from) * scale;
    return !(at > 0) ? 0 : at >= n ? n - 1 : (uint32_t)at;
}

/* The cell of a point, SIZE_MAX where no piece is within the distance of it. */
static inline size_t elc_nearby_reach_cell(const near_reach *r, elc_point p) {
    if (!(p.x >= r->box[0] && p.x <= r->box[2] && p.y >= r->box[1] && p.y <= r->box[3]))
        return SIZE_MAX;
    size_t cell =
        (size_t)elc_nearby_slot(p.y, r->box[1], r->to_row, r->side) * r->side +
        elc_nearby_slot(p.x, r->box[0], r->to_column, r->side);
    return r->any[cell / 64] >> cell % 64 & 1 ? cell : SIZE_MAX;
}

/* Fetches the memory of what these points ask for, ELC_NEARBY_EXPECTED at most. */
void elc_nearby_reach_expect(const near_reach *reach, const elc_point *points,
                             size_t n);

#endif
