/* near_space.c - places of the ellipsoid as points in space, and bounds that they give.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_space.h"

#include <math.h>

#define WGS84_A 6378137.0 /* EPSG:7030, metres */
#define WGS84_F (1 / 298.257223563)
#define WGS84_B (WGS84_A * (1 - WGS84_F))
#define E2      (WGS84_F * (2 - WGS84_F))
#define RADIANS 0.017453292519943295 /* a degree */

void elc_space_point(elc_point lonlat, double out[3]) {
    double lon = lonlat.x * RADIANS, lat = lonlat.y * RADIANS;
    double n = WGS84_A / sqrt(1 - E2 * sin(lat) * sin(lat));
    out[0] = n * cos(lat) * cos(lon);
    out[1] = n * cos(lat) * sin(lon);
    out[2] = n * (1 - E2) * sin(lat);
}

/* The range of a cosine over degrees. */
static void cosines(double from, double to, double *low, double *high) {
    double a = cos(from * RADIANS), b = cos(to * RADIANS);
    *low = fmin(a, b);
    *high = fmax(a, b);
    if (floor(to / 360) * 360 >= from)
        *high = 1;
    if (floor((to - 180) / 360) * 360 + 180 >= from)
        *low = -1;
}

/* The range of a product of a radius, 0 or more, and a cosine. */
static void products(const double r[2], double low, double high, double *box) {
    box[0] = (low < 0 ? r[1] : r[0]) * low - NEAR_SPACE_ROUNDING;
    box[3] = (high > 0 ? r[1] : r[0]) * high + NEAR_SPACE_ROUNDING;
}

void elc_space_box(elc_point low, elc_point high, double box[6]) {
    double nearest = low.y <= 0 && high.y >= 0 ? 0 : fmin(fabs(low.y), fabs(high.y));
    double most[3], least[3], c[2];
    elc_space_point((elc_point){0, nearest}, most);
    elc_space_point((elc_point){0, fmax(fabs(low.y), fabs(high.y))}, least);
    double r[2] = {fmax(0, least[0]), most[0]};
    cosines(low.x, high.x, &c[0], &c[1]);
    products(r, c[0], c[1], box);
    cosines(low.x - 90, high.x - 90, &c[0], &c[1]);
    products(r, c[0], c[1], box + 1);
    elc_space_point((elc_point){0, low.y}, least);
    elc_space_point((elc_point){0, high.y}, most);
    box[2] = least[2] - NEAR_SPACE_ROUNDING;
    box[5] = most[2] + NEAR_SPACE_ROUNDING;
}

/* An eighth of the greatest second derivative, of which no part is longer than the
   ellipsoid's radii of curvature allow. */
double elc_space_sag(elc_point a, elc_point b) {
    double turned = (fabs(b.x - a.x) + fabs(b.y - a.y)) * RADIANS;
    return 6500000 * turned * turned / 8 + NEAR_SPACE_ROUNDING;
}

double elc_space_line_most(double geodesic) {
    double half = geodesic / 2 / WGS84_B;
    double line = half < M_PI / 2 ? 2 * WGS84_A * sin(half) : INFINITY;
    return fmin(geodesic, line) + NEAR_SPACE_ROUNDING;
}

double elc_space_geodesic_most(double line) {
    double radius = WGS84_B * (WGS84_B / WGS84_A), half = line / 2 / radius;
    return half < 0.9 ? 2 * radius * asin(half) + NEAR_SPACE_ROUNDING : INFINITY;
}

double elc_space_to_piece(const double p[3], const double a[3], const double b[3]) {
    double along = 0, length2 = elc_space_distance2(a, b), nearest[3];
    for (int i = 0; i < 3; i++)
        along += (p[i] - a[i]) * (b[i] - a[i]);
    double t = length2 > 0 ? fmin(1, fmax(0, along / length2)) : 0;
    for (int i = 0; i < 3; i++)
        nearest[i] = a[i] + t * (b[i] - a[i]);
    return sqrt(elc_space_distance2(p, nearest));
}

static double dot(const double a[3], const double b[3]) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Where the lines are nearest if that is inside of both pieces, else at an end of one.
 */
double elc_space_between(const double a[3], const double b[3], const double c[3],
                         const double d[3]) {
    double u[3], v[3], w[3], at[3], best = INFINITY;
    for (int i = 0; i < 3; i++) {
        u[i] = b[i] - a[i];
        v[i] = d[i] - c[i];
        w[i] = a[i] - c[i];
    }
    double uu = dot(u, u), uv = dot(u, v), vv = dot(v, v), uw = dot(u, w),
           vw = dot(v, w);
    double s = (uv * vw - vv * uw) / (uu * vv - uv * uv);
    if (s > 0 && s < 1) {
        for (int i = 0; i < 3; i++)
            at[i] = a[i] + s * u[i];
        best = elc_space_to_piece(at, c, d);
    }
    best = fmin(best, fmin(elc_space_to_piece(a, c, d), elc_space_to_piece(b, c, d)));
    return fmin(best, fmin(elc_space_to_piece(c, a, b), elc_space_to_piece(d, a, b)));
}
