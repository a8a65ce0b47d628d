/* format.h - printf in the C locale, text fit for one line; inside base only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_BASE_FORMAT_H
#define ELC_BASE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* vsnprintf with '.' as the decimal point whatever the process's locale. */
int elc_format(char *out, size_t size, const char *format, va_list args);

/* Formats into `out` and makes one line of it: control characters become spaces,
   bytes that are not UTF-8 become '?', and a text that is too long is cut between
   characters. */
void elc_format_line(char *out, size_t size, const char *format, va_list args);

/* Bytes of the UTF-8 character that `text` begins with; 0 when it is none, or NUL. */
size_t elc_utf8_step(const char *text, size_t n);

#endif
