/* test_osm.c - OpenStreetMap's files: layers, areas with holes, all tags. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gdal.h>
#include <ogr_api.h>

#define HEAD                                                                           \
    "<?xml version=\"1.0\"?>\n<osm version=\"0.6\">\n"                                 \
    "<node id=\"1\" lat=\"10\" lon=\"10\"/><node id=\"2\" lat=\"10\" lon=\"20\"/>"     \
    "<node id=\"3\" lat=\"20\" lon=\"20\"/><node id=\"4\" lat=\"20\" lon=\"10\"/>"     \
    "<node id=\"5\" lat=\"14\" lon=\"14\"/><node id=\"6\" lat=\"14\" lon=\"16\"/>"     \
    "<node id=\"7\" lat=\"16\" lon=\"16\"/><node id=\"8\" lat=\"16\" lon=\"14\"/>\n"
#define INNER                                                                          \
    "<nd ref=\"5\"/><nd ref=\"6\"/><nd ref=\"7\"/><nd ref=\"8\"/><nd ref=\"5\"/>"
#define RING "((14 14,16 14,16 16,14 16,14 14))"

static const char town[] = HEAD
    "<node id=\"9\" lat=\"1\" lon=\"2\"><tag k=\"name\" v=\"a &quot;b&quot; \\ "
    "c&#228;\"/><tag k=\"source\" v=\"=>,\"/><tag k=\"addr:street\" v=\"x\"/></node>\n"
    "<way id=\"1\"><nd ref=\"1\"/><nd ref=\"2\"/><nd ref=\"3\"/></way>\n"
    "<way id=\"2\"><nd ref=\"3\"/><nd ref=\"4\"/><nd ref=\"1\"/></way>\n"
    "<way id=\"3\">" INNER "</way>\n"
    "<way id=\"4\">" INNER "<tag k=\"highway\" v=\"road\"/></way>\n"
    "<way id=\"5\">" INNER
    "<tag k=\"highway\" v=\"road\"/><tag k=\"area\" v=\"yes\"/></way>\n"
    "<way id=\"6\">" INNER "<tag k=\"building\" v=\"yes\"/></way>\n"
    "<way id=\"7\">" INNER
    "<tag k=\"building\" v=\"yes\"/><tag k=\"area\" v=\"no\"/></way>\n"
    "<relation id=\"1\"><member type=\"way\" ref=\"1\" role=\"outer\"/>"
    "<member type=\"way\" ref=\"2\" role=\"outer\"/>"
    "<member type=\"way\" ref=\"3\" role=\"inner\"/>"
    "<tag k=\"type\" v=\"multipolygon\"/><tag k=\"natural\" v=\"wood\"/></relation>\n"
    "<relation id=\"2\"><member type=\"way\" ref=\"1\" role=\"\"/>"
    "<tag k=\"type\" v=\"route\"/></relation>\n"
    "</osm>\n";

static const char *make_town(void **state) {
    fixture_put(fixture_path(state, "town.osm"), town);
    return "town.osm";
}

static void read_layer(void **state, const char *reference, fixture_table *table) {
    make_town(state);
    fixture_read(fixture_path(state, reference), table);
}

static void test_the_lines_are_read_where_no_layer_is_named(void **state) {
    fixture_table lines, unnamed;
    elc_string named = {0};
    const char *file = make_town(state);
    elc_string_printf(&named, NULL, "%s:lines", file);
    fixture_read(fixture_path(state, named.data), &lines);
    fixture_read(fixture_path(state, file), &unnamed);
    assert_true(lines.count > 0);
    assert_int_equal(unnamed.count, lines.count);
    fixture_table_free(&lines);
    fixture_table_free(&unnamed);
    elc_string_free(&named);
}

static void test_all_tags_are_in_one_column_as_json(void **state) {
    fixture_table table;
    read_layer(state, "town.osm:points", &table);
    assert_int_equal(table.count, 1);
    fixture_assert_wkt(&table, 0, "POINT (2 1)");
    fixture_assert_text(&table, "osm_id", 0, "9");
    fixture_assert_text(&table, "name", 0, "a \"b\" \\ c\xc3\xa4");
    fixture_assert_text(&table, "tags", 0,
                        "{\"name\":\"a \\\"b\\\" \\\\ c\xc3\xa4\",\"source\":\"=>,\","
                        "\"addr:street\":\"x\"}");
    fixture_table_free(&table);
}

/* An outer ring of two ways, with a hole: what holds a place must hold it. */
static void test_multipolygon_relations_are_areas_with_holes(void **state) {
    fixture_table table;
    read_layer(state, "town.osm:multipolygons", &table);
    assert_int_equal(table.count, 3);
    fixture_assert_text(&table, "osm_id", 0, "1");
    fixture_assert_text(&table, "natural", 0, "wood");
    fixture_assert_wkt(&table, 0,
                       "MULTIPOLYGON (((10 10,20 10,20 20,10 20,10 10),(14 14,16 14,16 "
                       "16,14 16,14 14)))");
    fixture_table_free(&table);
}

static void test_closed_ways_are_areas_where_their_tags_say_so(void **state) {
    fixture_table table;
    read_layer(state, "town.osm:multipolygons", &table);
    fixture_assert_text(&table, "osm_way_id", 1, "5"); /* area=yes */
    fixture_assert_text(&table, "osm_way_id", 2, "6"); /* a building */
    fixture_assert_wkt(&table, 2, "MULTIPOLYGON (" RING ")");
    fixture_table_free(&table);
    read_layer(state, "town.osm:lines", &table);
    assert_int_equal(table.count, 2);
    fixture_assert_text(&table, "osm_id", 0, "4"); /* a road round a block */
    fixture_assert_text(&table, "osm_id", 1, "7"); /* area=no */
    fixture_table_free(&table);
}

static void test_routes_are_lines_of_many_parts(void **state) {
    fixture_table table;
    read_layer(state, "town.osm:multilinestrings", &table);
    assert_int_equal(table.count, 1);
    fixture_assert_wkt(&table, 0, "MULTILINESTRING ((10 10,20 10,20 20))");
    fixture_table_free(&table);
}

/* OGR keeps what other layers would have, and gives up at 100,000 of them. */
static void test_a_layer_is_read_past_many_features_of_others(void **state) {
    elc_string text = {0};
    elc_string_printf(&text, NULL, HEAD);
    for (int i = 100; i < 101000; i++)
        elc_string_printf(&text, NULL,
                          "<node id=\"%d\" lat=\"1\" lon=\"%d\"><tag k=\"a\" "
                          "v=\"b\"/></node>\n",
                          i, i % 90);
    elc_string_printf(&text, NULL,
                      "<way id=\"1\">" INNER "<tag k=\"a\" v=\"b\"/></way></osm>");
    fixture_put(fixture_path(state, "many.osm"), text.data);
    elc_string_free(&text);
    assert_int_equal(fixture_count(fixture_path(state, "many.osm:lines")), 1);
    assert_int_equal(fixture_count(fixture_path(state, "many.osm:points")), 100900);
}

static void test_broken_files_are_refused(void **state) {
    for (size_t n = 60; n < sizeof town - 10; n += 97) {
        char cut[sizeof town];
        memcpy(cut, town, n);
        cut[n] = '\0';
        fixture_put(fixture_path(state, "cut.osm"), cut);
        fixture_assert_fails(fixture_path(state, "cut.osm:lines"), ELC_E_FORMAT,
                             "cut.osm");
    }
    const char *bomb = fixture_data("malformed/osm/billionlaugh.osm");
    if (bomb == NULL)
        skip();
    char reference[2100];
    snprintf(reference, sizeof reference, "%s:points", bomb);
    fixture_assert_fails(reference, ELC_E_FORMAT, "million laugh");
}

/* The oracle reads all layers at once, as they stand in the file. */
static size_t count_by_ogr(const char *path, const char *name) {
    GDALDatasetH data = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
    OGRLayerH wanted = GDALDatasetGetLayerByName(data, name), layer = NULL;
    size_t rows = 0;
    for (OGRFeatureH f; (f = GDALDatasetGetNextFeature(data, &layer, NULL, NULL, NULL));
         OGR_F_Destroy(f))
        rows += layer == wanted;
    GDALClose(data);
    return rows;
}

static void test_pbf_has_the_rows_that_ogr_finds(void **state) {
    (void)state;
    static const char *const layers[] = {"points", "lines", "multilinestrings",
                                         "multipolygons", "other_relations"};
    const char *path = fixture_data("polygons/graphhopper/andorra.osm.pbf");
    if (path == NULL)
        skip();
    for (size_t i = 0; i < 5; i++) {
        char reference[2100];
        snprintf(reference, sizeof reference, "%s:%s", path, layers[i]);
        size_t rows = fixture_count(reference);
        assert_true(rows > 0);
        assert_int_equal(rows, count_by_ogr(path, layers[i]));
    }
}

static void test_packed_files_are_read_as_they_are(void **state) {
    (void)state;
    const char *path = fixture_data("polygons/graphhopper/andorra.osm.gz");
    if (path == NULL)
        skip();
    char reference[2100];
    snprintf(reference, sizeof reference, "%s:multipolygons", path);
    assert_int_equal(fixture_count(reference), 624);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_the_lines_are_read_where_no_layer_is_named),
        TEST(test_all_tags_are_in_one_column_as_json),
        TEST(test_multipolygon_relations_are_areas_with_holes),
        TEST(test_closed_ways_are_areas_where_their_tags_say_so),
        TEST(test_routes_are_lines_of_many_parts),
        TEST(test_a_layer_is_read_past_many_features_of_others),
        TEST(test_broken_files_are_refused),
        TEST(test_pbf_has_the_rows_that_ogr_finds),
        TEST(test_packed_files_are_read_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
