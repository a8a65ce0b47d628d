/* test_kernels_internal.c - loops over rows give the same bits on each processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <elcano/base.h>

#include "map/kernels.h"
#include "map/window.h"

enum { N = 700, TAPS = 41, POINTS = 50, STRIDE = 90, ROWS = ELC_BESSEL_NODES };

static double unit(uint64_t *state) {
    *state ^= *state << 13, *state ^= *state >> 7, *state ^= *state << 17;
    return (double)(*state >> 11) / (double)(1ull << 53);
}

static void fill(float *values, size_t n, uint64_t state) {
    for (size_t i = 0; i < n; i++)
        values[i] = (float)(unit(&state) - 0.1);
}

/* Calls the body with each of the others that this processor has. */
static void with_others(void (*body)(const elc_row_loops *loops)) {
    if (elc_cpu_is_wide())
        body(&elc_row_loops_wide);
    if (elc_cpu_is_widest())
        body(&elc_row_loops_widest);
}

static void check_sum(const elc_row_loops *loops) {
    static float in[2 * N], taps[TAPS], one[N], other[N];
    fill(in, 2 * N, 1);
    fill(taps, TAPS, 2);
    for (size_t n_taps = 1; n_taps <= TAPS; n_taps += 8)
        for (size_t n = 1; n <= N; n += 37)
            for (size_t step = 1; step < 12; step += 5) {
                elc_row_loops_plain.sum(one, in, step, taps, n_taps, n);
                loops->sum(other, in, step, taps, n_taps, n);
                assert_memory_equal(one, other, n * sizeof *one);
            }
}

static void check_weave(const elc_row_loops *loops) {
    static float in[6 * N], one[N], other[N];
    fill(in, 6 * N, 3);
    for (size_t ways = 1; ways <= 6; ways++)
        for (size_t n = 1; n <= N; n += 23) {
            elc_row_loops_plain.weave(one, in, N, ways, n, 0.37f, 0);
            loops->weave(other, in, N, ways, n, 0.37f, 0);
            assert_memory_equal(one, other, n * sizeof *one);
            for (size_t i = 0; i < n; i++) {
                float v = in[i % ways * N + i / ways], wanted = v > 0 ? v * 0.37f : 0;
                assert_memory_equal(&one[i], &wanted, sizeof wanted);
            }
        }
}

static void check_bessels(const elc_row_loops *loops) {
    static double one[ROWS * STRIDE], other[ROWS * STRIDE];
    elc_spot points[POINTS];
    double weights[POINTS];
    uint64_t state = 7;
    elc_window window;
    assert_int_equal(elc_window_bessel(19, &window, NULL), ELC_OK);
    for (int i = 0; i < POINTS; i++) {
        points[i] =
            (elc_spot){(int32_t)(unit(&state) * (STRIDE - 8)),
                       (float)(unit(&state) - 0.5), (float)(unit(&state) - 0.5)};
        weights[i] = unit(&state);
    }
    elc_row_loops_plain.add_bessels(one, STRIDE, window.coefficients, points, weights,
                                    POINTS);
    loops->add_bessels(other, STRIDE, window.coefficients, points, weights, POINTS);
    assert_memory_equal(one, other, sizeof one);
    memset(one, 0, sizeof one);
    memset(other, 0, sizeof other);
    elc_window_free(&window);
}

static void test_sums_are_the_same(void **state) {
    (void)state;
    with_others(check_sum);
}

/* Of one tap for each value, beside the plain sum. */
static void test_sum_is_a_sum(void **state) {
    float in[200], taps[9], out[150];
    (void)state;
    fill(in, 200, 5);
    fill(taps, 9, 6);
    elc_row_loops_choose()->sum(out, in, 3, taps, 9, 150);
    for (size_t i = 0; i < 150; i++) {
        double wanted = 0;
        for (size_t j = 0; j < 9; j++)
            wanted += (double)taps[j] * (double)in[i + 3 * j];
        assert_float_equal(out[i], wanted, 1e-6);
    }
}

static void test_weaves_are_the_same(void **state) {
    (void)state;
    check_weave(&elc_row_loops_plain);
    with_others(check_weave);
}

static void test_bessels_are_the_same(void **state) {
    (void)state;
    with_others(check_bessels);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_are_the_same),
        cmocka_unit_test(test_sum_is_a_sum),
        cmocka_unit_test(test_weaves_are_the_same),
        cmocka_unit_test(test_bessels_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
