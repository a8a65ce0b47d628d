/* names.c - where the names of YOLO's classes are. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/file.h"
#include "label/tokens.h"
#include "label/yolo.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* Tried in this order in each folder. */
static const char *const patterns[] = {"classes.txt",  "data.yaml", "data.yml",
                                       "dataset.yaml", "*.names",   NULL};

/* ---- one name a line ------------------------------------------------------ */

typedef struct list {
    elc_label_build place;
    elc_names *out;
} list;

static elc_status take_name(void *arg, char *line, elc_error *err) {
    list *l = arg;
    char *end = line + strlen(line);
    line += strspn(line, " \t\r");
    while (end > line && strchr(" \t\r", end[-1]))
        *--end = '\0';
    if (l->place.number != l->out->count + 1)
        return ELC_LABEL_FAIL(&l->place, err, ELC_E_FORMAT,
                              "an empty line comes before it, which would shift the "
                              "numbers of the classes; remove it or name the class");
    return elc_names_add(l->out, line, err);
}

static elc_status read_list(const char *path, elc_names *out, elc_error *err) {
    list l = {.place = {.path = path}, .out = out};
    return elc_label_each_line(&l.place, take_name, &l, err);
}

/* ---- where it is ---------------------------------------------------------- */

static elc_status find_in(const char *folder, elc_string *out, bool *found,
                          elc_error *err) {
    elc_names files = {0};
    elc_status status = elc_label_folder_names(folder, &files, err);
    for (const char *const *p = patterns; *p && !*found && status == ELC_OK; p++)
        for (size_t i = 0; i < files.count && !*found && status == ELC_OK; i++)
            if (fnmatch(*p, files.items[i], 0) == 0) {
                *found = true;
                status = elc_label_join(out, folder, files.items[i], err);
            }
    elc_names_free(&files);
    return status;
}

/* Makes a folder's path that of the folder above it; false at the top. */
static elc_status go_up(elc_string *folder, bool *more, elc_error *err) {
    char *slash = strrchr(folder->data, '/');
    const char *last = slash ? slash + 1 : folder->data;
    *more = folder->size > 0 && strcmp(folder->data, "/") != 0;
    if (!*more)
        return ELC_OK;
    if (strcmp(last, "..") == 0 || strcmp(last, ".") == 0)
        return elc_string_printf(folder, err, "/..");
    if (slash == NULL) {
        folder->size = 0;
        return elc_string_append(folder, ".", 1, err);
    }
    folder->size = slash == folder->data ? 1 : (size_t)(slash - folder->data);
    folder->data[folder->size] = '\0';
    return ELC_OK;
}

/* The same, remembered for the next file. */
static elc_status look_at(elc_label_build *b, int up, const char *folder,
                          elc_string *out, bool *found, elc_error *err) {
    char **was = &b->looked[up].folder, **has = &b->looked[up].list;
    if (*was == NULL || strcmp(*was, folder) != 0) {
        ELC_TRY(find_in(folder, out, found, err));
        free(*was);
        free(*has);
        *was = *has = NULL;
        ELC_TRY(elc_strdup(*found ? out->data : NULL, has, err));
        return elc_strdup(folder, was, err);
    }
    *found = *has != NULL;
    return *found ? elc_string_append(out, *has, strlen(*has), err) : ELC_OK;
}

static elc_status find_list(elc_label_build *b, const char *folder, elc_string *out,
                            bool *found, elc_error *err) {
    elc_string at = {0};
    bool more = true;
    elc_status status = elc_string_append(&at, folder, strlen(folder), err);
    for (int up = 0; up < ELC_LABEL_FOLDERS && more && !*found && status == ELC_OK;
         up++) {
        status = look_at(b, up, at.data, out, found, err);
        if (status == ELC_OK)
            status = go_up(&at, &more, err);
    }
    elc_string_free(&at);
    return status;
}

/* ---- for the file being read ---------------------------------------------- */

static elc_status check_same(elc_label_build *b, const char *path, elc_error *err) {
    const char *was = b->names_path;
    if ((was == NULL) == (path == NULL) && (was == NULL || strcmp(was, path) == 0))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%s: its classes are named by %s, those of the files before it by "
                    "%s; read the folders one by one",
                    b->path, path ? path : "nothing", was ? was : "nothing");
}

static elc_status read_names(elc_label_build *b, const char *path, elc_error *err) {
    const char *dot = strrchr(path, '.');
    bool yaml = dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
    ELC_TRY(yaml ? elc_label_yaml_names(path, &b->out->classes, err)
                 : read_list(path, &b->out->classes, err));
    if (b->out->classes.count == 0)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: names no class; write their names, one a line", path);
    return elc_strdup(path, &b->names_path, err);
}

static elc_status look_in(elc_label_build *b, const char *folder, elc_error *err) {
    elc_string path = {0};
    bool found = false, first = b->names_folder == NULL;
    elc_status status = find_list(b, folder, &path, &found, err);
    if (status == ELC_OK && !first)
        status = check_same(b, found ? path.data : NULL, err);
    else if (status == ELC_OK && found)
        status = read_names(b, path.data, err);
    elc_string_free(&path);
    return status;
}

elc_status elc_label_yolo_names(elc_label_build *b, elc_error *err) {
    const char *slash = strrchr(b->path, '/');
    elc_string folder = {0};
    size_t n = slash == b->path ? 1 : slash ? (size_t)(slash - b->path) : 0;
    ELC_TRY(elc_string_append(&folder, n ? b->path : ".", n ? n : 1, err));
    if (b->names_folder && strcmp(b->names_folder, folder.data) == 0) {
        elc_string_free(&folder);
        return ELC_OK;
    }
    elc_status status = look_in(b, folder.data, err);
    free(b->names_folder);
    b->names_folder = folder.data;
    return status;
}
