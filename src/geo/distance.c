/* distance.c - metres between two places on WGS 84's ellipsoid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>

#include <geodesic.h>

#include "geo/utm.h"

double elc_distance_m(elc_point a, elc_point b) {
    if (!isfinite(a.x) || !isfinite(a.y) || !isfinite(b.x) || !isfinite(b.y))
        return NAN;
    struct geod_geodesic wgs84;
    double metres = NAN;
    geod_init(&wgs84, WGS84_A, WGS84_F);
    geod_inverse(&wgs84, a.y, a.x, b.y, b.x, &metres, NULL, NULL);
    return metres;
}
