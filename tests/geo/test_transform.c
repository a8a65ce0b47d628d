/* test_transform.c - points between CRSs, distances, and the size of pixels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static elc_transform *between(const char *from, const char *to) {
    elc_crs *a = NULL, *b = NULL;
    elc_transform *t = NULL;
    elc_error err = {0};
    if (from)
        assert_int_equal(elc_crs_create(from, &a, NULL), ELC_OK);
    if (to)
        assert_int_equal(elc_crs_create(to, &b, NULL), ELC_OK);
    if (elc_transform_create(a, b, &t, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_crs_free(a);
    elc_crs_free(b);
    return t;
}

static elc_point moved(const char *from, const char *to, double x, double y) {
    elc_transform *t = between(from, to);
    elc_point p = {x, y};
    size_t lost = elc_transform_points(t, &p, 1);
    assert_int_equal(lost, isnan(p.x));
    assert_int_equal(isnan(p.x), isnan(p.y));
    elc_transform_free(t);
    return p;
}

static void is_near(elc_point p, double x, double y, double tolerance) {
    if (!(fabs(p.x - x) <= tolerance) || !(fabs(p.y - y) <= tolerance))
        fail_msg("%.12g %.12g is not %.12g %.12g", p.x, p.y, x, y);
}

/* IOGP 373-7-2 (EPSG guidance note 7-2) works these out by hand, each in its own datum.
 */
static void test_transform_agrees_with_epsgs_worked_examples(void **state) {
    (void)state;
    /* Transverse Mercator: the British grid. */
    is_near(moved("EPSG:4277", "EPSG:27700", 0.5, 50.5), 577274.99, 69740.50, 0.01);
    /* Lambert conformal conic 2SP: Texas south central, feet. */
    is_near(moved("EPSG:4267", "EPSG:32040", -96, 28.5), 2963503.91, 254759.80, 0.02);
    /* Polar stereographic A: UPS north. */
    is_near(moved("EPSG:4326", "EPSG:5041", 44, 73), 3320416.75, 632668.43, 0.01);
}

static void test_transform_has_x_east_whatever_the_order_of_axes(void **state) {
    (void)state;
    is_near(moved("EPSG:4326", "OGC:CRS84", 13.4, 52.5), 13.4, 52.5, 0);
    is_near(moved("EPSG:4326", NULL, 13.4, 52.5), 13.4, 52.5, 0);
    is_near(moved(NULL, "EPSG:32633", 15, 45), 500000, 4982950.400, 0.001);
    is_near(moved("EPSG:2193", NULL, 1600000, 5300000), 173, -42.4524, 0.001);
    is_near(moved("EPSG:32756", NULL, 500000, 10000000), 153, 0, 1e-9);
}

static void test_transform_wraps_longitudes(void **state) {
    (void)state;
    is_near(moved(NULL, NULL, 190, 5), -170, 5, 0);
    is_near(moved("EPSG:4326", NULL, -540.5, 5), 179.5, 5, 1e-12);
    is_near(moved("EPSG:4326", NULL, 180, 5), 180, 5, 0);
    is_near(moved("EPSG:32660", NULL, 900000, 5000000), -177.92, 45.04, 0.01);
    is_near(moved("EPSG:3857", NULL, 30000000, 0), -90.5054148, 0, 1e-6);
}

/* Moves a line, and expects longitudes to the nearest tenth. */
static void goes(const char *from, const double *line, const double *longitudes,
                 size_t n) {
    elc_transform *t = between(from, NULL);
    elc_point was[8], p[8];
    double middle = NAN;
    for (size_t i = 0; i < n; i++)
        p[i] = was[i] = (elc_point){line[2 * i], line[2 * i + 1]};
    assert_int_equal(elc_transform_points(t, p, n), 0);
    assert_true(elc_transform_unroll(t, was, p, n, &middle));
    for (size_t i = 0; i < n; i++)
        if (!(fabs(p[i].x - longitudes[i]) < 0.06))
            fail_msg("%s, point %zu: %.9g is not %.9g", from, i, p[i].x, longitudes[i]);
    elc_transform_free(t);
}

static void test_transform_keeps_the_points_of_a_line_together(void **state) {
    (void)state;
    goes("EPSG:4326", (double[]){170, 0, 190, 0, 170, 0}, (double[]){170, 190, 170}, 3);
    goes("EPSG:4326", (double[]){350, 0, 375, 0}, (double[]){-10, 15}, 2);
    goes("EPSG:4326", (double[]){190, 0}, (double[]){-170}, 1);
    /* the whole world, the long way */
    goes("EPSG:4326", (double[]){-180, 0, 180, 0, -180, 5}, (double[]){-180, 180, -180},
         3);
    goes("EPSG:3857", (double[]){-20037508, 0, 20037508, 0}, (double[]){-180, 180}, 2);
    goes("EPSG:3857", (double[]){-15028131, 0, 15028131, 0}, (double[]){-135, 135}, 2);
    goes("EPSG:32660", (double[]){500000, 0, 900000, 0, 500000, 0},
         (double[]){177, 180.6, 177}, 3);
    /* by the pole, which is left of it */
    goes("EPSG:3413", (double[]){-1000000, 1000, 1000000, 1000}, (double[]){225, 45},
         2);
}

static void test_transform_tells_rings_round_a_pole(void **state) {
    (void)state;
    elc_transform *t = between("EPSG:3413", NULL);
    const elc_point ring[] = {
        {1e6, 1e6}, {-1e6, 1e6}, {-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}};
    elc_point p[5];
    double middle = NAN;
    for (int i = 0; i < 5; i++)
        p[i] = ring[i];
    assert_int_equal(elc_transform_points(t, p, 5), 0);
    assert_false(elc_transform_unroll(t, ring, p, 5, &middle));
    elc_transform_free(t);
}

static void test_transform_refuses_what_is_no_longitude(void **state) {
    (void)state;
    assert_true(isnan(moved(NULL, NULL, 1e300, 0).x));
    assert_true(isnan(moved("EPSG:4326", "EPSG:4258", 1e300, 1).x));
    assert_true(isnan(moved("EPSG:4326", "EPSG:3857", 1e300, 1).x));
    assert_true(isnan(moved("EPSG:4326", "EPSG:3857", 1e17, 1).x));
}

static void test_transform_counts_what_is_nowhere(void **state) {
    (void)state;
    elc_transform *t = between("EPSG:4326", "EPSG:32633");
    elc_point p[] = {{15, 45}, {NAN, 5}, {15, INFINITY}, {1e30, 5}, {15.001, 45}};
    assert_int_equal(elc_transform_points(t, p, 5), 3);
    assert_true(isnan(p[1].x) && isnan(p[2].y) && isnan(p[3].x));
    is_near(p[0], 500000, 4982950.4, 0.001);
    assert_true(p[4].x > 500000 && p[4].x < 500100);
    assert_int_equal(elc_transform_points(t, NULL, 0), 0);
    elc_transform_free(t);
    assert_true(isnan(moved("EPSG:4326", NULL, 10, 95).x));
}

static void test_transform_there_and_back_is_the_same_place(void **state) {
    (void)state;
    static const char *const CODES[] = {"EPSG:32601", "EPSG:32760", "EPSG:2154",
                                        "EPSG:3857",  "EPSG:2193",  "EPSG:4258"};
    static const elc_point AT[] = {{-177, 60}, {177, -40}, {3, 46},
                                   {-70, -33}, {173, -42}, {9, 50}};
    for (int i = 0; i < 6; i++) {
        elc_point p = moved(NULL, CODES[i], AT[i].x, AT[i].y);
        is_near(moved(CODES[i], NULL, p.x, p.y), AT[i].x, AT[i].y, 1e-9);
    }
}

static void test_distance_is_the_geodesic(void **state) {
    (void)state;
    /* Karney 2013, section 6: JFK to LHR by GeodSolve. */
    double d = elc_distance_m((elc_point){-73.8, 40.6}, (elc_point){-0.5, 51.6});
    assert_true(fabs(d - 5551759.400) < 0.001);
    assert_true(fabs(elc_distance_m((elc_point){179.5, 0}, (elc_point){-179.5, 0}) -
                     111319.490793) < 1e-5);
    assert_true(elc_distance_m((elc_point){5, 5}, (elc_point){5, 5}) == 0);
    assert_true(isnan(elc_distance_m((elc_point){NAN, 5}, (elc_point){5, 5})));
    assert_true(isnan(elc_distance_m((elc_point){5, 5}, (elc_point){INFINITY, 5})));
}

static elc_locator *locator_of(elc_affine affine, const char *code) {
    elc_crs *crs = NULL;
    elc_locator *l = NULL;
    assert_int_equal(elc_crs_create(code, &crs, NULL), ELC_OK);
    assert_int_equal(elc_locator_create(&affine, crs, &l, NULL), ELC_OK);
    elc_crs_free(crs);
    return l;
}

static void test_locator_places_pixels_and_measures_them(void **state) {
    (void)state;
    elc_locator *l =
        locator_of((elc_affine){{500000, 0.3, 0, 4982950.4, 0, -0.6}}, "EPSG:32633");
    elc_point p[] = {{0, 0}, {NAN, 3}};
    double x_m = 0, y_m = 0;
    assert_int_equal(elc_locator_lonlat(l, p, 2), 1);
    is_near(p[0], 15, 45, 1e-8);
    elc_locator_pixel_size_m(l, (elc_point){0, 0}, &x_m, &y_m);
    assert_true(fabs(x_m - 0.3 / 0.9996) < 1e-6 && fabs(y_m - 0.6 / 0.9996) < 1e-6);
    elc_locator_free(l);
}

static void test_locator_measures_degrees_and_the_mercators_stretch(void **state) {
    (void)state;
    double x_m = 0, y_m = 0;
    elc_locator *l = locator_of((elc_affine){{10, 1e-5, 0, 60, 0, -1e-5}}, "EPSG:4326");
    elc_locator_pixel_size_m(l, (elc_point){0, 0}, &x_m, &y_m);
    assert_true(fabs(x_m - 0.558002) < 1e-4 && fabs(y_m - 1.114122) < 1e-4);
    elc_locator_free(l);
    l = locator_of((elc_affine){{0, 1, 0, 8399737.89, 0, -1}}, "EPSG:3857");
    elc_locator_pixel_size_m(l, (elc_point){0, 0}, &x_m, &y_m);
    assert_true(fabs(x_m - 0.5) < 0.01 && fabs(y_m - 0.5) < 0.01);
    elc_locator_free(l);
}

static void test_locator_refuses_a_grid_without_inverse(void **state) {
    (void)state;
    elc_locator *l = NULL;
    elc_affine flat = {{0, 1, 1, 0, 1, 1}};
    assert_int_equal(elc_locator_create(&flat, NULL, &l, NULL), ELC_E_ARGUMENT);
    assert_null(l);
}

/* Web Mercator has loops of its own; what they refuse PROJ takes. */
static void test_transform_takes_web_mercator_in_bulk(void **state) {
    (void)state;
    elc_crs *web = NULL;
    elc_transform *there = NULL, *back = NULL;
    enum { N = 700 };
    elc_point points[N + 1], bulk[N];
    assert_int_equal(elc_crs_create("EPSG:3857", &web, NULL), ELC_OK);
    assert_int_equal(elc_transform_create(NULL, web, &there, NULL), ELC_OK);
    assert_int_equal(elc_transform_create(web, NULL, &back, NULL), ELC_OK);
    for (int i = 0; i < N; i++)
        points[i] = bulk[i] = (elc_point){i * 0.5 - 175, i * 0.24 - 84};
    points[N] = (elc_point){13, 88}; /* beyond the map's square */
    assert_int_equal(elc_transform_points(there, points, N + 1), 0);
    assert_int_equal(elc_web_from_lonlat(bulk, N), 0);
    assert_memory_equal(points, bulk, sizeof bulk);
    assert_true(points[N].y > 2.2e7);
    assert_int_equal(elc_transform_points(back, points, N + 1), 0);
    assert_true(fabs(points[N].y - 88) < 1e-9 && fabs(points[3].x + 173.5) < 1e-12);
    elc_transform_free(there);
    elc_transform_free(back);
    elc_crs_free(web);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transform_takes_web_mercator_in_bulk),
        cmocka_unit_test(test_transform_agrees_with_epsgs_worked_examples),
        cmocka_unit_test(test_transform_has_x_east_whatever_the_order_of_axes),
        cmocka_unit_test(test_transform_wraps_longitudes),
        cmocka_unit_test(test_transform_keeps_the_points_of_a_line_together),
        cmocka_unit_test(test_transform_tells_rings_round_a_pole),
        cmocka_unit_test(test_transform_refuses_what_is_no_longitude),
        cmocka_unit_test(test_transform_counts_what_is_nowhere),
        cmocka_unit_test(test_transform_there_and_back_is_the_same_place),
        cmocka_unit_test(test_distance_is_the_geodesic),
        cmocka_unit_test(test_locator_places_pixels_and_measures_them),
        cmocka_unit_test(test_locator_measures_degrees_and_the_mercators_stretch),
        cmocka_unit_test(test_locator_refuses_a_grid_without_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
