/* text.c - numbers, times and words for people, and text that fits a terminal. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void elc_cli_grouped(uint64_t value, char out[32]) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, value);
    char *to = out;
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
}

void elc_cli_duration(double seconds, char out[32]) {
    if (!(seconds >= 0) || seconds > 1e9) {
        snprintf(out, 32, "unknown");
    } else if (seconds < 9.95) {
        snprintf(out, 32, "%.1f s", seconds);
    } else if (seconds < 59.5) {
        snprintf(out, 32, "%.0f s", seconds);
    } else if (seconds < 3599.5) {
        int whole = (int)lround(seconds);
        snprintf(out, 32, "%d min %d s", whole / 60, whole % 60);
    } else {
        int minutes = (int)lround(seconds / 60);
        snprintf(out, 32, "%d h %d min", minutes / 60, minutes % 60);
    }
}

static void spell(const char *name, char between, char out[64]) {
    size_t i = 0;
    for (; name[i] != '\0' && i < 63; i++)
        out[i] = name[i] == '_' ? between : name[i];
    out[i] = '\0';
}

void elc_cli_kebab(const char *name, char out[64]) {
    spell(name, '-', out);
}

void elc_cli_words(const char *name, char out[64]) {
    spell(name, ' ', out);
}

void elc_cli_upper(const char *name, char out[64]) {
    elc_cli_kebab(name, out);
    for (char *c = out; *c != '\0'; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
}

const char *elc_cli_nearest(const char *word, const elc_names *names) {
    const char **words;
    if (elc_alloc(names->count + 1, sizeof *words, &words, NULL) != ELC_OK)
        return NULL;
    for (size_t i = 0; i < names->count; i++)
        words[i] = names->items[i];
    const char *near = elc_nearest_word(word, words);
    free(words);
    return near;
}

/* ---- columns of a terminal ----------------------------------------------- */

typedef struct {
    uint32_t first, last;
} range;

/* The common cases of Unicode's general category Mn and of its East Asian widths W and
   F (UAX 11); a rare mark that is missing costs one column of alignment. */
static const range no_columns[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489},   {0x0591, 0x05bd}, {0x0610, 0x061a},
    {0x064b, 0x065f}, {0x0e34, 0x0e3a},   {0x0e47, 0x0e4e}, {0x200b, 0x200f},
    {0x2060, 0x2064}, {0x20d0, 0x20ff},   {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};
static const range two_columns[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe4f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};
/* Obeyed by terminals rather than shown. */
static const range unsafe[] = {
    {0x00, 0x1f},
    {0x7f, 0x9f},
    {0x202a, 0x202e},
    {0x2066, 0x2069},
};

static bool within(uint32_t code, const range *ranges, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

#define WITHIN(code, ranges) within(code, ranges, sizeof(ranges) / sizeof(ranges)[0])

typedef struct {
    size_t bytes, columns;
    bool shown; /* false: '?' in its place */
} glyph;

static glyph glyph_at(const char *text, size_t n) {
    const unsigned char *u = (const unsigned char *)text;
    size_t length = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
    if (length > n || !(elc_utf8_valid(text, length) || u[0] == 0))
        return (glyph){1, 1, false};
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = u[0] & masks[length];
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (u[i] & 0x3f);
    if (WITHIN(code, unsafe))
        return (glyph){length, 1, false};
    size_t columns = WITHIN(code, no_columns) ? 0 : WITHIN(code, two_columns) ? 2 : 1;
    return (glyph){length, columns, true};
}

size_t elc_cli_columns(const char *text, size_t n) {
    size_t columns = 0;
    for (size_t i = 0; i < n;) {
        glyph g = glyph_at(text + i, n - i);
        columns += g.columns;
        i += g.bytes;
    }
    return columns;
}

elc_status elc_cli_fit(elc_string *out, const char *text, size_t n, size_t columns,
                       elc_error *err) {
    bool cut = elc_cli_columns(text, n) > columns;
    const char *end = !cut ? "" : elc_cli_terminal_utf8() ? "\u2026" : "~";
    size_t room = cut && columns > 0 ? columns - 1 : columns;
    for (size_t i = 0; i < n;) {
        glyph g = glyph_at(text + i, n - i);
        if (g.columns > room)
            break;
        ELC_TRY(elc_string_append(out, g.shown ? text + i : "?", g.shown ? g.bytes : 1,
                                  err));
        room -= g.columns;
        i += g.bytes;
    }
    return columns == 0 ? ELC_OK : elc_string_append(out, end, strlen(end), err);
}
