/* where.c - GeoJSON walked a feature at a time, each by JSON's grammar and its geometry
   as one of ours, for OGR passes over what it does not understand. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "where.h"

#include "calendar.h"
#include "ogr.h"
#include "vacant.h"

#include <elcano/geometry.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_error.h>

enum { DEEPEST = 200, BLOCK = 1 << 20, LONGEST_WORD = 16, LONGEST_NUMBER = 300 };
enum { LOOK_ROWS = 4096 };
#define LARGEST ((size_t)256 << 20)

typedef struct walk {
    const char *text;
    size_t size, at; /* where it is wrong, once something is */
    VSILFILE *file;  /* what follows the text; NULL: nothing */
    char *block;     /* the text, where it is a file's */
    size_t capacity;
    uint64_t base; /* bytes of the file before the text */
    bool vacant;   /* a list of nothing was passed */
    elc_where *found;
} walk;

/* ---- the text ---------------------------------------------------------------------
 */

/* More of the file behind what is left; the walk begins at its front then. */
static elc_status fill(walk *w, elc_error *err) {
    size_t left = w->size - w->at;
    if (w->at > 0)
        memmove(w->block, w->block + w->at, left);
    w->base += w->at;
    w->at = 0;
    ELC_TRY(elc_reserve(&w->block, &w->capacity, left < BLOCK / 2 ? BLOCK : 2 * left, 1,
                        err));
    size_t got = VSIFReadL(w->block + left, 1, w->capacity - left, w->file);
    w->text = w->block;
    w->size = left + got;
    if (got < w->capacity - left) {
        VSIFCloseL(w->file);
        w->file = NULL;
    }
    return ELC_OK;
}

/* Whether what `pass` wants is there. Where the text ended before that was clear, it
   looks again with more. */
static elc_status attempt(walk *w, bool (*pass)(walk *), bool *out, elc_error *err) {
    for (;;) {
        size_t begin = w->at;
        *out = pass(w);
        if (w->file == NULL || (w->at < w->size && w->size - w->at >= LONGEST_WORD))
            return ELC_OK;
        if (w->size - begin > LARGEST) {
            w->found->too_large = true;
            return ELC_OK;
        }
        w->at = begin;
        ELC_TRY(fill(w, err));
    }
}

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

static uint64_t place(const walk *w) {
    return w->base + w->at;
}

/* OGR ends a text at a NUL. */
static void see_escape(walk *w) {
    static const char nul[] = "\\u0000";
    size_t n = sizeof nul - 1;
    if (w->found->nul_feature > 0 || w->size - w->at < n ||
        memcmp(w->text + w->at, nul, n) != 0)
        return;
    w->found->nul_feature = w->found->feature;
    w->found->nul_byte = place(w);
}

/* The text between its quotes, escapes as they are. */
static bool take_text(walk *w, const char **text, size_t *n) {
    if (!take(w, '"'))
        return false;
    *text = w->text + w->at;
    for (; w->at < w->size && here(w) != '"'; w->at++)
        if (here(w) == '\\' && w->at + 1 < w->size) {
            see_escape(w);
            w->at++;
        }
    *n = (size_t)(w->text + w->at - *text);
    return take(w, '"');
}

static bool take_word(walk *w, const char *word) {
    size_t n = strlen(word);
    bool is = w->size - w->at >= n && memcmp(w->text + w->at, word, n) == 0;
    w->at += is ? n : 0;
    return is;
}

/* A number beyond those of 64 bits is none that could be read; whole ones are, and not
   as they are. */
static bool check_number(walk *w, size_t begin) {
    char number[LONGEST_NUMBER + 1];
    size_t n = w->at - begin;
    double real = 0;
    int64_t whole = 0;
    if (n < 19 && memchr(w->text + begin, 'e', n) == NULL &&
        memchr(w->text + begin, 'E', n) == NULL)
        return true;
    if (n > LONGEST_NUMBER)
        return true;
    memcpy(number, w->text + begin, n);
    number[n] = '\0';
    if (elc_parse_real(number, "", &real, NULL) != ELC_OK)
        return false;
    if (strpbrk(number, ".eE") == NULL && w->found->big_feature == 0 &&
        elc_parse_int(number, "", &whole, NULL) != ELC_OK) {
        w->found->big_feature = w->found->feature;
        w->found->big_byte = w->base + begin;
    }
    return true;
}

/* NaN and Infinity, too, which some programs write and OGR reads. */
static bool pass_number(walk *w) {
    size_t begin = w->at;
    if (take_word(w, "NaN") || take_word(w, "Infinity") || take_word(w, "-Infinity"))
        return true;
    while (w->at < w->size && here(w) != '\0' &&
           strchr("0123456789+-.eE", here(w)) != NULL)
        w->at++;
    if (w->at > begin && check_number(w, begin))
        return true;
    w->at = w->at < w->size || w->file == NULL ? begin : w->at;
    return false;
}

static bool pass_text(walk *w) {
    const char *text;
    size_t n;
    if (!take_text(w, &text, &n))
        return false;
    w->found->odd_dates |= elc_time_text_is_odd(text, n);
    return true;
}

static bool pass(walk *w, int depth);

static bool pass_members(walk *w, char end, int depth) {
    const char *name;
    size_t n;
    if (depth > DEEPEST)
        return false;
    if (take(w, end)) {
        w->vacant |= end == ']';
        return true;
    }
    do {
        if (end == '}' && (!take_text(w, &name, &n) || !take(w, ':')))
            return false;
        if (!pass(w, depth + 1))
            return false;
    } while (take(w, ','));
    return take(w, end);
}

static bool pass(walk *w, int depth) {
    pass_blanks(w);
    switch (here(w)) {
    case '{':
        w->at++;
        return pass_members(w, '}', depth);
    case '[':
        w->at++;
        return pass_members(w, ']', depth);
    case '"':
        return pass_text(w);
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

/* It is wrong where it begins. */
static bool fail_at(walk *w, size_t begin) {
    w->at = begin;
    return false;
}

/* Where memory ends, it is as if there were none. */
static void keep_empty(walk *w, const elc_string *wkb) {
    static const char empty[] = {1, 3, 0, 0, 0, 0, 0, 0, 0};
    elc_where *found = w->found;
    if (wkb->size != sizeof empty || memcmp(wkb->data, empty, sizeof empty) != 0 ||
        (found->n_empty > 0 && found->empty[found->n_empty - 1] == found->feature) ||
        elc_reserve(&found->empty, &found->empty_capacity, found->n_empty + 1,
                    sizeof *found->empty, NULL) != ELC_OK)
        return;
    found->empty[found->n_empty++] = found->feature;
}

/* Of a MultiPoint with a point of no coordinates OGR makes NULL, the others too. */
static bool has_no_place(const elc_string *wkb) {
    OGRGeometryH shape = NULL;
    if (OGR_G_CreateFromWkbEx(wkb->data, NULL, &shape, wkb->size) != OGRERR_NONE)
        return false;
    bool is = elc_vacant_is(shape);
    OGR_G_DestroyGeometry(shape);
    return is;
}

static bool pass_geometry(walk *w) {
    elc_string wkb = {0};
    pass_blanks(w);
    size_t begin = w->at;
    if (take_word(w, "null"))
        return true;
    w->vacant = false;
    if (!pass(w, 0))
        return false;
    elc_status is =
        elc_wkb_from_geojson(w->text + begin, w->at - begin, &wkb, NULL, NULL);
    if (is == ELC_OK && w->vacant) {
        keep_empty(w, &wkb);
        is = has_no_place(&wkb) ? ELC_E_FORMAT : ELC_OK;
    }
    elc_string_free(&wkb);
    return is != ELC_E_FORMAT || fail_at(w, begin);
}

/* OGR leaves out what is none. */
static bool pass_properties(walk *w) {
    pass_blanks(w);
    return here(w) == '{' ? pass(w, 0) : take_word(w, "null");
}

static bool pass_type(walk *w, const char *wanted) {
    const char *type;
    size_t n;
    pass_blanks(w);
    size_t begin = w->at;
    if (!take_text(w, &type, &n))
        return false;
    return elc_json_is(type, n, wanted) || fail_at(w, begin);
}

static bool pass_feature(walk *w) {
    const char *name;
    size_t n;
    if (!take(w, '{'))
        return false;
    do {
        if (!take_text(w, &name, &n) || !take(w, ':'))
            return false;
        bool right = elc_json_is(name, n, "geometry")     ? pass_geometry(w)
                     : elc_json_is(name, n, "properties") ? pass_properties(w)
                     : elc_json_is(name, n, "type")       ? pass_type(w, "Feature")
                                                          : pass(w, 0);
        if (!right)
            return false;
    } while (take(w, ','));
    return take(w, '}');
}

/* Whether the object that begins here has a type that is not a feature's. */
static bool is_geometry(walk *w) {
    const char *name, *type = "Feature";
    size_t begin = w->at, n = 0, m = strlen(type);
    bool more = take(w, '{');
    while (more && take_text(w, &name, &n) && take(w, ':')) {
        if (elc_json_is(name, n, "type")) {
            take_text(w, &type, &m);
            break;
        }
        more = pass(w, 0) && take(w, ',');
    }
    w->at = begin;
    return !elc_json_is(type, m, "Feature");
}

/* ---- a collection -----------------------------------------------------------------
 */

/* Where memory ends, it is as if there were none. */
static void keep_crs(walk *w, size_t begin) {
    w->found->crs.size = 0;
    if (elc_string_append(&w->found->crs, w->text + begin, w->at - begin, NULL) !=
        ELC_OK)
        w->found->crs.size = 0;
}

/* Whether the value that began there, and has just ended, is that text. */
static bool is_text(const walk *w, size_t begin, const char *wanted) {
    size_t n = w->at - begin;
    return n >= 2 && w->text[begin] == '"' &&
           elc_json_is(w->text + begin + 1, n - 2, wanted);
}

/* To the first feature of a collection; false where there is none such. */
static bool find_features(walk *w) {
    const char *name;
    size_t n, begin = 0;
    if (!take(w, '{'))
        return false;
    do {
        if (!take_text(w, &name, &n) || !take(w, ':'))
            return false;
        if (elc_json_is(name, n, "features"))
            return take(w, '[');
        pass_blanks(w);
        begin = w->at;
        if (!pass(w, 0))
            return false;
        if (elc_json_is(name, n, "type") && is_text(w, begin, "Feature"))
            return false;
        if (elc_json_is(name, n, "crs"))
            keep_crs(w, begin);
    } while (take(w, ','));
    return false;
}

static bool pass_bracket(walk *w) {
    return take(w, ']');
}

static bool pass_comma(walk *w) {
    return take(w, ',');
}

/* The members after the features, and the end. */
static bool pass_tail(walk *w) {
    const char *name;
    size_t n;
    while (take(w, ',')) {
        if (!take_text(w, &name, &n) || !take(w, ':'))
            return false;
        pass_blanks(w);
        size_t begin = w->at;
        if (!pass(w, 0))
            return false;
        if (elc_json_is(name, n, "crs"))
            keep_crs(w, begin);
    }
    return take(w, '}');
}

static bool pass_end(walk *w) {
    pass_blanks(w);
    return w->at == w->size;
}

static elc_status look_cancel(const walk *w, const elc_context *context,
                              elc_error *err) {
    return w->found->feature % LOOK_ROWS == 0 ? elc_check_cancel(context, err) : ELC_OK;
}

static elc_status walk_collection(walk *w, const elc_context *context, bool *right,
                                  elc_error *err) {
    bool ended = false, more = true;
    ELC_TRY(attempt(w, pass_bracket, &ended, err));
    for (*right = true; !ended && *right && more && !w->found->too_large;) {
        w->found->feature++;
        ELC_TRY(look_cancel(w, context, err));
        ELC_TRY(attempt(w, pass_feature, right, err));
        if (*right)
            ELC_TRY(attempt(w, pass_comma, &more, err));
    }
    if (*right && !ended)
        ELC_TRY(attempt(w, pass_bracket, right, err));
    if (*right)
        ELC_TRY(attempt(w, pass_tail, right, err));
    return *right ? attempt(w, pass_end, right, err) : ELC_OK;
}

/* ---- a sequence -------------------------------------------------------------------
 */

static bool pass_element(walk *w) {
    pass_blanks(w);
    return is_geometry(w) ? pass_geometry(w) : pass_feature(w);
}

/* The end of a line, or of the text. */
static bool pass_line(walk *w) {
    size_t begin = w->at;
    pass_blanks(w);
    if (w->at == w->size)
        return true;
    for (size_t i = begin; i < w->at; i++)
        if (w->text[i] == '\n' || w->text[i] == '\x1e')
            return true;
    return false;
}

static elc_status walk_sequence(walk *w, const elc_context *context, bool *right,
                                elc_error *err) {
    bool ended = false;
    for (*right = true; *right && !ended && !w->found->too_large;) {
        w->found->feature++;
        ELC_TRY(look_cancel(w, context, err));
        ELC_TRY(attempt(w, pass_element, right, err));
        if (*right)
            ELC_TRY(attempt(w, pass_line, right, err));
        ended = w->at == w->size && w->file == NULL;
    }
    return ELC_OK;
}

/* ---- all of it --------------------------------------------------------------------
 */

/* Two features in a line are wrong where the second is. */
static elc_status walk_all(walk *w, const elc_context *context, elc_error *err) {
    bool is_collection = false, right = true;
    if (w->file != NULL)
        ELC_TRY(fill(w, err));
    if (w->size >= 3 && memcmp(w->text, "\xef\xbb\xbf", 3) == 0)
        w->at = 3;
    size_t begin = w->at;
    uint64_t base = w->base;
    ELC_TRY(attempt(w, find_features, &is_collection, err));
    if (!is_collection)
        w->at = begin - (size_t)(w->base - base);
    if (!w->found->too_large)
        ELC_TRY(is_collection ? walk_collection(w, context, &right, err)
                              : walk_sequence(w, context, &right, err));
    w->found->wrong = !right && !w->found->too_large;
    w->found->byte = place(w);
    return ELC_OK;
}

elc_status elc_where_look(const char *text, size_t size, elc_where *out,
                          elc_error *err) {
    walk w = {.text = text, .size = size, .found = out};
    *out = (elc_where){0};
    return walk_all(&w, NULL, err);
}

elc_status elc_where_look_file(const char *path, const elc_context *context,
                               elc_where *out, elc_error *err) {
    *out = (elc_where){0};
    CPLPushErrorHandler(CPLQuietErrorHandler);
    walk w = {.file = elc_ogr_open_again(path), .found = out};
    out->too_large = w.file == NULL;
    elc_status status = w.file == NULL ? ELC_OK : walk_all(&w, context, err);
    if (w.file != NULL)
        VSIFCloseL(w.file);
    CPLPopErrorHandler();
    free(w.block);
    return status;
}

void elc_where_free(elc_where *where) {
    elc_string_free(&where->crs);
    free(where->empty);
    *where = (elc_where){0};
}

static bool is_geojson(const char *path) {
    static const char *const endings[] = {".geojson",     ".json",       ".geojsonl",
                                          ".geojsons",    ".geojson.gz", ".json.gz",
                                          ".geojsonl.gz", ".geojsons.gz"};
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && strcasecmp(path + n - m, endings[i]) == 0)
            return true;
    }
    return false;
}

elc_status elc_where_wrong(const char *path, const char *name, elc_string *out,
                           elc_error *err) {
    elc_where where = {0};
    elc_status status = ELC_OK;
    if (is_geojson(path) && elc_where_look_file(name, NULL, &where, NULL) == ELC_OK &&
        where.wrong)
        status = elc_string_printf(out, err, " (feature %llu, byte %llu)",
                                   (unsigned long long)where.feature,
                                   (unsigned long long)where.byte);
    elc_where_free(&where);
    return status;
}
