/* range.c - the part of an answer that a client asks for. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/range.h"

#include <string.h>
#include <strings.h>

/* False without a digit; what is too large is the largest. */
static bool take_number(const char **at, uint64_t *out) {
    const char *from = *at;
    uint64_t value = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        uint64_t digit = (uint64_t)(**at - '0');
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    if (*at == from)
        return false;
    *out = value;
    return true;
}

serve_range elc_serve_range_read(const char *text, uint64_t size, uint64_t *first,
                                 uint64_t *n) {
    static const char unit[] = "bytes=";
    uint64_t low = 0, high = UINT64_MAX;
    if (strncasecmp(text, unit, strlen(unit)) != 0 || strchr(text, ',') != NULL)
        return SERVE_WHOLE;
    const char *at = text + strlen(unit);
    at += strspn(at, " \t");
    bool has_low = take_number(&at, &low);
    if (*at != '-')
        return SERVE_NO_PART;
    at++;
    bool has_high = take_number(&at, &high);
    at += strspn(at, " \t");
    if (*at != '\0' || (!has_low && !has_high))
        return SERVE_NO_PART;
    if (!has_low) { /* so many last ones */
        low = high == 0 ? size : high < size ? size - high : 0;
        high = UINT64_MAX;
    }
    if (low >= size || high < low)
        return SERVE_NO_PART;
    *first = low;
    *n = (high < size ? high : size - 1) - low + 1;
    return SERVE_PART;
}
