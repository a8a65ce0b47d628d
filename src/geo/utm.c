/* utm.c - Universal Transverse Mercator on WGS 84: zones, and points in bulk. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/utm.h"

#include <math.h>

enum { ZONES = 60, DEGREES = 6 };

/* Norway's zone 32 is wider, and Svalbard has no zones 32, 34 and 36 (NGA.SIG.0012,
   section 7). */
static int exception(double lon, double lat) {
    if (lat >= 56 && lat < 64 && lon >= 3 && lon < 12)
        return 32;
    if (lat >= 72 && lon >= 0 && lon < 42)
        return lon < 9 ? 31 : lon < 21 ? 33 : lon < 33 ? 35 : 37;
    return 0;
}

int elc_utm_zone(elc_point lonlat) {
    double lon = remainder(lonlat.x, 360), lat = lonlat.y;
    if (isnan(lon) || !(lat >= -80 && lat <= 84))
        return 0;
    if (lon == 180)
        lon = -180;
    int special = exception(lon, lat);
    if (special)
        return special;
    int zone = (int)floor(lon / DEGREES) + 31;
    return lon < zone * DEGREES - 186 ? zone - 1 : zone; /* the division rounds */
}

void elc_utm_create(elc_tm *tm, int zone, bool south) {
    elc_tm_create(tm, WGS84_A, WGS84_F, zone * DEGREES - 183, 0.9996, 500000,
                  south ? 10000000 : 0);
}

static size_t count_lost(const elc_point *points, size_t n) {
    size_t lost = 0;
    for (size_t i = 0; i < n; i++)
        lost += isnan(points[i].x) ? 1 : 0;
    return lost;
}

static bool create_checked(elc_tm *tm, int zone, bool south, elc_point *points,
                           size_t n) {
    bool known = zone >= 1 && zone <= ZONES;
    if (known)
        elc_utm_create(tm, zone, south);
    for (size_t i = 0; i < n && !known; i++)
        points[i] = (elc_point){NAN, NAN};
    return known;
}

size_t elc_utm_from_lonlat(int zone, bool south, elc_point *points, size_t n) {
    elc_tm tm;
    if (create_checked(&tm, zone, south, points, n))
        elc_tm_choose()->forward(&tm, points, n);
    return count_lost(points, n);
}

size_t elc_utm_to_lonlat(int zone, bool south, elc_point *points, size_t n) {
    elc_tm tm;
    if (create_checked(&tm, zone, south, points, n))
        elc_tm_choose()->inverse(&tm, points, n);
    return count_lost(points, n);
}
