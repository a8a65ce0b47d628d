/* plain_json_value.c - what a value of plain GeoJSON is to OGR. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "plain_json.h"
#include "source.h"

#include <string.h>

/* OGR takes for dates and times what it can read so, if it has a date's marks; a date
   that does not exist is text. */
static bool read_time(const char *text, elc_json_kind *is, elc_json_value *v) {
    OGRField field;
    bool has_date = strpbrk(text, "-/") != NULL, has_clock = strchr(text, ':') != NULL;
    *is = ELC_JSON_TEXT;
    if ((!has_date && !has_clock) || !OGRParseDate(text, &field, 0))
        return true;
    if (!has_date)
        return false;
    elc_time t = {field.Date.Year,
                  field.Date.Month,
                  field.Date.Day,
                  field.Date.Hour,
                  field.Date.Minute,
                  0,
                  0};
    if (!elc_time_day_exists(t.year, t.month, t.day))
        return true;
    *is = has_clock ? ELC_JSON_TIME : ELC_JSON_DATE;
    v->whole =
        elc_source_time(&t, field.Date.Second, field.Date.TZFlag, *is == ELC_JSON_DATE);
    return true;
}

bool elc_plain_json_value(const elc_plain_field *field, elc_json_kind *is,
                          elc_json_value *v) {
    static const elc_json_kind numbers[] = {[ELC_PLAIN_INT] = ELC_JSON_INT,
                                            [ELC_PLAIN_LONG] = ELC_JSON_LONG,
                                            [ELC_PLAIN_REAL] = ELC_JSON_REAL};
    *is = ELC_JSON_NOTHING;
    if (field->text == NULL)
        return true;
    if (field->quoted)
        return read_time(field->text, is, v);
    if (field->text[0] == 't' || field->text[0] == 'f') {
        *is = ELC_JSON_TRUTH;
        v->whole = field->text[0] == 't';
        return true;
    }
    elc_plain_kind number = elc_plain_value(field, &v->whole, &v->real);
    if (number != ELC_PLAIN_INT && number != ELC_PLAIN_LONG && number != ELC_PLAIN_REAL)
        return false;
    *is = numbers[number];
    return true;
}

elc_json_kind elc_plain_json_join(elc_json_kind a, elc_json_kind b) {
    elc_json_kind less = a < b ? a : b, more = a < b ? b : a;
    bool alike = less == ELC_JSON_NOTHING || less == more ||
                 (less >= ELC_JSON_INT && more <= ELC_JSON_REAL) ||
                 (less >= ELC_JSON_DATE && more == ELC_JSON_TEXT);
    return alike ? more : ELC_JSON_NOTHING;
}
