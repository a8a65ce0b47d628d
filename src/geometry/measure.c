/* measure.c - area, length, perimeter, centroid, bounds and validity of a geometry. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>

#include <geodesic.h>

#include "geometry/geos.h"

#define WGS84_A 6378137.0 /* EPSG:7030, metres */
#define WGS84_F (1 / 298.257223563)

struct elc_measure {
    elc_geos geos;
    bool geodesic;
    elc_transform *to_lonlat; /* NULL: the geometries are in it */
    struct geod_geodesic globe;
    elc_point *points; /* scratch */
    size_t capacity;
    elc_string reason;
};

elc_status elc_measure_create(const elc_crs *crs, bool geodesic, elc_measure **out,
                              elc_error *err) {
    elc_measure *m;
    ELC_TRY(elc_alloc(1, sizeof *m, &m, err));
    m->geodesic = geodesic;
    geod_init(&m->globe, WGS84_A, WGS84_F);
    elc_status status = elc_geos_open(&m->geos, err);
    if (status == ELC_OK && geodesic && crs != NULL)
        status = elc_transform_create(crs, NULL, &m->to_lonlat, err);
    if (status != ELC_OK) {
        elc_measure_free(m);
        return status;
    }
    *out = m;
    return ELC_OK;
}

void elc_measure_free(elc_measure *m) {
    if (m == NULL)
        return;
    elc_geos_close(&m->geos);
    elc_transform_free(m->to_lonlat);
    elc_string_free(&m->reason);
    free(m->points);
    free(m);
}

/* ---- sizes ---------------------------------------------------------------------- */

static elc_status take_points(elc_measure *m, const GEOSGeometry *line, unsigned *n,
                              elc_error *err) {
    GEOSContextHandle_t geos = m->geos.handle;
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, line);
    if (points == NULL || !GEOSCoordSeq_getSize_r(geos, points, n))
        return elc_geos_fail(&m->geos, "a geometry cannot be measured", err);
    ELC_TRY(elc_reserve(&m->points, &m->capacity, *n, sizeof *m->points, err));
    for (unsigned i = 0; i < *n; i++)
        GEOSCoordSeq_getXY_r(geos, points, i, &m->points[i].x, &m->points[i].y);
    if (m->to_lonlat != NULL)
        elc_transform_points(m->to_lonlat, m->points, *n);
    return ELC_OK;
}

/* Karney 2013, "Algorithms for geodesics". A ring's area is that of its smaller side,
   whichever way it turns. NaN where a point is nowhere. */
static elc_status on_globe(elc_measure *m, const GEOSGeometry *line, bool ring,
                           double *area, double *length, elc_error *err) {
    unsigned n = 0;
    struct geod_polygon walk;
    ELC_TRY(take_points(m, line, &n, err));
    geod_polygon_init(&walk, !ring);
    *area = *length = 0;
    for (unsigned i = 0; i < n; i++) {
        if (!(fabs(m->points[i].y) <= 90) || !isfinite(m->points[i].x)) {
            *area = *length = NAN;
            return ELC_OK;
        }
        geod_polygon_addpoint(&m->globe, &walk, m->points[i].y, m->points[i].x);
    }
    geod_polygon_compute(&m->globe, &walk, 0, 1, area, length);
    *area = ring ? fabs(*area) : 0;
    return ELC_OK;
}

static elc_status globe_polygon(elc_measure *m, const GEOSGeometry *polygon,
                                elc_measured *out, elc_error *err) {
    GEOSContextHandle_t geos = m->geos.handle;
    int holes = GEOSGetNumInteriorRings_r(geos, polygon);
    double whole = 0;
    for (int i = -1; i < holes; i++) {
        double area, length;
        const GEOSGeometry *ring = i < 0 ? GEOSGetExteriorRing_r(geos, polygon)
                                         : GEOSGetInteriorRingN_r(geos, polygon, i);
        ELC_TRY(on_globe(m, ring, true, &area, &length, err));
        whole += i < 0 ? area : -area;
        out->perimeter += length;
    }
    out->area += isnan(whole) ? NAN : fmax(whole, 0);
    return ELC_OK;
}

static elc_status plane_part(elc_measure *m, const GEOSGeometry *part, bool polygon,
                             elc_measured *out, elc_error *err) {
    double area = 0, length = 0;
    if (!GEOSArea_r(m->geos.handle, part, &area) ||
        !GEOSLength_r(m->geos.handle, part, &length))
        return elc_geos_fail(&m->geos, "a geometry cannot be measured", err);
    out->area += area;
    *(polygon ? &out->perimeter : &out->length) += length;
    return ELC_OK;
}

static elc_status add_sizes(elc_measure *m, const GEOSGeometry *shape,
                            elc_measured *out, elc_error *err) {
    GEOSContextHandle_t geos = m->geos.handle;
    double none, length = 0;
    int type = GEOSGeomTypeId_r(geos, shape), n;
    switch (type) {
    case GEOS_POINT: /* no size, unless it is nowhere */
        if (m->geodesic)
            ELC_TRY(on_globe(m, shape, false, &none, &length, err));
        out->area += length;
        out->length += length;
        out->perimeter += length;
        return ELC_OK;
    case GEOS_POLYGON:
        return m->geodesic ? globe_polygon(m, shape, out, err)
                           : plane_part(m, shape, true, out, err);
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
        if (!m->geodesic)
            return plane_part(m, shape, false, out, err);
        ELC_TRY(on_globe(m, shape, false, &none, &length, err));
        out->length += length;
        return ELC_OK;
    default:
        n = GEOSGetNumGeometries_r(geos, shape);
        for (int i = 0; i < n; i++)
            ELC_TRY(add_sizes(m, GEOSGetGeometryN_r(geos, shape, i), out, err));
        return ELC_OK;
    }
}

/* ---- places --------------------------------------------------------------------- */

static elc_status find_bounds(elc_measure *m, const GEOSGeometry *shape,
                              elc_measured *out, elc_error *err) {
    GEOSContextHandle_t geos = m->geos.handle;
    if (GEOSGeom_getXMin_r(geos, shape, &out->box[0]) &&
        GEOSGeom_getYMin_r(geos, shape, &out->box[1]) &&
        GEOSGeom_getXMax_r(geos, shape, &out->box[2]) &&
        GEOSGeom_getYMax_r(geos, shape, &out->box[3]))
        return ELC_OK;
    return elc_geos_fail(&m->geos, "a geometry has no bounds", err);
}

static elc_status find_centroid(elc_measure *m, const GEOSGeometry *shape,
                                elc_measured *out, elc_error *err) {
    GEOSContextHandle_t geos = m->geos.handle;
    GEOSGeometry *middle = GEOSGetCentroid_r(geos, shape);
    bool found = middle != NULL && GEOSisEmpty_r(geos, middle) == 0 &&
                 GEOSGeomGetX_r(geos, middle, &out->centroid.x) &&
                 GEOSGeomGetY_r(geos, middle, &out->centroid.y);
    GEOSGeom_destroy_r(geos, middle);
    return found ? ELC_OK : elc_geos_fail(&m->geos, "a geometry has no centroid", err);
}

static elc_status make_shape(elc_measure *m, const GEOSGeometry *shape,
                             elc_measure_shape wanted, elc_string *out,
                             elc_error *err) {
    GEOSContextHandle_t geos = m->geos.handle;
    GEOSGeometry *made = wanted == ELC_MEASURE_CENTROID ? GEOSGetCentroid_r(geos, shape)
                         : wanted == ELC_MEASURE_HULL   ? GEOSConvexHull_r(geos, shape)
                                                        : GEOSEnvelope_r(geos, shape);
    if (made == NULL)
        return elc_geos_fail(&m->geos, "a geometry has no hull", err);
    elc_status status = elc_geos_write(&m->geos, made, out, err);
    GEOSGeom_destroy_r(geos, made);
    return status;
}

/* ---- validity ------------------------------------------------------------------- */

static elc_status find_validity(elc_measure *m, const GEOSGeometry *shape,
                                elc_measured *out, elc_error *err) {
    GEOSContextHandle_t geos = m->geos.handle;
    char *reason = NULL;
    GEOSGeometry *place = NULL;
    double x = NAN, y = NAN;
    char valid = GEOSisValidDetail_r(geos, shape, 0, &reason, &place);
    elc_status status = ELC_OK;
    out->validity = valid == 1   ? ELC_MEASURE_IS_VALID
                    : valid == 0 ? ELC_MEASURE_IS_INVALID
                                 : ELC_MEASURE_NOT_KNOWN;
    if (place != NULL && GEOSisEmpty_r(geos, place) == 0) {
        GEOSGeomGetX_r(geos, place, &x);
        GEOSGeomGetY_r(geos, place, &y);
    }
    m->reason.size = 0;
    if (valid != 1)
        status = elc_string_printf(&m->reason, err, "%s",
                                   reason != NULL ? reason : elc_geos_reason(&m->geos));
    if (valid != 1 && status == ELC_OK && place != NULL)
        status = elc_string_printf(&m->reason, err, " at %.12g %.12g", x, y);
    out->reason = valid != 1 ? m->reason.data : NULL;
    GEOSFree_r(geos, reason);
    GEOSGeom_destroy_r(geos, place);
    return status;
}

/* What GEOS does not read has no measures, and its reason says why. */
static elc_status keep_reason(elc_measure *m, elc_measured *out, elc_error *err) {
    m->reason.size = 0;
    ELC_TRY(elc_string_printf(&m->reason, err, "%s", elc_geos_reason(&m->geos)));
    out->reason = m->reason.data;
    return ELC_OK;
}

/* ---- one geometry --------------------------------------------------------------- */

static bool is_empty(elc_measure *m, const GEOSGeometry *shape) {
    return GEOSisEmpty_r(m->geos.handle, shape) == 1;
}

static elc_status measure(elc_measure *m, const GEOSGeometry *shape,
                          const elc_measure_wish *wish, elc_measured *out,
                          elc_string *made, elc_error *err) {
    if (wish->validity)
        ELC_TRY(find_validity(m, shape, out, err));
    out->known = elc_geos_is_finite(&m->geos, shape);
    if (!out->known)
        return ELC_OK;
    if (wish->sizes) {
        out->area = out->length = out->perimeter = 0;
        ELC_TRY(add_sizes(m, shape, out, err));
    }
    if (!is_empty(m, shape) && wish->centroid)
        ELC_TRY(find_centroid(m, shape, out, err));
    if (!is_empty(m, shape) && wish->bounds)
        ELC_TRY(find_bounds(m, shape, out, err));
    if (wish->shape != ELC_MEASURE_SAME)
        ELC_TRY(make_shape(m, shape, wish->shape, made, err));
    return ELC_OK;
}

elc_status elc_measure_wkb(elc_measure *m, const void *wkb, size_t size,
                           const elc_measure_wish *wish, elc_measured *out,
                           elc_string *made, elc_error *err) {
    GEOSGeometry *shape = NULL;
    *out = (elc_measured){.area = NAN,
                          .length = NAN,
                          .perimeter = NAN,
                          .centroid = {NAN, NAN},
                          .box = {NAN, NAN, NAN, NAN}};
    elc_status status = elc_geos_read(&m->geos, wkb, size, &shape, err);
    if (status == ELC_E_UNSUPPORTED)
        return keep_reason(m, out, err);
    ELC_TRY(status);
    status = measure(m, shape, wish, out, made, err);
    GEOSGeom_destroy_r(m->geos.handle, shape);
    return status;
}
