/* sketch.c - the points of a geometry and what they say of it at a glance. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/sketch.h"

#include "geometry/side.h"
#include "geometry/wkb.h"

#include <math.h>
#include <stdlib.h>

/* Rings of more corners are left to GEOS, which does not look at all pairs of edges. */
enum { EDGES_MOST = 64 };

/* ---- reading --------------------------------------------------------------------- */

static uint32_t type_of(const uint8_t *wkb) {
    uint32_t type = 0;
    for (int i = 0; i < 4; i++)
        type |= (uint32_t)wkb[1 + i] << (wkb[0] == 0 ? 24 - 8 * i : 8 * i);
    type &= 0x1FFFFFFFu; /* PostGIS's bits for Z, M and SRID; ISO adds thousands */
    return type < 4000 ? type % 1000 : type;
}

static void look_at_points(elc_sketch *o) {
    elc_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    o->finite = true;
    for (size_t i = 0; i < o->n; i++) {
        elc_point p = o->points[i];
        o->finite &= isfinite(p.x) && isfinite(p.y);
        box.xmin = p.x < box.xmin ? p.x : box.xmin;
        box.xmax = p.x > box.xmax ? p.x : box.xmax;
        box.ymin = p.y < box.ymin ? p.y : box.ymin;
        box.ymax = p.y > box.ymax ? p.y : box.ymax;
    }
    o->box = box;
}

elc_status elc_sketch_read(elc_sketch *o, const void *wkb, size_t size,
                           elc_error *err) {
    o->n = o->n_ends = 0;
    ELC_TRY(elc_wkb_rings(wkb, size, &o->points, &o->n, &o->capacity, &o->ends,
                          &o->n_ends, &o->end_capacity, err));
    o->type = type_of(wkb);
    look_at_points(o);
    return ELC_OK;
}

void elc_sketch_free(elc_sketch *o) {
    free(o->points);
    free(o->ends);
    *o = (elc_sketch){0};
}

/* ---- what it is ------------------------------------------------------------------ */

static bool is_same(elc_point a, elc_point b) {
    return a.x == b.x && a.y == b.y;
}

/* Sizes for which sides of lines are exact. */
static bool is_of_use(const elc_sketch *o) {
    for (size_t i = 0; i < o->n; i++)
        if (!elc_side_takes(o->points[i].x) || !elc_side_takes(o->points[i].y))
            return false;
    return true;
}

static bool is_line(const elc_sketch *o) {
    for (size_t i = 1; i < o->n; i++)
        if (!is_same(o->points[0], o->points[i]))
            return true;
    return false;
}

static elc_box edge_box(elc_point a, elc_point b) {
    return (elc_box){fmin(a.x, b.x), fmin(a.y, b.y), fmax(a.x, b.x), fmax(a.y, b.y)};
}

/* False also where they may be apart: it is GEOS's to say then. */
static bool are_apart(const elc_point *a, const elc_point *b) {
    elc_box p = edge_box(a[0], a[1]), q = edge_box(b[0], b[1]);
    return !elc_box_meets(&p, &q) ||
           elc_side(a[0], a[1], b[0]) * elc_side(a[0], a[1], b[1]) > 0 ||
           elc_side(b[0], b[1], a[0]) * elc_side(b[0], b[1], a[1]) > 0;
}

/* Neither the way back nor of no length. */
static bool goes_on(elc_point a, elc_point b, elc_point c) {
    return elc_side(a, b, c) != 0 ||
           (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y) > 0;
}

/* A closed ring of n edges, none of which meets another but at their common corner. */
static bool is_simple(const elc_point *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (is_same(p[i], p[i + 1]) ||
            !goes_on(p[i], p[i + 1], p[i + 1 < n ? i + 2 : 1]))
            return false;
        for (size_t k = i + 2; k < n; k++)
            if (!(i == 0 && k == n - 1) && !are_apart(p + i, p + k))
                return false;
    }
    return true;
}

/* Of a ring of four edges, the first point again at the end. */
static bool is_box(const elc_point *p) {
    bool level =
        p[0].y == p[1].y && p[1].x == p[2].x && p[2].y == p[3].y && p[3].x == p[0].x;
    bool upright =
        p[0].x == p[1].x && p[1].y == p[2].y && p[2].x == p[3].x && p[3].y == p[0].y;
    return (level || upright) && p[0].x != p[2].x && p[0].y != p[2].y;
}

bool elc_sketch_is_doubtful(const elc_sketch *o) {
    bool rings = o->type == ELC_WKB_POLYGON || o->type == ELC_WKB_MULTIPOLYGON;
    size_t first = 0;
    for (size_t i = 0; i < o->n_ends; first = o->ends[i++]) {
        size_t n = o->ends[i] - first;
        if (n == 1 ||
            (rings && n > 0 &&
             (n < 4 || !is_same(o->points[first], o->points[o->ends[i] - 1]))))
            return true;
    }
    return o->type == ELC_WKB_COLLECTION;
}

elc_sketch_kind elc_sketch_kind_of(const elc_sketch *o) {
    if (!o->finite || o->n == 0)
        return ELC_SKETCH_OTHER;
    if (o->type == ELC_WKB_POINT)
        return ELC_SKETCH_POINT;
    if (o->n_ends != 1 || !is_of_use(o))
        return ELC_SKETCH_OTHER;
    if (o->type == ELC_WKB_LINE)
        return is_line(o) ? ELC_SKETCH_LINE : ELC_SKETCH_OTHER;
    if (o->type != ELC_WKB_POLYGON || o->n < 4 || o->n > EDGES_MOST + 1 ||
        !is_same(o->points[0], o->points[o->n - 1]))
        return ELC_SKETCH_OTHER;
    if (o->n == 5 && is_box(o->points))
        return ELC_SKETCH_BOX;
    return is_simple(o->points, o->n - 1) ? ELC_SKETCH_RING : ELC_SKETCH_OTHER;
}
