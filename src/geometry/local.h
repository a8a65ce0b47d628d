/* local.h - a plane that touches the ellipsoid at a place (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_LOCAL_H
#define ELCANO_SRC_GEOMETRY_LOCAL_H

#include <elcano/geo.h>

#include <geodesic.h>

/* The azimuthal equidistant projection of WGS 84's ellipsoid: distances and directions
   from the centre are true (Karney 2013, section 14). */
typedef struct elc_local {
    struct geod_geodesic globe;
    elc_point centre; /* longitude, latitude */
} elc_local;

/* Round the mean of n > 0 points of longitude and latitude, as directions in space. */
void elc_local_create(elc_local *local, const elc_point *lonlat, size_t n);
/* To metres east and north of the centre, and back. */
elc_point elc_local_plane(const elc_local *local, elc_point lonlat);
elc_point elc_local_lonlat(const elc_local *local, elc_point plane);

#endif
