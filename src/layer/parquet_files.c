/* parquet_files.c - which Parquet files a reference means. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet_files.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 32 };

static bool is_named_so(const char *path) {
    static const char *const endings[] = {".parquet", ".geoparquet", NULL};
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    for (const char *const *ending = endings; *ending != NULL; ending++) {
        size_t m = strlen(*ending);
        if (n > m && strncasecmp(path + n - m, *ending, m) == 0)
            return true;
    }
    return false;
}

static bool is_folder(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static elc_status add_key(elc_parquet_files *out, const char *name, size_t n,
                          elc_error *err) {
    elc_string key = {0};
    elc_status status = elc_string_append(&key, name, n, err);
    if (status == ELC_OK && elc_names_find(&out->keys, key.data) == SIZE_MAX)
        status = elc_names_add(&out->keys, key.data, err);
    elc_string_free(&key);
    return status;
}

/* ---- folders ----------------------------------------------------------------------
 */

/* What a walk through folders is for: any file at all, or all of them. */
typedef struct {
    bool first_only;
    bool below_partitions_only; /* no other folders are entered */
    elc_parquet_files *out;
    bool found;
} search;

static elc_status walk(search *s, const char *folder, int depth, elc_error *err);

static elc_status look_at(search *s, const char *path, const char *name, int depth,
                          elc_error *err) {
    struct stat info;
    if (lstat(path, &info) != 0)
        return ELC_OK;
    if (S_ISDIR(info.st_mode)) {
        const char *sign = strchr(name, '=');
        if (s->below_partitions_only && sign == NULL)
            return ELC_OK;
        if (sign != NULL)
            ELC_TRY(add_key(s->out, name, (size_t)(sign - name), err));
        return walk(s, path, depth + 1, err);
    }
    if (!is_named_so(name) || stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return ELC_OK;
    s->found = true;
    return s->first_only ? ELC_OK : elc_names_add(&s->out->paths, path, err);
}

static elc_status walk(search *s, const char *folder, int depth, elc_error *err) {
    if (depth > MAX_DEPTH)
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: more than %d folders deep", folder,
                        MAX_DEPTH);
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return elc_fail(err, ELC_E_IO, "%s: %s", folder, strerror(errno));
    elc_status status = ELC_OK;
    const struct dirent *entry;
    while (status == ELC_OK && !(s->found && s->first_only) &&
           (entry = readdir(entries)) != NULL) {
        elc_string path = {0};
        if (entry->d_name[0] == '.' || entry->d_name[0] == '_')
            continue;
        bool slash = folder[strlen(folder) - 1] == '/';
        status = elc_string_printf(&path, err, "%s%s%s", folder, slash ? "" : "/",
                                   entry->d_name);
        if (status == ELC_OK)
            status = look_at(s, path.data, entry->d_name, depth, err);
        elc_string_free(&path);
    }
    closedir(entries);
    return status;
}

static bool has_parquet(const char *folder) {
    elc_parquet_files none = {0};
    search s = {.first_only = true, .below_partitions_only = true, .out = &none};
    walk(&s, folder, 0, NULL);
    elc_parquet_files_free(&none);
    return s.found;
}

static bool is_pattern(const char *reference) {
    struct stat info;
    return strpbrk(reference, "*?[") != NULL && stat(reference, &info) != 0;
}

static bool meets_parquet(const char *pattern) {
    glob_t met = {0};
    bool found = false;
    if (glob(pattern, GLOB_NOSORT, NULL, &met) == 0)
        for (size_t i = 0; !found && i < met.gl_pathc; i++)
            found = is_folder(met.gl_pathv[i]) && has_parquet(met.gl_pathv[i]);
    globfree(&met);
    return found;
}

bool elc_is_parquet(const char *reference) {
    if (is_named_so(reference))
        return true;
    return is_pattern(reference) ? meets_parquet(reference)
                                 : is_folder(reference) && has_parquet(reference);
}

/* ---- all of them ------------------------------------------------------------------
 */

static elc_status add_folder(const char *path, elc_parquet_files *out, elc_error *err) {
    search s = {.out = out};
    return walk(&s, path, 0, err);
}

/* The keys of the folders in a path from `at` on. */
static elc_status add_keys(elc_parquet_files *out, const char *at, elc_error *err) {
    for (const char *end; (end = strchr(at, '/')) != NULL; at = end + 1) {
        const char *sign = memchr(at, '=', (size_t)(end - at));
        if (sign != NULL)
            ELC_TRY(add_key(out, at, (size_t)(sign - at), err));
    }
    return ELC_OK;
}

/* Where the first part of a pattern's path that has one of its marks begins. */
static size_t fixed_part(const char *pattern) {
    size_t n = strcspn(pattern, "*?[");
    while (n > 0 && pattern[n - 1] != '/')
        n--;
    return n;
}

static elc_status add_met(const char *path, size_t fixed, elc_parquet_files *out,
                          elc_error *err) {
    if (is_folder(path)) {
        elc_string inside = {0};
        elc_status status = elc_string_printf(&inside, err, "%s/", path);
        if (status == ELC_OK)
            status = add_keys(out, inside.data + fixed, err);
        elc_string_free(&inside);
        return status == ELC_OK ? add_folder(path, out, err) : status;
    }
    ELC_TRY(add_keys(out, path + fixed, err));
    return elc_names_add(&out->paths, path, err);
}

/* Patterns that meet a folder mean what is in it. */
static elc_status add_pattern(const char *pattern, elc_parquet_files *out,
                              elc_error *err) {
    glob_t met = {0};
    elc_status status = ELC_OK;
    int failed = glob(pattern, GLOB_NOSORT, NULL, &met);
    if (failed == GLOB_NOSPACE)
        status =
            elc_fail(err, ELC_E_MEMORY, "%s: no memory for what it meets", pattern);
    for (size_t i = 0; status == ELC_OK && failed == 0 && i < met.gl_pathc; i++)
        status = add_met(met.gl_pathv[i], fixed_part(pattern), out, err);
    globfree(&met);
    return status;
}

static elc_status add_file(const char *path, elc_parquet_files *out, elc_error *err) {
    struct stat info;
    if (stat(path, &info) != 0)
        return elc_fail(err, errno == ENOENT ? ELC_E_NOT_FOUND : ELC_E_IO, "%s: %s",
                        path,
                        errno == ENOENT ? "there is no such file" : strerror(errno));
    if (!S_ISREG(info.st_mode))
        return elc_fail(err, ELC_E_UNSUPPORTED, "%s: is no file and no folder", path);
    return elc_names_add(&out->paths, path, err);
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

elc_status elc_parquet_files_find(const char *reference, elc_parquet_files *out,
                                  elc_error *err) {
    if (strncmp(reference, "/vsi", 4) == 0 || strstr(reference, "://") != NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: Parquet is read from local files; copy it here",
                        reference);
    bool pattern = is_pattern(reference);
    if (pattern)
        ELC_TRY(add_pattern(reference, out, err));
    else if (is_folder(reference))
        ELC_TRY(add_folder(reference, out, err));
    else
        ELC_TRY(add_file(reference, out, err));
    if (out->paths.count == 0)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: %s", reference,
                        pattern ? "there is no such file"
                                : "there is no .parquet file in that folder");
    qsort(out->paths.items, out->paths.count, sizeof *out->paths.items, compare);
    return ELC_OK;
}

void elc_parquet_files_free(elc_parquet_files *files) {
    elc_names_free(&files->paths);
    elc_names_free(&files->keys);
}
