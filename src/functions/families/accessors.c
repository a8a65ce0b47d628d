/* accessors.c - what can be read off a geometry. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/shape.h"

static elc_status x_of(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    double value;
    ELC_TRY(elc_frame_shape(f, 0, row, &shape, err));
    if (GEOSGeomTypeId_r(f->shapes->geos, shape) != GEOS_POINT ||
        GEOSGeomGetX_r(f->shapes->geos, shape, &value) != 1)
        return ELC_OK;
    return elc_give_real(f, value, err);
}

#define GEOM                                                                           \
    { "geom", ELC_GEOMETRY, NULL }

static const elc_function functions[] = {
    {.name = "st_x",
     .arguments = {GEOM},
     .result = ELC_FLOAT64,
     .summary = "the x of a point; NULL for others and for an empty one",
     .example = "st_x(st_point(11.5, 48.1))",
     .gives = "11.5",
     .row = x_of},
    {0},
};

const elc_function_family elc_function_family_accessors = {
    .name = "accessors",
    .summary = "what can be read off a geometry",
    .functions = functions,
};
