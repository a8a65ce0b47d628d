/* index.h - rows found by their keys: a hash table on plain arrays. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_INDEX_H
#define ELC_OPERATORS_PARTS_INDEX_H

#include <elcano/base.h>

#define PART_NONE SIZE_MAX

/* A row; its key are the bytes from `key` to the next entry's. */
typedef struct part_entry {
    uint64_t hash;
    size_t key;
    size_t row;
    size_t next; /* entry of the next row of an equal key, or PART_NONE */
} part_entry;

/* Start with {0}; add rows in their order, then build. Each slot has the first entry of
   a key. */
typedef struct part_index {
    elc_string keys;
    part_entry *entries;
    size_t count, capacity;
    size_t *slots;
    size_t n_slots; /* a power of two, at least twice `count` */
} part_index;

elc_status elc_part_index_add(part_index *index, size_t row, const char *key, size_t n,
                              elc_error *err);
elc_status elc_part_index_build(part_index *index, elc_error *err);
/* The entry of the first row of a key, or PART_NONE; the others follow by `next`, in
   the order in which they were added. */
size_t elc_part_index_find(const part_index *index, const char *key, size_t n);
void elc_part_index_free(part_index *index);

#endif
