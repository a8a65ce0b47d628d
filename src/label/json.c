/* json.c - large JSON files, an element at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/json.h"

#include "label/file.h"

#include <string.h>

#define ELEMENT_MAX ((size_t)64 << 20)
#define DEPTH_MAX   512

/* The bytes of a value are found by brackets and quotes alone; whether they are JSON is
   jansson's to say. */
typedef struct scan {
    elc_label_build *b;
    elc_label_file file;
    elc_string text; /* of the element or key that was read last */
    const char *const *wanted;
    elc_label_json_element element;
    void *arg;
} scan;

static elc_status fail_json(scan *s, elc_error *err, const char *what) {
    s->b->number = s->file.line;
    return ELC_LABEL_FAIL(s->b, err, ELC_E_FORMAT, "%s", what);
}

static elc_status fail_byte(scan *s, int c, const char *expected, elc_error *err) {
    s->b->number = s->file.line;
    if (c < 0)
        return ELC_LABEL_FAIL(s->b, err, ELC_E_FORMAT,
                              "the file ends where %s must be: is it whole?", expected);
    return ELC_LABEL_FAIL(s->b, err, ELC_E_FORMAT, "'%c' where %s must be: not JSON",
                          c > ' ' && c < 127 ? c : '?', expected);
}

static int peek(scan *s) {
    int c = elc_label_file_peek(&s->file);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        elc_label_file_next(&s->file);
        c = elc_label_file_peek(&s->file);
    }
    return c;
}

static elc_status expect(scan *s, int wanted, const char *name, elc_error *err) {
    int c = peek(s);
    if (c != wanted)
        return fail_byte(s, c, name, err);
    elc_label_file_next(&s->file);
    return ELC_OK;
}

static elc_status keep(scan *s, int c, elc_error *err) {
    char byte = (char)c;
    if (s->text.size == ELEMENT_MAX)
        return fail_json(s, err, "an element larger than the 64 MiB that one may have");
    if (s->text.size + 1 < s->text.capacity) {
        s->text.data[s->text.size++] = byte;
        return ELC_OK;
    }
    return elc_string_append(&s->text, &byte, 1, err);
}

/* ---- values --------------------------------------------------------------- */

/* Reads a text with its quotes. */
static elc_status take_string(scan *s, bool kept, elc_error *err) {
    bool escaped = false;
    for (bool first = true;; first = false) {
        int c = elc_label_file_next(&s->file);
        if (c < 0)
            return fail_byte(s, c, "the end of a text", err);
        if (kept)
            ELC_TRY(keep(s, c, err));
        if (c == '"' && !escaped && !first)
            return ELC_OK;
        escaped = c == '\\' && !escaped;
    }
}

/* Reads one byte or one text of a value. */
static elc_status take_piece(scan *s, bool kept, size_t *depth, elc_error *err) {
    int c = elc_label_file_peek(&s->file);
    if (c < 0)
        return fail_byte(s, c, "the end of a value", err);
    if (c == '"')
        return take_string(s, kept, err);
    elc_label_file_next(&s->file);
    if (c == '{' || c == '[')
        ++*depth;
    if ((c == '}' || c == ']') && *depth > 0)
        --*depth;
    if (*depth > DEPTH_MAX)
        return fail_json(s, err, "nested deeper than the 512 levels that it may have");
    return kept ? keep(s, c, err) : ELC_OK;
}

static bool ends_value(int c) {
    return c < 0 || strchr(",]} \t\r\n", c) != NULL;
}

/* Reads a value to its end, into s->text when it is kept. */
static elc_status take_value(scan *s, bool kept, elc_error *err) {
    size_t depth = 0;
    s->text.size = 0;
    int c = peek(s);
    bool nested = c == '{' || c == '[';
    if (ends_value(c))
        return fail_byte(s, c, "a value", err);
    do {
        ELC_TRY(take_piece(s, kept, &depth, err));
    } while (nested ? depth > 0 : !ends_value(elc_label_file_peek(&s->file)));
    return kept ? elc_string_append(&s->text, "", 0, err) : ELC_OK;
}

/* ---- lists ---------------------------------------------------------------- */

static elc_status give_element(scan *s, size_t which, elc_error *err) {
    json_error_t why;
    peek(s);
    uint64_t line = s->file.line;
    ELC_TRY(take_value(s, true, err));
    s->b->number = line;
    json_t *value = json_loadb(s->text.data, s->text.size, JSON_DECODE_ANY, &why);
    if (value == NULL)
        return ELC_LABEL_FAIL(s->b, err, ELC_E_FORMAT, "not JSON: %s", why.text);
    elc_status status = s->element(s->arg, which, value, err);
    json_decref(value);
    return status;
}

static elc_status take_list(scan *s, size_t which, elc_error *err) {
    ELC_TRY(expect(s, '[', "'['", err));
    if (peek(s) == ']')
        return expect(s, ']', "']'", err);
    for (;;) {
        ELC_TRY(give_element(s, which, err));
        int c = peek(s);
        if (c != ',' && c != ']')
            return fail_byte(s, c, "',' or ']'", err);
        elc_label_file_next(&s->file);
        if (c == ']')
            return ELC_OK;
    }
}

/* The number of the wanted list that s->text, a key in quotes, names; or SIZE_MAX. */
static size_t find_wanted(const scan *s) {
    for (size_t i = 0; s->wanted[i] != NULL; i++)
        if (s->text.size == strlen(s->wanted[i]) + 2 &&
            memcmp(s->text.data + 1, s->wanted[i], s->text.size - 2) == 0)
            return i;
    return SIZE_MAX;
}

static elc_status take_member(scan *s, elc_error *err) {
    if (peek(s) != '"')
        return fail_byte(s, peek(s), "a member's name", err);
    s->text.size = 0;
    ELC_TRY(take_string(s, true, err));
    size_t which = find_wanted(s);
    ELC_TRY(expect(s, ':', "':'", err));
    return which != SIZE_MAX && peek(s) == '[' ? take_list(s, which, err)
                                               : take_value(s, false, err);
}

static elc_status take_object(scan *s, elc_error *err) {
    ELC_TRY(expect(s, '{', "'{'", err));
    if (peek(s) == '}')
        return expect(s, '}', "'}'", err);
    for (;;) {
        ELC_TRY(take_member(s, err));
        int c = peek(s);
        if (c != ',' && c != '}')
            return fail_byte(s, c, "',' or '}'", err);
        elc_label_file_next(&s->file);
        if (c == '}')
            return ELC_OK;
    }
}

elc_status elc_label_json_each(elc_label_build *b, const char *const *wanted,
                               elc_label_json_element element, void *arg,
                               elc_error *err) {
    scan s = {.b = b, .wanted = wanted, .element = element, .arg = arg};
    b->unit = "line";
    ELC_TRY(elc_label_file_open(b->path, &s.file, err));
    elc_status status = take_object(&s, err);
    if (status == ELC_OK && peek(&s) >= 0)
        status = fail_byte(&s, peek(&s), "the end of the file", err);
    elc_label_file_close(&s.file);
    elc_string_free(&s.text);
    return status;
}

elc_status elc_label_json_text(const json_t *value, elc_string *out, bool *is,
                               elc_error *err) {
    out->size = 0;
    *is = json_is_string(value) || json_is_integer(value);
    if (json_is_string(value))
        return elc_string_append(out, json_string_value(value),
                                 json_string_length(value), err);
    return elc_string_printf(out, err, "%lld", (long long)json_integer_value(value));
}
