/* file.c - a small local file read whole. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static elc_status unreadable(const char *path, elc_error *err) {
    int code = errno;
    char text[128];
    const char *reason = strerror_r(code, text, sizeof text);
    return elc_fail(err, code == ENOENT ? ELC_E_NOT_FOUND : ELC_E_IO,
                    "%s: cannot be read: %s", path, reason);
}

elc_status elc_file_check_regular(const char *path, elc_error *err) {
    struct stat about;
    if (stat(path, &about) != 0)
        return unreadable(path, err);
    if (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "%s: is no regular file; copy it to one", path);
}

elc_status elc_file_each(const char *path, elc_file_chunk chunk, void *arg,
                         elc_error *err) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return unreadable(path, err);
    char buffer[1 << 16];
    elc_status status = ELC_OK;
    for (;;) {
        ssize_t n = read(file, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            status = unreadable(path, err);
        if (n <= 0)
            break;
        ELC_TRY_GOTO(chunk(arg, buffer, (size_t)n, err), status, done);
    }
done:
    close(file);
    return status;
}

typedef struct {
    const char *path;
    size_t limit;
    elc_string text;
} reading;

static elc_status take(void *arg, const void *bytes, size_t n, elc_error *err) {
    reading *r = arg;
    if (n > r->limit - r->text.size)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: larger than the %zu bytes that such a file may have",
                        r->path, r->limit);
    return elc_string_append(&r->text, bytes, n, err);
}

elc_status elc_file_read(const char *path, size_t limit, elc_string *out,
                         elc_error *err) {
    reading r = {path, limit, {0}};
    elc_status status = elc_string_append(&r.text, "", 0, err);
    if (status == ELC_OK)
        status = elc_file_each(path, take, &r, err);
    if (status != ELC_OK) {
        elc_string_free(&r.text);
        return status;
    }
    elc_string_free(out);
    *out = r.text;
    return ELC_OK;
}
