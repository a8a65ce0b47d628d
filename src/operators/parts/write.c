/* write.c - a file that an operator writes beside its rows, whole or not at all. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static elc_status failed(const char *path, elc_error *err) {
    int why = errno;
    bool full = why == ENOSPC || why == EDQUOT;
    return elc_fail(err, ELC_E_IO, "%s: cannot be written: %s%s", path, strerror(why),
                    full ? "; make room, or give another folder" : "");
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

/* Writes and closes an open file. */
static bool fill(int file, const void *bytes, size_t n) {
    bool well = write_all(file, bytes, n);
    int why = errno;
    if (close(file) != 0)
        return false;
    errno = why;
    return well;
}

/* As a file without a name, of which nothing is left when the process is killed. False
   where the file system has none, or the name is taken: then nothing is done. */
static bool write_nameless(const char *path, const void *bytes, size_t n) {
    char link[40];
    elc_string folder = {0};
    const char *slash = strrchr(path, '/');
    if (access(path, F_OK) == 0)
        return false;
    int length = !slash ? 1 : slash == path ? 1 : (int)(slash - path);
    if (elc_string_printf(&folder, NULL, "%.*s", length, slash ? path : ".") != ELC_OK)
        return false;
    int file = open(folder.data, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    elc_string_free(&folder);
    if (file < 0)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    bool well = write_all(file, bytes, n) &&
                linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
    close(file);
    return well;
}

/* /dev/null, a pipe: what is written goes through, and the name stays what it is. */
static bool is_device(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode);
}

static elc_status write_device(const char *path, const void *bytes, size_t n,
                               elc_error *err) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    return file >= 0 && fill(file, bytes, n) ? ELC_OK : failed(path, err);
}

/* Leaves a device's part without a name: it is written to at once. */
static elc_status write_part(const written_file *f, elc_string *part, elc_error *err) {
    struct stat info;
    if (is_device(f->path))
        return write_device(f->path, f->bytes, f->n, err);
    if (stat(f->path, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return failed(f->path, err);
    }
    ELC_TRY(name_part(f->path, part, err));
    int file = open(part->data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return file >= 0 && fill(file, f->bytes, f->n) ? ELC_OK : failed(f->path, err);
}

elc_status elc_write_files(const written_file *files, size_t n, elc_error *err) {
    elc_string parts[WRITTEN_FILES_MAX] = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        status = write_part(&files[i], &parts[i], err);
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        if (parts[i].data != NULL && rename(parts[i].data, files[i].path) != 0)
            status = failed(files[i].path, err);
    for (size_t i = 0; i < n; i++) {
        if (parts[i].data != NULL && status != ELC_OK)
            unlink(parts[i].data);
        elc_string_free(&parts[i]);
    }
    return status;
}

elc_status elc_write_file(const char *path, const void *bytes, size_t n,
                          elc_error *err) {
    const written_file file = {path, bytes, n};
    return write_nameless(path, bytes, n) ? ELC_OK : elc_write_files(&file, 1, err);
}

elc_status elc_check_file(const char *path, bool overwrite, elc_error *err) {
    if (path == NULL || is_device(path))
        return ELC_OK;
    const char *slash = strrchr(path, '/');
    elc_string folder = {0};
    if (!overwrite && access(path, F_OK) == 0)
        return elc_fail(err, ELC_E_EXISTS, "%s: is there already (--overwrite)", path);
    int length = slash == NULL || slash == path ? 1 : (int)(slash - path);
    ELC_TRY(elc_string_printf(&folder, err, "%.*s", length, slash ? path : "."));
    bool well = access(folder.data, W_OK | X_OK) == 0;
    elc_string_free(&folder);
    return well ? ELC_OK : elc_fail(err, ELC_E_IO, "%s: cannot be written: %m", path);
}
