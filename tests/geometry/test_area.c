/* test_area.c - areas asked about rings and points, against GEOS's plain answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <geos_c.h>

static GEOSContextHandle_t geos;

static int set_up(void **state) {
    (void)state;
    geos = GEOS_init_r();
    return geos ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    GEOS_finish_r(geos);
    return 0;
}

static GEOSGeometry *from_wkt(const char *wkt) {
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKTReader_read_r(geos, reader, wkt);
    GEOSWKTReader_destroy_r(geos, reader);
    assert_non_null(shape);
    return shape;
}

static elc_status add_shape(elc_area *area, const GEOSGeometry *shape, elc_error *err) {
    GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
    size_t size = 0;
    unsigned char *wkb = GEOSWKBWriter_write_r(geos, writer, shape, &size);
    elc_status status = elc_area_add(area, wkb, size, err);
    GEOSFree_r(geos, wkb);
    GEOSWKBWriter_destroy_r(geos, writer);
    return status;
}

static elc_status add(elc_area *area, const char *wkt, elc_error *err) {
    GEOSGeometry *shape = from_wkt(wkt);
    elc_status status = add_shape(area, shape, err);
    GEOSGeom_destroy_r(geos, shape);
    return status;
}

static elc_area *area_of(const char *wkt) {
    elc_area *area = NULL;
    elc_error err = {0};
    assert_int_equal(elc_area_create(&area, NULL), ELC_OK);
    if (add(area, wkt, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return area;
}

static bool covers(elc_area *area, double x, double y) {
    bool in = false;
    assert_int_equal(elc_area_covers_point(area, (elc_point){x, y}, &in, NULL), ELC_OK);
    return in;
}

static bool meets_box(elc_area *area, double x, double y, double size) {
    elc_point ring[] = {{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}};
    bool meets = false;
    assert_int_equal(elc_area_meets_ring(area, ring, 4, &meets, NULL), ELC_OK);
    return meets;
}

static void test_area_covers_inside_and_border_but_not_holes(void **state) {
    (void)state;
    elc_area *area = area_of("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), "
                             "(4 4, 4 6, 6 6, 6 4, 4 4))");
    assert_true(covers(area, 1, 1));
    assert_true(covers(area, 0, 5));
    assert_true(covers(area, 10, 10));
    assert_true(covers(area, 4, 5));
    assert_false(covers(area, 5, 5));
    assert_false(covers(area, 10.000001, 5));
    assert_false(covers(area, NAN, 5));
    assert_false(covers(area, 5, INFINITY));
    elc_area_free(area);
}

static void test_area_meets_rings_that_share_a_point(void **state) {
    (void)state;
    elc_area *area = area_of("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), "
                             "(4 4, 4 6, 6 6, 6 4, 4 4))");
    assert_true(meets_box(area, 1, 1, 1));
    assert_true(meets_box(area, -5, -5, 30));
    assert_true(meets_box(area, 10, 10, 1));
    assert_false(meets_box(area, 4.5, 4.5, 1));
    assert_false(meets_box(area, 11, 0, 5));
    elc_area_free(area);
}

static void test_area_counts_a_ring_with_nan_as_met(void **state) {
    (void)state;
    elc_area *area = area_of("POLYGON ((0 0, 1 0, 1 1, 0 0))");
    assert_true(meets_box(area, NAN, 50, 1));
    elc_area_free(area);
}

static void test_area_is_the_union_of_all_that_was_added(void **state) {
    (void)state;
    elc_area *area = area_of("POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0))");
    assert_false(covers(area, 25, 5));
    assert_int_equal(
        add(area,
            "GEOMETRYCOLLECTION (POLYGON ((20 0, 30 0, 30 10, 20 10, 20 0)), "
            "MULTIPOLYGON (((5 5, 15 5, 15 15, 5 15, 5 5))), POLYGON EMPTY)",
            NULL),
        ELC_OK);
    assert_int_equal(elc_area_polygons(area), 3);
    assert_true(covers(area, 25, 5));
    assert_true(covers(area, 7, 7));
    assert_true(covers(area, 12, 12));
    assert_false(covers(area, 17, 5));
    elc_area_free(area);
}

static void test_area_without_polygons_meets_nothing(void **state) {
    (void)state;
    elc_area *area = area_of("POLYGON EMPTY");
    assert_int_equal(elc_area_polygons(area), 0);
    assert_false(covers(area, 0, 0));
    assert_false(meets_box(area, -1e9, -1e9, 2e9));
    elc_area_free(area);
}

static void test_area_makes_invalid_polygons_valid(void **state) {
    (void)state;
    elc_area *area = area_of("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))");
    assert_int_equal(elc_area_polygons(area), 2);
    assert_true(covers(area, 1, 5));
    assert_true(covers(area, 9, 5));
    assert_false(covers(area, 5, 1));
    elc_area_free(area);
}

static void test_area_refuses_shapes_without_area_and_stays_as_it_was(void **state) {
    (void)state;
    elc_area *area = area_of("POLYGON ((0 0, 1 0, 1 1, 0 0))");
    elc_error err = {0};
    assert_int_equal(add(area, "LINESTRING (0 0, 1 1)", &err), ELC_E_UNSUPPORTED);
    assert_string_equal(err.message, "area: a LineString has no area: give polygons");
    assert_int_equal(
        add(area, "GEOMETRYCOLLECTION (POLYGON ((5 5, 6 5, 6 6, 5 5)), POINT (1 1))",
            &err),
        ELC_E_UNSUPPORTED);
    assert_int_equal(elc_area_add(area, "\1\3", 2, &err), ELC_E_FORMAT);
    assert_int_equal(elc_area_polygons(area), 1);
    elc_area_free(area);
}

static void test_area_refuses_rings_of_two_points(void **state) {
    (void)state;
    elc_area *area = area_of("POLYGON ((0 0, 1 0, 1 1, 0 0))");
    elc_point ring[] = {{0, 0}, {1, 1}};
    bool meets = false;
    assert_int_equal(elc_area_meets_ring(area, ring, 2, &meets, NULL), ELC_E_ARGUMENT);
    elc_area_free(area);
}

/* A star of `n` points round (x, y), concave and valid. */
static GEOSGeometry *star(double x, double y, double size, unsigned n) {
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, n + 1, 2);
    for (unsigned i = 0; i <= n; i++) {
        double angle = 2 * M_PI * (i % n) / n, r = i % 2 ? size : size * 0.4;
        if (i == n)
            r = size * 0.4;
        GEOSCoordSeq_setXY_r(geos, points, i, x + r * cos(angle), y + r * sin(angle));
    }
    return GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, points),
                                    NULL, 0);
}

static bool brute_meets(GEOSGeometry *const *shapes, size_t n, GEOSGeometry *box) {
    for (size_t i = 0; i < n; i++)
        if (GEOSIntersects_r(geos, shapes[i], box) == 1)
            return true;
    return false;
}

static void test_area_agrees_with_a_loop_over_all_polygons(void **state) {
    (void)state;
    enum { SHAPES = 300, QUESTIONS = 3000 };
    GEOSGeometry *shapes[SHAPES];
    elc_area *area = NULL;
    unsigned seed = 5;
    int met = 0;
    assert_int_equal(elc_area_create(&area, NULL), ELC_OK);
    for (int i = 0; i < SHAPES; i++) {
        shapes[i] = star(rand_r(&seed) % 1000, rand_r(&seed) % 1000, 20, 24);
        assert_int_equal(add_shape(area, shapes[i], NULL), ELC_OK);
    }
    for (int i = 0; i < QUESTIONS; i++) {
        double x = rand_r(&seed) % 1000, y = rand_r(&seed) % 1000,
               size = rand_r(&seed) % 9;
        GEOSGeometry *box =
            GEOSGeom_createRectangle_r(geos, x, y, x + size + 1, y + size + 1);
        bool meets = meets_box(area, x, y, size + 1);
        assert_int_equal(meets, brute_meets(shapes, SHAPES, box));
        met += meets;
        GEOSGeom_destroy_r(geos, box);
    }
    assert_true(met > QUESTIONS / 20 && met < QUESTIONS * 19 / 20);
    for (int i = 0; i < SHAPES; i++)
        GEOSGeom_destroy_r(geos, shapes[i]);
    elc_area_free(area);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_area_covers_inside_and_border_but_not_holes),
        cmocka_unit_test(test_area_meets_rings_that_share_a_point),
        cmocka_unit_test(test_area_counts_a_ring_with_nan_as_met),
        cmocka_unit_test(test_area_is_the_union_of_all_that_was_added),
        cmocka_unit_test(test_area_without_polygons_meets_nothing),
        cmocka_unit_test(test_area_makes_invalid_polygons_valid),
        cmocka_unit_test(test_area_refuses_shapes_without_area_and_stays_as_it_was),
        cmocka_unit_test(test_area_refuses_rings_of_two_points),
        cmocka_unit_test(test_area_agrees_with_a_loop_over_all_polygons),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
