/* where.c - where a GeoJSON that OGR refuses is wrong: its features are walked, each by
   JSON's grammar and its geometry as one of ours. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "where.h"

#include <elcano/geometry.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEEPEST = 200 };
#define LARGEST ((size_t)256 << 20)

typedef struct walk {
    const char *text;
    size_t size, at; /* where it is wrong, once something is */
} walk;

/* ---- JSON -------------------------------------------------------------------------
 */

static char here(const walk *w) {
    return w->at < w->size ? w->text[w->at] : '\0';
}

/* Those between the records of a sequence, too. */
static void pass_blanks(walk *w) {
    while (w->at < w->size && strchr(" \t\r\n\x1e", w->text[w->at]) != NULL &&
           w->text[w->at] != '\0')
        w->at++;
}

static bool take(walk *w, char c) {
    pass_blanks(w);
    if (here(w) != c || w->at == w->size)
        return false;
    w->at++;
    return true;
}

/* The text between its quotes, escapes as they are. */
static bool take_text(walk *w, const char **text, size_t *n) {
    if (!take(w, '"'))
        return false;
    *text = w->text + w->at;
    while (w->at < w->size && here(w) != '"')
        w->at += here(w) == '\\' && w->at + 1 < w->size ? 2 : 1;
    *n = (size_t)(w->text + w->at - *text);
    return take(w, '"');
}

static bool take_word(walk *w, const char *word) {
    size_t n = strlen(word);
    bool is = w->size - w->at >= n && memcmp(w->text + w->at, word, n) == 0;
    w->at += is ? n : 0;
    return is;
}

static bool pass_number(walk *w) {
    size_t begin = w->at;
    while (w->at < w->size && here(w) != '\0' &&
           strchr("0123456789+-.eE", here(w)) != NULL)
        w->at++;
    return w->at > begin;
}

static bool pass(walk *w, int depth);

static bool pass_members(walk *w, char end, int depth) {
    const char *name;
    size_t n;
    if (depth > DEEPEST)
        return false;
    if (take(w, end))
        return true;
    do {
        if (end == '}' && (!take_text(w, &name, &n) || !take(w, ':')))
            return false;
        if (!pass(w, depth + 1))
            return false;
    } while (take(w, ','));
    return take(w, end);
}

static bool pass(walk *w, int depth) {
    const char *text;
    size_t n;
    pass_blanks(w);
    switch (here(w)) {
    case '{':
        w->at++;
        return pass_members(w, '}', depth);
    case '[':
        w->at++;
        return pass_members(w, ']', depth);
    case '"':
        return take_text(w, &text, &n);
    case 't':
        return take_word(w, "true");
    case 'f':
        return take_word(w, "false");
    case 'n':
        return take_word(w, "null");
    default:
        return pass_number(w);
    }
}

/* ---- features ---------------------------------------------------------------------
 */

static bool is_name(const char *name, size_t n, const char *wanted) {
    return n == strlen(wanted) && memcmp(name, wanted, n) == 0;
}

static bool pass_geometry(walk *w) {
    elc_string wkb = {0};
    pass_blanks(w);
    size_t begin = w->at;
    if (take_word(w, "null"))
        return true;
    if (!pass(w, 0))
        return false;
    bool is = elc_wkb_from_geojson(w->text + begin, w->at - begin, &wkb, NULL, NULL) ==
              ELC_OK;
    elc_string_free(&wkb);
    w->at = is ? w->at : begin;
    return is;
}

static bool pass_feature(walk *w) {
    const char *name;
    size_t n;
    if (!take(w, '{'))
        return false;
    do {
        if (!take_text(w, &name, &n) || !take(w, ':'))
            return false;
        if (is_name(name, n, "geometry") ? !pass_geometry(w) : !pass(w, 0))
            return false;
    } while (take(w, ','));
    return take(w, '}');
}

/* To the first feature of a collection; false where there is none such. */
static bool find_features(walk *w) {
    const char *name;
    size_t n;
    if (!take(w, '{'))
        return false;
    do {
        if (!take_text(w, &name, &n) || !take(w, ':'))
            return false;
        if (is_name(name, n, "features"))
            return take(w, '[');
        if (!pass(w, 0))
            return false;
    } while (take(w, ','));
    return false;
}

bool elc_where_in(const char *text, size_t size, uint64_t *feature, size_t *byte) {
    walk w = {text, size, 0};
    bool is_collection = find_features(&w), more = true, right = true;
    *feature = 0;
    if (!is_collection)
        w.at = 0;
    pass_blanks(&w);
    if (is_collection && here(&w) == ']')
        return false;
    while (more && right) {
        ++*feature;
        right = pass_feature(&w);
        more = right && take(&w, ',');
        if (right && !is_collection) {
            pass_blanks(&w);
            more = w.at < w.size;
        }
    }
    if (right && is_collection)
        right = take(&w, ']');
    *byte = w.at;
    return !right;
}

static bool is_geojson(const char *path) {
    static const char *const endings[] = {".geojson", ".json", ".geojsonl",
                                          ".geojsons"};
    const char *ending = strrchr(path, '.');
    for (size_t i = 0; ending != NULL && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(ending, endings[i]) == 0)
            return true;
    return false;
}

elc_status elc_where_wrong(const char *path, elc_string *out, elc_error *err) {
    elc_string text = {0};
    uint64_t feature = 0;
    size_t byte = 0;
    elc_status status = ELC_OK;
    if (is_geojson(path) && elc_file_read(path, LARGEST, &text, NULL) == ELC_OK &&
        elc_where_in(text.data, text.size, &feature, &byte))
        status = elc_string_printf(out, err, " (feature %llu, byte %zu)",
                                   (unsigned long long)feature, byte);
    elc_string_free(&text);
    return status;
}
