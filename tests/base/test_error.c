/* test_error.c - messages are one clean line, whatever goes in. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_fail_writes_message_and_returns_status(void **state) {
    (void)state;
    elc_error err = {0};
    assert_int_equal(elc_fail(&err, ELC_E_FORMAT, "%s: band %d", "a.tif", 4),
                     ELC_E_FORMAT);
    assert_int_equal(err.status, ELC_E_FORMAT);
    assert_string_equal(err.message, "a.tif: band 4");
}

static void test_fail_accepts_no_error(void **state) {
    (void)state;
    assert_int_equal(elc_fail(NULL, ELC_E_IO, "x"), ELC_E_IO);
}

static void test_fail_makes_one_line_of_many(void **state) {
    (void)state;
    elc_error err = {0};
    elc_fail(&err, ELC_E_IO, "a\nb\tc\x1b[31m\x7f%s", "\r\n");
    assert_string_equal(err.message, "a b c [31m   ");
}

static void test_fail_shows_bytes_that_are_not_text(void **state) {
    (void)state;
    elc_error err = {0};
    elc_fail(&err, ELC_E_IO, "%s", "z\xc3\xbcrich \xff\xc3 \xe2\x82\xac");
    assert_string_equal(err.message, "z\xc3\xbcrich ?? \xe2\x82\xac");
}

static void test_fail_cuts_wherever_characters_end(void **state) {
    (void)state;
    static const char *const characters[] = {"a", "\xc3\xbc", "\xe2\x82\xac",
                                             "\xf0\x9f\x9a\x97"};
    for (size_t k = 1; k <= 4; k++) {
        for (size_t lead = 0; lead < 4; lead++) {
            elc_error err = {0};
            char text[1300] = "xxx";
            text[lead] = '\0';
            while (strlen(text) < 1200)
                strcat(text, characters[k - 1]);
            elc_fail(&err, ELC_E_IO, "%s", text);
            assert_int_equal(strlen(err.message), lead + (999 - lead) / k * k);
            assert_memory_equal(err.message, text, strlen(err.message));
        }
    }
}

static void test_fail_shows_a_cut_message_of_no_text(void **state) {
    (void)state;
    elc_error err = {0};
    char text[1100];
    memset(text, 0xbf, sizeof text);
    text[sizeof text - 1] = '\0';
    elc_fail(&err, ELC_E_IO, "%s", text);
    memset(text, '?', 999);
    text[999] = '\0';
    assert_string_equal(err.message, text);
}

static void test_fail_takes_its_own_message(void **state) {
    (void)state;
    elc_error err = {0};
    elc_fail(&err, ELC_E_IO, "disk full");
    elc_fail(&err, ELC_E_IO, "chip 3: %s", err.message);
    assert_string_equal(err.message, "chip 3: disk full");
}

static void test_status_names_are_distinct_words(void **state) {
    (void)state;
    for (int i = ELC_OK; i <= ELC_E_INTERNAL; i++) {
        for (int j = ELC_OK; j < i; j++)
            assert_string_not_equal(elc_status_name((elc_status)i),
                                    elc_status_name((elc_status)j));
    }
    assert_string_equal(elc_status_name(ELC_E_NOT_FOUND), "not_found");
    assert_string_equal(elc_status_name((elc_status)99), "unknown");
}

static elc_status fails(elc_error *err) {
    return elc_fail(err, ELC_E_MODEL, "no head");
}

static elc_status passes_on(elc_error *err) {
    ELC_TRY(fails(err));
    return ELC_OK;
}

static void test_try_passes_a_failure_on(void **state) {
    (void)state;
    elc_error err = {0};
    assert_int_equal(passes_on(&err), ELC_E_MODEL);
    assert_string_equal(err.message, "no head");
}

static void test_version_is_that_of_the_header(void **state) {
    (void)state;
    assert_string_equal(elc_version(), ELC_VERSION);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail_writes_message_and_returns_status),
        cmocka_unit_test(test_fail_accepts_no_error),
        cmocka_unit_test(test_fail_makes_one_line_of_many),
        cmocka_unit_test(test_fail_shows_bytes_that_are_not_text),
        cmocka_unit_test(test_fail_cuts_wherever_characters_end),
        cmocka_unit_test(test_fail_shows_a_cut_message_of_no_text),
        cmocka_unit_test(test_fail_takes_its_own_message),
        cmocka_unit_test(test_status_names_are_distinct_words),
        cmocka_unit_test(test_try_passes_a_failure_on),
        cmocka_unit_test(test_version_is_that_of_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
