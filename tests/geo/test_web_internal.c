/* test_web_internal.c - Web Mercator in bulk against PROJ, and bit by bit. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "geo/web.h"
#include <proj.h>

#define RADIANS_PER_DEGREE 0.017453292519943295
#define METRES_PER_DEGREE  111319.490793273573

enum { MANY = 100001 };
static elc_point place[MANY], grid[MANY], other[MANY];

/* A spiral from the map's southern edge to its northern one. */
static void spiral(void) {
    for (int i = 0; i < MANY; i++)
        place[i] = (elc_point){remainder(i * 137.50776405, 360),
                               -85.0511287798066 + i * (2 * 85.0511287798066 / MANY)};
}

static void test_web_is_within_10_nm_of_proj_on_the_ground(void **state) {
    (void)state;
    PJ *pj = proj_create(
        PJ_DEFAULT_CTX, "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
                        "+step +proj=webmerc +ellps=WGS84");
    assert_non_null(pj);
    spiral();
    memcpy(grid, place, sizeof grid);
    assert_int_equal(elc_web_from_lonlat(grid, MANY), 0);
    for (int i = 0; i < MANY; i++) {
        PJ_COORD at = proj_coord(place[i].x, place[i].y, 0, 0);
        PJ_COORD to = proj_trans(pj, PJ_FWD, at);
        double off = hypot(to.xy.x - grid[i].x, to.xy.y - grid[i].y);
        if (!(off * cos(place[i].y * RADIANS_PER_DEGREE) < 10e-9))
            fail_msg("%.15g %.15g: off by %g m", place[i].x, place[i].y, off);
    }
    proj_destroy(pj);
}

static void test_web_there_and_back_is_within_10_nm(void **state) {
    (void)state;
    spiral();
    memcpy(grid, place, sizeof grid);
    assert_int_equal(elc_web_from_lonlat(grid, MANY), 0);
    assert_int_equal(elc_web_to_lonlat(grid, MANY), 0);
    for (int i = 0; i < MANY; i++) {
        double x = (grid[i].x - place[i].x) * cos(place[i].y * RADIANS_PER_DEGREE);
        double off = hypot(x, grid[i].y - place[i].y) * METRES_PER_DEGREE;
        if (!(off < 10e-9))
            fail_msg("%.15g %.15g: off by %g m", place[i].x, place[i].y, off);
    }
}

static void test_web_has_the_map_for_its_bounds(void **state) {
    (void)state;
    elc_point p[] = {{180, 0}, {-180, 85.0511287798066}, {0, 0}, {190, -10}};
    assert_int_equal(elc_web_from_lonlat(p, 4), 0);
    assert_true(fabs(p[0].x - 20037508.342789244) < 1e-8 && fabs(p[0].y) < 1e-8);
    assert_true(fabs(p[1].x + 20037508.342789244) < 1e-8);
    assert_true(fabs(p[1].y - 20037508.342789244) < 1e-6);
    assert_true(fabs(p[2].x) < 1e-9 && fabs(p[2].y) < 1e-9);
    assert_true(fabs(p[3].x + 18924313.4349) < 1e-3); /* 170 west */
    elc_point q[] = {{0, 85.06}, {0, -90}, {NAN, 0}, {0, NAN}, {1e300, 0}};
    assert_int_equal(elc_web_from_lonlat(q, 5), 5);
    elc_point r[] = {{0, 2.01e7}, {NAN, 0}, {0, -INFINITY}, {1e300, 0}, {0, 0}};
    assert_int_equal(elc_web_to_lonlat(r, 5), 4);
}

static void are_the_same(const elc_web_loops *loops, bool back, size_t n) {
    memcpy(grid, place, sizeof grid);
    memcpy(other, place, sizeof other);
    (back ? elc_web_plain.inverse : elc_web_plain.forward)(grid, n);
    (back ? loops->inverse : loops->forward)(other, n);
    for (size_t i = 0; i < n; i++)
        if (!isnan(grid[i].x) || !isnan(other[i].x))
            assert_memory_equal(&grid[i], &other[i], sizeof *grid);
}

static void has_the_same_bits(const elc_web_loops *loops) {
    spiral();
    for (size_t n = 0; n < 40; n++)
        are_the_same(loops, false, n);
    are_the_same(loops, false, MANY);
    for (int i = 0; i < MANY; i++)
        place[i] = (elc_point){place[i].x * 130000, place[i].y * 240000};
    are_the_same(loops, true, MANY);
}

static void test_web_has_the_same_bits_with_wider_vectors(void **state) {
    (void)state;
    if (elc_cpu_is_wide())
        has_the_same_bits(&elc_web_wide);
    if (elc_cpu_is_widest())
        has_the_same_bits(&elc_web_widest);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_web_is_within_10_nm_of_proj_on_the_ground),
        cmocka_unit_test(test_web_there_and_back_is_within_10_nm),
        cmocka_unit_test(test_web_has_the_map_for_its_bounds),
        cmocka_unit_test(test_web_has_the_same_bits_with_wider_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
