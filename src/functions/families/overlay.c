/* overlay.c - geometries that two others make in the plane of their coordinates. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/shape.h"

typedef struct overlay {
    GEOSGeometry *(*make)(GEOSContextHandle_t, const GEOSGeometry *,
                          const GEOSGeometry *);
    const char *what;
} overlay;
static const overlay difference = {GEOSDifference_r, "the difference"},
                     intersection = {GEOSIntersection_r, "the intersection"},
                     sym_difference = {GEOSSymDifference_r, "the symmetric difference"},
                     unite = {GEOSUnion_r, "the union"};

static elc_status two_shapes(elc_frame *f, size_t row, const GEOSGeometry *at[2],
                             elc_error *err) {
    ELC_TRY(elc_frame_usable(f, 0, row, &at[0], err));
    return elc_frame_usable(f, 1, row, &at[1], err);
}

static elc_status lay(elc_frame *f, size_t row, elc_error *err) {
    const overlay *o = f->function->detail;
    const GEOSGeometry *at[2];
    ELC_TRY(two_shapes(f, row, at, err));
    return elc_give_shape(f, o->make(f->shapes->geos, at[0], at[1]), o->what, err);
}

/* ---- how much they share --------------------------------------------------------- */

static elc_status areas(elc_frame *f, const GEOSGeometry *const at[2], double out[3],
                        elc_error *err) {
    GEOSContextHandle_t geos = f->shapes->geos;
    GEOSGeometry *common = GEOSIntersection_r(geos, at[0], at[1]);
    bool got = common != NULL && GEOSArea_r(geos, at[0], &out[0]) == 1 &&
               GEOSArea_r(geos, at[1], &out[1]) == 1 &&
               GEOSArea_r(geos, common, &out[2]) == 1;
    GEOSGeom_destroy_r(geos, common);
    return got ? ELC_OK : elc_frame_fail(f, "the intersection", err);
}

static elc_status iou(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *at[2];
    double area[3];
    ELC_TRY(two_shapes(f, row, at, err));
    ELC_TRY(areas(f, at, area, err));
    double all = area[0] + area[1] - area[2];
    return elc_give_real(f, all > 0 ? area[2] / all : 0, err);
}

#define OVERLAY(NAME, ALIASES, DETAIL, SUMMARY, EXAMPLE, GIVES)                        \
    {                                                                                  \
        .name = NAME, .aliases = ALIASES, .arguments = {ARG_A, ARG_B},                 \
        .result = ELC_GEOMETRY, .summary = SUMMARY, .example = NAME EXAMPLE,           \
        .gives = GIVES, .row = lay, .detail = &(DETAIL)                                \
    }

#define LINES "(st_makeline(st_point(0, 0), st_point(4, 0)), "
#define BOXES "(st_makebbox(0, 0, 2, 1), st_makebbox(1, 0, 3, 1))"

static const elc_function functions[] = {
    OVERLAY("st_difference", NULL, difference, "what of a is not in b",
            LINES "st_makeline(st_point(3, 0), st_point(4, 0)))",
            "LINESTRING (0 0, 3 0)"),
    OVERLAY("st_intersection", NULL, intersection, "what a and b share",
            LINES "st_makebbox(1, -1, 2, 1))", "LINESTRING (1 0, 2 0)"),
    {.name = "st_iou",
     .arguments = {ARG_A, ARG_B},
     .result = ELC_FLOAT64,
     .summary = "the area that they share, of the area that they cover together",
     .example = "st_iou" BOXES,
     .gives = "0.33333333333333331",
     .row = iou},
    OVERLAY("st_symdifference", "st_symmetricdifference", sym_difference,
            "what is in one of them only",
            LINES "st_makeline(st_point(2, 0), st_point(6, 0)))",
            "MULTILINESTRING ((0 0, 2 0), (4 0, 6 0))"),
    OVERLAY("st_union", NULL, unite, "what is in a or in b", LINES "st_point(2, 0))",
            "LINESTRING (0 0, 4 0)"),
    {0},
};

const elc_function_family elc_function_family_overlay = {
    .name = "overlay",
    .summary = "geometries that two others make in the plane of their coordinates",
    .functions = functions,
};
