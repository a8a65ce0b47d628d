/* find.c - networks by name: installed ones, the build's own, those of a folder. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"

#define SUFFIX ".onnx"

/* A path has a slash or a dot; a word without either is a name. */
static bool is_name(const char *text) {
    return text[0] != '\0' && strpbrk(text, "./") == NULL;
}

/* Where networks are looked for, in order. */
static elc_status list_folders(elc_names *folders, elc_error *err) {
    const char *own = getenv("ELCANO_MODELS");
    if (own != NULL && own[0] != '\0')
        ELC_TRY(elc_names_add(folders, own, err));
    elc_string shared = {0};
    elc_status status = elc_runtime_own_folder(&shared, err);
    if (status == ELC_OK)
        status = elc_string_printf(&shared, err, "%s", ELCANO_MODELS_FROM_LIBRARY);
    if (status == ELC_OK)
        status = elc_names_add(folders, shared.data, err);
    elc_string_free(&shared);
    return status == ELC_OK ? elc_names_add(folders, ELCANO_MODELS_DIR, err) : status;
}

static elc_status not_found(const char *name, const elc_names *folders,
                            elc_error *err) {
    elc_string places = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; status == ELC_OK && i < folders->count; i++)
        status = elc_string_printf(&places, err, "%s%s", i > 0 ? ", " : "",
                                   folders->items[i]);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_NOT_FOUND,
                          "no network is named \"%s\" (no %s" SUFFIX " in %s); a file "
                          "is given with its path: ./%s",
                          name, name, places.data, name);
    elc_string_free(&places);
    return status;
}

static elc_status find_name(const char *name, const elc_names *folders,
                            elc_string *path, elc_error *err) {
    for (size_t i = 0; i < folders->count; i++) {
        path->size = 0;
        ELC_TRY(elc_string_printf(path, err, "%s/%s" SUFFIX, folders->items[i], name));
        if (access(path->data, F_OK) == 0)
            return ELC_OK;
    }
    return not_found(name, folders, err);
}

elc_status elc_model_find(const char *model, elc_string *path, elc_error *err) {
    if (!is_name(model))
        return elc_string_printf(path, err, "%s", model);
    elc_names folders = {0};
    elc_string found = {0};
    elc_status status = list_folders(&folders, err);
    if (status == ELC_OK)
        status = find_name(model, &folders, &found, err);
    if (status == ELC_OK)
        status = elc_string_printf(path, err, "%s", found.data);
    elc_string_free(&found);
    elc_names_free(&folders);
    return status;
}

/* ---- all of them -------------------------------------------------------------------
 */

/* "vehicles.onnx" -> "vehicles"; false when no name can mean it. */
static bool name_of(const char *file, elc_string *name, elc_status *status,
                    elc_error *err) {
    size_t n = strlen(file), suffix = strlen(SUFFIX);
    if (n <= suffix || strcmp(file + n - suffix, SUFFIX) != 0)
        return false;
    name->size = 0;
    *status = elc_string_append(name, file, n - suffix, err);
    return *status == ELC_OK && is_name(name->data);
}

static elc_status list_folder(const char *path, elc_names *names, elc_error *err) {
    DIR *folder = opendir(path);
    if (folder == NULL)
        return ELC_OK; /* none are installed there */
    elc_status status = ELC_OK;
    elc_string name = {0};
    for (struct dirent *entry; status == ELC_OK && (entry = readdir(folder)) != NULL;) {
        if (name_of(entry->d_name, &name, &status, err) &&
            elc_names_find(names, name.data) == SIZE_MAX)
            status = elc_names_add(names, name.data, err);
    }
    elc_string_free(&name);
    closedir(folder);
    return status;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

elc_status elc_model_names(elc_names *names, elc_error *err) {
    elc_names folders = {0};
    elc_status status = list_folders(&folders, err);
    for (size_t i = 0; status == ELC_OK && i < folders.count; i++)
        status = list_folder(folders.items[i], names, err);
    if (names->count > 0)
        qsort(names->items, names->count, sizeof *names->items, by_text);
    elc_names_free(&folders);
    return status;
}
