/* settle.c - which of the images of a run each label is of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "label/match.h"

struct elc_label_images {
    label_order order; /* most images have one stem, some two */
};

/* What the labels of an image state, and how well that fits. */
typedef struct owner {
    const char *stated; /* NULL: none has been seen */
    size_t fit;
} owner;

typedef struct settling {
    const char *const *images;
    elc_label_images *by_name;
    owner *owners;
} settling;

/* ---- images by their stems -------------------------------------------------- */

static void fill(const char *const *names, size_t n, label_order *out) {
    for (size_t i = 0; i < n; i++) {
        label_stem stem = elc_label_stem(names[i]);
        label_stem shorter = elc_label_short_stem(names[i]);
        out->entries[out->n++] = (label_entry){stem, names[i], i};
        if (elc_label_stem_compare(stem, shorter) != 0)
            out->entries[out->n++] = (label_entry){shorter, names[i], i};
    }
    if (out->n > 1)
        qsort(out->entries, out->n, sizeof *out->entries, elc_label_entry_compare);
}

elc_status elc_label_images_create(const char *const *names, size_t n,
                                   elc_label_images **out, elc_error *err) {
    elc_label_images *images;
    ELC_TRY(elc_alloc(1, sizeof *images, &images, err));
    elc_status status =
        elc_alloc(2 * n, sizeof *images->order.entries, &images->order.entries, err);
    if (status != ELC_OK) {
        free(images);
        return status;
    }
    fill(names, n, &images->order);
    *out = images;
    return ELC_OK;
}

size_t elc_label_images_find(const elc_label_images *images, const char *stated,
                             size_t *other) {
    label_best best = {0};
    elc_label_search(&images->order, elc_label_stem(stated), stated, &best);
    if (other != NULL)
        *other = best.other != NULL ? best.other->item : SIZE_MAX;
    return best.entry != NULL ? best.entry->item : SIZE_MAX;
}

void elc_label_images_free(elc_label_images *images) {
    if (images == NULL)
        return;
    free(images->order.entries);
    free(images);
}

/* ---- what is stated ---------------------------------------------------------- */

/* The image that fits best; SIZE_MAX: none does. */
static elc_status find_image(const settling *s, const char *stated, size_t *out,
                             size_t *fit, elc_error *err) {
    size_t other;
    *out = elc_label_images_find(s->by_name, stated, &other);
    *fit = *out != SIZE_MAX ? elc_label_fit(stated, s->images[*out]) : 0;
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
    settling s = {.images = images};
    ELC_TRY(elc_alloc(n, sizeof *s.owners, &s.owners, err));
    elc_status status = elc_label_images_create(images, n, &s.by_name, err);
    if (status == ELC_OK)
        status = claim_all(&s, labels, err);
    if (status == ELC_OK) {
        name_all(&s, labels);
        labels->settled = true;
        status = elc_labels_index(labels, err);
    }
    elc_label_images_free(s.by_name);
    free(s.owners);
    return status;
}
