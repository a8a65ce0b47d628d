/* squares.c - the squares of a plane as whole numbers, of any CRS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/cell.h"
#include "functions/shape.h"

#include <math.h>
#include <stdlib.h>

/* Columns and rows are whole numbers of 32 bits; division and floor keep the order of
   coordinates, so that a point of a box is in one of the box's squares. */
static elc_status square_of(double v, double size, int64_t *out, elc_error *err) {
    double i = floor(v / size);
    if (!(size > 0) || !isfinite(size))
        return elc_fail(err, ELC_E_ARGUMENT, "squares of size %g: give more than 0",
                        size);
    if (!(i >= INT32_MIN && i <= INT32_MAX))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%g is beyond the 2^31 squares of size %g on each side of 0", v,
                        size);
    *out = (int64_t)i;
    return ELC_OK;
}

static int64_t number_of_square(int64_t column, int64_t row) {
    return (int64_t)((uint64_t)(uint32_t)column << 32 | (uint32_t)row);
}

static elc_status square(elc_frame *f, size_t row, elc_error *err) {
    double size = elc_frame_real(f, 2, row);
    int64_t column = 0, line = 0;
    ELC_TRY(square_of(elc_frame_real(f, 0, row), size, &column, err));
    ELC_TRY(square_of(elc_frame_real(f, 1, row), size, &line, err));
    return elc_give_int(f, number_of_square(column, line), err);
}

static elc_status box_of(elc_frame *f, size_t row, double box[4], bool *empty,
                         elc_error *err) {
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_usable(f, 0, row, &shape, err));
    GEOSContextHandle_t geos = f->shapes->geos;
    *empty = GEOSisEmpty_r(geos, shape) == 1;
    if (!*empty && (GEOSGeom_getXMin_r(geos, shape, &box[0]) != 1 ||
                    GEOSGeom_getYMin_r(geos, shape, &box[1]) != 1 ||
                    GEOSGeom_getXMax_r(geos, shape, &box[2]) != 1 ||
                    GEOSGeom_getYMax_r(geos, shape, &box[3]) != 1))
        return elc_frame_fail(f, "the bounds", err);
    return ELC_OK;
}

static elc_status give_squares(elc_frame *f, const int64_t low[2],
                               const int64_t high[2], elc_error *err) {
    int64_t *cells, columns = high[0] - low[0] + 1, rows = high[1] - low[1] + 1;
    size_t n = 0;
    if (columns > ELC_CELLS_MOST / rows)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the geometry's bounds are %lld by %lld squares, at most %d: "
                        "give a larger size",
                        (long long)columns, (long long)rows, ELC_CELLS_MOST);
    ELC_TRY(elc_alloc((size_t)(columns * rows), sizeof *cells, &cells, err));
    for (int64_t x = low[0]; x <= high[0]; x++)
        for (int64_t y = low[1]; y <= high[1]; y++)
            cells[n++] = number_of_square(x, y);
    elc_status status = elc_give_list(f, cells, n, err);
    free(cells);
    return status;
}

static elc_status squares(elc_frame *f, size_t row, elc_error *err) {
    double size = elc_frame_real(f, 1, row), box[4];
    int64_t low[2] = {0}, high[2] = {0};
    bool empty;
    ELC_TRY(box_of(f, row, box, &empty, err));
    if (empty)
        return elc_give_list(f, NULL, 0, err);
    for (int axis = 0; axis < 2; axis++) {
        ELC_TRY(square_of(box[axis], size, &low[axis], err));
        ELC_TRY(square_of(box[axis + 2], size, &high[axis], err));
    }
    return give_squares(f, low, high, err);
}

static const elc_function functions[] = {
    {.name = "st_gridcell",
     .arguments = {ARG("x"), ARG("y"), ARG("size")},
     .result = ELC_INT64,
     .summary =
         "the square of a plane that a place is in, with squares of a size in the "
         "coordinates' unit from 0, 0 on: its column in the upper 32 bits, its "
         "row in the lower",
     .example = "st_gridcell(2.5, 1.5, 1)",
     .gives = "8589934593",
     .row = square},
    {.name = "st_gridcover",
     .arguments = {ARG_GEOM, ARG("size")},
     .result = ELC_INT64,
     .list = true,
     .summary =
         "the squares of a plane that a geometry's bounds meet, at most 100,000: "
         "two geometries that meet share the one of st_gridcell(greatest of their "
         "st_xmin, greatest of their st_ymin, size), and that one only once",
     .example = "st_gridcover(st_makebbox(0.5, 0.5, 1.5, 1.5), 1)",
     .gives = "[0, 1, 4294967296, 4294967297]",
     .row = squares},
    {0},
};

const elc_function_family elc_function_family_squares = {
    .name = "squares",
    .summary = "the squares of a plane, by which near things of any CRS are equal",
    .functions = functions,
};
