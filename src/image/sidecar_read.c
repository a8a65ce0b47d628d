/* sidecar_read.c - a sidecar read through GDAL, from a disk, an archive or a bucket. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/sidecars.h"

#include <string.h>

#include <cpl_vsi.h>

#include "image/gdal.h"

#define XML_MAX  (UINT64_C(64) << 20)
#define REST_MAX (UINT64_C(16) << 20)
#define TEXT_MAX (UINT64_C(256) << 10)

static int64_t take(void *arg, char *buffer, size_t size) {
    VSILFILE *file = arg;
    return (int64_t)VSIFReadL(buffer, 1, size, file);
}

static elc_status take_all(const char *name, VSILFILE *file, uint64_t limit,
                           elc_string *out, elc_error *err) {
    char buffer[1 << 14];
    ELC_TRY(elc_string_append(out, "", 0, err));
    for (;;) {
        size_t n = VSIFReadL(buffer, 1, sizeof buffer, file);
        if (n == 0)
            return ELC_OK;
        if (out->size + n > limit)
            return elc_fail(err, ELC_E_FORMAT,
                            "%s: larger than the %llu bytes that such a file may have",
                            name, (unsigned long long)limit);
        ELC_TRY(elc_string_append(out, buffer, n, err));
    }
}

/* The first byte that is not blank, and 0 for none. Byte order marks are XML's. */
static char first_byte(VSILFILE *file) {
    char buffer[256];
    size_t n = VSIFReadL(buffer, 1, sizeof buffer, file);
    VSIFSeekL(file, 0, SEEK_SET);
    for (size_t i = 0; i < n; i++) {
        if (strchr(" \t\r\n", buffer[i]) == NULL)
            return (unsigned char)buffer[i] >= 0xef ? '<' : buffer[i];
    }
    return '\0';
}

static elc_status read_open(const char *name, VSILFILE *file, elc_record *out,
                            elc_error *err) {
    char first = first_byte(file);
    if (first == '<')
        return elc_record_read_xml(out, name, take, file, XML_MAX, err);
    elc_string text = {0};
    elc_status status = take_all(name, file, REST_MAX, &text, err);
    if (status == ELC_OK)
        status = first == '{' ? elc_record_json(out, name, text.data, text.size, err)
                              : elc_record_text(out, name, text.data, text.size, err);
    elc_string_free(&text);
    return status;
}

static elc_status open_file(const char *path, VSILFILE **out, elc_error *err) {
    *out = VSIFOpenL(path, "rb");
    if (*out == NULL)
        return elc_fail(err, ELC_E_IO, "%s: cannot be opened", elc_name_of(path));
    return ELC_OK;
}

elc_status elc_sidecar_read(const char *path, elc_record *out, elc_error *err) {
    elc_gdal_log log;
    VSILFILE *file = NULL;
    elc_gdal_begin(&log);
    elc_status status = open_file(path, &file, err);
    if (status == ELC_OK) {
        status = read_open(elc_name_of(path), file, out, err);
        VSIFCloseL(file);
    }
    elc_gdal_end();
    return status;
}

elc_status elc_sidecar_text(const char *path, elc_string *out, elc_error *err) {
    elc_gdal_log log;
    VSILFILE *file = NULL;
    elc_gdal_begin(&log);
    elc_status status = open_file(path, &file, err);
    if (status == ELC_OK) {
        status = take_all(elc_name_of(path), file, TEXT_MAX, out, err);
        VSIFCloseL(file);
    }
    elc_gdal_end();
    return status;
}

const char *elc_name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
