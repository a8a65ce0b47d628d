/* groups.c - rows gathered by the text of `_group`. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "groups.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static uint64_t hash_of(const char *key, size_t size) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (uint8_t)key[i]) * 0x100000001b3u;
    return hash;
}

/* The place of the key in the slots, or the free one where it belongs. */
static size_t find_slot(const elc_groups *groups, const char *key, size_t size,
                        uint64_t hash) {
    size_t mask = groups->n_slots - 1, at = (size_t)hash & mask;
    for (; groups->slots[at] != 0; at = (at + 1) & mask) {
        const elc_group *group = &groups->items[groups->slots[at] - 1];
        if (group->hash == hash && group->size == size &&
            memcmp(group->key, key, size) == 0)
            break;
    }
    return at;
}

/* At most half of the slots are taken. */
static elc_status slots_room(elc_groups *groups, elc_error *err) {
    if (groups->count < groups->n_slots / 2)
        return ELC_OK;
    size_t *old = groups->slots, *slots;
    size_t n = groups->n_slots == 0 ? 64 : groups->n_slots * 2;
    ELC_TRY(elc_alloc(n, sizeof *slots, &slots, err));
    groups->slots = slots;
    groups->n_slots = n;
    for (size_t i = 0; i < groups->count; i++) {
        const elc_group *group = &groups->items[i];
        slots[find_slot(groups, group->key, group->size, group->hash)] = i + 1;
    }
    free(old);
    return ELC_OK;
}

static elc_status find_or_add(elc_groups *groups, const char *key, size_t size,
                              elc_group **out, elc_error *err) {
    uint64_t hash = hash_of(key, size);
    ELC_TRY(slots_room(groups, err));
    ELC_TRY(elc_reserve(&groups->items, &groups->capacity, groups->count + 1,
                        sizeof *groups->items, err));
    size_t slot = find_slot(groups, key, size, hash);
    if (groups->slots[slot] == 0) {
        groups->items[groups->count++] =
            (elc_group){key, size, hash, SIZE_MAX, SIZE_MAX};
        groups->slots[slot] = groups->count;
    }
    *out = &groups->items[groups->slots[slot] - 1];
    return ELC_OK;
}

elc_status elc_groups_add(elc_groups *groups, const elc_rows *rows, size_t column,
                          size_t row, elc_error *err) {
    size_t size;
    const char *key = elc_rows_bytes(rows, column, row, &size);
    elc_group *group;
    ELC_TRY(elc_reserve(&groups->rows, &groups->rows_capacity, groups->n_rows + 1,
                        sizeof *groups->rows, err));
    ELC_TRY(find_or_add(groups, key, size, &group, err));
    size_t at = groups->n_rows++;
    groups->rows[at] = (elc_group_row){rows, row, SIZE_MAX};
    if (group->first == SIZE_MAX)
        group->first = at;
    else
        groups->rows[group->last].next = at;
    group->last = at;
    return ELC_OK;
}

void elc_groups_clear(elc_groups *groups) {
    free(groups->items);
    free(groups->rows);
    free(groups->slots);
    *groups = (elc_groups){0};
}
