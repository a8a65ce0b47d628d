/* file.c - label files read in a stream. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "label/file.h"

#include <stdlib.h>
#include <string.h>

#include <cpl_error.h>

#define BUFFER    ((size_t)64 << 10)
#define LINE_MAX_ ((size_t)1 << 20)

static elc_status check_kind(const char *path, elc_error *err) {
    VSIStatBufL about;
    memset(&about, 0, sizeof about);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    int missing = VSIStatExL(path, &about, VSI_STAT_EXISTS_FLAG | VSI_STAT_NATURE_FLAG);
    CPLPopErrorHandler();
    if (missing)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: there is no such file", path);
    if (VSI_ISDIR(about.st_mode))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: is a folder, not a file", path);
    /* A pipe or a device may never answer. */
    if (strncmp(path, "/vsi", 4) != 0 && !VSI_ISREG(about.st_mode))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: is no regular file; copy it to one",
                        path);
    return ELC_OK;
}

static elc_status check_mark(elc_label_file *file, elc_error *err) {
    const unsigned char *b = file->buffer;
    if (!elc_label_file_fill(file))
        return ELC_OK;
    if (file->filled >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0)
        file->at = 3;
    if (file->filled >= 2 &&
        (memcmp(b, "\xff\xfe", 2) == 0 || memcmp(b, "\xfe\xff", 2) == 0))
        return elc_fail(err, ELC_E_FORMAT, "%s: is UTF-16 text; save it as UTF-8",
                        file->path);
    return ELC_OK;
}

elc_status elc_label_file_open(const char *path, elc_label_file *out, elc_error *err) {
    elc_label_file file = {.path = path, .line = 1};
    ELC_TRY(check_kind(path, err));
    ELC_TRY(elc_alloc(BUFFER, 1, &file.buffer, err));
    CPLPushErrorHandler(CPLQuietErrorHandler);
    file.handle = VSIFOpenL(path, "rb");
    CPLPopErrorHandler();
    elc_status status =
        file.handle
            ? check_mark(&file, err)
            : elc_fail(err, ELC_E_IO, "%s: cannot be read; may you read it?", path);
    if (status == ELC_OK)
        *out = file;
    else
        elc_label_file_close(&file);
    return status;
}

void elc_label_file_close(elc_label_file *file) {
    if (file->handle)
        VSIFCloseL(file->handle);
    free(file->buffer);
    *file = (elc_label_file){0};
}

bool elc_label_file_fill(elc_label_file *file) {
    CPLPushErrorHandler(CPLQuietErrorHandler);
    file->at = 0;
    file->filled = VSIFReadL(file->buffer, 1, BUFFER, file->handle);
    CPLPopErrorHandler();
    return file->filled > 0;
}

/* ---- lines ---------------------------------------------------------------- */

/* Appends what the buffer has of the line; true once its end was met. */
static elc_status take_line(elc_label_file *file, elc_string *line, bool *ended,
                            elc_error *err) {
    const unsigned char *from = file->buffer + file->at;
    size_t n = file->filled - file->at;
    const unsigned char *end = memchr(from, '\n', n);
    if (end)
        n = (size_t)(end - from);
    if (n > LINE_MAX_ - line->size)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: line %llu: longer than the 1 MiB that a line may have",
                        file->path, (unsigned long long)file->line);
    ELC_TRY(elc_string_append(line, from, n, err));
    file->at += n + (end != NULL);
    *ended = end != NULL;
    return ELC_OK;
}

elc_status elc_label_file_line(elc_label_file *file, elc_string *line, uint64_t *number,
                               bool *more, elc_error *err) {
    bool ended = false;
    line->size = 0;
    *number = file->line;
    *more = elc_label_file_peek(file) >= 0;
    ELC_TRY(elc_string_append(line, "", 0, err));
    while (!ended && elc_label_file_peek(file) >= 0)
        ELC_TRY(take_line(file, line, &ended, err));
    file->line += ended;
    if (line->size > 0 && line->data[line->size - 1] == '\r')
        line->data[--line->size] = '\0';
    if (elc_utf8_valid(line->data, line->size))
        return ELC_OK;
    return elc_fail(err, ELC_E_FORMAT,
                    "%s: line %llu: is not UTF-8 text; save it as UTF-8", file->path,
                    (unsigned long long)*number);
}

elc_status elc_label_file_head(const char *path, elc_string *out, elc_error *err) {
    elc_label_file file = {0};
    out->size = 0;
    ELC_TRY(elc_label_file_open(path, &file, err));
    elc_status status =
        elc_string_append(out, file.buffer + file.at, file.filled - file.at, err);
    elc_label_file_close(&file);
    return status;
}
