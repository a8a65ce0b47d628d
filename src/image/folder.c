/* folder.c - a folder's files by name, and lists of folders. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_vsi.h>

#include "image/gdal.h"

/* ---- listing --------------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void elc_names_sort(elc_names *names) {
    if (names->count > 1)
        qsort(names->items, names->count, sizeof *names->items, by_bytes);
}

/* What an entry is; a file system that does not say, and a link, are asked again. */
static elc_nature nature_of(const VSIDIREntry *entry, const char *path) {
    if (entry->bModeKnown && VSI_ISDIR(entry->nMode))
        return ELC_NATURE_FOLDER;
    if (entry->bModeKnown && VSI_ISREG(entry->nMode))
        return ELC_NATURE_FILE;
    return elc_path_nature(path, NULL, NULL);
}

static elc_status take_entry(const char *folder, const VSIDIREntry *entry,
                             elc_string *path, elc_names *files, elc_names *folders,
                             elc_error *err) {
    size_t n = strlen(entry->pszName);
    while (n > 0 && entry->pszName[n - 1] == '/')
        n--;
    if (n == 0 || entry->pszName[0] == '.')
        return ELC_OK;
    elc_string name = {0};
    ELC_TRY(elc_string_append(&name, entry->pszName, n, err));
    elc_status status = elc_path_join(path, folder, name.data, err);
    elc_nature nature =
        status == ELC_OK ? nature_of(entry, path->data) : ELC_NATURE_NONE;
    if (nature == ELC_NATURE_FILE)
        status = elc_names_add(files, name.data, err);
    if (nature == ELC_NATURE_FOLDER && folders)
        status = elc_names_add(folders, name.data, err);
    elc_string_free(&name);
    return status;
}

static elc_status fail_to_list(const char *path, int why, const elc_gdal_log *log,
                               elc_error *err) {
    if (why == EACCES || why == EPERM)
        return elc_fail(err, ELC_E_IO, "%s: no permission to read the folder", path);
    if (log->failure[0] || log->warning[0])
        return elc_fail(err, ELC_E_FORMAT, "%s: cannot be listed: %s", path,
                        elc_gdal_reason(log));
    return elc_fail(err, ELC_E_FORMAT, "%s: cannot be listed: %s", path,
                    strncmp(path, "/vsi", 4) ? "no such folder"
                                             : "a broken archive, or no such folder");
}

static elc_status list(const char *path, elc_names *files, elc_names *folders,
                       elc_gdal_log *log, elc_error *err) {
    static const char *const OPTIONS[] = {"NAME_AND_TYPE_ONLY=YES", NULL};
    errno = 0;
    VSIDIR *dir = VSIOpenDir(*path ? path : ".", 0, OPTIONS);
    if (!dir)
        return fail_to_list(path, errno, log, err);
    elc_string below = {0};
    elc_status status = ELC_OK;
    const VSIDIREntry *entry;
    while (status == ELC_OK && (entry = VSIGetNextDirEntry(dir)))
        status = take_entry(path, entry, &below, files, folders, err);
    VSICloseDir(dir);
    elc_string_free(&below);
    elc_names_sort(files);
    if (folders)
        elc_names_sort(folders);
    return status;
}

elc_status elc_folder_entries(const char *path, elc_names *files, elc_names *folders,
                              elc_error *err) {
    elc_gdal_log log;
    elc_gdal_begin(&log);
    elc_status status = list(path, files, folders, &log, err);
    elc_gdal_end();
    return status;
}

void elc_path_stat(const char *path, int64_t *bytes, int64_t *modified_us) {
    VSIStatBufL about;
    elc_gdal_log log;
    memset(&about, 0, sizeof about);
    elc_gdal_begin(&log);
    bool there = VSIStatL(path, &about) == 0 && !VSI_ISDIR(about.st_mode);
    elc_gdal_end();
    *bytes = there ? (int64_t)about.st_size : -1;
    *modified_us = there && about.st_mtime > 0 ? (int64_t)about.st_mtime * 1000000 : -1;
}

/* ---- lists of folders ------------------------------------------------------------ */

void elc_folder_clear(elc_folder *folder) {
    free(folder->path);
    free(folder->root);
    free(folder->prefix);
    free(folder->from);
    free(folder->to);
    elc_found_list_free(&folder->files);
    *folder = (elc_folder){0};
}

void elc_folder_list_free(elc_folder_list *list) {
    for (size_t i = 0; i < list->count; i++)
        elc_folder_clear(&list->items[i]);
    free(list->items);
    *list = (elc_folder_list){0};
}

elc_status elc_folder_add(elc_folder_list *list, const char *path, const char *root,
                          const char *prefix, elc_folder **out, elc_error *err) {
    ELC_TRY(elc_reserve(&list->items, &list->capacity, list->count + 1,
                        sizeof *list->items, err));
    elc_folder folder = {0};
    elc_status status = elc_strdup(path, &folder.path, err);
    if (status == ELC_OK)
        status = elc_strdup(root, &folder.root, err);
    if (status == ELC_OK)
        status = elc_strdup(prefix, &folder.prefix, err);
    if (status != ELC_OK) {
        elc_folder_clear(&folder);
        return status;
    }
    list->items[list->count] = folder;
    *out = &list->items[list->count++];
    return ELC_OK;
}
