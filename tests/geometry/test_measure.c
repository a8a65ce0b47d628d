/* test_measure.c - sizes, places and validity of geometries, against GeographicLib and
   known answers. */
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

static const elc_measure_wish all = {true, true, true, true, ELC_MEASURE_SAME};

static elc_measure *measure_in(const char *crs_text, bool geodesic) {
    elc_crs *crs = NULL;
    elc_measure *m = NULL;
    if (crs_text != NULL)
        assert_int_equal(elc_crs_create(crs_text, &crs, NULL), ELC_OK);
    assert_int_equal(elc_measure_create(crs, geodesic, &m, NULL), ELC_OK);
    elc_crs_free(crs);
    return m;
}

/* The reason is kept until the next call. */
static elc_measured measured(const char *wkt, bool geodesic) {
    static char reason[200];
    elc_measure *m = measure_in(NULL, geodesic);
    elc_string wkb = shapes_wkb(wkt);
    elc_measured out;
    assert_int_equal(elc_measure_wkb(m, wkb.data, wkb.size, &all, &out, NULL, NULL),
                     ELC_OK);
    if (out.reason != NULL) {
        snprintf(reason, sizeof reason, "%s", out.reason);
        out.reason = reason;
    }
    elc_string_free(&wkb);
    elc_measure_free(m);
    return out;
}

static void assert_near(double got, double wanted, double tolerance) {
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.17g is not %.17g", got, wanted);
}

/* ---- on the ellipsoid ----------------------------------------------------------- */

static void assert_size(double got, const char *expected, double least,
                        const char *line) {
    double wanted = strtod(expected, NULL);
    if (!(fabs(got - wanted) <= fmax(least, fabs(wanted) * 1e-9)))
        fail_msg("%.17g is not %.17g: %s", got, wanted, line);
}

static void check_line(const char *line) {
    elc_names cells = {0};
    elc_measured got;
    assert_int_equal(elc_names_split(&cells, line, ';', NULL), ELC_OK);
    assert_int_equal(cells.count, 5);
    elc_measure *m = measure_in(cells.items[0], true);
    elc_string wkb = shapes_wkb(cells.items[1]);
    assert_int_equal(elc_measure_wkb(m, wkb.data, wkb.size, &all, &got, NULL, NULL),
                     ELC_OK);
    assert_size(got.area, cells.items[2], 1e-3, line);
    assert_size(got.length, cells.items[3], 1e-8, line);
    assert_size(got.perimeter, cells.items[4], 1e-8, line);
    elc_string_free(&wkb);
    elc_measure_free(m);
    elc_names_free(&cells);
}

static void test_measure_gives_what_geographiclib_does(void **state) {
    (void)state;
    char line[4096];
    int n = 0;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/geometry/measure.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#')
            continue;
        check_line(line);
        n++;
    }
    fclose(file);
    assert_true(n > 40);
}

/* WGS 84 has 510,065,621.724 km2. */
static void test_measure_of_a_hemisphere_is_half_of_the_ellipsoid(void **state) {
    (void)state;
    elc_measured got = measured("POLYGON ((0 0, 90 0, 180 0, -90 0, 0 0))", true);
    assert_near(got.area, 510065621724088.5 / 2, 1);
    got = measured("POLYGON ((0 0, -90 0, 180 0, 90 0, 0 0))", true);
    assert_near(got.area, 510065621724088.5 / 2, 1);
}

static void test_measure_beyond_a_pole_is_nowhere(void **state) {
    (void)state;
    elc_measured got = measured("POLYGON ((0 89, 0 91, 1 91, 1 89, 0 89))", true);
    assert_true(got.known);
    assert_true(isnan(got.area) && isnan(got.perimeter));
    assert_true(got.length == 0);
}

static void test_measure_of_a_point_beyond_a_pole_is_nowhere(void **state) {
    (void)state;
    static const char *const nowhere[] = {"POINT (200 95)",
                                          "MULTIPOINT ((0 0), (0 -90.5))"};
    for (int i = 0; i < 2; i++) {
        elc_measured got = measured(nowhere[i], true);
        assert_true(got.known);
        assert_true(isnan(got.area) && isnan(got.length) && isnan(got.perimeter));
    }
    assert_true(measured("POINT (200 90)", true).length == 0);
    assert_true(measured("POINT EMPTY", true).length == 0);
    assert_true(measured("POINT (200 95)", false).length == 0);
}

/* ---- in the plane --------------------------------------------------------------- */

static void test_measure_in_the_plane_is_in_its_units(void **state) {
    (void)state;
    elc_measured got = measured("GEOMETRYCOLLECTION (LINESTRING (0 0, 3 4), POLYGON "
                                "((0 0, 0 4, 4 4, 4 0, 0 0), (1 1, 2 1, 2 2, 1 1)))",
                                false);
    assert_near(got.area, 15.5, 0);
    assert_near(got.length, 5, 0);
    assert_near(got.perimeter, 16 + 2 + sqrt(2), 1e-12);
}

static void test_measure_says_where_a_geometry_is(void **state) {
    (void)state;
    elc_measured got = measured("POLYGON ((0 0, 6 0, 0 3, 0 0))", false);
    assert_near(got.centroid.x, 2, 1e-15);
    assert_near(got.centroid.y, 1, 1e-15);
    assert_true(got.box[0] == 0 && got.box[1] == 0 && got.box[2] == 6 &&
                got.box[3] == 3);
}

static void test_measure_of_an_empty_geometry_is_0_and_nowhere(void **state) {
    (void)state;
    static const char *const empty[] = {"POINT EMPTY", "POLYGON EMPTY",
                                        "GEOMETRYCOLLECTION (MULTIPOLYGON EMPTY)"};
    for (size_t i = 0; i < 3; i++) {
        elc_measured got = measured(empty[i], true);
        assert_true(got.known && got.area == 0 && got.length == 0);
        assert_true(isnan(got.centroid.x) && isnan(got.box[0]));
        assert_int_equal(got.validity, ELC_MEASURE_IS_VALID);
    }
}

/* ---- what cannot be ------------------------------------------------------------- */

static void test_measure_says_why_a_geometry_is_invalid_and_where(void **state) {
    (void)state;
    elc_measured got = measured("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))", false);
    assert_int_equal(got.validity, ELC_MEASURE_IS_INVALID);
    assert_string_equal(got.reason, "Self-intersection at 1 1");
    got = measured("POLYGON ((0 0, 9 0, 9 9, 0 0), (20 1, 21 1, 21 2, 20 1))", false);
    assert_string_equal(got.reason, "Hole lies outside shell at 20 1");
    got = measured("POLYGON ((0 0, 9 0, 9 9, 0 0))", false);
    assert_int_equal(got.validity, ELC_MEASURE_IS_VALID);
    assert_null(got.reason);
}

static void line_with(double x, elc_measured *got) {
    unsigned char wkb[41] = {1, 2, 0, 0, 0, 2};
    elc_measure_wish wish = all;
    elc_string made = {0};
    elc_measure *m = measure_in(NULL, true);
    wish.shape = ELC_MEASURE_HULL;
    memcpy(wkb + 9, &x, 8);
    assert_int_equal(elc_measure_wkb(m, wkb, sizeof wkb, &wish, got, &made, NULL),
                     ELC_OK);
    assert_true(got->known || made.size == 0);
    elc_string_free(&made);
    elc_measure_free(m);
}

static void test_measure_knows_nothing_of_what_is_no_number(void **state) {
    (void)state;
    elc_measured got;
    line_with(NAN, &got);
    assert_true(!got.known && isnan(got.length) && isnan(got.box[0]));
    assert_int_equal(got.validity, ELC_MEASURE_IS_INVALID);
    line_with(-INFINITY, &got);
    assert_true(!got.known && isnan(got.length));
    line_with(1, &got);
    assert_true(got.known && got.length > 111319);
}

static void test_measure_refuses_what_is_no_wkb(void **state) {
    (void)state;
    elc_error err = {0};
    elc_measured got;
    elc_measure *m = measure_in(NULL, true);
    assert_int_equal(elc_measure_wkb(m, "\1\2\0", 3, &all, &got, NULL, &err),
                     ELC_E_FORMAT);
    assert_int_equal(elc_measure_wkb(m, NULL, 0, &all, &got, NULL, &err), ELC_E_FORMAT);
    elc_measure_free(m);
}

/* A polygon of one ring of two points: sound bytes, and no ring. */
static void test_measure_keeps_why_a_geometry_cannot_be_read(void **state) {
    (void)state;
    unsigned char open[45] = {1, 3, 0, 0, 0, 1, 0, 0, 0, 2};
    open[20] = 1;
    elc_measured got;
    elc_measure *m = measure_in(NULL, true);
    assert_int_equal(elc_measure_wkb(m, open, sizeof open, &all, &got, NULL, NULL),
                     ELC_OK);
    assert_false(got.known);
    assert_int_equal(got.validity, ELC_MEASURE_NOT_KNOWN);
    assert_non_null(got.reason);
    elc_measure_free(m);
}

/* ---- other geometries ----------------------------------------------------------- */

static void makes(elc_measure_shape shape, const char *wkt, const char *expected) {
    elc_measure_wish wish = {.shape = shape};
    elc_measured got;
    elc_string wkb = shapes_wkb(wkt), made = {0};
    elc_measure *m = measure_in(NULL, true);
    assert_int_equal(elc_measure_wkb(m, wkb.data, wkb.size, &wish, &got, &made, NULL),
                     ELC_OK);
    GEOSGeometry *a = shapes_of_wkb(&made), *b = shapes_of_wkt(expected);
    assert_int_equal(GEOSEquals_r(shapes_geos(), a, b), 1);
    GEOSGeom_destroy_r(shapes_geos(), a);
    GEOSGeom_destroy_r(shapes_geos(), b);
    elc_string_free(&wkb);
    elc_string_free(&made);
    elc_measure_free(m);
}

static void test_measure_makes_centroids_hulls_and_envelopes(void **state) {
    (void)state;
    const char *points = "MULTIPOINT ((0 0), (4 0), (0 4), (1 1), (5 5))";
    makes(ELC_MEASURE_CENTROID, points, "POINT (2 2)");
    makes(ELC_MEASURE_HULL, points, "POLYGON ((0 0, 4 0, 5 5, 0 4, 0 0))");
    makes(ELC_MEASURE_ENVELOPE, points, "POLYGON ((0 0, 5 0, 5 5, 0 5, 0 0))");
    makes(ELC_MEASURE_ENVELOPE, "POINT (3 4)", "POINT (3 4)");
    makes(ELC_MEASURE_HULL, "POLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measure_gives_what_geographiclib_does),
        cmocka_unit_test(test_measure_of_a_hemisphere_is_half_of_the_ellipsoid),
        cmocka_unit_test(test_measure_beyond_a_pole_is_nowhere),
        cmocka_unit_test(test_measure_of_a_point_beyond_a_pole_is_nowhere),
        cmocka_unit_test(test_measure_in_the_plane_is_in_its_units),
        cmocka_unit_test(test_measure_says_where_a_geometry_is),
        cmocka_unit_test(test_measure_of_an_empty_geometry_is_0_and_nowhere),
        cmocka_unit_test(test_measure_says_why_a_geometry_is_invalid_and_where),
        cmocka_unit_test(test_measure_knows_nothing_of_what_is_no_number),
        cmocka_unit_test(test_measure_refuses_what_is_no_wkb),
        cmocka_unit_test(test_measure_keeps_why_a_geometry_cannot_be_read),
        cmocka_unit_test(test_measure_makes_centroids_hulls_and_envelopes),
    };
    return cmocka_run_group_tests(tests, shapes_set_up, shapes_tear_down);
}
