/* test_move.c - geometries moved to another CRS, point by point. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static elc_transform *to_web(void) {
    elc_crs *web = NULL;
    elc_transform *way = NULL;
    assert_int_equal(elc_crs_create("EPSG:3857", &web, NULL), ELC_OK);
    assert_int_equal(elc_transform_create(NULL, web, &way, NULL), ELC_OK);
    elc_crs_free(web);
    return way;
}

static void expect(const char *from, elc_transform *way, const char *to) {
    elc_string wkb = {0}, moved = {0}, text = {0}, other = {0}, wanted = {0};
    assert_int_equal(elc_wkb_from_wkt(to, strlen(to), &other, NULL, NULL), ELC_OK);
    assert_int_equal(elc_wkb_to_wkt(other.data, other.size, 1, &wanted, NULL), ELC_OK);
    assert_int_equal(elc_wkb_from_wkt(from, strlen(from), &wkb, NULL, NULL), ELC_OK);
    assert_int_equal(elc_wkb_move(wkb.data, wkb.size, way, &moved, NULL), ELC_OK);
    assert_int_equal(elc_wkb_to_wkt(moved.data, moved.size, 1, &text, NULL), ELC_OK);
    assert_string_equal(text.data, wanted.data);
    elc_string_free(&other);
    elc_string_free(&wanted);
    elc_string_free(&wkb);
    elc_string_free(&moved);
    elc_string_free(&text);
}

/* 10 degrees of the equator are 1,113,194.9 m; heights and measures stay. */
static void test_all_types_are_moved(void **state) {
    (void)state;
    elc_transform *way = to_web();
    expect("POINT(10 0)", way, "POINT(1113194.9 0)");
    expect("POINT Z(10 0 5)", way, "POINT Z(1113194.9 0 5)");
    expect("LINESTRING ZM(10 0 5 7,0 0 6 8)", way,
           "LINESTRING ZM(1113194.9 0 5 7,0 0 6 8)");
    expect("POLYGON((0 0,10 0,10 10,0 0),EMPTY)", way,
           "POLYGON((0 0,1113194.9 0,1113194.9 1118890,0 0),EMPTY)");
    expect(
        "GEOMETRYCOLLECTION(POINT EMPTY,MULTIPOINT((10 0),EMPTY),MULTIPOLYGON(((0 0,"
        "10 0,10 10,0 0))))",
        way,
        "GEOMETRYCOLLECTION(POINT EMPTY,MULTIPOINT((1113194.9 0),EMPTY),MULTIPOLYGON("
        "((0 0,1113194.9 0,1113194.9 1118890,0 0))))");
    elc_transform_free(way);
}

static void test_without_a_way_all_stays(void **state) {
    (void)state;
    expect("POINT(10 0)", NULL, "POINT(10 0)");
}

static void test_what_cannot_be_moved_is_refused(void **state) {
    (void)state;
    elc_transform *way = to_web();
    elc_string wkb = {0}, moved = {0};
    static const char pole[] = "LINESTRING(0 0,0 95)";
    assert_int_equal(elc_wkb_from_wkt(pole, strlen(pole), &wkb, NULL, NULL), ELC_OK);
    assert_int_equal(elc_wkb_move(wkb.data, wkb.size, way, &moved, NULL),
                     ELC_E_ARGUMENT);
    assert_int_equal(moved.size, 0);
    assert_int_equal(elc_wkb_move("\1\1", 2, way, &moved, NULL), ELC_E_FORMAT);
    elc_string_free(&wkb);
    elc_string_free(&moved);
    elc_transform_free(way);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_types_are_moved),
        cmocka_unit_test(test_without_a_way_all_stays),
        cmocka_unit_test(test_what_cannot_be_moved_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
