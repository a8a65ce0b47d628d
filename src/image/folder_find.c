/* folder_find.c - from arguments to the folders that hold their images. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/folder.h"

#include <stdlib.h>
#include <string.h>

#include "image/gdal.h"

#define DEPTH_MAX 64

typedef struct finder {
    const elc_folder_wish *wish;
    elc_folder_list folders;
    elc_found_list files; /* named one by one, or by a pattern */
    elc_seen seen;
    const char *root; /* the argument being walked */
    int depth;
} finder;

static bool starts(const char *text, const char *with) {
    return !strncmp(text, with, strlen(with));
}

static bool is_in_archive(const char *path) {
    return starts(path, "/vsizip/") || starts(path, "/vsitar/");
}

/* ---- one folder, in stretches ---------------------------------------------------- */

static size_t stretch_of(const finder *f, size_t n) {
    size_t slice = (size_t)f->wish->slice, most = (size_t)f->wish->most;
    if (slice == 0 || n <= slice)
        return n ? n : 1;
    size_t even = most ? (n + most - 1) / most : 0;
    return even > slice ? even : slice;
}

static elc_status add_stretches(finder *f, const char *path, const char *prefix,
                                const elc_names *files, elc_error *err) {
    size_t size = stretch_of(f, files->count), at = 0;
    do {
        elc_folder *folder = NULL;
        size_t end = files->count - at > size ? at + size : files->count;
        ELC_TRY(elc_folder_add(&f->folders, path, f->root, prefix, &folder, err));
        folder->recursive = f->wish->recursive;
        folder->entries = end - at;
        if (at > 0)
            ELC_TRY(elc_strdup(files->items[at], &folder->from, err));
        if (end < files->count)
            ELC_TRY(elc_strdup(files->items[end], &folder->to, err));
        at = end;
    } while (at < files->count);
    return ELC_OK;
}

/* ---- what is below it ------------------------------------------------------------ */

static elc_status walk(finder *f, const char *path, const char *prefix, elc_error *err);

/* `path` is a folder, or an archive: by its own path, or by GDAL's, for which one with a
   single file in it is that file. */
static elc_status walk_once(finder *f, const char *path, const char *prefix,
                            elc_error *err) {
    uint64_t device = 0, node = 0;
    bool first = true;
    elc_nature nature = elc_path_nature(path, &device, &node);
    ELC_TRY(elc_seen_visit(&f->seen, device, node, &first, err));
    if (!first)
        return ELC_OK;
    if (nature != ELC_NATURE_FILE || is_in_archive(path))
        return walk(f, path, prefix, err);
    elc_string inner = {0};
    elc_status status =
        elc_string_printf(&inner, err, "%s%s", elc_path_archive(path), path);
    if (status == ELC_OK)
        status = walk(f, inner.data, prefix, err);
    elc_string_free(&inner);
    return status;
}

static elc_status add_archives(const char *path, const elc_names *files, elc_names *out,
                               elc_error *err) {
    for (size_t i = 0; i < files->count && !is_in_archive(path); i++)
        if (elc_path_archive(files->items[i]))
            ELC_TRY(elc_names_add(out, files->items[i], err));
    return ELC_OK;
}

static elc_status walk_below(finder *f, const char *path, const char *prefix,
                             const elc_names *names, elc_error *err) {
    elc_string below = {0}, deeper = {0};
    elc_status status = ELC_OK;
    f->depth++;
    for (size_t i = 0; i < names->count && status == ELC_OK; i++) {
        deeper.size = 0;
        status = elc_path_join(&below, path, names->items[i], err);
        if (status == ELC_OK)
            status = elc_string_printf(&deeper, err, "%s%s/", prefix, names->items[i]);
        if (status == ELC_OK)
            status = walk_once(f, below.data, deeper.data, err);
    }
    f->depth--;
    elc_string_free(&below);
    elc_string_free(&deeper);
    return status;
}

/* What cannot be listed is kept: who reads it is told why. The names of files are let
   go before the folders below are looked at. */
static elc_status walk(finder *f, const char *path, const char *prefix,
                       elc_error *err) {
    if (f->depth >= DEPTH_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: deeper than %d folders; name it itself", path, DEPTH_MAX);
    elc_names files = {0}, below = {0};
    elc_error why = {0};
    elc_status status = elc_folder_entries(path, &files, &below, &why);
    if (status == ELC_E_MEMORY)
        elc_fail(err, status, "%s", why.message);
    else
        status = add_stretches(f, path, prefix, &files, err);
    if (status == ELC_OK && f->wish->recursive)
        status = add_archives(path, &files, &below, err);
    elc_names_free(&files);
    if (status == ELC_OK && f->wish->recursive) {
        elc_names_sort(&below);
        status = walk_below(f, path, prefix, &below, err);
    }
    elc_names_free(&below);
    return status;
}

/* ---- arguments ------------------------------------------------------------------- */

static elc_status add_root(finder *f, const char *path, const char *prefix,
                           elc_error *err) {
    f->root = path;
    elc_status status = walk_once(f, path, prefix, err);
    f->root = NULL;
    return status;
}

static elc_status add_matches(finder *f, const elc_found_list *list, bool folders,
                              elc_error *err) {
    elc_string prefix = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < list->count && status == ELC_OK; i++) {
        const elc_found *item = &list->items[i];
        prefix.size = 0;
        status = elc_string_printf(&prefix, err, "%s/", item->name);
        if (status == ELC_OK && (folders || elc_path_archive(item->path)))
            status = add_root(f, item->path, prefix.data, err);
        else if (status == ELC_OK)
            status = elc_found_add(&f->files, item->path, item->name, err);
    }
    elc_string_free(&prefix);
    return status;
}

static elc_status add_glob(finder *f, const char *pattern, elc_error *err) {
    elc_found_list files = {0}, folders = {0};
    elc_status status = elc_glob_match(pattern, &files, &folders, err);
    if (status == ELC_OK && files.count + folders.count == 0)
        status = elc_fail(err, ELC_E_NOT_FOUND, "%s: nothing matches", pattern);
    elc_found_sort(&files, 0);
    elc_found_sort(&folders, 0);
    if (status == ELC_OK)
        status = add_matches(f, &files, false, err);
    if (status == ELC_OK)
        status = add_matches(f, &folders, true, err);
    elc_found_list_free(&files);
    elc_found_list_free(&folders);
    return status;
}

/* A file, or what GDAL alone can name. */
static elc_status add_image(finder *f, const elc_argument *argument, elc_error *err) {
    elc_found_list found = {0};
    const char *text = argument->text;
    elc_status status = elc_images_find((const char *const *)&text, 1, &found, err);
    if (status == ELC_E_NOT_FOUND && argument->listed)
        return elc_found_add(&f->files, text, text, err);
    for (size_t i = 0; i < found.count && status == ELC_OK; i++)
        status =
            elc_found_add(&f->files, found.items[i].path, found.items[i].name, err);
    elc_found_list_free(&found);
    return status;
}

/* Over a network a folder may be known by nothing but its listing. */
static bool has_listing(const char *path) {
    elc_names files = {0}, folders = {0};
    bool has = starts(path, "/vsi") &&
               elc_folder_entries(path, &files, &folders, NULL) == ELC_OK &&
               files.count + folders.count > 0;
    elc_names_free(&files);
    elc_names_free(&folders);
    return has;
}

static elc_status add_path(finder *f, const elc_argument *argument, const char *path,
                           elc_error *err) {
    elc_nature nature = elc_path_nature(path, NULL, NULL);
    bool file = nature == ELC_NATURE_FILE, none = nature == ELC_NATURE_NONE;
    if (nature == ELC_NATURE_FOLDER || (file && elc_path_archive(path)))
        return add_root(f, path, "", err);
    if (none && elc_glob_is(path))
        return add_glob(f, path, err);
    if (none && has_listing(path))
        return add_root(f, path, "", err);
    return add_image(f, argument, err);
}

static elc_status add_argument(finder *f, const elc_argument *argument,
                               elc_error *err) {
    elc_string path = {0};
    elc_gdal_log log;
    elc_gdal_begin(&log);
    elc_status status = elc_path_spell(argument->text, &path, err);
    if (status == ELC_OK)
        status = add_path(f, argument, path.data, err);
    elc_gdal_end();
    elc_string_free(&path);
    return status;
}

/* ---- all together ---------------------------------------------------------------- */

static elc_status find(finder *f, const elc_arguments *words, elc_folder_list *out,
                       elc_error *err) {
    for (size_t i = 0; i < words->count; i++)
        ELC_TRY(add_argument(f, &words->items[i], err));
    ELC_TRY(elc_found_unique(&f->files, err));
    ELC_TRY(elc_folders_drop_known(&f->files, &f->seen, err));
    ELC_TRY(elc_found_part_names(&f->files, err));
    ELC_TRY(elc_folders_part_names(&f->folders, &f->files, err));
    for (size_t at = 0, n; at < f->files.count; at += n) {
        size_t same = elc_folders_same(&f->files, at), size = stretch_of(f, same);
        n = same < size ? same : size;
        ELC_TRY(elc_folders_group(&f->files, at, n, out, err));
    }
    for (size_t i = 0; i < f->folders.count; i++) {
        ELC_TRY(elc_reserve(&out->items, &out->capacity, out->count + 1,
                            sizeof *out->items, err));
        out->items[out->count++] = f->folders.items[i];
        f->folders.items[i] = (elc_folder){0};
    }
    return ELC_OK;
}

elc_status elc_folders_find(const char *const *arguments, size_t n,
                            const elc_folder_wish *wish, elc_folder_list *out,
                            elc_error *err) {
    elc_gdal_ready();
    finder f = {.wish = wish};
    elc_arguments words = {0};
    elc_folder_list list = {0};
    elc_status status = elc_arguments_expand(arguments, n, &words, err);
    if (status == ELC_OK)
        status = find(&f, &words, &list, err);
    elc_arguments_free(&words);
    elc_folder_list_free(&f.folders);
    elc_found_list_free(&f.files);
    elc_seen_free(&f.seen);
    if (status != ELC_OK) {
        elc_folder_list_free(&list);
        return status;
    }
    *out = list;
    return ELC_OK;
}
