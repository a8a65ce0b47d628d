/* test_csv.c - CSV's text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Writes rows of one column. */
static void write_column(const char *path, elc_column column, const double *values,
                         size_t n) {
    elc_batch *batch = NULL;
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(elc_batch_real(batch, 0, values[i], NULL), ELC_OK);
        assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    }
    assert_int_equal(fixture_write_batch(path, &column, 1, batch, NULL), ELC_OK);
}

static void assert_file(const char *path, const char *expected) {
    char *text = fixture_slurp(path, NULL);
    assert_string_equal(text, expected);
    free(text);
}

static void assert_begins(const char *text, const char *expected) {
    if (strncmp(text, expected, strlen(expected)) != 0)
        fail_msg("'%s' does not begin with '%s'", text, expected);
}

/* RFC 4180: CRLF, quotes doubled. Text is quoted, so that "" is not NULL and 0123 no
   number; the geometry stands as WKT where the table has it. */
static void test_csv_quotes_text_and_nothing_else(void **state) {
    const char *path = fixture_path(state, "t.csv");
    fixture_write_ok(path, 5);
    char *text = fixture_slurp(path, NULL);
    assert_begins(text, "id,n32,n64,f32,f64,yes,blob,day,at,geometry\r\n");
    assert_begins(strstr(text, "\r\n") + 2,
                  "\"0123\",-2,9223372036854775807,0,-1,false,\"AAEC\",1959-01-19,"
                  "2024-05-01T10:20:30.123Z,\"POLYGON ((");
    assert_non_null(strstr(text, "\r\n\"a,b \"\"c\"\"\",-1,"));
    assert_non_null(strstr(text, "\r\n\"zwei\nZeilen\",0,"));
    assert_non_null(strstr(text, "\r\n\"\",1,"));
    assert_non_null(strstr(text, "\r\n\"\xc3\xa4\",,,,,,,,,\r\n"));
    free(text);
}

static void test_numbers_are_as_short_as_they_can_be(void **state) {
    static const double values[] = {0.1,           1.0 / 3, 1e300,   -0.0,
                                    123456789.123, 5e-324,  DBL_MAX, 0.1 + 0.2};
    const char *path = fixture_path(state, "t.csv");
    write_column(path, (elc_column){"x", ELC_FLOAT64, NULL, NULL}, values, 8);
    assert_file(path,
                "x\r\n0.1\r\n0.3333333333333333\r\n1e+300\r\n-0\r\n123456789.123\r\n"
                "4.94065645841247e-324\r\n1.7976931348623157e+308\r\n"
                "0.30000000000000004\r\n");
}

static void test_single_numbers_have_the_digits_of_single_numbers(void **state) {
    static const double values[] = {0.87F, 1.0F / 3, FLT_MAX};
    const char *path = fixture_path(state, "t.csv");
    write_column(path, (elc_column){"x", ELC_FLOAT32, NULL, NULL}, values, 3);
    assert_file(path, "x\r\n0.87\r\n0.33333334\r\n3.4028235e+38\r\n");
}

/* A line of nothing would be skipped by readers. */
static void test_a_lone_null_is_no_empty_line(void **state) {
    static const double values[] = {1, (double)NAN, (double)INFINITY};
    const char *path = fixture_path(state, "t.csv");
    write_column(path, (elc_column){"a,b", ELC_FLOAT64, NULL, NULL}, values, 3);
    assert_file(path, "\"a,b\"\r\n1\r\n\"\"\r\n\"\"\r\n");
}

/* OGR reads no NaN, which WKT has of coordinates that nobody knows. */
static void test_shapes_with_nan_are_read_as_they_were_written(void **state) {
    const char *path = fixture_path(state, "t.csv");
    fixture_table table;
    fixture_put(path, "geometry,id\nPOINT (nan 2.0),1\n"
                      "\"LINESTRING (1 2,3 NaN)\",2\nPOINT M (nan 2 5),3\n,4\n");
    fixture_read(path, &table);
    fixture_assert_wkt(&table, 0, "POINT (nan 2.0)");
    fixture_assert_wkt(&table, 1, "LINESTRING (1 2,3.0 nan)");
    fixture_assert_wkt(&table, 2, "POINT (nan 2.0)");
    fixture_assert_wkt(&table, 3, NULL);
    fixture_table_free(&table);
}

static void test_projected_shapes_keep_their_crs(void **state) {
    static const char *const wkt[] = {"POINT Z (500000 0 7)", NULL};
    const char *path = fixture_path(state, "t.csv");
    assert_int_equal(fixture_write_shapes(path, "EPSG:32633", wkt, NULL), ELC_OK);
    assert_file(path, "name,geometry\r\n\"shape\",\"POINT Z (500000 0 7)\"\r\n");
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_csv_quotes_text_and_nothing_else),
        TEST(test_numbers_are_as_short_as_they_can_be),
        TEST(test_single_numbers_have_the_digits_of_single_numbers),
        TEST(test_a_lone_null_is_no_empty_line),
        TEST(test_shapes_with_nan_are_read_as_they_were_written),
        TEST(test_projected_shapes_keep_their_crs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
