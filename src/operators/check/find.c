/* find.c - tables of rules and themes, by name or as a file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "find.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Beside the library that this is in. */
static elc_status add_shared(elc_names *folders, elc_error *err) {
    Dl_info info;
    elc_string folder = {0};
    if (dladdr((const void *)elc_check_find, &info) == 0 || info.dli_fname == NULL)
        return ELC_OK;
    const char *slash = strrchr(info.dli_fname, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - info.dli_fname) + 1;
    elc_status status = elc_string_append(&folder, info.dli_fname, n, err);
    if (status == ELC_OK)
        status = elc_string_printf(&folder, err, "%s", ELCANO_RULES_FROM_LIBRARY);
    if (status == ELC_OK)
        status = elc_names_add(folders, folder.data, err);
    elc_string_free(&folder);
    return status;
}

static elc_status list_folders(elc_names *folders, elc_error *err) {
    const char *own = getenv("ELCANO_RULES");
    if (own != NULL && own[0] != '\0')
        ELC_TRY(elc_names_add(folders, own, err));
    ELC_TRY(add_shared(folders, err));
    return elc_names_add(folders, ELCANO_RULES_DIR, err);
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
                          "no table is named \"%s\" (no %s.csv in %s); a file is given "
                          "with its path: ./%s",
                          name, name, places.data, name);
    elc_string_free(&places);
    return status;
}

static elc_status find_name(const char *name, const elc_names *folders,
                            elc_string *path, elc_error *err) {
    for (size_t i = 0; i < folders->count; i++) {
        path->size = 0;
        ELC_TRY(elc_string_printf(path, err, "%s/%s.csv", folders->items[i], name));
        if (access(path->data, F_OK) == 0)
            return ELC_OK;
    }
    return not_found(name, folders, err);
}

elc_status elc_check_find(const char *text, elc_string *path, elc_error *err) {
    elc_names folders = {0};
    if (text[0] == '\0' || strpbrk(text, "./") != NULL)
        return elc_string_printf(path, err, "%s", text);
    elc_status status = list_folders(&folders, err);
    if (status == ELC_OK)
        status = find_name(text, &folders, path, err);
    elc_names_free(&folders);
    return status;
}
