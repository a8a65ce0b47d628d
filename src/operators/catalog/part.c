/* part.c - a part of the catalogue's work as bytes: which files of which folder. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "part.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"

void elc_catalog_part_free(catalog_part *part) {
    elc_folder_clear(&part->folder);
    elc_names_free(&part->keys);
}

/* ---- writing --------------------------------------------------------------------- */

/* A path is bytes, JSON's text is UTF-8: other bytes go as hex, named NAME_hex. */
static elc_status put_bytes(json_t *object, const char *name, const char *text,
                            elc_error *err) {
    if (!text)
        return ELC_OK;
    if (elc_utf8_valid(text, strlen(text))) {
        json_object_set_new(object, name, json_string(text));
        return ELC_OK;
    }
    char key[32];
    elc_string hex = {0};
    elc_status status = ELC_OK;
    snprintf(key, sizeof key, "%s_hex", name);
    for (const char *c = text; *c && status == ELC_OK; c++)
        status = elc_string_printf(&hex, err, "%02x", (unsigned char)*c);
    if (status == ELC_OK)
        json_object_set_new(object, key, json_string(hex.data));
    elc_string_free(&hex);
    return status;
}

static elc_status put_files(json_t *root, const elc_found_list *files, elc_error *err) {
    json_t *list = json_array();
    json_object_set_new(root, "files", list);
    for (size_t i = 0; i < files->count; i++) {
        json_t *entry = json_object();
        json_object_set_new(entry, "name", json_string(files->items[i].name));
        json_array_append_new(list, entry);
        ELC_TRY(put_bytes(entry, "path", files->items[i].path, err));
    }
    return ELC_OK;
}

static elc_status put_folder(json_t *root, const elc_folder *folder, elc_error *err) {
    ELC_TRY(put_bytes(root, "path", folder->path, err));
    ELC_TRY(put_bytes(root, "root", folder->root, err));
    ELC_TRY(put_bytes(root, "prefix", folder->prefix, err));
    ELC_TRY(put_bytes(root, "from", folder->from, err));
    ELC_TRY(put_bytes(root, "to", folder->to, err));
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

static elc_status bad(elc_error *err, const char *what) {
    return elc_fail(err, ELC_E_FORMAT, "part of catalog: %s", what);
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static elc_status read_hex(const char *hex, char **out, elc_error *err) {
    size_t n = strlen(hex) / 2;
    char *text = NULL;
    ELC_TRY(elc_alloc(n + 1, 1, &text, err));
    bool good = strlen(hex) == 2 * n;
    for (size_t i = 0; i < n && good; i++) {
        int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        good = high >= 0 && low >= 0 && high + low > 0;
        text[i] = (char)(16 * high + low);
    }
    if (good && !elc_utf8_valid(text, n)) {
        *out = text;
        return ELC_OK;
    }
    free(text);
    return bad(err, "a path that is not hex of what UTF-8 cannot say");
}

/* NULL when it is not there. */
static elc_status take_bytes(const json_t *object, const char *name, char **out,
                             elc_error *err) {
    char key[32];
    snprintf(key, sizeof key, "%s_hex", name);
    const json_t *text = json_object_get(object, name);
    const json_t *hex = json_object_get(object, key);
    if ((text && !json_is_string(text)) || (hex && (text || !json_is_string(hex))))
        return bad(err, "a path that is no text");
    if (hex)
        return read_hex(json_string_value(hex), out, err);
    return elc_strdup(json_string_value(text), out, err);
}

static elc_status read_file(const json_t *entry, elc_found *out, elc_error *err) {
    const char *name = json_string_value(json_object_get(entry, "name"));
    if (!name)
        return bad(err, "a file without name");
    ELC_TRY(elc_strdup(name, &out->name, err));
    ELC_TRY(take_bytes(entry, "path", &out->path, err));
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
    ELC_TRY(take_bytes(root, "path", &out->path, err));
    ELC_TRY(take_bytes(root, "root", &out->root, err));
    ELC_TRY(take_bytes(root, "prefix", &out->prefix, err));
    ELC_TRY(take_bytes(root, "from", &out->from, err));
    ELC_TRY(take_bytes(root, "to", &out->to, err));
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
