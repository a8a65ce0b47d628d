/* labels.h - a label file of bytes, read, looked up and cut: what the targets share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_FUZZ_LABELS_H
#define ELCANO_FUZZ_LABELS_H

#include <elcano/label.h>

#include <math.h>
#include <stdlib.h>

#include <cpl_vsi.h>

static void labels_must(bool holds) {
    if (!holds)
        abort();
}

static elc_status labels_size(void *arg, const char *image, int64_t *width,
                              int64_t *height, elc_error *err) {
    (void)arg;
    (void)err;
    labels_must(image[0] != '\0');
    *width = 640;
    *height = 480;
    return ELC_OK;
}

/* What was read is finite, of this world, and named. */
static void labels_check(const elc_labels *labels) {
    for (size_t i = 0; i < labels->count; i++) {
        const elc_label *l = &labels->items[i];
        labels_must(l->n > 0 && l->class_name != NULL && l->class_name[0] != '\0');
        labels_must(elc_names_find(&labels->classes, l->class_name) != SIZE_MAX);
        for (size_t k = 0; k < l->n; k++)
            labels_must(fabs(l->ring[k].x) <= 1e9 && fabs(l->ring[k].y) <= 1e9);
    }
}

/* Each label is found by the image that it states, unless two fit. */
static void labels_check_images(const elc_labels *labels) {
    for (size_t i = 0; i < labels->images.count; i++) {
        size_t *indices = NULL, n = 0;
        if (elc_labels_of(labels, labels->images.items[i], &indices, &n, NULL) !=
            ELC_OK)
            continue;
        for (size_t k = 1; k < n; k++)
            labels_must(indices[k - 1] < indices[k]);
        free(indices);
    }
}

static void labels_check_cut(const elc_labels *labels) {
    elc_cut_label *cut = NULL;
    size_t n = 0;
    if (elc_labels_cut(labels, NULL, labels->count, 10, 10, 200, 100, &cut, &n, NULL) !=
        ELC_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        labels_must(cut[i].visible > 0 && cut[i].visible <= 1);
        labels_must(cut[i].xmin >= 0 && cut[i].xmax <= 200 && cut[i].ymax <= 100);
    }
    elc_cut_labels_free(cut, n);
}

/* Reads the bytes as a file called `path`, which is in memory. */
static void labels_fuzz(const char *path, const char *format, const uint8_t *data,
                        size_t size) {
    elc_labels labels = {0};
    elc_error err = {0};
    VSILFILE *file = VSIFOpenL(path, "wb");
    labels_must(file != NULL && VSIFWriteL(data, 1, size, file) == size);
    VSIFCloseL(file);
    if (elc_labels_read(path, format, labels_size, NULL, &labels, &err) == ELC_OK) {
        labels_check(&labels);
        labels_check_images(&labels);
        labels_check_cut(&labels);
    } else {
        labels_must(err.message[0] != '\0' && labels.items == NULL);
    }
    elc_labels_clear(&labels);
    VSIUnlink(path);
}

#endif
