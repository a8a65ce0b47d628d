/* measures.c - how large geometries are, in the plane and on the ellipsoid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/shape.h"

#include <math.h>

typedef enum size_kind { SIZE_AREA, SIZE_LENGTH, SIZE_PERIMETER } size_kind;

typedef struct size_wish {
    size_kind kind;
    bool geodesic;
} size_wish;

static void release_measure(void *kept) {
    elc_measure_free(kept);
}

static elc_status measure_of(elc_frame *f, elc_measure **out, elc_error *err) {
    const size_wish *wish = f->function->detail;
    if (f->kept == NULL) {
        elc_measure *made;
        ELC_TRY(elc_measure_create(NULL, wish->geodesic, &made, err));
        f->kept = made;
        f->release = release_measure;
    }
    *out = f->kept;
    return ELC_OK;
}

/* The same as `elcano measure`'s. */
static elc_status size_of(elc_frame *f, size_t row, elc_error *err) {
    static const elc_measure_wish sizes = {.sizes = true};
    const size_wish *wish = f->function->detail;
    elc_bytes wkb = elc_frame_bytes(f, 0, row);
    elc_measure *m;
    elc_measured measured;
    ELC_TRY(measure_of(f, &m, err));
    ELC_TRY(elc_measure_wkb(m, wkb.data, wkb.size, &sizes, &measured, NULL, err));
    if (!measured.known)
        return elc_fail(err, ELC_E_ARGUMENT, "geom cannot be measured: %s",
                        measured.reason != NULL
                            ? measured.reason
                            : "it has a coordinate that is no finite number");
    const double values[] = {measured.area, measured.length, measured.perimeter};
    if (isnan(values[wish->kind]))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "geom has a latitude beyond 90 degrees, or its size is none");
    return elc_give_real(f, values[wish->kind], err);
}

static const size_wish area = {SIZE_AREA, false}, length = {SIZE_LENGTH, false},
                       perimeter = {SIZE_PERIMETER, false}, area_m2 = {SIZE_AREA, true},
                       length_m = {SIZE_LENGTH, true},
                       perimeter_m = {SIZE_PERIMETER, true};

#define SIZE(NAME, ALIASES, DETAIL, SUMMARY, EXAMPLE, GIVES)                           \
    {                                                                                  \
        .name = NAME, .aliases = ALIASES, .arguments = {ARG_GEOM},                     \
        .result = ELC_FLOAT64, .summary = SUMMARY, .example = NAME "(" EXAMPLE ")",    \
        .gives = GIVES, .row = size_of, .detail = &(DETAIL)                            \
    }

#define BOX    "st_makebbox(0, 0, 4, 3)"
#define DEGREE "st_makebbox(0, 0, 1, 1)"
#define LINE   "st_makeline(st_point(0, 0), st_point(3, 4))"

static const elc_function functions[] = {
    SIZE(
        "st_area", NULL, area,
        "the area of its polygons in the plane, in the square of the coordinates' unit",
        BOX, "12"),
    SIZE(
        "st_areaspheroid", "st_area_spheroid", area_m2,
        "the area of its polygons, of longitude and latitude, on WGS 84's ellipsoid in "
        "square metres",
        DEGREE, "12308778361.469452"),
    SIZE("st_length", NULL, length,
         "the length of its lines in the plane, in the coordinates' unit; 0 for "
         "polygons",
         LINE, "5"),
    SIZE(
        "st_lengthspheroid", "st_length_spheroid", length_m,
        "the length of its lines, of longitude and latitude, along geodesics of WGS 84 "
        "in metres",
        "st_makeline(st_point(179, 10), st_point(-179, 10))", "219278.39240494621"),
    SIZE("st_perimeter", NULL, perimeter,
         "the length of its polygons' rings in the plane, in the coordinates' unit",
         BOX, "14"),
    SIZE(
        "st_perimeterspheroid", "st_perimeter_spheroid", perimeter_m,
        "the length of its polygons' rings, of longitude and latitude, along geodesics "
        "of WGS 84 in metres",
        DEGREE, "443770.91724830196"),
    {0},
};

const elc_function_family elc_function_family_measures = {
    .name = "measures",
    .summary = "how large geometries are, in the plane and on the ellipsoid",
    .functions = functions,
};
