/* buffer.c - what lies within so many metres of a geometry on the ellipsoid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "geometry/edit.h"
#include "geometry/local.h"

#define QUARTER  16
#define RADIANS  0.017453292519943295 /* a degree */
#define RADIUS   6371008.8            /* mean, metres */
#define FARTHEST 2e6                  /* metres from the middle of a plane */
/* Most pieces that the extent of a part is cut into, so that its edges keep their bend.
 */
#define MOST_PIECES 1024
/* Edges may be beside those of the CRS by this share of the distance, there and back.
 */
#define SIMPLER        0.0005
#define DEGREE_A_METRE (1 / 111000.0)

/* ---- there and back ------------------------------------------------------------- */

static double extent(elc_geos *g, const GEOSGeometry *shape) {
    double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    GEOSGeom_getXMin_r(g->handle, shape, &x0);
    GEOSGeom_getYMin_r(g->handle, shape, &y0);
    GEOSGeom_getXMax_r(g->handle, shape, &x1);
    GEOSGeom_getYMax_r(g->handle, shape, &y1);
    return fmax(x1 - x0, y1 - y0);
}

typedef struct gathering {
    elc_point *points;
    size_t n, capacity;
} gathering;

static int gather_point(double *x, double *y, void *arg) {
    gathering *all = arg;
    if (elc_reserve(&all->points, &all->capacity, all->n + 1, sizeof *all->points,
                    NULL) != ELC_OK)
        return 0;
    all->points[all->n++] = (elc_point){*x, *y};
    return 1;
}

/* The plane round the middle of a shape in longitude and latitude. */
static elc_status find_middle(elc_geos *g, const GEOSGeometry *shape, elc_local *local,
                              elc_error *err) {
    gathering all = {0};
    GEOSGeometry *same = GEOSGeom_transformXY_r(g->handle, shape, gather_point, &all);
    bool found = same != NULL && all.n > 0;
    if (found)
        elc_local_create(local, all.points, all.n);
    GEOSGeom_destroy_r(g->handle, same);
    free(all.points);
    return found ? ELC_OK : elc_fail(err, ELC_E_MEMORY, "no memory for a buffer");
}

typedef struct crossing {
    const elc_local *local;
    double farthest; /* metres from the middle */
} crossing;

static int to_plane(double *x, double *y, void *arg) {
    crossing *c = arg;
    elc_point p = elc_local_plane(c->local, (elc_point){*x, *y});
    *x = p.x;
    *y = p.y;
    c->farthest = fmax(c->farthest, hypot(p.x, p.y));
    return isfinite(p.x) && isfinite(p.y);
}

static int to_lonlat(double *x, double *y, void *arg) {
    const crossing *c = arg;
    elc_point p = elc_local_lonlat(c->local, (elc_point){*x, *y});
    *x = p.x;
    *y = p.y;
    return isfinite(p.x) && isfinite(p.y);
}

/* Lengths across the direction of the middle are too long by c / sin(c). */
static elc_status check_reach(elc_edit *e, double reach, elc_error *err) {
    if (reach > FARTHEST)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "a buffer would reach %.0f km from the middle of its geometry, "
                        "and a plane holds to %.0f km; cut the geometry into smaller "
                        "parts first",
                        reach / 1000, FARTHEST / 1000);
    double c = reach / RADIUS;
    if (c > 0)
        e->error = fmax(e->error, 1 - sin(c) / c);
    return ELC_OK;
}

/* Where a geometry was cut at the antimeridian there is no edge to shrink from. */
static elc_status check_shrink(elc_edit *e, const GEOSGeometry *shape, double distance,
                               elc_error *err) {
    double x0 = 0, x1 = 0;
    GEOSGeom_getXMin_r(e->geos.handle, shape, &x0);
    GEOSGeom_getXMax_r(e->geos.handle, shape, &x1);
    if (distance >= 0 || !e->globe || (x0 > -180 && x1 < 180))
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "a geometry that is cut at the antimeridian cannot be shrunk by "
                    "%g m: bring it to a projected CRS first",
                    -distance);
}

/* ---- a part --------------------------------------------------------------------- */

/* An edge of s metres along a parallel is up to s^2 tan(lat) / 8 R from the geodesic,
   and straight lines of the usual projections bend no more. */
static GEOSGeometry *densify(elc_edit *e, const GEOSGeometry *part, double distance) {
    double lat, size = extent(&e->geos, part), step;
    if (!(size > 0))
        return GEOSGeom_clone_r(e->geos.handle, part);
    double unit = elc_edit_scale(e, part, &lat);
    step = sqrt(8 * RADIUS * SIMPLER * fabs(distance) / (1 + fabs(tan(lat * RADIANS))));
    step = isfinite(step / unit) ? step / unit : 0;
    return GEOSDensify_r(e->geos.handle, part, fmax(step, size / MOST_PIECES));
}

/* Takes the shape in the CRS, and gives it in longitude and latitude. */
static elc_status lead_there(elc_edit *e, GEOSGeometry **shape, elc_error *err) {
    GEOSGeometry *moved = NULL;
    if (*shape == NULL)
        return elc_geos_fail(&e->geos, "a geometry has no buffer", err);
    if (e->to_lonlat == NULL)
        return ELC_OK;
    ELC_TRY(elc_geos_move(&e->geos, *shape, e->to_lonlat, &moved, err));
    GEOSGeom_destroy_r(e->geos.handle, *shape);
    *shape = moved;
    return moved != NULL ? ELC_OK
                         : elc_fail(err, ELC_E_UNSUPPORTED,
                                    "a geometry has no buffer in metres: it reaches "
                                    "beyond where its CRS is on the ellipsoid");
}

/* The same back, cut at the antimeridian. */
static elc_status lead_back(elc_edit *e, GEOSGeometry **shape, elc_error *err) {
    GEOSGeometry *moved = NULL;
    if (*shape == NULL)
        return elc_geos_fail(&e->geos, "a geometry has no buffer", err);
    if (e->to_crs != NULL) {
        ELC_TRY(elc_geos_move(&e->geos, *shape, e->to_crs, &moved, err));
        GEOSGeom_destroy_r(e->geos.handle, *shape);
        *shape = moved;
    }
    if (*shape == NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "a buffer reaches beyond where its CRS is");
    return e->globe ? elc_geos_cut(&e->geos, shape, err) : ELC_OK;
}

/* Takes the buffer in the plane. */
static elc_status bring_back(elc_edit *e, GEOSGeometry *plane, crossing *c,
                             double distance, bool simplify, GEOSGeometry **out,
                             elc_error *err) {
    GEOSContextHandle_t geos = e->geos.handle;
    double there = 0, here = 0;
    GEOSGeometry *made = GEOSGeom_transformXY_r(geos, plane, to_lonlat, c);
    GEOSArea_r(geos, plane, &there);
    GEOSGeom_destroy_r(geos, plane);
    elc_status status = lead_back(e, &made, err);
    if (status == ELC_OK && simplify) {
        GEOSArea_r(geos, made, &here);
        double scale = sqrt(here / there);
        if (e->globe) /* degrees of latitude: those of longitude run off at a pole */
            scale = fmin(scale, DEGREE_A_METRE);
        GEOSGeometry *simple = GEOSTopologyPreserveSimplify_r(
            geos, made, SIMPLER * fabs(distance) * scale);
        GEOSGeom_destroy_r(geos, made);
        made = simple;
        if (made == NULL)
            status = elc_geos_fail(&e->geos, "a buffer cannot be simplified", err);
    }
    if (status == ELC_OK)
        *out = made;
    else
        GEOSGeom_destroy_r(geos, made);
    return status;
}

static elc_status buffer_part(elc_edit *e, const GEOSGeometry *part, double distance,
                              GEOSGeometry **out, elc_error *err) {
    GEOSContextHandle_t geos = e->geos.handle;
    elc_local local;
    crossing c = {.local = &local};
    GEOSGeometry *plane = NULL, *shape = densify(e, part, distance);
    elc_status status = lead_there(e, &shape, err);
    if (status == ELC_OK)
        status = find_middle(&e->geos, shape, &local, err);
    GEOSGeometry *flat =
        status == ELC_OK ? GEOSGeom_transformXY_r(geos, shape, to_plane, &c) : NULL;
    GEOSGeom_destroy_r(geos, shape);
    if (status == ELC_OK)
        status = check_reach(e, c.farthest + fmax(distance, 0), err);
    if (status == ELC_OK) {
        plane = flat != NULL ? GEOSBuffer_r(geos, flat, distance, QUARTER) : NULL;
        if (plane == NULL)
            status = elc_geos_fail(&e->geos, "a geometry has no buffer", err);
    }
    GEOSGeom_destroy_r(geos, flat);
    if (status == ELC_OK && GEOSisEmpty_r(geos, plane) == 0)
        return bring_back(e, plane, &c, distance, extent(&e->geos, part) > 0, out, err);
    GEOSGeom_destroy_r(geos, plane);
    return status;
}

/* ---- all parts ------------------------------------------------------------------ */

static elc_status unite(elc_edit *e, GEOSGeometry **made, unsigned n,
                        GEOSGeometry **out, elc_error *err) {
    GEOSContextHandle_t geos = e->geos.handle;
    GEOSGeometry *all =
        GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, made, n);
    *out = all != NULL ? GEOSUnaryUnion_r(geos, all) : NULL;
    GEOSGeom_destroy_r(geos, all);
    return *out != NULL ? ELC_OK
                        : elc_geos_fail(&e->geos, "buffers cannot be united", err);
}

elc_status elc_edit_buffer_metres(elc_edit *e, const GEOSGeometry *shape,
                                  double distance, GEOSGeometry **out, elc_error *err) {
    GEOSContextHandle_t geos = e->geos.handle;
    GEOSGeometry **made;
    unsigned n = 0;
    int parts = GEOSGetNumGeometries_r(geos, shape);
    *out = NULL;
    ELC_TRY(check_shrink(e, shape, distance, err));
    ELC_TRY(elc_alloc((size_t)parts, sizeof *made, &made, err));
    elc_status status = ELC_OK;
    for (int i = 0; i < parts && status == ELC_OK; i++) {
        GEOSGeometry *one = NULL;
        status =
            buffer_part(e, GEOSGetGeometryN_r(geos, shape, i), distance, &one, err);
        if (one != NULL)
            made[n++] = one;
    }
    if (status == ELC_OK && n > 0)
        status = unite(e, made, n, out, err);
    else
        while (n > 0)
            GEOSGeom_destroy_r(geos, made[--n]);
    free(made);
    return status;
}
