/* processing.c - geometries made of another in the plane of its coordinates. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/shape.h"

#include <math.h>

/* ---- of the geometry alone ------------------------------------------------------- */

typedef struct change {
    GEOSGeometry *(*make)(GEOSContextHandle_t, const GEOSGeometry *);
    const char *what;
} change;
static const change boundary = {GEOSBoundary_r, "the boundary"},
                    centroid = {GEOSGetCentroid_r, "the centroid"},
                    envelope = {GEOSEnvelope_r, "the envelope"},
                    hull = {GEOSConvexHull_r, "the hull"},
                    inside = {GEOSPointOnSurface_r, "a point on it"},
                    merged = {GEOSLineMerge_r, "the merged lines"},
                    reversed = {GEOSReverse_r, "the reverse"},
                    unary = {GEOSUnaryUnion_r, "the union"},
                    valid = {GEOSMakeValid_r, "the valid geometry"};

static elc_status change_shape(elc_frame *f, size_t row, elc_error *err) {
    const change *c = f->function->detail;
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_usable(f, 0, row, &shape, err));
    return elc_give_shape(f, c->make(f->shapes->geos, shape), c->what, err);
}

/* ---- with a number --------------------------------------------------------------- */

typedef struct measured_change {
    GEOSGeometry *(*make)(GEOSContextHandle_t, const GEOSGeometry *, double);
    const char *what;
} measured_change;
static const measured_change simpler = {GEOSSimplify_r, "the simpler geometry"},
                             simpler_kept = {GEOSTopologyPreserveSimplify_r,
                                             "the simpler geometry"},
                             along = {GEOSInterpolateNormalized_r, "the point"};

static elc_status change_by(elc_frame *f, size_t row, elc_error *err) {
    const measured_change *c = f->function->detail;
    const GEOSGeometry *shape;
    double by = elc_frame_real(f, 1, row);
    if (!(by >= 0 && isfinite(by)))
        return elc_fail(err, ELC_E_ARGUMENT, "%s is %g; 0 or more is needed",
                        f->function->arguments[1].name, by);
    ELC_TRY(elc_frame_usable(f, 0, row, &shape, err));
    return elc_give_shape(f, c->make(f->shapes->geos, shape, by), c->what, err);
}

static elc_status snap_to_grid(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    double size = elc_frame_real(f, 1, row);
    if (!(size > 0 && isfinite(size)))
        return elc_fail(err, ELC_E_ARGUMENT, "size is %g; more than 0 is needed", size);
    ELC_TRY(elc_frame_usable(f, 0, row, &shape, err));
    return elc_give_shape(f, GEOSGeom_setPrecision_r(f->shapes->geos, shape, size, 0),
                          "the geometry on the grid", err);
}

/* ---- wider ----------------------------------------------------------------------- */

enum { MOST_QUARTER = 256 };

static elc_status buffer(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    double distance = elc_frame_real(f, 1, row);
    int64_t quarter = elc_frame_int(f, 2, row);
    if (!(fabs(distance) <= ELC_SHAPE_MOST))
        return elc_fail(err, ELC_E_ARGUMENT, "the distance is no number of at most %g",
                        ELC_SHAPE_MOST);
    if (quarter < 1 || quarter > MOST_QUARTER)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "quarter_segments is %lld; it may be 1 to %d",
                        (long long)quarter, MOST_QUARTER);
    ELC_TRY(elc_frame_usable(f, 0, row, &shape, err));
    return elc_give_shape(f,
                          GEOSBuffer_r(f->shapes->geos, shape, distance, (int)quarter),
                          "the buffer", err);
}

#define CHANGE(NAME, ALIASES, DETAIL, SUMMARY, EXAMPLE, GIVES)                         \
    {                                                                                  \
        .name = NAME, .aliases = ALIASES, .arguments = {ARG_GEOM},                     \
        .result = ELC_GEOMETRY, .summary = SUMMARY, .example = NAME "(" EXAMPLE ")",   \
        .gives = GIVES, .row = change_shape, .detail = &(DETAIL)                       \
    }
#define BY(NAME, ARGUMENT, DETAIL, SUMMARY, EXAMPLE, GIVES)                            \
    {                                                                                  \
        .name = NAME, .arguments = {ARG_GEOM, ARG(ARGUMENT)}, .result = ELC_GEOMETRY,  \
        .summary = SUMMARY, .example = NAME "(" EXAMPLE ")", .gives = GIVES,           \
        .row = change_by, .detail = &(DETAIL)                                          \
    }

#define TEXT(WKT) "st_geomfromtext('" WKT "')"
#define BENT      TEXT("LINESTRING (0 0, 2 0.1, 4 0)")

static const elc_function functions[] = {
    CHANGE("st_boundary", NULL, boundary,
           "its border: the rings of polygons, the ends of lines, nothing of points",
           "st_makebbox(0, 0, 1, 1)", "LINESTRING (0 0, 1 0, 1 1, 0 1, 0 0)"),
    {.name = "st_buffer",
     .arguments = {ARG_GEOM, ARG("distance"), {"quarter_segments", ELC_INT32, "8"}},
     .result = ELC_GEOMETRY,
     .summary =
         "all that is at most so far from it, in the coordinates' unit; less than "
         "0: a polygon without what is so near to its border",
     .example = "st_buffer(st_makebbox(0, 0, 4, 4), -1)",
     .gives = "POLYGON ((1 1, 1 3, 3 3, 3 1, 1 1))",
     .row = buffer},
    CHANGE("st_centroid", NULL, centroid, "its centre of mass",
           "st_makebbox(0, 0, 4, 2)", "POINT (2 1)"),
    CHANGE("st_convexhull", NULL, hull, "the smallest convex geometry that holds it",
           TEXT("MULTIPOINT ((0 0), (2 2), (1 1))"), "LINESTRING (0 0, 2 2)"),
    CHANGE("st_envelope", NULL, envelope,
           "its bounds as a polygon; a point or a line where they are no more",
           TEXT("LINESTRING (0 0, 4 3)"), "POLYGON ((0 0, 4 0, 4 3, 0 3, 0 0))"),
    BY("st_lineinterpolatepoint", "fraction", along,
       "the point of a line after that share of its length, 0 to 1",
       TEXT("LINESTRING (0 0, 4 0)") ", 0.25", "POINT (1 0)"),
    CHANGE("st_linemerge", NULL, merged, "lines that end in each other, made one",
           TEXT("MULTILINESTRING ((0 0, 1 0), (1 0, 2 0))"),
           "LINESTRING (0 0, 1 0, 2 0)"),
    CHANGE(
        "st_makevalid", NULL, valid,
        "a valid geometry of the same lines, that covers the same as far as that can "
        "be said",
        TEXT("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"),
        "MULTIPOLYGON (((0 2, 1 1, 0 0, 0 2)), ((2 0, 1 1, 2 2, 2 0)))"),
    CHANGE("st_pointonsurface", NULL, inside, "a point that surely lies on it",
           "st_makebbox(0, 0, 4, 2)", "POINT (2 1)"),
    CHANGE("st_reverse", NULL, reversed, "its points in the other order", BENT,
           "LINESTRING (4 0, 2 0.1, 0 0)"),
    BY("st_simplify", "tolerance", simpler,
       "without points that are so near to what is left (Douglas and Peucker); it may "
       "cross itself or vanish",
       BENT ", 0.5", "LINESTRING (0 0, 4 0)"),
    BY("st_simplifypreservetopology", "tolerance", simpler_kept,
       "the same, with rings that stay valid and parts that stay", BENT ", 0.5",
       "LINESTRING (0 0, 4 0)"),
    {.name = "st_snaptogrid",
     .aliases = "st_reduceprecision",
     .arguments = {ARG_GEOM, ARG("size")},
     .result = ELC_GEOMETRY,
     .summary = "its points moved to multiples of a size, and valid still",
     .example = "st_snaptogrid(" TEXT("LINESTRING (0.4 0, 2.6 3.1)") ", 1)",
     .gives = "LINESTRING (0 0, 3 3)",
     .row = snap_to_grid},
    CHANGE("st_unaryunion", "st_union", unary,
           "what is in any of its parts, each border once",
           TEXT("MULTIPOINT ((1 1), (1 1))"), "POINT (1 1)"),
    {0},
};

const elc_function_family elc_function_family_processing = {
    .name = "processing",
    .summary = "geometries made of another in the plane of its coordinates",
    .functions = functions,
};
