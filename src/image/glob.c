/* glob.c - patterns over any file system that GDAL lists. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/find.h"

#include <fnmatch.h>
#include <string.h>

bool elc_glob_is(const char *path) {
    return path[strcspn(path, "*?[")] != 0;
}

/* Where matches go; without `folders`, what is below a folder goes to `files`. */
typedef struct matches {
    elc_found_list *files, *folders;
} matches;

static elc_status expand(const char *folder, const char *prefix, const char *pattern,
                         const matches *m, elc_error *err);

/* A path whose last or only part matched; `rest` is the pattern below it. */
static elc_status take_match(const char *path, const char *name, const char *rest,
                             const matches *m, elc_error *err) {
    elc_nature nature = elc_path_nature(path, NULL, NULL);
    if (nature == ELC_NATURE_FILE && !*rest)
        return elc_found_add(m->files, path, name, err);
    if (nature != ELC_NATURE_FOLDER)
        return ELC_OK;
    if (!*rest && m->folders)
        return elc_found_add(m->folders, path, name, err);
    elc_string prefix = {0};
    elc_status status = elc_string_printf(&prefix, err, "%s/", name);
    if (status == ELC_OK)
        status = *rest ? expand(path, prefix.data, rest, m, err)
                       : elc_folder_walk(path, prefix.data, m->files, err);
    elc_string_free(&prefix);
    return status;
}

static elc_status take_entry(const char *folder, const char *prefix, const char *entry,
                             const char *rest, const matches *m, elc_error *err) {
    elc_string path = {0}, name = {0};
    elc_status status = elc_path_join(&path, folder, entry, err);
    if (status == ELC_OK)
        status = elc_string_printf(&name, err, "%s%s", prefix, entry);
    if (status == ELC_OK)
        status = take_match(path.data, name.data, rest, m, err);
    elc_string_free(&path);
    elc_string_free(&name);
    return status;
}

static elc_status match_entries(const char *folder, const char *prefix,
                                const char *element, const char *rest,
                                const matches *m, elc_error *err) {
    elc_names entries = {0};
    elc_status status = elc_folder_read(folder, &entries, err);
    for (size_t i = 0; i < entries.count && status == ELC_OK; i++)
        if (fnmatch(element, entries.items[i], FNM_PERIOD) == 0)
            status = take_entry(folder, prefix, entries.items[i], rest, m, err);
    elc_names_free(&entries);
    return status;
}

/* One element of the pattern against one folder. */
static elc_status expand(const char *folder, const char *prefix, const char *pattern,
                         const matches *m, elc_error *err) {
    size_t n = strcspn(pattern, "/");
    const char *rest = pattern + n + strspn(pattern + n, "/");
    elc_string element = {0};
    elc_status status = elc_string_append(&element, pattern, n, err);
    if (status == ELC_OK && elc_glob_is(element.data))
        status = match_entries(folder, prefix, element.data, rest, m, err);
    else if (status == ELC_OK)
        status = take_entry(folder, prefix, element.data, rest, m, err);
    elc_string_free(&element);
    return status;
}

elc_status elc_glob_match(const char *pattern, elc_found_list *files,
                          elc_found_list *folders, elc_error *err) {
    size_t fixed = strcspn(pattern, "*?[");
    while (fixed > 0 && pattern[fixed - 1] != '/')
        fixed--;
    elc_string folder = {0};
    matches m = {files, folders};
    elc_status status = elc_string_append(&folder, pattern, fixed, err);
    if (status == ELC_OK)
        status = expand(fixed ? folder.data : "", "", pattern + fixed, &m, err);
    elc_string_free(&folder);
    return status;
}

elc_status elc_glob_expand(const char *pattern, elc_found_list *list, elc_error *err) {
    return elc_glob_match(pattern, list, NULL, err);
}
