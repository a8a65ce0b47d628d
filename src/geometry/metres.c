/* metres.c - metres on the ellipsoid between a point and a place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/places.h"

#include <math.h>

/* Metres that a degree is at most; halvings that leave less than a nanometre. */
#define METRES_A_DEGREE_MOST 111700.0
enum { HALVINGS = 48 };

typedef struct nearest {
    elc_point p;
    double best;
} nearest;

/* A segment is straight in longitude and latitude, as it is for all predicates. */
static elc_point along(elc_point a, elc_point b, double t) {
    return (elc_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

/* The longest that it can be on the ground. */
static double length_most(elc_point a, elc_point b) {
    double low = a.y * b.y <= 0 ? 0 : fmin(fabs(a.y), fabs(b.y));
    double dx = (b.x - a.x) * cos(low * M_PI / 180), dy = b.y - a.y;
    return METRES_A_DEGREE_MOST * hypot(dx, dy);
}

/* The distance falls and then rises along a short piece: golden section. */
static void look_closely(nearest *n, elc_point a, elc_point b) {
    const double golden = 0.6180339887498949;
    double low = 0, high = 1, t0 = 1 - golden, t1 = golden;
    double d0 = elc_distance_m(n->p, along(a, b, t0));
    double d1 = elc_distance_m(n->p, along(a, b, t1));
    for (int i = 0; i < HALVINGS; i++) {
        if (d0 < d1) {
            high = t1;
            t1 = t0;
            d1 = d0;
            t0 = high - golden * (high - low);
            d0 = elc_distance_m(n->p, along(a, b, t0));
        } else {
            low = t0;
            t0 = t1;
            d0 = d1;
            t1 = low + golden * (high - low);
            d1 = elc_distance_m(n->p, along(a, b, t1));
        }
    }
    n->best = fmin(n->best, fmin(d0, d1));
}

static void look_at_piece(nearest *n, elc_point a, elc_point b) {
    double from = elc_distance_m(n->p, a), to = elc_distance_m(n->p, b);
    n->best = fmin(n->best, fmin(from, to));
    if ((from + to - length_most(a, b)) / 2 < n->best)
        look_closely(n, a, b);
}

/* In pieces of at most a degree. */
static void look_at_segment(nearest *n, elc_point a, elc_point b) {
    int pieces = (int)fmin(720, ceil(fmax(fabs(b.x - a.x), fabs(b.y - a.y))));
    for (int i = 0; i < pieces; i++)
        look_at_piece(n, along(a, b, (double)i / pieces),
                      i + 1 == pieces ? b : along(a, b, (i + 1.0) / pieces));
}

static elc_status look_at_line(GEOSContextHandle_t geos, nearest *n,
                               const GEOSGeometry *line) {
    const GEOSCoordSequence *c = GEOSGeom_getCoordSeq_r(geos, line);
    unsigned count = 0;
    elc_point last = {0, 0}, p;
    if (c == NULL || !GEOSCoordSeq_getSize_r(geos, c, &count))
        return ELC_E_INTERNAL;
    for (unsigned i = 0; i < count; i++) {
        GEOSCoordSeq_getXY_r(geos, c, i, &p.x, &p.y);
        if (i == 0)
            n->best = fmin(n->best, elc_distance_m(n->p, p));
        else
            look_at_segment(n, last, p);
        last = p;
    }
    return ELC_OK;
}

static elc_status look_at(GEOSContextHandle_t geos, nearest *n,
                          const GEOSGeometry *shape) {
    int type = GEOSGeomTypeId_r(geos, shape), count;
    switch (type) {
    case GEOS_POINT:
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
        return GEOSisEmpty_r(geos, shape) ? ELC_OK : look_at_line(geos, n, shape);
    case GEOS_POLYGON:
        count = GEOSGetNumInteriorRings_r(geos, shape);
        ELC_TRY(look_at_line(geos, n, GEOSGetExteriorRing_r(geos, shape)));
        for (int i = 0; i < count; i++)
            ELC_TRY(look_at_line(geos, n, GEOSGetInteriorRingN_r(geos, shape, i)));
        return ELC_OK;
    default:
        count = GEOSGetNumGeometries_r(geos, shape);
        for (int i = 0; i < count; i++)
            ELC_TRY(look_at(geos, n, GEOSGetGeometryN_r(geos, shape, i)));
        return ELC_OK;
    }
}

elc_status elc_places_metres(GEOSContextHandle_t geos, const GEOSGeometry *a,
                             const GEOSGeometry *b, double *out) {
    if (GEOSGeomTypeId_r(geos, a) != GEOS_POINT) {
        const GEOSGeometry *other = a;
        a = b;
        b = other;
    }
    nearest n = {.best = INFINITY};
    if (GEOSGeomTypeId_r(geos, a) != GEOS_POINT || !GEOSGeomGetX_r(geos, a, &n.p.x) ||
        !GEOSGeomGetY_r(geos, a, &n.p.y))
        return ELC_E_UNSUPPORTED;
    char meets = GEOSIntersects_r(geos, a, b);
    if (meets == 2)
        return ELC_E_UNSUPPORTED;
    if (meets == 0)
        ELC_TRY(look_at(geos, &n, b));
    *out = meets == 1 ? 0 : n.best;
    return ELC_OK;
}
