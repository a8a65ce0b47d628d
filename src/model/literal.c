/* literal.c - lists and dictionaries as Python or JSON writes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "literal.h"

#include <stdlib.h>
#include <string.h>

typedef struct reader {
    const char *text, *at;
    elc_error *err;
} reader;

static elc_status unreadable(const reader *r, const char *wanted) {
    return elc_fail(r->err, ELC_E_FORMAT, "character %zu: %s expected",
                    (size_t)(r->at - r->text) + 1, wanted);
}

static void skip_blanks(reader *r) {
    r->at += strspn(r->at, " \t\r\n");
}

static bool take(reader *r, char c) {
    skip_blanks(r);
    if (*r->at != c)
        return false;
    r->at++;
    return true;
}

static elc_status need(reader *r, char c, const char *wanted) {
    return take(r, c) ? ELC_OK : unreadable(r, wanted);
}

/* ---- quoted text --------------------------------------------------------------------
 */

static elc_status append_utf8(reader *r, elc_string *out, uint32_t code) {
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return unreadable(r, "the code of a character");
    const unsigned char low = (unsigned char)(0x80 | (code & 0x3f));
    const unsigned char middle = (unsigned char)(0x80 | (code >> 6 & 0x3f));
    const unsigned char high = (unsigned char)(0x80 | (code >> 12 & 0x3f));
    if (code < 0x80)
        return elc_string_append(out, (unsigned char[]){(unsigned char)code}, 1,
                                 r->err);
    if (code < 0x800)
        return elc_string_append(
            out, (unsigned char[]){(unsigned char)(0xc0 | code >> 6), low}, 2, r->err);
    if (code < 0x10000)
        return elc_string_append(
            out, (unsigned char[]){(unsigned char)(0xe0 | code >> 12), middle, low}, 3,
            r->err);
    return elc_string_append(
        out, (unsigned char[]){(unsigned char)(0xf0 | code >> 18), high, middle, low},
        4, r->err);
}

static elc_status hex(reader *r, int digits, uint32_t *out) {
    uint32_t code = 0;
    for (int i = 0; i < digits; i++, r->at++) {
        char c = *r->at;
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16)
            return unreadable(r, "a hex digit");
        code = code << 4 | digit;
    }
    *out = code;
    return ELC_OK;
}

/* JSON writes characters past U+FFFF as two escapes, a surrogate pair. */
static elc_status unicode(reader *r, int digits, elc_string *out) {
    uint32_t code = 0, low = 0;
    ELC_TRY(hex(r, digits, &code));
    if (code >= 0xd800 && code < 0xdc00 && r->at[0] == '\\' && r->at[1] == 'u') {
        r->at += 2;
        ELC_TRY(hex(r, 4, &low));
        if (low < 0xdc00 || low > 0xdfff)
            return unreadable(r, "the second half of a surrogate pair");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    return append_utf8(r, out, code);
}

static elc_status escape(reader *r, elc_string *out) {
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    char c = *r->at;
    if (c == '\0')
        return unreadable(r, "a character after \\");
    r->at++;
    if (c == 'x')
        return unicode(r, 2, out);
    if (c == 'u')
        return unicode(r, 4, out);
    if (c == 'U')
        return unicode(r, 8, out);
    const char *known = strchr(from, c);
    return elc_string_append(out, known == NULL ? &c : &to[known - from], 1, r->err);
}

static elc_status quoted(reader *r, elc_string *out) {
    skip_blanks(r);
    char quote = *r->at;
    if (quote != '\'' && quote != '"')
        return unreadable(r, "a quoted name");
    r->at++;
    while (*r->at != quote) {
        if (*r->at == '\0')
            return unreadable(r, "the closing quote");
        if (*r->at++ == '\\')
            ELC_TRY(escape(r, out));
        else
            ELC_TRY(elc_string_append(out, r->at - 1, 1, r->err));
    }
    r->at++;
    return elc_string_append(out, "", 0, r->err);
}

/* ---- names --------------------------------------------------------------------------
 */

/* 0, "0" or '0' */
static elc_status class_id(reader *r, size_t *out) {
    skip_blanks(r);
    char quote = *r->at == '\'' || *r->at == '"' ? *r->at++ : '\0';
    size_t id = 0, digits = strspn(r->at, "0123456789");
    if (digits == 0 || digits > 9)
        return unreadable(r, "a class id");
    for (size_t i = 0; i < digits; i++)
        id = id * 10 + (size_t)(*r->at++ - '0');
    if (id >= ELC_CLASSES_MAX)
        return unreadable(r, "a class id under 65536");
    *out = id;
    return quote == '\0' ? ELC_OK : need(r, quote, "the closing quote");
}

static elc_status set_name(reader *r, elc_names *names, size_t id,
                           const elc_string *name) {
    if (!elc_utf8_valid(name->data, name->size))
        return unreadable(r, "UTF-8 text before here");
    while (names->count <= id)
        ELC_TRY(elc_names_add(names, "", r->err));
    if (names->items[id][0] != '\0')
        return unreadable(r, "a class id that was not there before");
    char *copy;
    ELC_TRY(elc_strdup(name->data, &copy, r->err));
    free(names->items[id]);
    names->items[id] = copy;
    return ELC_OK;
}

static elc_status one_name(reader *r, bool keyed, size_t id, elc_names *names) {
    elc_string name = {0};
    elc_status status = ELC_OK;
    if (keyed)
        status = class_id(r, &id);
    if (status == ELC_OK && keyed)
        status = need(r, ':', "':'");
    if (status == ELC_OK && id >= ELC_CLASSES_MAX)
        status = unreadable(r, "the end after 65536 names");
    if (status == ELC_OK)
        status = quoted(r, &name);
    if (status == ELC_OK)
        status = set_name(r, names, id, &name);
    elc_string_free(&name);
    return status;
}

static elc_status all_names(reader *r, elc_names *names) {
    bool keyed = take(r, '{');
    char close = keyed ? '}' : ']';
    if (!keyed)
        ELC_TRY(need(r, '[', "'{' or '['"));
    for (size_t id = 0; !take(r, close); id++) {
        ELC_TRY(one_name(r, keyed, id, names));
        if (!take(r, ',')) {
            ELC_TRY(need(r, close, keyed ? "',' or '}'" : "',' or ']'"));
            break;
        }
    }
    skip_blanks(r);
    return *r->at == '\0' ? ELC_OK : unreadable(r, "the end");
}

elc_status elc_literal_names(const char *text, elc_names *out, elc_error *err) {
    elc_names names = {0};
    reader r = {text, text, err};
    elc_status status = all_names(&r, &names);
    if (status != ELC_OK) {
        elc_names_free(&names);
        return status;
    }
    *out = names;
    return ELC_OK;
}

/* ---- numbers ------------------------------------------------------------------------
 */

static elc_status one_number(reader *r, double *out) {
    char word[64];
    skip_blanks(r);
    size_t n = strcspn(r->at, ",]) \t\r\n");
    if (n == 0 || n >= sizeof word)
        return unreadable(r, "a number");
    memcpy(word, r->at, n);
    word[n] = '\0';
    if (elc_parse_real(word, "number", out, NULL) != ELC_OK)
        return unreadable(r, "a number");
    r->at += n;
    return ELC_OK;
}

elc_status elc_literal_numbers(const char *text, double *out, size_t room, size_t *n,
                               elc_error *err) {
    reader r = {text, text, err};
    char close = take(&r, '[') ? ']' : take(&r, '(') ? ')' : '\0';
    size_t count = 0;
    do {
        double number;
        if (close != '\0' && count > 0 && take(&r, close)) { /* "(1,)" */
            close = '\0';
            break;
        }
        ELC_TRY(one_number(&r, &number));
        if (count == room)
            return unreadable(&r, "fewer numbers");
        out[count++] = number;
    } while (close != '\0' && take(&r, ','));
    if (close != '\0')
        ELC_TRY(need(&r, close, "',' or the closing bracket"));
    skip_blanks(&r);
    if (*r.at != '\0')
        return unreadable(&r, "the end");
    *n = count;
    return ELC_OK;
}
