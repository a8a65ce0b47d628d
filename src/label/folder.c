/* folder.c - the files below a folder, in bytewise order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/file.h"

#include <stdlib.h>
#include <string.h>

#include <cpl_error.h>
#include <cpl_string.h>

#define DEPTH_MAX 64

/* The folders from the root to where the walk is. */
typedef struct walk {
    elc_names *out;
    struct {
        uint64_t device, node;
    } above[DEPTH_MAX];
    size_t depth;
} walk;

static bool look(const char *path, VSIStatBufL *about) {
    memset(about, 0, sizeof *about);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    int missing = VSIStatExL(path, about, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG);
    CPLPopErrorHandler();
    return !missing;
}

bool elc_label_exists(const char *path) {
    VSIStatBufL about;
    return look(path, &about);
}

bool elc_label_is_folder(const char *path) {
    VSIStatBufL about;
    return look(path, &about) && VSI_ISDIR(about.st_mode);
}

elc_status elc_label_join(elc_string *out, const char *folder, const char *name,
                          elc_error *err) {
    size_t n = strlen(folder);
    out->size = 0;
    return elc_string_printf(out, err, "%s%s%s", folder,
                             n > 0 && folder[n - 1] != '/' ? "/" : "", name);
}

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

elc_status elc_label_folder_names(const char *folder, elc_names *out, elc_error *err) {
    CPLPushErrorHandler(CPLQuietErrorHandler);
    char **entries = VSIReadDir(folder[0] ? folder : ".");
    CPLPopErrorHandler();
    elc_status status = ELC_OK;
    for (char **e = entries; e && *e && status == ELC_OK; e++) {
        size_t n = strlen(*e);
        if (n > 0 && (*e)[n - 1] == '/')
            (*e)[n - 1] = '\0';
        if ((*e)[0] != '\0' && (*e)[0] != '.')
            status = elc_names_add(out, *e, err);
    }
    CSLDestroy(entries);
    if (out->count > 1)
        qsort(out->items, out->count, sizeof *out->items, by_bytes);
    return status;
}

static elc_status list_folder(walk *w, const char *path, const char *below,
                              const VSIStatBufL *about, elc_error *err);

static elc_status list_entry(walk *w, const char *path, const char *below,
                             elc_error *err) {
    VSIStatBufL about;
    if (!look(path, &about))
        return ELC_OK; /* a link to nothing, or just removed */
    if (VSI_ISDIR(about.st_mode))
        return list_folder(w, path, below, &about, err);
    return elc_names_add(w->out, below, err);
}

static elc_status list_entries(walk *w, const char *path, const char *below,
                               elc_error *err) {
    elc_names entries = {0};
    elc_string file = {0}, name = {0};
    elc_status status = elc_label_folder_names(path, &entries, err);
    for (size_t i = 0; i < entries.count && status == ELC_OK; i++) {
        status = elc_label_join(&file, path, entries.items[i], err);
        if (status == ELC_OK)
            status = elc_label_join(&name, below, entries.items[i], err);
        if (status == ELC_OK)
            status = list_entry(w, file.data, name.data, err);
    }
    elc_names_free(&entries);
    elc_string_free(&file);
    elc_string_free(&name);
    return status;
}

static elc_status list_folder(walk *w, const char *path, const char *below,
                              const VSIStatBufL *about, elc_error *err) {
    uint64_t device = (uint64_t)about->st_dev, node = (uint64_t)about->st_ino;
    for (size_t i = 0; i < w->depth; i++)
        if (node != 0 && w->above[i].node == node && w->above[i].device == device)
            return ELC_OK;
    if (w->depth == DEPTH_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: deeper than %d folders; name it itself", path, DEPTH_MAX);
    w->above[w->depth].device = device;
    w->above[w->depth++].node = node;
    elc_status status = list_entries(w, path, below, err);
    w->depth--;
    return status;
}

elc_status elc_label_folder_list(const char *folder, elc_names *out, elc_error *err) {
    walk w = {.out = out};
    VSIStatBufL about;
    if (!look(folder, &about))
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: there is no such folder", folder);
    return list_folder(&w, folder, "", &about, err);
}
