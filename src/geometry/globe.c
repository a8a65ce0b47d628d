/* globe.c - shapes in longitude and latitude, cut where the plane of them ends. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/globe.h"

#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>

bool elc_globe_wraps(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    double low = 0, high = 0;
    if (!GEOSGeom_getXMin_r(geos, shape, &low) ||
        !GEOSGeom_getXMax_r(geos, shape, &high))
        return false;
    return low < -180 || high > 180 || high - low > 180;
}

bool elc_globe_leaves(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    double low = 0, high = 0;
    return GEOSGeom_getXMin_r(geos, shape, &low) &&
           GEOSGeom_getXMax_r(geos, shape, &high) && (low < -180 || high > 180);
}

static elc_status failed(elc_error *err) {
    return elc_fail(err, ELC_E_INTERNAL, "a footprint cannot be cut at 180 degrees");
}

static elc_status read_points(GEOSContextHandle_t geos, const GEOSGeometry *ring,
                              elc_point **out, size_t *n, elc_error *err) {
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, ring);
    unsigned size = 0;
    if (!points || !GEOSCoordSeq_getSize_r(geos, points, &size))
        return failed(err);
    ELC_TRY(elc_alloc(size, sizeof **out, out, err));
    for (unsigned i = 0; i < size; i++)
        GEOSCoordSeq_getXY_r(geos, points, i, &(*out)[i].x, &(*out)[i].y);
    *n = size;
    return ELC_OK;
}

/* Zero wide bridges along the antimeridian, which join the pieces of a ring that
   crosses it more than twice, are no area: a buffer of nothing drops them. */
static elc_status read_pieces(GEOSContextHandle_t geos, const elc_string *wkb,
                              GEOSGeometry **out, elc_error *err) {
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *pieces =
        reader ? GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb->data,
                                      wkb->size)
               : NULL;
    if (reader)
        GEOSWKBReader_destroy_r(geos, reader);
    *out = pieces ? GEOSBuffer_r(geos, pieces, 0, 1) : NULL;
    GEOSGeom_destroy_r(geos, pieces);
    return *out ? ELC_OK : failed(err);
}

/* What a ring goes round. */
static elc_status cut_ring(GEOSContextHandle_t geos, const GEOSGeometry *ring,
                           GEOSGeometry **out, elc_error *err) {
    elc_point *points = NULL;
    elc_string wkb = {0};
    size_t n = 0;
    elc_status status = read_points(geos, ring, &points, &n, err);
    if (status == ELC_OK)
        status = elc_wkb_polygon_lonlat(points, n, &wkb, err);
    if (status == ELC_OK)
        status = read_pieces(geos, &wkb, out, err);
    elc_string_free(&wkb);
    free(points);
    return status;
}

/* Replaces *to, which it frees, by `a` and `b` put together; takes `b`, too. */
static elc_status
put_together(GEOSContextHandle_t geos, GEOSGeometry **to, GEOSGeometry *b,
             GEOSGeometry *(*how)(GEOSContextHandle_t, const GEOSGeometry *,
                                  const GEOSGeometry *),
             elc_error *err) {
    GEOSGeometry *a = *to;
    *to = a ? how(geos, a, b) : b;
    if (a) {
        GEOSGeom_destroy_r(geos, a);
        GEOSGeom_destroy_r(geos, b);
    }
    return *to ? ELC_OK : failed(err);
}

static elc_status cut_polygon(GEOSContextHandle_t geos, const GEOSGeometry *polygon,
                              GEOSGeometry **out, elc_error *err) {
    GEOSGeometry *cut = NULL;
    elc_status status = cut_ring(geos, GEOSGetExteriorRing_r(geos, polygon), &cut, err);
    int holes = GEOSGetNumInteriorRings_r(geos, polygon);
    for (int i = 0; i < holes && status == ELC_OK; i++) {
        GEOSGeometry *hole = NULL;
        status = cut_ring(geos, GEOSGetInteriorRingN_r(geos, polygon, i), &hole, err);
        if (status == ELC_OK)
            status = put_together(geos, &cut, hole, GEOSDifference_r, err);
    }
    if (status == ELC_OK)
        *out = cut;
    else
        GEOSGeom_destroy_r(geos, cut);
    return status;
}

elc_status elc_globe_cut(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                         GEOSGeometry **out, elc_error *err) {
    GEOSGeometry *all = NULL;
    elc_status status = ELC_OK;
    int n = GEOSGetNumGeometries_r(geos, shape);
    for (int i = 0; i < n && status == ELC_OK; i++) {
        GEOSGeometry *polygon = NULL;
        status = cut_polygon(geos, GEOSGetGeometryN_r(geos, shape, i), &polygon, err);
        if (status == ELC_OK)
            status = put_together(geos, &all, polygon, GEOSUnion_r, err);
    }
    if (status == ELC_OK)
        *out = all;
    else
        GEOSGeom_destroy_r(geos, all);
    return status;
}

/* ---- folding --------------------------------------------------------------------- */

static int turn_point(double *x, double *y, void *arg) {
    (void)y;
    *x -= *(const double *)arg;
    return 1;
}

/* The parts of a shape's own dimension; takes it. */
static GEOSGeometry *keep_parts(GEOSContextHandle_t geos, GEOSGeometry *shape,
                                int dimension) {
    if (shape == NULL || GEOSGeomTypeId_r(geos, shape) != GEOS_GEOMETRYCOLLECTION)
        return shape;
    GEOSGeometry *all = NULL;
    int n = GEOSGetNumGeometries_r(geos, shape);
    for (int i = 0; i < n; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, shape, i);
        if (GEOSGeom_getDimensions_r(geos, part) != dimension)
            continue;
        GEOSGeometry *more =
            all == NULL ? GEOSGeom_clone_r(geos, part) : GEOSUnion_r(geos, all, part);
        GEOSGeom_destroy_r(geos, all);
        all = more;
    }
    GEOSGeom_destroy_r(geos, shape);
    return all;
}

/* What lies in the turn that is so many degrees further; NULL: nothing. */
static GEOSGeometry *take_turn(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                               double turn, bool *failed_there) {
    double low = 0, high = 0;
    int dimension = GEOSGeom_getDimensions_r(geos, shape);
    GEOSGeom_getYMin_r(geos, shape, &low);
    GEOSGeom_getYMax_r(geos, shape, &high);
    GEOSGeometry *band =
        GEOSGeom_createRectangle_r(geos, turn - 180, low - 1, turn + 180, high + 1);
    GEOSGeometry *piece = band ? GEOSIntersection_r(geos, shape, band) : NULL;
    GEOSGeom_destroy_r(geos, band);
    *failed_there |= piece == NULL;
    piece = keep_parts(geos, piece, dimension);
    GEOSGeometry *moved = NULL;
    if (piece != NULL && GEOSisEmpty_r(geos, piece) == 0 &&
        GEOSGeom_getDimensions_r(geos, piece) == dimension) {
        moved = GEOSGeom_transformXY_r(geos, piece, turn_point, &turn);
        *failed_there |= moved == NULL;
    }
    GEOSGeom_destroy_r(geos, piece);
    return moved;
}

GEOSGeometry *elc_globe_fold(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    enum { TURNS_MOST = 4 };
    double low = 0, high = 0;
    bool fails = !GEOSGeom_getXMin_r(geos, shape, &low) ||
                 !GEOSGeom_getXMax_r(geos, shape, &high);
    double first = floor((low + 180) / 360), last = floor((high + 180) / 360);
    GEOSGeometry *all = NULL;
    fails |= !(last - first < TURNS_MOST);
    for (double k = first; k <= last && !fails; k++) {
        GEOSGeometry *piece = take_turn(geos, shape, 360 * k, &fails);
        if (piece != NULL)
            fails |= put_together(geos, &all, piece, GEOSUnion_r, NULL) != ELC_OK;
    }
    if (!fails)
        return all;
    GEOSGeom_destroy_r(geos, all);
    return NULL;
}
