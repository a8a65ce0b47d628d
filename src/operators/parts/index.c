/* index.c - rows found by their keys: a hash table on plain arrays. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "index.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), then the last steps of
   MurmurHash3 (Appleby), which bring the high bits down to those that choose a slot. */
static uint64_t hash_bytes(const char *bytes, size_t n) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)bytes[i]) * UINT64_C(0x100000001b3);
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

elc_status elc_part_index_add(part_index *index, size_t row, const char *key, size_t n,
                              elc_error *err) {
    ELC_TRY(elc_reserve(&index->entries, &index->capacity, index->count + 1,
                        sizeof *index->entries, err));
    size_t at = index->keys.size;
    ELC_TRY(elc_string_append(&index->keys, key, n, err));
    index->entries[index->count++] =
        (part_entry){hash_bytes(key, n), at, row, PART_NONE};
    return ELC_OK;
}

static size_t key_size(const part_index *index, size_t entry) {
    size_t end =
        entry + 1 < index->count ? index->entries[entry + 1].key : index->keys.size;
    return end - index->entries[entry].key;
}

/* The slot of a key: its own, or the empty one where it belongs. */
static size_t find_slot(const part_index *index, uint64_t hash, const char *key,
                        size_t n) {
    size_t mask = index->n_slots - 1, slot = (size_t)hash & mask;
    for (;; slot = (slot + 1) & mask) {
        size_t entry = index->slots[slot];
        if (entry == PART_NONE)
            return slot;
        const part_entry *e = &index->entries[entry];
        if (e->hash == hash && key_size(index, entry) == n &&
            memcmp(index->keys.data + e->key, key, n) == 0)
            return slot;
    }
}

/* From the last row to the first, so that each comes before those after it. */
elc_status elc_part_index_build(part_index *index, elc_error *err) {
    index->n_slots = 2;
    while (index->n_slots / 2 < index->count) /* entries are wide: no overflow */
        index->n_slots *= 2;
    ELC_TRY(elc_string_append(&index->keys, "", 0, err));
    ELC_TRY(elc_alloc(index->n_slots, sizeof *index->slots, &index->slots, err));
    for (size_t i = 0; i < index->n_slots; i++)
        index->slots[i] = PART_NONE;
    for (size_t i = index->count; i > 0; i--) {
        part_entry *e = &index->entries[i - 1];
        size_t slot = find_slot(index, e->hash, index->keys.data + e->key,
                                key_size(index, i - 1));
        e->next = index->slots[slot];
        index->slots[slot] = i - 1;
    }
    return ELC_OK;
}

size_t elc_part_index_find(const part_index *index, const char *key, size_t n) {
    return index->slots[find_slot(index, hash_bytes(key, n), key, n)];
}

void elc_part_index_free(part_index *index) {
    elc_string_free(&index->keys);
    free(index->entries);
    free(index->slots);
    *index = (part_index){0};
}
