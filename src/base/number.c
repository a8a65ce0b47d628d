/* number.c - numbers from text, the same in every locale. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* strtod and strtoll skip blanks and read hexadecimal, inf and nan; nobody means
   those. */
static bool only(const char *text, const char *allowed) {
    return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

static elc_status not_real(const char *text, const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: \"%.60s\" is not a number; write it like 0.25 or 1e-3", what,
                    text);
}

elc_status elc_parse_real(const char *text, const char *what, double *out,
                          elc_error *err) {
    if (!only(text, "0123456789+-.eE"))
        return not_real(text, what, err);
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return elc_fail(err, ELC_E_MEMORY, "%s: no memory to read the number", what);
    char *end;
    double value = strtod_l(text, &end, c);
    freelocale(c);
    if (end == text || *end != '\0')
        return not_real(text, what, err);
    if (!isfinite(value))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: %.60s is too large; at most 1.8e308 either side of zero",
                        what, text);
    *out = value;
    return ELC_OK;
}

elc_status elc_parse_int(const char *text, const char *what, int64_t *out,
                         elc_error *err) {
    char *end = NULL;
    errno = 0;
    long long value = only(text, "0123456789+-") ? strtoll(text, &end, 10) : 0;
    if (end == NULL || end == text || *end != '\0')
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: \"%.60s\" is not a whole number; write it like 640", what,
                        text);
    if (errno == ERANGE)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: %.60s is too large; at most %lld either side of zero",
                        what, text, (long long)INT64_MAX);
    *out = value;
    return ELC_OK;
}
