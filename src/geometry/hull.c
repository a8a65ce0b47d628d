/* hull.c - the convex hull of points, on the plane and on the globe.
 *
 * Andrew 1979, "Another efficient algorithm for convex hulls in two dimensions", with
 * the exact side test, so that no rounding leaves a point out. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/local.h"
#include "geometry/side.h"

#define THINNEST 1e-6 /* metres */

/* A point of the plane, and which of the given ones it is. */
typedef struct corner {
    elc_point at;
    size_t number;
} corner;

static int by_place(const void *a, const void *b) {
    elc_point p = ((const corner *)a)->at, q = ((const corner *)b)->at;
    if (p.x != q.x)
        return p.x < q.x ? -1 : 1;
    return p.y < q.y ? -1 : p.y > q.y;
}

static size_t drop_doubles(corner *corners, size_t n) {
    size_t kept = 1;
    for (size_t i = 1; i < n; i++)
        if (by_place(&corners[i], &corners[kept - 1]) != 0)
            corners[kept++] = corners[i];
    return kept;
}

/* Adds a corner to a chain that turns left; those before it that no longer do go. */
static size_t chain(corner *hull, size_t from, size_t n, corner next) {
    while (n >= from + 2 && elc_side(hull[n - 2].at, hull[n - 1].at, next.at) <= 0)
        n--;
    hull[n] = next;
    return n + 1;
}

/* Counter-clockwise, of n sorted corners that differ; `hull` has room for n + 1. */
static size_t wrap(const corner *corners, size_t n, corner *hull) {
    size_t many = 0;
    for (size_t i = 0; i < n; i++)
        many = chain(hull, 0, many, corners[i]);
    size_t lower = many - 1;
    for (size_t i = n - 1; i-- > 0;)
        many = chain(hull, lower, many, corners[i]);
    return n > 1 ? many - 1 : 1;
}

/* ---- hulls without area ---------------------------------------------------------- */

static size_t farthest_from(const corner *hull, size_t n, size_t from) {
    size_t best = from;
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        double far =
            hypot(hull[i].at.x - hull[from].at.x, hull[i].at.y - hull[from].at.y);
        best = far > most ? i : best;
        most = fmax(far, most);
    }
    return best;
}

/* On the globe, where rounding moves points by nanometres, what is thinner than a
   micrometre is a line: its ends are all that is kept. */
static size_t thin_out(corner *hull, size_t n) {
    if (n < 3)
        return n;
    size_t a = farthest_from(hull, n, 0), b = farthest_from(hull, n, a);
    elc_point p = hull[a].at, q = hull[b].at;
    double x = q.x - p.x, y = q.y - p.y, width = 0;
    for (size_t i = 0; i < n; i++) {
        double cross = x * (hull[i].at.y - p.y) - y * (hull[i].at.x - p.x);
        width = fmax(width, fabs(cross) / hypot(x, y));
    }
    if (width > THINNEST)
        return n;
    corner ends[2] = {hull[a < b ? a : b], hull[a < b ? b : a]};
    memcpy(hull, ends, sizeof ends);
    return 2;
}

/* ---- writing --------------------------------------------------------------------- */

static elc_status write_line(const elc_point *ends, elc_string *out, elc_error *err) {
    static const unsigned char head[] = {1, 2, 0, 0, 0, 2, 0, 0, 0};
    ELC_TRY(elc_string_append(out, head, sizeof head, err));
    return elc_string_append(out, ends, 2 * sizeof *ends, err);
}

static double within_half_a_turn(double lon) {
    return lon - 360 * round(lon / 360);
}

/* In two where it goes across the antimeridian. */
static elc_status write_line_lonlat(elc_point a, elc_point b, elc_string *out,
                                    elc_error *err) {
    static const unsigned char head[] = {1, 5, 0, 0, 0, 2, 0, 0, 0};
    a.x = within_half_a_turn(a.x);
    b.x = within_half_a_turn(b.x);
    if (fabs(b.x - a.x) <= 180)
        return write_line((elc_point[]){a, b}, out, err);
    double side = a.x > 0 ? 180 : -180, there = b.x + 2 * side;
    double lat = a.y + (b.y - a.y) * ((side - a.x) / (there - a.x));
    ELC_TRY(elc_string_append(out, head, sizeof head, err));
    ELC_TRY(write_line((elc_point[]){a, {side, lat}}, out, err));
    return write_line((elc_point[]){{-side, lat}, b}, out, err);
}

static elc_status write(const elc_point *ring, size_t n, bool lonlat, elc_string *out,
                        elc_error *err) {
    if (n == 1)
        return elc_wkb_point(ring[0], out, err);
    if (n == 2)
        return lonlat ? write_line_lonlat(ring[0], ring[1], out, err)
                      : write_line(ring, out, err);
    return lonlat ? elc_wkb_polygon_lonlat(ring, n, out, err)
                  : elc_wkb_polygon(ring, n, out, err);
}

static void place(const elc_point *points, size_t n, bool lonlat, corner *out) {
    elc_local plane;
    if (lonlat)
        elc_local_create(&plane, points, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (corner){lonlat ? elc_local_plane(&plane, points[i]) : points[i], i};
}

elc_status elc_wkb_hull(const elc_point *points, size_t n, bool lonlat, elc_string *out,
                        elc_error *err) {
    corner *corners = NULL, *hull = NULL;
    elc_point *ring = NULL;
    elc_status status;
    ELC_TRY_GOTO(elc_alloc(n, sizeof *corners, &corners, err), status, done);
    ELC_TRY_GOTO(elc_alloc(n + 1, sizeof *hull, &hull, err), status, done);
    place(points, n, lonlat, corners);
    qsort(corners, n, sizeof *corners, by_place);
    size_t many = wrap(corners, drop_doubles(corners, n), hull);
    if (lonlat)
        many = thin_out(hull, many);
    ELC_TRY_GOTO(elc_alloc(many, sizeof *ring, &ring, err), status, done);
    for (size_t i = 0; i < many; i++)
        ring[i] = points[hull[i].number];
    status = write(ring, many, lonlat, out, err);
done:
    free(corners);
    free(hull);
    free(ring);
    return status;
}
