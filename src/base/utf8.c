/* utf8.c - is this text UTF-8? */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include "format.h"

#include <string.h>

static bool continues(unsigned char c) {
    return (c & 0xc0) == 0x80;
}

/* The Unicode Standard, table 3-7: the second byte's range depends on the first, so
   that overlong forms, surrogates and code points above 10FFFF have no encoding. */
static bool second_fits(unsigned char first, unsigned char second) {
    switch (first) {
    case 0xe0:
        return second >= 0xa0 && second <= 0xbf;
    case 0xed:
        return second >= 0x80 && second <= 0x9f;
    case 0xf0:
        return second >= 0x90 && second <= 0xbf;
    case 0xf4:
        return second >= 0x80 && second <= 0x8f;
    default:
        return continues(second);
    }
}

size_t elc_utf8_step(const char *text, size_t n) {
    const unsigned char *u = (const unsigned char *)text;
    if (n == 0 || u[0] == 0)
        return 0;
    if (u[0] < 0x80)
        return 1;
    if (u[0] < 0xc2 || u[0] > 0xf4)
        return 0;
    size_t length = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
    if (n < length || !second_fits(u[0], u[1]))
        return 0;
    for (size_t i = 2; i < length; i++) {
        if (!continues(u[i]))
            return 0;
    }
    return length;
}

/* Eight bytes at once: each of 1 to 127. Subtracting 1 from each sets a top bit exactly
   when some byte is 0 or has its own top bit set. */
static bool eight_are_plain(const char *text) {
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return ((word | (word - UINT64_C(0x0101010101010101))) &
            UINT64_C(0x8080808080808080)) == 0;
}

bool elc_utf8_valid(const char *text, size_t n) {
    for (size_t i = 0; i < n;) {
        if (n - i >= 8 && eight_are_plain(text + i)) {
            i += 8;
            continue;
        }
        size_t step = elc_utf8_step(text + i, n - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}
