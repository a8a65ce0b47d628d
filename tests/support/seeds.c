/* seeds.c - the seeds of the fuzz targets, as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "seeds.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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

void seeds_flipped(elc_string *seed, int (*target)(const uint8_t *, size_t)) {
    static const uint8_t changes[] = {1, 8, 64, 255};
    uint8_t *bytes = (uint8_t *)seed->data;
    for (size_t i = 0; i < seed->size; i++) {
        target(bytes, i);
        for (size_t k = 0; k < sizeof changes; k++) {
            bytes[i] ^= changes[k];
            target(bytes, seed->size);
            bytes[i] ^= changes[k];
        }
    }
    target(bytes, seed->size);
}

/* ---- a storm ----------------------------------------------------------------------
 */

enum { STORM_SEEDS = 256, STORM_MOST = 2048 };

static struct {
    uint8_t bytes[STORM_MOST];
    size_t size;
} kept[STORM_SEEDS];
static size_t n_kept;
static uint64_t weather;

static size_t below(size_t n) { /* SplitMix64 */
    uint64_t z = weather += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return n > 0 ? (z ^ z >> 31) % n : 0;
}

static void keep(elc_string *seed) {
    if (n_kept == STORM_SEEDS || seed->size > STORM_MOST)
        return;
    memcpy(kept[n_kept].bytes, seed->data, seed->size);
    kept[n_kept++].size = seed->size;
}

/* A piece of any seed after the beginning of another. */
static size_t join(uint8_t *bytes) {
    size_t a = below(n_kept), b = below(n_kept);
    size_t n = below(4) > 0 ? kept[a].size : below(kept[a].size + 1);
    size_t from = below(kept[b].size), more = below(kept[b].size - from + 1);
    memcpy(bytes, kept[a].bytes, n);
    if (below(4) > 0)
        return n;
    memcpy(bytes + n, kept[b].bytes + from, more);
    return n + more;
}

void seeds_storm(const char *name, int (*target)(const uint8_t *, size_t), long times) {
    uint8_t bytes[2 * STORM_MOST];
    n_kept = 0;
    weather = 1;
    seeds_each(name, "", keep);
    assert_true(n_kept > 0);
    for (long i = 0; i < times; i++) {
        size_t n = join(bytes);
        for (size_t changes = n > 0 ? below(4) : 0; changes > 0; changes--) {
            size_t from = below(n_kept);
            bytes[below(n)] = below(2) == 0 ? (uint8_t)below(256)
                                            : kept[from].bytes[below(kept[from].size)];
        }
        target(bytes, n);
    }
}

/* ---- a program --------------------------------------------------------------------
 */

static const seeds_program *program;

static void accepted(elc_string *seed) {
    assert_int_equal(program->read(seed), ELC_OK);
}

static void refused(elc_string *seed) {
    assert_int_not_equal(program->read(seed), ELC_OK);
}

static void fuzz(elc_string *seed) {
    if (program->binary)
        seeds_flipped(seed, program->fuzz);
    else
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
