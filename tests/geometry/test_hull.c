/* test_hull.c - convex hulls hold all points, and are GEOS's. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const elc_point *points, size_t n, bool lonlat, const char *wkt) {
    elc_string wkb = {0}, text = {0};
    assert_int_equal(elc_wkb_hull(points, n, lonlat, &wkb, NULL), ELC_OK);
    assert_int_equal(elc_wkb_to_wkt(wkb.data, wkb.size, ELC_EXACT, &text, NULL),
                     ELC_OK);
    assert_string_equal(text.data, wkt);
    elc_string_free(&wkb);
    elc_string_free(&text);
}

static void test_a_hull_has_the_outer_points_as_corners(void **unused) {
    (void)unused;
    const elc_point square[] = {{0, 0}, {2, 2}, {1, 1}, {2, 0}, {1, 0}, {0, 2}, {2, 2}};
    expect(square, 7, false, "POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))");
}

static void test_a_hull_without_area_is_a_line_or_a_point(void **unused) {
    (void)unused;
    const elc_point line[] = {{1, 1}, {3, 3}, {0, 0}, {2, 2}};
    const elc_point same[] = {{5, 6}, {5, 6}};
    expect(line, 4, false, "LINESTRING (0 0, 3 3)");
    expect(same, 2, false, "POINT (5 6)");
    expect(same, 1, true, "POINT (5 6)");
}

static void test_a_hull_goes_across_the_antimeridian(void **unused) {
    (void)unused;
    const elc_point square[] = {{179, 0}, {-179, 0}, {-179, 2}, {179, 2}, {180, 1}};
    expect(square, 5, true,
           "MULTIPOLYGON (((179 0, 180 0, 180 2, 179 2, 179 0)), ((-180 0, -179 0, "
           "-179 2, -180 2, -180 0)))");
}

static void test_a_line_goes_across_the_antimeridian_in_two(void **unused) {
    (void)unused;
    const elc_point line[] = {{179, 0}, {-179, 2}}, turned[] = {{-340, 50}, {21, 50}};
    const elc_point equator[] = {{179, 0}, {-179.5, 0}, {-179, 0}, {180, 0}};
    expect(line, 2, true, "MULTILINESTRING ((179 0, 180 1), (-180 1, -179 2))");
    expect(turned, 2, true, "LINESTRING (20 50, 21 50)");
    expect(equator, 4, true, "MULTILINESTRING ((179 0, 180 0), (-180 0, -179 0))");
}

/* Beside GEOS's, whose corners may begin anywhere: both have one area. */
static void test_a_hull_is_that_of_geos(void **unused) {
    (void)unused;
    enum { N = 400 };
    elc_point points[N];
    const elc_measure_wish wish = {.sizes = true, .shape = ELC_MEASURE_HULL};
    elc_measure *measure;
    srand(4);
    assert_int_equal(elc_measure_create(NULL, false, &measure, NULL), ELC_OK);
    for (int turn = 0; turn < 50; turn++) {
        elc_string own = {0}, ring = {0}, theirs = {0};
        elc_measured a, b;
        for (int i = 0; i < N; i++)
            points[i] = (elc_point){rand() % 50, rand() % (turn + 2)};
        assert_int_equal(elc_wkb_hull(points, N, false, &own, NULL), ELC_OK);
        assert_int_equal(elc_wkb_polygon(points, N, &ring, NULL), ELC_OK);
        assert_int_equal(
            elc_measure_wkb(measure, ring.data, ring.size, &wish, &a, &theirs, NULL),
            ELC_OK);
        const elc_measure_wish plain = {.sizes = true};
        assert_int_equal(
            elc_measure_wkb(measure, own.data, own.size, &plain, &a, NULL, NULL),
            ELC_OK);
        assert_int_equal(
            elc_measure_wkb(measure, theirs.data, theirs.size, &plain, &b, NULL, NULL),
            ELC_OK);
        assert_true(a.area > 0 && a.area == b.area && a.perimeter > 0 &&
                    fabs(a.perimeter - b.perimeter) < 1e-9);
        elc_string_free(&own);
        elc_string_free(&ring);
        elc_string_free(&theirs);
    }
    elc_measure_free(measure);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_hull_has_the_outer_points_as_corners),
        cmocka_unit_test(test_a_hull_without_area_is_a_line_or_a_point),
        cmocka_unit_test(test_a_hull_goes_across_the_antimeridian),
        cmocka_unit_test(test_a_line_goes_across_the_antimeridian_in_two),
        cmocka_unit_test(test_a_hull_is_that_of_geos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
