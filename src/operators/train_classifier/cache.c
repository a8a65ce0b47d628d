/* cache.c - features of an image's windows, kept on disk by what they were made of. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "operators/parts/write.h"

/* "ELCFEAT1", n and d as 64 bits, n windows, n rows of d floats, the SHA-256 of it all
   as 64 digits; of this machine's byte order, since it never leaves it. */
static const char MAGIC[8] = "ELCFEAT1";
enum { DIGITS = 64 };
#define LIMIT ((size_t)1 << 34)

void elc_feature_file_clear(feature_file *file) {
    free(file->windows);
    free(file->features);
    *file = (feature_file){0};
}

static int compare(const void *a, const void *b) {
    const feature_window *p = a, *q = b;
    if (p->y != q->y)
        return p->y < q->y ? -1 : 1;
    return (p->x > q->x) - (p->x < q->x);
}

const float *elc_feature_file_find(const feature_file *file, feature_window window) {
    if (file->n == 0)
        return NULL;
    const feature_window *found =
        bsearch(&window, file->windows, file->n, sizeof window, compare);
    return found == NULL ? NULL
                         : file->features + (size_t)(found - file->windows) * file->d;
}

/* ---- bytes --------------------------------------------------------------------------
 */

static bool sizes_of(const unsigned char *at, size_t size, feature_file *out) {
    uint64_t n, d, cells, bytes;
    memcpy(&n, at + sizeof MAGIC, sizeof n);
    memcpy(&d, at + sizeof MAGIC + sizeof n, sizeof d);
    if (__builtin_mul_overflow(n, d, &cells) ||
        __builtin_mul_overflow(cells, sizeof(float), &bytes) ||
        n > size / sizeof(feature_window) || d == 0)
        return false;
    out->n = (size_t)n;
    out->d = (size_t)d;
    bytes += n * sizeof(feature_window) + sizeof MAGIC + 2 * sizeof n + DIGITS;
    return bytes == size;
}

static bool is_whole(const unsigned char *at, size_t size) {
    char hex[DIGITS + 1];
    elc_sha256(at, size - DIGITS, hex);
    return memcmp(at + size - DIGITS, hex, DIGITS) == 0;
}

static bool is_sorted(const feature_file *file) {
    for (size_t i = 1; i < file->n; i++)
        if (compare(&file->windows[i - 1], &file->windows[i]) >= 0)
            return false;
    return true;
}

bool elc_feature_file_parse(const void *bytes, size_t size, feature_file *out) {
    const unsigned char *at = bytes;
    size_t head = sizeof MAGIC + 2 * sizeof(uint64_t);
    feature_file file = {0};
    *out = (feature_file){0};
    if (size < head + DIGITS || memcmp(at, MAGIC, sizeof MAGIC) != 0 ||
        !sizes_of(at, size, &file) || !is_whole(at, size))
        return false;
    size_t windows = file.n * sizeof *file.windows;
    size_t features = file.n * file.d * sizeof *file.features;
    if (elc_alloc(file.n, sizeof *file.windows, &file.windows, NULL) == ELC_OK &&
        elc_alloc(file.n * file.d, sizeof *file.features, &file.features, NULL) ==
            ELC_OK) {
        memcpy(file.windows, at + head, windows);
        memcpy(file.features, at + head + windows, features);
    }
    if (file.features == NULL || !is_sorted(&file)) {
        elc_feature_file_clear(&file);
        return false;
    }
    *out = file;
    return true;
}

elc_status elc_feature_file_print(const feature_file *file, elc_string *out,
                                  elc_error *err) {
    uint64_t sizes[2] = {file->n, file->d};
    size_t start = out->size;
    char hex[DIGITS + 1];
    ELC_TRY(elc_string_append(out, MAGIC, sizeof MAGIC, err));
    ELC_TRY(elc_string_append(out, sizes, sizeof sizes, err));
    ELC_TRY(
        elc_string_append(out, file->windows, file->n * sizeof *file->windows, err));
    ELC_TRY(elc_string_append(out, file->features,
                              file->n * file->d * sizeof *file->features, err));
    elc_sha256(out->data + start, out->size - start, hex);
    return elc_string_append(out, hex, DIGITS, err);
}

/* ---- files --------------------------------------------------------------------------
 */

elc_status elc_feature_cache_folder(elc_string *out, elc_error *err) {
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache != NULL && cache[0] == '/')
        return elc_string_printf(out, err, "%s/elcano/features", cache);
    if (home != NULL && home[0] == '/')
        return elc_string_printf(out, err, "%s/.cache/elcano/features", home);
    return ELC_OK;
}

elc_status elc_feature_cache_read(const char *folder, const char *key,
                                  feature_file *out, elc_error *err) {
    elc_string path = {0}, bytes = {0};
    *out = (feature_file){0};
    elc_status status = elc_string_printf(&path, err, "%s/%s", folder, key);
    if (status == ELC_OK && elc_file_read(path.data, LIMIT, &bytes, NULL) == ELC_OK)
        elc_feature_file_parse(bytes.data, bytes.size, out);
    elc_string_free(&path);
    elc_string_free(&bytes);
    return status;
}

static elc_status make_folders(char *path, elc_error *err) {
    for (char *slash = path + 1; *slash != '\0'; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        int why = errno;
        *slash = '/';
        if (!made)
            return elc_fail(err, ELC_E_IO, "%s: cannot be made: %s; give --cache", path,
                            strerror(why));
    }
    return ELC_OK;
}

elc_status elc_feature_cache_write(const char *folder, const char *key,
                                   const feature_file *file, elc_error *err) {
    elc_string path = {0}, bytes = {0};
    elc_status status = elc_string_printf(&path, err, "%s/%s", folder, key);
    if (status == ELC_OK)
        status = make_folders(path.data, err);
    if (status == ELC_OK)
        status = elc_feature_file_print(file, &bytes, err);
    if (status == ELC_OK)
        status = elc_write_file(path.data, bytes.data, bytes.size, err);
    elc_string_free(&path);
    elc_string_free(&bytes);
    return status;
}
