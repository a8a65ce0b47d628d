/* relations.c - how two geometries lie to each other: OGC 06-103r4, 6.1.15. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/relate.h"

#include <math.h>

static const elc_relation intersects = {ELC_INTERSECTS, ELC_INTERSECTS,
                                        GEOSIntersects_r, false},
                          within = {ELC_WITHIN, ELC_CONTAINS, GEOSWithin_r, false},
                          contains = {ELC_CONTAINS, ELC_WITHIN, GEOSContains_r, false},
                          covers = {ELC_COVERS, ELC_COVERED_BY, GEOSCovers_r, false},
                          covered_by = {ELC_COVERED_BY, ELC_COVERS, GEOSCoveredBy_r,
                                        false},
                          touches = {ELC_TOUCHES, ELC_TOUCHES, GEOSTouches_r, false},
                          crosses = {ELC_CROSSES, ELC_CROSSES, GEOSCrosses_r, false},
                          overlaps = {ELC_OVERLAPS, ELC_OVERLAPS, GEOSOverlaps_r,
                                      false},
                          equals = {ELC_EQUALS, ELC_EQUALS, GEOSEquals_r, false},
                          disjoint = {ELC_DISJOINT, ELC_DISJOINT, GEOSIntersects_r,
                                      true};

/* ---- the matrix of intersections ------------------------------------------------- */

static elc_status two_finite(elc_frame *f, size_t row, const GEOSGeometry *shapes[2],
                             elc_error *err) {
    ELC_TRY(elc_frame_usable(f, 0, row, &shapes[0], err));
    return elc_frame_usable(f, 1, row, &shapes[1], err);
}

static elc_status relate(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shapes[2];
    ELC_TRY(two_finite(f, row, shapes, err));
    char *matrix = GEOSRelate_r(f->shapes->geos, shapes[0], shapes[1]);
    if (matrix == NULL)
        return elc_frame_fail(f, "the relation", err);
    elc_status status = elc_give_text(f, matrix, err);
    GEOSFree_r(f->shapes->geos, matrix);
    return status;
}

static elc_status relate_matches(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shapes[2];
    const char *pattern;
    ELC_TRY(elc_frame_text(f, 2, row, &pattern, err));
    if (strlen(pattern) != 9 || strspn(pattern, "TF*012tf") != 9)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the pattern \"%.20s\" is not nine of T, F, *, 0, 1 and 2",
                        pattern);
    ELC_TRY(two_finite(f, row, shapes, err));
    return elc_give_answer(
        f, GEOSRelatePattern_r(f->shapes->geos, shapes[0], shapes[1], pattern),
        "the relation", err);
}

/* ---- within a distance ----------------------------------------------------------- */

static char is_near(elc_frame *f, const GEOSGeometry *const shapes[2], double far) {
    GEOSContextHandle_t geos = f->shapes->geos;
    for (size_t i = 0; i < 2; i++) {
        const GEOSPreparedGeometry *prepared = elc_frame_prepared(f, i);
        if (prepared != NULL)
            return GEOSPreparedDistanceWithin_r(geos, prepared, shapes[1 - i], far);
    }
    return GEOSDistanceWithin_r(geos, shapes[0], shapes[1], far);
}

/* As `elcano join --distance`: places that are empty or nowhere are near none. */
static elc_status near_by(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shapes[2];
    double far = elc_frame_real(f, 2, row);
    if (isnan(far))
        return elc_fail(err, ELC_E_ARGUMENT, "the distance is no number");
    for (size_t i = 0; i < 2; i++) {
        ELC_TRY(elc_frame_whole(f, i, row, &shapes[i], err));
        if (!f->shapes->kept[i].finite || far < 0 ||
            GEOSisEmpty_r(f->shapes->geos, shapes[i]) == 1)
            return elc_give_int(f, 0, err);
    }
    return elc_give_answer(f, is_near(f, shapes, far), "the distance", err);
}

#define RELATION(NAME, DETAIL, SUMMARY, EXAMPLE)                                       \
    {                                                                                  \
        .name = NAME, .arguments = {ARG_A, ARG_B}, .result = ELC_BOOL,                 \
        .summary = SUMMARY, .example = NAME EXAMPLE, .gives = "true",                  \
        .row = elc_relate_row, .detail = &(DETAIL)                                     \
    }

#define SQUARE "st_makebbox(0, 0, 2, 2)"

static const elc_function functions[] = {
    RELATION("st_contains", contains,
             "no point of b is outside of a, and their insides meet",
             "(" SQUARE ", st_point(1, 1))"),
    RELATION("st_coveredby", covered_by, "no point of a is outside of b",
             "(st_point(0, 1), " SQUARE ")"),
    RELATION("st_covers", covers, "no point of b is outside of a",
             "(" SQUARE ", st_point(0, 1))"),
    RELATION("st_crosses", crosses,
             "they meet inside, in less than the larger of them, and neither holds the "
             "other",
             "(st_makeline(st_point(-1, 1), st_point(3, 1)), " SQUARE ")"),
    RELATION("st_disjoint", disjoint, "they share no point",
             "(st_point(3, 3), " SQUARE ")"),
    RELATION("st_equals", equals, "they have the same points, in whatever order",
             "(" SQUARE ", st_makebbox(2, 2, 0, 0))"),
    RELATION("st_intersects", intersects, "they share a point",
             "(st_point(0, 1), " SQUARE ")"),
    RELATION(
        "st_overlaps", overlaps,
        "they are of one dimension, share a part of it, and neither holds the other",
        "(" SQUARE ", st_makebbox(1, 1, 3, 3))"),
    RELATION("st_touches", touches, "they share points of their borders only",
             "(st_point(0, 1), " SQUARE ")"),
    RELATION("st_within", within,
             "no point of a is outside of b, and their insides meet",
             "(st_point(1, 1), " SQUARE ")"),
    {.name = "st_dwithin",
     .arguments = {ARG_A, ARG_B, ARG("distance")},
     .result = ELC_BOOL,
     .summary = "they are at most so far apart, in the unit of the coordinates",
     .example = "st_dwithin(st_point(5, 2), " SQUARE ", 3)",
     .gives = "true",
     .row = near_by},
    {.name = "st_relate",
     .arguments = {ARG_A, ARG_B},
     .result = ELC_UTF8,
     .summary = "the dimensions of what inside, border and outside have in common "
                "(DE-9IM)",
     .example = "st_relate(st_point(1, 1), " SQUARE ")",
     .gives = "0FFFFF212",
     .row = relate},
    {.name = "st_relatebool",
     .aliases = "st_relate",
     .arguments = {ARG_A, ARG_B, ARG_TEXT("pattern")},
     .result = ELC_BOOL,
     .summary = "st_relate's nine letters fit a pattern of T, F, *, 0, 1 and 2",
     .example = "st_relatebool(st_point(1, 1), " SQUARE ", 'T*F**F***')",
     .gives = "true",
     .row = relate_matches},
    {0},
};

const elc_function_family elc_function_family_relations = {
    .name = "relations",
    .summary = "how two geometries lie to each other in the plane of their coordinates",
    .functions = functions,
};
