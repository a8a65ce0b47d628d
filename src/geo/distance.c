/* distance.c - lengths, directions and areas on WGS 84's ellipsoid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>

#include <geodesic.h>

#include "geo/utm.h"

static struct geod_geodesic wgs84(void) {
    struct geod_geodesic g;
    geod_init(&g, WGS84_A, WGS84_F);
    return g;
}

static bool is_place(elc_point p) {
    return isfinite(p.x) && isfinite(p.y) && fabs(p.y) <= 90;
}

double elc_distance_m(elc_point a, elc_point b) {
    if (!is_place(a) || !is_place(b))
        return NAN;
    struct geod_geodesic g = wgs84();
    double metres = NAN;
    geod_inverse(&g, a.y, a.x, b.y, b.x, &metres, NULL, NULL);
    return metres;
}

double elc_azimuth_deg(elc_point a, elc_point b) {
    if (!is_place(a) || !is_place(b))
        return NAN;
    struct geod_geodesic g = wgs84();
    double degrees = NAN;
    geod_inverse(&g, a.y, a.x, b.y, b.x, NULL, &degrees, NULL);
    return degrees;
}

elc_point elc_destination(elc_point from, double azimuth_deg, double metres) {
    elc_point to = {NAN, NAN};
    if (!is_place(from) || !isfinite(azimuth_deg) || !isfinite(metres))
        return to;
    struct geod_geodesic g = wgs84();
    geod_direct(&g, from.y, from.x, azimuth_deg, metres, &to.y, &to.x, NULL);
    return to;
}

double elc_ring_area_m2(const elc_point *ring, size_t n, double *perimeter_m) {
    struct geod_geodesic g = wgs84();
    struct geod_polygon polygon;
    double area = NAN, perimeter = NAN;
    bool known = true;
    geod_polygon_init(&polygon, 0);
    for (size_t i = 0; i < n && known; i++) {
        known = is_place(ring[i]);
        geod_polygon_addpoint(&g, &polygon, ring[i].y, ring[i].x);
    }
    if (known)
        geod_polygon_compute(&g, &polygon, 0, 1, &area, &perimeter);
    if (perimeter_m)
        *perimeter_m = perimeter;
    return area;
}
