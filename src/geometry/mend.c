/* mend.c - geometries from outside made fit for overlay: valid, of one dimension, cut
   at the antimeridian. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/mend.h"

#include <math.h>
#include <stdlib.h>

#include "geometry/globe.h"

/* ---- parts ---------------------------------------------------------------------- */

typedef struct parts {
    elc_geos *g;
    int dimension;
    double narrow;
    GEOSGeometry **items;
    size_t n, capacity;
} parts;

/* The mean width of a long sliver is twice its area over its perimeter. */
static bool is_narrow(const parts *p, const GEOSGeometry *polygon) {
    double area = 0, length = 0;
    GEOSArea_r(p->g->handle, polygon, &area);
    GEOSLength_r(p->g->handle, polygon, &length);
    return !(2 * area > p->narrow * length);
}

static elc_status keep_part(parts *p, const GEOSGeometry *part, elc_error *err) {
    GEOSContextHandle_t geos = p->g->handle;
    if (GEOSisEmpty_r(geos, part) == 1 ||
        GEOSGeom_getDimensions_r(geos, part) != p->dimension ||
        (p->dimension == 2 && p->narrow > 0 && is_narrow(p, part)))
        return ELC_OK;
    ELC_TRY(elc_reserve(&p->items, &p->capacity, p->n + 1, sizeof *p->items, err));
    GEOSGeometry *copy = GEOSGeom_clone_r(geos, part);
    if (copy == NULL)
        return elc_geos_fail(p->g, "a geometry cannot be copied", err);
    p->items[p->n++] = copy;
    return ELC_OK;
}

static elc_status keep_parts(parts *p, const GEOSGeometry *shape, elc_error *err) {
    GEOSContextHandle_t geos = p->g->handle;
    if (GEOSGeomTypeId_r(geos, shape) < GEOS_MULTIPOINT)
        return keep_part(p, shape, err);
    int n = GEOSGetNumGeometries_r(geos, shape);
    for (int i = 0; i < n; i++)
        ELC_TRY(keep_parts(p, GEOSGetGeometryN_r(geos, shape, i), err));
    return ELC_OK;
}

/* Takes the parts. */
static elc_status put_together(parts *p, GEOSGeometry **out, elc_error *err) {
    static const int multi[] = {GEOS_MULTIPOINT, GEOS_MULTILINESTRING,
                                GEOS_MULTIPOLYGON};
    size_t n = p->n;
    p->n = 0;
    *out = NULL;
    if (n == 0)
        return ELC_OK;
    *out = n == 1 ? p->items[0]
                  : GEOSGeom_createCollection_r(p->g->handle, multi[p->dimension],
                                                p->items, (unsigned)n);
    return *out != NULL ? ELC_OK
                        : elc_geos_fail(p->g, "a geometry cannot be made", err);
}

elc_status elc_geos_parts(elc_geos *g, const GEOSGeometry *shape, int dimension,
                          double narrow, GEOSGeometry **out, elc_error *err) {
    parts p = {.g = g, .dimension = dimension, .narrow = narrow};
    elc_status status = keep_parts(&p, shape, err);
    if (status == ELC_OK)
        status = put_together(&p, out, err);
    for (size_t i = 0; i < p.n; i++)
        GEOSGeom_destroy_r(g->handle, p.items[i]);
    free(p.items);
    return status;
}

/* ---- the antimeridian ----------------------------------------------------------- */

/* An edge of more than half of the globe is meant the short way; one of all of it is
   the edge of a map of the world. */
static bool ring_wraps(elc_geos *g, const GEOSGeometry *ring) {
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(g->handle, ring);
    unsigned n = 0;
    double before = 0, x, y;
    if (points == NULL || !GEOSCoordSeq_getSize_r(g->handle, points, &n))
        return false;
    for (unsigned i = 0; i < n; i++, before = x) {
        GEOSCoordSeq_getXY_r(g->handle, points, i, &x, &y);
        double step = i > 0 ? fabs(x - before) : 0;
        if (fabs(x) > 180 || (step > 180 && step < 360))
            return true;
    }
    return false;
}

static bool polygons_wrap(elc_geos *g, const GEOSGeometry *shape) {
    int type = GEOSGeomTypeId_r(g->handle, shape), n;
    if (type == GEOS_POLYGON)
        return GEOSisEmpty_r(g->handle, shape) == 0 &&
               ring_wraps(g, GEOSGetExteriorRing_r(g->handle, shape));
    if (type < GEOS_MULTIPOINT)
        return false;
    n = GEOSGetNumGeometries_r(g->handle, shape);
    for (int i = 0; i < n; i++)
        if (polygons_wrap(g, GEOSGetGeometryN_r(g->handle, shape, i)))
            return true;
    return false;
}

elc_status elc_geos_cut(elc_geos *g, GEOSGeometry **shape, elc_error *err) {
    GEOSGeometry *polygons = NULL, *cut = NULL;
    if (!polygons_wrap(g, *shape))
        return ELC_OK;
    ELC_TRY(elc_geos_parts(g, *shape, 2, 0, &polygons, err));
    if (polygons == NULL)
        return ELC_OK;
    elc_status status = elc_globe_cut(g->handle, polygons, &cut, err);
    GEOSGeom_destroy_r(g->handle, polygons);
    ELC_TRY(status);
    GEOSGeom_destroy_r(g->handle, *shape);
    *shape = cut;
    return ELC_OK;
}

/* ---- moving --------------------------------------------------------------------- */

static int move_point(double *x, double *y, void *arg) {
    elc_point p = {*x, *y};
    if (elc_transform_points(arg, &p, 1) > 0)
        return 0;
    *x = p.x;
    *y = p.y;
    return 1;
}

elc_status elc_geos_move(elc_geos *g, const GEOSGeometry *shape, elc_transform *way,
                         GEOSGeometry **out, elc_error *err) {
    (void)err;
    *out = GEOSGeom_transformXY_r(g->handle, shape, move_point, way);
    return ELC_OK;
}

/* ---- mending -------------------------------------------------------------------- */

/* Replaces *shape, which it frees. */
static elc_status replace(elc_geos *g, GEOSGeometry **shape, GEOSGeometry *by,
                          elc_error *err) {
    if (by == NULL)
        return elc_geos_fail(g, "a geometry cannot be made valid", err);
    GEOSGeom_destroy_r(g->handle, *shape);
    *shape = by;
    return ELC_OK;
}

static elc_status keep_highest(elc_geos *g, GEOSGeometry **shape, elc_error *err) {
    int dimension = GEOSGeom_getDimensions_r(g->handle, *shape);
    GEOSGeometry *kept = NULL;
    ELC_TRY(elc_geos_parts(g, *shape, dimension, 0, &kept, err));
    GEOSGeom_destroy_r(g->handle, *shape);
    *shape = kept;
    return ELC_OK;
}

/* By structure: shells put together, holes taken out. By lines, GEOS's other way, where
   two parts overlap would become a hole. */
static GEOSGeometry *made_valid(elc_geos *g, const GEOSGeometry *shape) {
    GEOSMakeValidParams *how = GEOSMakeValidParams_create_r(g->handle);
    GEOSGeometry *made = NULL;
    if (how != NULL &&
        GEOSMakeValidParams_setMethod_r(g->handle, how, GEOS_MAKE_VALID_STRUCTURE) &&
        GEOSMakeValidParams_setKeepCollapsed_r(g->handle, how, 0))
        made = GEOSMakeValidWithParams_r(g->handle, shape, how);
    GEOSMakeValidParams_destroy_r(g->handle, how);
    return made;
}

/* What is left of a polygon without area is no polygon. */
static elc_status make_valid(elc_geos *g, GEOSGeometry **shape, elc_taken *taken,
                             elc_error *err) {
    int dimension = GEOSGeom_getDimensions_r(g->handle, *shape);
    GEOSGeometry *kept = NULL;
    char valid = GEOSisValid_r(g->handle, *shape);
    if (valid == 1)
        return ELC_OK;
    *taken = ELC_TAKEN_MENDED;
    GEOSGeometry *made = valid == 0 ? made_valid(g, *shape) : NULL;
    ELC_TRY(replace(g, shape, made, err));
    ELC_TRY(elc_geos_parts(g, made, dimension, 0, &kept, err));
    GEOSGeom_destroy_r(g->handle, *shape);
    *shape = kept;
    return ELC_OK;
}

static elc_status mend(elc_geos *g, GEOSGeometry **shape, elc_transform *way,
                       bool globe, elc_taken *taken, elc_error *err) {
    GEOSGeometry *moved = NULL;
    if (!elc_geos_is_finite(g, *shape)) {
        *taken = ELC_TAKEN_NOWHERE;
        return ELC_OK;
    }
    if (way != NULL) {
        ELC_TRY(elc_geos_move(g, *shape, way, &moved, err));
        *taken = moved != NULL ? ELC_TAKEN_SOUND : ELC_TAKEN_NOWHERE;
        if (moved == NULL)
            return ELC_OK;
        ELC_TRY(replace(g, shape, moved, err));
    }
    if (GEOSGeomTypeId_r(g->handle, *shape) == GEOS_GEOMETRYCOLLECTION)
        ELC_TRY(keep_highest(g, shape, err));
    if (*shape != NULL && globe)
        ELC_TRY(elc_geos_cut(g, shape, err));
    return *shape != NULL ? make_valid(g, shape, taken, err) : ELC_OK;
}

elc_status elc_geos_mend(elc_geos *g, const void *wkb, size_t size, elc_transform *way,
                         bool globe, GEOSGeometry **out, elc_taken *taken,
                         elc_error *err) {
    GEOSGeometry *shape = NULL;
    *out = NULL;
    *taken = ELC_TAKEN_SOUND;
    elc_status status = elc_geos_read(g, wkb, size, &shape, err);
    if (status == ELC_E_UNSUPPORTED) {
        *taken = ELC_TAKEN_NOWHERE;
        return ELC_OK;
    }
    ELC_TRY(status);
    status = mend(g, &shape, way, globe, taken, err);
    bool none = status != ELC_OK || *taken == ELC_TAKEN_NOWHERE ||
                (shape != NULL && GEOSisEmpty_r(g->handle, shape) == 1);
    if (none) {
        GEOSGeom_destroy_r(g->handle, shape);
        shape = NULL;
    }
    *out = shape;
    return status;
}
