/* near_space.h - places of the ellipsoid as points in space, and bounds that they give.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_SPACE_H
#define ELCANO_SRC_GEOMETRY_NEAR_SPACE_H

#include <elcano/geo.h>

/* Metres that rounding moves points in space and geodesics by, and more. */
#define NEAR_SPACE_ROUNDING 1e-6

/* Earth-centred x, y, z of longitude and latitude on WGS 84, in metres. */
void elc_space_point(elc_point lonlat, double out[3]);
/* A box in space that holds all places of a box in longitude and latitude. */
void elc_space_box(elc_point low, elc_point high, double box[6]);
/* How far what is straight in longitude and latitude from a to b, a degree at most,
   leaves the straight line in space between them. */
double elc_space_sag(elc_point a, elc_point b);

/* The longest that the straight line between two places can be whose geodesic has a
   length: it is no longer than the geodesic, and by the sphere of reduced latitudes,
   which the ellipsoid is a stretching of by at least b and at most a, no longer than
   2 a sin(s / 2 b). */
double elc_space_line_most(double geodesic);
/* The longest that the geodesic can be, given the straight line: no path on the
   ellipsoid that is straight there bends more than a circle of radius b^2 / a (Schur).
   Infinite where the line is over nine tenths of such a circle's diameter. */
double elc_space_geodesic_most(double line);

static inline double elc_space_distance2(const double a[3], const double b[3]) {
    double x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
    return x * x + y * y + z * z;
}
/* From a point to the straight piece between a and b. */
double elc_space_to_piece(const double p[3], const double a[3], const double b[3]);
/* Between the straight pieces from a to b and from c to d. */
double elc_space_between(const double a[3], const double b[3], const double c[3],
                         const double d[3]);

#endif
