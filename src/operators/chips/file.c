/* file.c - the folder that gets the files of chips. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static elc_status make_one(const char *path, elc_error *err) {
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return ELC_OK;
    return elc_fail(err, ELC_E_IO, "%s: the folder cannot be made: %s", path,
                    strerror(errno));
}

elc_status elc_chips_make_folder(const char *path, elc_error *err) {
    char *copy = NULL;
    struct stat about;
    ELC_TRY(elc_strdup(path, &copy, err));
    elc_status status = ELC_OK;
    for (char *c = copy + 1; *copy && *c && status == ELC_OK; c++) {
        if (*c != '/')
            continue;
        *c = 0;
        status = make_one(copy, err);
        *c = '/';
    }
    if (status == ELC_OK)
        status = make_one(copy, err);
    free(copy);
    if (status == ELC_OK && (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)))
        return elc_fail(err, ELC_E_IO, "%s: is a file, not a folder", path);
    return status;
}

elc_status elc_chips_check_empty(const char *path, elc_error *err) {
    DIR *folder = opendir(path);
    if (!folder && errno == ENOENT)
        return ELC_OK;
    if (!folder)
        return elc_fail(err, ELC_E_IO, "%s: cannot be used as a folder: %s", path,
                        strerror(errno));
    const struct dirent *entry;
    bool empty = true;
    while (empty && (entry = readdir(folder)) != NULL)
        empty = !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..");
    closedir(folder);
    if (empty)
        return ELC_OK;
    return elc_fail(err, ELC_E_EXISTS,
                    "%s: the folder is not empty; give another one, or allow to "
                    "overwrite (--overwrite)",
                    path);
}

/* True when a file lies in a folder, both without links, or below it. */
static bool lies_in(const char *file, const char *folder) {
    size_t n = strlen(folder);
    return strncmp(file, folder, n) == 0 && (file[n] == '/' || folder[n - 1] == '/');
}

elc_status elc_chips_check_apart(const char *path, const elc_found_list *images,
                                 elc_error *err) {
    char *folder = realpath(path, NULL);
    const char *clash = NULL;
    for (size_t i = 0; folder && i < images->count && !clash; i++) {
        char *file = realpath(images->items[i].path, NULL);
        if (file && lies_in(file, folder))
            clash = images->items[i].path;
        free(file);
    }
    free(folder);
    if (!clash)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: lies in --out-dir %s, where chips could take its place; give "
                    "another folder",
                    clash, path);
}
