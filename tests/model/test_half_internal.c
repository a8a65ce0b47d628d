/* test_half_internal.c - float16 both ways. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/half.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static float widened(unsigned bits) {
    uint16_t half = (uint16_t)bits;
    float out;
    elc_half_to_float(&half, 1, &out);
    return out;
}

/* The value by its definition: sign, exponent, fraction. */
static double defined(unsigned bits) {
    double sign = bits & 0x8000 ? -1 : 1, fraction = bits & 0x3ff;
    int exponent = (int)(bits >> 10 & 0x1f);
    if (exponent == 0)
        return sign * ldexp(fraction, -24);
    return sign * ldexp(1024 + fraction, exponent - 25);
}

static void test_every_finite_half_has_its_value_and_comes_back(void **state) {
    (void)state;
    for (unsigned bits = 0; bits < 0x10000; bits++) {
        if ((bits & 0x7c00) == 0x7c00)
            continue;
        assert_true((double)widened(bits) == defined(bits));
        assert_int_equal(elc_half_from_float(widened(bits)), bits);
    }
}

static void test_infinity_and_nan_stay_what_they_are(void **state) {
    (void)state;
    assert_true(isinf(widened(0x7c00)) && widened(0x7c00) > 0);
    assert_true(isinf(widened(0xfc00)) && widened(0xfc00) < 0);
    assert_true(isnan(widened(0x7e00)));
    assert_int_equal(elc_half_from_float(INFINITY), 0x7c00);
    assert_int_equal(elc_half_from_float(-INFINITY), 0xfc00);
    assert_true(isnan(widened(elc_half_from_float(NAN))));
}

/* Half way between two halves goes to the even one, a little more to the next. */
static void test_rounding_is_to_nearest_and_even(void **state) {
    (void)state;
    for (unsigned bits = 0; bits < 0x7bff; bits++) {
        float low = widened(bits), high = widened(bits + 1), middle = (low + high) / 2;
        assert_int_equal(elc_half_from_float(middle), bits + (bits & 1));
        assert_int_equal(elc_half_from_float(nextafterf(middle, high)), bits + 1);
        assert_int_equal(elc_half_from_float(nextafterf(middle, low)), bits);
    }
}

static void test_what_is_too_large_becomes_infinite(void **state) {
    (void)state;
    assert_int_equal(elc_half_from_float(65504), 0x7bff);
    assert_int_equal(elc_half_from_float(65519.9f), 0x7bff);
    assert_int_equal(elc_half_from_float(65520), 0x7c00);
    assert_int_equal(elc_half_from_float(-1e30f), 0xfc00);
    assert_int_equal(elc_half_from_float(1e-30f), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_finite_half_has_its_value_and_comes_back),
        cmocka_unit_test(test_infinity_and_nan_stay_what_they_are),
        cmocka_unit_test(test_rounding_is_to_nearest_and_even),
        cmocka_unit_test(test_what_is_too_large_becomes_infinite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
