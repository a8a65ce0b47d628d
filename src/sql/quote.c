/* quote.c - names and texts as SQL wants them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/sql.h>

#include <string.h>

static elc_status quote(elc_string *out, const char *text, char mark, elc_error *err) {
    ELC_TRY(elc_string_append(out, &mark, 1, err));
    for (const char *next; (next = strchr(text, mark)) != NULL; text = next + 1) {
        ELC_TRY(elc_string_append(out, text, (size_t)(next - text) + 1, err));
        ELC_TRY(elc_string_append(out, &mark, 1, err));
    }
    ELC_TRY(elc_string_append(out, text, strlen(text), err));
    return elc_string_append(out, &mark, 1, err);
}

elc_status elc_sql_quote_name(elc_string *out, const char *name, elc_error *err) {
    return quote(out, name, '"', err);
}

elc_status elc_sql_quote_text(elc_string *out, const char *text, elc_error *err) {
    return quote(out, text, '\'', err);
}
