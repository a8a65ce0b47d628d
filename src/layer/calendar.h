/* calendar.h - days and microseconds since 1970 as calendar fields and ISO text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_CALENDAR_H
#define ELC_LAYER_CALENDAR_H

#include <elcano/base.h>

enum { ELC_TIME_TEXT = 32 };

typedef struct elc_time {
    int year, month, day, hour, minute, second, microsecond;
} elc_time;

/* True for times in the years 0 to 9999, which ISO text and every format can say. */
bool elc_time_in_range(int64_t microseconds);
bool elc_time_day_in_range(int64_t days);
elc_time elc_time_split(int64_t microseconds);
elc_time elc_time_of_day(int64_t days);
int64_t elc_time_join(const elc_time *t);
int64_t elc_time_days(int year, int month, int day);
/* False for the 30th of February and its like. */
bool elc_time_day_exists(int year, int month, int day);
/* True where a text may begin with a date, year first, whose day its month has not; what
   follows it is not looked at. `text` may be longer than the `n` bytes that count. */
bool elc_time_text_is_odd(const char *text, size_t n);

/* "2024-05-01T10:20:30Z", with three or six decimals where it has any. */
void elc_time_text(int64_t microseconds, char out[ELC_TIME_TEXT]);
/* "2024-05-01" */
void elc_time_day_text(int64_t days, char out[ELC_TIME_TEXT]);
/* "2024-05-01T10:20:30.000Z", as GeoPackage wants it. */
void elc_time_clock_text(int64_t seconds, char out[ELC_TIME_TEXT]);

#endif
