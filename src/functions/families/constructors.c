/* constructors.c - functions that make geometries of numbers and text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/shape.h"

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

#define X                                                                              \
    { "x", ELC_FLOAT64, NULL }
#define Y                                                                              \
    { "y", ELC_FLOAT64, NULL }
#define Z                                                                              \
    { "z", ELC_FLOAT64, NULL }
#define M                                                                              \
    { "m", ELC_FLOAT64, NULL }

static const elc_function functions[] = {
    {.name = "st_point",
     .aliases = "st_makepoint",
     .arguments = {X, Y},
     .result = ELC_GEOMETRY,
     .summary = "the point at x and y",
     .example = "st_point(11.5, 48.1)",
     .gives = "POINT (11.5 48.1)",
     .row = point_xy},
    {.name = "st_point",
     .aliases = "st_makepoint",
     .arguments = {X, Y, Z},
     .result = ELC_GEOMETRY,
     .summary = "the point at x, y and z",
     .example = "st_point(11.5, 48.1, 520)",
     .gives = "POINT Z (11.5 48.1 520)",
     .row = point_xyz},
    {.name = "st_point",
     .aliases = "st_makepoint",
     .arguments = {X, Y, Z, M},
     .result = ELC_GEOMETRY,
     .summary = "the point at x, y and z with the measure m",
     .example = "st_point(11.5, 48.1, 520, 7)",
     .gives = "POINT ZM (11.5 48.1 520 7)",
     .row = point_xyzm},
    {.name = "st_pointm",
     .aliases = "st_makepointm",
     .arguments = {X, Y, M},
     .result = ELC_GEOMETRY,
     .summary = "the point at x and y with the measure m",
     .example = "st_pointm(11.5, 48.1, 7)",
     .gives = "POINT M (11.5 48.1 7)",
     .row = point_xym},
    {0},
};

const elc_function_family elc_function_family_constructors = {
    .name = "constructors",
    .summary = "geometries from numbers, text and bytes",
    .functions = functions,
};
