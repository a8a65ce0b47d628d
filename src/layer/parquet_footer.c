/* parquet_footer.c - a text in a Parquet file's footer, replaced. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "parquet_footer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The length of the footer, four bytes, and "PAR1". */
enum { TAIL = 8 };

static elc_status read_at(int file, void *bytes, size_t n, off_t at, elc_error *err) {
    for (size_t done = 0; done < n;) {
        ssize_t got = pread(file, (char *)bytes + done, n - done, at + (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return elc_fail(err, ELC_E_IO, "what was written cannot be read: %s",
                            got < 0 ? strerror(errno) : "it was cut short");
        done += (size_t)got;
    }
    return ELC_OK;
}

static elc_status write_at(int file, const char *bytes, size_t n, off_t at,
                           elc_error *err) {
    for (size_t done = 0; done < n;) {
        ssize_t put = pwrite(file, bytes + done, n - done, at + (off_t)done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return elc_fail(err, ELC_E_IO, "%s", strerror(errno));
        done += (size_t)put;
    }
    return ELC_OK;
}

/* Where the footer is, by the file's last bytes. */
static elc_status find_footer(int file, off_t *start, size_t *size, elc_error *err) {
    unsigned char tail[TAIL];
    struct stat info;
    if (fstat(file, &info) != 0 || info.st_size < TAIL)
        return elc_fail(err, ELC_E_IO, "it was cut short");
    ELC_TRY(read_at(file, tail, TAIL, info.st_size - TAIL, err));
    *size = (size_t)tail[0] | (size_t)tail[1] << 8 | (size_t)tail[2] << 16 |
            (size_t)tail[3] << 24;
    *start = info.st_size - TAIL - (off_t)*size;
    return memcmp(tail + 4, "PAR1", 4) == 0 && *start > 0
               ? ELC_OK
               : elc_fail(err, ELC_E_IO, "it was cut short");
}

static elc_status replace(int file, const elc_string *old, const elc_string *new,
                          elc_error *err) {
    off_t start = 0;
    size_t size = 0;
    char *footer;
    ELC_TRY(find_footer(file, &start, &size, err));
    ELC_TRY(elc_alloc(size, 1, &footer, err));
    elc_status status = read_at(file, footer, size, start, err);
    char *at = status == ELC_OK ? memmem(footer, size, old->data, old->size) : NULL;
    if (status == ELC_OK && at == NULL)
        status = elc_fail(err, ELC_E_UNSUPPORTED,
                          "this DuckDB keeps metadata in another way; take 1.4");
    if (status == ELC_OK)
        status = write_at(file, new->data, new->size, start + (at - footer), err);
    free(footer);
    return status;
}

elc_status elc_parquet_replace(const char *path, const elc_string *old,
                               const elc_string *new, elc_error *err) {
    assert(old->size == new->size);
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return elc_fail(err, ELC_E_IO, "what was written cannot be opened: %s",
                        strerror(errno));
    elc_status status = replace(file, old, new, err);
    if (close(file) != 0 && status == ELC_OK)
        status = elc_fail(err, ELC_E_IO, "%s", strerror(errno));
    return status;
}
