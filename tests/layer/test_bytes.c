/* test_bytes.c - the same rows give the same bytes, however they are cut. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>

static void assert_same_file(const char *a, const char *b) {
    size_t n = 0, m = 0;
    char *one = fixture_slurp(a, &n), *other = fixture_slurp(b, &m);
    assert_int_equal(n, m);
    assert_memory_equal(one, other, n);
    free(one);
    free(other);
}

static void write_cut(const char *path, size_t rows, size_t cut) {
    elc_error err = {0};
    if (fixture_write(path, rows, cut, true, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void assert_same_bytes(void **state, const char *ending, size_t rows) {
    static const size_t cuts[] = {1, 333, 100000};
    char name[64];
    snprintf(name, sizeof name, "first%s", ending);
    const char *first = fixture_path(state, name);
    write_cut(first, rows, 1000);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        snprintf(name, sizeof name, "again%s", ending);
        const char *again = fixture_path(state, name);
        write_cut(again, rows, cuts[i]);
        if (strcmp(ending, ".shp") == 0) {
            assert_same_file(fixture_path(state, "first.dbf"),
                             fixture_path(state, "again.dbf"));
            assert_same_file(fixture_path(state, "first.shx"),
                             fixture_path(state, "again.shx"));
        }
        assert_same_file(first, again);
    }
}

static void test_geopackage_has_the_same_bytes(void **state) {
    assert_same_bytes(state, ".gpkg", 1000);
}

static void test_geojson_has_the_same_bytes(void **state) {
    assert_same_bytes(state, ".geojson", 1000);
}

static void test_geojsonseq_has_the_same_bytes(void **state) {
    assert_same_bytes(state, ".geojsonl", 1000);
}

static void test_flatgeobuf_has_the_same_bytes(void **state) {
    assert_same_bytes(state, ".fgb", 4);
}

static void test_shapefile_has_the_same_bytes(void **state) {
    assert_same_bytes(state, ".shp", 1000);
}

static void test_csv_has_the_same_bytes(void **state) {
    assert_same_bytes(state, ".csv", 1000);
}

/* More rows than a transaction holds, and more lines than the memory file does. */
static void test_long_tables_have_the_same_bytes(void **state) {
    static const char *const names[] = {"a.gpkg", "b.gpkg", "a.geojsonl", "b.geojsonl"};
    for (size_t i = 0; i < 4; i++)
        write_cut(fixture_path(state, names[i]), 51000, i % 2 == 0 ? 4096 : 51000);
    assert_same_file(fixture_path(state, "a.gpkg"), fixture_path(state, "b.gpkg"));
    assert_same_file(fixture_path(state, "a.geojsonl"),
                     fixture_path(state, "b.geojsonl"));
}

/* The caller's own settings for GDAL must neither show in the bytes nor be changed. */
static void test_settings_of_gdal_neither_matter_nor_change(void **state) {
    write_cut(fixture_path(state, "a.gpkg"), 300, 300);
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", "1999-12-31T00:00:00.000Z");
    CPLSetConfigOption("OGR_SQLITE_JOURNAL", "WAL");
    write_cut(fixture_path(state, "b.gpkg"), 300, 300);
    CPLSetConfigOption("OGR_SQLITE_JOURNAL", NULL);
    assert_string_equal(CPLGetThreadLocalConfigOption("OGR_CURRENT_DATE", ""),
                        "1999-12-31T00:00:00.000Z");
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", NULL);
    assert_same_file(fixture_path(state, "a.gpkg"), fixture_path(state, "b.gpkg"));
}

static bool contains(const char *path, const char *text) {
    size_t n = 0;
    char *bytes = fixture_slurp(path, &n);
    bool found = memmem(bytes, n, text, strlen(text)) != NULL;
    free(bytes);
    return found;
}

static void test_the_clock_is_source_date_epoch_or_a_constant(void **state) {
    const char *path = fixture_path(state, "clock.gpkg");
    write_cut(path, 3, 3);
    assert_true(contains(path, "2020-01-01T00:00:00.000Z"));
    setenv("SOURCE_DATE_EPOCH", "86399", 1);
    write_cut(path, 3, 3);
    setenv("SOURCE_DATE_EPOCH", "no time at all", 1);
    bool stated = contains(path, "1970-01-01T23:59:59.000Z");
    write_cut(path, 3, 3);
    unsetenv("SOURCE_DATE_EPOCH");
    assert_true(stated);
    assert_true(contains(path, "2020-01-01T00:00:00.000Z"));
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_geopackage_has_the_same_bytes),
        TEST(test_geojson_has_the_same_bytes),
        TEST(test_geojsonseq_has_the_same_bytes),
        TEST(test_flatgeobuf_has_the_same_bytes),
        TEST(test_shapefile_has_the_same_bytes),
        TEST(test_csv_has_the_same_bytes),
        TEST(test_long_tables_have_the_same_bytes),
        TEST(test_settings_of_gdal_neither_matter_nor_change),
        TEST(test_the_clock_is_source_date_epoch_or_a_constant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
