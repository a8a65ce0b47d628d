/* test_fuzz_seeds.c - the seeds of the WKB fuzzer, and each with a byte changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/seeds.h"

#include "../../fuzz/wkb_check.c"

static void accepted(elc_string *seed) {
    elc_error err = {0};
    if (elc_wkb_check(seed->data, seed->size, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void refused(elc_string *seed) {
    elc_error err = {0};
    assert_int_equal(elc_wkb_check(seed->data, seed->size, &err), ELC_E_FORMAT);
    assert_non_null(strstr(err.message, "at byte"));
}

/* The target aborts when a promise is broken. */
static void fuzz(elc_string *seed) {
    uint8_t *bytes = (uint8_t *)seed->data;
    LLVMFuzzerTestOneInput(bytes, seed->size);
    for (size_t i = 0; i < seed->size; i++)
        for (int change = 1; change < 256; change = change * 2 + 1) {
            bytes[i] ^= (uint8_t)change;
            LLVMFuzzerTestOneInput(bytes, seed->size);
            bytes[i] ^= (uint8_t)change;
        }
}

static void test_good_seeds_are_accepted(void **state) {
    (void)state;
    assert_true(seeds_each("wkb_check", "good-", accepted) >= 13);
}

static void test_bad_seeds_are_refused_with_the_byte(void **state) {
    (void)state;
    assert_true(seeds_each("wkb_check", "bad-", refused) >= 13);
}

static void test_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(seeds_each("wkb_check", "", fuzz) >= 26);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_seeds_are_accepted),
        cmocka_unit_test(test_bad_seeds_are_refused_with_the_byte),
        cmocka_unit_test(test_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
