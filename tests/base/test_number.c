/* test_number.c - numbers from text, in any locale. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <unistd.h>

static void assert_real(const char *text, double expected) {
    double value = -1;
    assert_int_equal(elc_parse_real(text, "score", &value, NULL), ELC_OK);
    assert_true(value == expected);
}

static void assert_no_real(const char *text) {
    double value = -1;
    elc_error err = {0};
    assert_int_equal(elc_parse_real(text, "score", &value, &err), ELC_E_ARGUMENT);
    assert_true(value == -1);
    assert_memory_equal(err.message, "score: ", 7);
}

static void test_real_reads_numbers(void **state) {
    (void)state;
    assert_real("0.25", 0.25);
    assert_real("-1e-3", -0.001);
    assert_real("+.5", 0.5);
    assert_real("7.", 7);
    assert_real("1.7976931348623157e308", 1.7976931348623157e308);
    assert_real("1e-400", 0);
}

static void test_real_refuses_all_else(void **state) {
    (void)state;
    static const char *const texts[] = {"",    " 1",  "1 ",   "0,5",   "1.2.3", "0x10",
                                        "inf", "nan", "-inf", "1e999", "e5",    "1e",
                                        "--1", "abc", ".",    "1e5x",  "-1e999"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_no_real(texts[i]);
}

static void assert_int(const char *text, int64_t expected) {
    int64_t value = -99;
    assert_int_equal(elc_parse_int(text, "chip", &value, NULL), ELC_OK);
    assert_true(value == expected);
}

static void test_int_reads_whole_numbers(void **state) {
    (void)state;
    assert_int("640", 640);
    assert_int("-3", -3);
    assert_int("+010", 10);
    assert_int("9223372036854775807", INT64_MAX);
    assert_int("-9223372036854775808", INT64_MIN);
}

static void test_int_refuses_all_else(void **state) {
    (void)state;
    static const char *const texts[] = {
        "", " 1", "1.0", "0x10", "ten", "1-", "--1", "1e3", "9223372036854775808"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t value = -99;
        elc_error err = {0};
        assert_int_equal(elc_parse_int(texts[i], "chip", &value, &err), ELC_E_ARGUMENT);
        assert_true(value == -99);
        assert_memory_equal(err.message, "chip: ", 6);
    }
}

/* A locale with a decimal comma, made for this test where the tools to make it are. */
static bool comma_locale(void) {
    char folder[] = "/tmp/elcano-locale-XXXXXX", command[200];
    if (mkdtemp(folder) == NULL)
        return false;
    snprintf(command, sizeof command,
             "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1", folder);
    int made = system(command);
    setenv("LOCPATH", folder, 1);
    bool set = setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 && made == 0 && set;
}

static void test_numbers_have_points_where_people_write_commas(void **state) {
    (void)state;
    if (!comma_locale()) {
        print_message("SKIPPED: no localedef or no source of de_DE to make a locale\n");
        skip();
    }
    char comma[8], id[17], same[17];
    elc_string s = {0};
    elc_error err;
    snprintf(comma, sizeof comma, "%.1f", 0.5);
    assert_string_equal(comma, "0,5");
    assert_real("0.25", 0.25);
    assert_no_real("0,25");
    assert_int_equal(elc_string_printf(&s, NULL, "%.1f", 0.5), ELC_OK);
    assert_string_equal(s.data, "0.5");
    elc_string_free(&s);
    elc_fail(&err, ELC_E_IO, "%.1f", 0.5);
    assert_string_equal(err.message, "0.5");
    elc_id(id, "%.1f", 0.5);
    elc_id(same, "0.5");
    assert_string_equal(id, same);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_reads_numbers),
        cmocka_unit_test(test_real_refuses_all_else),
        cmocka_unit_test(test_int_reads_whole_numbers),
        cmocka_unit_test(test_int_refuses_all_else),
        cmocka_unit_test(test_numbers_have_points_where_people_write_commas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
