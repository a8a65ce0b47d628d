/* match.c - which labels are of an image, by the names that both go by. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/match.h"

#include <limits.h>
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

static int compare_fits(fit a, fit b) {
    if (a.name != b.name)
        return a.name < b.name ? -1 : 1;
    return (a.folders > b.folders) - (a.folders < b.folders);
}

bool elc_label_is_of(const char *stated, const char *image) {
    return fit_of(stated, image).name > 0;
}

size_t elc_label_fit(const char *stated, const char *image) {
    fit f = fit_of(stated, image);
    return f.name == 0 ? 0 : (size_t)f.name * PATH_MAX + f.folders;
}

/* ---- the order by stems --------------------------------------------------- */

typedef struct entry {
    label_stem stem;
    size_t item;
} entry;

static int by_stem(const void *a, const void *b) {
    const entry *x = a, *y = b;
    int order = elc_label_stem_compare(x->stem, y->stem);
    return order != 0 ? order : (x->item > y->item) - (x->item < y->item);
}

elc_status elc_labels_index(elc_labels *labels, elc_error *err) {
    entry *entries = NULL;
    size_t n = labels->count;
    free(labels->by_stem);
    labels->by_stem = NULL;
    labels->n_by_stem = 0;
    ELC_TRY(elc_alloc(n, sizeof *labels->by_stem, &labels->by_stem, err));
    ELC_TRY(elc_alloc(n, sizeof *entries, &entries, err));
    for (size_t i = 0; i < n; i++)
        entries[i] = (entry){elc_label_stem(labels->items[i].image), i};
    if (n > 1)
        qsort(entries, n, sizeof *entries, by_stem);
    for (size_t i = 0; i < n; i++)
        labels->by_stem[i] = entries[i].item;
    labels->n_by_stem = n;
    free(entries);
    return ELC_OK;
}

static bool is_indexed(const elc_labels *labels) {
    return labels->by_stem != NULL && labels->n_by_stem == labels->count;
}

/* The first place in the order whose stem is not before `stem`, or that is after it. */
static size_t bound(const elc_labels *labels, label_stem stem, bool after) {
    size_t from = 0, to = labels->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const elc_label *label = &labels->items[labels->by_stem[middle]];
        int order = elc_label_stem_compare(elc_label_stem(label->image), stem);
        if (order < 0 || (after && order == 0))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* ---- the search ----------------------------------------------------------- */

typedef struct search {
    const elc_labels *labels;
    const char *image;
    size_t *found, n, capacity;
    fit best;
    const char *stated; /* by the labels that fit best */
    const char *other;  /* by others that fit as well; NULL: none */
} search;

static void look_at(search *s, const char *stated) {
    fit now = stated ? fit_of(stated, s->image) : (fit){0, 0};
    if (s->labels->settled && now.name != 3)
        return;
    int order = compare_fits(now, s->best);
    if (now.name == 0 || order < 0)
        return;
    if (order > 0) {
        s->best = now;
        s->stated = stated;
        s->other = NULL;
    } else if (strcmp(stated, s->stated) != 0) {
        s->other = stated;
    }
}

static bool is_wanted(const search *s, const char *stated) {
    return s->image == NULL || stated == NULL ||
           (s->stated != NULL && strcmp(stated, s->stated) == 0);
}

static elc_status take(search *s, size_t item, elc_error *err) {
    if (!is_wanted(s, s->labels->items[item].image))
        return ELC_OK;
    ELC_TRY(elc_reserve(&s->found, &s->capacity, s->n + 1, sizeof *s->found, err));
    s->found[s->n++] = item;
    return ELC_OK;
}

/* Calls look_at or take for the items with this stem. */
static elc_status each(search *s, label_stem stem, bool taking, elc_error *err) {
    bool indexed = is_indexed(s->labels);
    size_t from = indexed ? bound(s->labels, stem, false) : 0;
    size_t to = indexed ? bound(s->labels, stem, true) : s->labels->count;
    for (size_t i = from; i < to; i++) {
        size_t item = indexed ? s->labels->by_stem[i] : i;
        if (taking)
            ELC_TRY(take(s, item, err));
        else
            look_at(s, s->labels->items[item].image);
    }
    return ELC_OK;
}

static elc_status find(search *s, bool taking, elc_error *err) {
    label_stem stem = elc_label_stem(s->image),
               shorter = elc_label_short_stem(s->image);
    bool both = is_indexed(s->labels) && elc_label_stem_compare(stem, shorter) != 0;
    ELC_TRY(each(s, stem, taking, err));
    return both ? each(s, shorter, taking, err) : ELC_OK;
}

static int by_number(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static elc_status collect(search *s, elc_error *err) {
    ELC_TRY(elc_reserve(&s->found, &s->capacity, 1, sizeof *s->found, err));
    if (s->image == NULL) {
        for (size_t i = 0; i < s->labels->count; i++)
            ELC_TRY(take(s, i, err));
        return ELC_OK;
    }
    ELC_TRY(find(s, false, err));
    if (s->other != NULL)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: labels of %s and of %s fit it as well; read one of their "
                        "folders alone",
                        s->image, s->stated, s->other);
    if (is_indexed(s->labels))
        ELC_TRY(each(s, (label_stem){NULL, 0}, true, err));
    return find(s, true, err);
}

elc_status elc_labels_of(const elc_labels *labels, const char *image, size_t **indices,
                         size_t *n, elc_error *err) {
    search s = {.labels = labels, .image = image};
    elc_status status = collect(&s, err);
    if (status != ELC_OK) {
        free(s.found);
        return status;
    }
    if (s.n > 1)
        qsort(s.found, s.n, sizeof *s.found, by_number);
    *indices = s.found;
    *n = s.n;
    return ELC_OK;
}
