/* real_write.c - numbers as the shortest text that reads back the same, or rounded. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/real.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum {
    DIGITS = 18, /* of any double; all between two neighbours differ there */
    FIRST = -5,  /* powers of ten of numbers whose digits fit into `wide` */
    LAST = 15,
    PLAIN = 21 /* digits before the point, or 5 zeros after it, without an exponent */
};

const uint64_t elc_real_fives[ELC_REAL_FIVES + 1] = {UINT64_C(1),
                                                     UINT64_C(5),
                                                     UINT64_C(25),
                                                     UINT64_C(125),
                                                     UINT64_C(625),
                                                     UINT64_C(3125),
                                                     UINT64_C(15625),
                                                     UINT64_C(78125),
                                                     UINT64_C(390625),
                                                     UINT64_C(1953125),
                                                     UINT64_C(9765625),
                                                     UINT64_C(48828125),
                                                     UINT64_C(244140625),
                                                     UINT64_C(1220703125),
                                                     UINT64_C(6103515625),
                                                     UINT64_C(30517578125),
                                                     UINT64_C(152587890625),
                                                     UINT64_C(762939453125),
                                                     UINT64_C(3814697265625),
                                                     UINT64_C(19073486328125),
                                                     UINT64_C(95367431640625),
                                                     UINT64_C(476837158203125),
                                                     UINT64_C(2384185791015625),
                                                     UINT64_C(11920928955078125),
                                                     UINT64_C(59604644775390625),
                                                     UINT64_C(298023223876953125),
                                                     UINT64_C(1490116119384765625),
                                                     UINT64_C(7450580596923828125)};

/* digits * 10^power */
typedef struct decimal {
    uint64_t digits;
    int power;
} decimal;

/* |value| = m * 2^e */
typedef struct binary {
    uint64_t m;
    int e;
    bool narrow; /* the neighbour below is half as far as that above */
} binary;

static binary split(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t m = bits & ((UINT64_C(1) << 52) - 1);
    int e = (int)(bits >> 52 & 0x7ff);
    if (e == 0)
        return (binary){m, -1074, false};
    return (binary){m | UINT64_C(1) << 52, e - 1075, m == 0 && e > 1};
}

/* The multiple of `step` nearest to at + a fraction; of two as near the even one. */
static uint64_t nearest(uint64_t at, bool fraction, uint64_t step) {
    uint64_t q = at / step, r = at % step, half = step / 2;
    bool up = r > half || (r == half && (fraction || q % 2 == 1));
    return step == 1 ? at : (q + up) * step;
}

/* The numbers that round to m * 2^e, times 10^k, lie between two integers of DIGITS
   digits; the multiple of the largest power of ten between them is the shortest. All is
   exact: Steele and White 1990, in 128 bits. */
static decimal shortest(binary b, int k) {
    wide fives = elc_real_fives[k], at = 4 * (wide)b.m * fives, up = 2 * fives;
    int shift = -(b.e + k);
    if (shift < 0) {
        at <<= -shift;
        up <<= -shift;
        shift = 0;
    }
    shift += 2;
    wide rest = ((wide)1 << shift) - 1, open = b.m % 2;
    wide low = at - (b.narrow ? up / 2 : up) + open, high = at + up - open;
    uint64_t least = (uint64_t)((low + rest) >> shift),
             most = (uint64_t)(high >> shift);
    uint64_t step = 1;
    decimal d = {.power = -k};
    while (most / (10 * step) * (10 * step) >= least) {
        step *= 10;
        d.power++;
    }
    d.digits = nearest((uint64_t)(at >> shift), at & rest, step);
    if (d.digits < least)
        d.digits += step;
    if (d.digits > most)
        d.digits -= step;
    d.digits /= step;
    return d;
}

/* For numbers of other sizes: as many digits as it takes. */
static decimal search(double value) {
    char text[40];
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = uselocale(c);
    for (int n = value < DBL_MIN ? 0 : 14; n < 17; n++) {
        snprintf(text, sizeof text, "%.*e", n, value);
        if (strtod(text, NULL) == value)
            break;
    }
    uselocale(before);
    freelocale(c);
    decimal d = {0};
    const char *at = text;
    for (bool fraction = false; *at != 'e'; at++) {
        if (*at == '.') {
            fraction = true;
            continue;
        }
        d.digits = d.digits * 10 + (uint64_t)(*at - '0');
        d.power -= fraction;
    }
    d.power += atoi(at + 1);
    return d;
}

static decimal decimal_of(double value) {
    static const double tens[] = {1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2,
                                  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9, 1e10,
                                  1e11, 1e12, 1e13, 1e14, 1e15, 1e16};
    if (value < tens[0] || value >= tens[LAST + 1 - FIRST])
        return search(value);
    int i = FIRST;
    while (value >= tens[i + 1 - FIRST])
        i++;
    return shortest(split(value), DIGITS - 1 - i);
}

/* To k decimals, of a number that has more (so that k + e < 0); of two as near the even
   one. */
static decimal rounded(double value, int k) {
    binary b = split(value);
    wide at = (wide)b.m * elc_real_fives[k];
    int shift = -(b.e + k);
    if (shift > 120)
        return (decimal){0};
    wide whole = at >> shift, rest = at - (whole << shift),
         half = (wide)1 << (shift - 1);
    whole += rest > half || (rest == half && whole % 2 == 1);
    return (decimal){(uint64_t)whole, -k};
}

static size_t put_digits(char *out, uint64_t digits) {
    char back[20];
    size_t n = 0;
    do
        back[n++] = (char)('0' + digits % 10);
    while ((digits /= 10) > 0);
    for (size_t i = 0; i < n; i++)
        out[i] = back[n - 1 - i];
    return n;
}

/* d.ddde-7 */
static size_t put_power(char *out, const char *digits, size_t n, int power) {
    size_t at = 0;
    out[at++] = digits[0];
    if (n > 1) {
        out[at++] = '.';
        memcpy(out + at, digits + 1, n - 1);
        at += n - 1;
    }
    out[at++] = 'e';
    if (power < 0)
        out[at++] = '-';
    return at + put_digits(out + at, (uint64_t)abs(power));
}

static size_t put_decimal(char *out, decimal d) {
    char digits[20];
    for (; d.digits > 0 && d.digits % 10 == 0; d.power++)
        d.digits /= 10;
    if (d.digits == 0)
        d.power = 0;
    size_t n = put_digits(digits, d.digits), at = 0;
    int whole = (int)n + d.power; /* digits before the point */
    if (whole > PLAIN || whole < FIRST)
        return put_power(out, digits, n, whole - 1);
    if (whole <= 0)
        out[at++] = '0';
    for (int i = 0; i < whole; i++)
        out[at++] = i < (int)n ? digits[i] : '0';
    if (whole >= (int)n)
        return at;
    out[at++] = '.';
    for (int i = whole; i < 0; i++)
        out[at++] = '0';
    size_t from = whole > 0 ? (size_t)whole : 0;
    memcpy(out + at, digits + from, n - from);
    return at + n - from;
}

size_t elc_real_write(double value, int decimals, char out[ELC_REAL_ROOM]) {
    bool negative = signbit(value);
    decimal d = {0};
    value = fabs(value);
    if (value > 0)
        d = decimal_of(value);
    int most = decimals < ELC_REAL_FIVES ? decimals : ELC_REAL_FIVES;
    if (decimals >= 0 && -d.power > most)
        d = rounded(value, most);
    negative &= decimals < 0 || d.digits > 0;
    out[0] = '-';
    return negative + put_decimal(out + negative, d);
}
