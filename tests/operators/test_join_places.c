/* test_join_places.c - join by place: rows that others lose, or find where none are. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "joining.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Rows "id WKT" on either side; what is given are pairs "left right", '-' for none. */
static void pairs_in(const char *crs, const char *left, const char *options,
                     const char *right, const char *expected) {
    elc_string all = {0};
    joining j = {{.columns = "id:int64 geometry:geometry", .rows = left, .crs = crs},
                 {.columns = "zone:utf8 geometry:geometry", .rows = right, .crs = crs},
                 .options = options};
    for (j.threads = 1; j.threads <= 3; j.threads += 2) {
        elc_error err = {0};
        elc_names lines = {0};
        elc_string got = {0};
        j.left.batch = (size_t)j.threads;
        if (joining_rows(&j, &all, &err) != ELC_OK)
            fail_msg("%s", err.message);
        assert_int_equal(elc_names_split(&lines, all.data, '\n', NULL), ELC_OK);
        elc_string_append(&got, "", 0, NULL);
        for (size_t i = 1; i < lines.count; i++) {
            elc_names cells = {0};
            assert_int_equal(elc_names_split(&cells, lines.items[i], ' ', NULL),
                             ELC_OK);
            elc_string_printf(&got, NULL, "%s%s%s", got.size > 0 ? "|" : "",
                              cells.items[0], cells.count > 2 ? cells.items[2] : "");
            elc_names_free(&cells);
        }
        assert_string_equal(got.data, expected);
        elc_string_free(&got);
        elc_string_free(&all);
        elc_names_free(&lines);
    }
}

static void pairs(const char *left, const char *options, const char *right,
                  const char *expected) {
    pairs_in(NULL, left, options, right, expected);
}

#define SQUARE "POLYGON((0_0,4_0,4_4,0_4,0_0))"
#define RING   "POLYGON((0_0,4_0,4_4,0_4,0_0),(1_1,1_3,3_3,3_1,1_1))"

/* ---- rows ------------------------------------------------------------------------ */

static void test_join_left_loses_no_row_whatever_its_place(void **state) {
    (void)state;
    pairs("1 -|2 POINT_EMPTY|3 POINT(2_2)|4 POINT(9_9)|5 LINESTRING_EMPTY|"
          "6 POINT(nan_2)|7 POLYGON_EMPTY|8 GEOMETRYCOLLECTION_EMPTY",
          "predicate=within how=left", "a " SQUARE "|b -|c POLYGON_EMPTY",
          "1-|2-|3a|4-|5-|6-|7-|8-");
}

static void test_join_finds_the_same_whatever_is_null_beside_it(void **state) {
    (void)state;
    pairs("1 -|2 POINT(2_2)|3 -", "predicate=intersects",
          "n -|a " SQUARE "|m -|e POINT_EMPTY|b " SQUARE, "2a|2b");
    pairs("1 -|2 POINT(2_2)|3 -", "predicate=disjoint how=left",
          "n -|a " SQUARE "|e POINT_EMPTY|b POINT(7_7)", "1-|2b|3-");
}

static void test_join_with_an_empty_side_keeps_the_left_rows(void **state) {
    (void)state;
    pairs("1 POINT(2_2)|2 " SQUARE, "predicate=intersects how=left", "", "1-|2-");
    pairs("1 POINT(2_2)|2 " SQUARE, "predicate=disjoint how=anti", "", "1|2");
    pairs("", "predicate=intersects how=left", "a " SQUARE, "");
}

static void test_join_keeps_rows_of_equal_coordinates(void **state) {
    (void)state;
    pairs("1 POINT(2_2)|2 POINT(2_2)|3 POINT(2_2)", "predicate=equals",
          "a POINT(2_2)|b POINT(2_2)", "1a|1b|2a|2b|3a|3b");
    pairs("1 " SQUARE "|2 " SQUARE, "predicate=equals", "a " SQUARE "|b " SQUARE,
          "1a|1b|2a|2b");
}

static void test_join_covers_and_contains_lose_no_row(void **state) {
    (void)state;
    const char *right = "in POINT(2_2)|edge POINT(4_2)|corner POINT(0_0)|"
                        "line LINESTRING(0_0,4_0)|deep LINESTRING(1_1,2_3)|"
                        "same " SQUARE "|half POLYGON((0_0,2_0,2_4,0_4,0_0))|"
                        "out POINT(5_5)|over LINESTRING(2_2,6_2)";
    pairs("1 " SQUARE, "predicate=covers", right,
          "1in|1edge|1corner|1line|1deep|1same|1half");
    pairs("1 " SQUARE, "predicate=contains", right, "1in|1deep|1same|1half");
    pairs("1 " SQUARE, "predicate=intersects", right,
          "1in|1edge|1corner|1line|1deep|1same|1half|1over");
}

/* ---- bytes that are no geometry -------------------------------------------------- */

static void says(const char *op, const char *left, const char *right,
                 const char *message) {
    joining j = {{.columns = "id:int64 geometry:geometry", .rows = left},
                 {.columns = "geometry:geometry zone:utf8", .rows = right},
                 .op = op};
    elc_string out = {0};
    elc_error err = {0};
    assert_int_equal(joining_rows(&j, &out, &err), ELC_E_FORMAT);
    if (strncmp(err.message, message, strlen(message)) != 0)
        fail_msg("%s: %s", op, err.message);
    elc_string_free(&out);
}

static void test_join_says_whose_bytes_are_no_geometry(void **state) {
    (void)state;
    static const char *const ops[] = {"join", "aggregate", "nearest"};
    for (int i = 0; i < 3; i++) {
        says(ops[i], "1 POINT(2_2)|2 nonsense", SQUARE " a", "left: WKB of 8 bytes");
        says(ops[i], "1 POINT(2_2)", SQUARE " a|nonsense b",
             "the right table: row 2: WKB of 8 bytes");
    }
}

/* ---- borders --------------------------------------------------------------------- */

static void test_join_a_point_inside_intersects(void **state) {
    (void)state;
    pairs("1 POINT(2_2)", "predicate=intersects", "a " SQUARE, "1a");
    pairs("1 " SQUARE, "predicate=intersects", "a POINT(2_2)", "1a");
}

static void test_join_a_hole_is_outside_and_its_edge_is_border(void **state) {
    (void)state;
    const char *points = "1 POINT(2_2)|2 POINT(1_2)|3 POINT(1_1)|4 POINT(0.5_2)|"
                         "5 POINT(0_0)|6 POINT(0_2)";
    pairs(points, "predicate=within", "a " RING, "4a");
    pairs(points, "predicate=touches", "a " RING, "2a|3a|5a|6a");
    pairs(points, "predicate=intersects", "a " RING, "2a|3a|4a|5a|6a");
    pairs("1 POLYGON((1_1,3_1,3_3,1_3,1_1))", "predicate=touches", "a " RING, "1a");
    pairs("1 POLYGON((1_1,3_1,3_3,1_3,1_1))", "predicate=within", "a " RING, "");
}

static void test_join_squares_touch_in_a_corner_and_along_an_edge(void **state) {
    (void)state;
    const char *right =
        "corner POLYGON((4_4,6_4,6_6,4_6,4_4))|"
        "edge POLYGON((4_1,6_1,6_2,4_2,4_1))|"
        "over POLYGON((3_3,6_3,6_6,3_6,3_3))|"
        "slant POLYGON((4_4,9_5,9_9,4_4))|far POLYGON((5_5,6_5,6_6,5_5))";
    pairs("1 " SQUARE, "predicate=touches", right, "1corner|1edge|1slant");
    pairs("1 " SQUARE, "predicate=intersects", right, "1corner|1edge|1over|1slant");
    pairs("1 " SQUARE, "predicate=overlaps", right, "1over");
}

static void test_join_within_no_distance_is_intersects(void **state) {
    (void)state;
    const char *left = "1 POINT(4_2)|2 POINT(4.0000001_2)|3 POINT(2_2)|4 POINT(0_0)|"
                       "5 LINESTRING(4_4,9_9)|6 LINESTRING(4_5,9_9)|"
                       "7 POLYGON((4_0,5_0,5_1,4_0))";
    const char *met = "1a|3a|4a|5a|7a";
    pairs(left, "predicate=intersects", "a " SQUARE, met);
    pairs(left, "distance=0", "a " SQUARE, met);
    pairs(left, "distance=0m", "a " SQUARE, met);
}

/* ---- types ----------------------------------------------------------------------- */

static void test_join_takes_z_several_parts_and_collections(void **state) {
    (void)state;
    pairs("1 POINT_Z(2_2_9)|2 MULTIPOINT((2_2),(9_9))|3 MULTIPOINT((8_8),(9_9))|"
          "4 GEOMETRYCOLLECTION(POINT(2_2),LINESTRING(7_7,8_8))|"
          "5 MULTILINESTRING((1_1,2_2),(8_8,9_9))",
          "predicate=intersects",
          "a MULTIPOLYGON(((0_0,4_0,4_4,0_4,0_0)),((20_0,24_0,24_4,20_4,20_0)))",
          "1a|2a|4a|5a");
}

static void test_join_a_place_of_several_parts_is_one_row(void **state) {
    (void)state;
    pairs("1 POINT(2_2)|2 POINT(22_2)", "predicate=within",
          "a MULTIPOLYGON(((0_0,4_0,4_4,0_4,0_0)),((20_0,24_0,24_4,20_4,20_0)))",
          "1a|2a");
}

static void test_join_goes_on_over_what_is_no_geometry(void **state) {
    (void)state;
    pairs("1 POINT(1_1)|2 LINESTRING(1_1)|3 POLYGON((0_0,4_0,4_4))|4 POINT(3_1)",
          "predicate=intersects",
          "a POLYGON((0_0,4_0,4_4))|b POLYGON((0_0,4_0,4_4,0_4,0_0))|c LINESTRING(3_1)",
          "1b|4b");
}

static void test_join_a_box_of_no_width_is_a_line(void **state) {
    (void)state;
    pairs("1 POINT(1_2)|2 POINT(1_5)", "predicate=intersects", "a LINESTRING(1_0,1_4)",
          "1a");
}

static void test_join_takes_polygons_of_any_size(void **state) {
    (void)state;
    pairs("1 POINT(10_10)|2 POINT(50_20)|3 POINT(58_20)|4 POINT(5e-324_20)",
          "predicate=within",
          "a POLYGON((0_0,58_0,58_25,0_25,0_0))|b POLYGON((-1e300_0,1e300_0,0_1e300,"
          "-1e300_0))",
          "1a|1b|2a|2b|3b|4a|4b");
}

/* ---- the antimeridian and the poles ---------------------------------------------- */

#define EITHER_SIDE                                                                    \
    "1 POINT(175_5)|2 POINT(-175_5)|3 POINT(185_5)|4 POINT(-185_5)|5 POINT(180_5)|"    \
    "6 POINT(-180_5)|7 POINT(165_5)|8 POINT(-165_5)|9 POINT(0_5)"

static void test_join_a_zone_beyond_180_has_points_of_either_side(void **state) {
    (void)state;
    pairs(EITHER_SIDE, "predicate=within", "a POLYGON((170_0,190_0,190_9,170_9,170_0))",
          "1a|2a|3a|4a|5a|6a");
    pairs(EITHER_SIDE, "predicate=within",
          "a POLYGON((-190_0,-170_0,-170_9,-190_9,-190_0))", "1a|2a|3a|4a|5a|6a");
    pairs(
        EITHER_SIDE, "ownership=yes",
        "b POLYGON((-170_0,0_0,0_9,-170_9,-170_0))|a POLYGON((170_0,190_0,190_9,170_9,"
        "170_0))",
        "1a|2a|3a|4a|5a|6a|8b|9b");
    pairs("1 POINT(180_5)|2 POINT(-180_5)|3 POINT(0_5)", "ownership=yes",
          "a POLYGON((0_0,180_0,180_9,0_9,0_0))|b "
          "POLYGON((-180_0,0_0,0_9,-180_9,-180_0))",
          "1b|2b|3a");
}

static void test_join_a_zone_cut_at_180_has_points_of_either_side(void **state) {
    (void)state;
    const char *cut =
        "a MULTIPOLYGON(((170_0,180_0,180_9,170_9,170_0)),((-180_0,-170_0,"
        "-170_9,-180_9,-180_0)))";
    pairs(EITHER_SIDE, "predicate=within", cut, "1a|2a|3a|4a");
    pairs(EITHER_SIDE, "predicate=intersects", cut, "1a|2a|3a|4a|5a|6a");
    pairs(EITHER_SIDE, "ownership=yes", cut, "1a|2a|3a|4a|5a|6a");
}

static void test_join_no_zone_becomes_a_box_round_the_world(void **state) {
    (void)state;
    pairs(EITHER_SIDE, "predicate=disjoint",
          "a POLYGON((170_0,190_0,190_9,170_9,170_0))", "7a|8a|9a");
    pairs(EITHER_SIDE, "distance=6", "a POLYGON((170_0,190_0,190_9,170_9,170_0))",
          "1a|2a|3a|4a|5a|6a|7a|8a");
    pairs("1 POINT(179.9_5)", "distance=0.5", "a POINT(-179.9_5)|b POINT(-179_5)",
          "1a");
}

static void test_join_both_spellings_of_a_zone_are_one_place(void **state) {
    (void)state;
    const char *right = "beyond POLYGON((170_0,190_0,190_9,170_9,170_0))|"
                        "west POLYGON((-190_0,-170_0,-170_9,-190_9,-190_0))|"
                        "cut MULTIPOLYGON(((170_0,180_0,180_9,170_9,170_0)),((-180_0,"
                        "-170_0,-170_9,-180_9,-180_0)))|"
                        "other POLYGON((0_0,9_0,9_9,0_9,0_0))";
    pairs("1 POLYGON((170_0,190_0,190_9,170_9,170_0))", "predicate=equals", right,
          "1beyond|1west|1cut");
    pairs("1 POLYGON((-189_1,-171_1,-171_2,-189_2,-189_1))", "predicate=within", right,
          "1beyond|1west|1cut");
    pairs("1 LINESTRING(175_5,185_5)|2 LINESTRING(-165_5,-175_5)|"
          "3 LINESTRING(-10_5,-5_5)",
          "predicate=intersects", right, "1beyond|1west|1cut|2beyond|2west|2cut");
}

static void test_join_a_zone_of_another_crs_goes_the_shorter_way(void **state) {
    (void)state;
    elc_crs *utm = NULL;
    assert_int_equal(elc_crs_create("EPSG:32660", &utm, NULL), ELC_OK);
    joining j = {{.columns = "id:int64 geometry:geometry",
                  .rows = "1 POINT(179.5_0.5)|2 POINT(-179.5_0.5)|3 POINT(0_0.5)|"
                          "4 POINT(177_0.5)"},
                 {.columns = "geometry:geometry zone:utf8",
                  .rows = "POLYGON((700000_0,900000_0,900000_100000,700000_100000,"
                          "700000_0)) a",
                  .crs = elc_crs_projjson(utm)},
                 .options = "predicate=within how=semi"};
    joining_gives(j, "id:int64 geometry:geometry\n1 #\n2 #\n");
    elc_crs_free(utm);
}

static void test_join_a_polygon_round_a_pole_has_what_is_at_it(void **state) {
    (void)state;
    pairs("1 POINT(0_-89)|2 POINT(180_-80)|3 POINT(-180_-80)|4 POINT(90_-90)|"
          "5 POINT(-90_-60)|6 POINT(45_-71)",
          "predicate=intersects",
          "antarctica POLYGON((-180_-90,180_-90,180_-70,0_-70,-180_-70,-180_-90))",
          "1antarctica|2antarctica|3antarctica|4antarctica|6antarctica");
}

static void test_join_a_polygon_of_a_polar_crs_has_its_pole(void **state) {
    (void)state;
    elc_crs *polar = NULL;
    assert_int_equal(elc_crs_create("EPSG:3031", &polar, NULL), ELC_OK);
    joining j = {{.columns = "id:int64 geometry:geometry",
                  .rows = "1 POINT(0_-89)|2 POINT(179_-85)|3 POINT(-179_-85)|"
                          "4 POINT(90_-89.9)|5 POINT(-90_-60)"},
                 {.columns = "geometry:geometry zone:utf8",
                  .rows = "POLYGON((-1e6_-1e6,1e6_-1e6,1e6_1e6,-1e6_1e6,-1e6_-1e6)) a",
                  .crs = elc_crs_projjson(polar)},
                 .options = "predicate=within how=semi"};
    joining_gives(j, "id:int64 geometry:geometry\n1 #\n2 #\n3 #\n4 #\n");
    elc_crs_free(polar);
}

static void test_join_on_a_plane_numbers_beyond_180_are_numbers(void **state) {
    (void)state;
    pairs_in("", "1 POINT(185_5)|2 POINT(-175_5)", "predicate=within",
             "a POLYGON((170_0,190_0,190_9,170_9,170_0))", "1a");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join_left_loses_no_row_whatever_its_place),
        cmocka_unit_test(test_join_finds_the_same_whatever_is_null_beside_it),
        cmocka_unit_test(test_join_with_an_empty_side_keeps_the_left_rows),
        cmocka_unit_test(test_join_keeps_rows_of_equal_coordinates),
        cmocka_unit_test(test_join_covers_and_contains_lose_no_row),
        cmocka_unit_test(test_join_says_whose_bytes_are_no_geometry),
        cmocka_unit_test(test_join_a_point_inside_intersects),
        cmocka_unit_test(test_join_a_hole_is_outside_and_its_edge_is_border),
        cmocka_unit_test(test_join_squares_touch_in_a_corner_and_along_an_edge),
        cmocka_unit_test(test_join_within_no_distance_is_intersects),
        cmocka_unit_test(test_join_takes_z_several_parts_and_collections),
        cmocka_unit_test(test_join_a_place_of_several_parts_is_one_row),
        cmocka_unit_test(test_join_goes_on_over_what_is_no_geometry),
        cmocka_unit_test(test_join_a_box_of_no_width_is_a_line),
        cmocka_unit_test(test_join_takes_polygons_of_any_size),
        cmocka_unit_test(test_join_a_zone_beyond_180_has_points_of_either_side),
        cmocka_unit_test(test_join_a_zone_cut_at_180_has_points_of_either_side),
        cmocka_unit_test(test_join_no_zone_becomes_a_box_round_the_world),
        cmocka_unit_test(test_join_both_spellings_of_a_zone_are_one_place),
        cmocka_unit_test(test_join_a_zone_of_another_crs_goes_the_shorter_way),
        cmocka_unit_test(test_join_a_polygon_round_a_pole_has_what_is_at_it),
        cmocka_unit_test(test_join_a_polygon_of_a_polar_crs_has_its_pole),
        cmocka_unit_test(test_join_on_a_plane_numbers_beyond_180_are_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
