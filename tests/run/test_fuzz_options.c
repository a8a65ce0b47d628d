/* test_fuzz_options.c - the seeds of options as JSON, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/seeds.h"

#include "../../fuzz/options_json.c"

static elc_status read_seed(const elc_string *seed) {
    elc_options *options = NULL;
    assert_int_equal(elc_options_create(described, &options, NULL), ELC_OK);
    elc_status status = elc_options_from_json(options, seed->data, seed->size, NULL);
    elc_options_free(options);
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
    assert_true(seeds_each("options_json", "good-", accepted) >= 3);
}

static void test_bad_seeds_are_refused(void **state) {
    (void)state;
    assert_true(seeds_each("options_json", "bad-", refused) >= 9);
}

static void test_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(seeds_each("options_json", "", fuzz) >= 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_seeds_are_accepted),
        cmocka_unit_test(test_bad_seeds_are_refused),
        cmocka_unit_test(test_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
