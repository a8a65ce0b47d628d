/* settle.c - which of the images of a run each label is of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "label/match.h"

/* An image by one of its stems. */
typedef struct entry {
    label_stem stem;
    size_t image;
} entry;

/* What the labels of an image state, and how well that fits. */
typedef struct owner {
    const char *stated; /* NULL: none has been seen */
    size_t fit;
} owner;

typedef struct settling {
    const char *const *images;
    size_t n;
    entry *entries; /* by stem; most images have one, some two */
    size_t n_entries;
    owner *owners;
} settling;

/* ---- images by their stems -------------------------------------------------- */

static int by_stem(const void *a, const void *b) {
    const entry *x = a, *y = b;
    int order = elc_label_stem_compare(x->stem, y->stem);
    return order != 0 ? order : (x->image > y->image) - (x->image < y->image);
}

static elc_status list_images(settling *s, elc_error *err) {
    ELC_TRY(elc_alloc(s->n, sizeof *s->owners, &s->owners, err));
    ELC_TRY(elc_alloc(2 * s->n, sizeof *s->entries, &s->entries, err));
    for (size_t i = 0; i < s->n; i++) {
        label_stem stem = elc_label_stem(s->images[i]);
        label_stem shorter = elc_label_short_stem(s->images[i]);
        s->entries[s->n_entries++] = (entry){stem, i};
        if (elc_label_stem_compare(stem, shorter) != 0)
            s->entries[s->n_entries++] = (entry){shorter, i};
    }
    if (s->n_entries > 1)
        qsort(s->entries, s->n_entries, sizeof *s->entries, by_stem);
    return ELC_OK;
}

static size_t first_of(const settling *s, label_stem stem) {
    size_t from = 0, to = s->n_entries;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (elc_label_stem_compare(s->entries[middle].stem, stem) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* ---- what is stated ---------------------------------------------------------- */

/* The image that fits best; SIZE_MAX: none does. */
static elc_status find_image(const settling *s, const char *stated, size_t *out,
                             size_t *fit, elc_error *err) {
    label_stem stem = elc_label_stem(stated);
    size_t other = SIZE_MAX;
    *out = SIZE_MAX;
    *fit = 0;
    for (size_t i = first_of(s, stem); i < s->n_entries; i++) {
        const entry *e = &s->entries[i];
        if (elc_label_stem_compare(e->stem, stem) != 0)
            break;
        size_t now = elc_label_fit(stated, s->images[e->image]);
        if (now < *fit || now == 0)
            continue;
        other = now == *fit ? e->image : SIZE_MAX;
        *out = now == *fit ? *out : e->image;
        *fit = now;
    }
    if (other == SIZE_MAX)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: its labels fit %s and %s as well; state the image with its "
                    "folder, or give one of the folders alone",
                    stated, s->images[*out], s->images[other]);
}

static elc_status claim(settling *s, const char *stated, elc_error *err) {
    size_t image, fit;
    ELC_TRY(find_image(s, stated, &image, &fit, err));
    if (image == SIZE_MAX)
        return ELC_OK;
    owner *o = &s->owners[image];
    if (o->stated != NULL && o->fit == fit && strcmp(o->stated, stated) != 0)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: labels of %s and of %s fit it as well; read one of their "
                        "folders alone",
                        s->images[image], o->stated, stated);
    if (fit > o->fit)
        *o = (owner){stated, fit};
    return ELC_OK;
}

/* Labels of one image mostly follow each other. */
static bool is_new(const elc_labels *labels, size_t i) {
    const char *now = labels->items[i].image;
    const char *before = i > 0 ? labels->items[i - 1].image : NULL;
    return now != NULL && (before == NULL || strcmp(now, before) != 0);
}

static elc_status claim_all(settling *s, const elc_labels *labels, elc_error *err) {
    for (size_t i = 0; i < labels->count; i++)
        if (is_new(labels, i))
            ELC_TRY(claim(s, labels->items[i].image, err));
    return ELC_OK;
}

/* The image whose labels state this, or the statement as it is: no image is called so,
   since none would fit better. */
static const char *image_of(const settling *s, const char *stated) {
    size_t image, fit;
    if (find_image(s, stated, &image, &fit, NULL) != ELC_OK || image == SIZE_MAX ||
        strcmp(s->owners[image].stated, stated) != 0)
        return stated;
    return s->images[image];
}

static void name_all(const settling *s, elc_labels *labels) {
    const char *stated = NULL, *image = NULL;
    for (size_t i = 0; i < labels->count; i++) {
        const char *now = labels->items[i].image;
        if (now == NULL)
            continue;
        if (stated == NULL || strcmp(now, stated) != 0)
            image = image_of(s, now);
        stated = now;
        labels->items[i].image = image;
    }
}

elc_status elc_labels_settle(elc_labels *labels, const char *const *images, size_t n,
                             elc_error *err) {
    settling s = {.images = images, .n = n};
    elc_status status = list_images(&s, err);
    if (status == ELC_OK)
        status = claim_all(&s, labels, err);
    if (status == ELC_OK) {
        name_all(&s, labels);
        labels->settled = true;
        status = elc_labels_index(labels, err);
    }
    free(s.entries);
    free(s.owners);
    return status;
}
