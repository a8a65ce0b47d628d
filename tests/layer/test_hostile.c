/* test_hostile.c - files cut anywhere, files with wrong bytes, texts that are no UTF-8.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 12, CUTS = 60, FLIPS = 150 };

static void put_bytes(const char *path, const char *bytes, size_t n) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* Rows that are read, or -1; a failure names the file. */
static int64_t try_read(const char *reference) {
    struct ArrowArrayStream stream = {0};
    elc_error err = {0};
    int64_t rows = 0;
    elc_status status = elc_layer_read(reference, &stream, &err);
    for (bool more = true; status == ELC_OK && more;) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(&stream, &batch, &err);
        more = batch.release != NULL;
        rows += batch.length;
        elc_array_release(&batch);
    }
    elc_stream_release(&stream);
    if (status != ELC_OK && strstr(err.message, "t.") == NULL)
        fail_msg("'%s' does not name the file", err.message);
    return status == ELC_OK ? rows : -1;
}

static void make_whole(void **state, const char *name) {
    static const char *const wkt[] = {
        "POINT (1 2)",  "POINT (3 4)",   "POINT (5 6)",   "POINT (7 8)",
        "POINT (9 10)", "POINT (11 12)", "POINT (13 14)", NULL};
    elc_error err = {0};
    if (fixture_write_shapes(fixture_path(state, name), "EPSG:4326", wkt, &err) !=
        ELC_OK)
        fail_msg("%s", err.message);
}

/* Cuts `part` of the layer `name`. Bytes at the end that say nothing may be missing. */
static void assert_cuts_are_seen(void **state, const char *name, const char *part,
                                 size_t idle) {
    size_t n = 0;
    make_whole(state, name);
    char *whole = fixture_slurp(fixture_path(state, part), &n);
    size_t step = n / CUTS + 1;
    for (size_t cut = 0; cut + idle < n; cut += step) {
        put_bytes(fixture_path(state, part), whole, cut);
        int64_t rows = try_read(fixture_path(state, name));
        if (rows >= 0)
            fail_msg("%s cut at %zu of %zu has %lld rows", part, cut, n,
                     (long long)rows);
    }
    put_bytes(fixture_path(state, part), whole, n);
    assert_int_equal(try_read(fixture_path(state, name)), 7);
    free(whole);
}

static void test_cut_files_are_refused(void **state) {
    assert_cuts_are_seen(state, "t.geojson", "t.geojson", 2);
    assert_cuts_are_seen(state, "t.fgb", "t.fgb", 0);
    assert_cuts_are_seen(state, "t.gpkg", "t.gpkg", 0);
    assert_cuts_are_seen(state, "t.kml", "t.kml", 2);
    assert_cuts_are_seen(state, "t.gml", "t.gml", 2);
}

static void test_a_shapefile_with_a_cut_part_is_refused(void **state) {
    assert_cuts_are_seen(state, "t.shp", "t.shp", 0);
}

static void test_a_shapefile_with_a_cut_table_is_refused(void **state) {
    assert_cuts_are_seen(state, "t.shp", "t.dbf", 2);
}

static void test_a_shapefile_with_a_cut_index_is_refused(void **state) {
    assert_cuts_are_seen(state, "t.shp", "t.shx", 0);
}

/* These have no end mark: what is cut after a row is a shorter file. */
static void assert_rows_are_whole(void **state, const char *name) {
    size_t n = 0;
    make_whole(state, name);
    char *whole = fixture_slurp(fixture_path(state, name), &n);
    for (size_t cut = 0; cut < n; cut++) {
        put_bytes(fixture_path(state, name), whole, cut);
        int64_t rows = try_read(fixture_path(state, name)), lines = 0;
        for (size_t i = 0; i < cut; i++)
            lines += whole[i] == '\n';
        assert_true(rows <= lines + 1);
        if (rows > lines && whole[cut] != '\n' && whole[cut] != '\r' &&
            strstr(name, "csv") == NULL)
            fail_msg("%s cut at %zu has a row of half a line", name, cut);
    }
    free(whole);
}

static void test_lines_cut_short_are_refused(void **state) {
    assert_rows_are_whole(state, "t.geojsonl");
    assert_rows_are_whole(state, "t.csv");
}

/* No crash, no endless work, no memory by a number in the file; with what result is a
   matter of the bytes. */
static void flip_bytes(void **state, const char *name, const char *part) {
    size_t n = 0;
    uint32_t random = 12345;
    make_whole(state, name);
    char *whole = fixture_slurp(fixture_path(state, part), &n);
    for (int i = 0; i < FLIPS; i++) {
        random = random * 1664525u + 1013904223u;
        size_t at = (random >> 8) % n;
        char before = whole[at];
        whole[at] = (char)(random >> 3 | 0x80);
        put_bytes(fixture_path(state, part), whole, n);
        try_read(fixture_path(state, name));
        whole[at] = before;
    }
    put_bytes(fixture_path(state, part), whole, n);
    free(whole);
    assert_true(elc_memory_peak() < (size_t)1500 << 20);
}

static void test_wrong_bytes_do_no_harm(void **state) {
    static const char *const names[] = {"t.geojson", "t.geojsonl", "t.fgb",
                                        "t.kml",     "t.gml",      "t.csv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        flip_bytes(state, names[i], names[i]);
}

static void test_wrong_bytes_of_a_shapefile_do_no_harm(void **state) {
    make_whole(state, "t.shp");
    static const char *const parts[] = {"t.shp", "t.dbf", "t.shx"};
    for (size_t i = 0; i < 3; i++) {
        fixture_teardown(state);
        fixture_setup(state);
        flip_bytes(state, "t.shp", parts[i]);
    }
}

static void test_every_malformed_geojson_is_told_or_read(void **state) {
    (void)state;
    static const char *const refused[] = {
        "badcoord",    "bad-featurelist", "featurecollection", "multiple_problems",
        "notype",      "point",           "point-string",      "point-toofew",
        "stringcoord", "unknowntype",     "bad-object-type"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char name[128];
        snprintf(name, sizeof name, "malformed/geojson_bad/%s.geojson", refused[i]);
        const char *path = fixture_data(name);
        if (path == NULL)
            skip();
        fixture_assert_fails(path, ELC_E_FORMAT, refused[i]);
    }
}

/* ---- encodings ------------------------------------------------------------ */

static void test_text_that_is_not_utf8_is_windows_1252_in_csv(void **state) {
    fixture_table table;
    fixture_put(fixture_path(state, "t.csv"), "a,b\n\"Stra\xdf"
                                              "e \x80\",1\n\"\xc3\xa4\",2\n");
    fixture_read(fixture_path(state, "t.csv"), &table);
    fixture_assert_text(&table, "a", 0,
                        "Stra\xc3\x9f"
                        "e \xe2\x82\xac");
    fixture_assert_text(&table, "a", 1, "\xc3\xa4");
    fixture_table_free(&table);
}

/* A table of one column "a", its encoding stated by nothing but `cpg`. */
static void make_dbf(void **state, const char *text, const char *cpg) {
    char bytes[32 + 32 + 1 + 11 + 1] = {3, 124, 5, 1, 1, 0, 0, 0, 65, 0, 11, 0};
    memcpy(bytes + 32, "a\0\0\0\0\0\0\0\0\0\0C", 12);
    bytes[32 + 16] = 10;
    bytes[64] = 0x0d;
    memset(bytes + 65, ' ', 11);
    memcpy(bytes + 66, text, strlen(text));
    bytes[76] = 0x1a;
    put_bytes(fixture_path(state, "t.dbf"), bytes, sizeof bytes);
    if (cpg != NULL)
        fixture_put(fixture_path(state, "t.cpg"), cpg);
}

static void assert_dbf(void **state, const char *text, const char *cpg,
                       const char *expected) {
    fixture_table table;
    make_dbf(state, text, cpg);
    fixture_read(fixture_path(state, "t.dbf"), &table);
    fixture_assert_text(&table, "a", 0, expected);
    fixture_table_free(&table);
}

static void test_a_dbf_is_read_in_the_encoding_of_its_cpg(void **state) {
    assert_dbf(state,
               "Stra\xdf"
               "e",
               NULL,
               "Stra\xc3\x9f"
               "e");
    assert_dbf(state, "\xc3\xa4", NULL, "\xc3\xa4");
    assert_dbf(state, "\xc3\xa4", "UTF-8", "\xc3\xa4");
    assert_dbf(state, "\x84", "850", "\xc3\xa4");
    assert_dbf(state, "\xe4", "ISO-8859-1", "\xc3\xa4");
    assert_dbf(state, "\xcc\xee", "1251", "\xd0\x9c\xd0\xbe");
}

static void test_other_formats_refuse_text_that_is_not_utf8(void **state) {
    fixture_put(fixture_path(state, "t.geojson"),
                "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
                "\"geometry\":null,\"properties\":{\"a\":\"Stra\xdf"
                "e\"}}]}");
    fixture_assert_fails(fixture_path(state, "t.geojson"), ELC_E_FORMAT, "not UTF-8");
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_cut_files_are_refused),
        TEST(test_a_shapefile_with_a_cut_part_is_refused),
        TEST(test_a_shapefile_with_a_cut_table_is_refused),
        TEST(test_a_shapefile_with_a_cut_index_is_refused),
        TEST(test_lines_cut_short_are_refused),
        TEST(test_wrong_bytes_do_no_harm),
        TEST(test_wrong_bytes_of_a_shapefile_do_no_harm),
        TEST(test_every_malformed_geojson_is_told_or_read),
        TEST(test_text_that_is_not_utf8_is_windows_1252_in_csv),
        TEST(test_a_dbf_is_read_in_the_encoding_of_its_cpg),
        TEST(test_other_formats_refuse_text_that_is_not_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
