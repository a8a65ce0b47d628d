/* names.c - texts found by their hashes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/names.h"

#include <stdlib.h>
#include <string.h>

uint64_t elc_serve_hash(const char *text, size_t size) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static bool is_it(const serve_names *names, uint32_t index, const char *text,
                  size_t size) {
    const char *item = names->list.items[index];
    return strlen(item) == size && memcmp(item, text, size) == 0;
}

/* The slot that holds a text, or where it belongs. */
static uint32_t *slot_of(const serve_names *names, const char *text, size_t size) {
    size_t at = (size_t)elc_serve_hash(text, size) & (names->n_slots - 1);
    while (names->slots[at] != 0 && !is_it(names, names->slots[at] - 1, text, size))
        at = (at + 1) & (names->n_slots - 1);
    return &names->slots[at];
}

/* At most half of the slots are taken. */
static elc_status make_room(serve_names *names, elc_error *err) {
    if (2 * (names->list.count + 1) <= names->n_slots)
        return ELC_OK;
    size_t n = names->n_slots == 0 ? 64 : names->n_slots * 2;
    uint32_t *slots;
    ELC_TRY(elc_alloc(n, sizeof *slots, &slots, err));
    free(names->slots);
    names->slots = slots;
    names->n_slots = n;
    for (uint32_t i = 0; i < names->list.count; i++) {
        const char *item = names->list.items[i];
        *slot_of(names, item, strlen(item)) = i + 1;
    }
    return ELC_OK;
}

static elc_status add(serve_names *names, const char *text, size_t size,
                      elc_error *err) {
    char *copy;
    ELC_TRY(elc_alloc(size + 1, 1, &copy, err));
    memcpy(copy, text, size);
    elc_status status = elc_names_add(&names->list, copy, err);
    free(copy);
    return status;
}

elc_status elc_serve_names_add(serve_names *names, const char *text, size_t size,
                               uint32_t *out, elc_error *err) {
    const char *end = memchr(text, '\0', size);
    size = end == NULL ? size : (size_t)(end - text);
    if (names->last < names->list.count && is_it(names, names->last, text, size)) {
        *out = names->last;
        return ELC_OK;
    }
    ELC_TRY(make_room(names, err));
    uint32_t *slot = slot_of(names, text, size);
    if (*slot == 0) {
        ELC_TRY(add(names, text, size, err));
        *slot = (uint32_t)names->list.count;
    }
    *out = names->last = *slot - 1;
    return ELC_OK;
}

void elc_serve_names_free(serve_names *names) {
    elc_names_free(&names->list);
    free(names->slots);
}
