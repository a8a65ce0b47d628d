/* parts.c - the geometries that a geometry consists of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/head.h"
#include "functions/shape.h"

/* NULL parts give NULL. */
static elc_status give_part(elc_frame *f, const GEOSGeometry *part, elc_error *err) {
    return part != NULL ? elc_give_shape_of(f, part, err) : ELC_OK;
}

/* ---- rings ----------------------------------------------------------------------- */

static elc_status give_ring(elc_frame *f, const GEOSGeometry *ring, elc_error *err) {
    GEOSContextHandle_t geos = f->shapes->geos;
    if (ring == NULL)
        return ELC_OK;
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, ring);
    GEOSCoordSequence *copy =
        points != NULL ? GEOSCoordSeq_clone_r(geos, points) : NULL;
    GEOSGeometry *line = copy != NULL ? GEOSGeom_createLineString_r(geos, copy) : NULL;
    return elc_give_shape(f, line, "the ring", err);
}

static elc_status exterior_ring(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    GEOSContextHandle_t geos = f->shapes->geos;
    bool polygon = GEOSGeomTypeId_r(geos, shape) == GEOS_POLYGON;
    return give_ring(f, polygon ? GEOSGetExteriorRing_r(geos, shape) : NULL, err);
}

static elc_status interior_ring(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    int64_t n = elc_frame_int(f, 1, row);
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    GEOSContextHandle_t geos = f->shapes->geos;
    if (GEOSGeomTypeId_r(geos, shape) != GEOS_POLYGON || n < 1 ||
        n > GEOSGetNumInteriorRings_r(geos, shape))
        return ELC_OK;
    return give_ring(f, GEOSGetInteriorRingN_r(geos, shape, (int)(n - 1)), err);
}

/* ---- members --------------------------------------------------------------------- */

static elc_status member(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    int64_t n = elc_frame_int(f, 1, row);
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    if (n < 1 || n > GEOSGetNumGeometries_r(f->shapes->geos, shape))
        return ELC_OK;
    return give_part(f, GEOSGetGeometryN_r(f->shapes->geos, shape, (int)(n - 1)), err);
}

/* ---- points of a line ------------------------------------------------------------ */

/* Point n of a line from 1 on, or -1 for the last, and so on; else NULL. */
static elc_status give_point(elc_frame *f, size_t row, int64_t n, elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    GEOSContextHandle_t geos = f->shapes->geos;
    if (GEOSGeomTypeId_r(geos, shape) != GEOS_LINESTRING)
        return ELC_OK;
    int count = GEOSGeomGetNumPoints_r(geos, shape);
    int64_t at = n > 0 ? n - 1 : count + n;
    if (n == 0 || at < 0 || at >= count)
        return ELC_OK;
    return elc_give_shape(f, GEOSGeomGetPointN_r(geos, shape, (int)at), "the point",
                          err);
}

static elc_status point_n(elc_frame *f, size_t row, elc_error *err) {
    return give_point(f, row, elc_frame_int(f, 1, row), err);
}

static elc_status start_point(elc_frame *f, size_t row, elc_error *err) {
    return give_point(f, row, 1, err);
}

static elc_status end_point(elc_frame *f, size_t row, elc_error *err) {
    return give_point(f, row, -1, err);
}

/* ---- casts ----------------------------------------------------------------------- */

/* 0: any. */
static const uint32_t any_type = 0, point_type = HEAD_POINT, line_type = HEAD_LINE,
                      polygon_type = HEAD_POLYGON;

static elc_status cast(elc_frame *f, size_t row, elc_error *err) {
    elc_head head;
    uint32_t wanted = *(const uint32_t *)f->function->detail;
    ELC_TRY(elc_frame_head(f, 0, row, &head, err));
    if (wanted != 0 && wanted != head.type)
        return ELC_OK;
    elc_bytes wkb = elc_frame_bytes(f, 0, row);
    ELC_TRY(elc_wkb_from_ewkb(wkb.data, wkb.size, &f->made, NULL, err));
    return elc_give_made(f, err);
}

#define LINE  "st_geomfromtext('LINESTRING (1 2, 3 4, 5 6)')"
#define HOLED "st_geomfromtext('POLYGON ((0 0, 9 0, 9 9, 0 0), (5 1, 6 1, 6 2, 5 1))')"
#define CAST(NAME, TYPE, SUMMARY, EXAMPLE, GIVES)                                      \
    {                                                                                  \
        .name = NAME, .arguments = {ARG_GEOM}, .result = ELC_GEOMETRY,                 \
        .summary = SUMMARY, .example = NAME "(" EXAMPLE ")", .gives = GIVES,           \
        .row = cast, .detail = &(TYPE)                                                 \
    }

static const elc_function functions[] = {
    CAST("st_casttogeometry", any_type, "the geometry itself", "st_point(1, 2)",
         "POINT (1 2)"),
    CAST("st_casttolinestring", line_type, "the geometry if it is a line, else NULL",
         LINE, "LINESTRING (1 2, 3 4, 5 6)"),
    CAST("st_casttopoint", point_type, "the geometry if it is a point, else NULL",
         "st_point(1, 2)", "POINT (1 2)"),
    CAST("st_casttopolygon", polygon_type, "the geometry if it is a polygon, else NULL",
         "st_point(1, 2)", NULL),
    {.name = "st_endpoint",
     .arguments = {ARG_GEOM},
     .result = ELC_GEOMETRY,
     .summary = "the last point of a line; NULL for others",
     .example = "st_endpoint(" LINE ")",
     .gives = "POINT (5 6)",
     .row = end_point},
    {.name = "st_exteriorring",
     .arguments = {ARG_GEOM},
     .result = ELC_GEOMETRY,
     .summary = "the outer ring of a polygon as a line; NULL for others",
     .example = "st_exteriorring(" HOLED ")",
     .gives = "LINESTRING (0 0, 9 0, 9 9, 0 0)",
     .row = exterior_ring},
    {.name = "st_geometryn",
     .arguments = {ARG_GEOM, ARG_INT("n")},
     .result = ELC_GEOMETRY,
     .summary = "part n of it, from 1 on; NULL where there is none",
     .example = "st_geometryn(st_geomfromtext('MULTIPOINT ((1 2), (3 4))'), 2)",
     .gives = "POINT (3 4)",
     .row = member},
    {.name = "st_interiorringn",
     .arguments = {ARG_GEOM, ARG_INT("n")},
     .result = ELC_GEOMETRY,
     .summary = "hole n of a polygon as a line, from 1 on; NULL where there is none",
     .example = "st_interiorringn(" HOLED ", 1)",
     .gives = "LINESTRING (5 1, 6 1, 6 2, 5 1)",
     .row = interior_ring},
    {.name = "st_pointn",
     .arguments = {ARG_GEOM, ARG_INT("n")},
     .result = ELC_GEOMETRY,
     .summary = "point n of a line, from 1 on, or from -1 on from its end; NULL where "
                "there is none",
     .example = "st_pointn(" LINE ", -2)",
     .gives = "POINT (3 4)",
     .row = point_n},
    {.name = "st_startpoint",
     .arguments = {ARG_GEOM},
     .result = ELC_GEOMETRY,
     .summary = "the first point of a line; NULL for others",
     .example = "st_startpoint(" LINE ")",
     .gives = "POINT (1 2)",
     .row = start_point},
    {0},
};

const elc_function_family elc_function_family_parts = {
    .name = "parts",
    .summary = "the geometries that a geometry consists of",
    .functions = functions,
};
