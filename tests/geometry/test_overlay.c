/* test_overlay.c - geometries laid over others, against known answers and counted
   squares. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shapes.h"

#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static elc_taken add(elc_overlay *o, const char *wkt) {
    elc_string wkb = shapes_wkb(wkt);
    elc_taken taken;
    assert_int_equal(elc_overlay_add(o, wkb.data, wkb.size, NULL, &taken, NULL),
                     ELC_OK);
    elc_string_free(&wkb);
    return taken;
}

static size_t ask(elc_overlay *o, const char *wkt, const size_t **met) {
    elc_string wkb = shapes_wkb(wkt);
    elc_taken taken;
    size_t n = 0;
    assert_int_equal(
        elc_overlay_ask(o, wkb.data, wkb.size, NULL, met, &n, &taken, NULL), ELC_OK);
    elc_string_free(&wkb);
    return n;
}

static elc_overlay *overlay_of(const char *wkt, bool stated) {
    elc_overlay *o;
    assert_int_equal(elc_overlay_create(NULL, stated, &o, NULL), ELC_OK);
    add(o, wkt);
    return o;
}

/* Frees the WKB; NULL text: nothing. */
static void assert_same(elc_string *wkb, const char *expected) {
    if (expected == NULL || wkb->size == 0) {
        assert_true(expected == NULL && wkb->size == 0);
        return;
    }
    GEOSGeometry *a = shapes_of_wkb(wkb), *b = shapes_of_wkt(expected);
    assert_int_equal(GEOSisValid_r(shapes_geos(), a), 1);
    assert_int_equal(GEOSGeom_getDimensions_r(shapes_geos(), a),
                     GEOSGeom_getDimensions_r(shapes_geos(), b));
    if (GEOSEquals_r(shapes_geos(), a, b) != 1)
        fail_msg("it is not %s", expected);
    GEOSGeom_destroy_r(shapes_geos(), a);
    GEOSGeom_destroy_r(shapes_geos(), b);
    elc_string_free(wkb);
}

static void gives_on(bool stated, const char *a, const char *b, const char *common,
                     const char *rest) {
    elc_overlay *o = overlay_of(b, stated);
    elc_string made = {0};
    const size_t *met;
    size_t n = ask(o, a, &met);
    if (n > 0)
        assert_int_equal(elc_overlay_common(o, 0, &made, NULL), ELC_OK);
    assert_same(&made, common);
    made = (elc_string){0};
    assert_int_equal(elc_overlay_rest(o, &made, NULL), ELC_OK);
    assert_same(&made, rest);
    elc_overlay_free(o);
}

static void gives(const char *a, const char *b, const char *common, const char *rest) {
    gives_on(false, a, b, common, rest);
}

#define BOX "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))"

static void test_overlay_cuts_polygons(void **state) {
    (void)state;
    gives(BOX, "POLYGON ((2 2, 6 2, 6 6, 2 6, 2 2))",
          "POLYGON ((2 2, 4 2, 4 4, 2 4, 2 2))",
          "POLYGON ((0 0, 4 0, 4 2, 2 2, 2 4, 0 4, 0 0))");
    gives(BOX, BOX, BOX, NULL);
    gives(BOX, "POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))",
          "POLYGON ((1 1, 2 1, 2 2, 1 2, 1 1))",
          "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))");
}

static void test_overlay_of_what_only_touches_is_nothing(void **state) {
    (void)state;
    gives(BOX, "POLYGON ((4 0, 8 0, 8 4, 4 4, 4 0))", NULL, BOX);
    gives(BOX, "POLYGON ((4 4, 8 4, 8 8, 4 8, 4 4))", NULL, BOX);
    gives("LINESTRING (0 0, 2 2)", "LINESTRING (2 2, 4 0)", NULL,
          "LINESTRING (0 0, 2 2)");
}

static void test_overlay_drops_slivers_of_rounding(void **state) {
    (void)state;
    gives("POLYGON ((500000 0, 500010 0, 500010 10, 500000 10, 500000 0))",
          "POLYGON ((500009.9999999999 0, 500020 0, 500020 10, 500009.9999999999 10, "
          "500009.9999999999 0))",
          NULL,
          "POLYGON ((500000 0, 500009.9999999999 0, 500009.9999999999 10, 500000 10, "
          "500000 0))");
}

static void test_overlay_keeps_the_lower_dimension_of_both(void **state) {
    (void)state;
    gives("LINESTRING (1 1, 9 1)", BOX, "LINESTRING (1 1, 4 1)",
          "LINESTRING (4 1, 9 1)");
    gives(BOX, "LINESTRING (1 1, 9 1)", "LINESTRING (1 1, 4 1)", BOX);
    gives("MULTIPOINT ((1 1), (4 2), (9 9))", BOX, "MULTIPOINT ((1 1), (4 2))",
          "POINT (9 9)");
}

static void test_overlay_takes_what_is_highest_of_a_collection(void **state) {
    (void)state;
    gives("GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (0 0, 9 9), "
          "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0)), POLYGON ((1 0, 4 0, 4 2, 1 2, 1 0)))",
          "POLYGON ((0 0, 9 0, 9 1, 0 1, 0 0))", "POLYGON ((0 0, 4 0, 4 1, 0 1, 0 0))",
          "POLYGON ((0 1, 4 1, 4 2, 0 2, 0 1))");
}

static void test_overlay_makes_what_is_invalid_valid(void **state) {
    (void)state;
    elc_overlay *o = overlay_of("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0))", false);
    elc_string made = {0};
    static const size_t one[] = {1}, two[] = {2};
    assert_int_equal(add(o, "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"), ELC_TAKEN_MENDED);
    assert_int_equal(add(o, "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((1 0, 4 0, 4 "
                            "2, 1 2, 1 0)))"),
                     ELC_TAKEN_MENDED);
    assert_int_equal(elc_overlay_union(o, one, 1, &made, NULL), ELC_OK);
    assert_same(&made, "MULTIPOLYGON (((0 0, 1 1, 0 2, 0 0)), ((2 0, 2 2, 1 1, 2 0)))");
    made = (elc_string){0};
    assert_int_equal(elc_overlay_union(o, two, 1, &made, NULL), ELC_OK);
    assert_same(&made, "POLYGON ((0 0, 4 0, 4 2, 0 2, 0 0))");
    elc_overlay_free(o);
}

/* What lies between them is more than numbers hold. */
static void test_overlay_unites_what_lies_as_far_apart_as_can_be(void **state) {
    (void)state;
    elc_overlay *o = overlay_of("POINT (-1.7e308 1.7e308)", false);
    const size_t all[] = {0, 1, 2};
    elc_string made = {0};
    add(o, "POINT (1.7e308 -1.7e308)");
    add(o, "POINT (0 0)");
    assert_int_equal(elc_overlay_union(o, all, 3, &made, NULL), ELC_OK);
    assert_int_equal(made.size, 9 + 3 * 21); /* a multipoint of three */
    elc_string_free(&made);
    elc_overlay_free(o);
}

/* 0 wide and 0 high. */
static void test_overlay_of_a_polygon_without_area_is_nothing(void **state) {
    (void)state;
    elc_overlay *o = overlay_of("POLYGON ((0 0, 4 0, 0 0, 0 0))", false);
    const size_t *met;
    assert_int_equal(ask(o, BOX, &met), 0);
    assert_int_equal(ask(o, "POLYGON EMPTY", &met), 0);
    assert_false(elc_overlay_has_asked(o));
    elc_overlay_free(o);
}

static void test_overlay_across_the_antimeridian_is_no_box_round_the_world(void **s) {
    (void)s;
    const char *fiji = "POLYGON ((179 0, -179 0, -179 2, 179 2, 179 0))";
    gives_on(true, fiji, "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))", NULL,
             "MULTIPOLYGON (((179 0, 180 0, 180 2, 179 2, 179 0)), ((-180 0, -179 0, "
             "-179 2, -180 2, -180 0)))");
    gives_on(
        true, "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))", fiji,
        "MULTIPOLYGON (((179 0, 180 0, 180 2, 179 2, 179 0)), ((-180 0, -179 0, "
        "-179 2, -180 2, -180 0)))",
        "POLYGON ((-180 -90, 180 -90, 180 0, 179 0, 179 2, 180 2, 180 90, -180 90, "
        "-180 2, -179 2, -179 0, -180 0, -180 -90))");
}

static void test_overlay_counts_what_is_no_number_as_nothing(void **state) {
    (void)state;
    unsigned char wkb[21] = {1, 1};
    double x = INFINITY;
    elc_taken taken;
    elc_overlay *o = overlay_of(BOX, false);
    memcpy(wkb + 5, &x, 8);
    assert_int_equal(elc_overlay_add(o, wkb, sizeof wkb, NULL, &taken, NULL), ELC_OK);
    assert_int_equal(taken, ELC_TAKEN_NOWHERE);
    assert_int_equal(elc_overlay_add(o, wkb, 20, NULL, &taken, NULL), ELC_E_FORMAT);
    elc_overlay_free(o);
}

/* ---- squares -------------------------------------------------------------------- */

enum { SIDE = 12, BOXES = 7 };

typedef struct {
    int x0, y0, x1, y1;
} box;

static box random_box(unsigned *seed) {
    box b;
    b.x0 = rand_r(seed) % (SIDE - 1);
    b.y0 = rand_r(seed) % (SIDE - 1);
    b.x1 = b.x0 + 1 + rand_r(seed) % (SIDE - b.x0);
    b.y1 = b.y0 + 1 + rand_r(seed) % (SIDE - b.y0);
    return b;
}

static bool holds(box b, int x, int y) {
    return x >= b.x0 && x < b.x1 && y >= b.y0 && y < b.y1;
}

static const char *text_of(box b, char text[200]) {
    snprintf(text, 200, "POLYGON ((%d %d, %d %d, %d %d, %d %d, %d %d))", b.x0, b.y0,
             b.x1, b.y0, b.x1, b.y1, b.x0, b.y1, b.x0, b.y0);
    return text;
}

/* Squares in `a` and in member `with`, or in no member for -1. */
static int count_squares(box a, const box *others, int with) {
    int n = 0;
    for (int x = 0; x < SIDE; x++)
        for (int y = 0; y < SIDE; y++) {
            bool any = false;
            for (int i = 0; i < BOXES; i++)
                any |= (with < 0 || i == with) && holds(others[i], x, y);
            n += holds(a, x, y) && any == (with >= 0);
        }
    return n;
}

static void assert_area(elc_string *wkb, int squares) {
    double area = 0;
    if (wkb->size > 0) {
        GEOSGeometry *shape = shapes_of_wkb(wkb);
        GEOSArea_r(shapes_geos(), shape, &area);
        GEOSGeom_destroy_r(shapes_geos(), shape);
    }
    assert_true(fabs(area - squares) < 1e-9);
    elc_string_free(wkb);
    *wkb = (elc_string){0};
}

static void test_overlay_has_the_area_that_is_counted(void **state) {
    (void)state;
    unsigned seed = 3;
    char text[200];
    for (int round = 0; round < 200; round++) {
        box others[BOXES], a = random_box(&seed);
        elc_overlay *o;
        elc_string made = {0};
        const size_t *met;
        assert_int_equal(elc_overlay_create(NULL, false, &o, NULL), ELC_OK);
        for (int i = 0; i < BOXES; i++) {
            others[i] = random_box(&seed);
            add(o, text_of(others[i], text));
        }
        size_t n = ask(o, text_of(a, text), &met), at = 0;
        for (int i = 0; i < BOXES; i++) {
            if (at < n && met[at] == (size_t)i) {
                assert_int_equal(elc_overlay_common(o, met[at++], &made, NULL), ELC_OK);
            }
            assert_area(&made, count_squares(a, others, i));
        }
        assert_int_equal(elc_overlay_rest(o, &made, NULL), ELC_OK);
        assert_area(&made, count_squares(a, others, -1));
        elc_overlay_free(o);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overlay_cuts_polygons),
        cmocka_unit_test(test_overlay_of_what_only_touches_is_nothing),
        cmocka_unit_test(test_overlay_drops_slivers_of_rounding),
        cmocka_unit_test(test_overlay_keeps_the_lower_dimension_of_both),
        cmocka_unit_test(test_overlay_takes_what_is_highest_of_a_collection),
        cmocka_unit_test(test_overlay_makes_what_is_invalid_valid),
        cmocka_unit_test(test_overlay_unites_what_lies_as_far_apart_as_can_be),
        cmocka_unit_test(test_overlay_of_a_polygon_without_area_is_nothing),
        cmocka_unit_test(
            test_overlay_across_the_antimeridian_is_no_box_round_the_world),
        cmocka_unit_test(test_overlay_counts_what_is_no_number_as_nothing),
        cmocka_unit_test(test_overlay_has_the_area_that_is_counted),
    };
    return cmocka_run_group_tests(tests, shapes_set_up, shapes_tear_down);
}
