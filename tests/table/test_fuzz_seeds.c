/* test_fuzz_seeds.c - the seeds of the fuzz target, and each with a byte changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "support/seeds.h"

#include "../../fuzz/batch_decode.c"

static elc_status decode_seed(const elc_string *seed) {
    elc_column chosen[N_COLUMNS];
    struct ArrowSchema schema;
    struct ArrowArray batch = {0};
    size_t n = choose((uint8_t)seed->data[0], chosen);
    assert_int_equal(elc_schema_create(chosen, n, NULL, &schema, NULL), ELC_OK);
    elc_status status =
        elc_batch_decode(&schema, seed->data + 1, seed->size - 1, &batch, NULL);
    elc_array_release(&batch);
    elc_schema_release(&schema);
    return status;
}

static void accepted(elc_string *seed) {
    assert_int_equal(decode_seed(seed), ELC_OK);
}

static void refused(elc_string *seed) {
    assert_int_equal(decode_seed(seed), ELC_E_FORMAT);
}

/* The target aborts when a promise is broken. */
static void fuzz(elc_string *seed) {
    uint8_t *bytes = (uint8_t *)seed->data;
    LLVMFuzzerTestOneInput(bytes, seed->size);
    for (size_t i = 0; i < seed->size; i++) {
        for (int change = 1; change < 256; change = change * 2 + 1) {
            bytes[i] ^= (uint8_t)change;
            LLVMFuzzerTestOneInput(bytes, seed->size);
            bytes[i] ^= (uint8_t)change;
        }
    }
}

static void test_good_seeds_are_accepted(void **state) {
    (void)state;
    assert_true(seeds_each("batch_decode", "good-", accepted) >= 4);
}

static void test_bad_seeds_are_refused(void **state) {
    (void)state;
    assert_true(seeds_each("batch_decode", "bad-", refused) >= 4);
}

static void test_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(seeds_each("batch_decode", "", fuzz) >= 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_seeds_are_accepted),
        cmocka_unit_test(test_bad_seeds_are_refused),
        cmocka_unit_test(test_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
