/* test_places.c - where rows lie whose shapes are cut, turned, polar or off the map. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "support/planted.h"

static const char far_rows[] =
    "geometry,class\n"
    "\"MULTIPOLYGON(((178 0,180 0,180 1,178 1,178 0)),((-180 0,-179 0,-179 1,-180 1,"
    "-180 0)))\",cut\n"
    "POINT(10 50),near\n"
    "POINT(20 88),north\n"
    ",none\n";
static const char cut_row[] =
    "geometry,n\n\"MULTIPOLYGON(((178 0,180 0,180 1,178 1,178 0)),((-180 0,-179 0,"
    "-179 1,-180 1,-180 0)))\",1\n";
/* Boxes of a map round the north pole: one whose lower left and upper right corner lie
   on one meridian, 90 degrees east, and one that has the pole inside. */
static const char polar_rows[] =
    "geometry,n\n"
    "\"POLYGON((1000000 1000000,2000000 1000000,2000000 2000000,1000000 2000000,"
    "1000000 1000000))\",1\n";
static const char pole_row[] =
    "geometry,n\n"
    "\"POLYGON((-3000000 -3000000,2900000 -3000000,2900000 2900000,-3000000 2900000,"
    "-3000000 -3000000))\",1\n";

static elc_server *serve_csv(const char *text) {
    FILE *file = fopen(planted_path("v.csv"), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return asking_server_of(planted_path("v.csv"));
}

static elc_server *serve_polar(const char *text) {
    FILE *file = fopen(planted_path("p.csv"), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    planted_run("rm -f v.gpkg; ogr2ogr -q -oo GEOM_POSSIBLE_NAMES=geometry -a_srs "
                "EPSG:3413 -nln v v.gpkg p.csv");
    return asking_server_of(planted_path("v.gpkg"));
}

static json_int_t total(const elc_server *server, const char *query) {
    char path[300];
    snprintf(path, sizeof path, "/layers/summary/v?%s", query);
    assert_int_equal(asking_get(server, path, ""), 200);
    return asking_number("total");
}

static void expect_bounds(const elc_server *server, double west, double south,
                          double east, double north) {
    double got[4];
    const double wanted[4] = {west, south, east, north};
    assert_int_equal(asking_get(server, "/info.json", ""), 200);
    json_t *json = asking_json();
    json_t *layer = json_array_get(json_object_get(json, "layers"), 0);
    assert_int_equal(json_unpack(layer, "{s:[F,F,F,F]}", "bounds", &got[0], &got[1],
                                 &got[2], &got[3]),
                     0);
    for (int i = 0; i < 4; i++)
        assert_float_equal(got[i], wanted[i], 0.01);
    json_decref(json);
}

static void test_a_shape_cut_at_180_lies_there(void **state) {
    (void)state;
    elc_server *server = serve_csv(cut_row);
    expect_bounds(server, 178, 0, 181, 1);
    assert_int_equal(total(server, "view=177,-1,-178,2"), 1);
    assert_int_equal(total(server, "view=-10,-10,10,10"), 0);
    assert_int_equal(total(server, "bbox=-179.5,0,-179.2,1"), 1);
    assert_int_equal(total(server, "bbox=178,0,178.5,1"), 1);
    assert_int_equal(total(server, "bbox=177,0,-178,1"), 1);
    assert_int_equal(total(server, "bbox=-170,-10,170,10"), 0);
    elc_server_free(server);
}

static void test_boxes_may_be_wide_and_cross_180(void **state) {
    (void)state;
    elc_server *server = serve_csv(far_rows);
    assert_int_equal(total(server, "bbox=-100,-10,-120,60"), 2);
    assert_int_equal(total(server, "view=-100,-10,-120,60"), 2);
    assert_int_equal(total(server, "bbox=20,-10,0,60"), 1);
    assert_int_equal(total(server, "view=20,-10,0,60"), 1);
    assert_int_equal(total(server, "bbox=-180,-90,180,90"), 3);
    assert_int_equal(total(server, "bbox=-190,-80,179,80"), 2);
    elc_server_free(server);
}

static void test_rows_off_the_map_are_found_and_downloaded(void **state) {
    (void)state;
    elc_server *server = serve_csv(far_rows);
    expect_bounds(server, 10, 0, 181, 50); /* what the first view shows is on the map */
    assert_int_equal(total(server, "bbox=0,80,30,90"), 1);
    assert_int_equal(total(server, "class=none"), 1);
    assert_int_equal(total(server, "datetime=../.."), 0); /* there are no times */
    assert_int_equal(total(server, "view=-180,-90,180,90"), 2);
    assert_int_equal(total(server, "view=-180,-90,180,90&class=north"), 0);
    assert_int_equal(asking_get(server, "/ogc/collections/v/items?bbox=0,80,30,90", ""),
                     200);
    assert_int_equal(asking_number("numberMatched"), 1);
    assert_int_equal(asking_get(server, "/layers/download/v?format=csv", ""), 200);
    assert_non_null(strstr(asking_body, "north"));
    assert_non_null(strstr(asking_body, "none"));
    assert_int_equal(asking_get(server, "/ogc/collections/v", ""), 200);
    assert_non_null(strstr(asking_body, "88"));
    elc_server_free(server);
}

static void test_turned_boxes_are_met_at_all_their_corners(void **state) {
    (void)state;
    elc_server *server = serve_polar(polar_rows);
    assert_int_equal(total(server, "bbox=71,69,74,71"), 1);
    assert_int_equal(total(server, "bbox=106,69,109,71"), 1);
    assert_int_equal(total(server, "bbox=71,72,74,73"), 0);
    elc_server_free(server);
}

static void test_a_shape_round_a_pole_has_a_place(void **state) {
    (void)state;
    elc_server *server = serve_polar(pole_row);
    assert_int_equal(total(server, "view=-180,-85,180,85"), 1);
    assert_int_equal(total(server, "bbox=0,85,10,86"), 1);
    assert_int_equal(total(server, "bbox=0,20,10,30"), 0);
    expect_bounds(server, -180, 52.21, 180, 90);
    elc_server_free(server);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_shape_cut_at_180_lies_there),
        cmocka_unit_test(test_boxes_may_be_wide_and_cross_180),
        cmocka_unit_test(test_rows_off_the_map_are_found_and_downloaded),
        cmocka_unit_test(test_turned_boxes_are_met_at_all_their_corners),
        cmocka_unit_test(test_a_shape_round_a_pole_has_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
