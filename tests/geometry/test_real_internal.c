/* test_real_internal.c - numbers of every size as text: strtod gives them back, and no
   shorter text of printf does. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"

#include "geometry/real.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NUMBERS = 100000 };

static bool same(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0;
}

static double any_number(int i) {
    uint64_t bits = random_bits();
    double value = 0;
    switch (i % 7) {
    case 0:
        return (double)(int64_t)bits / 5e16; /* degrees */
    case 1:
        return (double)(bits % 2000000000) / 1e7 - 100;
    case 2:
        return ldexp(1, (int)(bits % 2098) - 1074); /* a near neighbour below */
    case 3:
        return ldexp((double)(bits >> 11), -(int)(bits % 64));
    case 4:
        return nextafter((double)(bits % 100000) / 1000, bits & 1 ? 1e9 : -1e9);
    case 5:
        return (double)(bits % 4096) * 5e-324;
    default:
        memcpy(&value, &bits, sizeof value);
        return isfinite(value) ? value : -0.0;
    }
}

/* Its digits but for zeros at either end. */
static int digits_of(const char *text) {
    int n = 0, zeros = 0;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (*text == '0' && n == 0))
            continue;
        n++;
        zeros = *text == '0' ? zeros + 1 : 0;
    }
    return n - zeros;
}

static void
test_numbers_are_written_as_the_shortest_text_that_reads_back(void **state) {
    (void)state;
    for (int i = 0; i < NUMBERS; i++) {
        char text[ELC_REAL_ROOM + 1], other[40] = "";
        double value = any_number(i), got = NAN;
        size_t n = elc_real_write(value, -1, text);
        assert_true(n <= ELC_REAL_ROOM);
        text[n] = '\0';
        for (int digits = 0; digits < 17; digits++) {
            snprintf(other, sizeof other, "%.*e", digits, value);
            if (strtod(other, NULL) == value)
                break;
        }
        bool shortest = digits_of(text) == digits_of(other);
        bool nearest = strtold(text, NULL) == strtold(other, NULL);
        if (!shortest || !nearest || !same(strtod(text, NULL), value))
            fail_msg("%s is not %s", text, other);
        assert_int_equal(elc_real_read(text, n, &got), n);
        assert_true(same(got, value));
    }
}

static void test_numbers_are_rounded_as_printf_rounds(void **state) {
    (void)state;
    for (int i = 0; i < NUMBERS; i++) {
        char text[ELC_REAL_ROOM + 1], other[400];
        double value = any_number(i);
        text[elc_real_write(value, i % 10, text)] = '\0';
        snprintf(other, sizeof other, "%.*f", i % 10, value);
        if (fabs(value) < 1e15 && strtod(text, NULL) != strtod(other, NULL))
            fail_msg("%s is not %s", text, other);
    }
}

static void any_text(int i, char text[100]) {
    unsigned long long whole = random_bits() % 100000, more = random_bits();
    int power = random_below(40) - 20;
    if (i % 3 == 0)
        sprintf(text, "%llu.%0*llu", whole % 1000, i % 25, more >> i % 60);
    else if (i % 3 == 1)
        sprintf(text, "-%llu.%llue%d", whole, more >> i % 60, power);
    else
        sprintf(text, "%llu%llue%d", more, more, random_below(640) - 340);
}

static void test_numbers_are_read_to_the_bit_as_strtod_reads_them(void **state) {
    (void)state;
    for (int i = 0; i < NUMBERS; i++) {
        char text[100];
        double got = NAN;
        any_text(i, text);
        assert_int_equal(elc_real_read(text, strlen(text), &got), strlen(text));
        if (!same(got, strtod(text, NULL)))
            fail_msg("%s became %.17g", text, got);
    }
}

static void test_what_is_no_number_has_no_length(void **state) {
    (void)state;
    static const char *const none[] = {"",     "-",   "+",  ".", "e5",
                                       "-.e1", "nan", "x1", " 1"};
    double got = 7;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(elc_real_read(none[i], strlen(none[i]), &got), 0);
    assert_true(got == 7);
    assert_int_equal(elc_real_read("1e", 2, &got), 1);
    assert_int_equal(elc_real_read("1e+x", 4, &got), 1);
    assert_int_equal(elc_real_read("1.5.5", 5, &got), 3);
    assert_int_equal(elc_real_read("1e99999999999999999999", 22, &got), 22);
    assert_true(isinf(got));
    assert_int_equal(elc_real_read("1e-99999999999999999999", 23, &got), 23);
    assert_true(same(got, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_written_as_the_shortest_text_that_reads_back),
        cmocka_unit_test(test_numbers_are_rounded_as_printf_rounds),
        cmocka_unit_test(test_numbers_are_read_to_the_bit_as_strtod_reads_them),
        cmocka_unit_test(test_what_is_no_number_has_no_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
