/* labels.c - labels of images, which are opened where a format needs their sizes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "labels.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The images of the run, found when they are first asked for. */
typedef struct sizes {
    const char *const *arguments;
    size_t n;
    elc_found_list images;
    elc_label_images *by_name;
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

static elc_status name_images(const elc_found_list *found, const char ***out,
                              elc_error *err) {
    ELC_TRY(elc_alloc(found->count, sizeof **out, out, err));
    for (size_t i = 0; i < found->count; i++)
        (*out)[i] = found->items[i].name;
    return ELC_OK;
}

static elc_status find_images(sizes *s, elc_error *err) {
    const char **names;
    if (s->by_name != NULL)
        return ELC_OK;
    if (s->n > 0 && s->images.count == 0)
        ELC_TRY(elc_images_find(s->arguments, s->n, &s->images, err));
    ELC_TRY(name_images(&s->images, &names, err));
    elc_status status =
        elc_label_images_create(names, s->images.count, &s->by_name, err);
    free(names);
    return status;
}

static elc_status size_of(void *arg, const char *stated, int64_t *width,
                          int64_t *height, elc_error *err) {
    sizes *s = arg;
    ELC_TRY(find_images(s, err));
    size_t at = elc_label_images_find(s->by_name, stated, NULL);
    if (at != SIZE_MAX &&
        open_size(s->images.items[at].path, width, height, NULL) == ELC_OK)
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
    elc_label_images_free(s.by_name);
    elc_found_list_free(&s.images);
    return status;
}

elc_status elc_image_labels_settle_paths(elc_labels *labels,
                                         const elc_found_list *images, elc_error *err) {
    const char **paths;
    ELC_TRY(elc_alloc(images->count, sizeof *paths, &paths, err));
    for (size_t i = 0; i < images->count; i++)
        paths[i] = images->items[i].path;
    elc_status status = elc_labels_settle(labels, paths, images->count, err);
    free(paths);
    return status;
}

elc_status elc_image_labels_settle(elc_labels *labels, const elc_found_list *images,
                                   elc_error *err) {
    const char **names;
    ELC_TRY(name_images(images, &names, err));
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
