/* accessors.c - what can be read off a geometry as a number, a word or a truth. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/head.h"
#include "functions/shape.h"

#include <math.h>

/* ---- numbers of a point ---------------------------------------------------------- */

enum { AXIS_X, AXIS_Y, AXIS_Z, AXIS_M };
static const int axis_x = AXIS_X, axis_y = AXIS_Y, axis_z = AXIS_Z, axis_m = AXIS_M;

static elc_status ordinate(elc_frame *f, size_t row, elc_error *err) {
    elc_head head;
    ELC_TRY(elc_frame_head(f, 0, row, &head, err));
    int axis = *(const int *)f->function->detail;
    bool has = head.type == HEAD_POINT && !(isnan(head.at.x) && isnan(head.at.y)) &&
               (axis != AXIS_Z || head.z) && (axis != AXIS_M || head.m);
    const double at[] = {head.at.x, head.at.y, head.z_at, head.m_at};
    return has ? elc_give_real(f, at[axis], err) : ELC_OK;
}

/* ---- bounds ---------------------------------------------------------------------- */

typedef struct bound {
    int (*get)(GEOSContextHandle_t, const GEOSGeometry *, double *);
} bound;
static const bound xmin = {GEOSGeom_getXMin_r}, ymin = {GEOSGeom_getYMin_r},
                   xmax = {GEOSGeom_getXMax_r}, ymax = {GEOSGeom_getYMax_r};

static elc_status bound_of(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    const bound *b = f->function->detail;
    double value;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    if (GEOSisEmpty_r(f->shapes->geos, shape))
        return ELC_OK;
    if (b->get(f->shapes->geos, shape, &value) != 1)
        return elc_frame_fail(f, "the bounds", err);
    return elc_give_real(f, value, err);
}

/* ---- counts ---------------------------------------------------------------------- */

/* 2, and one more for each of Z and M. */
static elc_status coord_dim(elc_frame *f, size_t row, elc_error *err) {
    elc_head head;
    ELC_TRY(elc_frame_head(f, 0, row, &head, err));
    return elc_give_int(f, 2 + head.z + head.m, err);
}

/* An empty collection has none of its own; it counts as a point, as in PostGIS. */
static int dimension(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    int n = GEOSGeom_getDimensions_r(geos, shape);
    return n > 0 ? n : 0;
}

static int interior_rings(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    return GEOSGeomTypeId_r(geos, shape) == GEOS_POLYGON
               ? GEOSGetNumInteriorRings_r(geos, shape)
               : -1;
}

typedef struct counter {
    int (*count)(GEOSContextHandle_t, const GEOSGeometry *); /* -1: NULL */
} counter;
static const counter dimensions = {dimension}, holes = {interior_rings},
                     parts = {GEOSGetNumGeometries_r},
                     points = {GEOSGetNumCoordinates_r};

static elc_status count(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    const counter *c = f->function->detail;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    int n = c->count(f->shapes->geos, shape);
    return n >= 0 ? elc_give_int(f, n, err) : ELC_OK;
}

/* ---- truths ---------------------------------------------------------------------- */

static char is_closed(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    int type = GEOSGeomTypeId_r(geos, shape);
    bool lines = type == GEOS_LINESTRING || type == GEOS_MULTILINESTRING;
    return lines ? GEOSisClosed_r(geos, shape) : 1;
}

static char is_collection(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    return GEOSGeomTypeId_r(geos, shape) >= GEOS_MULTIPOINT;
}

typedef struct truth {
    char (*ask)(GEOSContextHandle_t, const GEOSGeometry *);
    bool lines; /* it follows them, which have to be somewhere */
} truth;
static const truth closed = {is_closed, false}, collection = {is_collection, false},
                   empty = {GEOSisEmpty_r, false}, ring = {GEOSisRing_r, true},
                   simple = {GEOSisSimple_r, true}, valid = {GEOSisValid_r, false};

static elc_status is_so(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    const truth *t = f->function->detail;
    ELC_TRY(t->lines ? elc_frame_usable(f, 0, row, &shape, err)
                     : elc_frame_shape(f, 0, row, &shape, err));
    return elc_give_answer(f, t->ask(f->shapes->geos, shape),
                           "this cannot be asked of the geometry", err);
}

/* ---- words ----------------------------------------------------------------------- */

static elc_status give_word(elc_frame *f, char *word, elc_error *err) {
    if (word == NULL)
        return elc_frame_fail(f, "a word for the geometry", err);
    elc_status status = elc_give_text(f, word, err);
    GEOSFree_r(f->shapes->geos, word);
    return status;
}

static elc_status type_of(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    return give_word(f, GEOSGeomType_r(f->shapes->geos, shape), err);
}

static elc_status reason_of(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    return give_word(f, GEOSisValidReason_r(f->shapes->geos, shape), err);
}

#define READ(NAME, RESULT, KERNEL, DETAIL, SUMMARY, EXAMPLE, GIVES)                    \
    {                                                                                  \
        .name = NAME, .arguments = {ARG_GEOM}, .result = RESULT, .summary = SUMMARY,   \
        .example = NAME "(" EXAMPLE ")", .gives = GIVES, .row = KERNEL,                \
        .detail = DETAIL                                                               \
    }

#define BOX "st_makebbox(1, 2, 3, 5)"
#define TWO "st_geomfromtext('MULTIPOINT ((1 2), (3 4))')"

static const elc_function functions[] = {
    READ("st_coorddim", ELC_INT32, coord_dim, NULL,
         "how many numbers a place has: 2, and one for each of Z and M",
         "st_point(1, 2, 3)", "3"),
    READ("st_dimension", ELC_INT32, count, &dimensions,
         "0 for points, 1 for lines, 2 for polygons; of a collection, the highest", BOX,
         "2"),
    READ("st_geometrytype", ELC_UTF8, type_of, NULL,
         "Point, LineString, Polygon, MultiPoint, MultiLineString, MultiPolygon or "
         "GeometryCollection",
         BOX, "Polygon"),
    READ("st_isclosed", ELC_BOOL, is_so, &closed,
         "each line ends where it begins; true for what is no line", BOX, "true"),
    READ("st_iscollection", ELC_BOOL, is_so, &collection,
         "it is a collection or of a Multi type", TWO, "true"),
    READ("st_isempty", ELC_BOOL, is_so, &empty, "it has no point",
         "st_geomfromtext('POINT EMPTY')", "true"),
    READ("st_isring", ELC_BOOL, is_so, &ring, "it is a closed line that is simple",
         "st_exteriorring(" BOX ")", "true"),
    READ("st_issimple", ELC_BOOL, is_so, &simple,
         "no line meets itself, and no point is there twice", TWO, "true"),
    READ("st_isvalid", ELC_BOOL, is_so, &valid,
         "it is well formed: rings close and do not cross, holes lie inside",
         "st_geomfromtext('POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))')", "false"),
    READ("st_isvalidreason", ELC_UTF8, reason_of, NULL,
         "why it is not valid, and where, or \"Valid Geometry\"",
         "st_geomfromtext('POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))')",
         "Self-intersection[1 1]"),
    READ("st_m", ELC_FLOAT64, ordinate, &axis_m,
         "the measure of a point; NULL where it has none, and for others",
         "st_pointm(1, 2, 7)", "7"),
    READ("st_numgeometries", ELC_INT32, count, &parts,
         "how many parts a collection or a Multi type has; 1 for others", TWO, "2"),
    {.name = "st_numinteriorrings",
     .aliases = "st_numinteriorring",
     .arguments = {ARG_GEOM},
     .result = ELC_INT32,
     .summary = "how many holes a polygon has; NULL for others",
     .example = "st_numinteriorrings(" BOX ")",
     .gives = "0",
     .row = count,
     .detail = &holes},
    {.name = "st_numpoints",
     .aliases = "st_npoints",
     .arguments = {ARG_GEOM},
     .result = ELC_INT32,
     .summary = "how many vertices it has, those that close rings included",
     .example = "st_numpoints(" BOX ")",
     .gives = "5",
     .row = count,
     .detail = &points},
    READ("st_x", ELC_FLOAT64, ordinate, &axis_x,
         "the x of a point; NULL for an empty one and for others",
         "st_point(11.5, 48.1)", "11.5"),
    READ("st_xmax", ELC_FLOAT64, bound_of, &xmax,
         "the largest x; NULL where it is empty", BOX, "3"),
    READ("st_xmin", ELC_FLOAT64, bound_of, &xmin,
         "the smallest x; NULL where it is empty", BOX, "1"),
    READ("st_y", ELC_FLOAT64, ordinate, &axis_y,
         "the y of a point; NULL for an empty one and for others",
         "st_point(11.5, 48.1)", "48.1"),
    READ("st_ymax", ELC_FLOAT64, bound_of, &ymax,
         "the largest y; NULL where it is empty", BOX, "5"),
    READ("st_ymin", ELC_FLOAT64, bound_of, &ymin,
         "the smallest y; NULL where it is empty", BOX, "2"),
    READ("st_z", ELC_FLOAT64, ordinate, &axis_z,
         "the z of a point; NULL where it has none, and for others",
         "st_point(1, 2, 3)", "3"),
    {0},
};

const elc_function_family elc_function_family_accessors = {
    .name = "accessors",
    .summary = "what can be read off a geometry",
    .functions = functions,
};
