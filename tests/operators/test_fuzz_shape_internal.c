/* test_fuzz_shape_internal.c - the seeds of shapes, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/seeds.h"

#include "../../fuzz/detect_shape.c"

static elc_status read_seed(const elc_string *seed) {
    elc_box box = {0};
    elc_status status = elc_shape_unpack(seed->data, seed->size, &box, NULL);
    elc_box_clear(&box);
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

static void test_good_seeds_are_accepted(void **state) {
    (void)state;
    assert_true(seeds_each("detect_shape", "good-", accepted) >= 4);
}

static void test_bad_seeds_are_refused(void **state) {
    (void)state;
    assert_true(seeds_each("detect_shape", "bad-", refused) >= 12);
}

static void test_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(seeds_each("detect_shape", "bad-", fuzz) >= 12);
    assert_true(seeds_each("detect_shape", "good-", fuzz) >= 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_seeds_are_accepted),
        cmocka_unit_test(test_bad_seeds_are_refused),
        cmocka_unit_test(test_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
