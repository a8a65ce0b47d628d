/* near.h - the index of places that are asked for the nearest, from within. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_H
#define ELCANO_SRC_GEOMETRY_NEAR_H

#include <elcano/geometry.h>

#include <geodesic.h>

#include "geometry/near_shape.h"
#include "geometry/near_tree.h"

typedef struct near_spot {
    elc_point p;
    uint32_t place;
} near_spot;

/* A piece in space: it is at most `sag` from the straight line between its ends. */
typedef struct near_chord {
    double a[3], b[3], sag;
} near_chord;

/* Polygons, each under a number of its own, and what they cover. */
typedef struct near_areas {
    elc_zones *zones; /* NULL: there are none */
    uint32_t n;
    elc_point low, high;
} near_areas;

struct elc_nearby {
    bool metres;
    bool shared; /* several spots or pieces may be of one place */
    uint32_t count;
    near_reader reader;
    near_shape shape;
    near_spot *spots; /* until they are built; then their points and places */
    elc_point *points;
    uint32_t *places;
    near_piece *pieces; /* these, and the spots, in the order of their tree */
    size_t n_spots, spot_capacity, n_pieces, piece_capacity;
    near_tree spot_tree, piece_tree;
    double (*space)[3]; /* in metres only: of the spots */
    near_chord *chords; /* of the pieces */
    near_areas areas;
    uint32_t *area_places; /* by number */
    size_t area_capacity;
    double largest; /* of all coordinates, without its sign */
    struct geod_geodesic globe;
};

void elc_nearby_chord_of(const near_piece *piece, near_chord *out);

/* Adds the polygons of a shape, and asks which have a point: in metres also those that
   are a turn away. *number = that of the next hit; hits are added to. */
elc_status elc_nearby_areas_add(near_areas *areas, const near_shape *shape,
                                elc_error *err);
elc_status elc_nearby_areas_find(const near_areas *areas, bool metres, elc_point p,
                                 elc_zone_hits *hits,
                                 elc_status (*found)(void *state, uint32_t number,
                                                     elc_error *err),
                                 void *state, elc_error *err);

/* The distance between pieces or points: 0 where they share one. On the plane `margin`
   is how far rounding may move it. */
double elc_nearby_plane(const elc_point one[2], const elc_point other[2],
                        double margin);
double elc_nearby_metres(const struct geod_geodesic *globe, const elc_point one[2],
                         const elc_point other[2]);

#endif
