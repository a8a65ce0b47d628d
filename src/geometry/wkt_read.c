/* wkt_read.c - well-known text, which nobody vouches for, as WKB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <string.h>
#include <strings.h>

#include "geometry/real.h"
#include "geometry/wkb.h"

typedef struct reader {
    const char *text;
    size_t size, at;
    int depth;
    elc_string *out;
} reader;

/* Z and M, as far as the text says so. */
typedef struct tag {
    bool z, m, stated;
} tag;

static elc_status fail_at(const reader *r, elc_error *err, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "WKT of %zu bytes: at byte %zu %s", r->size,
                    r->at, what);
}

/* ---- words ------------------------------------------------------------------------
 */

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void skip_blanks(reader *r) {
    while (r->at < r->size && is_blank(r->text[r->at]))
        r->at++;
}

static bool take(reader *r, char c) {
    skip_blanks(r);
    bool is = r->at < r->size && r->text[r->at] == c;
    r->at += is;
    return is;
}

/* The letters that follow, which may be none. */
static size_t see_word(reader *r, const char **word) {
    skip_blanks(r);
    size_t end = r->at;
    while (end < r->size && is_letter(r->text[end]))
        end++;
    *word = r->text + r->at;
    return end - r->at;
}

static bool is_word(const char *word, size_t n, const char *wanted) {
    return n == strlen(wanted) && strncasecmp(word, wanted, n) == 0;
}

static bool take_word(reader *r, const char *wanted) {
    const char *word;
    size_t n = see_word(r, &word);
    bool is = is_word(word, n, wanted);
    r->at += is ? n : 0;
    return is;
}

/* ---- numbers ----------------------------------------------------------------------
 */

static bool take_odd_number(reader *r, double *out) {
    size_t before = r->at;
    bool minus = take(r, '-');
    if (take_word(r, "NaN"))
        *out = NAN;
    else if (take_word(r, "Infinity") || take_word(r, "Inf"))
        *out = minus ? -INFINITY : INFINITY;
    else
        r->at = before;
    return r->at > before;
}

static elc_status read_number(reader *r, double *out, elc_error *err) {
    skip_blanks(r);
    size_t n = elc_real_read(r->text + r->at, r->size - r->at, out);
    if (n > 0 && !isfinite(*out))
        return fail_at(r, err, "a number is too large");
    r->at += n;
    if (n == 0 && !take_odd_number(r, out))
        return fail_at(r, err, "a number is missing");
    if (r->at < r->size && strchr(" \t\r\n,)", r->text[r->at]) == NULL)
        return fail_at(r, err, "a number goes on as none does");
    return ELC_OK;
}

static elc_status read_point(reader *r, const tag *t, elc_error *err) {
    double point[4];
    size_t dims = elc_wkb_dims(t->z, t->m);
    for (size_t i = 0; i < dims; i++)
        ELC_TRY(read_number(r, &point[i], err));
    return elc_wkb_put_reals(r->out, point, dims, err);
}

/* How many numbers the first point of what follows has; 0: it has no point. */
static int count_numbers(const reader *from) {
    reader r = *from;
    int depth = 0, count = 0;
    for (skip_blanks(&r); r.at < r.size; skip_blanks(&r)) {
        char c = r.text[r.at];
        if (take_word(&r, "EMPTY")) {
            if (depth == 0)
                break;
        } else if (c == '(' || c == ')' || c == ',') {
            depth += (c == '(') - (c == ')');
            if (count > 0 || depth <= 0)
                break;
            r.at++;
        } else {
            while (r.at < r.size && strchr(" \t\r\n,()", r.text[r.at]) == NULL)
                r.at++;
            if (++count > 4 || r.at == r.size)
                break;
        }
    }
    return count;
}

/* ---- geometries -------------------------------------------------------------------
 */

static elc_status read_body(reader *r, const elc_wkb_kind *kind, const tag *t,
                            elc_error *err);
static elc_status read_geometry(reader *r, const tag *whole, tag *got, elc_error *err);

/* "(", items and ")", or EMPTY; their count goes before them. An item that is a
   geometry adds its Z and M to `t`. */
static elc_status read_list(reader *r, const elc_wkb_kind *kind, tag *t,
                            elc_status (*item)(reader *, const elc_wkb_kind *, tag *,
                                               elc_error *),
                            elc_error *err) {
    size_t at = r->out->size;
    uint32_t count = 0;
    ELC_TRY(elc_wkb_put_number(r->out, 0, err));
    if (take_word(r, "EMPTY"))
        return ELC_OK;
    if (!take(r, '('))
        return fail_at(r, err, "neither ( nor EMPTY follows");
    do {
        ELC_TRY(item(r, kind, t, err));
        count++;
    } while (take(r, ','));
    if (!take(r, ')'))
        return fail_at(r, err, "neither , nor ) follows");
    elc_wkb_mend_number(r->out, at, count);
    return ELC_OK;
}

static elc_status read_item_point(reader *r, const elc_wkb_kind *kind, tag *t,
                                  elc_error *err) {
    (void)kind;
    return read_point(r, t, err);
}

static elc_status read_item_ring(reader *r, const elc_wkb_kind *kind, tag *t,
                                 elc_error *err) {
    return read_list(r, kind, t, read_item_point, err);
}

/* A point of a multipoint may stand without ( and ). */
static elc_status read_item_part(reader *r, const elc_wkb_kind *kind, tag *t,
                                 elc_error *err) {
    const elc_wkb_kind *part = elc_wkb_kind_of(kind->part);
    ELC_TRY(elc_wkb_put_type(r->out, part->number, t->z, t->m, err));
    skip_blanks(r);
    char c = r->at < r->size ? r->text[r->at] : ')';
    bool bare = c != '(' && c != 'E' && c != 'e';
    return part->build == ELC_BUILT_AS_POINT && bare ? read_point(r, t, err)
                                                     : read_body(r, part, t, err);
}

static elc_status read_item_any(reader *r, const elc_wkb_kind *kind, tag *t,
                                elc_error *err) {
    tag got;
    (void)kind;
    ELC_TRY(read_geometry(r, t, &got, err));
    t->z |= got.z;
    t->m |= got.m;
    return ELC_OK;
}

static elc_status read_single(reader *r, const tag *t, elc_error *err) {
    if (take_word(r, "EMPTY"))
        return elc_wkb_put_reals(r->out, (double[4]){NAN, NAN, NAN, NAN},
                                 elc_wkb_dims(t->z, t->m), err);
    if (!take(r, '('))
        return fail_at(r, err, "neither ( nor EMPTY follows");
    ELC_TRY(read_point(r, t, err));
    return take(r, ')') ? ELC_OK
                        : fail_at(r, err, "a point does not end where its others do");
}

static elc_status read_parts(reader *r, const elc_wkb_kind *kind, tag *t,
                             elc_error *err) {
    bool any = kind->build == ELC_BUILT_OF_ANY;
    if (r->depth >= ELC_WKB_DEPTH)
        return elc_fail(err, ELC_E_FORMAT,
                        "WKT of %zu bytes: at byte %zu it is nested deeper than %d",
                        r->size, r->at, ELC_WKB_DEPTH);
    r->depth++;
    ELC_TRY(read_list(r, kind, t, any ? read_item_any : read_item_part, err));
    r->depth--;
    return ELC_OK;
}

static elc_status read_body(reader *r, const elc_wkb_kind *kind, const tag *t,
                            elc_error *err) {
    tag same = *t;
    switch (kind->build) {
    case ELC_BUILT_AS_POINT:
        return read_single(r, t, err);
    case ELC_BUILT_AS_LINE:
        return read_list(r, kind, &same, read_item_point, err);
    case ELC_BUILT_OF_RINGS:
        return read_list(r, kind, &same, read_item_ring, err);
    default:
        return read_parts(r, kind, &same, err);
    }
}

/* Z, M or ZM at the end of a word, and how long the word is without. */
static size_t split_tag(const char *word, size_t n, tag *t) {
    for (; n > 0 && !t->m && (word[n - 1] | 0x20) == 'm'; n--)
        t->m = true;
    for (; n > 0 && !t->z && (word[n - 1] | 0x20) == 'z'; n--)
        t->z = true;
    t->stated = t->z || t->m;
    return n;
}

/* "POINT", "PointZM", "POINT ZM" */
static elc_status read_head(reader *r, const elc_wkb_kind **kind, tag *t,
                            elc_error *err) {
    const char *word;
    size_t n = see_word(r, &word);
    *t = (tag){0};
    *kind = elc_wkb_kind_named(word, n);
    if (*kind == NULL)
        *kind = elc_wkb_kind_named(word, split_tag(word, n, t));
    if (n == 0 || *kind == NULL)
        return elc_fail(err, ELC_E_FORMAT,
                        "WKT of %zu bytes: at byte %zu \"%.*s\" is no type such as "
                        "POINT or MULTIPOLYGON",
                        r->size, r->at, n < 40 ? (int)n : 40, word);
    ELC_TRY(elc_wkb_refuse_curves(*kind, err));
    r->at += n;
    n = see_word(r, &word);
    if (t->stated || n == 0 || split_tag(word, n, t) > 0)
        return ELC_OK;
    r->at += n;
    return ELC_OK;
}

/* Where Z and M are not stated, the numbers say; three of them are Z, unless the whole
   has M only. */
static elc_status find_tag(const reader *r, const tag *whole, tag *t, elc_error *err) {
    int n = count_numbers(r);
    if (n == 1 || n > 4)
        return fail_at(r, err, "a point has neither 2, 3 nor 4 numbers");
    bool m_only = whole != NULL && whole->m && !whole->z;
    t->m = n == 4 || (n == 3 && m_only);
    t->z = n == 4 || (n == 3 && !m_only);
    return ELC_OK;
}

/* A collection has Z and M when any of its geometries has: its type is mended after. */
static elc_status read_geometry(reader *r, const tag *whole, tag *got, elc_error *err) {
    const elc_wkb_kind *kind;
    size_t at = r->out->size;
    ELC_TRY(read_head(r, &kind, got, err));
    bool any = kind->build == ELC_BUILT_OF_ANY;
    if (!got->stated && !any)
        ELC_TRY(find_tag(r, whole, got, err));
    ELC_TRY(elc_wkb_put_type(r->out, kind->number, got->z, got->m, err));
    if (!any)
        return read_body(r, kind, got, err);
    ELC_TRY(read_parts(r, kind, got, err));
    elc_wkb_mend_type(r->out, at, kind->number, got->z, got->m);
    return ELC_OK;
}

static elc_status read_srid(reader *r, int32_t *srid, elc_error *err) {
    int64_t number = 0;
    *srid = 0;
    if (!take_word(r, "SRID"))
        return ELC_OK;
    bool any = false;
    if (!take(r, '='))
        return fail_at(r, err, "SRID has no = and number");
    for (skip_blanks(r); r->at < r->size; r->at++) {
        char c = r->text[r->at];
        if (c < '0' || c > '9' || number > INT32_MAX)
            break;
        number = number * 10 + (c - '0');
        any = true;
    }
    if (!any || number > INT32_MAX || !take(r, ';'))
        return fail_at(r, err, "no SRID such as SRID=4326; follows");
    *srid = (int32_t)number;
    return ELC_OK;
}

static elc_status read_all(reader *r, int32_t *srid, elc_error *err) {
    tag got;
    ELC_TRY(read_srid(r, srid, err));
    ELC_TRY(read_geometry(r, NULL, &got, err));
    skip_blanks(r);
    return r->at == r->size
               ? ELC_OK
               : fail_at(r, err, "the geometry has ended, but not the text");
}

elc_status elc_wkb_from_wkt(const char *text, size_t size, elc_string *out,
                            int32_t *srid, elc_error *err) {
    reader r = {.text = text, .size = size, .out = out};
    size_t before = out->size;
    int32_t stated = 0;
    if (size > UINT32_MAX)
        return elc_fail(err, ELC_E_FORMAT,
                        "WKT of %zu bytes: more than the 4294967295 of one geometry",
                        size);
    ELC_TRY(elc_wkb_keep_or_undo(out, before, read_all(&r, &stated, err)));
    if (srid != NULL)
        *srid = stated;
    return ELC_OK;
}
