/* test_fuzz_cut.c - the seeds of the fuzzer that cuts networks, each cut and changed.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../fuzz/onnx_cut.c"
#include "support/seeds.h"

static void fuzz_seed(elc_string *seed) {
    seeds_flipped(seed, LLVMFuzzerTestOneInput);
}

static void test_bytes_that_are_changed_or_cut_do_no_harm(void **state) {
    (void)state;
    assert_true(seeds_each("onnx_cut", "", fuzz_seed) >= 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_that_are_changed_or_cut_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
