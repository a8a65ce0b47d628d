/* test_edit.c - buffers held to geodesic distances, and what is simpler or valid. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "shapes.h"

#include <elcano/geometry.h>

#include <geodesic.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static elc_edit *edit_in(const char *text) {
    elc_crs *crs = NULL;
    elc_edit *e;
    if (text != NULL)
        assert_int_equal(elc_crs_create(text, &crs, NULL), ELC_OK);
    assert_int_equal(elc_edit_create(crs, true, &e, NULL), ELC_OK);
    elc_crs_free(crs);
    return e;
}

/* NULL where nothing is left. */
static GEOSGeometry *buffer(const char *crs, const char *wkt, double metres) {
    elc_edit *e = edit_in(crs);
    elc_string wkb = shapes_wkb(wkt), made = {0};
    elc_taken taken;
    elc_error err = {0};
    if (elc_edit_buffer(e, wkb.data, wkb.size, metres, true, &made, &taken, &err) !=
        ELC_OK)
        fail_msg("%s", err.message);
    GEOSGeometry *shape = made.size > 0 ? shapes_of_wkb(&made) : NULL;
    if (shape != NULL)
        assert_int_equal(GEOSisValid_r(shapes_geos(), shape), 1);
    elc_string_free(&wkb);
    elc_string_free(&made);
    elc_edit_free(e);
    return shape;
}

static bool covers(const GEOSGeometry *shape, elc_point p) {
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(shapes_geos(), p.x, p.y);
    char answer = GEOSCovers_r(shapes_geos(), shape, point);
    GEOSGeom_destroy_r(shapes_geos(), point);
    return answer == 1;
}

static elc_point away(elc_point from, double azimuth, double metres) {
    struct geod_geodesic globe;
    elc_point to;
    geod_init(&globe, 6378137.0, 1 / 298.257223563);
    geod_direct(&globe, from.y, from.x, azimuth, metres, &to.y, &to.x, NULL);
    return to;
}

/* ---- points --------------------------------------------------------------------- */

static void circle_holds(double lon, double lat, double metres, double slack) {
    char text[100];
    snprintf(text, sizeof text, "POINT (%.10g %.10g)", lon, lat);
    GEOSGeometry *circle = buffer(NULL, text, metres);
    for (int azimuth = 0; azimuth < 360; azimuth += 3) {
        elc_point in = away((elc_point){lon, lat}, azimuth, metres * (1 - slack));
        elc_point out = away((elc_point){lon, lat}, azimuth, metres * (1 + slack));
        if (!covers(circle, in) || covers(circle, out))
            fail_msg("%s by %g m is wrong at %d degrees", text, metres, azimuth);
    }
    GEOSGeom_destroy_r(shapes_geos(), circle);
}

static void test_buffer_of_a_point_is_a_geodesic_circle(void **state) {
    (void)state;
    for (int lat = -80; lat <= 80; lat += 40) {
        circle_holds(11.5, lat, 10, 0.002);
        circle_holds(11.5, lat, 10000, 0.002);
        circle_holds(-120, lat, 200000, 0.004);
    }
}

static void test_buffer_is_cut_at_the_antimeridian(void **state) {
    (void)state;
    circle_holds(179.9999, 10, 1000, 0.002);
    circle_holds(-180, -60, 50000, 0.002);
    GEOSGeometry *circle = buffer(NULL, "POINT (180 0)", 1000);
    assert_int_equal(GEOSGetNumGeometries_r(shapes_geos(), circle), 2);
    GEOSGeom_destroy_r(shapes_geos(), circle);
}

/* In longitude and latitude a circle round a pole is a band with 64 corners. */
static void test_buffer_goes_round_a_pole(void **state) {
    (void)state;
    circle_holds(30, 90, 100000, 0.002);
    circle_holds(30, -89.9, 100000, 0.01);
}

/* ---- lines and polygons --------------------------------------------------------- */

/* An edge is the line of the CRS: here a parallel, 100 m from the geodesic. */
static void test_buffer_follows_edges_as_their_crs_has_them(void **state) {
    (void)state;
    GEOSGeometry *band = buffer(NULL, "LINESTRING (10 60, 11 60)", 10);
    for (int i = 1; i < 100; i++) {
        elc_point at = {10 + i / 100.0, 60};
        assert_true(covers(band, away(at, 0, 9.95)) &&
                    !covers(band, away(at, 0, 10.05)));
        assert_true(covers(band, away(at, 180, 9.95)) &&
                    !covers(band, away(at, 180, 10.05)));
    }
    GEOSGeom_destroy_r(shapes_geos(), band);
}

/* UTM shrinks the middle of its zone by 0.04 %. */
static void test_buffer_in_a_projected_crs_is_in_metres_of_the_ground(void **state) {
    (void)state;
    double area = 0;
    const char *box =
        "POLYGON ((500000 5400000, 510000 5400000, 510000 5410000, 500000 "
        "5410000, 500000 5400000))";
    GEOSGeometry *wide = buffer("EPSG:32633", box, 1000);
    double side = 10000 / 0.9996, ground = side * side + 4 * side * 1000 + M_PI * 1e6;
    GEOSArea_r(shapes_geos(), wide, &area);
    assert_true(fabs(area / (0.9996 * 0.9996) / ground - 1) < 2e-4);
    GEOSGeom_destroy_r(shapes_geos(), wide);
    GEOSGeometry *mercator = buffer("EPSG:3857", "POINT (0 8399737.8898)", 1000);
    GEOSArea_r(shapes_geos(), mercator, &area);
    assert_true(fabs(sqrt(area / M_PI) / 2000 - 1) < 5e-3);
    GEOSGeom_destroy_r(shapes_geos(), mercator);
}

static void test_buffer_of_less_than_0_shrinks_to_nothing(void **state) {
    (void)state;
    const char *box = "POLYGON ((10 50, 10.01 50, 10.01 50.01, 10 50.01, 10 50))";
    double area = 0, whole = 0;
    GEOSGeometry *shrunk = buffer(NULL, box, -100), *own = shapes_of_wkt(box);
    GEOSArea_r(shapes_geos(), shrunk, &area);
    GEOSArea_r(shapes_geos(), own, &whole);
    assert_true(fabs(area / whole - (716.9 - 200) / 716.9 * (1112.5 - 200) / 1112.5) <
                1e-3);
    assert_null(buffer(NULL, box, -400));
    assert_null(buffer(NULL, "POINT (3 4)", -1));
    GEOSGeom_destroy_r(shapes_geos(), shrunk);
    GEOSGeom_destroy_r(shapes_geos(), own);
}

static void test_buffer_of_a_continent_is_refused(void **state) {
    (void)state;
    elc_edit *e = edit_in(NULL);
    elc_string made = {0};
    elc_taken taken;
    elc_error err = {0};
    elc_string wkb = shapes_wkb("LINESTRING (0 0, 60 0)");
    assert_int_equal(
        elc_edit_buffer(e, wkb.data, wkb.size, 1, true, &made, &taken, &err),
        ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "2000 km"));
    elc_string_free(&wkb);
    wkb = shapes_wkb("MULTIPOINT ((0 0), (60 0))");
    assert_int_equal(
        elc_edit_buffer(e, wkb.data, wkb.size, 1, true, &made, &taken, &err), ELC_OK);
    assert_true(elc_edit_error(e) < 1e-9);
    elc_string_free(&wkb);
    elc_string_free(&made);
    elc_edit_free(e);
}

static void test_buffer_is_not_shrunk_from_where_it_was_cut(void **state) {
    (void)state;
    elc_edit *e = edit_in(NULL);
    elc_string made = {0};
    elc_taken taken;
    elc_error err = {0};
    elc_string wkb = shapes_wkb("POLYGON ((179 0, -179 0, -179 2, 179 2, 179 0))");
    assert_int_equal(
        elc_edit_buffer(e, wkb.data, wkb.size, -10, true, &made, &taken, &err),
        ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "antimeridian"));
    elc_string_free(&wkb);
    elc_edit_free(e);
}

/* ---- simpler, valid ------------------------------------------------------------- */

static int points_after(const char *crs, const char *wkt, double tolerance,
                        bool metres) {
    elc_edit *e = edit_in(crs);
    elc_string wkb = shapes_wkb(wkt), made = {0};
    elc_taken taken;
    assert_int_equal(elc_edit_simplify(e, wkb.data, wkb.size, tolerance, metres, &made,
                                       &taken, NULL),
                     ELC_OK);
    GEOSGeometry *shape = shapes_of_wkb(&made);
    int n = GEOSGetNumCoordinates_r(shapes_geos(), shape);
    assert_int_equal(GEOSisValid_r(shapes_geos(), shape), 1);
    GEOSGeom_destroy_r(shapes_geos(), shape);
    elc_string_free(&wkb);
    elc_string_free(&made);
    elc_edit_free(e);
    return n;
}

/* 0.0001 degrees of latitude are 11.1 m. */
static void test_simplify_takes_metres_by_the_scale_of_the_crs(void **state) {
    (void)state;
    const char *line = "LINESTRING (10 60, 10.01 60.0001, 10.02 60)";
    assert_int_equal(points_after(NULL, line, 10, true), 3);
    assert_int_equal(points_after(NULL, line, 12, true), 2);
    assert_int_equal(points_after(NULL, line, 0.00009, false), 3);
    assert_int_equal(points_after(NULL, line, 0, true), 3);
    line = "LINESTRING (500000 5400000, 501000 5400010, 502000 5400000)";
    assert_int_equal(points_after("EPSG:32633", line, 9.9, true), 3);
    assert_int_equal(points_after("EPSG:32633", line, 10.1, true), 2);
}

/* GEOS keeps a ring's first point and so much of the rest that it stays a ring. */
static void test_simplify_leaves_no_polygon_without_area(void **state) {
    (void)state;
    int n =
        points_after(NULL, "POLYGON ((0 0, 1 0, 1 1, 0.5 1.1, 0 1, 0 0))", 100, false);
    assert_true(n == 4 || n == 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffer_of_a_point_is_a_geodesic_circle),
        cmocka_unit_test(test_buffer_is_cut_at_the_antimeridian),
        cmocka_unit_test(test_buffer_goes_round_a_pole),
        cmocka_unit_test(test_buffer_follows_edges_as_their_crs_has_them),
        cmocka_unit_test(test_buffer_in_a_projected_crs_is_in_metres_of_the_ground),
        cmocka_unit_test(test_buffer_of_less_than_0_shrinks_to_nothing),
        cmocka_unit_test(test_buffer_of_a_continent_is_refused),
        cmocka_unit_test(test_buffer_is_not_shrunk_from_where_it_was_cut),
        cmocka_unit_test(test_simplify_takes_metres_by_the_scale_of_the_crs),
        cmocka_unit_test(test_simplify_leaves_no_polygon_without_area),
    };
    return cmocka_run_group_tests(tests, shapes_set_up, shapes_tear_down);
}
