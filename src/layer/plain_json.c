/* plain_json.c - features of GeoJSON cut into values, by a block of the file at a time.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "plain_json.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* A feature longer than the most is odd; so is a whole number that OGR may cut off. */
enum {
    BLOCK = 1 << 20,
    MOST_BLOCK = 64 << 20,
    LONGEST_HEAD = 4096,
    LONGEST_WHOLE = 17
};
enum { DEEPEST_SHAPE = 4, LONGEST_WORD = 8 };

/* ---- the text ---------------------------------------------------------------------
 */

/* What is left goes to the front, and as much as there is room for behind it: more room
   where there is little. */
static elc_status fill(elc_plain_json *j, elc_error *err) {
    if (j->at > 0)
        memmove(j->data, j->data + j->at, j->end - j->at);
    j->end -= j->at;
    j->at = 0;
    size_t room = j->end < BLOCK / 2 ? BLOCK : 2 * j->end;
    ELC_TRY(elc_reserve(&j->data, &j->capacity, room, 1, err));
    while (!j->ended && j->end < j->capacity - 1) {
        ssize_t got = read(j->file, j->data + j->end, j->capacity - 1 - j->end);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return elc_fail(err, ELC_E_IO, "%s", strerror(errno));
        j->ended = got == 0;
        j->end += (size_t)got;
    }
    j->data[j->end] = '\0';
    return ELC_OK;
}

static char *past_blanks(char *at) {
    while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')
        at++;
    return at;
}

/* Each of these moves *at on past what it says, or leaves it where it is not so. */
static bool take(char **at, char c) {
    *at = past_blanks(*at);
    if (**at != c)
        return false;
    ++*at;
    return true;
}

/* A string of UTF-8, as it is written. */
static bool take_text(char **at, elc_plain_field *out) {
    if (!take(at, '"'))
        return false;
    char *end = *at;
    unsigned char high = 0;
    for (; *end != '"'; end++) {
        high |= (unsigned char)*end;
        if (*end == '\\' && end[1] != '\0')
            end++;
        else if ((unsigned char)*end < ' ') {
            *at = end;
            return false;
        }
    }
    *out = (elc_plain_field){*at, (size_t)(end - *at), true};
    if (high >= 0x80 && !elc_utf8_valid(out->text, out->size))
        return false;
    *at = end + 1;
    return true;
}

static bool is_word(const elc_plain_field *text, const char *word) {
    return text->size == strlen(word) && memcmp(text->text, word, text->size) == 0;
}

static bool take_word(char **at, const char *word) {
    *at = past_blanks(*at);
    if (strncmp(*at, word, strlen(word)) != 0)
        return false;
    *at += strlen(word);
    return true;
}

/* ---- values -----------------------------------------------------------------------
 */

static bool is_of_number(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' ||
           c == 'E';
}

static bool take_value(char **at, elc_plain_field *out) {
    *at = past_blanks(*at);
    *out = (elc_plain_field){0};
    if (**at == '"')
        return take_text(at, out);
    if (**at == 'n')
        return take_word(at, "null");
    char *start = *at;
    if (*start == 't' || *start == 'f') {
        if (!take_word(at, "true") && !take_word(at, "false"))
            return false;
    } else
        while (is_of_number(**at))
            ++*at;
    *out = (elc_plain_field){start, (size_t)(*at - start), false};
    return out->size > 0;
}

/* After its "{". */
static bool take_properties(char **at, elc_plain_feature *f) {
    f->n = 0;
    if (take(at, '}'))
        return true;
    do {
        if (f->n == f->most || !take_text(at, &f->names[f->n]) || !take(at, ':') ||
            !take_value(at, &f->values[f->n]))
            return false;
        f->n++;
    } while (take(at, ','));
    return take(at, '}');
}

/* A number; false for whole ones that are long. */
static bool pass_number(char **at) {
    size_t n = 0;
    bool whole = true;
    for (; is_of_number(**at); ++*at, n++)
        whole &= **at != '.' && **at != 'e' && **at != 'E';
    return n > 0 && (!whole || n <= LONGEST_WHOLE);
}

/* Lists in lists of numbers, none empty. That they are a shape is seen later. */
static bool pass_coordinates(char **at) {
    int depth = 1;
    char last = '[';
    if (!take(at, '['))
        return false;
    while (depth > 0) {
        *at = past_blanks(*at);
        char c = **at;
        if ((c == ']' && last == '[') || (c == '[' && depth == DEEPEST_SHAPE))
            return false;
        depth += (c == '[') - (c == ']');
        if (c == '[' || c == ']' || c == ',')
            ++*at;
        else if (!pass_number(at))
            return false;
        last = c;
    }
    return true;
}

/* An object of "type" and "coordinates", or null. */
static bool take_shape(char **at, elc_plain_feature *f) {
    elc_plain_field name, type;
    bool has_type = false, has_coordinates = false;
    if (take_word(at, "null"))
        return true;
    f->shape = *at;
    if (!take(at, '{'))
        return false;
    do {
        if (!take_text(at, &name) || !take(at, ':'))
            return false;
        bool is_type = is_word(&name, "type") && !has_type;
        if (!is_type && (!is_word(&name, "coordinates") || has_coordinates))
            return false;
        if (is_type ? !take_text(at, &type) : !pass_coordinates(at))
            return false;
        has_type |= is_type;
        has_coordinates |= !is_type;
    } while (take(at, ','));
    if (!has_type || !has_coordinates || !take(at, '}'))
        return false;
    f->shape_size = (size_t)(*at - f->shape);
    return true;
}

/* ---- features ---------------------------------------------------------------------
 */

enum { HAS_TYPE = 1, HAS_PROPERTIES = 2, HAS_SHAPE = 4, HAS_ALL = 7 };

static bool take_feature(char **at, elc_plain_feature *f) {
    elc_plain_field name, type;
    int has = 0;
    f->shape = NULL;
    f->shape_size = 0;
    if (!take(at, '{'))
        return false;
    do {
        int is = 0;
        if (!take_text(at, &name) || !take(at, ':'))
            return false;
        if (is_word(&name, "type") && take_text(at, &type) && is_word(&type, "Feature"))
            is = HAS_TYPE;
        else if (is_word(&name, "properties") && take(at, '{') &&
                 take_properties(at, f))
            is = HAS_PROPERTIES;
        else if (is_word(&name, "geometry") && take_shape(at, f))
            is = HAS_SHAPE;
        if (is == 0 || (has & is) != 0)
            return false;
        has |= is;
    } while (take(at, ','));
    return has == HAS_ALL && take(at, '}');
}

/* After the last feature, the collection ends, and then the file. */
static bool is_end(char **at, const elc_plain_json *j) {
    if (!take(at, '}'))
        return false;
    *at = past_blanks(*at);
    return *at == j->data + j->end;
}

/* What stands at *at: a feature with the comma or bracket after it, or the end. */
static int look(char **at, const elc_plain_json *j, elc_plain_feature *f) {
    if (take(at, ']'))
        return is_end(at, j) ? ELC_PLAIN_END : ELC_PLAIN_ODD;
    if (!take_feature(at, f))
        return ELC_PLAIN_ODD;
    *at = past_blanks(*at);
    bool more = take(at, ',');
    *at = past_blanks(*at);
    return (more && **at == '{') || (!more && **at == ']') ? ELC_PLAIN_LINE
                                                           : ELC_PLAIN_ODD;
}

/* Where the text that is there ends inside of a feature, it is looked at again with
   more. The end of the collection needs the end of the file. */
elc_status elc_plain_json_next(elc_plain_json *j, elc_plain_feature *feature, int *out,
                               elc_error *err) {
    for (;;) {
        char *at = j->data + j->at, *end = j->data + j->end;
        *out = look(&at, j, feature);
        bool is_short = !j->ended && *out != ELC_PLAIN_LINE && end - at < LONGEST_WORD;
        if (is_short && *out == ELC_PLAIN_ODD && j->end - j->at >= MOST_BLOCK)
            return ELC_OK;
        if (!is_short) {
            j->at = (size_t)(at - j->data);
            return ELC_OK;
        }
        ELC_TRY(fill(j, err));
    }
}

/* ---- the head ---------------------------------------------------------------------
 */

/* An object or list whose end is the first one of its depth; no string in it has an
   escape or a bracket. */
static bool pass_nested(char **at) {
    elc_plain_field text;
    int depth = 0;
    *at = past_blanks(*at);
    do {
        if (**at == '{' || **at == '[')
            depth++;
        else if (**at == '}' || **at == ']')
            depth--;
        else if (**at == '\0')
            return false;
        if (**at != '"')
            ++*at;
        else if (!take_text(at, &text) || memchr(text.text, '\\', text.size) != NULL)
            return false;
    } while (depth > 0);
    return true;
}

static bool take_head(char **at) {
    elc_plain_field name, value;
    bool is_collection = false;
    if (**at != '{' || !take(at, '{'))
        return false;
    do {
        if (!take_text(at, &name) || !take(at, ':'))
            return false;
        if (is_word(&name, "features"))
            return is_collection && take(at, '[');
        *at = past_blanks(*at);
        if (is_word(&name, "type")) {
            if (!take_text(at, &value) || !is_word(&value, "FeatureCollection"))
                return false;
            is_collection = true;
        } else if (is_word(&name, "name")                 ? !take_text(at, &value)
                   : is_word(&name, "crs") && **at == '{' ? !pass_nested(at)
                                                          : true)
            return false;
    } while (take(at, ','));
    return false;
}

elc_status elc_plain_json_head(elc_plain_json *j, size_t *out, elc_error *err) {
    ELC_TRY(fill(j, err));
    char *at = j->data;
    bool is_plain = take_head(&at);
    j->at = (size_t)(at - j->data);
    *out = is_plain && j->at <= LONGEST_HEAD ? j->at : 0;
    return ELC_OK;
}

/* ---- texts ------------------------------------------------------------------------
 */

/* Of the four digits after \u: 0 for none, and for halves of a character. */
static unsigned code_of(const char *digits) {
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        static const char all[] = "0123456789abcdef";
        char c =
            (char)(digits[i] >= 'A' && digits[i] <= 'F' ? digits[i] + 32 : digits[i]);
        const char *at = c == '\0' ? NULL : strchr(all, c);
        if (at == NULL)
            return 0;
        code = code << 4 | (unsigned)(at - all);
    }
    return code >= 0xd800 && code < 0xe000 ? 0 : code;
}

static char *put_code(char *to, unsigned code) {
    if (code >= 0x800) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
    } else if (code >= 0x80)
        *to++ = (char)(0xc0 | code >> 6);
    *to++ = (char)(code >= 0x80 ? 0x80 | (code & 0x3f) : code);
    return to;
}

/* What is resolved is never longer than its escape. */
static bool resolve(elc_plain_field *text) {
    static const char written[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char *to = memchr(text->text, '\\', text->size), *end = text->text + text->size;
    if (to == NULL)
        return true;
    for (char *from = to; from < end;) {
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }
        const char *simple = strchr(written, from[1]);
        unsigned code = simple != NULL    ? (unsigned char)meant[simple - written]
                        : from[1] != 'u'  ? 0
                        : end - from >= 6 ? code_of(from + 2)
                                          : 0;
        if (code == 0)
            return false;
        to = put_code(to, code);
        from += simple != NULL ? 2 : 6;
    }
    text->size = (size_t)(to - text->text);
    return true;
}

bool elc_plain_json_finish(elc_plain_feature *feature) {
    for (size_t i = 0; i < feature->n; i++) {
        elc_plain_field *value = &feature->values[i];
        if (value->text == NULL)
            continue;
        if (value->quoted && !resolve(value))
            return false;
        value->text[value->size] = '\0';
    }
    return true;
}
