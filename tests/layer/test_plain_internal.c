/* test_plain_internal.c - plain CSV is read to what OGR makes of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "as_ogr.h"
#include "fixture.h"

#include <layer/plain.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether it is read without OGR. */
static bool is_plain(const char *path) {
    struct ArrowArrayStream stream = {0};
    assert_int_equal(elc_plain_read(path, NULL, &stream, NULL), ELC_OK);
    bool plain = stream.release != NULL;
    elc_stream_release(&stream);
    return plain;
}

/* With its layer named, it is OGR that reads a file. */
static void assert_as_ogr(const char *path) {
    as_ogr_assert(path, elc_plain_read);
}

static const char *const usual[] = {"1",
                                    "0",
                                    "-1",
                                    "2147483647",
                                    "2147483648",
                                    "-2147483647",
                                    "-2147483648",
                                    "-2147483649",
                                    "123456789012345678",
                                    "1.5",
                                    "-0.5",
                                    "-0.0",
                                    "0.1",
                                    "1e5",
                                    "1.5E-07",
                                    "2e+3",
                                    "8.5e99",
                                    "0.0001234567890123456789",
                                    "123456789.123456789123",
                                    "100000000000000000000.5",
                                    "9007199254740993.5",
                                    "9007199254740993",
                                    "0.30000000000000004",
                                    "4.35",
                                    "0.000001",
                                    "73.986951",
                                    "abc",
                                    "e",
                                    "E5",
                                    "d1",
                                    "nan",
                                    "inf",
                                    "NaN",
                                    "Infinity",
                                    "Zone 7",
                                    "N/A",
                                    "May 2020",
                                    "Jan-01",
                                    "tt/a",
                                    "a\xc3\xa4",
                                    "",
                                    "",
                                    "\"q\"",
                                    "\"a,b\"",
                                    "\"1\"",
                                    "\"2020-01-01\""};
static const char *const rare[] = {"0123",
                                   "+1",
                                   ".5",
                                   "5.",
                                   "1e400",
                                   "-0",
                                   "1e",
                                   "1e5.5",
                                   "-",
                                   "1..2",
                                   "1-2",
                                   "1 ",
                                   " a",
                                   "a ",
                                   "#",
                                   "(a)",
                                   "\xc3\xa4",
                                   "a\xe4",
                                   "1\t2",
                                   "\"\"",
                                   "\"a\"\"b\"",
                                   "\"a\nb\"",
                                   "\"x\\\"",
                                   "x\\",
                                   "2020-01-01",
                                   "2020/01/02",
                                   "2020-01-01 10:00:00",
                                   "10:20",
                                   "T10:20:30",
                                   "true",
                                   "No",
                                   "t",
                                   "OFF",
                                   "1234567890123456789",
                                   "12345678901234567890",
                                   "1,2"};

static uint32_t seed = 1;

static size_t below(size_t n) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

/* Columns of two or three values each, of which one in 16 has a rare one. */
static void write_random(const char *path) {
    static const char *const ends[] = {"\n", "\r\n"};
    const char *pools[4][4], *end = ends[below(2)];
    size_t columns = 2 + below(3), rows = 1 + below(6), sizes[4];
    char text[4096] = "a";
    for (size_t i = 0; i < columns; i++) {
        sizes[i] = 1 + below(3);
        for (size_t k = 0; k < sizes[i]; k++)
            pools[i][k] = usual[below(sizeof usual / sizeof *usual)];
        if (below(16) == 0)
            pools[i][sizes[i]++] = rare[below(sizeof rare / sizeof *rare)];
    }
    for (size_t i = 1; i < columns; i++)
        sprintf(text + strlen(text), ",b_%zu", i);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < columns; i++)
            sprintf(text + strlen(text), "%s%s", i > 0 ? "," : end,
                    pools[i][below(sizes[i])]);
    if (below(3) > 0)
        strcat(text, end);
    fixture_put(path, text);
}

static void test_random_files_are_as_ogr_reads_them(void **state) {
    const char *path = fixture_path(state, "t.csv");
    size_t plain = 0;
    for (size_t i = 0; i < 500; i++) {
        write_random(path);
        plain += is_plain(path);
        assert_as_ogr(path);
    }
    assert_in_range(plain, 250, 490);
}

static void test_what_ogr_may_read_otherwise_is_left_to_it(void **state) {
    static const char *const texts[] = {"",
                                        "a,b\n",
                                        "a\n1\n",
                                        "a;b\n1;2\n",
                                        "a,a\n1,2\n",
                                        "a,A\n1,2\n",
                                        "a,1\n1,2\n",
                                        "_a,b\n1,2\n",
                                        "a,WKT\n1,2",
                                        "a,geom\n1,2\n",
                                        "\"a\",b\n1,2",
                                        "a, b\n1,2\n",
                                        "a,b\n1\n",
                                        "a,b\n1,2,3\n",
                                        "a,b\n\n1,2\n",
                                        "a,b\r1,2\r3,4\r",
                                        "a,b\n1,\r2",
                                        "a,\n1,2\n",
                                        "\357\273\277a,b\n1,2\n"};
    const char *path = fixture_path(state, "t.csv");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fixture_put(path, texts[i]);
        if (is_plain(path))
            fail_msg("'%s' is taken for plain", texts[i]);
    }
}

static void test_types_that_are_stated_beside_the_file_hold(void **state) {
    const char *path = fixture_path(state, "t.csv");
    fixture_put(path, "a,b\n1,2\n");
    assert_true(is_plain(path));
    fixture_put(fixture_path(state, "t.csvt"), "\"String\",\"Real\"\n");
    assert_false(is_plain(path));
    assert_as_ogr(path);
}

static void test_what_is_no_file_of_csv_is_left_to_ogr(void **state) {
    assert_false(is_plain(fixture_path(state, "none.csv")));
    assert_false(is_plain(fixture_path(state, "t.tsv")));
    assert_false(is_plain("/vsimem/t.csv"));
}

/* Blocks are of a megabyte, and these rows are one batch. */
static void test_rows_across_blocks_are_whole(void **state) {
    const char *path = fixture_path(state, "t.csv");
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("n,x,name\n", file);
    for (int i = 0; i < 4000; i++)
        fprintf(file, "%d,%.6f,name of %0*d\r\n", i, i / 7.0, 300 + i % 1000, i);
    assert_int_equal(fclose(file), 0);
    assert_true(is_plain(path));
    assert_int_equal(fixture_count(path), 4000);
    assert_as_ogr(path);
}

static void test_a_long_line_is_left_to_ogr(void **state) {
    const char *path = fixture_path(state, "t.csv");
    char *text = calloc(1, 3 << 20);
    assert_non_null(text);
    strcpy(text, "a,b\n1,");
    memset(text + 6, 'x', 2 << 20);
    fixture_put(path, text);
    assert_false(is_plain(path));
    text[60000] = '\0';
    fixture_put(path, text);
    assert_true(is_plain(path));
    assert_as_ogr(path);
    free(text);
}

/* So many lines of "1,2" or "1,x": more than a block, so that most are read late. */
static void put_lines(const char *path, char second) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs("a,b\n", file);
    for (int i = 0; i < 400000; i++)
        fprintf(file, "1,%c\n", second);
    assert_int_equal(fclose(file), 0);
}

static void test_the_look_at_a_file_can_be_cancelled(void **state) {
    const char *path = fixture_path(state, "t.csv");
    put_lines(path, '2');
    as_ogr_assert_cancels(path, elc_plain_read);
}

static void test_a_file_that_changes_is_an_error(void **state) {
    const char *path = fixture_path(state, "t.csv");
    struct ArrowArrayStream stream = {0};
    elc_status status = ELC_OK;
    elc_error err = {0};
    put_lines(path, '2');
    assert_int_equal(elc_plain_read(path, NULL, &stream, NULL), ELC_OK);
    put_lines(path, 'x');
    for (int i = 0; i < 200 && status == ELC_OK; i++) {
        struct ArrowArray batch = {0};
        status = elc_stream_next(&stream, &batch, &err);
        elc_array_release(&batch);
    }
    elc_stream_release(&stream);
    assert_int_equal(status, ELC_E_IO);
    assert_non_null(strstr(err.message, "t.csv: it changed while it was read"));
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_random_files_are_as_ogr_reads_them),
        TEST(test_what_ogr_may_read_otherwise_is_left_to_it),
        TEST(test_types_that_are_stated_beside_the_file_hold),
        TEST(test_what_is_no_file_of_csv_is_left_to_ogr),
        TEST(test_rows_across_blocks_are_whole),
        TEST(test_a_long_line_is_left_to_ogr),
        TEST(test_the_look_at_a_file_can_be_cancelled),
        TEST(test_a_file_that_changes_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
