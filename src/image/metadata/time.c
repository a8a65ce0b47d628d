/* time.c - times in the many ways that metadata writes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/findings.h"

#include <ctype.h>
#include <string.h>

/* Days from 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-Compatible
   Low-Level Date Algorithms"). */
static int64_t days_of(int64_t y, int64_t m, int64_t d) {
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Exactly n digits. */
static bool digits(const char **text, int n, int *out) {
    *out = 0;
    for (int i = 0; i < n; i++, ++*text) {
        if (!isdigit((unsigned char)**text))
            return false;
        *out = *out * 10 + (**text - '0');
    }
    return true;
}

static void skip_one(const char **text, const char *any_of) {
    if (**text != '\0' && strchr(any_of, **text) != NULL)
        ++*text;
}

static bool date(const char **text, int64_t *days) {
    int y, m, d;
    if (!digits(text, 4, &y))
        return false;
    skip_one(text, "-:/");
    if (!digits(text, 2, &m))
        return false;
    skip_one(text, "-:/");
    if (!digits(text, 2, &d) || m < 1 || m > 12 || d < 1 || d > days_in(y, m))
        return false;
    *days = days_of(y, m, d);
    return true;
}

static bool clock_time(const char **text, int64_t *us) {
    int h, m, s = 0;
    if (!digits(text, 2, &h))
        return false;
    skip_one(text, ":");
    if (!digits(text, 2, &m))
        return false;
    skip_one(text, ":");
    if (isdigit((unsigned char)**text) && !digits(text, 2, &s))
        return false;
    *us = ((int64_t)h * 3600 + m * 60 + s) * 1000000;
    if (**text == '.' || **text == ',') {
        ++*text;
        for (int64_t unit = 100000; isdigit((unsigned char)**text); unit /= 10)
            *us += (*(*text)++ - '0') * unit;
    }
    return h < 24 && m < 60 && s < 61;
}

static bool zone(const char **text, int64_t *us) {
    *us = 0;
    if (**text == 'Z' || **text == 'z')
        ++*text;
    if (**text != '+' && **text != '-')
        return true;
    int sign = *(*text)++ == '-' ? -1 : 1, h, m = 0;
    if (!digits(text, 2, &h))
        return false;
    skip_one(text, ":");
    if (isdigit((unsigned char)**text) && !digits(text, 2, &m))
        return false;
    *us = sign * ((int64_t)h * 3600 + m * 60) * 1000000;
    return h < 15 && m < 60;
}

bool elc_time_parse(const char *text, int64_t *time_us, bool *day_only) {
    int64_t days, us = 0, offset = 0;
    text += strspn(text, " \"");
    if (!date(&text, &days))
        return false;
    skip_one(&text, "T ");
    *day_only = !isdigit((unsigned char)*text);
    if (!*day_only && (!clock_time(&text, &us) || !zone(&text, &offset)))
        return false;
    if (text[strspn(text, " Z\";")] != '\0')
        return false;
    *time_us = days * INT64_C(86400000000) + us - offset;
    return true;
}
