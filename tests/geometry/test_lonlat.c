/* test_lonlat.c - bounds of what lies across the antimeridian, and round a pole. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool bounds_of(const char *wkt, double box[4], bool *turned) {
    elc_string wkb = {0};
    elc_point *points = NULL;
    size_t *ends = NULL, n = 0, n_ends = 0, capacity = 0, end_capacity = 0;
    assert_int_equal(elc_wkb_from_wkt(wkt, strlen(wkt), &wkb, NULL, NULL), ELC_OK);
    assert_int_equal(elc_wkb_rings(wkb.data, wkb.size, &points, &n, &capacity, &ends,
                                   &n_ends, &end_capacity, NULL),
                     ELC_OK);
    bool any = elc_lonlat_bounds(points, n, ends, n_ends, box, turned);
    free(points);
    free(ends);
    elc_string_free(&wkb);
    return any;
}

static void expect(const char *wkt, double west, double south, double east,
                   double north) {
    double box[4] = {0};
    bool turned;
    assert_true(bounds_of(wkt, box, &turned));
    assert_float_equal(box[0], west, 0);
    assert_float_equal(box[1], south, 0);
    assert_float_equal(box[2], east, 0);
    assert_float_equal(box[3], north, 0);
}

static void test_bounds_are_those_of_the_plane(void **state) {
    (void)state;
    expect("POINT(10 20)", 10, 20, 10, 20);
    expect("POINT(180 0)", 180, 0, 180, 0);
    expect("POINT(-180 0)", -180, 0, -180, 0);
    expect("LINESTRING(-10 1,5 2,3 -2)", -10, -2, 5, 2);
    expect("MULTIPOINT((-100 1),(70 2))", -100, 1, 70, 2);
    expect("POLYGON((-100 0,20 0,150 0,150 9,20 9,-100 9,-100 0))", -100, 0, 150, 9);
}

/* However a turn further east rounds. */
static void test_what_lies_in_the_west_stays_there(void **state) {
    (void)state;
    for (int i = 0; i < 1000; i++) {
        double west = -170 + i * 0.1234567, east = west + i * 0.0123457, box[4];
        const elc_point points[] = {{west, 1}, {east, 2}};
        const size_t ends[] = {2};
        bool turned;
        assert_true(elc_lonlat_bounds(points, 2, ends, 1, box, &turned));
        assert_float_equal(box[0], west, 0);
        assert_float_equal(box[2], east, 0);
    }
}

static void test_what_is_cut_at_the_antimeridian_lies_across_it(void **state) {
    (void)state;
    expect("MULTIPOLYGON(((178 0,180 0,180 1,178 1,178 0)),((-180 0,-179 0,-179 2,"
           "-180 2,-180 0)))",
           178, 0, 181, 2);
    expect("MULTIPOINT((-170 0),(175 1))", 175, 0, 190, 1);
    /* Eurasia and its east beyond 180 */
    expect("MULTIPOLYGON(((-10 40,90 40,180 40,180 70,90 70,-10 70,-10 40)),((-180 "
           "60,-169 60,-169 "
           "70,-180 70,-180 60)))",
           -10, 40, 191, 70);
}

static void test_edges_of_more_than_half_a_turn_go_the_short_way(void **state) {
    (void)state;
    double box[4];
    bool turned;
    expect("POLYGON((179 0,-178 0,-178 1,179 1,179 0))", 179, 0, 182, 1);
    expect("LINESTRING(-178 0,179 1)", 179, 0, 182, 1);
    bounds_of("LINESTRING(-178 0,179 1)", box, &turned);
    assert_true(turned);
    bounds_of("LINESTRING(-80 0,90 1)", box, &turned);
    assert_false(turned);
}

static void test_the_whole_globe_is_as_wide_as_that(void **state) {
    (void)state;
    expect("POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))", -180, -90, 180, 90);
    expect("POLYGON((-180 -60,0 -60,180 -60,180 -90,-180 -90,-180 -60))", -180, -90,
           180, -60);
    expect("MULTIPOLYGON(((-180 0,0 0,0 9,-180 9,-180 0)),((0 0,180 0,180 9,0 9,0 0)))",
           -180, 0, 180, 9);
}

static void test_a_ring_round_a_pole_goes_on_to_it(void **state) {
    (void)state;
    expect("POLYGON((0 70,90 71,179 72,-90 70,0 70))", -180, 70, 180, 90);
    expect("POLYGON((0 -70,90 -71,179 -72,-90 -70,0 -70))", -180, -90, 180, -70);
}

static void test_what_is_no_number_is_passed_over(void **state) {
    (void)state;
    const elc_point points[] = {{NAN, 1}, {2, 3}, {4, INFINITY}};
    double box[4];
    bool turned;
    assert_true(elc_lonlat_bounds(points, 3, NULL, 0, box, &turned));
    assert_float_equal(box[0], 2, 0);
    assert_float_equal(box[3], 3, 0);
    assert_false(elc_lonlat_bounds(points, 1, NULL, 0, box, &turned));
    assert_false(bounds_of("MULTIPOLYGON EMPTY", box, &turned));
}

static void test_spans_lie_where_they_are_shortest(void **state) {
    (void)state;
    double west, east;
    elc_lonlat_span span = {0};
    assert_false(elc_lonlat_span_ends(&span, &west, &east));
    elc_lonlat_span_add(&span, 170, 172);
    elc_lonlat_span_add(&span, -190, -185); /* 170 to 175 */
    assert_true(elc_lonlat_span_ends(&span, &west, &east));
    assert_float_equal(west, 170, 0);
    assert_float_equal(east, 175, 0);
    elc_lonlat_span_add(&span, -175, -170);
    elc_lonlat_span_ends(&span, &west, &east);
    assert_float_equal(west, 170, 0);
    assert_float_equal(east, 190, 0);
    elc_lonlat_span_add(&span, -20, 20);
    elc_lonlat_span_ends(&span, &west, &east);
    assert_float_equal(west, -20, 0);
    elc_lonlat_span_add(&span, -100, -90);
    elc_lonlat_span_ends(&span, &west, &east);
    assert_true(east - west == 290);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds_are_those_of_the_plane),
        cmocka_unit_test(test_what_lies_in_the_west_stays_there),
        cmocka_unit_test(test_what_is_cut_at_the_antimeridian_lies_across_it),
        cmocka_unit_test(test_edges_of_more_than_half_a_turn_go_the_short_way),
        cmocka_unit_test(test_the_whole_globe_is_as_wide_as_that),
        cmocka_unit_test(test_a_ring_round_a_pole_goes_on_to_it),
        cmocka_unit_test(test_what_is_no_number_is_passed_over),
        cmocka_unit_test(test_spans_lie_where_they_are_shortest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
