/* json.c - JSON text walked where it stands, without a copy (RFC 8259). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/json.h"

#include <math.h>
#include <string.h>

#include "geometry/real.h"

enum { DEPTH = 256 };

elc_status elc_json_fail(const elc_json *j, elc_error *err, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "GeoJSON of %zu bytes: at byte %zu %s", j->size,
                    j->at, what);
}

void elc_json_blanks(elc_json *j) {
    while (j->at < j->size && (j->text[j->at] == ' ' || j->text[j->at] == '\n' ||
                               j->text[j->at] == '\r' || j->text[j->at] == '\t'))
        j->at++;
}

bool elc_json_take(elc_json *j, char c) {
    elc_json_blanks(j);
    bool is = j->at < j->size && j->text[j->at] == c;
    j->at += is;
    return is;
}

elc_status elc_json_need(elc_json *j, char c, elc_error *err) {
    char what[] = "a   is missing";
    if (elc_json_take(j, c))
        return ELC_OK;
    what[2] = c;
    return elc_json_fail(j, err, what);
}

/* The bytes of an escape after its backslash; 0: it is none. */
static size_t escape_at(const elc_json *j) {
    static const char hex[] = "0123456789abcdefABCDEF";
    const char *at = j->text + j->at;
    size_t left = j->size - j->at;
    if (left == 0 || at[0] == '\0' || strchr("\"\\/bfnrtu", at[0]) == NULL)
        return 0;
    if (at[0] != 'u')
        return 1;
    for (size_t i = 1; i < 5; i++)
        if (i >= left || at[i] == '\0' || strchr(hex, at[i]) == NULL)
            return 0;
    return 5;
}

elc_status elc_json_string(elc_json *j, const char **text, size_t *n, elc_error *err) {
    ELC_TRY(elc_json_need(j, '"', err));
    size_t begin = j->at;
    for (; j->at < j->size && j->text[j->at] != '"'; j->at++) {
        if ((unsigned char)j->text[j->at] < ' ')
            return elc_json_fail(j, err, "a control character stands in a string");
        if (j->text[j->at] != '\\')
            continue;
        j->at++;
        size_t escape = escape_at(j);
        if (escape == 0)
            return elc_json_fail(j, err, "an escape is none");
        j->at += escape - 1;
    }
    *text = j->text + begin;
    *n = j->at - begin;
    return elc_json_need(j, '"', err);
}

static bool is_digit(const char *text, size_t n, size_t i) {
    return i < n && text[i] >= '0' && text[i] <= '9';
}

/* JSON has no plus, no zeros before others, and digits on either side of a point. */
static bool is_strict(const char *text, size_t n) {
    size_t first = text[0] == '-';
    const char *point = memchr(text, '.', n);
    if (!is_digit(text, n, first) ||
        (text[first] == '0' && is_digit(text, n, first + 1)))
        return false;
    return point == NULL || is_digit(text, n, (size_t)(point - text) + 1);
}

elc_status elc_json_number(elc_json *j, double *out, elc_error *err) {
    elc_json_blanks(j);
    const char *text = j->text + j->at;
    size_t n = elc_real_read(text, j->size - j->at, out);
    if (n == 0 || !is_strict(text, n))
        return elc_json_fail(j, err, "a number is missing");
    if (!isfinite(*out))
        return elc_json_fail(j, err, "a number is too large");
    j->at += n;
    return ELC_OK;
}

static elc_status skip(elc_json *j, int depth, elc_error *err);

static elc_status skip_list(elc_json *j, bool object, int depth, elc_error *err) {
    const char *name;
    size_t n;
    char end = object ? '}' : ']';
    if (elc_json_take(j, end))
        return ELC_OK;
    do {
        if (object) {
            ELC_TRY(elc_json_string(j, &name, &n, err));
            ELC_TRY(elc_json_need(j, ':', err));
        }
        ELC_TRY(skip(j, depth + 1, err));
    } while (elc_json_take(j, ','));
    return elc_json_need(j, end, err);
}

static bool take_word(elc_json *j, const char *word) {
    size_t n = strlen(word);
    bool is = n <= j->size - j->at && memcmp(j->text + j->at, word, n) == 0;
    j->at += is ? n : 0;
    return is;
}

static elc_status skip(elc_json *j, int depth, elc_error *err) {
    const char *text;
    size_t n;
    double number;
    if (depth > DEPTH)
        return elc_json_fail(j, err, "it is nested deeper than 256");
    if (elc_json_take(j, '{'))
        return skip_list(j, true, depth, err);
    if (elc_json_take(j, '['))
        return skip_list(j, false, depth, err);
    if (j->at < j->size && j->text[j->at] == '"')
        return elc_json_string(j, &text, &n, err);
    if (take_word(j, "true") || take_word(j, "false") || take_word(j, "null"))
        return ELC_OK;
    return elc_json_number(j, &number, err);
}

elc_status elc_json_skip(elc_json *j, elc_error *err) {
    return skip(j, 0, err);
}
