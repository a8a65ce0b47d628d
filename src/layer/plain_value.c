/* plain_value.c - what a value of CSV is: a number in its usual form, or text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "plain.h"

#include <string.h>
#include <strings.h>

enum { DIGITS = 18 }; /* that int64_t holds, whatever they are */

/* A run of digits after those that were read; leading zeros of all do not count. */
static const char *read_digits(const char *at, uint64_t *value, int *n) {
    for (; *at >= '0' && *at <= '9'; at++) {
        *n += *value > 0 || *at > '0';
        if (*n <= DIGITS)
            *value = *value * 10 + (uint64_t)(*at - '0');
    }
    return at;
}

/* At most two digits, so that no number is too large. */
static const char *skip_power(const char *at) {
    if (*at != 'e' && *at != 'E')
        return at;
    at += 1 + (at[1] == '-' || at[1] == '+');
    size_t n = strspn(at, "0123456789");
    return n == 1 || n == 2 ? at + n : at - 1;
}

/* Below 2^53 and up to 10^22 both are doubles, and their quotient is rounded once
   (Clinger 1990). */
static elc_plain_kind read_fraction(const char *text, const char *dot, const char *end,
                                    uint64_t digits, int n, double *out) {
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *fraction = dot + 1;
    const char *rest = *dot == '.' ? read_digits(fraction, &digits, &n) : dot;
    if (*dot == '.' && rest == fraction)
        return ELC_PLAIN_STRANGE;
    size_t decimals = *dot == '.' ? (size_t)(rest - fraction) : 0;
    const char *after = skip_power(rest);
    if (after != end)
        return ELC_PLAIN_STRANGE;
    if (after == rest && n <= DIGITS && decimals <= 22 && digits < UINT64_C(1) << 53) {
        double value = (double)digits / tens[decimals];
        *out = *text == '-' ? -value : value;
        return ELC_PLAIN_REAL;
    }
    return elc_parse_real(text, "a number", out, NULL) == ELC_OK ? ELC_PLAIN_REAL
                                                                 : ELC_PLAIN_STRANGE;
}

static elc_plain_kind read_number(const char *text, const char *end, int64_t *whole,
                                  double *real) {
    uint64_t digits = 0;
    int n = 0;
    const char *first = text + (*text == '-');
    const char *at = read_digits(first, &digits, &n);
    if (at == first || (*first == '0' && at > first + 1))
        return ELC_PLAIN_STRANGE;
    if (at < end)
        return read_fraction(text, at, end, digits, n, real);
    if (n > DIGITS || (digits == 0 && first > text))
        return ELC_PLAIN_STRANGE;
    *whole = first > text ? -(int64_t)digits : (int64_t)digits;
    *real = (double)*whole;
    return *whole > INT32_MAX || *whole < INT32_MIN ? ELC_PLAIN_LONG : ELC_PLAIN_INT;
}

static bool is_truth(const char *text) {
    static const char *const words[] = {"t",  "f",   "y",  "n",   "true", "false",
                                        "on", "off", "no", "yes", NULL};
    for (const char *const *word = words; *word != NULL; word++)
        if (strcasecmp(text, *word) == 0)
            return true;
    return false;
}

/* What begins with a letter is no number to OGR, and no time but with a T. */
static elc_plain_kind read_word(const char *text) {
    bool letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z');
    bool time = (*text == 't' || *text == 'T') && strchr(text, ':') != NULL;
    return letter && !time && !is_truth(text) ? ELC_PLAIN_TEXT : ELC_PLAIN_STRANGE;
}

elc_plain_kind elc_plain_value(const elc_plain_field *field, int64_t *whole,
                               double *real) {
    const char *text = field->text;
    if (field->size == 0)
        return ELC_PLAIN_NOTHING;
    if (field->quoted)
        return ELC_PLAIN_TEXT;
    if (*text == '-' || (*text >= '0' && *text <= '9'))
        return read_number(text, text + field->size, whole, real);
    return read_word(text);
}
