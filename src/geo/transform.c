/* transform.c - points from one CRS to another, x east and y north throughout. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/proj.h"
#include "geo/utm.h"
#include "geo/ways.h"

#define RADIANS_PER_DEGREE 0.017453292519943295

enum { BLOCK = 256 };

struct elc_transform {
    elc_proj proj;
    PJ *pj;
    /* UTM on WGS 84: what goes before PROJ, NULL for other pairs. */
    void (*bulk)(const elc_tm *tm, elc_point *points, size_t n);
    elc_tm tm;
    bool to_degrees; /* the result is longitude and latitude in degrees */
    elc_ways *ways;  /* where it waits for its next use; NULL: nowhere */
};

/* proj_degree_output() would not do: it denies it where nothing has to be done. */
static bool is_in_degrees(elc_proj *p, const PJ *crs) {
    PJ_CONTEXT *context = p->context;
    PJ *base = NULL;
    if (proj_get_type(crs) == PJ_TYPE_BOUND_CRS)
        base = proj_get_source_crs(context, crs);
    double radians = 0;
    PJ *cs = NULL;
    if (proj_get_type(base ? base : crs) == PJ_TYPE_GEOGRAPHIC_2D_CRS)
        cs = proj_crs_get_coordinate_system(context, base ? base : crs);
    if (cs)
        proj_cs_get_axis_info(context, cs, 0, NULL, NULL, NULL, &radians, NULL, NULL,
                              NULL);
    proj_destroy(cs);
    proj_destroy(base);
    return fabs(radians - RADIANS_PER_DEGREE) < 1e-12;
}

bool elc_crs_is_degrees(const elc_crs *crs) {
    elc_proj proj;
    PJ *pj = NULL;
    if (!elc_crs_is_geographic(crs) || elc_proj_open(&proj, NULL) != ELC_OK)
        return false;
    bool degrees =
        elc_proj_crs(&proj, crs, &pj, NULL) == ELC_OK && is_in_degrees(&proj, pj);
    proj_destroy(pj);
    elc_proj_close(&proj);
    return degrees;
}

/* The operation has x east, y north on both sides. */
static elc_status create_operation(elc_proj *p, const PJ *from, const PJ *to, PJ **out,
                                   elc_error *err) {
    PJ *raw = proj_create_crs_to_crs_from_pj(p->context, from, to, NULL, NULL);
    PJ *pj = raw ? proj_normalize_for_visualization(p->context, raw) : NULL;
    proj_destroy(raw);
    if (!pj)
        return elc_fail(err, ELC_E_UNSUPPORTED, "no way from CRS \"%s\" to \"%s\": %s",
                        proj_get_name(from), proj_get_name(to), elc_proj_reason(p));
    *out = pj;
    return ELC_OK;
}

/* Whatever PROJ's axis orders, points have x east here, and so has the bulk path. */
static void find_bulk(elc_transform *t, const PJ *from, const PJ *to) {
    int zone;
    bool south;
    if (elc_utm_is(&t->proj, from, &zone, &south) && elc_utm_is_wgs84(&t->proj, to))
        t->bulk = elc_tm_choose()->inverse;
    else if (elc_utm_is(&t->proj, to, &zone, &south) &&
             elc_utm_is_wgs84(&t->proj, from))
        t->bulk = elc_tm_choose()->forward;
    if (t->bulk)
        elc_utm_create(&t->tm, zone, south);
}

static elc_status connect_crs(elc_transform *t, const elc_crs *from, const elc_crs *to,
                              elc_error *err) {
    elc_status status = ELC_OK;
    PJ *source = NULL, *target = NULL;
    ELC_TRY_GOTO(elc_proj_crs(&t->proj, from, &source, err), status, done);
    ELC_TRY_GOTO(elc_proj_crs(&t->proj, to, &target, err), status, done);
    ELC_TRY_GOTO(create_operation(&t->proj, source, target, &t->pj, err), status, done);
    t->to_degrees = is_in_degrees(&t->proj, target);
    find_bulk(t, source, target);
done:
    proj_destroy(source);
    proj_destroy(target);
    return status;
}

elc_status elc_transform_create(const elc_crs *from, const elc_crs *to,
                                elc_transform **out, elc_error *err) {
    elc_ways *ways = from && !to ? elc_crs_ways(from) : NULL;
    elc_transform *t = ways ? elc_ways_take(ways) : NULL;
    if (t) {
        t->ways = elc_ways_share(ways);
        *out = t;
        return ELC_OK;
    }
    ELC_TRY(elc_alloc(1, sizeof *t, &t, err));
    elc_status status = elc_proj_open(&t->proj, err);
    if (status == ELC_OK)
        status = connect_crs(t, from, to, err);
    if (status != ELC_OK) {
        elc_transform_destroy(t);
        return status;
    }
    t->ways = ways ? elc_ways_share(ways) : NULL;
    *out = t;
    return ELC_OK;
}

/* Longitude within [-180, 180]; a latitude beyond a pole is no place. */
static elc_point within_ranges(elc_point p) {
    if (!(fabs(p.y) <= 90))
        return (elc_point){NAN, NAN};
    if (fabs(p.x) > 180)
        p.x = remainder(p.x, 360);
    return p;
}

static elc_point transform_point(elc_transform *t, elc_point p) {
    if (!isfinite(p.x) || !isfinite(p.y))
        return (elc_point){NAN, NAN};
    PJ_COORD r = proj_trans(t->pj, PJ_FWD, proj_coord(p.x, p.y, 0, HUGE_VAL));
    if (!isfinite(r.xy.x) || !isfinite(r.xy.y)) {
        proj_errno_reset(t->pj);
        return (elc_point){NAN, NAN};
    }
    p = (elc_point){r.xy.x, r.xy.y};
    return t->to_degrees ? within_ranges(p) : p;
}

/* A block's points by the bulk path, and those that it refuses by PROJ. */
static size_t transform_block(elc_transform *t, elc_point *points, size_t n) {
    elc_point was[BLOCK];
    size_t failed = 0;
    memcpy(was, points, n * sizeof *points);
    t->bulk(&t->tm, points, n);
    for (size_t i = 0; i < n; i++) {
        if (isnan(points[i].x))
            points[i] = transform_point(t, was[i]);
        failed += isnan(points[i].x) ? 1 : 0;
    }
    return failed;
}

size_t elc_transform_points(elc_transform *t, elc_point *points, size_t n) {
    size_t failed = 0;
    for (size_t i = 0; i < n && t->bulk; i += BLOCK)
        failed += transform_block(t, points + i, n - i < BLOCK ? n - i : BLOCK);
    for (size_t i = 0; i < n && !t->bulk; i++) {
        points[i] = transform_point(t, points[i]);
        failed += isnan(points[i].x) ? 1 : 0;
    }
    return failed;
}

void elc_transform_destroy(elc_transform *t) {
    proj_destroy(t->pj);
    elc_proj_close(&t->proj);
    free(t);
}

void elc_transform_free(elc_transform *t) {
    if (!t)
        return;
    elc_ways *ways = t->ways;
    t->ways = NULL;
    if (!ways || !elc_ways_give(ways, t))
        elc_transform_destroy(t);
    elc_ways_free(ways);
}
