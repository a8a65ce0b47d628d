/* ground.c - places as points in space, and the plane around one of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ground.h"

#include <math.h>

/* WGS 84's ellipsoid, EPSG:7030. */
#define AXIS_M     6378137.0
#define FLATTENING (1 / 298.257223563)
#define SQUARED_E  (FLATTENING * (2 - FLATTENING))
#define RADIANS    0.017453292519943295

bool elc_ground_is_place(elc_point lonlat) {
    return fabs(lonlat.x) <= 360 && fabs(lonlat.y) <= 90; /* false for NaN */
}

ground_point elc_ground_point(elc_point lonlat) {
    double lon = lonlat.x * RADIANS, lat = lonlat.y * RADIANS, s = sin(lat);
    double across = AXIS_M / sqrt(1 - SQUARED_E * s * s);
    return (ground_point){across * cos(lat) * cos(lon), across * cos(lat) * sin(lon),
                          across * (1 - SQUARED_E) * s};
}

elc_point elc_ground_lonlat(ground_point p) {
    double lat = atan2(p.z, (1 - SQUARED_E) * hypot(p.x, p.y));
    return (elc_point){atan2(p.y, p.x) / RADIANS, lat / RADIANS};
}

double elc_ground_distance(ground_point a, ground_point b) {
    double x = a.x - b.x, y = a.y - b.y, z = a.z - b.z;
    return sqrt(x * x + y * y + z * z);
}

ground_plane elc_ground_plane(elc_point lonlat) {
    double lon = lonlat.x * RADIANS, lat = lonlat.y * RADIANS;
    double c = cos(lon), s = sin(lon), cc = cos(lat), ss = sin(lat);
    return (ground_plane){.at = elc_ground_point(lonlat),
                          .east = {-s, c, 0},
                          .north = {-ss * c, -ss * s, cc},
                          .up = {cc * c, cc * s, ss}};
}

static double dot(ground_point a, ground_point b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

elc_point elc_ground_on_plane(const ground_plane *plane, ground_point p) {
    const ground_point d = {p.x - plane->at.x, p.y - plane->at.y, p.z - plane->at.z};
    if (dot(plane->up, d) < -AXIS_M * (1 - FLATTENING))
        return (elc_point){NAN, NAN};
    return (elc_point){dot(plane->east, d), dot(plane->north, d)};
}

ground_point elc_ground_off_plane(const ground_plane *plane, elc_point p) {
    const ground_point *e = &plane->east, *n = &plane->north;
    return (ground_point){plane->at.x + p.x * e->x + p.y * n->x,
                          plane->at.y + p.x * e->y + p.y * n->y,
                          plane->at.z + p.x * e->z + p.y * n->z};
}

double elc_ground_to_line(elc_point a, elc_point b) {
    double x = b.x - a.x, y = b.y - a.y, length = x * x + y * y;
    double t = length > 0 ? -(a.x * x + a.y * y) / length : 0;
    t = fmin(fmax(t, 0), 1);
    x = a.x + t * x, y = a.y + t * y;
    return sqrt(x * x + y * y);
}

bool elc_ground_crosses(elc_point a, elc_point b, elc_point p) {
    if ((a.y > p.y) == (b.y > p.y))
        return false;
    return a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) > p.x;
}
