/* calendar.c - days and microseconds since 1970 as calendar fields and ISO text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "calendar.h"

#include <stdio.h>

#define SECOND 1000000LL
#define DAY    (86400 * SECOND)

/* The first days of the years 0 and 10000. */
#define FIRST_DAY (-719528)
#define AFTER_DAY 2932897

bool elc_time_day_in_range(int64_t days) {
    return days >= FIRST_DAY && days < AFTER_DAY;
}

bool elc_time_in_range(int64_t microseconds) {
    return microseconds >= FIRST_DAY * DAY && microseconds < AFTER_DAY * DAY;
}

/* Howard Hinnant, chrono-Compatible Low-Level Date Algorithms: years begin in March and
   come in eras of 400, so that leap days fall at the end. */
elc_time elc_time_of_day(int64_t days) {
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day = z - era * 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t in_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;
    elc_time t = {0};
    t.day = (int)(in_year - (153 * month + 2) / 5 + 1);
    t.month = (int)(month < 10 ? month + 3 : month - 9);
    t.year = (int)(year + era * 400 + (t.month <= 2));
    return t;
}

int64_t elc_time_days(int year, int month, int day) {
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + in_year - 719468;
}

bool elc_time_day_exists(int year, int month, int day) {
    if (month < 1 || month > 12 || day < 1)
        return false;
    int next = month == 12 ? 1 : month + 1;
    return day <=
           elc_time_days(year + (month == 12), next, 1) - elc_time_days(year, month, 1);
}

/* At most four digits from *at on, which is moved behind them; -1 for none. */
static int take_digits(const char *text, size_t n, size_t *at) {
    int value = 0;
    size_t begin = *at;
    for (; *at < n && *at < begin + 4 && text[*at] >= '0' && text[*at] <= '9'; ++*at)
        value = value * 10 + (text[*at] - '0');
    return *at > begin ? value : -1;
}

static bool take_mark(const char *text, size_t n, size_t *at) {
    bool is = *at < n && (text[*at] == '-' || text[*at] == '/');
    *at += is;
    return is;
}

bool elc_time_text_is_odd(const char *text, size_t n) {
    size_t at = 0;
    while (at < n && (text[at] == ' ' || text[at] == '"'))
        at++;
    int year = take_digits(text, n, &at);
    if (year < 0 || !take_mark(text, n, &at))
        return false;
    int month = take_digits(text, n, &at);
    if (month < 0 || !take_mark(text, n, &at))
        return false;
    int day = take_digits(text, n, &at);
    return day >= 0 && !elc_time_day_exists(year, month, day);
}

elc_time elc_time_split(int64_t microseconds) {
    int64_t days = microseconds / DAY - (microseconds % DAY < 0);
    int64_t rest = microseconds - days * DAY;
    elc_time t = elc_time_of_day(days);
    t.microsecond = (int)(rest % SECOND);
    int seconds = (int)(rest / SECOND);
    t.hour = seconds / 3600;
    t.minute = seconds / 60 % 60;
    t.second = seconds % 60;
    return t;
}

int64_t elc_time_join(const elc_time *t) {
    int64_t seconds = (int64_t)t->hour * 3600 + t->minute * 60 + t->second;
    return elc_time_days(t->year, t->month, t->day) * DAY + seconds * SECOND +
           t->microsecond;
}

static int text_to_second(const elc_time *t, char out[ELC_TIME_TEXT]) {
    return snprintf(out, ELC_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u",
                    (unsigned)t->year % 10000, (unsigned)t->month % 100,
                    (unsigned)t->day % 100, (unsigned)t->hour % 100,
                    (unsigned)t->minute % 100, (unsigned)t->second % 100);
}

void elc_time_text(int64_t microseconds, char out[ELC_TIME_TEXT]) {
    elc_time t = elc_time_split(microseconds);
    size_t n = (size_t)text_to_second(&t, out);
    unsigned fraction = (unsigned)t.microsecond;
    if (fraction == 0)
        snprintf(out + n, ELC_TIME_TEXT - n, "Z");
    else if (fraction % 1000 == 0)
        snprintf(out + n, ELC_TIME_TEXT - n, ".%03uZ", fraction / 1000);
    else
        snprintf(out + n, ELC_TIME_TEXT - n, ".%06uZ", fraction);
}

void elc_time_day_text(int64_t days, char out[ELC_TIME_TEXT]) {
    elc_time t = elc_time_of_day(days);
    text_to_second(&t, out);
    out[10] = '\0';
}

void elc_time_clock_text(int64_t seconds, char out[ELC_TIME_TEXT]) {
    elc_time t = elc_time_split(seconds * SECOND);
    size_t n = (size_t)text_to_second(&t, out);
    snprintf(out + n, ELC_TIME_TEXT - n, ".000Z");
}
