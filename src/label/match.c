/* match.c - which labels are of an image, by the names that both go by. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/match.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct fit {
    int name; /* 3: the path, 2: the file name, 1: the stem, 0: none */
    size_t folders;
} fit;

/* ---- names ---------------------------------------------------------------- */

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Only these are taken off a stated name: "site.v2" of site.v2.txt has no ending. */
static bool is_ending(const char *text) {
    static const char *const endings[] = {"tif", "tiff", "jpg", "jpeg", "png",   "jp2",
                                          "j2k", "img",  "vrt", "webp", "ntf",   "nitf",
                                          "bmp", "gif",  "hdr", "dat",  "gtiff", NULL};
    for (const char *const *e = endings; *e; e++)
        if (strcasecmp(text, *e) == 0)
            return true;
    return false;
}

label_stem elc_label_stem(const char *path) {
    if (path == NULL)
        return (label_stem){NULL, 0};
    const char *base = base_of(path), *dot = strrchr(base, '.');
    bool has = dot != NULL && dot > base && is_ending(dot + 1);
    return (label_stem){base, has ? (size_t)(dot - base) : strlen(base)};
}

label_stem elc_label_short_stem(const char *path) {
    const char *base = base_of(path), *dot = strrchr(base, '.');
    return (label_stem){base, dot && dot > base ? (size_t)(dot - base) : strlen(base)};
}

int elc_label_stem_compare(label_stem a, label_stem b) {
    if (a.text == NULL || b.text == NULL)
        return (a.text != NULL) - (b.text != NULL);
    size_t n = a.n < b.n ? a.n : b.n;
    int order = memcmp(a.text, b.text, n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* The folder names that two paths have in common, from the file upwards. */
static size_t common_folders(const char *a, const char *b) {
    const char *end_a = base_of(a), *end_b = base_of(b);
    size_t folders = 0;
    while (end_a > a && end_b > b) {
        const char *from_a = --end_a, *from_b = --end_b;
        while (from_a > a && from_a[-1] != '/')
            from_a--;
        while (from_b > b && from_b[-1] != '/')
            from_b--;
        if (end_a - from_a != end_b - from_b ||
            memcmp(from_a, from_b, (size_t)(end_a - from_a)) != 0)
            break;
        folders++;
        end_a = from_a, end_b = from_b;
    }
    return folders;
}

/* By the folder names from the file upwards, `most` of them. */
static int compare_folders(const char *a, const char *b, size_t most) {
    const char *end_a = base_of(a), *end_b = base_of(b);
    for (; most > 0 && end_a > a && end_b > b; most--) {
        const char *to_a = --end_a, *to_b = --end_b;
        while (end_a > a && end_a[-1] != '/')
            end_a--;
        while (end_b > b && end_b[-1] != '/')
            end_b--;
        size_t n = (size_t)(to_a - end_a), m = (size_t)(to_b - end_b);
        int order = memcmp(end_a, end_b, n < m ? n : m);
        if (order != 0 || n != m)
            return order != 0 ? order : n < m ? -1 : 1;
    }
    return most == 0 ? 0 : (end_a > a) - (end_b > b);
}

static fit fit_of(const char *stated, const char *image) {
    label_stem stem = elc_label_stem(stated);
    if (elc_label_stem_compare(stem, elc_label_stem(image)) != 0 &&
        elc_label_stem_compare(stem, elc_label_short_stem(image)) != 0)
        return (fit){0, 0};
    int name = strcmp(stated, image) == 0                     ? 3
               : strcmp(base_of(stated), base_of(image)) == 0 ? 2
                                                              : 1;
    return (fit){name, common_folders(stated, image)};
}

bool elc_label_is_of(const char *stated, const char *image) {
    return fit_of(stated, image).name > 0;
}

size_t elc_label_fit(const char *stated, const char *image) {
    fit f = fit_of(stated, image);
    return f.name == 0 ? 0 : (size_t)f.name * PATH_MAX + f.folders;
}

/* ---- names in order -------------------------------------------------------- */

int elc_label_entry_compare(const void *a, const void *b) {
    const label_entry *x = a, *y = b;
    int order = elc_label_stem_compare(x->stem, y->stem);
    if (order == 0 && x->name != NULL)
        order = strcmp(base_of(x->name), base_of(y->name));
    if (order == 0 && x->name != NULL)
        order = compare_folders(x->name, y->name, SIZE_MAX);
    return order != 0 ? order : (x->item > y->item) - (x->item < y->item);
}

/* A stem; a file name, NULL: any; and the last `folders` of a path's. */
typedef struct probe {
    label_stem stem;
    const char *base, *path;
    size_t folders;
} probe;

static int compare_entry(const label_entry *e, const probe *p) {
    int order = elc_label_stem_compare(e->stem, p->stem);
    if (order == 0 && p->base != NULL)
        order = strcmp(base_of(e->name), p->base);
    return order == 0 && p->base != NULL ? compare_folders(e->name, p->path, p->folders)
                                         : order;
}

/* The first place that is not before what is looked for, or that is after it. */
static size_t bound(const label_order *o, const probe *p, bool after) {
    size_t from = 0, to = o->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare_entry(&o->entries[middle], p);
        if (order < 0 || (after && order == 0))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static size_t common_at(const label_order *o, size_t i, size_t from, size_t to,
                        const char *path) {
    return i >= from && i < to ? common_folders(o->entries[i].name, path) : 0;
}

static void take_fit(label_best *best, size_t now, const label_entry *first,
                     const label_entry *last) {
    if (now < best->fit)
        return;
    bool as_well = now == best->fit;
    best->other = as_well ? first : strcmp(first->name, last->name) != 0 ? last : NULL;
    best->entry = as_well ? best->entry : first;
    best->fit = now;
}

/* Those of one file name, [from, to), lie by folders: what has most of them in common
   lies about the place where the path would be, and together. */
static void search_base(const label_order *o, label_stem stem, const char *path,
                        size_t from, size_t to, label_best *best) {
    probe p = {stem, base_of(o->entries[from].name), path, SIZE_MAX};
    size_t at = bound(o, &p, false);
    int name = strcmp(p.base, base_of(path)) == 0 ? 2 : 1;
    if (at < to && strcmp(o->entries[at].name, path) == 0) {
        *best = (label_best){elc_label_fit(o->entries[at].name, path), &o->entries[at],
                             NULL};
        return;
    }
    size_t before = at > from ? common_at(o, at - 1, from, to, path) : 0;
    size_t behind = common_at(o, at, from, to, path);
    p.folders = before > behind ? before : behind;
    take_fit(best, (size_t)name * PATH_MAX + p.folders,
             &o->entries[bound(o, &p, false)], &o->entries[bound(o, &p, true) - 1]);
}

void elc_label_search(const label_order *o, label_stem stem, const char *path,
                      label_best *best) {
    probe p = {.stem = stem};
    size_t end = bound(o, &p, true);
    for (size_t from = bound(o, &p, false); from < end;) {
        const probe base = {stem, base_of(o->entries[from].name), path, 0};
        size_t to = bound(o, &base, true);
        search_base(o, stem, path, from, to, best);
        from = to;
    }
}

/* ---- the order of labels --------------------------------------------------- */

static elc_status order_labels(const elc_labels *labels, label_order *out,
                               elc_error *err) {
    size_t n = labels->count;
    ELC_TRY(elc_alloc(n, sizeof *out->entries, &out->entries, err));
    for (size_t i = 0; i < n; i++) {
        const char *name = labels->items[i].image;
        out->entries[i] = (label_entry){elc_label_stem(name), name, i};
    }
    out->n = n;
    if (n > 1)
        qsort(out->entries, n, sizeof *out->entries, elc_label_entry_compare);
    return ELC_OK;
}

elc_status elc_labels_index(elc_labels *labels, elc_error *err) {
    label_order order = {0};
    ELC_TRY(order_labels(labels, &order, err));
    free(labels->by_stem);
    labels->by_stem = order.entries;
    labels->n_by_stem = order.n;
    return ELC_OK;
}

/* ---- those of an image ----------------------------------------------------- */

typedef struct taking {
    const elc_labels *labels;
    label_order order;
    size_t *found, n, capacity;
} taking;

static elc_status take_all(taking *t, const probe *p, elc_error *err) {
    size_t from = p == NULL ? 0 : bound(&t->order, p, false);
    size_t to = p == NULL ? t->order.n : bound(&t->order, p, true);
    ELC_TRY(elc_reserve(&t->found, &t->capacity, t->n + (to - from) + 1,
                        sizeof *t->found, err));
    for (size_t i = from; i < to; i++)
        t->found[t->n++] = t->order.entries[i].item;
    return ELC_OK;
}

static int by_number(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* By the labels that fit best; NULL: none do. */
static elc_status find_stated(const taking *t, const char *image, const char **out,
                              elc_error *err) {
    label_best best = {0};
    label_stem stem = elc_label_stem(image), shorter = elc_label_short_stem(image);
    elc_label_search(&t->order, stem, image, &best);
    if (elc_label_stem_compare(stem, shorter) != 0)
        elc_label_search(&t->order, shorter, image, &best);
    bool is = best.entry != NULL &&
              (!t->labels->settled || strcmp(best.entry->name, image) == 0);
    if (is && best.other != NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: labels of %s and of %s fit it as well; read one of their "
                        "folders alone",
                        image, best.entry->name, best.other->name);
    *out = is ? best.entry->name : NULL;
    return ELC_OK;
}

static elc_status collect(taking *t, const char *image, elc_error *err) {
    const char *stated = NULL;
    const probe any = {.stem = {NULL, 0}};
    if (image == NULL)
        return take_all(t, NULL, err);
    ELC_TRY(find_stated(t, image, &stated, err));
    ELC_TRY(take_all(t, &any, err));
    if (stated == NULL)
        return ELC_OK;
    const probe exact = {elc_label_stem(stated), base_of(stated), stated, SIZE_MAX};
    return take_all(t, &exact, err);
}

elc_status elc_labels_of(const elc_labels *labels, const char *image, size_t **indices,
                         size_t *n, elc_error *err) {
    taking t = {.labels = labels};
    bool indexed = labels->by_stem != NULL && labels->n_by_stem == labels->count;
    if (indexed)
        t.order = (label_order){labels->by_stem, labels->n_by_stem};
    else
        ELC_TRY(order_labels(labels, &t.order, err));
    elc_status status = collect(&t, image, err);
    if (!indexed)
        free(t.order.entries);
    if (status != ELC_OK) {
        free(t.found);
        return status;
    }
    if (t.n > 1)
        qsort(t.found, t.n, sizeof *t.found, by_number);
    *indices = t.found;
    *n = t.n;
    return ELC_OK;
}
