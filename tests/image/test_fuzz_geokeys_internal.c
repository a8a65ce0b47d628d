/* test_fuzz_geokeys_internal.c - the seeds of the GeoKeys' fuzzer, cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../fuzz/geokeys.c"
#include "support/seeds.h"

static size_t keys_of(const elc_string *seed) {
    elc_string keys = {0};
    read_bytes((const uint8_t *)seed->data, seed->size, &keys);
    size_t n = keys.size;
    elc_string_free(&keys);
    return n;
}

static void accepted(elc_string *seed) {
    assert_true(keys_of(seed) > 32);
}

static void refused(elc_string *seed) {
    assert_int_equal(keys_of(seed), 0);
}

static void fuzz(elc_string *seed) {
    seeds_neighbours(seed, LLVMFuzzerTestOneInput);
}

static void test_good_geokeys_seeds_have_keys(void **state) {
    (void)state;
    assert_true(seeds_each("geokeys", "good-", accepted) >= 6);
}

static void test_bad_geokeys_seeds_have_none(void **state) {
    (void)state;
    assert_true(seeds_each("geokeys", "bad-", refused) >= 14);
}

static void test_geokeys_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(seeds_each("geokeys", "", fuzz) >= 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_geokeys_seeds_have_keys),
        cmocka_unit_test(test_bad_geokeys_seeds_have_none),
        cmocka_unit_test(test_geokeys_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
