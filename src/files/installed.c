/* installed.c - files that come with Elcano, found by name: networks, tables. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/files.h>

#include <dirent.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

elc_status elc_own_folder(elc_string *folder, elc_error *err) {
    Dl_info info;
    if (dladdr((const void *)elc_own_folder, &info) == 0 || info.dli_fname == NULL)
        return ELC_OK;
    const char *slash = strrchr(info.dli_fname, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - info.dli_fname) + 1;
    return elc_string_append(folder, info.dli_fname, n, err);
}

/* A path has a slash or a dot; a word without either is a name. */
static bool is_name(const char *text) {
    return text[0] != '\0' && strpbrk(text, "./") == NULL;
}

/* ---- where ------------------------------------------------------------------------
 */

static elc_status list_folders(const elc_installed *kind, elc_names *folders,
                               elc_error *err) {
    const char *own = getenv(kind->variable);
    elc_string shared = {0};
    if (own != NULL && own[0] != '\0')
        ELC_TRY(elc_names_add(folders, own, err));
    elc_status status = elc_own_folder(&shared, err);
    if (status == ELC_OK)
        status = elc_string_printf(&shared, err, "%s", kind->from_library);
    if (status == ELC_OK)
        status = elc_names_add(folders, shared.data, err);
    elc_string_free(&shared);
    return status == ELC_OK ? elc_names_add(folders, kind->built, err) : status;
}

/* "vehicles.onnx" -> "vehicles"; false when no name can mean it. */
static bool name_of(const char *file, const char *suffix, elc_string *name,
                    elc_status *status, elc_error *err) {
    size_t n = strlen(file), m = strlen(suffix);
    if (n <= m || strcmp(file + n - m, suffix) != 0)
        return false;
    name->size = 0;
    *status = elc_string_append(name, file, n - m, err);
    return *status == ELC_OK && is_name(name->data);
}

static elc_status list_folder(const elc_installed *kind, const char *path,
                              elc_names *names, elc_error *err) {
    DIR *folder = opendir(path);
    if (folder == NULL)
        return ELC_OK; /* none are installed there */
    elc_status status = ELC_OK;
    elc_string name = {0};
    for (struct dirent *entry; status == ELC_OK && (entry = readdir(folder)) != NULL;) {
        if (name_of(entry->d_name, kind->suffix, &name, &status, err) &&
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

static elc_status list_names(const elc_installed *kind, const elc_names *folders,
                             elc_names *names, elc_error *err) {
    for (size_t i = 0; i < folders->count; i++)
        ELC_TRY(list_folder(kind, folders->items[i], names, err));
    if (names->count > 0)
        qsort(names->items, names->count, sizeof *names->items, by_text);
    return ELC_OK;
}

elc_status elc_installed_names(const elc_installed *kind, elc_names *names,
                               elc_error *err) {
    elc_names folders = {0};
    elc_status status = list_folders(kind, &folders, err);
    if (status == ELC_OK)
        status = list_names(kind, &folders, names, err);
    elc_names_free(&folders);
    return status;
}

/* ---- which ------------------------------------------------------------------------
 */

static elc_status write_places(const elc_names *folders, elc_string *out,
                               elc_error *err) {
    for (size_t i = 0; i < folders->count; i++)
        ELC_TRY(
            elc_string_printf(out, err, "%s%s", i > 0 ? ", " : "", folders->items[i]));
    return ELC_OK;
}

/* ; did you mean "vehicles"? */
static elc_status write_near(const elc_installed *kind, const char *name,
                             const elc_names *folders, elc_string *out,
                             elc_error *err) {
    elc_names names = {0};
    elc_status status = list_names(kind, folders, &names, err);
    const char **words = NULL;
    if (status == ELC_OK)
        status = elc_alloc(names.count + 1, sizeof *words, &words, err);
    for (size_t i = 0; status == ELC_OK && i < names.count; i++)
        words[i] = names.items[i];
    const char *near = status == ELC_OK ? elc_nearest_word(name, words) : NULL;
    if (near != NULL)
        status = elc_string_printf(out, err, "; did you mean \"%s\"?", near);
    else if (status == ELC_OK)
        status = elc_string_append(out, "", 0, err);
    free(words);
    elc_names_free(&names);
    return status;
}

static elc_status not_found(const elc_installed *kind, const char *name,
                            const elc_names *folders, elc_error *err) {
    elc_string places = {0}, near = {0};
    elc_status status = write_places(folders, &places, err);
    if (status == ELC_OK)
        status = write_near(kind, name, folders, &near, err);
    if (status == ELC_OK)
        status = elc_fail(err, ELC_E_NOT_FOUND,
                          "no %s is named \"%s\"%s (no %s%s in %s; a file is given "
                          "with its path: ./%s)",
                          kind->what, name, near.data, name, kind->suffix, places.data,
                          name);
    elc_string_free(&near);
    elc_string_free(&places);
    return status;
}

static elc_status find_name(const elc_installed *kind, const char *name,
                            const elc_names *folders, elc_string *path,
                            elc_error *err) {
    elc_string found = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; status == ELC_OK && i < folders->count; i++) {
        found.size = 0;
        status = elc_string_printf(&found, err, "%s/%s%s", folders->items[i], name,
                                   kind->suffix);
        if (status == ELC_OK && access(found.data, F_OK) == 0) {
            status = elc_string_append(path, found.data, found.size, err);
            elc_string_free(&found);
            return status;
        }
    }
    elc_string_free(&found);
    return status == ELC_OK ? not_found(kind, name, folders, err) : status;
}

elc_status elc_installed_find(const elc_installed *kind, const char *text,
                              elc_string *path, elc_error *err) {
    elc_names folders = {0};
    if (!is_name(text))
        return elc_string_printf(path, err, "%s", text);
    elc_status status = list_folders(kind, &folders, err);
    if (status == ELC_OK)
        status = find_name(kind, text, &folders, path, err);
    elc_names_free(&folders);
    return status;
}
