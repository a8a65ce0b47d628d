/* test_calendar_internal.c - calendar fields and ISO text, against the C library. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <layer/calendar.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

/* From the year 0 to 9999, a step of some 41 days and odd hours. */
static void test_times_agree_with_the_c_library(void **state) {
    (void)state;
    for (int64_t second = -62167219200; second < 253402300800; second += 3575813) {
        char text[ELC_TIME_TEXT], expected[64];
        time_t when = (time_t)second;
        struct tm fields;
        gmtime_r(&when, &fields);
        snprintf(expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02dZ",
                 fields.tm_year + 1900, fields.tm_mon + 1, fields.tm_mday,
                 fields.tm_hour, fields.tm_min, fields.tm_sec);
        elc_time_text(second * 1000000, text);
        assert_string_equal(text, expected);
    }
}

static void test_fields_join_to_the_time_they_came_from(void **state) {
    (void)state;
    for (int64_t time = -62167219200000000; time < 253402300800000000;
         time += 3575813000123) {
        elc_time fields = elc_time_split(time);
        assert_true(elc_time_join(&fields) == time);
    }
}

static void test_text_has_the_decimals_that_the_time_has(void **state) {
    static const struct {
        int64_t time;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59.999999Z"},
        {1500000, "1970-01-01T00:00:01.500Z"},
        {951782400000001, "2000-02-29T00:00:00.000001Z"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[ELC_TIME_TEXT];
        elc_time_text(cases[i].time, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_days_are_those_of_the_calendar(void **state) {
    char text[ELC_TIME_TEXT];
    (void)state;
    elc_time_day_text(-719528, text);
    assert_string_equal(text, "0000-01-01");
    elc_time_day_text(19844, text);
    assert_string_equal(text, "2024-05-01");
    assert_int_equal(elc_time_days(2024, 5, 1), 19844);
    assert_int_equal(elc_time_days(1600, 2, 29), -135081);
}

static void test_the_range_is_the_years_0_to_9999(void **state) {
    (void)state;
    assert_true(elc_time_in_range(-62167219200000000));
    assert_false(elc_time_in_range(-62167219200000001));
    assert_true(elc_time_in_range(253402300799999999));
    assert_false(elc_time_in_range(253402300800000000));
    assert_false(elc_time_in_range(INT64_MIN));
    assert_true(elc_time_day_in_range(2932896));
    assert_false(elc_time_day_in_range(2932897));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_agree_with_the_c_library),
        cmocka_unit_test(test_fields_join_to_the_time_they_came_from),
        cmocka_unit_test(test_text_has_the_decimals_that_the_time_has),
        cmocka_unit_test(test_days_are_those_of_the_calendar),
        cmocka_unit_test(test_the_range_is_the_years_0_to_9999),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
