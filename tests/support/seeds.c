/* seeds.c - the seeds of the fuzz targets, as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "seeds.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

size_t seeds_each(const char *target, const char *start,
                  void (*body)(elc_string *seed)) {
    glob_t found = {0};
    char pattern[1000];
    snprintf(pattern, sizeof pattern, "%s/fuzz/seeds/%s/%s*", ELCANO_SOURCE_DIR, target,
             start);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    size_t n = found.gl_pathc;
    for (size_t i = 0; i < n; i++) {
        elc_string seed = {0};
        assert_int_equal(elc_file_read(found.gl_pathv[i], 1 << 20, &seed, NULL),
                         ELC_OK);
        body(&seed);
        elc_string_free(&seed);
    }
    globfree(&found);
    return n;
}

void seeds_neighbours(elc_string *seed, int (*target)(const uint8_t *, size_t)) {
    static const char odd[] = "\"{,-9\xff";
    uint8_t *bytes = (uint8_t *)seed->data;
    for (size_t i = 0; i < seed->size; i++) {
        uint8_t was = bytes[i];
        target(bytes, i);
        for (const char *c = odd; *c != '\0'; c++) {
            bytes[i] = (uint8_t)*c;
            target(bytes, seed->size);
        }
        bytes[i] = was;
    }
    target(bytes, seed->size);
}

/* ---- a program -------------------------------------------------------------------- */

static const seeds_program *program;

static void accepted(elc_string *seed) {
    assert_int_equal(program->read(seed), ELC_OK);
}

static void refused(elc_string *seed) {
    assert_int_not_equal(program->read(seed), ELC_OK);
}

static void fuzz(elc_string *seed) {
    seeds_neighbours(seed, program->fuzz);
}

static void test_good_seeds_are_accepted(void **state) {
    (void)state;
    assert_true(seeds_each(program->target, "good-", accepted) >= program->good);
}

static void test_bad_seeds_are_refused(void **state) {
    (void)state;
    assert_true(seeds_each(program->target, "bad-", refused) >= program->bad);
}

static void test_seeds_and_their_neighbours_keep_the_promises(void **state) {
    (void)state;
    size_t least = program->good + program->bad;
    assert_true(seeds_each(program->target, "", fuzz) >= least);
}

int seeds_main(const seeds_program *given) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_seeds_are_accepted),
        cmocka_unit_test(test_bad_seeds_are_refused),
        cmocka_unit_test(test_seeds_and_their_neighbours_keep_the_promises),
    };
    program = given;
    return cmocka_run_group_tests_name(given->target, tests, NULL, NULL);
}
