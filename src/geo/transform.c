/* transform.c - points from one CRS to another, x east and y north throughout. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/proj.h"
#include "geo/utm.h"
#include "geo/ways.h"
#include "geo/web.h"

#define RADIANS_PER_DEGREE 0.017453292519943295

/* Beyond so many degrees a longitude is some other number. */
#define FAR_LONGITUDE 3600.0

enum { BLOCK = 256 };

struct elc_transform {
    elc_proj proj;
    PJ *pj;
    /* UTM and Web Mercator on WGS 84: what goes before PROJ, NULL for other pairs. */
    void (*bulk)(const elc_tm *tm, elc_point *points, size_t n);
    elc_tm tm;
    bool to_degrees; /* the result is longitude and latitude in degrees */
    bool from_degrees;
    elc_ways *ways; /* where it waits for its next use; NULL: nowhere */
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

static void web_forward(const elc_tm *tm, elc_point *points, size_t n) {
    (void)tm;
    elc_web_choose()->forward(points, n);
}

static void web_inverse(const elc_tm *tm, elc_point *points, size_t n) {
    (void)tm;
    elc_web_choose()->inverse(points, n);
}

/* Whatever PROJ's axis orders, points have x east here, and so has the bulk path. */
static void find_bulk(elc_transform *t, const PJ *from, const PJ *to) {
    int zone = 1;
    bool south = false;
    if (elc_web_is(&t->proj, from) && elc_utm_is_wgs84(&t->proj, to))
        t->bulk = web_inverse;
    else if (elc_web_is(&t->proj, to) && elc_utm_is_wgs84(&t->proj, from))
        t->bulk = web_forward;
    else if (elc_utm_is(&t->proj, from, &zone, &south) &&
             elc_utm_is_wgs84(&t->proj, to))
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
    t->from_degrees = is_in_degrees(&t->proj, source);
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
    if (!(fabs(p.y) <= 90) || !(fabs(p.x) <= FAR_LONGITUDE))
        return (elc_point){NAN, NAN};
    if (fabs(p.x) > 180)
        p.x = remainder(p.x, 360);
    return p;
}

static elc_point transform_point(elc_transform *t, elc_point p) {
    if (!isfinite(p.x) || !isfinite(p.y) ||
        (t->from_degrees && fabs(p.x) > FAR_LONGITUDE))
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

/* ---- lines ----------------------------------------------------------------------- */

/* x, by whole turns as near to `to` as it gets. */
static double turn_to(double x, double to) {
    return x - 360 * nearbyint((x - to) / 360);
}

/* Longitudes of neighbours so far apart leave open which way round the edge goes. */
static bool is_clear(double a, double b) {
    return fabs(b - a) <= 90;
}

/* The longitude of `b`'s place counted on from `x`, that of `a`: an edge that is
   straight before it is moved says by its middles which way round it goes. */
static double follow_edge(elc_transform *t, elc_point a, elc_point b, double x_a,
                          double x_b, double x, int halvings) {
    elc_point middle = {a.x + (b.x - a.x) / 2, a.y + (b.y - a.y) / 2}, at = middle;
    if (halvings == 0 || is_clear(x_a, x_b) || elc_transform_points(t, &at, 1) > 0)
        return turn_to(x_b, x);
    x = follow_edge(t, a, middle, x_a, at.x, x, halvings - 1);
    return follow_edge(t, middle, b, at.x, x_b, x, halvings - 1);
}

enum { HALVINGS = 10 };

/* Longitudes that go on beyond 180 where the line does. */
static void unroll(elc_transform *t, const elc_point *was, elc_point *points,
                   size_t n) {
    double last = points[0].x;
    if (t->from_degrees)
        points[0].x = turn_to(points[0].x, was[0].x);
    for (size_t i = 1; i < n; i++) {
        double x = points[i].x;
        points[i].x = t->from_degrees ? turn_to(x, was[i].x)
                                      : follow_edge(t, was[i - 1], was[i], last, x,
                                                    points[i - 1].x, HALVINGS);
        last = x;
    }
}

static double middle_of(const elc_point *points, size_t n) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, points[i].x);
        high = fmax(high, points[i].x);
    }
    return (low + high) / 2;
}

/* Most lines are far from where longitudes begin again. */
static bool is_settled(const elc_transform *t, const elc_point *was,
                       const elc_point *points, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (t->from_degrees ? !is_clear(was[i].x, points[i].x)
                            : i > 0 && !is_clear(points[i - 1].x, points[i].x))
            return false;
    return true;
}

bool elc_transform_unroll(elc_transform *t, const elc_point *was, elc_point *points,
                          size_t n, double *middle) {
    if (!t->to_degrees || n == 0)
        return true;
    if (!is_settled(t, was, points, n))
        unroll(t, was, points, n);
    bool closed = was[0].x == was[n - 1].x && was[0].y == was[n - 1].y;
    bool round = closed && fabs(points[n - 1].x - points[0].x) > 180;
    double here = middle_of(points, n);
    double there = turn_to(here, isnan(*middle) ? 0 : *middle);
    for (size_t i = 0; i < n && there != here; i++)
        points[i].x += there - here;
    if (isnan(*middle))
        *middle = there;
    return !round;
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
