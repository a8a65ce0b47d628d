/* test_counts_slow.c - merged counts of 4,000 to 100,000 planted objects. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "counts.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { LONGEST = 100 };

static const int64_t chips[] = {256, 320, 416, 512, 640, 1024};
static const int percents[] = {10, 15, 20, 25, 30};
static const double jitters[] = {0, 0.8};

/* A case holds when nothing is wrong with an overlap as long as the longest object,
   else within 0.05 % of the objects; with jitter within 0.1 %. */
static void check_case(const sim_scene *s, const elc_grid *grid, double jitter) {
    sim_score score;
    size_t found = sim_merge(s, grid, jitter, &score);
    int64_t shared = grid->chip_width - grid->step_x;
    size_t allowed = jitter > 0          ? s->count / 1000
                     : shared >= LONGEST ? 0
                                         : s->count / 2000;
    size_t off = found > s->count ? found - s->count : s->count - found;
    if (off > allowed || (allowed == 0 && score.lost + score.extra > 0))
        fail_msg(
            "chip %lld, step %lld, jitter %.1f: %zu of %zu found, %zu lost, %zu extra",
            (long long)grid->chip_width, (long long)grid->step_x, jitter, found,
            s->count, score.lost, score.extra);
}

static void check_scene(size_t objects, int64_t size) {
    sim_scene s = sim_town(size, objects, 1.0 / 3, LONGEST, objects);
    for (size_t c = 0; c < sizeof chips / sizeof chips[0]; c++)
        for (size_t p = 0; p < sizeof percents / sizeof percents[0]; p++)
            for (int k = 0; k < 4; k++) {
                int64_t overlap = chips[c] * percents[p] / 100;
                elc_grid grid;
                assert_int_equal(elc_grid_create(size, size, chips[c], chips[c],
                                                 overlap, overlap, 32, k / 2, &grid,
                                                 NULL),
                                 ELC_OK);
                check_case(&s, &grid, jitters[k % 2]);
            }
    elc_grid grid;
    assert_int_equal(
        elc_grid_create(size, size, 640, 640, 128, 128, 32, false, &grid, NULL),
        ELC_OK);
    assert_true(sim_plain_nms(&s, &grid) > objects * 101 / 100);
    assert_true(sim_greedy(&s, &grid) < objects * 995 / 1000);
    sim_free(&s);
}

static void test_counts_hold_for_4000_objects(void **state) {
    (void)state;
    check_scene(4000, 5000);
}

static void test_counts_hold_for_20000_objects(void **state) {
    (void)state;
    check_scene(20000, 10000);
}

static void test_counts_hold_for_100000_objects(void **state) {
    (void)state;
    check_scene(100000, 20000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_hold_for_4000_objects),
        cmocka_unit_test(test_counts_hold_for_20000_objects),
        cmocka_unit_test(test_counts_hold_for_100000_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
