/* test_places.c - the places that stand in a relation are those that GEOS says, pair by
   pair. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "pair.h"
#include "random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <geos_c.h>

enum { PLACES = 300 };

static void quiet(const char *message, void *arg) {
    (void)message;
    (void)arg;
}

/* ---- places on a lattice, so that borders, corners and lines meet -------------------
 */

static void put_points(elc_string *out, int x, int y, int n, bool closed) {
    int x0 = x + random_below(5), y0 = y + random_below(5);
    elc_string_printf(out, NULL, "(%d %d", x0, y0);
    for (int i = 1; i < n; i++)
        elc_string_printf(out, NULL, ", %d %d", x + random_below(5),
                          y + random_below(5));
    if (closed)
        elc_string_printf(out, NULL, ", %d %d", x0, y0);
    elc_string_append(out, ")", 1, NULL);
}

static void put_box(elc_string *out, int x, int y) {
    int w = 1 + random_below(4), h = 1 + random_below(4);
    elc_string_printf(out, NULL, "((%d %d, %d %d, %d %d, %d %d, %d %d)", x, y, x + w, y,
                      x + w, y + h, x, y + h, x, y);
    if (w > 2 && h > 2)
        elc_string_printf(out, NULL, ", (%d %d, %d %d, %d %d, %d %d)", x, y + 1, x + 1,
                          y + 1, x + 1, y + 2, x, y + 1);
    elc_string_append(out, ")", 1, NULL);
}

static GEOSGeometry *any_place(GEOSContextHandle_t geos) {
    static const char *const empties[] = {"POINT EMPTY", "POLYGON EMPTY",
                                          "MULTIPOINT EMPTY"};
    int x = random_below(12), y = random_below(12);
    elc_string text = {0};
    elc_string_append(&text, "", 0, NULL);
    switch (random_below(10)) {
    case 0:
    case 1:
        elc_string_printf(&text, NULL, "POINT (%d %d)", x, y);
        break;
    case 2:
        elc_string_printf(&text, NULL, "MULTIPOINT ");
        put_points(&text, x, y, 3, false);
        break;
    case 3:
        elc_string_printf(&text, NULL, "LINESTRING ");
        put_points(&text, x, y, 2 + random_below(3), false);
        break;
    case 4: /* often one that crosses itself */
        elc_string_printf(&text, NULL, "POLYGON (");
        put_points(&text, x, y, 3 + random_below(3), true);
        elc_string_printf(&text, NULL, ")");
        break;
    case 5:
        elc_string_printf(&text, NULL, "MULTIPOLYGON (");
        put_box(&text, x, y);
        elc_string_printf(&text, NULL, ", ");
        put_box(&text, x + 3, y + 3);
        elc_string_printf(&text, NULL, ")");
        break;
    case 6:
        elc_string_printf(&text, NULL, "%s", empties[random_below(3)]);
        break;
    case 7: /* GEOS's prepared answers are wrong for some */
        elc_string_printf(&text, NULL, "GEOMETRYCOLLECTION (POINT (%d %d), POLYGON ", x,
                          y);
        put_box(&text, x, y);
        elc_string_printf(&text, NULL, ")");
        break;
    default:
        elc_string_printf(&text, NULL, "POLYGON ");
        put_box(&text, x, y);
    }
    GEOSGeometry *shape = GEOSGeomFromWKT_r(geos, text.data);
    elc_string_free(&text);
    return shape;
}

/* A third of a whole number, from 1, often moved by one unit in the last place. */
static double hair(int n) {
    double v = (n + 3) / 3.0;
    int way = random_below(4);
    return way == 0 ? nextafter(v, 9) : way == 1 ? nextafter(v, -9) : v;
}

/* A line, or a ring without holes, on a small lattice of thirds but for a hair. */
static GEOSGeometry *close_place(GEOSContextHandle_t geos) {
    int x = random_below(8), y = random_below(8), n = 2 + random_below(4);
    if (random_below(4) == 0)
        return GEOSGeom_createRectangle_r(geos, hair(x), hair(y),
                                          hair(x + 1 + random_below(4)),
                                          hair(y + 1 + random_below(4)));
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, (unsigned)n + (n > 2), 2);
    const double first[] = {hair(x), hair(y)};
    for (unsigned i = 0; i < (unsigned)n; i++)
        GEOSCoordSeq_setXY_r(geos, points, i,
                             i == 0 ? first[0] : hair(x + random_below(5)),
                             i == 0 ? first[1] : hair(y + random_below(5)));
    if (n == 2)
        return GEOSGeom_createLineString_r(geos, points);
    GEOSCoordSeq_setXY_r(geos, points, (unsigned)n, first[0], first[1]);
    return GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, points),
                                    NULL, 0);
}

/* ---- the oracle
 * ----------------------------------------------------------------------- */

/* GEOS's own disjoint and intersects are not each other's opposite on invalid shapes.
 */
static char is_apart(GEOSContextHandle_t geos, const GEOSGeometry *a,
                     const GEOSGeometry *b) {
    return GEOSIntersects_r(geos, a, b) == 0;
}

typedef char (*predicate)(GEOSContextHandle_t, const GEOSGeometry *,
                          const GEOSGeometry *);
static predicate predicates[] = {
    GEOSIntersects_r, GEOSWithin_r,  GEOSContains_r, GEOSCovers_r, GEOSCoveredBy_r,
    GEOSTouches_r,    GEOSCrosses_r, GEOSOverlaps_r, GEOSEquals_r, is_apart};

static bool agrees(GEOSContextHandle_t geos, const elc_question *q,
                   const GEOSGeometry *left, const GEOSGeometry *right) {
    if (GEOSisEmpty_r(geos, left) || GEOSisEmpty_r(geos, right))
        return false;
    return q->predicate == ELC_NEAR
               ? GEOSDistanceWithin_r(geos, left, right, q->distance) == 1
               : predicates[q->predicate](geos, left, right) == 1;
}

typedef struct table {
    GEOSGeometry *shapes[PLACES];
    unsigned char *wkb[PLACES];
    size_t sizes[PLACES];
} table;

typedef GEOSGeometry *(*place_maker)(GEOSContextHandle_t);

static void fill(GEOSContextHandle_t geos, place_maker make, table *t) {
    for (int i = 0; i < PLACES; i++) {
        do
            t->shapes[i] = make(geos);
        while (t->shapes[i] == NULL);
        t->wkb[i] = GEOSGeomToWKB_buf_r(geos, t->shapes[i], &t->sizes[i]);
    }
}

static void clear(GEOSContextHandle_t geos, table *t) {
    for (int i = 0; i < PLACES; i++) {
        GEOSGeom_destroy_r(geos, t->shapes[i]);
        GEOSFree_r(geos, t->wkb[i]);
    }
}

static void one_row_agrees(GEOSContextHandle_t geos, elc_asker *asker,
                           const elc_question *q, const table *left, int i,
                           const table *right) {
    elc_place_state said;
    const uint32_t *rows;
    size_t n, at = 0;
    assert_int_equal(
        elc_asker_find(asker, left->wkb[i], left->sizes[i], &said, &rows, &n, NULL),
        ELC_OK);
    for (int j = 0; j < PLACES; j++) {
        bool has = at < n && rows[at] == (uint32_t)j;
        at += has;
        if (has == agrees(geos, q, left->shapes[i], right->shapes[j]))
            continue;
        fail_msg("predicate %d: %d, %s and %s", q->predicate, has,
                 GEOSGeomToWKT_r(geos, left->shapes[i]),
                 GEOSGeomToWKT_r(geos, right->shapes[j]));
    }
    assert_int_equal(at, n);
}

/* Foretells two of three points among the next rows: the others come between them. */
static void expect_rows(GEOSContextHandle_t geos, elc_asker *asker, const table *left,
                        int first) {
    elc_point points[20];
    size_t n = 0;
    for (int i = first; i < first + 20 && i < PLACES; i++) {
        if (i % 3 == 0 || left->shapes[i] == NULL ||
            GEOSGeomTypeId_r(geos, left->shapes[i]) != GEOS_POINT ||
            GEOSisEmpty_r(geos, left->shapes[i]) == 1)
            continue;
        GEOSGeomGetX_r(geos, left->shapes[i], &points[n].x);
        GEOSGeomGetY_r(geos, left->shapes[i], &points[n++].y);
    }
    elc_asker_expect(asker, points, n);
}

static void all_rows_agree(elc_question q, place_maker make) {
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSContext_setErrorMessageHandler_r(geos, quiet, NULL);
    table left, right;
    elc_places *places;
    elc_place_state said;
    elc_asker *asker;
    fill(geos, make, &left);
    fill(geos, make, &right);
    assert_int_equal(elc_places_create(&places, NULL), ELC_OK);
    for (int i = 0; i < PLACES; i++)
        assert_int_equal(
            elc_places_add(places, right.wkb[i], right.sizes[i], NULL, &said, NULL),
            ELC_OK);
    assert_int_equal(elc_places_build(places, 2, NULL), ELC_OK);
    assert_int_equal(elc_asker_create(places, &q, &asker, NULL), ELC_OK);
    for (int i = 0; i < PLACES; i++) {
        if (i % 20 == 0)
            expect_rows(geos, asker, &left, i);
        one_row_agrees(geos, asker, &q, &left, i, &right);
    }
    elc_asker_free(asker);
    elc_places_free(places);
    clear(geos, &left);
    clear(geos, &right);
    GEOS_finish_r(geos);
}

/* ---- tests
 * ------------------------------------------------------------------------------ */

static void test_places_agree_with_geos_for_every_predicate(void **unused) {
    (void)unused;
    for (elc_predicate p = ELC_INTERSECTS; p <= ELC_DISJOINT; p++)
        all_rows_agree((elc_question){.predicate = p}, any_place);
}

/* GEOS's relate rounds where edges cross, its prepared intersects does not; what is not
   valid is answered by the former. */
static char meets_prepared(GEOSContextHandle_t geos, const GEOSGeometry *a,
                           const GEOSGeometry *b) {
    if (GEOSisValid_r(geos, a) != 1 || GEOSisValid_r(geos, b) != 1)
        return GEOSIntersects_r(geos, a, b);
    const GEOSPreparedGeometry *prepared = GEOSPrepare_r(geos, b);
    char meets = GEOSPreparedIntersects_r(geos, prepared, a);
    GEOSPreparedGeom_destroy_r(geos, prepared);
    return meets;
}

static void test_places_agree_with_geos_on_edges_a_hair_apart(void **unused) {
    (void)unused;
    predicates[ELC_INTERSECTS] = meets_prepared;
    for (int i = 0; i < 2; i++)
        all_rows_agree((elc_question){.predicate = ELC_INTERSECTS}, close_place);
    predicates[ELC_INTERSECTS] = GEOSIntersects_r;
}

static void test_places_agree_with_geos_within_a_distance(void **unused) {
    (void)unused;
    double far[] = {0, 1, 1.5, 40};
    for (int i = 0; i < 4; i++)
        all_rows_agree((elc_question){.predicate = ELC_NEAR, .distance = far[i]},
                       any_place);
}

static bool near_metres(const char *left, const char *right, double metres) {
    elc_question q = {.predicate = ELC_NEAR, .distance = metres, .metres = true};
    return pair_ask_wkt(left, right, q).matches;
}

/* A degree of the equator is 111319.4908 m, and one of a meridian there 110574.3886 m.
 */
static void test_places_are_near_by_metres_on_the_ellipsoid(void **unused) {
    (void)unused;
    assert_true(near_metres("POINT (0 0)", "POINT (1 0)", 111319.491));
    assert_false(near_metres("POINT (0 0)", "POINT (1 0)", 111319.490));
    assert_true(near_metres("POINT (0 1)", "LINESTRING (-5 0, 5 0)", 110574.389));
    assert_false(near_metres("POINT (0 1)", "LINESTRING (-5 0, 5 0)", 110574.388));
    assert_true(
        near_metres("POINT (0.5 0.5)", "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", 0));
    assert_true(near_metres("LINESTRING (-5 0, 5 0)", "POINT (0 1)", 110574.389));
}

static void test_places_are_near_across_the_antimeridian_and_a_pole(void **unused) {
    (void)unused;
    assert_true(near_metres("POINT (179.5 0)", "POINT (-179.5 0)", 111320));
    assert_false(near_metres("POINT (179.5 0)", "POINT (-179.5 0)", 111319));
    assert_true(near_metres("POINT (0 89.9)", "POINT (180 89.9)", 22340));
    assert_false(near_metres("POINT (0 89.9)", "POINT (180 89.9)", 22300));
    assert_true(near_metres(
        "POINT (179.9 10)",
        "POLYGON ((-179.9 5, -179 5, -179 15, -179.9 15, -179.9 5))", 22000));
}

/* ---- places that are hard
 * ------------------------------------------------------------- */

/* The states of two places, and whether the left one matches the right one. */
static bool meets(const char *left, const char *right, elc_predicate asked,
                  elc_place_state *left_said, elc_place_state *right_said) {
    pair_answer got = pair_ask_wkt(left, right, (elc_question){.predicate = asked});
    *left_said = got.left;
    *right_said = got.right;
    return got.matches;
}

static const char *const square = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))";

static void test_places_that_are_nowhere_match_nothing(void **unused) {
    (void)unused;
    elc_place_state left, right;
    const char *odd[] = {"POINT (NaN 1)", "POINT (1 Infinity)",
                         "LINESTRING (1 1, NaN 2)",
                         "POLYGON ((0 0, 4 0, Infinity 4, 0 4, 0 0))"};
    for (int i = 0; i < 4; i++)
        for (elc_predicate p = ELC_INTERSECTS; p <= ELC_DISJOINT; p++) {
            assert_false(meets(odd[i], square, p, &left, &right));
            assert_int_equal(left, ELC_PLACE_NOWHERE);
            assert_false(meets(square, odd[i], p, &left, &right));
            assert_int_equal(right, ELC_PLACE_NOWHERE);
        }
}

static void test_places_that_are_empty_match_nothing(void **unused) {
    (void)unused;
    elc_place_state left, right;
    const char *odd[] = {"POINT EMPTY", "POLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY",
                         "MULTIPOLYGON EMPTY"};
    for (int i = 0; i < 4; i++)
        for (elc_predicate p = ELC_INTERSECTS; p <= ELC_DISJOINT; p++) {
            assert_false(meets(odd[i], square, p, &left, &right));
            assert_int_equal(left, ELC_PLACE_EMPTY);
            assert_false(meets(square, odd[i], p, &left, &right));
            assert_int_equal(right, ELC_PLACE_EMPTY);
        }
}

static void test_places_that_are_no_geometry_match_nothing(void **unused) {
    (void)unused;
    elc_place_state left, right;
    const char *odd[] = {"POLYGON ((1 1, 3 1, 3 3))", "LINESTRING (1 1)",
                         "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((1 1, 3 1, 3 3)))",
                         "POLYGON ((71 71, 73 71, 73 73))",
                         "GEOMETRYCOLLECTION (POINT (71 71), LINESTRING (71 71))"};
    for (int i = 0; i < 5; i++)
        for (elc_predicate p = ELC_INTERSECTS; p <= ELC_DISJOINT; p++) {
            assert_false(meets(odd[i], square, p, &left, &right));
            assert_int_equal(left, ELC_PLACE_BROKEN);
            assert_false(meets(square, odd[i], p, &left, &right));
            assert_int_equal(right, ELC_PLACE_BROKEN);
        }
}

static void test_places_that_cross_themselves_are_said_and_answered(void **unused) {
    (void)unused;
    elc_place_state left, right;
    const char *bow = "POLYGON ((0 0, 4 4, 4 0, 0 4, 0 0))";
    assert_true(meets("POINT (3.5 2)", bow, ELC_WITHIN, &left, &right));
    assert_int_equal(right, ELC_PLACE_INVALID);
    assert_false(meets("POINT (2 3)", bow, ELC_INTERSECTS, &left, &right));
    assert_true(meets(bow, square, ELC_INTERSECTS, &left, &right));
    assert_int_equal(left, ELC_PLACE_INVALID);
}

static void test_places_of_no_width_are_found(void **unused) {
    (void)unused;
    elc_place_state left, right;
    const char *flat = "POLYGON ((1 1, 1 3, 1 3, 1 1, 1 1))";
    assert_true(meets(flat, square, ELC_INTERSECTS, &left, &right));
    assert_true(meets("LINESTRING (4 1, 4 3)", square, ELC_TOUCHES, &left, &right));
    assert_true(
        meets("POINT (1 2)", "LINESTRING (1 1, 1 3)", ELC_WITHIN, &left, &right));
}

static void test_places_too_far_for_the_zones_are_answered(void **unused) {
    (void)unused;
    elc_place_state left, right;
    const char *vast = "POLYGON ((0 0, 1e200 0, 1e200 1e200, 0 1e200, 0 0))";
    assert_true(meets("POINT (1e199 1e199)", vast, ELC_WITHIN, &left, &right));
    assert_false(meets("POINT (-1 1)", vast, ELC_INTERSECTS, &left, &right));
}

/* The expected metres are those of PROJ's geod. */
static void test_metres_between_lines_and_polygons_are_answered(void **unused) {
    (void)unused;
    const char *line = "LINESTRING (0 0, 1 1)";
    assert_true(near_metres(line, "LINESTRING (2 2, 3 3)", 156876.150));
    assert_false(near_metres(line, "LINESTRING (2 2, 3 3)", 156876.149));
    assert_true(near_metres(line, "POLYGON ((-9 -9, 9 -9, 9 9, -9 9, -9 -9))", 0));
    assert_true(near_metres(line, "MULTILINESTRING ((7 7, 8 8), (0 1, 1 0))", 0));
    assert_false(near_metres(line, "POINT (0 95)", 1e9));
}

static void test_what_is_no_wkb_is_refused(void **unused) {
    (void)unused;
    elc_places *places;
    elc_place_state said;
    elc_places_create(&places, NULL);
    assert_int_equal(elc_places_add(places, "\1\3", 2, NULL, &said, NULL),
                     ELC_E_FORMAT);
    assert_int_equal(elc_places_add(places, NULL, 0, NULL, &said, NULL), ELC_OK);
    assert_int_equal(said, ELC_PLACE_MISSING);
    elc_places_free(places);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_agree_with_geos_for_every_predicate),
        cmocka_unit_test(test_places_agree_with_geos_on_edges_a_hair_apart),
        cmocka_unit_test(test_places_agree_with_geos_within_a_distance),
        cmocka_unit_test(test_places_are_near_by_metres_on_the_ellipsoid),
        cmocka_unit_test(test_places_are_near_across_the_antimeridian_and_a_pole),
        cmocka_unit_test(test_places_that_are_nowhere_match_nothing),
        cmocka_unit_test(test_places_that_are_empty_match_nothing),
        cmocka_unit_test(test_places_that_are_no_geometry_match_nothing),
        cmocka_unit_test(test_places_that_cross_themselves_are_said_and_answered),
        cmocka_unit_test(test_places_of_no_width_are_found),
        cmocka_unit_test(test_places_too_far_for_the_zones_are_answered),
        cmocka_unit_test(test_metres_between_lines_and_polygons_are_answered),
        cmocka_unit_test(test_what_is_no_wkb_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
