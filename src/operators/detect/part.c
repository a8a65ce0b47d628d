/* part.c - a part of detect's work as bytes: which chips of which images. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include "operators/parts/path.h"
#include "operators/parts/steps.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void elc_detect_part_free(detect_part *part) {
    for (size_t i = 0; i < part->n_images; i++) {
        free((char *)(uintptr_t)part->images[i].path);
        free((char *)(uintptr_t)part->images[i].name);
    }
    free(part->images);
    free(part->crs);
    free(part->model_sha256);
    *part = (detect_part){0};
}

static elc_status put_image(json_t *images, const elc_detect_image *image,
                            elc_error *err) {
    json_t *entry = json_pack("{s:s, s:I, s:I}", "name", image->name, "first",
                              (json_int_t)image->first, "end", (json_int_t)image->end);
    elc_part_put_steps(entry, image->step_x, image->step_y);
    json_array_append_new(images, entry);
    return elc_part_put_path(entry, "path", image->path, err);
}

elc_status elc_detect_part_write(const detect_part *part, elc_string *out,
                                 elc_error *err) {
    json_t *root = json_object(), *images = json_array();
    json_object_set_new(root, "images", images);
    json_object_set_new(root, "partial", json_boolean(part->partial));
    if (part->crs)
        json_object_set_new(root, "crs", json_string(part->crs));
    if (part->model_sha256)
        json_object_set_new(root, "model_sha256", json_string(part->model_sha256));
    elc_status status = ELC_OK;
    for (size_t i = 0; i < part->n_images && status == ELC_OK; i++)
        status = put_image(images, &part->images[i], err);
    char *text = status == ELC_OK
                     ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17))
                     : NULL;
    json_decref(root);
    ELC_TRY(status);
    if (!text)
        return elc_fail(err, ELC_E_MEMORY, "a part of %zu images: out of memory",
                        part->n_images);
    status = elc_string_append(out, text, strlen(text), err);
    free(text);
    return status;
}

static elc_status bad(elc_error *err, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "part of detect: %s", what);
}

static elc_status read_path(const json_t *entry, char **out, elc_error *err) {
    ELC_TRY(elc_part_take_path(entry, "path", "part of detect", out, err));
    return *out ? ELC_OK : bad(err, "an image without path");
}

static elc_status read_image(const json_t *entry, elc_detect_image *out,
                             elc_error *err) {
    const char *name = json_string_value(json_object_get(entry, "name"));
    const json_t *first = json_object_get(entry, "first");
    const json_t *end = json_object_get(entry, "end");
    if (!name || !json_is_integer(first) || !json_is_integer(end))
        return bad(err, "an image without name or chips");
    out->first = json_integer_value(first);
    out->end = json_integer_value(end);
    if (out->first < 0 || (out->end >= 0 && out->end < out->first))
        return bad(err, "chips that end before they begin");
    ELC_TRY(
        elc_part_take_steps(entry, "part of detect", &out->step_x, &out->step_y, err));
    char *copy = NULL;
    ELC_TRY(read_path(entry, &copy, err));
    out->path = copy;
    copy = NULL;
    ELC_TRY(elc_strdup(name, &copy, err));
    out->name = copy;
    return ELC_OK;
}

static elc_status read_part(const json_t *root, detect_part *out, elc_error *err) {
    const json_t *images = json_object_get(root, "images");
    if (!json_is_array(images))
        return bad(err, "no images");
    out->partial = json_is_true(json_object_get(root, "partial"));
    ELC_TRY(
        elc_strdup(json_string_value(json_object_get(root, "crs")), &out->crs, err));
    ELC_TRY(elc_strdup(json_string_value(json_object_get(root, "model_sha256")),
                       &out->model_sha256, err));
    ELC_TRY(elc_alloc(json_array_size(images), sizeof *out->images, &out->images, err));
    for (size_t i = 0; i < json_array_size(images); i++) {
        out->n_images = i + 1;
        ELC_TRY(read_image(json_array_get(images, i), &out->images[i], err));
    }
    return ELC_OK;
}

elc_status elc_detect_part_read(const void *bytes, size_t size, detect_part *out,
                                elc_error *err) {
    json_error_t where;
    json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return bad(err, where.text);
    detect_part part = {0};
    elc_status status = read_part(root, &part, err);
    json_decref(root);
    if (status == ELC_OK)
        *out = part;
    else
        elc_detect_part_free(&part);
    return status;
}
