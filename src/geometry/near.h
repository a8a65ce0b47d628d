/* near.h - the index of places that are asked for the nearest, from within. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_H
#define ELCANO_SRC_GEOMETRY_NEAR_H

#include <elcano/geometry.h>

#include <geodesic.h>

#include "geometry/near_lines.h"
#include "geometry/near_shape.h"

typedef struct near_spot {
    elc_point p;
    uint32_t place;
} near_spot;

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
    size_t vertices;
    near_reader reader;
    near_shape shape;
    near_spot *spots; /* until they are built; then their points and places */
    elc_point *points;
    uint32_t *places;
    near_piece *pieces; /* until they are built; then lines' */
    size_t n_spots, spot_capacity, n_pieces, piece_capacity;
    near_tree spot_tree;
    double (*space)[3]; /* in metres only: of the spots */
    near_lines *lines;
    near_areas areas;
    uint32_t *area_places; /* by number */
    size_t area_capacity;
    double largest; /* of all coordinates, without its sign */
    struct geod_geodesic globe;
};

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
