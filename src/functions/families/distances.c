/* distances.c - how far apart geometries are, and in which direction. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/head.h"
#include "functions/shape.h"

#include <math.h>
#include <stdlib.h>

/* (2 a + b) / 3 of WGS 84: the mean radius of IUGG. */
#define RADIUS_M 6371008.7714150598

static double radians(double degrees) {
    return degrees * (M_PI / 180);
}

/* The haversine formula (Sinnott 1984), which is exact for near points, too. */
static double on_sphere(elc_point a, elc_point b) {
    double lat = sin(radians(b.y - a.y) / 2), lon = sin(radians(b.x - a.x) / 2);
    double h = lat * lat + cos(radians(a.y)) * cos(radians(b.y)) * lon * lon;
    return 2 * RADIUS_M * asin(fmin(1, sqrt(h)));
}

static bool is_place(elc_point p) {
    return isfinite(p.x) && fabs(p.y) <= 90;
}

static elc_status no_place(elc_point p, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "(%.17g, %.17g) is no longitude and latitude in degrees", p.x, p.y);
}

/* ---- of points ------------------------------------------------------------------- */

/* NULL where a or b is empty. */
static elc_status two_points(elc_frame *f, size_t row, elc_point at[2], bool *empty,
                             elc_error *err) {
    bool none[2];
    ELC_TRY(elc_frame_point(f, 0, row, &at[0], &none[0], err));
    ELC_TRY(elc_frame_point(f, 1, row, &at[1], &none[1], err));
    *empty = none[0] || none[1];
    for (size_t i = 0; i < 2 && !*empty; i++)
        if (!is_place(at[i]))
            return no_place(at[i], err);
    return ELC_OK;
}

typedef struct far {
    double (*measure)(elc_point, elc_point);
} far;
static const far sphere = {on_sphere}, azimuth_of = {elc_azimuth_deg};

static elc_status between_points(elc_frame *f, size_t row, elc_error *err) {
    const far *how = f->function->detail;
    elc_point at[2];
    bool empty;
    ELC_TRY(two_points(f, row, at, &empty, err));
    return empty ? ELC_OK : elc_give_real(f, how->measure(at[0], at[1]), err);
}

static elc_status project(elc_frame *f, size_t row, elc_error *err) {
    elc_point p;
    bool empty;
    double metres = elc_frame_real(f, 1, row), degrees = elc_frame_real(f, 2, row);
    ELC_TRY(elc_frame_point(f, 0, row, &p, &empty, err));
    if (empty)
        return ELC_OK;
    if (!is_place(p))
        return no_place(p, err);
    if (!isfinite(metres) || !isfinite(degrees))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the distance or the azimuth is no finite number");
    ELC_TRY(elc_wkb_point(elc_destination(p, degrees, metres), &f->made, err));
    return elc_give_made(f, err);
}

/* ---- of lines -------------------------------------------------------------------- */

static double line_on_sphere(const elc_point *points, size_t n) {
    double length = 0;
    for (size_t i = 1; i < n; i++)
        length += on_sphere(points[i - 1], points[i]);
    return length;
}

static elc_status line_length(const elc_point *points, const size_t *ends,
                              size_t n_ends, double *out, elc_error *err) {
    double length = 0;
    size_t first = 0;
    for (size_t i = 0; i < n_ends; i++) {
        for (size_t k = first; k < ends[i]; k++)
            if (!is_place(points[k]))
                return no_place(points[k], err);
        length += line_on_sphere(points + first, ends[i] - first);
        first = ends[i];
    }
    *out = length;
    return ELC_OK;
}

/* Lines only: rings have a perimeter. */
static elc_status length_sphere(elc_frame *f, size_t row, elc_error *err) {
    elc_head head;
    elc_point *points = NULL;
    size_t n = 0, capacity = 0, *ends = NULL, n_ends = 0, end_capacity = 0;
    double length = 0;
    ELC_TRY(elc_frame_head(f, 0, row, &head, err));
    if (head.type != HEAD_LINE && head.type != HEAD_MULTILINE)
        return elc_give_real(f, 0, err);
    elc_bytes wkb = elc_frame_bytes(f, 0, row);
    elc_status status = elc_wkb_rings(wkb.data, wkb.size, &points, &n, &capacity, &ends,
                                      &n_ends, &end_capacity, err);
    if (status == ELC_OK)
        status = line_length(points, ends, n_ends, &length, err);
    free(points);
    free(ends);
    return status == ELC_OK ? elc_give_real(f, length, err) : status;
}

/* ---- of shapes ------------------------------------------------------------------- */

static elc_status two_shapes(elc_frame *f, size_t row, const GEOSGeometry *at[2],
                             bool *empty, elc_error *err) {
    ELC_TRY(elc_frame_usable(f, 0, row, &at[0], err));
    ELC_TRY(elc_frame_usable(f, 1, row, &at[1], err));
    GEOSContextHandle_t geos = f->shapes->geos;
    *empty = GEOSisEmpty_r(geos, at[0]) == 1 || GEOSisEmpty_r(geos, at[1]) == 1;
    return ELC_OK;
}

static int measure_plane(elc_frame *f, const GEOSGeometry *const at[2], double *out) {
    GEOSContextHandle_t geos = f->shapes->geos;
    for (size_t i = 0; i < 2; i++) {
        const GEOSPreparedGeometry *prepared = elc_frame_prepared(f, i);
        if (prepared != NULL)
            return GEOSPreparedDistance_r(geos, prepared, at[1 - i], out);
    }
    return GEOSDistance_r(geos, at[0], at[1], out);
}

static elc_status distance(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *at[2];
    bool empty;
    double value;
    ELC_TRY(two_shapes(f, row, at, &empty, err));
    if (empty)
        return ELC_OK;
    if (measure_plane(f, at, &value) != 1)
        return elc_frame_fail(f, "the distance", err);
    return elc_give_real(f, value, err);
}

static elc_status hausdorff(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *at[2];
    bool empty;
    double value;
    ELC_TRY(two_shapes(f, row, at, &empty, err));
    if (empty)
        return ELC_OK;
    if (GEOSHausdorffDistance_r(f->shapes->geos, at[0], at[1], &value) != 1)
        return elc_frame_fail(f, "the distance", err);
    return elc_give_real(f, value, err);
}

/* On the ellipsoid. */
static elc_status metres(elc_frame *f, size_t row, double *out, bool *empty,
                         elc_error *err) {
    elc_head a, b;
    ELC_TRY(elc_frame_head(f, 0, row, &a, err));
    ELC_TRY(elc_frame_head(f, 1, row, &b, err));
    if (a.type == HEAD_POINT && b.type == HEAD_POINT) {
        elc_point at[2];
        ELC_TRY(two_points(f, row, at, empty, err));
        *out = elc_distance_m(at[0], at[1]);
        return ELC_OK;
    }
    elc_bytes left = elc_frame_bytes(f, 0, row), right = elc_frame_bytes(f, 1, row);
    ELC_TRY(elc_wkb_distance_m(left.data, left.size, right.data, right.size, out, err));
    *empty = isnan(*out);
    return ELC_OK;
}

static elc_status distance_spheroid(elc_frame *f, size_t row, elc_error *err) {
    double value;
    bool empty;
    ELC_TRY(metres(f, row, &value, &empty, err));
    return empty ? ELC_OK : elc_give_real(f, value, err);
}

static elc_status near_spheroid(elc_frame *f, size_t row, elc_error *err) {
    double value, most = elc_frame_real(f, 2, row);
    bool empty;
    if (isnan(most))
        return elc_fail(err, ELC_E_ARGUMENT, "the distance is no number");
    ELC_TRY(metres(f, row, &value, &empty, err));
    return elc_give_int(f, !empty && value <= most, err);
}

/* ---- where they are nearest ------------------------------------------------------ */

static elc_status nearest_points(elc_frame *f, size_t row, bool line, elc_error *err) {
    const GEOSGeometry *at[2];
    bool empty;
    ELC_TRY(two_shapes(f, row, at, &empty, err));
    if (empty)
        return ELC_OK;
    GEOSContextHandle_t geos = f->shapes->geos;
    GEOSCoordSequence *both = GEOSNearestPoints_r(geos, at[0], at[1]);
    if (both == NULL)
        return elc_frame_fail(f, "the nearest points", err);
    if (line)
        return elc_give_shape(f, GEOSGeom_createLineString_r(geos, both), "the line",
                              err);
    elc_point p;
    int got = GEOSCoordSeq_getXY_r(geos, both, 0, &p.x, &p.y);
    GEOSCoordSeq_destroy_r(geos, both);
    return elc_give_shape(
        f, got == 1 ? GEOSGeom_createPointFromXY_r(geos, p.x, p.y) : NULL, "the point",
        err);
}

static elc_status closest_point(elc_frame *f, size_t row, elc_error *err) {
    return nearest_points(f, row, false, err);
}

static elc_status shortest_line(elc_frame *f, size_t row, elc_error *err) {
    return nearest_points(f, row, true, err);
}

#define BOX "st_makebbox(0, 0, 2, 2)"
#define FAR(NAME, ALIASES, KERNEL, DETAIL, SUMMARY, EXAMPLE, GIVES)                    \
    {                                                                                  \
        .name = NAME, .aliases = ALIASES, .arguments = {ARG_A, ARG_B},                 \
        .result = ELC_FLOAT64, .summary = SUMMARY, .example = NAME EXAMPLE,            \
        .gives = GIVES, .row = KERNEL, .detail = DETAIL                                \
    }

static const elc_function functions[] = {
    FAR("st_azimuth", NULL, between_points, &azimuth_of,
        "the direction, in degrees clockwise from north, in which the geodesic of WGS "
        "84 "
        "from point a to point b begins; of longitude and latitude",
        "(st_point(0, 0), st_point(1, 0))", "90"),
    {.name = "st_closestpoint",
     .arguments = {ARG_A, ARG_B},
     .result = ELC_GEOMETRY,
     .summary = "the point of a that is nearest to b in the plane",
     .example = "st_closestpoint(" BOX ", st_point(5, 1))",
     .gives = "POINT (2 1)",
     .row = closest_point},
    FAR("st_distance", NULL, distance, NULL,
        "how far apart they are in the plane, in the coordinates' unit; NULL where one "
        "is "
        "empty",
        "(" BOX ", st_point(5, 6))", "5"),
    FAR("st_distancesphere", "st_distance_sphere", between_points, &sphere,
        "metres between two points of longitude and latitude on a sphere of "
        "6,371,008.77 "
        "m, up to 0.6 % wrong",
        "(st_point(0, 0), st_point(1, 0))", "111195.07973463158"),
    FAR("st_distancespheroid", NULL, distance_spheroid, NULL,
        "the shortest way in metres between two geometries of longitude and latitude "
        "on WGS 84's ellipsoid",
        "(st_point(0, 0), st_point(1, 0))", "111319.49079327357"),
    {.name = "st_dwithinspheroid",
     .arguments = {ARG_A, ARG_B, ARG("metres")},
     .result = ELC_BOOL,
     .summary =
         "two geometries of longitude and latitude are at most so many metres apart "
         "on WGS 84's ellipsoid",
     .example = "st_dwithinspheroid(st_point(0, 0), st_point(1, 0), 111320)",
     .gives = "true",
     .row = near_spheroid},
    FAR("st_hausdorffdistance", NULL, hausdorff, NULL,
        "how far the vertices of one are from the other at most, in the plane",
        "(st_point(0, 0), st_makeline(st_point(0, 0), st_point(3, 4)))", "5"),
    {.name = "st_lengthsphere",
     .aliases = "st_length_sphere",
     .arguments = {ARG_GEOM},
     .result = ELC_FLOAT64,
     .summary = "metres along lines of longitude and latitude on the sphere of "
                "st_distancesphere; 0 for others",
     .example = "st_lengthsphere(st_makeline(st_point(0, 0), st_point(1, 0)))",
     .gives = "111195.07973463158",
     .row = length_sphere},
    {.name = "st_project",
     .arguments = {ARG_GEOM, ARG("metres"), ARG("azimuth_deg")},
     .result = ELC_GEOMETRY,
     .summary =
         "where one comes from a point of longitude and latitude along a geodesic "
         "of WGS 84; the azimuth is clockwise from north, in degrees",
     .example = "st_project(st_point(0, 0), 0, 90)",
     .gives = "POINT (0 0)",
     .row = project},
    {.name = "st_shortestline",
     .arguments = {ARG_A, ARG_B},
     .result = ELC_GEOMETRY,
     .summary = "the shortest line from a to b in the plane",
     .example = "st_shortestline(" BOX ", st_point(5, 1))",
     .gives = "LINESTRING (2 1, 5 1)",
     .row = shortest_line},
    {0},
};

const elc_function_family elc_function_family_distances = {
    .name = "distances",
    .summary = "how far apart geometries are, and in which direction",
    .functions = functions,
};
