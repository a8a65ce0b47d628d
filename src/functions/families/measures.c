/* measures.c - how large geometries are, and how far apart. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/shape.h"

static elc_status area(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    double value;
    ELC_TRY(elc_frame_finite(f, 0, row, &shape, err));
    if (GEOSArea_r(f->shapes->geos, shape, &value) != 1)
        return elc_frame_fail(f, "the area", err);
    return elc_give_real(f, value, err);
}

#define GEOM                                                                           \
    { "geom", ELC_GEOMETRY, NULL }

static const elc_function functions[] = {
    {.name = "st_area",
     .arguments = {GEOM},
     .result = ELC_FLOAT64,
     .summary = "the area of the polygons in the plane, in the square of the unit of "
                "the coordinates",
     .example = "st_area(st_geomfromtext('POLYGON ((0 0, 4 0, 4 3, 0 3, 0 0))'))",
     .gives = "12",
     .row = area},
    {0},
};

const elc_function_family elc_function_family_measures = {
    .name = "measures",
    .summary = "sizes and distances, in the plane and on the ellipsoid",
    .functions = functions,
};
