/* test_parquet_files.c - folders and patterns of Parquet files are one table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POINT "unhex('0101000000000000000000F03F0000000000000040')"
#define GEO(COLUMN)                                                                    \
    "{\"version\":\"1.1.0\",\"primary_column\":\"g\",\"columns\":{\"g\":{"             \
    "\"encoding\":\"WKB\",\"geometry_types\":[]" COLUMN "}}}"

static const char *folder(void **state, const char *name) {
    const char *path = fixture_path(state, name);
    assert_int_equal(mkdir(path, 0777), 0);
    return path;
}

/* A file of one row with the text `a`. */
static void put(void **state, const char *name, const char *a) {
    char query[64];
    snprintf(query, sizeof query, "SELECT '%s' AS a", a);
    fixture_write_query(fixture_path(state, name), query, NULL);
}

/* The texts of column `a`, in the order of rows: "xyz" of three rows. */
static void assert_reads(const char *reference, const char *texts) {
    fixture_table table;
    fixture_read(reference, &table);
    assert_int_equal(table.count, strlen(texts));
    for (size_t i = 0; i < table.count; i++)
        fixture_assert_text(&table, "a", i, (char[]){texts[i], '\0'});
    fixture_table_free(&table);
}

static void test_a_folder_is_its_files_in_the_order_of_their_names(void **state) {
    const char *path = folder(state, "found");
    folder(state, "found/more");
    put(state, "found/part-1.parquet", "y");
    put(state, "found/part-0.parquet", "x");
    put(state, "found/part-10.geoparquet", "z");
    put(state, "found/more/part-0.parquet", "w");
    assert_reads(path, "wxyz");
    char slash[512];
    snprintf(slash, sizeof slash, "%s/", path);
    assert_reads(slash, "wxyz");
}

static void test_what_others_hide_in_a_folder_is_no_part_of_it(void **state) {
    const char *path = folder(state, "found");
    folder(state, "found/_temporary");
    put(state, "found/a.parquet", "x");
    put(state, "found/.b.parquet", "y");
    put(state, "found/_c.parquet", "y");
    put(state, "found/_temporary/d.parquet", "y");
    fclose(fopen(fixture_path(state, "found/_SUCCESS"), "w"));
    fclose(fopen(fixture_path(state, "found/notes.txt"), "w"));
    assert_reads(path, "x");
}

static void test_a_pattern_is_what_it_meets(void **state) {
    folder(state, "one");
    folder(state, "two");
    put(state, "one/a.parquet", "x");
    put(state, "two/a.parquet", "y");
    put(state, "two/b.parquet", "z");
    assert_reads(fixture_path(state, "*/a.parquet"), "xy");
    assert_reads(fixture_path(state, "two/[ab].parquet"), "yz");
    assert_reads(fixture_path(state, "t?o"), "yz");
    fixture_assert_fails(fixture_path(state, "three/*.parquet"), ELC_E_NOT_FOUND,
                         "there is no such file");
}

static void test_names_of_folders_are_columns(void **state) {
    const char *path = folder(state, "found");
    folder(state, "found/day=1");
    folder(state, "found/day=12");
    put(state, "found/day=1/a.parquet", "x");
    put(state, "found/day=12/a.parquet", "y");
    fixture_table table;
    for (int i = 0; i < 2; i++) {
        fixture_read(i == 0 ? path : fixture_path(state, "found/day=*/*.parquet"),
                     &table);
        assert_int_equal(table.count, 2);
        size_t day = fixture_column(&table, "day", ELC_INT64);
        assert_int_equal(elc_rows_int(table.rows, day, 0), 1);
        assert_int_equal(elc_rows_int(table.rows, day, 1), 12);
        fixture_table_free(&table);
    }
    fixture_read(fixture_path(state, "found/day=12/a.parquet"), &table);
    assert_int_equal(table.schema.n_children, 1);
    fixture_table_free(&table);
}

static void test_a_key_that_is_a_column_too_is_refused(void **state) {
    const char *path = folder(state, "found");
    folder(state, "found/a=7");
    put(state, "found/a=7/p.parquet", "x");
    fixture_assert_fails(path, ELC_E_FORMAT, "the column a is in its files and in");
}

static void test_hives_name_for_null_is_null(void **state) {
    const char *path = folder(state, "found");
    folder(state, "found/kind=car");
    folder(state, "found/kind=__HIVE_DEFAULT_PARTITION__");
    put(state, "found/kind=car/a.parquet", "y");
    put(state, "found/kind=__HIVE_DEFAULT_PARTITION__/a.parquet", "x");
    fixture_table table;
    fixture_read(path, &table);
    size_t kind = fixture_column(&table, "kind", ELC_UTF8);
    assert_true(elc_rows_null(table.rows, kind, 0));
    fixture_assert_text(&table, "kind", 1, "car");
    fixture_table_free(&table);
}

static void test_files_that_are_no_one_table_are_refused(void **state) {
    const char *path = folder(state, "found");
    const char *second = fixture_path(state, "found/b.parquet");
    fixture_write_query(fixture_path(state, "found/a.parquet"),
                        "SELECT 1 AS a, " POINT " AS g", GEO(""));
    fixture_write_query(second, "SELECT 1 AS a, " POINT " AS g", NULL);
    fixture_assert_fails(path, ELC_E_FORMAT, "found/b.parquet has none");
    fixture_assert_fails(path, ELC_E_FORMAT, "a.parquet has geo metadata");
    fixture_write_query(second, "SELECT 1 AS a, " POINT " AS g", GEO(",\"crs\":null"));
    fixture_assert_fails(path, ELC_E_FORMAT,
                         "b.parquet differ in their geometry columns or CRSs");
    fixture_write_query(second, "SELECT 1 AS other, " POINT " AS g", GEO(""));
    fixture_assert_fails(path, ELC_E_FORMAT, "found/a.parquet has a column a, and ");
    fixture_write_query(second, "SELECT 1.5 AS a, " POINT " AS g", GEO(""));
    fixture_assert_fails(path, ELC_E_FORMAT, "the column a is INTEGER in ");
    fixture_assert_fails(path, ELC_E_FORMAT, "and DECIMAL(2,1) in ");
    fixture_write_query(second, "SELECT " POINT " AS g", GEO(""));
    fixture_assert_fails(path, ELC_E_FORMAT, "found/b.parquet has none");
    fixture_write_query(second, "SELECT 1 AS a, 2 AS b, " POINT " AS g", GEO(""));
    fixture_assert_fails(path, ELC_E_FORMAT, "b.parquet has a column b, and ");
    fixture_write_query(second, "SELECT 2 AS a, " POINT " AS g", GEO(""));
    assert_int_equal(fixture_count(path), 2);
    assert_int_equal(truncate(second, 100), 0);
    fixture_assert_fails(path, ELC_E_FORMAT, "found: No magic bytes found");
    fixture_assert_fails(path, ELC_E_FORMAT,
                         "b.parquet': it was cut short, or is no Parquet file");
}

static void test_a_folder_without_parquet_is_none(void **state) {
    const char *named = folder(state, "found.parquet"), *plain = folder(state, "found");
    fixture_assert_fails(named, ELC_E_NOT_FOUND, "no .parquet file in that folder");
    fixture_assert_fails(plain, ELC_E_FORMAT, "not a layer");
    folder(state, "found/more");
    put(state, "found/more/a.parquet", "x");
    fixture_assert_fails(plain, ELC_E_FORMAT, "not a layer");
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_folder_is_its_files_in_the_order_of_their_names),
        TEST(test_what_others_hide_in_a_folder_is_no_part_of_it),
        TEST(test_a_pattern_is_what_it_meets),
        TEST(test_names_of_folders_are_columns),
        TEST(test_a_key_that_is_a_column_too_is_refused),
        TEST(test_hives_name_for_null_is_null),
        TEST(test_files_that_are_no_one_table_are_refused),
        TEST(test_a_folder_without_parquet_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
