/* test_fuzz_sidecar_internal.c - the seeds of the sidecars' fuzzer, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../fuzz/sidecar.c"
#include "support/seeds.h"

static elc_status read_seed(const elc_string *seed) {
    elc_record record = {0};
    elc_status status = read_bytes(&record, seed->data, seed->size, NULL);
    elc_record_free(&record);
    return status;
}

static void accepted(elc_string *seed) {
    assert_int_equal(read_seed(seed), ELC_OK);
}

static void refused(elc_string *seed) {
    assert_int_equal(read_seed(seed), ELC_E_FORMAT);
}

static void fuzz(elc_string *seed) {
    seeds_neighbours(seed, LLVMFuzzerTestOneInput);
}

static void test_good_sidecar_seeds_are_read(void **state) {
    (void)state;
    assert_true(seeds_each("sidecar", "good-", accepted) >= 11);
}

static void test_bad_sidecar_seeds_are_refused(void **state) {
    (void)state;
    assert_true(seeds_each("sidecar", "bad-", refused) >= 6);
}

static void test_sidecar_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(seeds_each("sidecar", "", fuzz) >= 17);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_sidecar_seeds_are_read),
        cmocka_unit_test(test_bad_sidecar_seeds_are_refused),
        cmocka_unit_test(test_sidecar_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
