/* local.c - a plane that touches the ellipsoid at a place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/local.h"

#include <math.h>

#define WGS84_A 6378137.0 /* EPSG:7030, metres */
#define WGS84_F (1 / 298.257223563)
#define RADIANS 0.017453292519943295 /* a degree */

void elc_local_create(elc_local *local, const elc_point *lonlat, size_t n) {
    double x = 0, y = 0, z = 0;
    for (size_t i = 0; i < n; i++) {
        double lon = lonlat[i].x * RADIANS, lat = lonlat[i].y * RADIANS;
        x += cos(lat) * cos(lon);
        y += cos(lat) * sin(lon);
        z += sin(lat);
    }
    geod_init(&local->globe, WGS84_A, WGS84_F);
    local->centre.x = atan2(y, x) / RADIANS;
    local->centre.y = atan2(z, hypot(x, y)) / RADIANS;
}

elc_point elc_local_plane(const elc_local *local, elc_point p) {
    double metres, azimuth;
    geod_inverse(&local->globe, local->centre.y, local->centre.x, p.y, p.x, &metres,
                 &azimuth, NULL);
    return (elc_point){metres * sin(azimuth * RADIANS),
                       metres * cos(azimuth * RADIANS)};
}

elc_point elc_local_lonlat(const elc_local *local, elc_point p) {
    elc_point out;
    geod_direct(&local->globe, local->centre.y, local->centre.x,
                atan2(p.x, p.y) / RADIANS, hypot(p.x, p.y), &out.y, &out.x, NULL);
    return out;
}
