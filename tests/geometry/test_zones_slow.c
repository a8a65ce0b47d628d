/* test_zones_slow.c - a hundred million more pairs of points that are hard to tell and
   zones of all sizes, as GEOS says. */
/* SPDX-License-Identifier: Apache-2.0 */

/* Its scenes; its tests are run by itself. */
#define main test_zones_main
#include "test_zones.c"
#undef main

enum { ROUNDS = 100, PAIRS = 200000 };

/* Where numbers are coarse there may be no valid zone. */
static void any_blobs_agree(scene s, int n, double r) {
    scene_begin(&s);
    add_blobs(&s, n, r);
    if (s.n > 0)
        scene_agrees(&s, PAIRS);
    scene_end(&s);
}

/* Five kinds of scene, each with its own numbers. */
static void test_zones_agree_with_geos_on_a_hundred_million_pairs(void **unused) {
    (void)unused;
    state = 20260101;
    for (int round = 0; round < ROUNDS; round++) {
        double x0 = 360 * unit() - 180, y0 = 180 * unit() - 90;
        any_blobs_agree((scene){x0, y0, .scale = ldexp(1, below(60) - 40)}, 30, 0.3);
        any_blobs_agree((scene){.scale = 64, .lattice = 4 << below(6)}, 30, 0.4);
        any_blobs_agree((scene){5e5 * unit(), 1e7 * unit(), .scale = 1000}, 40, 0.2);
        any_blobs_agree((scene){.scale = ldexp(1, below(600) - 300)}, 20, 0.4);
        scene s = {x0, y0, .scale = 0.1 + unit()};
        scene_begin(&s);
        add_mesh(&s, 1 + below(6), false);
        scene_agrees(&s, PAIRS);
        scene_end(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zones_agree_with_geos_on_a_hundred_million_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
