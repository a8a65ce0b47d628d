/* ground.h - places as points in space, and the plane around one of them: neither the
   antimeridian nor a pole is a special case there. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_GROUND_H
#define ELCANO_SRC_OPERATORS_DEDUPE_GROUND_H

#include <elcano/geo.h>

/* Metres from the Earth's centre, on WGS 84's ellipsoid. */
typedef struct ground_point {
    double x, y, z;
} ground_point;

/* Finite, and a place on Earth. */
bool elc_ground_is_place(elc_point lonlat);
ground_point elc_ground_point(elc_point lonlat);
/* The place below a point that lies on the ellipsoid, or nearly. */
elc_point elc_ground_lonlat(ground_point p);
/* Straight through space: up to 10 km it is the geodesic distance to a millimetre. */
double elc_ground_distance(ground_point a, ground_point b);

/* The plane that touches the ellipsoid at a place: metres to the east and north. */
typedef struct ground_plane {
    ground_point at, east, north, up;
} ground_plane;

ground_plane elc_ground_plane(elc_point lonlat);
/* Seen from straight above; NaN, NaN for what lies beyond the horizon. */
elc_point elc_ground_on_plane(const ground_plane *plane, ground_point p);
/* The point in space of one on the plane. */
ground_point elc_ground_off_plane(const ground_plane *plane, elc_point p);

/* Metres from the origin to the line from a to b. */
double elc_ground_to_line(elc_point a, elc_point b);
/* Whether the line from a to b crosses the half line from `p` to the east: what lies
   inside a ring has an odd number of them. */
bool elc_ground_crosses(elc_point a, elc_point b, elc_point p);

#endif
