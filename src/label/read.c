/* read.c - the formats of label files, told from each other, in files and folders. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/file.h"
#include "label/format.h"
#include "label/match.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* In the order in which they are tried; a layer is what is left. */
static const elc_label_format *const formats[] = {
    &elc_label_format_voc,  &elc_label_format_xview, &elc_label_format_coco,
    &elc_label_format_dota, &elc_label_format_yolo,  &elc_label_format_csv,
    &elc_label_format_layer};
#define N_FORMATS (sizeof formats / sizeof *formats)

const char *const *elc_label_formats(void) {
    static const char *const names[] = {"voc",  "coco", "yolo",  "xview",
                                        "dota", "csv",  "layer", NULL};
    return names;
}

static elc_status find_format(const char *name, const elc_label_format **out,
                              elc_error *err) {
    for (size_t i = 0; i < N_FORMATS; i++)
        if (strcmp(formats[i]->name, name) == 0) {
            *out = formats[i];
            return ELC_OK;
        }
    const char *near = elc_nearest_word(name, elc_label_formats());
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "labels: no format '%s'; it is one of voc, coco, yolo, xview, dota, "
        "csv and layer%s%s%s",
        name, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* The format that a file begins like; NULL: none of those that can be told. */
static elc_status tell_format(const char *path, const elc_label_format **out,
                              elc_error *err) {
    elc_string head = {0};
    *out = NULL;
    elc_status status = elc_label_file_head(path, &head, err);
    for (size_t i = 0; i < N_FORMATS && status == ELC_OK && !*out; i++)
        if (formats[i]->is && formats[i]->is(head.data))
            *out = formats[i];
    elc_string_free(&head);
    return status;
}

static elc_status read_one(elc_label_build *b, const elc_label_format *format,
                           const char *path, const char *name, elc_error *err) {
    b->path = path;
    b->name = name;
    b->out->format = format->name;
    return format->read(b, err);
}

/* ---- folders -------------------------------------------------------------- */

static bool has_ending(const char *name, const char *const *endings) {
    const char *dot = strrchr(name, '.');
    for (; dot && *endings; endings++)
        if (strcasecmp(dot + 1, *endings) == 0)
            return true;
    return false;
}

/* What lies beside label files under their endings, and is none. */
static bool is_side_file(const char *name) {
    static const char *const patterns[] = {"classes.txt", "train.txt",   "val.txt",
                                           "test.txt",    "readme*.txt", "license*.txt",
                                           "*.aux.xml",   NULL};
    const char *slash = strrchr(name, '/');
    for (const char *const *p = patterns; *p; p++)
        if (fnmatch(*p, slash ? slash + 1 : name, FNM_CASEFOLD) == 0)
            return true;
    return false;
}

static bool may_be_labels(const char *name) {
    for (size_t i = 0; i < N_FORMATS; i++)
        if (formats[i]->is && has_ending(name, formats[i]->endings))
            return !is_side_file(name);
    return false;
}

typedef struct folder {
    elc_label_build *b;
    const char *path;
    const elc_label_format *format; /* NULL until one was told */
    bool forced;
    char *first;       /* the first file of the format */
    elc_names strange; /* files that begin like no format */
} folder;

static elc_status fail_mixed(const folder *f, const char *name,
                             const elc_label_format *format, elc_error *err) {
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "%s: has labels as %s (%s) and as %s (%s); say which format to read", f->path,
        f->format->name, f->first, format->name, name);
}

static elc_status read_entry(folder *f, const char *path, const char *name,
                             elc_error *err) {
    const elc_label_format *format = f->format;
    if (f->forced && (!has_ending(name, format->endings) || is_side_file(name)))
        return ELC_OK;
    if (!f->forced) {
        if (!may_be_labels(name))
            return ELC_OK;
        ELC_TRY(tell_format(path, &format, err));
        if (format == NULL)
            return elc_names_add(&f->strange, name, err);
    }
    if (f->format != NULL && format != f->format)
        return fail_mixed(f, name, format, err);
    f->format = format;
    if (f->first == NULL)
        ELC_TRY(elc_strdup(name, &f->first, err));
    return read_one(f->b, format, path, name, err);
}

static elc_status read_entries(folder *f, const elc_names *files, elc_error *err) {
    elc_string path = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < files->count && status == ELC_OK; i++) {
        status = elc_label_join(&path, f->path, files->items[i], err);
        if (status == ELC_OK)
            status = read_entry(f, path.data, files->items[i], err);
    }
    elc_string_free(&path);
    return status;
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == 0;
}

/* Where a file is an image, one with nothing in it says that the image has nothing. */
static elc_status take_strange(folder *f, const char *path, const char *name,
                               elc_error *err) {
    bool an_image =
        f->format == &elc_label_format_yolo || f->format == &elc_label_format_dota;
    elc_string head = {0};
    if (!has_ending(name, f->format->endings))
        return ELC_OK;
    ELC_TRY(elc_label_file_head(path, &head, err));
    an_image = an_image && is_blank(head.data);
    elc_string_free(&head);
    return an_image ? read_one(f->b, f->format, path, name, err)
                    : elc_names_add(&f->b->out->passed_over, name, err);
}

static elc_status take_all_strange(folder *f, elc_error *err) {
    elc_string path = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; f->format && i < f->strange.count && status == ELC_OK; i++) {
        status = elc_label_join(&path, f->path, f->strange.items[i], err);
        if (status == ELC_OK)
            status = take_strange(f, path.data, f->strange.items[i], err);
    }
    elc_string_free(&path);
    return status;
}

static elc_status read_folder(elc_label_build *b, const elc_label_format *format,
                              const char *path, elc_error *err) {
    folder f = {.b = b, .path = path, .format = format, .forced = format != NULL};
    elc_names files = {0};
    elc_status status = elc_label_folder_list(path, &files, err);
    if (status == ELC_OK)
        status = read_entries(&f, &files, err);
    if (status == ELC_OK)
        status = take_all_strange(&f, err);
    if (status == ELC_OK && f.first == NULL)
        status = elc_fail(err, ELC_E_NOT_FOUND, "%s: no labels %s%s are in this folder",
                          path, format ? "as " : "of a format that Elcano can tell",
                          format ? format->name : "");
    elc_names_free(&files);
    elc_names_free(&f.strange);
    free(f.first);
    return status;
}

/* ---- files ---------------------------------------------------------------- */

static elc_status fail_unknown(const char *path, const char *reason, elc_error *err) {
    return elc_fail(
        err, ELC_E_FORMAT,
        "%s: not labels as voc, coco, yolo, xview, dota or csv, and no layer "
        "either; say the format to learn what is wrong (%s)",
        path, reason);
}

static elc_status read_file(elc_label_build *b, const elc_label_format *format,
                            const char *path, elc_error *err) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (format == NULL && elc_label_exists(path))
        ELC_TRY(tell_format(path, &format, err));
    if (format != NULL)
        return read_one(b, format, path, name, err);
    elc_error why = {0};
    elc_status status = read_one(b, &elc_label_format_layer, path, name, &why);
    if (status == ELC_E_FORMAT && b->out->count == 0 && elc_label_exists(path))
        return fail_unknown(path, why.message, err);
    return status == ELC_OK ? ELC_OK : elc_fail(err, status, "%s", why.message);
}

elc_status elc_labels_read(const char *path, const char *format, elc_label_size size_of,
                           void *arg, elc_labels *out, elc_error *err) {
    const elc_label_format *known = NULL;
    elc_labels labels = {0};
    elc_label_build b = {.out = &labels, .size_of = size_of, .size_arg = arg};
    if (format != NULL)
        ELC_TRY(find_format(format, &known, err));
    /* A database may be a folder, which only a layer's reader can tell. */
    bool below = known != &elc_label_format_layer && elc_label_is_folder(path);
    elc_status status =
        below ? read_folder(&b, known, path, err) : read_file(&b, known, path, err);
    if (status == ELC_OK)
        status = elc_labels_index(&labels, err);
    free(b.images.slots);
    free(b.classes.slots);
    free(b.names_folder);
    free(b.names_path);
    for (size_t i = 0; i < ELC_LABEL_FOLDERS; i++) {
        free(b.looked[i].folder);
        free(b.looked[i].list);
    }
    if (status == ELC_OK)
        *out = labels;
    else
        elc_labels_clear(&labels);
    return status;
}

void elc_labels_clear(elc_labels *labels) {
    for (size_t i = 0; i < labels->count; i++)
        free(labels->items[i].ring);
    free(labels->items);
    free(labels->by_stem);
    elc_names_free(&labels->classes);
    elc_names_free(&labels->images);
    elc_names_free(&labels->passed_over);
    *labels = (elc_labels){0};
}
