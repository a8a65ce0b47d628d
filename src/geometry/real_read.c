/* real_read.c - numbers from text, rounded to the nearest double, whatever the locale.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/real.h"

#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum { DIGITS = 19 }; /* that uint64_t holds, whatever they are */

/* A number is digits * 10^power, where `cut` says that the digits are not all. */
typedef struct decimal {
    uint64_t digits;
    int n;
    long power;
    bool negative, cut;
} decimal;

static bool is_digit(const char *at, const char *end) {
    return at < end && *at >= '0' && *at <= '9';
}

static const char *read_digits(const char *at, const char *end, decimal *d,
                               bool fraction) {
    for (; is_digit(at, end); at++) {
        if (d->n < DIGITS) {
            d->digits = d->digits * 10 + (uint64_t)(*at - '0');
            d->n += d->digits > 0;
            d->power -= fraction;
        } else {
            d->cut = true;
            d->power += !fraction;
        }
    }
    return at;
}

/* An exponent, where one follows; else `at`. */
static const char *read_power(const char *at, const char *end, decimal *d) {
    const char *from = at + 1;
    if (at >= end || (*at != 'e' && *at != 'E'))
        return at;
    bool minus = from < end && *from == '-';
    from += from < end && (*from == '-' || *from == '+');
    if (!is_digit(from, end))
        return at;
    long power = 0;
    for (; is_digit(from, end); from++)
        power = power > 99999 ? power : power * 10 + (*from - '0');
    d->power += minus ? -power : power;
    return from;
}

static const char *read_decimal(const char *at, const char *end, decimal *d) {
    const char *begin = at;
    if (at < end && (*at == '-' || *at == '+'))
        d->negative = *at++ == '-';
    const char *whole = at;
    at = read_digits(at, end, d, false);
    bool any = at > whole;
    if (at < end && *at == '.') {
        const char *fraction = at + 1;
        at = read_digits(fraction, end, d, true);
        any |= at > fraction;
    }
    return any ? read_power(at, end, d) : begin;
}

/* digits / 10^k to the nearest: a quotient of at least 64 bits, of which the lowest
   stands for all that follow. */
static double divide(uint64_t digits, int k) {
    int shift = __builtin_clzll(digits) + 63;
    wide number = (wide)digits << shift, quotient = number / elc_real_fives[k];
    bool rest = quotient * elc_real_fives[k] != number;
    uint64_t high = (uint64_t)(quotient >> 64);
    int down = high > 0 ? 64 - __builtin_clzll(high) : 0;
    rest |= (quotient >> down) << down != quotient;
    return ldexp((double)((uint64_t)(quotient >> down) | rest), down - shift - k);
}

static double read_slowly(const char *text, size_t n) {
    char copy[ELC_REAL_LONGEST + 1];
    memcpy(copy, text, n);
    copy[n] = '\0';
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return NAN;
    double value = strtod_l(copy, NULL, c);
    freelocale(c);
    return value;
}

size_t elc_real_read(const char *text, size_t n, double *out) {
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    decimal d = {0};
    size_t size = (size_t)(read_decimal(text, text + n, &d) - text);
    if (size == 0 || size > ELC_REAL_LONGEST)
        return 0;
    double value;
    if (d.digits == 0 || (!d.cut && d.power == 0))
        value = (double)d.digits;
    else if (!d.cut && d.digits < UINT64_C(1) << 53 && d.power >= -22 && d.power <= 22)
        value = d.power < 0 ? (double)d.digits / tens[-d.power]
                            : (double)d.digits * tens[d.power];
    else if (!d.cut && d.power < 0 && d.power >= -ELC_REAL_FIVES)
        value = divide(d.digits, (int)-d.power);
    else {
        *out = read_slowly(text, size);
        return size;
    }
    *out = d.negative ? -value : value;
    return size;
}
