/* near_pair.c - the distance between two points or pieces of lines. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near.h"

#include <math.h>

#include "geometry/metres_pieces.h"
#include "geometry/side.h"

static bool is_point(const elc_point piece[2]) {
    return piece[0].x == piece[1].x && piece[0].y == piece[1].y;
}

/* ---- whether they meet, exactly ---------------------------------------------------
 */

static bool apart(double a0, double a1, double b0, double b1) {
    return fmax(a0, a1) < fmin(b0, b1) || fmax(b0, b1) < fmin(a0, a1);
}

/* Neither lies on one side of the other's line, and their boxes meet: of what is on one
   line the boxes say it. */
static bool meet(const elc_point a[2], const elc_point b[2]) {
    if (apart(a[0].x, a[1].x, b[0].x, b[1].x) || apart(a[0].y, a[1].y, b[0].y, b[1].y))
        return false;
    return elc_side(a[0], a[1], b[0]) * elc_side(a[0], a[1], b[1]) <= 0 &&
           elc_side(b[0], b[1], a[0]) * elc_side(b[0], b[1], a[1]) <= 0;
}

/* ---- the plane --------------------------------------------------------------------
 */

static double between(elc_point a, elc_point b) {
    double x = b.x - a.x, y = b.y - a.y;
    return sqrt(x * x + y * y);
}

/* As GEOS has it (Distance::pointToSegment), but for points that are on the line. */
static double to_piece(elc_point p, const elc_point piece[2], double margin) {
    elc_point a = piece[0], b = piece[1], at[2] = {p, p};
    double x = b.x - a.x, y = b.y - a.y, length2 = x * x + y * y, d;
    double r = ((p.x - a.x) * x + (p.y - a.y) * y) / length2;
    if (!(r > 0))
        d = between(a, p);
    else if (r >= 1)
        d = between(b, p);
    else
        d = fabs(((a.y - p.y) * x - (a.x - p.x) * y) / length2) * sqrt(length2);
    return d <= margin && meet(at, piece) ? 0 : d;
}

double elc_nearby_plane(const elc_point one[2], const elc_point other[2],
                        double margin) {
    bool point = is_point(one), to_point = is_point(other);
    if (point && to_point)
        return between(one[0], other[0]);
    if (point || to_point)
        return point ? to_piece(one[0], other, margin)
                     : to_piece(other[0], one, margin);
    if (meet(one, other))
        return 0;
    double from =
        fmin(to_piece(one[0], other, margin), to_piece(one[1], other, margin));
    double to = fmin(to_piece(other[0], one, margin), to_piece(other[1], one, margin));
    return fmin(from, to);
}

/* ---- the ellipsoid ----------------------------------------------------------------
 */

double elc_nearby_metres(const struct geod_geodesic *globe, const elc_point one[2],
                         const elc_point other[2]) {
    double turns = round((one[0].x + one[1].x - other[0].x - other[1].x) / 720);
    elc_point moved[2] = {{other[0].x + 360 * turns, other[0].y},
                          {other[1].x + 360 * turns, other[1].y}};
    return meet(one, moved) ? 0 : elc_metres_pieces(globe, one, other);
}
