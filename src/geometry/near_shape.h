/* near_shape.h - a geometry as points, pieces of lines, and what is inside of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_SHAPE_H
#define ELCANO_SRC_GEOMETRY_NEAR_SHAPE_H

#include <elcano/geometry.h>

#include <geos_c.h>

/* What is straight from a to b; a = b: a point. In metres a degree at most. */
typedef struct near_piece {
    elc_point a, b;
    uint32_t place;
    bool first; /* of what hangs together: the rest of that does too */
} near_piece;

typedef enum near_kind { NEAR_POINT, NEAR_LINE, NEAR_RING, NEAR_HOLE } near_kind;

typedef struct near_part {
    size_t first, n; /* of the points */
    near_kind kind;
} near_part;

/* Start with {0}. */
typedef struct near_shape {
    elc_point *points;
    near_part *parts;
    size_t n_points, point_capacity, n_parts, part_capacity;
    elc_point low, high; /* of all points */
} near_shape;

/* Reads geometries. One thread's. */
typedef struct near_reader {
    GEOSContextHandle_t geos;
    GEOSWKBReader *reader;
    char said[300];
    elc_string moved; /* a shape's bytes */
    bool metres;      /* coordinates must be longitudes and latitudes */
} near_reader;

elc_status elc_nearby_reader_open(near_reader *r, bool metres, elc_error *err);
void elc_nearby_reader_close(near_reader *r);

/* Replaces the shape; it has no parts where the state is not SOUND. */
elc_status elc_nearby_shape_read(near_shape *shape, near_reader *reader,
                                 const void *wkb, size_t size, elc_transform *way,
                                 elc_place_state *state, elc_error *err);
/* The same with a point. */
elc_status elc_nearby_shape_point(near_shape *shape, elc_point p, bool metres,
                                  elc_transform *way, elc_place_state *state,
                                  elc_error *err);
void elc_nearby_shape_free(near_shape *shape);

/* Appends the pieces of place `number`, in metres cut at a degree. */
elc_status elc_nearby_shape_pieces(const near_shape *shape, uint32_t number,
                                   bool metres, near_piece **pieces, size_t *n,
                                   size_t *capacity, elc_error *err);
/* Whether there is a polygon; and adds each to `zones`, from *number on, which rises.
 */
bool elc_nearby_shape_is_area(const near_shape *shape);
elc_status elc_nearby_shape_zones(const near_shape *shape, elc_zones *zones,
                                  uint32_t *number, elc_error *err);

#endif
