/* test_geodesic.c - directions, ways and areas on the ellipsoid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static bool is_close(double value, double expected, double tolerance) {
    return fabs(value - expected) <= tolerance;
}

/* By GeographicLib 2.1.2's GeodSolve -i. */
static void test_azimuth_is_where_the_geodesic_goes(void **state) {
    (void)state;
    elc_point jfk = {-73.8, 40.6}, lhr = {-0.5, 51.6};
    assert_true(is_close(elc_azimuth_deg(jfk, lhr), 51.19888284558, 1e-10));
    assert_true(is_close(elc_distance_m(jfk, lhr), 5551759.400319, 1e-6));
    elc_point west = {170, -33}, east = {-175, -10};
    assert_true(is_close(elc_azimuth_deg(west, east), 34.53050624025, 1e-10));
    assert_true(is_close(elc_distance_m(west, east), 2975373.762247, 1e-6));
}

/* By GeodSolve. */
static void test_destination_is_where_one_comes(void **state) {
    (void)state;
    elc_point p = elc_destination((elc_point){13.4, 52.5}, 45, 1e6);
    assert_true(is_close(p.y, 58.30346927037162, 1e-13));
    assert_true(is_close(p.x, 25.50072221045903, 1e-13));
    p = elc_destination((elc_point){179, -20}, 80, 5e5); /* the antimeridian */
    assert_true(is_close(p.x, -176.31869626320480, 1e-13));
    p = elc_destination((elc_point){10, 89}, 0, 5e5); /* the pole */
    assert_true(is_close(p.y, 86.52343885863648, 1e-13) && is_close(p.x, -170, 1e-9));
}

/* By Planimeter. */
static void test_area_is_that_of_a_ring_of_geodesics(void **state) {
    (void)state;
    elc_point ring[] = {{9, 50}, {12, 50}, {12, 53}, {9, 50}};
    double perimeter = 0;
    assert_true(is_close(elc_ring_area_m2(ring, 3, &perimeter), 35896827679, 1));
    assert_true(is_close(perimeter, 942215.47408, 1e-5));
    assert_true(is_close(elc_ring_area_m2(ring, 4, &perimeter), 35896827679, 1));
    assert_true(is_close(perimeter, 942215.47408, 1e-5));
    elc_point back[] = {{12, 53}, {12, 50}, {9, 50}};
    assert_true(is_close(elc_ring_area_m2(back, 3, NULL), -35896827679, 1));
}

static void test_area_knows_the_antimeridian_and_the_pole(void **state) {
    (void)state;
    elc_point fiji[] = {{179, -17}, {-179, -17}, {-179, -15}, {179, -15}};
    elc_point pole[] = {{0, 80}, {90, 80}, {180, 80}, {-90, 80}};
    assert_true(is_close(elc_ring_area_m2(fiji, 4, NULL), 47378519563, 1));
    assert_true(is_close(elc_ring_area_m2(pole, 4, NULL), 2507270031170, 1));
}

static void test_geodesics_are_nan_of_what_is_no_place(void **state) {
    (void)state;
    static const elc_point nowhere[] = {{NAN, 0}, {0, NAN}, {INFINITY, 0}, {0, 90.1}};
    elc_point here = {5, 5};
    for (int i = 0; i < 4; i++) {
        elc_point ring[] = {{0, 0}, {1, 0}, nowhere[i], {0, 1}};
        double perimeter = 0;
        assert_true(isnan(elc_distance_m(here, nowhere[i])));
        assert_true(isnan(elc_azimuth_deg(nowhere[i], here)));
        assert_true(isnan(elc_destination(nowhere[i], 0, 1).x));
        assert_true(isnan(elc_ring_area_m2(ring, 4, &perimeter)));
        assert_true(isnan(perimeter));
    }
    assert_true(isnan(elc_destination(here, NAN, 1).x));
    assert_true(isnan(elc_destination(here, 1, INFINITY).y));
    assert_true(elc_ring_area_m2(&here, 1, NULL) == 0);
    assert_true(elc_ring_area_m2(NULL, 0, NULL) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_azimuth_is_where_the_geodesic_goes),
        cmocka_unit_test(test_destination_is_where_one_comes),
        cmocka_unit_test(test_area_is_that_of_a_ring_of_geodesics),
        cmocka_unit_test(test_area_knows_the_antimeridian_and_the_pole),
        cmocka_unit_test(test_geodesics_are_nan_of_what_is_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
