/* test_fuzz_state_internal.c - the seeds of image states, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/seeds.h"

#include "../../fuzz/detect_state.c"

static elc_status read_seed(const elc_string *seed) {
    place_state state = {0};
    elc_status status = elc_place_state_from_json(seed->data, seed->size, &state, NULL);
    elc_place_state_free(&state);
    return status;
}

static void accepted(elc_string *seed) {
    assert_int_equal(read_seed(seed), ELC_OK);
}

static void refused(elc_string *seed) {
    assert_int_not_equal(read_seed(seed), ELC_OK);
}

/* The target aborts when a promise is broken. */
static void fuzz(elc_string *seed) {
    seeds_neighbours(seed, LLVMFuzzerTestOneInput);
}

/* Once, for each CRS takes PROJ milliseconds. */
static void fuzz_once(elc_string *seed) {
    LLVMFuzzerTestOneInput((const uint8_t *)seed->data, seed->size);
}

static void test_good_seeds_are_accepted(void **state) {
    (void)state;
    assert_true(seeds_each("detect_state", "good-", accepted) >= 3);
}

static void test_bad_seeds_are_refused(void **state) {
    (void)state;
    assert_true(seeds_each("detect_state", "bad-", refused) >= 9);
}

static void test_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(seeds_each("detect_state", "bad-", fuzz) >= 9);
    assert_true(seeds_each("detect_state", "good-un", fuzz) >= 2);
    assert_true(seeds_each("detect_state", "good-placed", fuzz_once) >= 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_seeds_are_accepted),
        cmocka_unit_test(test_bad_seeds_are_refused),
        cmocka_unit_test(test_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
