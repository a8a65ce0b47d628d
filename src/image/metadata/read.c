/* read.c - XML, grouped text and JSON made into a record. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/metadata/record.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#define DEPTH_MAX 32

/* ---- XML ------------------------------------------------------------------------- */

static elc_status keep_element(void *arg, const char *path, const char *text,
                               const char *const *attributes, elc_error *err) {
    elc_record *record = arg;
    if (text[0] != '\0')
        ELC_TRY(elc_record_add(record, path, text, err));
    elc_string name = {0};
    elc_status status = ELC_OK;
    for (; attributes[0] != NULL && status == ELC_OK; attributes += 2) {
        name.size = 0;
        status = elc_string_printf(&name, err, "%s@%s", path, attributes[0]);
        if (status == ELC_OK)
            status = elc_record_add(record, name.data, attributes[1], err);
    }
    elc_string_free(&name);
    return status;
}

elc_status elc_record_xml(elc_record *record, const char *name, const void *bytes,
                          size_t n, elc_error *err) {
    return elc_xml_read_bytes(name, bytes, n, keep_element, record, err);
}

elc_status elc_record_read_xml(elc_record *record, const char *name,
                               elc_xml_source source, void *arg, uint64_t limit,
                               elc_error *err) {
    return elc_xml_read(name, source, arg, limit, keep_element, record, err);
}

/* ---- grouped text ---------------------------------------------------------------- */

typedef struct {
    const char *name, *at, *end;
    int line, depth;
    size_t starts[DEPTH_MAX]; /* of the open groups' names in `path` */
    elc_string path, value;
    elc_record *record;
} scan;

static elc_status not_groups(const scan *s, const char *what, elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "%s: line %d: %s", s->name, s->line, what);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(scan *s, bool lines) {
    while (s->at < s->end && (is_blank(*s->at) || (lines && *s->at == '\n'))) {
        s->line += *s->at == '\n';
        s->at++;
    }
}

/* A value up to its end: of the line or ';', or of the bracket or quotes around it. */
static elc_status take_value(scan *s, elc_error *err) {
    s->value.size = 0;
    ELC_TRY(elc_string_append(&s->value, "", 0, err));
    bool quoted = false;
    int brackets = 0;
    for (; s->at < s->end; s->at++) {
        char c = *s->at;
        if (!quoted && brackets == 0 && (c == ';' || c == '\n'))
            break;
        s->line += c == '\n';
        if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '(' || c == ')'))
            brackets += c == '(' ? 1 : -1;
        else
            ELC_TRY(elc_string_append(
                &s->value, !quoted && (c == ',' || c == '\n') ? " " : &c, 1, err));
    }
    if (quoted || brackets != 0)
        return not_groups(s, "a quotation mark or bracket is never closed", err);
    while (s->value.size > 0 && is_blank(s->value.data[s->value.size - 1]))
        s->value.size--;
    s->value.data[s->value.size] = '\0';
    return ELC_OK;
}

static elc_status join(scan *s, const char *name, elc_error *err) {
    return elc_string_printf(&s->path, err, "%s%s", s->path.size > 0 ? "/" : "", name);
}

static elc_status open_group(scan *s, elc_error *err) {
    if (s->depth == DEPTH_MAX)
        return not_groups(s, "groups nested deeper than 32", err);
    s->starts[s->depth++] = s->path.size;
    return join(s, s->value.data, err);
}

static elc_status close_group(scan *s, elc_error *err) {
    if (s->depth == 0)
        return not_groups(s, "END_GROUP without a group", err);
    s->path.size = s->starts[--s->depth];
    s->path.data[s->path.size] = '\0';
    return ELC_OK;
}

static elc_status take_pair(scan *s, const char *key, elc_error *err) {
    ELC_TRY(take_value(s, err));
    if (!strcasecmp(key, "BEGIN_GROUP") || !strcasecmp(key, "GROUP"))
        return open_group(s, err);
    if (!strcasecmp(key, "END_GROUP"))
        return close_group(s, err);
    size_t size = s->path.size;
    ELC_TRY(join(s, key, err));
    ELC_TRY(elc_record_add(s->record, s->path.data, s->value.data, err));
    s->path.size = size;
    s->path.data[size] = '\0';
    return ELC_OK;
}

static elc_status take_line(scan *s, bool *more, elc_error *err) {
    char key[128];
    size_t n = 0;
    while (s->at + n < s->end && !is_blank(s->at[n]) && s->at[n] != '=' &&
           s->at[n] != ';' && s->at[n] != '\n')
        n++;
    if (n == 0 || n >= sizeof key)
        return not_groups(s, "neither \"key = value\" nor a group", err);
    memcpy(key, s->at, n);
    key[n] = '\0';
    s->at += n;
    skip_blanks(s, false);
    if (s->at < s->end && *s->at == '=') {
        s->at++;
        skip_blanks(s, false);
        return take_pair(s, key, err);
    }
    *more = strcasecmp(key, "END") != 0;
    return *more ? not_groups(s, "neither \"key = value\" nor a group", err) : ELC_OK;
}

static elc_status take_lines(scan *s, elc_error *err) {
    bool more = true;
    while (more) {
        skip_blanks(s, true);
        while (s->at < s->end && *s->at == ';') {
            s->at++;
            skip_blanks(s, true);
        }
        if (s->at == s->end)
            return ELC_OK;
        ELC_TRY(take_line(s, &more, err));
    }
    return ELC_OK;
}

elc_status elc_record_text(elc_record *record, const char *name, const char *bytes,
                           size_t n, elc_error *err) {
    scan s = {.name = name, .at = bytes, .end = bytes + n, .line = 1, .record = record};
    elc_status status = ELC_OK;
    if (n > 0 && memchr(bytes, 0, n) != NULL)
        status = not_groups(&s, "holds bytes that are no text", err);
    if (status == ELC_OK)
        status = take_lines(&s, err);
    if (status == ELC_OK && record->count == 0)
        status = not_groups(&s, "says nothing", err);
    elc_string_free(&s.path);
    elc_string_free(&s.value);
    return status;
}

/* ---- JSON ------------------------------------------------------------------------ */

static elc_status keep_json(elc_record *record, elc_string *path, const json_t *value,
                            int depth, elc_error *err);

static elc_status keep_members(elc_record *record, elc_string *path, json_t *object,
                               int depth, elc_error *err) {
    const char *key;
    json_t *value;
    size_t size = path->size;
    json_object_foreach(object, key, value) {
        ELC_TRY(elc_string_printf(path, err, "%s%s", size > 0 ? "/" : "", key));
        ELC_TRY(keep_json(record, path, value, depth + 1, err));
        path->size = size;
        path->data[size] = '\0';
    }
    return ELC_OK;
}

static elc_status keep_number(elc_record *record, const elc_string *path,
                              const json_t *value, elc_error *err) {
    elc_string text = {0};
    elc_status status =
        elc_string_printf(&text, err, "%.17g", json_number_value(value));
    if (status == ELC_OK)
        status = elc_record_add(record, path->data, text.data, err);
    elc_string_free(&text);
    return status;
}

static elc_status keep_json(elc_record *record, elc_string *path, const json_t *value,
                            int depth, elc_error *err) {
    size_t i;
    json_t *item;
    if (depth > DEPTH_MAX || path->size > 4096)
        return ELC_OK;
    if (json_is_string(value))
        return elc_record_add(record, path->data, json_string_value(value), err);
    if (json_is_object(value))
        return keep_members(record, path, (json_t *)value, depth, err);
    json_array_foreach(value, i, item) {
        ELC_TRY(keep_json(record, path, item, depth + 1, err));
    }
    return json_is_number(value) ? keep_number(record, path, value, err) : ELC_OK;
}

elc_status elc_record_json(elc_record *record, const char *name, const char *bytes,
                           size_t n, elc_error *err) {
    json_error_t why;
    json_t *root = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL)
        return elc_fail(err, ELC_E_FORMAT, "%s: not JSON: line %d: %s", name, why.line,
                        why.text);
    elc_string path = {0};
    elc_status status = elc_string_append(&path, "", 0, err);
    if (status == ELC_OK)
        status = keep_json(record, &path, root, 0, err);
    elc_string_free(&path);
    json_decref(root);
    return status;
}
