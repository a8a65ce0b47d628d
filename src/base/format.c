/* format.c - printf in the C locale, and text made fit for one line. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "format.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

int elc_format(char *out, size_t size, const char *format, va_list args) {
    /* glibc answers this with its own constant locale: no memory, no lock. */
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return vsnprintf(out, size, format, args);
    locale_t before = uselocale(c);
    int n = vsnprintf(out, size, format, args);
    uselocale(before);
    freelocale(c);
    return n;
}

static int is_control(char c) {
    unsigned char u = (unsigned char)c;
    return u < 0x20 || u == 0x7f;
}

/* A multi-byte character that the end of the buffer cut is dropped, not shown as
   '?'. */
static size_t without_cut_character(const char *text, size_t n) {
    size_t start = n;
    while (start > 0 && n - start < 3 &&
           ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xc0)
        return n;
    start--;
    return elc_utf8_step(text + start, n - start) == n - start ? n : start;
}

void elc_format_line(char *out, size_t size, const char *format, va_list args) {
    int wanted = elc_format(out, size, format, args);
    if (wanted < 0)
        out[0] = '\0';
    size_t n = strlen(out);
    if (wanted > 0 && (size_t)wanted >= size)
        n = without_cut_character(out, n);
    out[n] = '\0';
    for (size_t i = 0; i < n;) {
        size_t step = elc_utf8_step(out + i, n - i);
        if (step == 0)
            out[i] = '?';
        else if (is_control(out[i]))
            out[i] = ' ';
        i += step == 0 ? 1 : step;
    }
}
