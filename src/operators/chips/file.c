/* file.c - files of chips: made under another name, and then named. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- folders ----------------------------------------------------------------------
 */

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

/* ---- files ------------------------------------------------------------------------
 */

static elc_status failed(const char *path, elc_error *err) {
    int why = errno;
    bool full = why == ENOSPC || why == EDQUOT;
    return elc_fail(err, ELC_E_IO, "%s: cannot be written: %s%s", path, strerror(why),
                    full ? "; make room, or give another --out-dir" : "");
}

static bool write_all(int file, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t wrote = write(file, bytes, n);
        if (wrote < 0 && errno != EINTR)
            return false;
        if (wrote > 0) {
            bytes += wrote;
            n -= (size_t)wrote;
        }
    }
    return true;
}

/* ".NAME.part-PID-ADDRESS" beside the file: no other thread or process has it. */
static elc_status name_part(const char *path, elc_string *out, elc_error *err) {
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    return elc_string_printf(out, err, "%.*s.%s.part-%ld-%lx", folder, path,
                             path + folder, (long)getpid(),
                             (unsigned long)(uintptr_t)out);
}

static elc_status write_part(const char *part, const char *path, const void *bytes,
                             size_t n, elc_error *err) {
    int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        return failed(path, err);
    elc_status status = ELC_OK;
    if (!write_all(file, bytes, n))
        status = failed(path, err);
    if (close(file) != 0 && status == ELC_OK)
        status = failed(path, err);
    if (status == ELC_OK && rename(part, path) != 0)
        status = failed(path, err);
    if (status != ELC_OK)
        unlink(part);
    return status;
}

elc_status elc_chips_write_file(const char *path, const void *bytes, size_t n,
                                elc_error *err) {
    elc_string part = {0};
    elc_status status = name_part(path, &part, err);
    if (status == ELC_OK)
        status = write_part(part.data, path, bytes, n, err);
    elc_string_free(&part);
    return status;
}
