/* test_plain_json_internal.c - plain GeoJSON is read to what OGR makes of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "as_ogr.h"
#include "fixture.h"

#include <layer/plain_json.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *path) {
    return as_ogr_is_plain(path, elc_plain_json_read);
}

static void assert_as_ogr(const char *path) {
    as_ogr_assert(path, elc_plain_json_read);
}

#define COUNT(items) (sizeof(items) / sizeof *(items))

static const char *const usual[] = {"1",
                                    "0",
                                    "-7",
                                    "2147483647",
                                    "2147483648",
                                    "-2147483649",
                                    "123456789012345678",
                                    "1.5",
                                    "-0.25",
                                    "0.1",
                                    "1e5",
                                    "1.5E-07",
                                    "123456789.123456789123",
                                    "9007199254740993.5",
                                    "true",
                                    "false",
                                    "null",
                                    "null",
                                    "\"\"",
                                    "\"a\"",
                                    "\"a b, {c} [d]: e\"",
                                    "\"a\\\"b\\\\c\\/d\"",
                                    "\"a\\n\\t\\r\\b\\f\"",
                                    "\"\\u00e4\\u20AC\\u0041\"",
                                    "\"\xc3\xa4\xe2\x82\xac\"",
                                    "\"-\"",
                                    "\"a-b\"",
                                    "\"a/b\"",
                                    "\"1/2\"",
                                    "\"2712,1145,2746\"",
                                    "\"10\"",
                                    "\"2020-01-02\"",
                                    "\"2021/11/30\"",
                                    "\"2017-07-24T12:43:24+00:00\"",
                                    "\"2017-07-24T12:43:24.123Z\"",
                                    "\"2017-07-24 12:43:24.5+05:30\"",
                                    "\"2017-07-24T12:43\"",
                                    "\"2017/07/24 01:02:03\"",
                                    "\"a:b\""};
static const char *const rare[] = {"01",
                                   "-0",
                                   "+1",
                                   "1.",
                                   "1e400",
                                   "1234567890123456789",
                                   "12345678901234567890123",
                                   "\"12:30\"",
                                   "\"12:30:01\"",
                                   "\"2020-13-45\"",
                                   "\"2020-01-02x\"",
                                   "\"\\ud83d\\ude00\"",
                                   "[]",
                                   "[1,2]",
                                   "{}",
                                   "{\"a\":1}"};
static const char *const shapes[] = {
    "null",
    "{\"type\":\"Point\",\"coordinates\":[1,2]}",
    "{\"type\":\"Point\",\"coordinates\":[-73.98695123456789,40.1]}",
    "{ \"coordinates\" : [ 1.5e1 , 2.25 ] , \"type\" : \"Point\" }",
    "{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4.5]]}",
    "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}",
    "{\"type\":\"Polygon\",\"coordinates\":[ [ [ 0.0, 0.0 ], [ 1.0, 0.0 ], [ 1.0, 1.0 "
    "], "
    "[ 0.0, 0.0 ] ] ]}",
    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[9,0],[9,9],[0,0]],[[2,1],[3,1],[3,"
    "2],"
    "[2,1]]]}",
    "{\"type\":\"MultiLineString\",\"coordinates\":[[[1,2],[3,4]],[[5,6],[7,8]]]}",
    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],["
    "6,5],"
    "[6,6],[5,5]]]]}"};
static const char *const rare_shapes[] = {
    "{\"type\":\"Point\",\"coordinates\":[1,2,3]}",
    "{\"type\":\"Point\",\"coordinates\":[]}",
    "{\"type\":\"LineString\",\"coordinates\":[[1,2]]}",
    "{\"type\":\"LineString\",\"coordinates\":[]}",
    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1]]]}",
    "{\"type\":\"Polygon\",\"coordinates\":[]}",
    "{\"type\":\"Polygon\",\"coordinates\":[[]]}",
    "{\"type\":\"Point\",\"coordinates\":[1,2],\"bbox\":[1,2,1,2]}",
    "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\","
    "\"coordinates\":"
    "[1,2]}]}"};
static const char *const heads[] = {
    "{\"type\":\"FeatureCollection\",\"features\":[",
    "{\n\"type\": \"FeatureCollection\",\n\"name\": \"t\",\n\"features\": [\n",
    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{"
    "\"name\":"
    "\"urn:ogc:def:crs:OGC:1.3:CRS84\"}},\"features\":[",
    "{\"type\":\"FeatureCollection\",\"name\":\"t\",\"crs\":{\"type\":\"name\","
    "\"properties\":"
    "{\"name\":\"urn:ogc:def:crs:EPSG::32633\"}},\"features\":["};

static uint32_t seed = 1;

static size_t below(size_t n) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static const char *any_shape(void) {
    return below(200) == 0 ? rare_shapes[below(COUNT(rare_shapes))]
                           : shapes[below(COUNT(shapes))];
}

/* Columns of one or two values each, of which one in 40 has a rare one. */
static void write_random(const char *path) {
    static const char *const names[] = {"a", "B c", "\xc3\xa4", "id_2"};
    const char *pools[4][3], *blank = below(2) == 0 ? " " : "";
    size_t columns = below(5), rows = 1 + below(5), sizes[4];
    char text[16384];
    for (size_t i = 0; i < columns; i++) {
        size_t first = below(COUNT(usual));
        sizes[i] = 1 + below(3);
        for (size_t k = 0; k < sizes[i]; k++)
            pools[i][k] = usual[(first + below(4)) % COUNT(usual)];
        if (below(40) == 0)
            pools[i][0] = rare[below(COUNT(rare))];
    }
    strcpy(text, heads[below(COUNT(heads))]);
    for (size_t row = 0; row < rows; row++) {
        sprintf(text + strlen(text), "%s{%s\"type\":\"Feature\",", row > 0 ? ",\n" : "",
                blank);
        bool first = below(2) == 0;
        if (first)
            sprintf(text + strlen(text), "\"geometry\":%s,", any_shape());
        strcat(text, "\"properties\":{");
        for (size_t i = 0; i < columns; i++)
            sprintf(text + strlen(text), "%s\"%s\":%s%s", i > 0 ? "," : "", names[i],
                    blank, pools[i][below(sizes[i])]);
        strcat(text, "}");
        if (!first)
            sprintf(text + strlen(text), ",\"geometry\":%s", any_shape());
        sprintf(text + strlen(text), "%s}", blank);
    }
    strcat(text, "\n]\n}\n");
    fixture_put(path, text);
}

static bool is_read(const char *path) {
    struct ArrowArrayStream stream = {0};
    struct ArrowArray batch = {0};
    elc_status status = elc_layer_read(path, &stream, NULL);
    if (status == ELC_OK)
        status = elc_stream_next(&stream, &batch, NULL);
    elc_array_release(&batch);
    elc_stream_release(&stream);
    return status == ELC_OK;
}

static void test_random_files_are_as_ogr_reads_them(void **state) {
    const char *path = fixture_path(state, "t.geojson");
    char layer[600];
    size_t plain = 0;
    snprintf(layer, sizeof layer, "%s:t", path);
    for (size_t i = 0; i < 1500; i++) {
        write_random(path);
        plain += is_plain(path);
        if (is_read(path))
            assert_as_ogr(path);
        else
            assert_false(is_read(layer));
    }
    assert_in_range(plain, 500, 1400);
}

#define FEATURE(properties)                                                            \
    "{\"type\":\"Feature\",\"properties\":{" properties                                \
    "},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]}}"
#define COLLECTION(features)                                                           \
    "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static void test_what_ogr_may_read_otherwise_is_left_to_it(void **state) {
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        COLLECTION(""),
        "\357\273\277" COLLECTION(FEATURE("\"a\":1")),
        COLLECTION(FEATURE("\"a\":1")) " x",
        COLLECTION(FEATURE("\"a\":1") ","),
        COLLECTION("," FEATURE("\"a\":1")),
        COLLECTION(FEATURE("\"a\":1") FEATURE("\"a\":1")),
        COLLECTION(FEATURE("\"a\":1") "," FEATURE("\"b\":1")),
        COLLECTION(FEATURE("\"a\":1,\"b\":2") "," FEATURE("\"b\":1,\"a\":2")),
        COLLECTION(FEATURE("\"a\":1") "," FEATURE("\"a\":\"x\"")),
        COLLECTION(FEATURE("\"a\":1,\"a\":2")),
        COLLECTION(FEATURE("\"a\":1,\"A\":2")),
        COLLECTION(FEATURE("\"\":1")),
        COLLECTION(FEATURE("\"\\u0061\":1")),
        COLLECTION(FEATURE("\"a\":null")),
        COLLECTION(FEATURE("\"a\":\"\\u0000\"")),
        COLLECTION(FEATURE("\"a\":\"\xe4\"")),
        COLLECTION(FEATURE("\"a\":\"x\ny\"")),
        COLLECTION(FEATURE("\"a\":tru")),
        COLLECTION(
            "{\"type\":\"Feature\",\"id\":7,\"properties\":{},\"geometry\":null}"),
        COLLECTION("{\"type\":\"Feature\",\"properties\":null,\"geometry\":null}"),
        COLLECTION("{\"type\":\"Feature\",\"properties\":{}}"),
        COLLECTION("{\"type\":\"Point\",\"coordinates\":[1,2]}"),
        "{\"type\":\"FeatureCollection\",\"bbox\":[1,2,3,4],\"features\":[" FEATURE(
            "") "]}",
        "{\"type\":\"FeatureCollection\",\"features\":[" FEATURE("") "],\"x\":1}",
        "{\"features\":[" FEATURE("") "],\"type\":\"FeatureCollection\"}",
        "{\"type\":\"FeatureCollection\",\"features\":[" FEATURE("") "]"};
    const char *path = fixture_path(state, "t.geojson");
    for (size_t i = 0; i < COUNT(texts); i++) {
        fixture_put(path, texts[i]);
        if (is_plain(path))
            fail_msg("'%s' is taken for plain", texts[i]);
    }
    fixture_put(path, COLLECTION(FEATURE("\"a\":1")));
    assert_true(is_plain(path));
}

/* A file of all kinds of values, cut at every byte, is no plain one. */
static void test_a_file_that_was_cut_is_left_to_ogr(void **state) {
    static const char whole[] = COLLECTION(FEATURE(
        "\"a\":1,\"b\":\"x\\n\",\"c\":true,\"d\":null,\"e\":1.5,"
        "\"f\":\"2020-01-01\"") "," FEATURE("\"a\":2,\"b\":\"y\",\"c\":false,\"d\":1,"
                                            "\"e\":2,\"f\":\"2020-01-02\""));
    const char *path = fixture_path(state, "t.geojson");
    char text[sizeof whole];
    for (size_t n = 0; n < sizeof whole; n++) {
        memcpy(text, whole, n);
        text[n] = '\0';
        fixture_put(path, text);
        assert_int_equal(is_plain(path), n == sizeof whole - 1);
    }
    assert_as_ogr(path);
}

/* Blocks are of a megabyte, a feature may be of several, and these rows are one batch.
 */
static void test_features_across_blocks_are_whole(void **state) {
    const char *path = fixture_path(state, "t.geojson");
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(heads[1], file);
    for (int i = 0; i < 4000; i++)
        fprintf(file,
                "%s{\"type\":\"Feature\",\"properties\":{\"n\":%d,\"x\":%.6f,\"name\":"
                "\"name of %0*d\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":"
                "[%.6f,%.7f]}}",
                i > 0 ? "," : "", i, i / 7.0, i == 2000 ? 3000000 : 300 + i % 1000, i,
                i / 30.0, i / 90.0);
    fputs("]}", file);
    assert_int_equal(fclose(file), 0);
    assert_true(is_plain(path));
    assert_int_equal(fixture_count(path), 4000);
    assert_as_ogr(path);
}

/* More than a block and a batch, so that most are read late. */
static void put_features(const char *path, char value) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(heads[0], file);
    for (int i = 0; i < 40000; i++)
        fprintf(file, "%s" FEATURE("\"a\":%c"), i > 0 ? "," : "", value);
    fputs("]}", file);
    assert_int_equal(fclose(file), 0);
}

static void test_the_look_at_a_file_can_be_cancelled(void **state) {
    const char *path = fixture_path(state, "t.geojson");
    put_features(path, '2');
    as_ogr_assert_cancels(path, elc_plain_json_read);
}

static void test_a_file_that_changes_is_an_error(void **state) {
    const char *path = fixture_path(state, "t.geojson");
    struct ArrowArrayStream stream = {0};
    elc_status status = ELC_OK;
    elc_error err = {0};
    put_features(path, '2');
    assert_int_equal(elc_plain_json_read(path, NULL, &stream, NULL), ELC_OK);
    put_features(path, 'x');
    for (int i = 0; i < 20 && status == ELC_OK; i++) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(&stream, &batch, &err);
        elc_array_release(&batch);
    }
    elc_stream_release(&stream);
    assert_int_equal(status, ELC_E_IO);
    assert_non_null(strstr(err.message, "t.geojson: it changed while it was read"));
}

static void test_what_is_no_file_of_geojson_is_left_to_ogr(void **state) {
    assert_false(is_plain(fixture_path(state, "none.geojson")));
    assert_false(is_plain(fixture_path(state, "t.geojsonl")));
    assert_false(is_plain("/vsimem/t.geojson"));
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_random_files_are_as_ogr_reads_them),
        TEST(test_what_ogr_may_read_otherwise_is_left_to_it),
        TEST(test_a_file_that_was_cut_is_left_to_ogr),
        TEST(test_features_across_blocks_are_whole),
        TEST(test_the_look_at_a_file_can_be_cancelled),
        TEST(test_a_file_that_changes_is_an_error),
        TEST(test_what_is_no_file_of_geojson_is_left_to_ogr),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
