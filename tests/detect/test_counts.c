/* test_counts.c - merged counts of simulated towns; a sample of test_counts_slow.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "counts.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { SIZE = 6000, OBJECTS = 7000 };

static int set_up(void **state) {
    static sim_scene scene;
    scene = sim_town(SIZE, OBJECTS, 1.0 / 3, 100, 5);
    *state = &scene;
    return 0;
}

static int tear_down(void **state) {
    sim_free(*state);
    return 0;
}

static elc_grid grid_of(int64_t chip, int64_t overlap) {
    elc_grid grid;
    assert_int_equal(elc_grid_create(SIZE, SIZE, chip, chip, overlap, overlap, 32,
                                     false, &grid, NULL),
                     ELC_OK);
    return grid;
}

static void test_counts_are_exact_when_the_overlap_is_as_long_as_a_bus(void **state) {
    const int64_t chips[] = {256, 512, 640, 1024};
    for (size_t i = 0; i < 4; i++) {
        elc_grid grid = grid_of(chips[i], 104);
        sim_score score;
        assert_int_equal(sim_merge(*state, &grid, 0, &score), OBJECTS);
        assert_int_equal(score.lost, 0);
        assert_int_equal(score.extra, 0);
    }
}

static void test_counts_hold_within_a_thousandth_with_jitter(void **state) {
    const int64_t overlaps[] = {26, 64, 104};
    for (size_t i = 0; i < 3; i++) {
        elc_grid grid = grid_of(320, overlaps[i]);
        sim_score score;
        sim_merge(*state, &grid, 0.8, &score);
        assert_in_range(score.lost + score.extra, 0, OBJECTS / 1000);
    }
}

static void test_counts_of_plain_nms_are_too_high(void **state) {
    elc_grid grid = grid_of(640, 128);
    assert_true(sim_plain_nms(*state, &grid) > OBJECTS * 101 / 100);
}

static void test_counts_of_greedy_merging_are_too_low(void **state) {
    elc_grid grid = grid_of(640, 128);
    assert_true(sim_greedy(*state, &grid) < OBJECTS * 99 / 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_are_exact_when_the_overlap_is_as_long_as_a_bus),
        cmocka_unit_test(test_counts_hold_within_a_thousandth_with_jitter),
        cmocka_unit_test(test_counts_of_plain_nms_are_too_high),
        cmocka_unit_test(test_counts_of_greedy_merging_are_too_low),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
