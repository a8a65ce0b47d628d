/* test_xml_formats.c - KML, GML and GPX: layers, types, axes, what stays of a table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include <gdal.h>
#include <ogr_api.h>

static const char *const shapes[] = {"POINT Z (9.5 51.25 120)", "",
                                     "MULTIPOLYGON (((9 50,12 50,12 53,9 50),"
                                     "(10 51,11 51,11 52,10 51)))",
                                     "LINESTRING (9 50,10 51)", NULL};

static void write_and_read(void **state, const char *name, const char *crs,
                           fixture_table *table) {
    elc_error err = {0};
    const char *path = fixture_path(state, name);
    if (fixture_write_shapes(path, crs, shapes, &err) != ELC_OK)
        fail_msg("%s", err.message);
    fixture_read(path, table);
    assert_int_equal(table->count, 4);
}

static void test_kml_keeps_names_heights_and_rows_without_a_place(void **state) {
    fixture_table table;
    write_and_read(state, "t.kml", "EPSG:4326", &table);
    fixture_assert_wkt(&table, 0, "POINT Z (9.5 51.25 120)");
    fixture_assert_wkt(&table, 1, NULL);
    fixture_assert_wkt(&table, 3, "LINESTRING (9 50,10 51)");
    assert_true(elc_schema_find(&table.schema, "Name") >= 0);
    fixture_table_free(&table);
}

static void test_kml_is_in_longitude_and_latitude(void **state) {
    static const char *const meters[] = {"POINT (500000 4982950.4)", NULL};
    fixture_table table;
    elc_error err = {0};
    const char *path = fixture_path(state, "utm.kml");
    if (fixture_write_shapes(path, "EPSG:32633", meters, &err) != ELC_OK)
        fail_msg("%s", err.message);
    fixture_read(path, &table);
    size_t n = 0, column = fixture_column(&table, "geometry", ELC_GEOMETRY);
    double place[2];
    memcpy(place, elc_rows_bytes(table.rows, column, 0, &n) + 5, sizeof place);
    assert_true(place[0] > 14.9999999 && place[0] < 15.0000001);
    assert_true(place[1] > 44.9999 && place[1] < 45.0001);
    fixture_table_free(&table);
}

/* The authority's axes stand in the file, and longitude first in the table. */
static void test_gml_turns_axes_as_its_crs_says(void **state) {
    fixture_table table;
    size_t size = 0;
    write_and_read(state, "t.gml", "EPSG:4326", &table);
    fixture_assert_wkt(&table, 0, "POINT Z (9.5 51.25 120)");
    fixture_assert_wkt(&table, 1, NULL);
    fixture_assert_wkt(&table, 2, shapes[2]);
    fixture_table_free(&table);
    char *text = fixture_slurp(fixture_path(state, "t.gml"), &size);
    assert_non_null(strstr(text, "<gml:pos>51.25 9.5 120</gml:pos>"));
    free(text);
}

static void test_gml_of_eastings_keeps_them_first(void **state) {
    fixture_table table;
    write_and_read(state, "t.gml", "EPSG:32633", &table);
    fixture_assert_wkt(&table, 3, "LINESTRING (9 50,10 51)");
    fixture_table_free(&table);
}

#define POINT(crs, words)                                                              \
    "<gml:Point srsName=\"" crs "\"><gml:pos>" words "</gml:pos></gml:Point>"
#define GML(point)                                                                     \
    "<?xml version=\"1.0\"?><c:FeatureCollection "                                     \
    "xmlns:c=\"http://ogr.maptools.org/\" "                                            \
    "xmlns:gml=\"http://www.opengis.net/gml/3.2\"><c:featureMember><c:t "              \
    "gml:id=\"a\"><c:g>" point "</c:g><c:n>1</c:n></c:t></c:featureMember>"            \
    "</c:FeatureCollection>"

static void assert_gml_point(void **state, const char *text, const char *expected) {
    fixture_table table;
    fixture_put(fixture_path(state, "w.gml"), text);
    fixture_read(fixture_path(state, "w.gml"), &table);
    fixture_assert_wkt(&table, 0, expected);
    fixture_table_free(&table);
}

/* WFS servers name one CRS in ways that mean other orders. */
static void test_gml_names_of_a_crs_say_the_order(void **state) {
    assert_gml_point(state, GML(POINT("urn:ogc:def:crs:EPSG::4326", "51 9")),
                     "POINT (9 51)");
    assert_gml_point(state,
                     GML(POINT("http://www.opengis.net/def/crs/EPSG/0/4326", "51 9")),
                     "POINT (9 51)");
    assert_gml_point(state, GML(POINT("EPSG:4326", "9 51")), "POINT (9 51)");
    assert_gml_point(state, GML(POINT("urn:ogc:def:crs:OGC:1.3:CRS84", "9 51")),
                     "POINT (9 51)");
    assert_gml_point(state,
                     GML(POINT("urn:ogc:def:crs:EPSG::31468", "5600000 4400000")),
                     "POINT (4400000 5600000)");
    assert_int_equal(fixture_count_files(state), 1); /* and no .gfs beside it */
}

static const char track[] =
    "<?xml version=\"1.0\"?><gpx version=\"1.1\" creator=\"t\" "
    "xmlns=\"http://www.topografix.com/GPX/1/1\">"
    "<wpt lat=\"51\" lon=\"9\"><ele>120.5</ele><time>2024-05-01T10:20:30Z</time>"
    "<name>a</name></wpt><trk><name>walk</name><trkseg><trkpt lat=\"50\" lon=\"8\"/>"
    "<trkpt lat=\"51\" lon=\"9\"/></trkseg></trk></gpx>";

static void test_gpx_layers_are_read_by_name(void **state) {
    fixture_table table;
    fixture_put(fixture_path(state, "t.gpx"), track);
    fixture_assert_fails(fixture_path(state, "t.gpx:ways"), ELC_E_NOT_FOUND,
                         "waypoints, routes, tracks, route_points, track_points");
    fixture_read(fixture_path(state, "t.gpx:waypoints"), &table);
    fixture_assert_wkt(&table, 0, "POINT (9 51)");
    size_t at = fixture_column(&table, "time", ELC_TIMESTAMP);
    assert_true(elc_rows_int(table.rows, at, 0) == 1714558830000000);
    fixture_table_free(&table);
    fixture_read(fixture_path(state, "t.gpx:tracks"), &table);
    fixture_assert_wkt(&table, 0, "MULTILINESTRING ((8 50,9 51))");
    fixture_table_free(&table);
    assert_int_equal(fixture_count(fixture_path(state, "t.gpx:track_points")), 2);
}

static void test_kml_and_gml_keep_types_as_far_as_they_have_them(void **state) {
    static const char *const names[] = {"t.kml", "t.gml"};
    for (size_t i = 0; i < 2; i++) {
        fixture_table table;
        fixture_write_ok(fixture_path(state, names[i]), 12);
        fixture_read(fixture_path(state, names[i]), &table);
        assert_int_equal(table.count, 12);
        size_t n32 = fixture_column(&table, "n32", ELC_INT32);
        fixture_column(&table, "f64", ELC_FLOAT64);
        for (size_t row = 0; row < 4; row++)
            assert_true(elc_rows_int(table.rows, n32, row) == (int64_t)row - 2);
        assert_true(elc_rows_null(table.rows, n32, 4));
        fixture_table_free(&table);
    }
}

static void test_names_that_would_break_a_kml_are_refused(void **state) {
    static const elc_column columns[] = {{"a<b", ELC_INT32, NULL, NULL}};
    elc_batch *batch = NULL;
    elc_error err = {0};
    assert_int_equal(elc_batch_create(columns, 1, &batch, NULL), ELC_OK);
    assert_int_equal(
        fixture_write_batch(fixture_path(state, "t.kml"), columns, 1, batch, &err),
        ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "'a<b'"));
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_ogr_reads_the_rows_that_were_written(void **state) {
    static const char *const names[] = {"t.kml", "t.gml"};
    for (size_t i = 0; i < 2; i++) {
        const char *path = fixture_path(state, names[i]);
        fixture_write_ok(path, 1000);
        GDALDatasetH data = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
        assert_non_null(data);
        OGRLayerH layer = GDALDatasetGetLayer(data, 0);
        assert_int_equal(OGR_L_GetFeatureCount(layer, TRUE), 1000);
        GDALClose(data);
    }
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_kml_keeps_names_heights_and_rows_without_a_place),
        TEST(test_kml_is_in_longitude_and_latitude),
        TEST(test_gml_turns_axes_as_its_crs_says),
        TEST(test_gml_of_eastings_keeps_them_first),
        TEST(test_gml_names_of_a_crs_say_the_order),
        TEST(test_gpx_layers_are_read_by_name),
        TEST(test_kml_and_gml_keep_types_as_far_as_they_have_them),
        TEST(test_names_that_would_break_a_kml_are_refused),
        TEST(test_ogr_reads_the_rows_that_were_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
