/* test_range_internal.c - which part of an answer a header Range means. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serve/range.h"

static void expect(const char *text, uint64_t size, serve_range kind, uint64_t first,
                   uint64_t n) {
    uint64_t got_first = 0, got_n = 0;
    if (elc_serve_range_read(text, size, &got_first, &got_n) != kind ||
        got_first != first || got_n != n)
        fail_msg("%s of %d", text, (int)size);
}

static void test_a_range_is_a_part(void **state) {
    (void)state;
    expect("bytes=0-0", 10, SERVE_PART, 0, 1);
    expect("bytes=3-5", 10, SERVE_PART, 3, 3);
    expect("BYTES= 3-5 ", 10, SERVE_PART, 3, 3);
    expect("bytes=3-", 10, SERVE_PART, 3, 7);
    expect("bytes=3-99999999999999999999999", 10, SERVE_PART, 3, 7);
    expect("bytes=-4", 10, SERVE_PART, 6, 4);
    expect("bytes=-40", 10, SERVE_PART, 0, 10);
    expect("bytes=-99999999999999999999999", 10, SERVE_PART, 0, 10);
}

static void test_ranges_without_bytes_are_none(void **state) {
    (void)state;
    static const char *const texts[] = {"bytes=10-",   "bytes=10-12",
                                        "bytes=5-3",   "bytes=-0",
                                        "bytes=-",     "bytes=",
                                        "bytes=a-b",   "bytes=1",
                                        "bytes=1-2x",  "bytes=--1",
                                        "bytes=0x1-2", "bytes=1--2",
                                        "bytes=1- 2",  "bytes=99999999999999999999-"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        expect(texts[i], 10, SERVE_NO_PART, 0, 0);
    expect("bytes=0-", 0, SERVE_NO_PART, 0, 0);
    expect("bytes=-1", 0, SERVE_NO_PART, 0, 0);
}

static void test_other_units_and_several_ranges_are_passed_over(void **state) {
    (void)state;
    static const char *const texts[] = {"rows=1-2", "bytes",         "",
                                        "byte=1-2", "bytes=0-1,3-4", "bytes=0-1,"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        expect(texts[i], 10, SERVE_WHOLE, 0, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_range_is_a_part),
        cmocka_unit_test(test_ranges_without_bytes_are_none),
        cmocka_unit_test(test_other_units_and_several_ranges_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
