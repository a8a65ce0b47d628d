/* test_stream.c - long GeoJSON in flat memory, whatever stands before its features. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_vsi.h>

#define HEAD  "{\"type\":\"FeatureCollection\","
#define LONG  "\"metadata\":{\"x\":\"%020000d\"},"
#define BEGIN "\"features\":[\n"
#define CRS                                                                            \
    "],\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::"   \
    "32633\"}}}"

static void write_features(void **state, const char *name, const char *head,
                           const char *tail, size_t rows) {
    elc_string text = {0};
    elc_string_printf(&text, NULL, "%s", head);
    for (size_t i = 0; i < rows; i++)
        elc_string_printf(
            &text, NULL,
            "%s{\"type\":\"Feature\",\"properties\":{\"n\":%zu,\"a\":{\"b\":["
            "1,%zu]}},\"geometry\":{\"type\":\"Point\",\"coordinates\":[%zu,"
            "50,7]}}\n",
            i > 0 ? "," : "", i, i, i % 180);
    elc_string_printf(&text, NULL, "%s", tail);
    fixture_put(fixture_path(state, name), text.data);
    elc_string_free(&text);
}

static void write_long_head(void **state, const char *name, size_t rows) {
    char *head = malloc(30000);
    snprintf(head, 30000, HEAD LONG BEGIN, 7);
    write_features(state, name, head, "]}", rows);
    free(head);
}

static void assert_flat(void **state, const char *name, size_t rows) {
    size_t before = elc_memory_peak();
    assert_int_equal(fixture_count(fixture_path(state, name)), rows);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    assert_true(elc_memory_peak() - before < (size_t)8 << 20);
#else
    (void)before;
#endif
}

static void test_memory_does_not_grow_with_the_rows(void **state) {
    write_features(state, "s.geojson", HEAD BEGIN, "]}", 1000);
    assert_int_equal(fixture_count(fixture_path(state, "s.geojson")), 1000);
    write_features(state, "t.geojson", HEAD BEGIN, "]}", 60000);
    assert_flat(state, "t.geojson", 60000);
    write_features(state, "u.geojson", "{" BEGIN, "],\"type\":\"FeatureCollection\"}",
                   60000);
    assert_flat(state, "u.geojson", 60000);
}

static void test_nor_where_much_stands_before_the_features(void **state) {
    write_long_head(state, "t.geojson", 60000);
    assert_flat(state, "t.geojson", 60000);
    assert_flat(state, "t.geojson", 60000);
}

static void test_a_long_head_changes_nothing_of_the_rows(void **state) {
    fixture_table table;
    write_long_head(state, "a&b <c>.geojson", 20);
    fixture_read(fixture_path(state, "a&b <c>.geojson"), &table);
    assert_int_equal(table.count, 20);
    fixture_assert_wkt(&table, 19, "POINT Z (19 50 7)");
    fixture_assert_text(&table, "a", 19, "{ \"b\": [ 1, 19 ] }");
    assert_int_equal(elc_schema_find(&table.schema, "elcano"), -1);
    assert_int_equal(elc_schema_find(&table.schema, "metadata"), -1);
    fixture_table_free(&table);
}

static void pack(const char *from, const char *to) {
    char name[4200];
    size_t n = 0;
    char *text = fixture_slurp(from, &n);
    snprintf(name, sizeof name, "/vsigzip/%s", to);
    VSILFILE *packed = VSIFOpenL(name, "wb");
    assert_int_equal(VSIFWriteL(text, 1, n, packed), n);
    VSIFCloseL(packed);
    free(text);
}

static void test_a_packed_file_streams_too(void **state) {
    write_long_head(state, "t.geojson", 20000);
    pack(fixture_path(state, "t.geojson"), fixture_path(state, "p.geojson.gz"));
    assert_flat(state, "p.geojson.gz", 20000);
}

static void test_a_cut_file_with_a_long_head_is_refused(void **state) {
    char *head = malloc(30000);
    snprintf(head, 30000, HEAD LONG BEGIN, 7);
    write_features(state, "t.geojson", head, "", 100);
    free(head);
    fixture_assert_fails(fixture_path(state, "t.geojson"), ELC_E_FORMAT, "t.geojson");
}

static void test_the_crs_member_is_honoured_wherever_it_stands(void **state) {
    fixture_table table;
    char *crs = NULL;
    write_features(state, "t.geojson", HEAD BEGIN, CRS, 2);
    fixture_read(fixture_path(state, "t.geojson"), &table);
    size_t column = fixture_column(&table, "geometry", ELC_GEOMETRY);
    assert_int_equal(elc_schema_crs(table.schema.children[column], &crs, NULL), ELC_OK);
    assert_non_null(strstr(crs, "UTM zone 33N"));
    free(crs);
    fixture_table_free(&table);
}

/* RFC 7946: longitude first, and some points with heights do not make another CRS. */
static void test_positions_with_heights_are_longitude_and_latitude(void **state) {
    fixture_table table;
    char *crs = NULL;
    write_features(state, "t.geojson", HEAD BEGIN, "]}", 2);
    fixture_read(fixture_path(state, "t.geojson"), &table);
    size_t column = fixture_column(&table, "geometry", ELC_GEOMETRY);
    assert_int_equal(elc_schema_crs(table.schema.children[column], &crs, NULL), ELC_OK);
    assert_true(elc_crs_text_is_crs84(crs));
    free(crs);
    fixture_assert_wkt(&table, 1, "POINT Z (1 50 7)");
    fixture_table_free(&table);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_memory_does_not_grow_with_the_rows),
        TEST(test_nor_where_much_stands_before_the_features),
        TEST(test_a_long_head_changes_nothing_of_the_rows),
        TEST(test_a_packed_file_streams_too),
        TEST(test_a_cut_file_with_a_long_head_is_refused),
        TEST(test_the_crs_member_is_honoured_wherever_it_stands),
        TEST(test_positions_with_heights_are_longitude_and_latitude),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
