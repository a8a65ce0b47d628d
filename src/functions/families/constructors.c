/* constructors.c - functions that make geometries of numbers and text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/head.h"
#include "functions/shape.h"

#include <math.h>
#include <stdlib.h>

/* ---- points ---------------------------------------------------------------------- */

enum { POINT_MOST = 5 + 4 * 8 };

/* ISO WKB, little endian; `type` has 1000 added for Z and 2000 for M. */
static elc_status give_point(elc_frame *f, uint32_t type, const double *at, size_t n,
                             elc_error *err) {
    unsigned char wkb[POINT_MOST] = {1};
    memcpy(wkb + 1, &type, 4);
    memcpy(wkb + 5, at, n * 8);
    return elc_give_bytes(f, wkb, 5 + n * 8, err);
}

static elc_status point_of(elc_frame *f, uint32_t type, size_t row, elc_error *err) {
    double at[4];
    for (size_t i = 0; i < f->n_arguments; i++)
        at[i] = elc_frame_real(f, i, row);
    return give_point(f, type, at, f->n_arguments, err);
}

static elc_status point_xy(elc_frame *f, size_t row, elc_error *err) {
    return point_of(f, 1, row, err);
}

static elc_status point_xyz(elc_frame *f, size_t row, elc_error *err) {
    return point_of(f, 1001, row, err);
}

static elc_status point_xym(elc_frame *f, size_t row, elc_error *err) {
    return point_of(f, 2001, row, err);
}

static elc_status point_xyzm(elc_frame *f, size_t row, elc_error *err) {
    return point_of(f, 3001, row, err);
}

/* ---- boxes ----------------------------------------------------------------------- */

/* Counter-clockwise from the lower left corner, whichever corners were given. */
static elc_status give_box(elc_frame *f, elc_point a, elc_point b, elc_error *err) {
    double x0 = fmin(a.x, b.x), y0 = fmin(a.y, b.y), x1 = fmax(a.x, b.x),
           y1 = fmax(a.y, b.y);
    if (!isfinite(a.x) || !isfinite(a.y) || !isfinite(b.x) || !isfinite(b.y))
        return elc_fail(err, ELC_E_ARGUMENT, "a corner of the box is nowhere");
    const elc_point ring[] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
    ELC_TRY(elc_wkb_polygon(ring, 4, &f->made, err));
    return elc_give_made(f, err);
}

static elc_status box_of_numbers(elc_frame *f, size_t row, elc_error *err) {
    elc_point a = {elc_frame_real(f, 0, row), elc_frame_real(f, 1, row)};
    elc_point b = {elc_frame_real(f, 2, row), elc_frame_real(f, 3, row)};
    return give_box(f, a, b, err);
}

static elc_status box_of_points(elc_frame *f, size_t row, elc_error *err) {
    elc_point a, b;
    bool none[2];
    ELC_TRY(elc_frame_point(f, 0, row, &a, &none[0], err));
    ELC_TRY(elc_frame_point(f, 1, row, &b, &none[1], err));
    return none[0] || none[1] ? ELC_OK : give_box(f, a, b, err);
}

/* ---- lines and polygons ---------------------------------------------------------- */

/* Appends the points of a point or a line. */
static elc_status append_points(elc_frame *f, size_t argument, size_t row,
                                uint32_t *count, elc_error *err) {
    elc_head head;
    elc_point *points = NULL;
    size_t n = 0, capacity = 0;
    ELC_TRY(elc_frame_head(f, argument, row, &head, err));
    if (head.type != HEAD_POINT && head.type != HEAD_LINE)
        return elc_fail(err, ELC_E_ARGUMENT, "%s is neither a point nor a line",
                        f->function->arguments[argument].name);
    if (head.type == HEAD_POINT && isnan(head.at.x) && isnan(head.at.y))
        return ELC_OK;
    elc_bytes wkb = elc_frame_bytes(f, argument, row);
    elc_status status = elc_wkb_points(wkb.data, wkb.size, &points, &n, &capacity, err);
    if (status == ELC_OK)
        status = elc_string_append(&f->made, points, n * sizeof *points, err);
    free(points);
    *count += (uint32_t)n;
    return status;
}

static elc_status line(elc_frame *f, size_t row, elc_error *err) {
    static const unsigned char start[9] = {1, HEAD_LINE};
    uint32_t count = 0;
    ELC_TRY(elc_string_append(&f->made, start, sizeof start, err));
    ELC_TRY(append_points(f, 0, row, &count, err));
    ELC_TRY(append_points(f, 1, row, &count, err));
    if (count == 1)
        return elc_fail(err, ELC_E_ARGUMENT, "a line of one point");
    memcpy(f->made.data + 5, &count, 4);
    return elc_give_made(f, err);
}

static elc_status polygon(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    GEOSContextHandle_t geos = f->shapes->geos;
    if (GEOSGeomTypeId_r(geos, shape) != GEOS_LINESTRING)
        return elc_fail(err, ELC_E_ARGUMENT, "ring is no line");
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, shape);
    GEOSCoordSequence *copy =
        points != NULL ? GEOSCoordSeq_clone_r(geos, points) : NULL;
    GEOSGeometry *ring = copy != NULL ? GEOSGeom_createLinearRing_r(geos, copy) : NULL;
    if (ring == NULL)
        return elc_frame_fail(f, "the ring", err);
    return elc_give_shape(f, GEOSGeom_createPolygon_r(geos, ring, NULL, 0),
                          "the polygon", err);
}

#define POINT_OF(NAME, ALIASES, KERNEL, SUMMARY, EXAMPLE, GIVES, ...)                  \
    {                                                                                  \
        .name = NAME, .aliases = ALIASES,                                              \
        .arguments = {ARG("x"), ARG("y"), __VA_ARGS__}, .result = ELC_GEOMETRY,        \
        .summary = SUMMARY, .example = NAME EXAMPLE, .gives = GIVES, .row = KERNEL     \
    }

static const elc_function functions[] = {
    {.name = "st_makebbox",
     .aliases = "st_makeenvelope",
     .arguments = {ARG("x1"), ARG("y1"), ARG("x2"), ARG("y2")},
     .result = ELC_GEOMETRY,
     .summary = "the box between two corners as a polygon, as of a detection's box",
     .example = "st_makebbox(0, 0, 4, 3)",
     .gives = "POLYGON ((0 0, 4 0, 4 3, 0 3, 0 0))",
     .row = box_of_numbers},
    {.name = "st_makebox2d",
     .arguments = {ARG_A, ARG_B},
     .result = ELC_GEOMETRY,
     .summary = "the box between two points as a polygon; NULL where one is empty",
     .example = "st_makebox2d(st_point(0, 0), st_point(4, 3))",
     .gives = "POLYGON ((0 0, 4 0, 4 3, 0 3, 0 0))",
     .row = box_of_points},
    {.name = "st_makeline",
     .arguments = {ARG_A, ARG_B},
     .result = ELC_GEOMETRY,
     .summary = "the line from a to b, each a point or a line; Z and M are left out",
     .example = "st_makeline(st_point(0, 0), st_point(3, 4))",
     .gives = "LINESTRING (0 0, 3 4)",
     .row = line},
    {.name = "st_makepolygon",
     .aliases = "st_polygon",
     .arguments = {{"ring", ELC_GEOMETRY, NULL}},
     .result = ELC_GEOMETRY,
     .summary = "the polygon that a closed line goes round",
     .example = "st_makepolygon(st_exteriorring(st_makebbox(0, 0, 4, 3)))",
     .gives = "POLYGON ((0 0, 4 0, 4 3, 0 3, 0 0))",
     .row = polygon},
    POINT_OF("st_point", "st_makepoint", point_xy, "the point at x and y",
             "(11.5, 48.1)", "POINT (11.5 48.1)", {0}),
    POINT_OF("st_point", "st_makepoint", point_xyz, "the point at x, y and z",
             "(11.5, 48.1, 520)", "POINT Z (11.5 48.1 520)", ARG("z")),
    POINT_OF("st_point", "st_makepoint", point_xyzm,
             "the point at x, y and z with the measure m", "(11.5, 48.1, 520, 7)",
             "POINT ZM (11.5 48.1 520 7)", ARG("z"), ARG("m")),
    POINT_OF("st_pointm", "st_makepointm", point_xym,
             "the point at x and y with the measure m", "(11.5, 48.1, 7)",
             "POINT M (11.5 48.1 7)", ARG("m")),
    {0},
};

const elc_function_family elc_function_family_constructors = {
    .name = "constructors",
    .summary = "geometries from numbers and other geometries",
    .functions = functions,
};
