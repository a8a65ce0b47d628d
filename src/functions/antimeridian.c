/* antimeridian.c - points and lines of longitude and latitude within one turn of the
   globe. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/antimeridian.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_TURNS = 8 };

static int is_in_range(double *x, double *y, void *arg) {
    (void)arg;
    return fabs(*x) <= 360 && fabs(*y) <= 90;
}

static elc_status check_range(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                              elc_error *err) {
    GEOSGeometry *same = GEOSGeom_transformXY_r(geos, shape, is_in_range, NULL);
    if (same == NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "geom has a longitude beyond 360 or a latitude beyond 90");
    GEOSGeom_destroy_r(geos, same);
    return ELC_OK;
}

/* ---- points ---------------------------------------------------------------------- */

static int wrap(double *x, double *y, void *arg) {
    (void)y;
    (void)arg;
    if (fabs(*x) > 180)
        *x = remainder(*x, 360);
    return 1;
}

/* ---- lines ----------------------------------------------------------------------- */

/* Longitudes that go on beyond 180 where the line crosses it. */
static GEOSGeometry *unroll(GEOSContextHandle_t geos, const GEOSGeometry *line) {
    const GEOSCoordSequence *from = GEOSGeom_getCoordSeq_r(geos, line);
    GEOSCoordSequence *to = from != NULL ? GEOSCoordSeq_clone_r(geos, from) : NULL;
    unsigned n = 0;
    double x = 0, last = 0;
    if (to == NULL || !GEOSCoordSeq_getSize_r(geos, to, &n))
        return NULL;
    for (unsigned i = 0; i < n; i++) {
        GEOSCoordSeq_getX_r(geos, to, i, &x);
        if (i > 0 && fabs(x - last) > 180)
            x = last + remainder(x - last, 360);
        GEOSCoordSeq_setX_r(geos, to, i, x);
        last = x;
    }
    return GEOSGeom_createLineString_r(geos, to);
}

static int shift(double *x, double *y, void *arg) {
    (void)y;
    *x -= *(const double *)arg;
    return 1;
}

/* What lies in one turn, brought to the first; NULL: GEOS failed. */
static GEOSGeometry *cut_turn(GEOSContextHandle_t geos, const GEOSGeometry *line,
                              int number) {
    double by = 360.0 * number;
    GEOSGeometry *strip = GEOSGeom_createRectangle_r(geos, by - 180, -91, by + 180, 91);
    GEOSGeometry *part = strip != NULL ? GEOSIntersection_r(geos, line, strip) : NULL;
    GEOSGeometry *moved =
        part != NULL ? GEOSGeom_transformXY_r(geos, part, shift, &by) : NULL;
    GEOSGeom_destroy_r(geos, strip);
    GEOSGeom_destroy_r(geos, part);
    return moved;
}

typedef struct parts {
    GEOSGeometry **items;
    size_t n, capacity;
} parts;

static void drop_parts(GEOSContextHandle_t geos, parts *p) {
    for (size_t i = 0; i < p->n; i++)
        GEOSGeom_destroy_r(geos, p->items[i]);
    free(p->items);
}

/* Copies of the lines in what was cut; a point of one that only touches 180 degrees is
   no part of its own. */
static elc_status add_lines(elc_frame *f, const GEOSGeometry *cut, parts *out,
                            elc_error *err) {
    GEOSContextHandle_t geos = f->shapes->geos;
    int n = GEOSGetNumGeometries_r(geos, cut);
    for (int i = 0; i < n; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(geos, cut, i);
        if (GEOSGeomTypeId_r(geos, part) != GEOS_LINESTRING ||
            GEOSisEmpty_r(geos, part) == 1)
            continue;
        ELC_TRY(elc_reserve(&out->items, &out->capacity, out->n + 1, sizeof *out->items,
                            err));
        out->items[out->n] = GEOSGeom_clone_r(geos, part);
        if (out->items[out->n] == NULL)
            return elc_frame_fail(f, "the parts of a line", err);
        out->n++;
    }
    return ELC_OK;
}

static elc_status add_turn(elc_frame *f, const GEOSGeometry *line, int number,
                           parts *out, elc_error *err) {
    GEOSGeometry *cut = cut_turn(f->shapes->geos, line, number);
    if (cut == NULL)
        return elc_frame_fail(f, "the parts of a line", err);
    elc_status status = add_lines(f, cut, out, err);
    GEOSGeom_destroy_r(f->shapes->geos, cut);
    return status;
}

static elc_status cut_unrolled(elc_frame *f, const GEOSGeometry *line, parts *all,
                               elc_error *err) {
    GEOSContextHandle_t geos = f->shapes->geos;
    double low, high;
    if (!GEOSGeom_getXMin_r(geos, line, &low) || !GEOSGeom_getXMax_r(geos, line, &high))
        return elc_frame_fail(f, "the bounds of a line", err);
    int first = (int)floor((low + 180) / 360), last = (int)ceil((high - 180) / 360);
    if (last - first >= MOST_TURNS)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "a line goes round the globe more than %d times", MOST_TURNS);
    for (int i = first; i <= last; i++)
        ELC_TRY(add_turn(f, line, i, all, err));
    return ELC_OK;
}

static elc_status cut_line(elc_frame *f, const GEOSGeometry *line, parts *all,
                           elc_error *err) {
    GEOSContextHandle_t geos = f->shapes->geos;
    if (GEOSisEmpty_r(geos, line) == 1)
        return ELC_OK;
    GEOSGeometry *flat = unroll(geos, line);
    if (flat == NULL)
        return elc_frame_fail(f, "a line", err);
    elc_status status = cut_unrolled(f, flat, all, err);
    GEOSGeom_destroy_r(geos, flat);
    return status;
}

/* One line, or several; takes the parts. */
static GEOSGeometry *gather(GEOSContextHandle_t geos, parts *p) {
    GEOSGeometry *all = p->n == 0 ? GEOSGeom_createEmptyLineString_r(geos)
                        : p->n == 1
                            ? p->items[0]
                            : GEOSGeom_createCollection_r(geos, GEOS_MULTILINESTRING,
                                                          p->items, (unsigned)p->n);
    p->n = 0;
    return all;
}

static elc_status cut_lines(elc_frame *f, const GEOSGeometry *shape, GEOSGeometry **out,
                            elc_error *err) {
    GEOSContextHandle_t geos = f->shapes->geos;
    parts all = {0};
    elc_status status = ELC_OK;
    int n = GEOSGetNumGeometries_r(geos, shape);
    for (int i = 0; i < n && status == ELC_OK; i++)
        status = cut_line(f, GEOSGetGeometryN_r(geos, shape, i), &all, err);
    if (status == ELC_OK)
        *out = gather(geos, &all);
    drop_parts(geos, &all);
    return status;
}

/* Whether the lines stay within one turn as they are. */
static bool is_safe(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    double low, high;
    return GEOSisEmpty_r(geos, shape) == 1 ||
           (GEOSGeom_getXMin_r(geos, shape, &low) &&
            GEOSGeom_getXMax_r(geos, shape, &high) && low >= -180 && high <= 180 &&
            high - low <= 180);
}

elc_status elc_antimeridian_cut(elc_frame *f, const GEOSGeometry *shape,
                                GEOSGeometry **out, elc_error *err) {
    GEOSContextHandle_t geos = f->shapes->geos;
    int type = GEOSGeomTypeId_r(geos, shape);
    ELC_TRY(check_range(geos, shape, err));
    if (type == GEOS_POINT || type == GEOS_MULTIPOINT)
        *out = GEOSGeom_transformXY_r(geos, shape, wrap, NULL);
    else if (type != GEOS_LINESTRING && type != GEOS_MULTILINESTRING)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "geom is a collection; cut its parts (st_geometryn)");
    else if (is_safe(geos, shape))
        *out = GEOSGeom_clone_r(geos, shape);
    else
        return cut_lines(f, shape, out, err);
    return ELC_OK;
}
