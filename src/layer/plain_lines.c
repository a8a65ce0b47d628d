/* plain_lines.c - lines of CSV cut into values, by a block of the file at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "plain.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, LONGEST_LINE = 1 << 16 };

/* ---- lines ------------------------------------------------------------------------
 */

/* What is left goes to the front, and as much as there is room for behind it. One byte
   is kept for the NUL after a last line without an end. */
static elc_status fill(elc_plain_lines *l, elc_error *err) {
    if (l->data == NULL)
        ELC_TRY(elc_alloc(BLOCK, 1, &l->data, err));
    memmove(l->data, l->data + l->at, l->end - l->at);
    l->end -= l->at;
    l->at = 0;
    while (!l->ended && l->end < BLOCK - 1) {
        ssize_t got = read(l->file, l->data + l->end, BLOCK - 1 - l->end);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return elc_fail(err, ELC_E_IO, "%s", strerror(errno));
        l->ended = got == 0;
        l->end += (size_t)got;
    }
    return ELC_OK;
}

static char *find_end(const elc_plain_lines *l) {
    return memchr(l->data + l->at, '\n', l->end - l->at);
}

/* The next line without its end; none at the end of the file. */
static elc_status next_line(elc_plain_lines *l, char **out, size_t *size,
                            elc_error *err) {
    char *end = l->data == NULL ? NULL : find_end(l);
    if (end == NULL && !l->ended) {
        ELC_TRY(fill(l, err));
        end = find_end(l);
    }
    *out = NULL;
    if (end == NULL && l->at == l->end)
        return ELC_OK;
    *out = l->data + l->at;
    *size = end == NULL ? l->end - l->at : (size_t)(end - *out);
    l->at += *size + (end != NULL);
    if (*size > 0 && (*out)[*size - 1] == '\r')
        --*size;
    return ELC_OK;
}

/* UTF-8 without control characters, a lone end of line and NUL among them. */
static bool is_clean(const char *line, size_t n) {
    unsigned char high = 0, control = 0;
    for (size_t i = 0; i < n; i++) {
        high |= (unsigned char)line[i];
        control |= (unsigned char)line[i] < ' ';
    }
    return !control && (high < 0x80 || elc_utf8_valid(line, n));
}

/* ---- fields -----------------------------------------------------------------------
 */

/* The value that begins at `at`, and where it ends; NULL where it is odd. Quotes inside
   of quotes, and in front of nothing, are. */
static char *cut_field(char *at, char *end, elc_plain_field *out) {
    out->quoted = at < end && *at == '"';
    out->text = at + out->quoted;
    if (out->quoted) {
        char *quote = memchr(out->text, '"', (size_t)(end - out->text));
        if (quote == NULL || quote == out->text || (quote + 1 < end && quote[1] != ','))
            return NULL;
        out->size = (size_t)(quote - out->text);
        *quote = '\0';
        return quote + 1;
    }
    for (; at < end && *at != ','; at++)
        if (*at == '"')
            return NULL;
    out->size = (size_t)(at - out->text);
    return at;
}

static bool has_margin(const elc_plain_field *field) {
    return field->size > 0 &&
           (field->text[0] == ' ' || field->text[field->size - 1] == ' ');
}

/* How many fields there are; 0 for odd lines and more than `most`. */
static size_t cut_line(char *line, size_t size, elc_plain_field *fields, size_t most) {
    char *at = line, *end = line + size;
    if (size == 0 || size > LONGEST_LINE || !is_clean(line, size))
        return 0;
    for (size_t n = 0; n < most; at++) {
        at = cut_field(at, end, &fields[n]);
        if (at == NULL || has_margin(&fields[n]))
            return 0;
        if (fields[n++].quoted && memchr(line, '\\', size) != NULL)
            return 0;
        bool last = at == end;
        *at = '\0';
        if (last)
            return n;
    }
    return 0;
}

elc_status elc_plain_header(elc_plain_lines *lines, elc_plain_field *fields,
                            size_t most, size_t *out, elc_error *err) {
    char *line;
    size_t size;
    ELC_TRY(next_line(lines, &line, &size, err));
    *out = line == NULL ? 0 : cut_line(line, size, fields, most);
    return ELC_OK;
}

elc_status elc_plain_next(elc_plain_lines *lines, elc_plain_field *fields, size_t n,
                          int *out, elc_error *err) {
    char *line;
    size_t size;
    ELC_TRY(next_line(lines, &line, &size, err));
    *out = line == NULL                           ? ELC_PLAIN_END
           : cut_line(line, size, fields, n) == n ? ELC_PLAIN_LINE
                                                  : ELC_PLAIN_ODD;
    return ELC_OK;
}
