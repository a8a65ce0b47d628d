/* interval.c - times and intervals of RFC 3339, as OGC API Features has them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/filter.h"

#include <string.h>

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

/* Days since 1970-01-01 of a date of the Gregorian calendar (Hinnant,
   "chrono-Compatible Low-Level Date Algorithms", days_from_civil). */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* Takes exactly so many digits. */
static bool take_digits(const char **at, int n, int64_t *out) {
    *out = 0;
    for (int i = 0; i < n; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *out = *out * 10 + (**at - '0');
    }
    return true;
}

static bool take(const char **at, char c) {
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static bool take_date(const char **at, int64_t *days) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t y, m, d;
    if (!take_digits(at, 4, &y) || !take(at, '-') || !take_digits(at, 2, &m) ||
        !take(at, '-') || !take_digits(at, 2, &d) || y < 1 || m < 1 || m > 12)
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    *days = days_of(y, m, d);
    return d >= 1 && d <= lengths[m - 1] + (m == 2 && leap);
}

/* Digits of a fraction after a point, to microseconds; further ones are passed over. */
static bool take_fraction(const char **at, int64_t *out) {
    int64_t unit = SECOND / 10;
    if (**at < '0' || **at > '9')
        return false;
    for (; **at >= '0' && **at <= '9'; (*at)++, unit /= 10)
        *out += (**at - '0') * unit;
    return true;
}

/* "Z", "+02:00" or nothing, as minutes east. */
static bool take_zone(const char **at, int64_t *minutes) {
    int64_t hours, rest;
    *minutes = 0;
    if (take(at, 'Z') || take(at, 'z') || **at == '\0')
        return true;
    int sign = **at == '-' ? -1 : 1;
    if (!take(at, '-') && !take(at, '+'))
        return false;
    if (!take_digits(at, 2, &hours) || !take(at, ':') || !take_digits(at, 2, &rest) ||
        hours > 23 || rest > 59)
        return false;
    *minutes = sign * (hours * 60 + rest);
    return true;
}

/* What is not said is all that it may be: a date is its whole day. */
static bool read_instant(const char *text, int64_t *low, int64_t *high) {
    const char *at = text;
    int64_t days, hour, minute, second = 0, fraction = 0, zone, width = DAY;
    if (!take_date(&at, &days))
        return false;
    *low = days * DAY;
    if (*at != '\0') {
        if ((!take(&at, 'T') && !take(&at, 't') && !take(&at, ' ')) ||
            !take_digits(&at, 2, &hour) || !take(&at, ':') ||
            !take_digits(&at, 2, &minute) || hour > 23 || minute > 59)
            return false;
        width = 60 * SECOND;
        if (take(&at, ':')) {
            if (!take_digits(&at, 2, &second) || second > 60)
                return false;
            width = 1;
            if (take(&at, '.') && !take_fraction(&at, &fraction))
                return false;
        }
        if (!take_zone(&at, &zone) || *at != '\0')
            return false;
        *low += ((hour * 60 + minute - zone) * 60 + second) * SECOND + fraction;
    }
    *high = *low + width - 1;
    return true;
}

static bool is_open(const char *text) {
    return *text == '\0' || strcmp(text, "..") == 0;
}

elc_status elc_serve_interval_read(const char *text, int64_t *low, int64_t *high,
                                   elc_error *err) {
    char first[64];
    int64_t from = INT64_MIN, to = INT64_MAX, other;
    const char *slash = strchr(text, '/'), *last = slash == NULL ? text : slash + 1;
    size_t n = slash == NULL ? strlen(text) : (size_t)(slash - text);
    bool fine = n < sizeof first;
    if (fine) {
        memcpy(first, text, n);
        first[n] = '\0';
        if (slash == NULL)
            fine = read_instant(first, &from, &to);
        else
            fine =
                (is_open(first) || read_instant(first, &from, &other)) &&
                (is_open(last) || read_instant(last, &other, &to)) &&
                !(is_open(first) && is_open(last) && *first == '\0' && *last == '\0');
    }
    if (!fine)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "datetime: %.80s is no time; 2024-05-01, 2024-05-01T10:00:00Z "
                        "and A/B, A/.. or ../B of these are",
                        text);
    *low = from;
    *high = to;
    return ELC_OK;
}
