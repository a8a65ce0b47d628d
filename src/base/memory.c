/* memory.c - checked allocation. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/base.h>

#include <stdlib.h>
#include <string.h>

/* No object may be larger than PTRDIFF_MAX, or pointers into it could not be
   subtracted. */
static elc_status bytes_of(size_t count, size_t size, size_t *bytes, elc_error *err) {
    if (__builtin_mul_overflow(count, size, bytes) || *bytes > PTRDIFF_MAX)
        return elc_fail(err, ELC_E_MEMORY,
                        "memory: %zu items of %zu bytes are more than can be addressed",
                        count, size);
    return ELC_OK;
}

elc_status elc_alloc(size_t count, size_t size, void *out, elc_error *err) {
    size_t bytes;
    ELC_TRY(bytes_of(count, size, &bytes, err));
    void *room = calloc(bytes > 0 ? bytes : 1, 1);
    if (room == NULL)
        return elc_fail(err, ELC_E_MEMORY,
                        "memory: %zu bytes are not to be had; free some, or use fewer "
                        "threads",
                        bytes);
    memcpy(out, &room, sizeof room);
    return ELC_OK;
}

static size_t doubled(size_t capacity, size_t need) {
    size_t grown = capacity < 8 ? 8 : capacity;
    while (grown < need)
        grown = grown > SIZE_MAX / 2 ? need : grown * 2;
    return grown;
}

elc_status elc_reserve(void *items, size_t *capacity, size_t need, size_t size,
                       elc_error *err) {
    if (need <= *capacity)
        return ELC_OK;
    size_t grown = doubled(*capacity, need), bytes;
    ELC_TRY(bytes_of(grown, size, &bytes, err));
    void *room;
    memcpy(&room, items, sizeof room);
    room = realloc(room, bytes > 0 ? bytes : 1);
    if (room == NULL)
        return elc_fail(err, ELC_E_MEMORY,
                        "memory: %zu bytes are not to be had; free some, or use fewer "
                        "threads",
                        bytes);
    memcpy(items, &room, sizeof room);
    *capacity = grown;
    return ELC_OK;
}

elc_status elc_strdup(const char *text, char **out, elc_error *err) {
    if (text == NULL) {
        *out = NULL;
        return ELC_OK;
    }
    size_t size = strlen(text) + 1;
    char *copy = NULL;
    ELC_TRY(elc_alloc(size, 1, &copy, err));
    memcpy(copy, text, size);
    *out = copy;
    return ELC_OK;
}
