/* test_fuzz_xml.c - the seeds of the XML fuzzer, each cut and changed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../fuzz/xml_read.c"
#include "support/seeds.h"

static void accepted(elc_string *seed) {
    size_t elements = 0;
    assert_int_equal(
        elc_xml_read_bytes("s.xml", seed->data, seed->size, check, &elements, NULL),
        ELC_OK);
}

static void refused(elc_string *seed) {
    size_t elements = 0;
    assert_int_equal(
        elc_xml_read_bytes("s.xml", seed->data, seed->size, check, &elements, NULL),
        ELC_E_FORMAT);
}

static void fuzz(elc_string *seed) {
    seeds_neighbours(seed, LLVMFuzzerTestOneInput);
}

static void test_good_xml_seeds_are_read(void **state) {
    (void)state;
    assert_true(seeds_each("xml_read", "good-", accepted) >= 5);
}

static void test_bad_xml_seeds_are_refused(void **state) {
    (void)state;
    assert_true(seeds_each("xml_read", "bad-", refused) >= 7);
}

static void test_xml_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    assert_true(seeds_each("xml_read", "", fuzz) >= 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_xml_seeds_are_read),
        cmocka_unit_test(test_bad_xml_seeds_are_refused),
        cmocka_unit_test(test_xml_seeds_and_their_neighbours_keep_the_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
