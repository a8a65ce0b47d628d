/* test_wkb.c - what is written as WKB, read again by GEOS. */
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

static GEOSGeometry *read_take(elc_string *wkb) {
    assert_int_equal(elc_wkb_check(wkb->data, wkb->size, NULL), ELC_OK);
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *shape =
        GEOSWKBReader_read_r(geos, reader, (unsigned char *)wkb->data, wkb->size);
    GEOSWKBReader_destroy_r(geos, reader);
    elc_string_free(wkb);
    assert_non_null(shape);
    return shape;
}

/* The shape of a WKB equals that of a WKT, in points and order too. */
static void is_exactly(elc_string *wkb, const char *wkt) {
    GEOSGeometry *shape = read_take(wkb);
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *wanted = GEOSWKTReader_read_r(geos, reader, wkt);
    GEOSWKTReader_destroy_r(geos, reader);
    char *text = GEOSGeomToWKT_r(geos, shape);
    if (GEOSEqualsExact_r(geos, shape, wanted, 1e-12) != 1)
        fail_msg("%s is not %s", text, wkt);
    assert_int_equal(GEOSisValid_r(geos, shape), 1);
    GEOSFree_r(geos, text);
    GEOSGeom_destroy_r(geos, wanted);
    GEOSGeom_destroy_r(geos, shape);
}

static void lonlat_is(const elc_point *ring, size_t n, const char *wkt) {
    elc_string wkb = {0};
    elc_error err = {0};
    if (elc_wkb_polygon_lonlat(ring, n, &wkb, &err) != ELC_OK)
        fail_msg("%s", err.message);
    is_exactly(&wkb, wkt);
}

static void test_wkb_of_a_point_is_21_little_endian_bytes(void **state) {
    (void)state;
    elc_string wkb = {0};
    assert_int_equal(elc_wkb_point((elc_point){1, -2}, &wkb, NULL), ELC_OK);
    static const uint8_t wanted[21] = {1,    1,    0, 0, 0, 0, 0, 0, 0, 0,   0,
                                       0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0};
    assert_int_equal(wkb.size, 21);
    assert_memory_equal(wkb.data, wanted, 21);
    elc_string_free(&wkb);
}

static void test_wkb_polygon_is_closed_and_appended(void **state) {
    (void)state;
    static const elc_point ring[] = {{0, 0}, {2, 0}, {2, 1}};
    elc_string wkb = {0};
    assert_int_equal(elc_wkb_polygon(ring, 3, &wkb, NULL), ELC_OK);
    size_t one = wkb.size;
    assert_int_equal(elc_wkb_polygon(ring, 3, &wkb, NULL), ELC_OK);
    assert_int_equal(wkb.size, 2 * one);
    assert_memory_equal(wkb.data, wkb.data + one, one);
    wkb.size = one;
    is_exactly(&wkb, "POLYGON ((0 0, 2 0, 2 1, 0 0))");
}

static void test_wkb_polygon_given_closed_stays_the_same(void **state) {
    (void)state;
    static const elc_point ring[] = {{0, 0}, {2, 0}, {2, 1}, {0, 0}};
    elc_string wkb = {0};
    assert_int_equal(elc_wkb_polygon(ring, 4, &wkb, NULL), ELC_OK);
    is_exactly(&wkb, "POLYGON ((0 0, 2 0, 2 1, 0 0))");
}

static void test_wkb_clockwise_rings_are_turned(void **state) {
    (void)state;
    static const elc_point ring[] = {{4e6, 5e6}, {4e6, 5000002}, {4000003, 5000002}};
    elc_string wkb = {0};
    assert_int_equal(elc_wkb_polygon(ring, 3, &wkb, NULL), ELC_OK);
    is_exactly(&wkb, "POLYGON ((4000000 5000000, 4000003 5000002, 4000000 5000002, "
                     "4000000 5000000))");
}

static void test_wkb_refuses_what_is_no_ring_and_leaves_the_text_alone(void **state) {
    (void)state;
    const elc_point ring[] = {{0, 0}, {2, 0}, {0, 0}},
                    nan[] = {{0, 0}, {2, 0}, {NAN, 1}};
    elc_string wkb = {0};
    elc_error err = {0};
    assert_int_equal(elc_string_append(&wkb, "x", 1, NULL), ELC_OK);
    assert_int_equal(elc_wkb_polygon(ring, 3, &wkb, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message, "polygon: 2 points, at least 3 are needed");
    assert_int_equal(elc_wkb_polygon(ring, 0, &wkb, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_wkb_polygon(nan, 3, &wkb, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_wkb_polygon_lonlat(nan, 3, &wkb, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_wkb_point((elc_point){INFINITY, 0}, &wkb, &err),
                     ELC_E_ARGUMENT);
    assert_string_equal(wkb.data, "x");
    elc_string_free(&wkb);
}

static void test_lonlat_away_from_180_is_a_plain_polygon(void **state) {
    (void)state;
    static const elc_point ring[] = {{10, 0}, {12, 0}, {12, 1}, {10, 1}};
    lonlat_is(ring, 4, "POLYGON ((10 0, 12 0, 12 1, 10 1, 10 0))");
    static const elc_point wide[] = {{-100, 0}, {0, 0}, {100, 0},
                                     {100, 1},  {0, 1}, {-100, 1}};
    lonlat_is(wide, 6, "POLYGON ((-100 0, 0 0, 100 0, 100 1, 0 1, -100 1, -100 0))");
}

static void test_lonlat_across_180_is_cut_in_two(void **state) {
    (void)state;
    static const elc_point ring[] = {{179, 0}, {-179, 0}, {-179, 1}, {179, 1}};
    lonlat_is(ring, 4,
              "MULTIPOLYGON (((179 0, 180 0, 180 1, 179 1, 179 0)), "
              "((-180 0, -179 0, -179 1, -180 1, -180 0)))");
}

static void test_lonlat_clockwise_across_180_is_cut_and_turned(void **state) {
    (void)state;
    static const elc_point ring[] = {{-179, 10}, {-179, 8}, {179, 8}, {179, 10}};
    lonlat_is(ring, 4,
              "MULTIPOLYGON (((180 8, 180 10, 179 10, 179 8, 180 8)), "
              "((-179 10, -180 10, -180 8, -179 8, -179 10)))");
}

static void test_lonlat_that_ends_at_180_is_not_cut(void **state) {
    (void)state;
    static const elc_point east[] = {{179, 0}, {180, 0}, {180, 1}, {179, 1}};
    lonlat_is(east, 4, "POLYGON ((179 0, 180 0, 180 1, 179 1, 179 0))");
    static const elc_point west[] = {{180, 0}, {-179, 0}, {-179, 1}, {180, 1}};
    lonlat_is(west, 4, "POLYGON ((-180 0, -179 0, -179 1, -180 1, -180 0))");
}

static void test_lonlat_rotated_box_across_180_keeps_its_area(void **state) {
    (void)state;
    static const elc_point ring[] = {
        {179.5, 50}, {-179, 50.5}, {-179.5, 52}, {179, 51.5}};
    elc_string wkb = {0};
    assert_int_equal(elc_wkb_polygon_lonlat(ring, 4, &wkb, NULL), ELC_OK);
    GEOSGeometry *shape = read_take(&wkb);
    double area = 0;
    GEOSArea_r(geos, shape, &area);
    assert_true(fabs(area - 2.5) < 1e-12);
    assert_int_equal(GEOSisValid_r(geos, shape), 1);
    assert_int_equal(GEOSGetNumGeometries_r(geos, shape), 2);
    GEOSGeom_destroy_r(geos, shape);
}

static void test_lonlat_round_a_pole_reaches_the_pole(void **state) {
    (void)state;
    static const elc_point north[] = {{45, 80}, {135, 80}, {-135, 80}, {-45, 80}};
    lonlat_is(north, 4,
              "POLYGON ((-180 80, -135 80, -45 80, 45 80, 135 80, 180 80, 180 90, "
              "-180 90, -180 80))");
    static const elc_point south[] = {{-180, -80}, {90, -80}, {0, -80}, {-90, -80}};
    lonlat_is(south, 4,
              "POLYGON ((-180 -80, -180 -90, 180 -90, 180 -80, 90 -80, 0 -80, "
              "-90 -80, -180 -80))");
}

static void test_lonlat_without_area_is_written_as_it_is(void **state) {
    (void)state;
    static const elc_point ring[] = {{5, 5}, {6, 5}, {5.5, 5}};
    elc_string wkb = {0};
    assert_int_equal(elc_wkb_polygon_lonlat(ring, 3, &wkb, NULL), ELC_OK);
    GEOSGeometry *shape = read_take(&wkb);
    assert_int_equal(GEOSGeomTypeId_r(geos, shape), GEOS_POLYGON);
    GEOSGeom_destroy_r(geos, shape);
}

static void test_lonlat_out_of_range_is_refused(void **state) {
    (void)state;
    static const elc_point ring[] = {{500000, 45}, {500010, 45}, {500010, 46}};
    elc_string wkb = {0};
    elc_error err = {0};
    assert_int_equal(elc_wkb_polygon_lonlat(ring, 3, &wkb, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "not a longitude and latitude"));
}

/* Boxes round the world at all angles: the pieces' area is the box's own. */
static void test_lonlat_pieces_have_the_area_of_the_whole(void **state) {
    (void)state;
    for (int i = 0; i < 720; i++) {
        double angle = i * 0.31, c = cos(angle), s = sin(angle), lon = 170 + i / 36.0;
        elc_point ring[4], at[4] = {{-3, -2}, {3, -2}, {3, 2}, {-3, 2}};
        for (int k = 0; k < 4; k++) {
            double x = lon + c * at[k].x - s * at[k].y;
            ring[k] = (elc_point){x > 180 ? x - 360 : x, c * at[k].y + s * at[k].x};
        }
        elc_string wkb = {0};
        assert_int_equal(elc_wkb_polygon_lonlat(ring, 4, &wkb, NULL), ELC_OK);
        GEOSGeometry *shape = read_take(&wkb);
        double area = 0;
        GEOSArea_r(geos, shape, &area);
        assert_true(fabs(area - 24) < 1e-9);
        assert_int_equal(GEOSisValid_r(geos, shape), 1);
        GEOSGeom_destroy_r(geos, shape);
    }
}

static void test_points_of_a_shape_are_those_that_geos_has(void **state) {
    (void)state;
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKTReader_read_r(
        geos, reader,
        "GEOMETRYCOLLECTION Z (MULTIPOLYGON Z (((0 1 7, 2 3 7, 4 5 7, 0 1 7), (6 7 7, "
        "8 9 7, "
        "10 11 7, 6 7 7))), POINT Z (12 13 7), LINESTRING Z (14 15 7, 16 17 7))");
    GEOSWKTReader_destroy_r(geos, reader);
    for (int order = 0; order < 2; order++) {
        elc_point *points = NULL;
        size_t n = 0, capacity = 0, size;
        GEOSWKBWriter *writer = GEOSWKBWriter_create_r(geos);
        GEOSWKBWriter_setOutputDimension_r(geos, writer, 3);
        GEOSWKBWriter_setByteOrder_r(geos, writer, order);
        unsigned char *wkb = GEOSWKBWriter_write_r(geos, writer, shape, &size);
        GEOSWKBWriter_destroy_r(geos, writer);
        assert_int_equal(elc_wkb_points(wkb, size, &points, &n, &capacity, NULL),
                         ELC_OK);
        assert_int_equal(n, 11);
        for (size_t i = 0, at = 0; i < n; i++) {
            at = i == 3 || i == 7 ? at : 2 * (i - (i > 3) - (i > 7));
            double x = i == 3 ? 0 : i == 7 ? 6 : (double)at;
            assert_true(points[i].x == x && points[i].y == x + 1);
        }
        free(points);
        GEOSFree_r(geos, wkb);
    }
    GEOSGeom_destroy_r(geos, shape);
}

static void test_outlines_become_polygons_with_holes(void **state) {
    (void)state;
    elc_point points[] = {{0, 0}, {0, 9}, {9, 9},  {9, 0},  {2, 2}, {4, 2},
                          {4, 4}, {2, 4}, {20, 0}, {21, 0}, {21, 1}};
    elc_ring rings[] = {{0, 4, false}, {4, 4, true}, {8, 3, false}};
    elc_outline one = {points, rings, 11, 2}, two = {points, rings, 11, 3};
    elc_string wkb = {0}, text = {0};
    assert_int_equal(elc_wkb_outline(&one, &wkb, NULL), ELC_OK);
    assert_int_equal(elc_wkb_to_wkt(wkb.data, wkb.size, 3, &text, NULL), ELC_OK);
    assert_string_equal(text.data, "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), "
                                   "(2 2, 2 4, 4 4, 4 2, 2 2))");
    elc_string_free(&text);
    is_exactly(&wkb, "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (2 2, 2 4, 4 4, 4 2, 2 2))");
    wkb = (elc_string){0};
    assert_int_equal(elc_wkb_outline(&two, &wkb, NULL), ELC_OK);
    is_exactly(&wkb, "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 9, 0 0), "
                     "(2 2, 2 4, 4 4, 4 2, 2 2)), ((20 0, 21 0, 21 1, 20 0)))");
}

static void test_outlines_that_are_none_are_refused(void **state) {
    (void)state;
    elc_point points[] = {{0, 0}, {0, 9}, {9, 9}, {NAN, 0}};
    elc_ring hole = {0, 3, true}, flat = {0, 2, false}, broken = {0, 4, false};
    elc_outline none = {points, NULL, 4, 0}, first = {points, &hole, 4, 1},
                line = {points, &flat, 4, 1}, nan = {points, &broken, 4, 1};
    elc_string out = {0};
    assert_int_equal(elc_wkb_outline(&none, &out, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_wkb_outline(&first, &out, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_wkb_outline(&line, &out, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_wkb_outline(&nan, &out, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_wkb_to_wkt("abc", 3, 3, &out, NULL), ELC_E_FORMAT);
    assert_int_equal(out.size, 0);
    elc_string_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outlines_become_polygons_with_holes),
        cmocka_unit_test(test_outlines_that_are_none_are_refused),
        cmocka_unit_test(test_wkb_of_a_point_is_21_little_endian_bytes),
        cmocka_unit_test(test_wkb_polygon_is_closed_and_appended),
        cmocka_unit_test(test_wkb_polygon_given_closed_stays_the_same),
        cmocka_unit_test(test_wkb_clockwise_rings_are_turned),
        cmocka_unit_test(test_wkb_refuses_what_is_no_ring_and_leaves_the_text_alone),
        cmocka_unit_test(test_lonlat_away_from_180_is_a_plain_polygon),
        cmocka_unit_test(test_lonlat_across_180_is_cut_in_two),
        cmocka_unit_test(test_lonlat_clockwise_across_180_is_cut_and_turned),
        cmocka_unit_test(test_lonlat_that_ends_at_180_is_not_cut),
        cmocka_unit_test(test_lonlat_rotated_box_across_180_keeps_its_area),
        cmocka_unit_test(test_lonlat_round_a_pole_reaches_the_pole),
        cmocka_unit_test(test_lonlat_without_area_is_written_as_it_is),
        cmocka_unit_test(test_lonlat_out_of_range_is_refused),
        cmocka_unit_test(test_lonlat_pieces_have_the_area_of_the_whole),
        cmocka_unit_test(test_points_of_a_shape_are_those_that_geos_has),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
