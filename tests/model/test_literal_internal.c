/* test_literal_internal.c - names and numbers as Python and JSON write them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/literal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The names, each in |...|, or the error. */
static void print_names(const char *text, elc_string *out) {
    elc_names names = {0};
    elc_error err = {0};
    if (elc_literal_names(text, &names, &err) != ELC_OK)
        elc_string_printf(out, NULL, "%s", err.message);
    for (size_t i = 0; i < names.count; i++)
        elc_string_printf(out, NULL, "|%s", names.items[i]);
    elc_string_append(out, "", 0, NULL);
    elc_names_free(&names);
}

/* literal.txt: a line of text, and under it what it must give. */
static void test_names_are_read_as_the_table_says(void **state) {
    (void)state;
    char text[512], expected[512];
    size_t cases = 0;
    FILE *file = fopen(ELCANO_SOURCE_DIR "/tests/model/literal.txt", "r");
    assert_non_null(file);
    while (fgets(text, sizeof text, file) != NULL) {
        if (text[0] == '#' || text[0] == '\n')
            continue;
        assert_non_null(fgets(expected, sizeof expected, file));
        text[strcspn(text, "\n")] = expected[strcspn(expected, "\n")] = '\0';
        elc_string got = {0};
        print_names(text, &got);
        if (strcmp(got.data, expected) != 0)
            fail_msg("%s\ngave     %s\nexpected %s", text, got.data, expected);
        elc_string_free(&got);
        cases++;
    }
    fclose(file);
    assert_true(cases > 20);
}

static void test_bytes_that_are_no_utf8_are_refused(void **state) {
    (void)state;
    elc_names names = {0};
    assert_int_equal(elc_literal_names("['\xff\xfe']", &names, NULL), ELC_E_FORMAT);
    assert_int_equal(elc_literal_names("{0: '\xc3'}", &names, NULL), ELC_E_FORMAT);
}

static void test_long_names_are_kept_whole(void **state) {
    (void)state;
    elc_string text = {0};
    elc_names names = {0};
    elc_string_append(&text, "['", 2, NULL);
    for (int i = 0; i < 10000; i++)
        elc_string_append(&text, "x", 1, NULL);
    elc_string_append(&text, "']", 2, NULL);
    assert_int_equal(elc_literal_names(text.data, &names, NULL), ELC_OK);
    assert_int_equal(strlen(names.items[0]), 10000);
    elc_names_free(&names);
    elc_string_free(&text);
}

static void assert_numbers(const char *text, size_t count, double first, double last) {
    double numbers[4];
    size_t n = 0;
    assert_int_equal(elc_literal_numbers(text, numbers, 4, &n, NULL), ELC_OK);
    assert_int_equal(n, count);
    assert_float_equal(numbers[0], first, 0);
    assert_float_equal(numbers[n - 1], last, 0);
}

static void test_numbers_may_stand_alone_or_in_brackets(void **state) {
    (void)state;
    assert_numbers("640", 1, 640, 640);
    assert_numbers(" 0.25 ", 1, 0.25, 0.25);
    assert_numbers("[640, 480]", 2, 640, 480);
    assert_numbers("(0.485,0.456 , 4e-1)", 3, 0.485, 0.4);
    assert_numbers("(32,)", 1, 32, 32);
    assert_numbers("[1, 2, 3, -4]", 4, 1, -4);
}

static void test_numbers_that_are_none_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",         "[",    "[]",      "[1",      "[1,",  "[1 2]", "1, 2",
        "[1, two]", "[1]]", "[nan]",   "[1e999]", "wide", "(1]",   "[1, 2, 3, 4, 5]",
        "[,1]",     "1]",   "[[1, 2]]"};
    double numbers[4];
    size_t n;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        elc_error err = {0};
        if (elc_literal_numbers(bad[i], numbers, 4, &n, &err) != ELC_E_FORMAT)
            fail_msg("taken: %s", bad[i]);
        assert_non_null(strstr(err.message, "character"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_read_as_the_table_says),
        cmocka_unit_test(test_bytes_that_are_no_utf8_are_refused),
        cmocka_unit_test(test_long_names_are_kept_whole),
        cmocka_unit_test(test_numbers_may_stand_alone_or_in_brackets),
        cmocka_unit_test(test_numbers_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
