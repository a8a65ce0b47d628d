/* test_silent.c - what readers would pass over without a word, and what they say of it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define POINT  "{\"type\":\"Point\",\"coordinates\":[1,2]}"
#define VACANT "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[]]}"
#define F      "{\"type\":\"Feature\",\"properties\":{\"a\":1},\"geometry\":" POINT "}"

/* ---- what is heard ----------------------------------------------------------------
 */

typedef struct heard {
    int n;
    char last[600];
} heard;

static void hear(void *arg, const char *line) {
    heard *h = arg;
    h->n++;
    snprintf(h->last, sizeof h->last, "%s", line);
}

/* Rows of a layer; what it says is in *h. */
static int64_t read_with(const char *path, heard *h) {
    elc_context context = {.warn = hear, .arg = h};
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    int64_t rows = 0;
    *h = (heard){0};
    if (elc_layer_open(path, &context, &stream, &err) != ELC_OK)
        fail_msg("%s", err.message);
    for (bool more = true; more;) {
        struct ArrowArray batch = {0};
        if (elc_stream_next(&stream, &batch, &err) != ELC_OK)
            fail_msg("%s", err.message);
        more = batch.release != NULL;
        rows += batch.length;
        elc_array_release(&batch);
    }
    elc_stream_release(&stream);
    return rows;
}

static void assert_told(const char *path, int64_t rows, const char *what) {
    heard h;
    assert_int_equal(read_with(path, &h), rows);
    assert_int_equal(h.n, 1);
    if (strstr(h.last, what) == NULL)
        fail_msg("'%s' says nothing of '%s'", h.last, what);
}

static void assert_quiet(const char *path, int64_t rows) {
    heard h;
    assert_int_equal(read_with(path, &h), rows);
    if (h.n > 0)
        fail_msg("'%s' is said", h.last);
}

/* ---- GeoJSON ----------------------------------------------------------------------
 */

static const char *put_collection(void **state, const char *crs, const char *feature) {
    char text[2000];
    snprintf(text, sizeof text,
             "{\"type\":\"FeatureCollection\",%s\"features\":[" F ",%s," F "]}\n", crs,
             feature);
    fixture_put(fixture_path(state, "t.geojson"), text);
    return fixture_path(state, "t.geojson");
}

static void test_a_feature_that_is_none_is_told_with_its_place(void **state) {
    static const char *const wrong[] = {
        "null",
        "5",
        "[]",
        "\"x\"",
        "true",
        "{\"type\":\"Featre\",\"properties\":{},\"geometry\":null}",
        "{\"type\":\"Feature\",\"properties\":[],\"geometry\":null}",
        "{\"type\":\"Feature\",\"properties\":{\"a\":1e400},\"geometry\":null}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        fixture_assert_fails(put_collection(state, "", wrong[i]), ELC_E_FORMAT,
                             "t.geojson: a feature that is no feature, or no geometry, "
                             "of GeoJSON (feature 2, byte ");
}

static void test_a_geometry_that_is_none_is_not_null(void **state) {
    static const char *const wrong[] = {
        "5",
        "{}",
        "{\"type\":\"Pont\",\"coordinates\":[1,2]}",
        "{\"type\":\"Point\",\"coordinates\":[1]}",
        "{\"type\":\"MultiPoint\",\"coordinates\":[[],[1,2]]}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[" VACANT "]}",
        "{\"type\":\"Point\",\"coordinates\":[null,null]}",
        "{\"type\":\"Point\",\"coordinates\":[NaN,2]}",
        "{\"type\":\"Point\",\"coordinates\":[1e999,2]}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[false]}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char feature[400];
        snprintf(feature, sizeof feature,
                 "{\"type\":\"Feature\",\"properties\":{\"a\":2},\"geometry\":%s}",
                 wrong[i]);
        fixture_assert_fails(put_collection(state, "", feature), ELC_E_FORMAT,
                             "(feature 2, byte ");
    }
}

static void test_what_is_missing_is_null(void **state) {
    static const char *const right[] = {
        "{\"type\":\"Feature\",\"properties\":{\"a\":1},\"geometry\":null}",
        "{\"type\":\"Feature\",\"properties\":null,\"geometry\":" POINT "}",
        "{\"type\":\"Feature\",\"properties\":{\"a\":NaN}}",
        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[]}}"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_quiet(put_collection(state, "", right[i]), 3);
}

static void test_names_may_be_written_with_escapes(void **state) {
    fixture_table table;
    fixture_put(
        fixture_path(state, "t.geojson"),
        "{\"type\":\"FeatureCollection\",\"f\\u0065atures\":["
        "{\"\\u0074ype\":\"F\\u0065ature\",\"propertie\\u0073\":{\"\\u0061\":1},"
        "\"ge\\u006fmetry\":{\"t\\u0079pe\":\"P\\u006Fint\",\"coordin\\u0061tes\":"
        "[1,2]}}]}");
    fixture_read(fixture_path(state, "t.geojson"), &table);
    assert_int_equal(table.count, 1);
    fixture_column(&table, "a", ELC_INT32);
    fixture_assert_wkt(&table, 0, "POINT (1 2)");
    fixture_table_free(&table);
}

static void test_a_sequence_with_a_bad_line_is_refused(void **state) {
    static const char *const wrong[] = {"foo",   "null", "5", "[]",
                                        "\"x\"", "true", F F, F " " F};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        for (int before = 1; before < 6; before += 4) {
            char text[4000] = "";
            for (int k = 0; k < before; k++)
                strcat(text, F "\n");
            strcat(strcat(text, wrong[i]), "\n" F "\n" F "\n");
            fixture_put(fixture_path(state, "t.geojsonl"), text);
            fixture_assert_fails(fixture_path(state, "t.geojsonl"), ELC_E_FORMAT,
                                 before == 1 ? "(feature 2, byte "
                                             : "(feature 6, byte");
        }
    fixture_put(fixture_path(state, "t.geojsonl"), F "\n\n" POINT "\n" F);
    assert_quiet(fixture_path(state, "t.geojsonl"), 3);
}

static void test_what_follows_a_collection_is_not_lost(void **state) {
    char text[1000];
    snprintf(text, sizeof text,
             "{\"type\":\"FeatureCollection\",\"features\":[%s]}\n%s", F,
             "{\"type\":\"FeatureCollection\",\"features\":[" F "]}\n");
    fixture_put(fixture_path(state, "t.geojson"), text);
    fixture_assert_fails(fixture_path(state, "t.geojson"), ELC_E_FORMAT, "t.geojson");
}

static void test_features_longer_than_a_block_are_seen(void **state) {
    enum { LONG = 3 << 20 };
    char *text = malloc(LONG + 1000);
    assert_non_null(text);
    size_t n =
        (size_t)sprintf(text, "%s\n{\"type\":\"Feature\",\"properties\":{\"a\":\"", F);
    memset(text + n, 'x', LONG);
    sprintf(text + n + LONG,
            "\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1]}}\n");
    fixture_put(fixture_path(state, "t.geojsonl"), text);
    fixture_assert_fails(fixture_path(state, "t.geojsonl"), ELC_E_FORMAT,
                         "(feature 2, byte 3145");
    strcpy(text + n + LONG, "\"},\"geometry\":null}\n" F "\n");
    fixture_put(fixture_path(state, "t.geojsonl"), text);
    assert_quiet(fixture_path(state, "t.geojsonl"), 3);
    free(text);
}

static void test_a_nul_of_geojson_is_refused(void **state) {
    static const char *const features[] = {
        "{\"type\":\"Feature\",\"properties\":{\"a\":\"x\\u0000y\"},\"geometry\":null}",
        "{\"type\":\"Feature\",\"properties\":{\"x\\u0000y\":1},\"geometry\":null}"};
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        char lines[1000];
        fixture_assert_fails(put_collection(state, "", features[i]), ELC_E_FORMAT,
                             "t.geojson: a text with a NUL, \\u0000 (feature 2, byte ");
        snprintf(lines, sizeof lines, F "\n%s\n", features[i]);
        fixture_put(fixture_path(state, "t.geojsonl"), lines);
        fixture_assert_fails(fixture_path(state, "t.geojsonl"), ELC_E_FORMAT,
                             "a text with a NUL, \\u0000 (feature 2, byte ");
    }
    assert_quiet(put_collection(state, "",
                                "{\"type\":\"Feature\",\"properties\":{"
                                "\"a\":\"x\\\\u0000y\"},\"geometry\":null}"),
                 3);
}

static void test_a_polygon_without_rings_is_empty_and_not_null(void **state) {
    static const char polygon[] =
        "{\"type\":\"Feature\",\"properties\":{\"a\":1},"
        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[]}}";
    fixture_table table;
    char lines[1000];
    snprintf(lines, sizeof lines, "%s,%s,%s", polygon,
             "{\"type\":\"Feature\",\"properties\":{\"a\":1},\"geometry\":null}",
             polygon);
    fixture_read(put_collection(state, "", lines), &table);
    fixture_assert_wkt(&table, 0, "POINT (1 2)");
    fixture_assert_wkt(&table, 1, "POLYGON EMPTY");
    fixture_assert_wkt(&table, 2, NULL);
    fixture_assert_wkt(&table, 3, "POLYGON EMPTY");
    fixture_table_free(&table);
    snprintf(lines, sizeof lines, F "\n%s\n" F "\n", polygon);
    fixture_put(fixture_path(state, "t.geojsonl"), lines);
    fixture_read(fixture_path(state, "t.geojsonl"), &table);
    fixture_assert_wkt(&table, 1, "POLYGON EMPTY");
    fixture_table_free(&table);
}

static void test_a_whole_number_beyond_64_bits_is_told(void **state) {
    assert_told(put_collection(state, "",
                               "{\"type\":\"Feature\",\"properties\":{\"a\":"
                               "99999999999999999999},\"geometry\":null}"),
                3, "beyond 64 bits is read as the largest of 64 (feature 2, byte");
}

/* ---- CRSs -------------------------------------------------------------------------
 */

static void assert_crs(const char *path, const char *expected) {
    struct ArrowArrayStream stream = {0};
    struct ArrowSchema schema = {0};
    char *crs = NULL;
    assert_int_equal(elc_layer_read(path, &stream, NULL), ELC_OK);
    assert_int_equal(elc_stream_schema(&stream, &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_crs(schema.children[0], &crs, NULL), ELC_OK);
    if (expected[0] == '\0')
        assert_string_equal(crs, "");
    else if (strstr(crs, expected) == NULL)
        fail_msg("%s", crs);
    free(crs);
    elc_schema_release(&schema);
    elc_stream_release(&stream);
}

static void test_a_crs_that_is_unknown_is_none_and_told(void **state) {
    static const char *const unknown[] = {
        "{\"type\":\"name\",\"properties\":{\"name\":\"bogus\"}}",
        "{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::99999\"}}",
        "\"x\""};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        char crs[200];
        snprintf(crs, sizeof crs, "\"crs\":%s,", unknown[i]);
        const char *path = put_collection(state, crs, F);
        assert_told(path, 3, "is not known");
        assert_crs(path, "");
    }
}

/* A server that nobody is to ask: its socket, and its port. */
static int listen_here(unsigned *port) {
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(server >= 0);
    assert_int_equal(bind(server, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(server, 4), 0);
    assert_int_equal(getsockname(server, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return server;
}

static void assert_unheard(int server) {
    assert_int_equal(accept(server, NULL, NULL), -1);
    assert_int_equal(errno, EAGAIN);
}

static void test_an_address_of_a_crs_is_not_asked_for_it(void **state) {
    static const char *const forms[] = {
        "\"crs\":{\"type\":\"link\",\"properties\":{\"href\":\"http://127.0.0.1:%u/"
        "\"}},",
        "\"crs\":{\"type\":\"url\",\"properties\":{\"url\":\"http://127.0.0.1:%u/\"}},",
        "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"http://127.0.0.1:%u/"
        "\"}},",
        "\"crs\":{\"type\":\"link\",\"properties\":{\"href\":\"crs-%u.txt\"}},"};
    unsigned port;
    int server = listen_here(&port);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char crs[200];
        snprintf(crs, sizeof crs, forms[i], port);
        const char *path = put_collection(state, crs, F);
        assert_told(path, 3, "is not known, so that its coordinates may be anything");
        assert_crs(path, "");
    }
    assert_unheard(server);
    close(server);
}

/* GDAL knows a CRS of each, as GeoJSON had them before RFC 7946. */
static void test_an_address_of_a_features_crs_is_told(void **state) {
    static const char *const names[] = {"t.geojson", "t.geojsonl"};
    unsigned port;
    int server = listen_here(&port);
    for (size_t i = 0; i < 2; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":"
                 "\"Point\",\"coordinates\":[1,2],\"crs\":{\"type\":\"link\","
                 "\"properties\":{\"href\":\"http://127.0.0.1:%u/\"}}}}",
                 port);
        fixture_put(fixture_path(state, names[i]), text);
        fixture_assert_fails(fixture_path(state, names[i]), ELC_E_FORMAT,
                             "what it names elsewhere is not fetched: http://127");
    }
    assert_unheard(server);
    close(server);
}

/* A server of features says where its schema is. */
static void test_a_gml_is_read_without_the_schema_that_it_names(void **state) {
    unsigned port;
    int server = listen_here(&port);
    char text[1000];
    fixture_table table;
    snprintf(text, sizeof text,
             "<wfs:FeatureCollection xmlns:wfs=\"http://www.opengis.net/wfs\" "
             "xmlns:gml=\"http://www.opengis.net/gml\" xmlns:a=\"http://a\" "
             "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
             "xsi:schemaLocation=\"http://a http://127.0.0.1:%u/?SERVICE=WFS&amp;"
             "VERSION=1.1.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=a:b\">"
             "<gml:featureMembers><a:b><a:n>7</a:n><a:g><gml:Point><gml:pos>5 6"
             "</gml:pos></gml:Point></a:g></a:b></gml:featureMembers>"
             "</wfs:FeatureCollection>",
             port);
    fixture_put(fixture_path(state, "t.gml"), text);
    fixture_read(fixture_path(state, "t.gml"), &table);
    fixture_column(&table, "n", ELC_INT32);
    fixture_assert_wkt(&table, 0, "POINT (5 6)");
    fixture_table_free(&table);
    assert_int_equal(fixture_count_files(state), 1);
    assert_unheard(server);
    close(server);
}

static void test_a_crs_behind_the_features_counts(void **state) {
    fixture_put(fixture_path(state, "t.geojson"),
                "{\"type\":\"FeatureCollection\",\"features\":[" F
                "],\"crs\":{\"type\":"
                "\"name\",\"properties\":{\"name\":\"bogus\"}}}");
    assert_told(fixture_path(state, "t.geojson"), 1, "is not known");
    assert_crs(fixture_path(state, "t.geojson"), "");
}

static void test_a_crs_that_is_known_is_quiet(void **state) {
    static const char *const names[] = {"urn:ogc:def:crs:OGC:1.3:CRS84",
                                        "urn:ogc:def:crs:EPSG::32633", "EPSG:32633"};
    for (size_t i = 0; i < 3; i++) {
        char crs[200];
        snprintf(crs, sizeof crs,
                 "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"%s\"}},",
                 names[i]);
        assert_quiet(put_collection(state, crs, F), 3);
        assert_crs(fixture_path(state, "t.geojson"), i == 0 ? "4326" : "32633");
    }
    assert_quiet(put_collection(state, "\"crs\":null,", F), 3);
}

static void test_an_undefined_crs_of_a_geopackage_is_none(void **state) {
    static const char *const wkt[] = {"POINT (1 2)", NULL};
    elc_error err = {0};
    const char *path = fixture_path(state, "t.gpkg");
    if (fixture_write_shapes(path, "", wkt, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_crs(path, "");
}

/* ---- dates ------------------------------------------------------------------------
 */

static void test_a_date_that_does_not_exist_stays_text(void **state) {
    static const char *const features[] = {"{\"type\":\"Feature\",\"properties\":{"
                                           "\"d\":\"2024-02-30\",\"e\":\"2024-02-29\"}"
                                           ",\"geometry\":null}",
                                           "{\"type\":\"Feature\",\"properties\":{"
                                           "\"d\":\"2024-02-29\",\"e\":\"2024-02-29\"}"
                                           ",\"geometry\":null}"};
    char text[1000];
    for (int plain = 0; plain < 2; plain++) {
        fixture_table table;
        snprintf(text, sizeof text,
                 "{%s\"type\":\"FeatureCollection\",\"features\":[%s,%s]}",
                 plain ? "" : "\"x\":1,", features[0], features[1]);
        fixture_put(fixture_path(state, "t.geojson"), text);
        fixture_read(fixture_path(state, "t.geojson"), &table);
        fixture_assert_text(&table, "d", 0, "2024-02-30");
        fixture_assert_text(&table, "d", 1, "2024-02-29");
        size_t e = fixture_column(&table, "e", ELC_DATE32);
        assert_int_equal(elc_rows_int(table.rows, e, 0), 19782);
        fixture_table_free(&table);
    }
}

static void test_a_date_of_csv_that_does_not_exist_stays_text(void **state) {
    fixture_table table;
    fixture_put(fixture_path(state, "t.csv"),
                "d,e\n2024-02-30,2024-02-29\n2024-02-29,2024-02-29\n");
    fixture_read(fixture_path(state, "t.csv"), &table);
    fixture_assert_text(&table, "d", 0, "2024-02-30");
    fixture_assert_text(&table, "d", 1, "2024-02-29");
    size_t e = fixture_column(&table, "e", ELC_DATE32);
    assert_int_equal(elc_rows_int(table.rows, e, 1), 19782);
    fixture_table_free(&table);
}

/* A table of one date column "d" of two rows, as dBase has it. */
static void test_a_date_of_dbase_that_does_not_exist_is_null_and_told(void **state) {
    char bytes[32 + 32 + 1 + 18 + 1] = {3, 124, 5, 1, 2, 0, 0, 0, 65, 0, 9, 0};
    memcpy(bytes + 32, "d\0\0\0\0\0\0\0\0\0\0D", 12);
    bytes[32 + 16] = 8;
    bytes[64] = 0x0d;
    memcpy(bytes + 65, " 20241399 20240229\x1a", 19);
    FILE *file = fopen(fixture_path(state, "t.dbf"), "wb");
    assert_int_equal(fwrite(bytes, 1, sizeof bytes, file), sizeof bytes);
    fclose(file);
    fixture_table table;
    fixture_read(fixture_path(state, "t.dbf"), &table);
    size_t d = fixture_column(&table, "d", ELC_DATE32);
    assert_true(elc_rows_null(table.rows, d, 0));
    assert_int_equal(elc_rows_int(table.rows, d, 1), 19782);
    fixture_table_free(&table);
    assert_told(fixture_path(state, "t.dbf"), 2, "2024-13-99 is a date that does not");
}

/* ---- CSV --------------------------------------------------------------------------
 */

static void test_a_line_of_too_many_values_is_refused(void **state) {
    const char *path = fixture_path(state, "t.csv");
    fixture_put(path, "lon,lat,n\n1,2,a\n1,2,a,EXTRA\n");
    fixture_assert_fails(path, ELC_E_FORMAT,
                         "t.csv: line 3 has 4 values, and the table 3");
    fixture_put(path, "a;n\n1;\"x\ny;z\"\n1;\"2\";3\n");
    fixture_assert_fails(path, ELC_E_FORMAT, "line 4 has 3 values, and the table 2");
}

static void test_a_line_of_too_few_values_is_told_once(void **state) {
    const char *path = fixture_path(state, "t.csv");
    fixture_put(path, "lon,lat,n\n1,2,a,\n3,4\n5\n\n6,7,b\n");
    assert_told(path, 4,
                "2 lines have fewer than 3 values, the first is line 3 with 2");
    fixture_put(path, "a\tb\n1\t\"x\ty\"\n");
    assert_quiet(path, 1);
}

static void assert_quotes(void **state, const char *name, const char *text,
                          const char *message) {
    fixture_put(fixture_path(state, name), text);
    fixture_assert_fails(fixture_path(state, name), ELC_E_FORMAT, message);
}

static void test_a_quote_of_csv_that_is_never_closed_is_refused(void **state) {
    assert_quotes(state, "t.csv", "a,b\n1,\"x\n2,y\n3,z\n",
                  "t.csv: line 2, byte 6: the quote that opens this value is never "
                  "closed");
    assert_quotes(state, "t.csv", "a,\"b\n1,2\n", "line 1, byte 2: the quote");
    assert_quotes(state, "t.csv", "\"a,b\n1,2\n", "line 1, byte 0: the quote");
    assert_quotes(state, "t.tsv", "a\tb\n1\t\"x\"\n2\t\"y", "line 3, byte 12: the");
}

static void test_text_behind_a_quote_of_csv_is_refused(void **state) {
    static const char message[] =
        "line 2, byte 6: the value that this quote opens goes on behind the one that "
        "closes it (line 3, byte 12)";
    assert_quotes(state, "t.csv", "a,b\n1,\"x\n2,\"y\"\n", message);
    assert_quotes(state, "t.csv", "a,b\n1,\"x\n2\" \"\n", message);
    assert_quotes(state, "t.csv", "a,b\n1,\"x\n2\" y\n", message);
}

static void test_a_quote_of_csv_inside_of_a_value_is_refused(void **state) {
    assert_quotes(state, "t.csv", "a,b\n1,5\" pipe\n2,6\" pipe\n",
                  "line 2, byte 7: a quote in a value that does not begin with one");
    assert_quotes(state, "t.csv", "a;b\r\n1;x\r\n2;y\"z\"\r\n", "line 3, byte 13: a");
}

static void test_quotes_of_csv_may_have_blanks_around_them(void **state) {
    const char *path = fixture_path(state, "t.csv");
    fixture_table table;
    fixture_put(path, "a, \"b\"\r\n1, \"x, \"\"y\"\"\"\n2,\"z\" \n3,\"\"\"\"\n");
    fixture_read(path, &table);
    fixture_assert_text(&table, "b", 0, " x, \"y\"");
    fixture_assert_text(&table, "b", 1, "z ");
    fixture_assert_text(&table, "b", 2, "\"");
    fixture_table_free(&table);
}

static void test_quotes_of_csv_may_follow_the_mark_of_utf8(void **state) {
    const char *path = fixture_path(state, "t.csv");
    fixture_table table;
    fixture_put(path, "\xef\xbb\xbf\"a\",b\r\n\"x\",2\r\n");
    fixture_read(path, &table);
    fixture_assert_text(&table, "a", 0, "x");
    fixture_table_free(&table);
}

static void test_a_nul_of_csv_is_refused(void **state) {
    FILE *file = fopen(fixture_path(state, "t.csv"), "wb");
    assert_int_equal(fwrite("a,b\nx,1\nx\0y,2\n", 1, 14, file), 14);
    fclose(file);
    fixture_assert_fails(fixture_path(state, "t.csv"), ELC_E_FORMAT,
                         "line 3 has a NUL byte");
}

static void test_a_whole_number_of_csv_beyond_64_bits_stays_text(void **state) {
    fixture_table table;
    fixture_put(fixture_path(state, "t.csv"),
                "a,b\n99999999999999999999,9223372036854775807\n1,-5\n");
    fixture_read(fixture_path(state, "t.csv"), &table);
    fixture_assert_text(&table, "a", 0, "99999999999999999999");
    fixture_assert_text(&table, "a", 1, "1");
    size_t b = fixture_column(&table, "b", ELC_INT64);
    assert_int_equal(elc_rows_int(table.rows, b, 0), INT64_MAX);
    fixture_table_free(&table);
}

/* The text of the first row stays what it is, whatever real number follows. */
static void assert_stays_text(void **state, const char *number) {
    char csv[500];
    fixture_table table;
    snprintf(csv, sizeof csv, "id,n\na,%s\nb,1.5\n", number);
    fixture_put(fixture_path(state, "t.csv"), csv);
    fixture_read(fixture_path(state, "t.csv"), &table);
    fixture_assert_text(&table, "n", 0, number);
    fixture_assert_text(&table, "n", 1, "1.5");
    fixture_table_free(&table);
}

static void test_a_number_of_csv_that_no_real_holds_stays_text(void **state) {
    assert_stays_text(state, "99999999999999999999999");
    assert_stays_text(state, "-99999999999999999999999");
    assert_stays_text(state, "9007199254740993");
    assert_stays_text(state, "1234567890123456789");
    assert_stays_text(state, "1e400");
    assert_stays_text(state, "-1.5E+0400");
    char digits[400] = "9";
    memset(digits + 1, '0', 320);
    strcpy(digits + 321, ".5");
    assert_stays_text(state, digits);
    digits[1] = '.';
    strcpy(digits + 321, "e400");
    assert_stays_text(state, digits);
}

static void test_numbers_of_csv_that_a_real_holds_are_real(void **state) {
    fixture_table table;
    fixture_put(fixture_path(state, "t.csv"),
                "id,n\na,9007199254740992\nb,1e308\nc,123456789012345678.25\nd,1.5\n");
    fixture_read(fixture_path(state, "t.csv"), &table);
    size_t n = fixture_column(&table, "n", ELC_FLOAT64);
    assert_true(elc_rows_real(table.rows, n, 0) == 9007199254740992.0);
    assert_true(elc_rows_real(table.rows, n, 1) == 1e308);
    fixture_table_free(&table);
}

static void test_what_is_packed_is_looked_at_and_left_alone(void **state) {
    char command[400];
    snprintf(command, sizeof command, "gzip -k '%s'",
             put_collection(state, "", "null"));
    assert_int_equal(system(command), 0);
    char packed[300];
    snprintf(packed, sizeof packed, "%s.gz", fixture_path(state, "t.geojson"));
    fixture_assert_fails(packed, ELC_E_FORMAT, "(feature 2, byte 1");
    assert_int_equal(fixture_count_files(state), 2);
}

/* ---- shapefiles -------------------------------------------------------------------
 */

static void make_shapes(void **state) {
    static const char *const wkt[] = {"POINT (1 2)", "POINT (3 4)", "POINT (5 6)",
                                      NULL};
    elc_error err = {0};
    if (fixture_write_shapes(fixture_path(state, "t.shp"), "EPSG:4326", wkt, &err) !=
        ELC_OK)
        fail_msg("%s", err.message);
}

static void test_shapes_without_a_record_are_not_lost(void **state) {
    make_shapes(state);
    FILE *file = fopen(fixture_path(state, "t.dbf"), "r+b");
    assert_non_null(file);
    fseek(file, 4, SEEK_SET);
    assert_int_equal(fputc(1, file), 1);
    fclose(file);
    fixture_assert_fails(fixture_path(state, "t.shp"), ELC_E_FORMAT,
                         "its .dbf has 1 records, and its .shx 3 shapes");
}

static void test_a_shapefile_without_its_index_says_what_to_do(void **state) {
    make_shapes(state);
    assert_int_equal(remove(fixture_path(state, "t.shx")), 0);
    fixture_assert_fails(fixture_path(state, "t.shp"), ELC_E_FORMAT,
                         "its .shx, the index of its shapes, is not beside it");
}

static void test_a_shapefile_without_its_table_is_told(void **state) {
    make_shapes(state);
    assert_quiet(fixture_path(state, "t.shp"), 3);
    assert_int_equal(remove(fixture_path(state, "t.dbf")), 0);
    assert_told(fixture_path(state, "t.shp"), 3, "t.shp: no .dbf is beside it");
}

static void test_an_encoding_that_is_unknown_is_told(void **state) {
    make_shapes(state);
    fixture_put(fixture_path(state, "t.cpg"), "klingon");
    assert_told(fixture_path(state, "t.shp"), 3, "'klingon' of its .cpg is not known");
    fixture_put(fixture_path(state, "t.cpg"), "ISO-8859-1");
    assert_quiet(fixture_path(state, "t.shp"), 3);
}

static void test_ewkb_is_named(void **state) {
    static const elc_column columns[] = {{"geometry", ELC_GEOMETRY, NULL, NULL}};
    static const char cut[] = {1, 1, 0, 0, 0x20, 1};
    elc_batch *batch = NULL;
    elc_error err = {0};
    assert_int_equal(elc_batch_create(columns, 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_bytes(batch, 0, cut, sizeof cut, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    elc_status status =
        fixture_write_batch(fixture_path(state, "t.gpkg"), columns, 1, batch, &err);
    assert_int_equal(status, ELC_E_FORMAT);
    if (strstr(err.message, "not WKB, but PostGIS's EWKB: ") == NULL)
        fail_msg("%s", err.message);
}

static void test_a_bz2_says_what_to_do(void **state) {
    fixture_put(fixture_path(state, "t.osm.bz2"), "BZh91AY&SY");
    fixture_assert_fails(fixture_path(state, "t.osm.bz2"), ELC_E_FORMAT, "unpack it");
}

/* ---- names ------------------------------------------------------------------------
 */

static void
test_names_that_differ_in_case_are_refused_where_they_are_one(void **state) {
    static const char *const names[] = {"t.kml", "t.gml", "t.gpkg"};
    static const elc_column columns[] = {{"a", ELC_INT32, NULL, NULL},
                                         {"A", ELC_INT32, NULL, NULL}};
    for (size_t i = 0; i < 4; i++) {
        elc_batch *batch = NULL;
        elc_error err = {0};
        assert_int_equal(elc_batch_create(columns, 2, &batch, NULL), ELC_OK);
        assert_int_equal(elc_batch_int(batch, 0, 1, NULL), ELC_OK);
        assert_int_equal(elc_batch_int(batch, 1, 2, NULL), ELC_OK);
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
        const char *path = fixture_path(state, i < 3 ? names[i] : "t.geojson");
        elc_status status = fixture_write_batch(path, columns, 2, batch, &err);
        assert_int_equal(status, i < 3 ? ELC_E_UNSUPPORTED : ELC_OK);
        if (i < 3 && strstr(err.message, "columns 'a' and 'A' are the same to") == NULL)
            fail_msg("%s", err.message);
    }
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_feature_that_is_none_is_told_with_its_place),
        TEST(test_a_geometry_that_is_none_is_not_null),
        TEST(test_what_is_missing_is_null),
        TEST(test_names_may_be_written_with_escapes),
        TEST(test_a_sequence_with_a_bad_line_is_refused),
        TEST(test_what_follows_a_collection_is_not_lost),
        TEST(test_features_longer_than_a_block_are_seen),
        TEST(test_a_nul_of_geojson_is_refused),
        TEST(test_a_polygon_without_rings_is_empty_and_not_null),
        TEST(test_a_whole_number_beyond_64_bits_is_told),
        TEST(test_a_crs_that_is_unknown_is_none_and_told),
        TEST(test_an_address_of_a_crs_is_not_asked_for_it),
        TEST(test_an_address_of_a_features_crs_is_told),
        TEST(test_a_gml_is_read_without_the_schema_that_it_names),
        TEST(test_a_crs_behind_the_features_counts),
        TEST(test_a_crs_that_is_known_is_quiet),
        TEST(test_an_undefined_crs_of_a_geopackage_is_none),
        TEST(test_a_date_that_does_not_exist_stays_text),
        TEST(test_a_date_of_csv_that_does_not_exist_stays_text),
        TEST(test_a_date_of_dbase_that_does_not_exist_is_null_and_told),
        TEST(test_a_line_of_too_many_values_is_refused),
        TEST(test_a_line_of_too_few_values_is_told_once),
        TEST(test_a_quote_of_csv_that_is_never_closed_is_refused),
        TEST(test_text_behind_a_quote_of_csv_is_refused),
        TEST(test_a_quote_of_csv_inside_of_a_value_is_refused),
        TEST(test_quotes_of_csv_may_have_blanks_around_them),
        TEST(test_quotes_of_csv_may_follow_the_mark_of_utf8),
        TEST(test_a_nul_of_csv_is_refused),
        TEST(test_a_whole_number_of_csv_beyond_64_bits_stays_text),
        TEST(test_a_number_of_csv_that_no_real_holds_stays_text),
        TEST(test_numbers_of_csv_that_a_real_holds_are_real),
        TEST(test_shapes_without_a_record_are_not_lost),
        TEST(test_a_shapefile_without_its_index_says_what_to_do),
        TEST(test_a_shapefile_without_its_table_is_told),
        TEST(test_an_encoding_that_is_unknown_is_told),
        TEST(test_ewkb_is_named),
        TEST(test_a_bz2_says_what_to_do),
        TEST(test_names_that_differ_in_case_are_refused_where_they_are_one),
        TEST(test_what_is_packed_is_looked_at_and_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
