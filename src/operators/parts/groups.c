/* groups.c - counts and totals of zones, and of the values of --by in them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "groups.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

/* MurmurHash3's finalizer (Appleby), eight bytes after eight; the last ones alone. */
static uint64_t hash_bytes(const char *bytes, size_t n) {
    uint64_t h = n;
    for (size_t at = 0; at < n; at += sizeof h) {
        uint64_t word = 0;
        if (n - at >= sizeof word)
            memcpy(&word, bytes + at, sizeof word);
        else
            memcpy(&word, bytes + at, n - at);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
        h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
        h ^= h >> 33;
    }
    return h;
}

static size_t find_slot(const part_groups *g, uint64_t hash, const char *key,
                        size_t size) {
    size_t mask = g->n_slots - 1, at = (size_t)hash & mask;
    for (; g->slots[at] != 0; at = (at + 1) & mask) {
        const part_group *item = &g->items[g->slots[at] - 1];
        if (item->hash == hash && item->size == size &&
            memcmp(g->keys.data + item->key, key, size) == 0)
            break;
    }
    return at;
}

/* At most half of the slots are taken. */
static elc_status slots_room(part_groups *g, elc_error *err) {
    if (g->count < g->n_slots / 2)
        return ELC_OK;
    size_t *old = g->slots, *slots, n = g->n_slots == 0 ? FIRST_SLOTS : g->n_slots * 2;
    ELC_TRY(elc_alloc(n, sizeof *slots, &slots, err));
    g->slots = slots;
    g->n_slots = n;
    for (size_t i = 0; i < g->count; i++) {
        const part_group *item = &g->items[i];
        slots[find_slot(g, item->hash, g->keys.data + item->key, item->size)] = i + 1;
    }
    free(old);
    return ELC_OK;
}

static elc_status add_group(part_groups *g, part_group item, const char *key,
                            elc_error *err) {
    size_t values = g->count * g->n_values;
    ELC_TRY(elc_reserve(&g->items, &g->capacity, g->count + 1, sizeof *g->items, err));
    ELC_TRY(elc_reserve(&g->values, &g->value_capacity, values + g->n_values,
                        sizeof *g->values, err));
    ELC_TRY(elc_string_append(&g->keys, key, item.size, err));
    for (size_t i = 0; i < g->n_values; i++)
        g->values[values + i] = (part_group_value){0};
    g->items[g->count++] = item;
    return ELC_OK;
}

elc_status elc_part_group(part_groups *g, const char *key, size_t size, size_t *out,
                          elc_error *err) {
    uint64_t hash = hash_bytes(key, size);
    ELC_TRY(slots_room(g, err));
    size_t slot = find_slot(g, hash, key, size);
    if (g->slots[slot] == 0) {
        part_group item = {.key = g->keys.size, .size = size, .hash = hash};
        ELC_TRY(add_group(g, item, key, err));
        g->slots[slot] = g->count;
    }
    *out = g->slots[slot] - 1;
    return ELC_OK;
}

void elc_part_groups_free(part_groups *g) {
    for (size_t i = 0; i < g->count * g->n_values; i++)
        elc_part_total_free(&g->values[i].total);
    elc_string_free(&g->keys);
    free(g->items);
    free(g->values);
    free(g->slots);
    *g = (part_groups){0};
}
