/* hash.c - SHA-256 and the ids made from it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include "file.h"
#include "format.h"

#include <stdlib.h>
#include <string.h>
#include <sha2.h>

static void hex_of(const uint8_t *digest, size_t n, char *hex) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * n] = '\0';
}

static void digest_of(const void *bytes, size_t n, uint8_t *digest) {
    SHA2_CTX context;
    SHA256Init(&context);
    if (n > 0)
        SHA256Update(&context, bytes, n);
    SHA256Final(digest, &context);
}

void elc_sha256(const void *bytes, size_t n, char hex[65]) {
    uint8_t digest[SHA256_DIGEST_LENGTH];
    digest_of(bytes, n, digest);
    hex_of(digest, sizeof digest, hex);
}

static elc_status update(void *arg, const void *bytes, size_t n, elc_error *err) {
    (void)err;
    SHA256Update(arg, bytes, n);
    return ELC_OK;
}

elc_status elc_sha256_file(const char *path, char hex[65], elc_error *err) {
    ELC_TRY(elc_file_check_regular(path, err));
    SHA2_CTX context;
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256Init(&context);
    ELC_TRY(elc_file_each(path, update, &context, err));
    SHA256Final(digest, &context);
    hex_of(digest, sizeof digest, hex);
    return ELC_OK;
}

void elc_id(char id[17], const char *format, ...) {
    char near[1024], *text = near;
    va_list args;
    va_start(args, format);
    int wanted = elc_format(near, sizeof near, format, args);
    va_end(args);
    size_t n = wanted < 0 ? 0 : (size_t)wanted;
    if (n >= sizeof near && (text = malloc(n + 1)) != NULL) {
        va_start(args, format);
        elc_format(text, n + 1, format, args);
        va_end(args);
    }
    uint8_t digest[SHA256_DIGEST_LENGTH];
    /* Without a few spare bytes nothing else will work either: an id of the start. */
    if (text == NULL)
        digest_of(near, sizeof near - 1, digest);
    else
        digest_of(text, n, digest);
    if (text != near)
        free(text);
    hex_of(digest, 8, id);
}
