/* test_total_internal.c - sums of doubles lose nothing, whatever their order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/parts/total.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_sum(const double *values, size_t n, double expected) {
    part_total total = {0};
    for (size_t i = 0; i < n; i++)
        assert_int_equal(elc_part_total_add(&total, values[i], NULL), ELC_OK);
    double sum = elc_part_total_value(&total);
    elc_part_total_free(&total);
    if (isnan(expected) ? !isnan(sum) : sum != expected)
        fail_msg("the sum is %a, not %a", sum, expected);
}

#define ASSERT_SUM(expected, ...)                                                      \
    assert_sum((const double[]){__VA_ARGS__},                                          \
               sizeof((const double[]){__VA_ARGS__}) / sizeof(double), expected)

static void test_total_of_nothing_is_zero(void **state) {
    (void)state;
    assert_sum(NULL, 0, 0);
    ASSERT_SUM(0, 0.0);
    ASSERT_SUM(0, -0.0);
}

static void test_total_of_one_value_is_the_value(void **state) {
    (void)state;
    const double values[] = {1,
                             -1,
                             0.1,
                             DBL_MAX,
                             -DBL_MAX,
                             DBL_MIN,
                             0x1p-64,
                             0x1p-32,
                             0x1p-31,
                             0x1p32,
                             0x1p1023,
                             0x1p-1074,
                             -0x1.fffffffffffffp-1000,
                             DBL_MIN / 3};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_sum(&values[i], 1, values[i]);
}

static void test_total_keeps_what_a_plain_sum_loses(void **state) {
    (void)state;
    ASSERT_SUM(1, 1e100, 1, -1e100);
    ASSERT_SUM(0x1p-1074, DBL_MAX, 0x1p-1074, -DBL_MAX);
    ASSERT_SUM(-2, 1e300, -1, -1e300, -1);
    ASSERT_SUM(1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1);
}

/* Half of the last place goes to the even neighbour, a little more does not. */
static void test_total_is_rounded_once_to_nearest(void **state) {
    (void)state;
    ASSERT_SUM(1, 1, 0x1p-53);
    ASSERT_SUM(1 + 0x1p-51, 1 + 0x1p-52, 0x1p-53);
    ASSERT_SUM(1 + 0x1p-52, 1, 0x1p-53, 0x1p-1074);
    ASSERT_SUM(1, 1, 0x1p-53, -0x1p-1074);
    ASSERT_SUM(-1 - 0x1p-52, -1, -0x1p-53, -0x1p-900);
    ASSERT_SUM(0x1p32, 0x1p32, 0x1p-22, -0x1p-23, -0x1p-23);
}

static void test_total_may_be_beyond_doubles_on_its_way(void **state) {
    (void)state;
    ASSERT_SUM(DBL_MAX, DBL_MAX, DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX);
    ASSERT_SUM(INFINITY, DBL_MAX, DBL_MAX);
    ASSERT_SUM(-INFINITY, -DBL_MAX, -DBL_MAX);
}

static void test_total_of_infinities_is_what_ieee_754_says(void **state) {
    (void)state;
    ASSERT_SUM(INFINITY, 1, INFINITY, -1e308);
    ASSERT_SUM(-INFINITY, -INFINITY, 5);
    ASSERT_SUM(NAN, INFINITY, -INFINITY);
    ASSERT_SUM(NAN, NAN, 1);
}

static double random_double(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    double mantissa = (double)(int64_t)*seed;
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return ldexp(mantissa, (int)(*seed >> 33) % 600 - 300);
}

/* Each value comes with its negative, so that what is left is known; in parts of any
   size, as bytes. */
static void test_total_of_parts_is_that_of_the_whole(void **state) {
    (void)state;
    enum { PAIRS = 3000 };
    for (size_t part = 1; part < 3000; part = part * 3 + 1) {
        uint64_t up = 7, down = 7;
        part_total all = {0}, some = {0};
        elc_string bytes = {0};
        for (size_t i = 0; i < 2 * PAIRS; i++) {
            double v = i < PAIRS ? random_double(&up) : -random_double(&down);
            assert_int_equal(elc_part_total_add(&some, v, NULL), ELC_OK);
            if ((i + 1) % part != 0 && i + 1 < 2 * PAIRS)
                continue;
            bytes.size = 0;
            assert_int_equal(elc_part_total_write(&some, &bytes, NULL), ELC_OK);
            assert_int_equal(elc_part_total_read(&all, bytes.data, bytes.size, NULL),
                             ELC_OK);
            elc_part_total_clear(&some);
        }
        assert_int_equal(elc_part_total_add(&all, 0.1, NULL), ELC_OK);
        assert_true(elc_part_total_value(&all) == 0.1);
        elc_part_total_free(&all);
        elc_part_total_free(&some);
        elc_string_free(&bytes);
    }
}

static void test_total_refuses_bytes_that_are_none(void **state) {
    (void)state;
    part_total total = {0};
    unsigned char far[10] = {0, 68}, large[10] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f};
    assert_int_equal(elc_part_total_read(&total, "", 0, NULL), ELC_E_FORMAT);
    assert_int_equal(elc_part_total_read(&total, "\0\0abc", 5, NULL), ELC_E_FORMAT);
    assert_int_equal(elc_part_total_read(&total, far, 10, NULL), ELC_E_FORMAT);
    assert_int_equal(elc_part_total_read(&total, large, 10, NULL), ELC_E_FORMAT);
    assert_true(elc_part_total_value(&total) == 0);
    elc_part_total_free(&total);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_total_of_nothing_is_zero),
        cmocka_unit_test(test_total_of_one_value_is_the_value),
        cmocka_unit_test(test_total_keeps_what_a_plain_sum_loses),
        cmocka_unit_test(test_total_is_rounded_once_to_nearest),
        cmocka_unit_test(test_total_may_be_beyond_doubles_on_its_way),
        cmocka_unit_test(test_total_of_infinities_is_what_ieee_754_says),
        cmocka_unit_test(test_total_of_parts_is_that_of_the_whole),
        cmocka_unit_test(test_total_refuses_bytes_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
