/* crs.c - the CRS of a heatmap, and its places in it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A table's CRS whose square kilometres are that near to true ones is kept. */
static const double NEAR_TRUE = 0.02;
enum { TRIED = 64, KNOTS = 65 };
/* Half of Earth's circumference, and some: what lies beyond in a CRS of metres may be
   nowhere on it. */
static const double SUSPECT = 2.1e7;

/* ---- the CRS ----------------------------------------------------------------------
 */

/* The UTM, or at the poles the UPS, of a place. */
static elc_status utm_of(elc_point lonlat, elc_crs **out, elc_error *err) {
    char text[24];
    int zone = elc_utm_zone(lonlat);
    bool south = lonlat.y < 0;
    snprintf(text, sizeof text, "EPSG:%d",
             zone > 0 ? 32600 + 100 * south + zone : 32661 + 100 * south);
    return elc_crs_create(text, out, err);
}

/* The middle of the bounds of points in degrees; those about the antimeridian are taken
   from the shorter side. */
static elc_point middle_of(const elc_point *points, size_t n) {
    elc_point low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY};
    double east = INFINITY, west = -INFINITY; /* nearest to 180 from either side */
    for (size_t i = 0; i < n; i++) {
        elc_point p = points[i];
        low = (elc_point){fmin(low.x, p.x), fmin(low.y, p.y)};
        high = (elc_point){fmax(high.x, p.x), fmax(high.y, p.y)};
        if (p.x >= 0)
            east = fmin(east, p.x);
        else
            west = fmax(west, p.x);
    }
    double x = (low.x + high.x) / 2;
    if (high.x - low.x > 180 && west + 360 - east < high.x - low.x)
        x = remainder((east + west + 360) / 2, 360);
    return (elc_point){x, (low.y + high.y) / 2};
}

/* The square metres on the ground of those of the CRS at a point; 1 where that is not
   known. */
static elc_status scale_at(elc_measure *measure, elc_point p, double *out,
                           elc_error *err) {
    static const elc_measure_wish wish = {.sizes = true};
    const double half = 50, area = 4 * half * half;
    const elc_point ring[] = {{p.x - half, p.y - half},
                              {p.x + half, p.y - half},
                              {p.x + half, p.y + half},
                              {p.x - half, p.y + half}};
    elc_string wkb = {0};
    elc_measured got = {0};
    elc_status status = elc_wkb_polygon(ring, 4, &wkb, err);
    if (status == ELC_OK)
        status = elc_measure_wkb(measure, wkb.data, wkb.size, &wish, &got, NULL, err);
    elc_string_free(&wkb);
    *out = got.known && got.area > 0 ? got.area / area : 1;
    return status;
}

/* The scale that is furthest from 1, at some of n points, which are in the CRS. */
static elc_status find_scale(const elc_point *points, size_t n, const elc_crs *crs,
                             double *out, elc_error *err) {
    elc_measure *measure;
    elc_status status = ELC_OK;
    size_t step = n / TRIED + 1;
    *out = 1;
    ELC_TRY(elc_measure_create(crs, true, &measure, err));
    for (size_t i = 0; i < n && status == ELC_OK; i += step) {
        double scale = 1;
        if (!isnan(points[i].x))
            status = scale_at(measure, points[i], &scale, err);
        if (fabs(log(scale)) > fabs(log(*out)))
            *out = scale;
    }
    elc_measure_free(measure);
    return status;
}

/* Of the places, or where they are bounded of all that may be shown. */
static elc_status find_scale_of(const heat_job *job, const elc_crs *crs, double *out,
                                elc_error *err) {
    elc_point *knots;
    if (!job->bounded)
        return find_scale(job->points, job->n, crs, out, err);
    ELC_TRY(elc_heat_knots(job, crs, &knots, err));
    elc_status status = find_scale(knots, (size_t)KNOTS * KNOTS, crs, out, err);
    free(knots);
    return status;
}

bool elc_heat_is_true(double scale) {
    return fabs(scale - 1) <= NEAR_TRUE;
}

static elc_status move(const elc_crs *from, const elc_crs *to, elc_point *points,
                       size_t n, elc_error *err) {
    elc_transform *way;
    ELC_TRY(elc_transform_create(from, to, &way, err));
    elc_transform_points(way, points, n);
    elc_transform_free(way);
    return ELC_OK;
}

elc_status elc_heat_knots(const heat_job *job, const elc_crs *crs, elc_point **out,
                          elc_error *err) {
    const double *b = job->bounds, wide = b[2] - b[0] + (b[2] < b[0] ? 360 : 0);
    elc_point *knots;
    ELC_TRY(elc_alloc((size_t)KNOTS * KNOTS, sizeof *knots, &knots, err));
    for (int i = 0; i < KNOTS * KNOTS; i++)
        knots[i] = (elc_point){b[0] + wide * (i % KNOTS) / (KNOTS - 1),
                               b[1] + (b[3] - b[1]) * (i / KNOTS) / (KNOTS - 1)};
    elc_status status = move(NULL, crs, knots, (size_t)KNOTS * KNOTS, err);
    if (status == ELC_OK)
        *out = knots;
    else
        free(knots);
    return status;
}

elc_status elc_heat_bounds_box(const heat_job *job, double box[4], elc_error *err) {
    elc_point *knots;
    bool lost = false;
    ELC_TRY(elc_heat_knots(job, job->to, &knots, err));
    for (int i = 0; i < KNOTS * KNOTS; i++) {
        lost = lost || isnan(knots[i].x);
        elc_heat_widen(box, knots[i]);
    }
    free(knots);
    return !lost ? ELC_OK
                 : elc_fail(err, ELC_E_ARGUMENT,
                            "--bounds %s: %s has no coordinates for all of it; give "
                            "smaller bounds, or another --crs",
                            elc_options_text(job->call->options, "bounds"),
                            elc_crs_label(job->to));
}

static elc_status choose_utm(heat_job *job, const elc_point *lonlat, elc_error *err) {
    const double *b = job->bounds;
    double x = b[0] + (b[2] - b[0] + (b[2] < b[0] ? 360 : 0)) / 2;
    return utm_of(job->bounded ? (elc_point){remainder(x, 360), (b[1] + b[3]) / 2}
                               : middle_of(lonlat, job->n),
                  &job->to, err);
}

/* The table's own, where it is in true metres. */
static elc_status try_own_crs(heat_job *job, elc_error *err) {
    double scale;
    if (job->place.crs == NULL || elc_raster_check_crs(job->place.crs, NULL) != ELC_OK)
        return ELC_OK;
    ELC_TRY(find_scale_of(job, job->place.crs, &scale, err));
    return elc_heat_is_true(scale) ? elc_crs_clone(job->place.crs, &job->to, err)
                                   : ELC_OK;
}

/* ---- the places in it -------------------------------------------------------------
 */

static size_t count_lost(const elc_point *points, size_t n) {
    size_t lost = 0;
    for (size_t i = 0; i < n; i++)
        lost += isnan(points[i].x) ? 1 : 0;
    return lost;
}

/* Those of its own CRS that are nowhere on Earth. */
static elc_status drop_nowhere(heat_job *job, elc_error *err) {
    elc_transform *way = NULL;
    for (size_t i = 0; i < job->n; i++) {
        elc_point p = job->points[i];
        if (fabs(p.x) <= SUSPECT && fabs(p.y) <= SUSPECT)
            continue;
        if (way == NULL)
            ELC_TRY(elc_transform_create(job->place.crs, NULL, &way, err));
        if (elc_transform_points(way, &p, 1) > 0)
            job->points[i] = p;
    }
    elc_transform_free(way);
    return ELC_OK;
}

static elc_status move_points(heat_job *job, elc_error *err) {
    if (job->place.crs != NULL && elc_crs_equal(job->place.crs, job->to))
        ELC_TRY(drop_nowhere(job, err));
    else
        ELC_TRY(move(job->place.crs, job->to, job->points, job->n, err));
    job->n_lost = count_lost(job->points, job->n);
    return ELC_OK;
}

/* A zone of UTM is not asked for: what it does not reach is too far from the rest, and
   nothing that is to be left out. */
static elc_status check_reach(heat_job *job, const elc_point *lonlat, elc_error *err) {
    job->n_lost = count_lost(lonlat, job->n);
    for (size_t i = 0; i < job->n && !job->bounded; i++)
        if (isnan(job->points[i].x) && !isnan(lonlat[i].x))
            return elc_fail(err, ELC_E_ARGUMENT,
                            "the places reach too far for %s, the UTM of their middle: "
                            "one is at longitude %.6g, latitude %.6g; give a CRS for "
                            "all of it, as --crs EPSG:3035 for Europe, or leave out "
                            "what is elsewhere by --bounds WEST,SOUTH,EAST,NORTH",
                            elc_crs_label(job->to), lonlat[i].x, lonlat[i].y);
    return ELC_OK;
}

static elc_status place_in_utm(heat_job *job, elc_error *err) {
    elc_point *lonlat;
    ELC_TRY(elc_alloc(job->n, sizeof *lonlat, &lonlat, err));
    memcpy(lonlat, job->points, job->n * sizeof *lonlat);
    elc_status status = move(job->place.crs, NULL, lonlat, job->n, err);
    if (status == ELC_OK && !job->bounded && count_lost(lonlat, job->n) == job->n)
        status = elc_fail(err, ELC_E_ARGUMENT,
                          "none of the places is on Earth by %s; are x and y, or the "
                          "CRS, others?",
                          job->place.crs != NULL ? elc_crs_label(job->place.crs)
                                                 : "its longitude and latitude");
    if (status == ELC_OK)
        status = choose_utm(job, lonlat, err);
    if (status == ELC_OK)
        status = move_points(job, err);
    if (status == ELC_OK)
        status = check_reach(job, lonlat, err);
    free(lonlat);
    return status;
}

elc_status elc_heat_place(heat_job *job, elc_error *err) {
    if (job->n == 0)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "the table has no row with a place, so that there is nothing to "
            "draw");
    if (job->to == NULL)
        ELC_TRY(try_own_crs(job, err));
    ELC_TRY(job->to != NULL ? move_points(job, err) : place_in_utm(job, err));
    if (!job->bounded && count_lost(job->points, job->n) == job->n)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "none of the places is in %s; give another --crs",
                        elc_crs_label(job->to));
    return find_scale_of(job, job->to, &job->true_km2, err);
}
