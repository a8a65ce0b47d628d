/* test_filter.c - times, intervals and boxes of addresses. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/filter.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static void expect(const char *text, int64_t low, int64_t high) {
    int64_t a, b;
    assert_int_equal(elc_serve_interval_read(text, &a, &b, NULL), ELC_OK);
    assert_int_equal(a, low);
    assert_int_equal(b, high);
}

/* Seconds as `date -u -d TEXT +%s` gives them. */
static void test_times_are_those_of_date(void **state) {
    (void)state;
    expect("2024-05-01", 1714521600 * SECOND, 1714608000 * SECOND - 1);
    expect("2024-05-01T10:00:00Z", 1714557600 * SECOND, 1714557600 * SECOND);
    expect("2024-05-01T10:00Z", 1714557600 * SECOND, 1714557660 * SECOND - 1);
    expect("2024-02-29T23:59:59.25+02:00", 1709243999 * SECOND + 250000,
           1709243999 * SECOND + 250000);
    expect("1969-12-31T23:59:59Z", -SECOND, -SECOND);
    expect("0001-01-01T00:00:00Z", INT64_C(-62135596800) * SECOND,
           INT64_C(-62135596800) * SECOND);
}

static void test_intervals_may_be_open(void **state) {
    (void)state;
    expect("../2024-05-01", INT64_MIN, 1714608000 * SECOND - 1);
    expect("2024-05-01/..", 1714521600 * SECOND, INT64_MAX);
    expect("2024-05-01/", 1714521600 * SECOND, INT64_MAX);
    expect("2024-05-01/2024-05-01", 1714521600 * SECOND, 1714608000 * SECOND - 1);
    expect("../..", INT64_MIN, INT64_MAX);
}

static void test_what_is_no_time_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"",
                                        "/",
                                        "2024",
                                        "2024-13-01",
                                        "2023-02-29",
                                        "2024-05-32",
                                        "0000-01-01",
                                        "2024-05-01T",
                                        "2024-05-01T25:00Z",
                                        "a/b",
                                        "2024-05-01T10:00:00Zx",
                                        "2024-05-01/2024-05-02/2024-05-03",
                                        "2024-05-01T10:61Z"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int64_t a, b;
        assert_int_equal(elc_serve_interval_read(texts[i], &a, &b, NULL),
                         ELC_E_ARGUMENT);
    }
}

static void test_boxes_have_four_or_six_numbers(void **state) {
    (void)state;
    double box[4];
    assert_int_equal(elc_serve_box_read("1,2,3,4", "bbox", box, NULL), ELC_OK);
    assert_float_equal(box[2], 3, 0);
    assert_int_equal(elc_serve_box_read("1,2,-9,3,4,9", "bbox", box, NULL), ELC_OK);
    assert_float_equal(box[3], 4, 0);
    assert_int_equal(elc_serve_box_read("170,-1,-170,1", "bbox", box, NULL), ELC_OK);
    static const char *const wrong[] = {"",          "1,2,3",        "1,4,3,2",
                                        "nan,0,1,1", "1,2,3,x",      "0,0,1,91",
                                        "0,0,1e9,1", "1,2,3,4,5,6,7"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(elc_serve_box_read(wrong[i], "bbox", box, NULL),
                         ELC_E_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_are_those_of_date),
        cmocka_unit_test(test_intervals_may_be_open),
        cmocka_unit_test(test_what_is_no_time_is_refused),
        cmocka_unit_test(test_boxes_have_four_or_six_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
