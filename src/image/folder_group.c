/* folder_group.c - files named one by one, as lists by folder; names of their own. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/folder.h"

#include <stdlib.h>
#include <string.h>

/* The bytes before a path's last element; 0 when it has but one. */
static size_t folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static elc_status folder_of(const char *path, elc_string *out, elc_error *err) {
    size_t n = folder_length(path);
    out->size = 0;
    return n > 1 ? elc_string_append(out, path, n - 1, err)
                 : elc_string_append(out, n ? "/" : "", n, err);
}

/* ---- files that a folder has anyway ---------------------------------------------- */

static elc_status is_known(const char *path, const elc_seen *seen, elc_string *folder,
                           bool *out, elc_error *err) {
    uint64_t device = 0, node = 0;
    char *real = elc_path_is_local(path) ? realpath(path, NULL) : NULL;
    *out = false;
    if (!real)
        return ELC_OK;
    elc_status status = folder_of(real, folder, err);
    if (status == ELC_OK) {
        elc_path_nature(folder->data, &device, &node);
        *out = elc_seen_has(seen, device, node) && elc_path_is_image(path, NULL);
    }
    free(real);
    return status;
}

elc_status elc_folders_drop_known(elc_found_list *files, const elc_seen *seen,
                                  elc_error *err) {
    elc_string folder = {0};
    elc_status status = ELC_OK;
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        bool known = false;
        if (status == ELC_OK)
            status = is_known(files->items[i].path, seen, &folder, &known, err);
        if (known) {
            free(files->items[i].path);
            free(files->items[i].name);
        } else {
            files->items[kept++] = files->items[i];
        }
    }
    files->count = kept;
    elc_string_free(&folder);
    return status;
}

/* ---- names of their own ---------------------------------------------------------- */

typedef struct key {
    const char *prefix, *path;
    size_t index;
    bool shared; /* a folder elsewhere has the same prefix */
} key;

static int by_prefix(const void *a, const void *b) {
    const key *x = a, *y = b;
    int order = strcmp(x->prefix, y->prefix);
    return order ? order : strcmp(x->path, y->path);
}

static void mark_shared(key *keys, size_t n) {
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && !strcmp(keys[end].prefix, keys[i].prefix);)
            end++;
        bool shared = strcmp(keys[i].path, keys[end - 1].path) != 0;
        for (size_t k = i; k < end; k++)
            keys[k].shared = shared;
    }
}

/* The first folder whose prefix is not before the first `n` bytes of a name. */
static size_t first_of(const key *keys, size_t count, const char *name, size_t n) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncmp(keys[middle].prefix, name, n) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Marks the folders that hold a file of the same name. */
static elc_status mark_like(key *keys, size_t count, const char *name, elc_error *err) {
    size_t n = folder_length(name);
    elc_string path = {0};
    elc_status status = ELC_OK;
    for (size_t i = first_of(keys, count, name, n); i < count && status == ELC_OK;
         i++) {
        if (strncmp(keys[i].prefix, name, n) != 0 || keys[i].prefix[n])
            break;
        status = elc_path_join(&path, keys[i].path, name + n, err);
        if (status == ELC_OK && elc_path_nature(path.data, NULL, NULL))
            keys[i].shared = true;
    }
    elc_string_free(&path);
    return status;
}

/* An archive is called as a folder would be: "a.zip/b.tif". */
static const char *without_handler(const char *path) {
    bool archive = !strncmp(path, "/vsizip/", 8) || !strncmp(path, "/vsitar/", 8);
    return archive && path[8] != '{' ? path + 8 : path;
}

/* True in `*changed` when it had another one. */
static elc_status take_path_as_prefix(elc_folder *folder, bool *changed,
                                      elc_error *err) {
    elc_string prefix = {0};
    ELC_TRY(elc_path_join(&prefix, without_handler(folder->path), "", err));
    *changed = *changed || strcmp(prefix.data, folder->prefix) != 0;
    free(folder->prefix);
    folder->prefix = prefix.data;
    return ELC_OK;
}

static elc_status part_names(elc_folder_list *folders, const elc_found_list *files,
                             key *keys, bool *changed, elc_error *err) {
    for (size_t i = 0; i < folders->count; i++)
        keys[i] = (key){folders->items[i].prefix, folders->items[i].path, i, false};
    qsort(keys, folders->count, sizeof *keys, by_prefix);
    mark_shared(keys, folders->count);
    for (size_t i = 0; i < files->count; i++)
        ELC_TRY(mark_like(keys, folders->count, files->items[i].name, err));
    for (size_t i = 0; i < folders->count; i++)
        if (keys[i].shared)
            ELC_TRY(
                take_path_as_prefix(&folders->items[keys[i].index], changed, err));
    return ELC_OK;
}

elc_status elc_folders_part_names(elc_folder_list *folders, const elc_found_list *files,
                                  elc_error *err) {
    key *keys = NULL;
    bool changed = folders->count > 0;
    ELC_TRY(elc_alloc(folders->count, sizeof *keys, &keys, err));
    elc_status status = ELC_OK;
    /* A path may be what another folder has as prefix: until none is. */
    while (status == ELC_OK && changed) {
        changed = false;
        status = part_names(folders, files, keys, &changed, err);
    }
    free(keys);
    return status;
}

/* ---- groups ---------------------------------------------------------------------- */

/* A file whose folder can be listed; not an image inside of another. */
static bool has_folder(const char *path) {
    return elc_path_nature(path, NULL, NULL) == ELC_NATURE_FILE;
}

size_t elc_folders_same(const elc_found_list *files, size_t at) {
    const char *first = files->items[at].path;
    size_t n = folder_length(first), end = at + 1;
    if (!has_folder(first))
        return 1;
    while (end < files->count && folder_length(files->items[end].path) == n &&
           !strncmp(files->items[end].path, first, n) &&
           has_folder(files->items[end].path))
        end++;
    return end - at;
}

elc_status elc_folders_group(const elc_found_list *files, size_t at, size_t n,
                             elc_folder_list *out, elc_error *err) {
    elc_string path = {0};
    elc_folder *folder = NULL;
    const char *first = files->items[at].path;
    elc_status status = ELC_OK;
    if (has_folder(first))
        status = folder_of(first, &path, err);
    if (status == ELC_OK)
        status = elc_folder_add(out, path.data, NULL, "", &folder, err);
    elc_string_free(&path);
    for (size_t i = at; i < at + n && status == ELC_OK; i++)
        status = elc_found_add(&folder->files, files->items[i].path,
                               files->items[i].name, err);
    if (status == ELC_OK)
        folder->entries = n;
    return status;
}
