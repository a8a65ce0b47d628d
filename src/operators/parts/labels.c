/* labels.c - labels of images, which are opened where a format needs their sizes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

#include <stdio.h>
#include <stdlib.h>

/* The images of the run, found when they are first asked for. */
typedef struct sizes {
    const char *const *arguments;
    size_t n;
    bool found;
    elc_found_list images;
    elc_names *unknown; /* NULL: not wanted */
} sizes;

static elc_status open_size(const char *path, int64_t *width, int64_t *height,
                            elc_error *err) {
    elc_image *image = NULL;
    ELC_TRY(elc_image_open(path, &image, err));
    *width = elc_image_info_at(image)->width;
    *height = elc_image_info_at(image)->height;
    elc_image_free(image);
    return ELC_OK;
}

/* The first of those that fit best; NULL: none does. */
static const elc_found *best_image(const sizes *s, const char *stated) {
    const elc_found *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < s->images.count; i++) {
        size_t fit = elc_label_fit(stated, s->images.items[i].name);
        if (fit > most) {
            most = fit;
            best = &s->images.items[i];
        }
    }
    return best;
}

static elc_status size_of(void *arg, const char *stated, int64_t *width,
                          int64_t *height, elc_error *err) {
    sizes *s = arg;
    if (!s->found && s->n > 0)
        ELC_TRY(elc_images_find(s->arguments, s->n, &s->images, err));
    s->found = true;
    const elc_found *image = best_image(s, stated);
    if (image != NULL && open_size(image->path, width, height, NULL) == ELC_OK)
        return ELC_OK;
    if (s->unknown)
        ELC_TRY(elc_names_add(s->unknown, stated, err));
    return elc_fail(err, ELC_E_NOT_FOUND, "%s: none of the images", stated);
}

elc_status elc_image_labels_read(const char *path, const char *format,
                                 const char *const *arguments, size_t n,
                                 elc_labels *out, elc_names *unknown, elc_error *err) {
    sizes s = {.arguments = arguments, .n = n, .unknown = unknown};
    elc_status status = elc_labels_read(path, format, size_of, &s, out, err);
    elc_found_list_free(&s.images);
    return status;
}

elc_status elc_image_labels_settle(elc_labels *labels, const elc_found_list *images,
                                   elc_error *err) {
    const char **names;
    ELC_TRY(elc_alloc(images->count, sizeof *names, &names, err));
    for (size_t i = 0; i < images->count; i++)
        names[i] = images->items[i].name;
    elc_status status = elc_labels_settle(labels, names, images->count, err);
    free(names);
    return status;
}

void elc_image_labels_tell(const elc_labels *labels, const char *path,
                           const elc_context *context) {
    const elc_names *files = &labels->passed_over;
    char more[40] = "";
    if (files->count == 0)
        return;
    if (files->count > 1)
        snprintf(more, sizeof more, " and %zu more", files->count - 1);
    elc_warn(
        context,
        "%s: what begins like no labels as %s is passed over: %s%s; say the format "
        "to learn what is wrong",
        path, labels->format, files->items[0], more);
}
