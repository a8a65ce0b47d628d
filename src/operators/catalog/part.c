/* part.c - a part of the catalogue's work as bytes: which files of which folder. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "part.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "operators/parts/path.h"

void elc_catalog_part_free(catalog_part *part) {
    elc_folder_clear(&part->folder);
    elc_names_free(&part->keys);
}

/* ---- writing --------------------------------------------------------------------- */

static elc_status put_files(json_t *root, const elc_found_list *files, elc_error *err) {
    json_t *list = json_array();
    json_object_set_new(root, "files", list);
    for (size_t i = 0; i < files->count; i++) {
        json_t *entry = json_object();
        json_object_set_new(entry, "name", json_string(files->items[i].name));
        json_array_append_new(list, entry);
        ELC_TRY(elc_part_put_path(entry, "path", files->items[i].path, err));
    }
    return ELC_OK;
}

static elc_status put_folder(json_t *root, const elc_folder *folder, elc_error *err) {
    ELC_TRY(elc_part_put_path(root, "path", folder->path, err));
    ELC_TRY(elc_part_put_path(root, "root", folder->root, err));
    ELC_TRY(elc_part_put_path(root, "prefix", folder->prefix, err));
    ELC_TRY(elc_part_put_path(root, "from", folder->from, err));
    ELC_TRY(elc_part_put_path(root, "to", folder->to, err));
    json_object_set_new(root, "recursive", json_boolean(folder->recursive));
    json_object_set_new(root, "entries", json_integer((json_int_t)folder->entries));
    return folder->files.count ? put_files(root, &folder->files, err) : ELC_OK;
}

elc_status elc_catalog_part_write(const elc_folder *folder, const elc_names *keys,
                                  elc_string *out, elc_error *err) {
    json_t *root = json_object(), *names = json_array();
    elc_status status = put_folder(root, folder, err);
    for (size_t i = 0; i < keys->count; i++)
        json_array_append_new(names, json_string(keys->items[i]));
    json_object_set_new(root, "keys", names);
    char *text = status == ELC_OK ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    ELC_TRY(status);
    if (!text)
        return elc_fail(err, ELC_E_MEMORY, "a part of the catalogue: out of memory");
    status = elc_string_append(out, text, strlen(text), err);
    free(text);
    return status;
}

/* ---- reading --------------------------------------------------------------------- */

static const char WHOSE[] = "part of catalog";

static elc_status bad(elc_error *err, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "%s: %s", WHOSE, what);
}

static elc_status read_file(const json_t *entry, elc_found *out, elc_error *err) {
    const char *name = json_string_value(json_object_get(entry, "name"));
    if (!name)
        return bad(err, "a file without name");
    ELC_TRY(elc_strdup(name, &out->name, err));
    ELC_TRY(elc_part_take_path(entry, "path", WHOSE, &out->path, err));
    return out->path && *out->path ? ELC_OK : bad(err, "a file without path");
}

static elc_status read_files(const json_t *files, elc_found_list *out, elc_error *err) {
    size_t n = json_array_size(files);
    if (n == 0)
        return bad(err, "a list of no files");
    ELC_TRY(elc_alloc(n, sizeof *out->items, &out->items, err));
    out->capacity = n;
    for (size_t i = 0; i < n; i++) {
        out->count = i + 1;
        ELC_TRY(read_file(json_array_get(files, i), &out->items[i], err));
    }
    return ELC_OK;
}

static elc_status check_folder(const elc_folder *folder, elc_error *err) {
    bool listed = folder->files.count > 0;
    if (!folder->prefix || (!listed && (!folder->path || !folder->root)))
        return bad(err, "neither a folder nor files");
    if (listed && (folder->root || folder->from || folder->to))
        return bad(err, "a stretch of files that are named");
    if (folder->from && folder->to && strcmp(folder->from, folder->to) >= 0)
        return bad(err, "a stretch that ends before it begins");
    return ELC_OK;
}

static elc_status read_folder(const json_t *root, elc_folder *out, elc_error *err) {
    const json_t *files = json_object_get(root, "files");
    const json_t *entries = json_object_get(root, "entries");
    ELC_TRY(elc_part_take_path(root, "path", WHOSE, &out->path, err));
    ELC_TRY(elc_part_take_path(root, "root", WHOSE, &out->root, err));
    ELC_TRY(elc_part_take_path(root, "prefix", WHOSE, &out->prefix, err));
    ELC_TRY(elc_part_take_path(root, "from", WHOSE, &out->from, err));
    ELC_TRY(elc_part_take_path(root, "to", WHOSE, &out->to, err));
    if (!json_is_integer(entries) || json_integer_value(entries) < 0)
        return bad(err, "no number of entries");
    out->entries = (uint64_t)json_integer_value(entries);
    out->recursive = json_is_true(json_object_get(root, "recursive"));
    if (files)
        ELC_TRY(read_files(files, &out->files, err));
    return check_folder(out, err);
}

static elc_status read_keys(const json_t *keys, elc_names *out, elc_error *err) {
    if (!json_is_array(keys) || json_array_size(keys) > ELC_CATALOG_KEYS_MAX)
        return bad(err, "no keys, or too many");
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const char *key = json_string_value(json_array_get(keys, i));
        if (!key || !elc_catalog_key_good(key) || elc_catalog_key_find(out, key) >= 0)
            return bad(err, "a key that cannot be a column");
        ELC_TRY(elc_names_add(out, key, err));
    }
    return ELC_OK;
}

elc_status elc_catalog_part_read(const void *bytes, size_t size, catalog_part *out,
                                 elc_error *err) {
    json_error_t where;
    json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return bad(err, where.text);
    catalog_part part = {0};
    elc_status status = read_folder(root, &part.folder, err);
    if (status == ELC_OK)
        status = read_keys(json_object_get(root, "keys"), &part.keys, err);
    json_decref(root);
    if (status == ELC_OK)
        *out = part;
    else
        elc_catalog_part_free(&part);
    return status;
}
