/* groups.c - counts and totals of zones, and of the values of --by in them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "groups.h"

#include "order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64, ZONES_A_GROUP = 64 };

/* ---- finding --------------------------------------------------------------------- */

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

static size_t find_slot(const aggregate_groups *g, uint64_t hash, const char *key,
                        size_t size) {
    size_t mask = g->n_slots - 1, at = (size_t)hash & mask;
    for (; g->slots[at] != 0; at = (at + 1) & mask) {
        const aggregate_group *item = &g->items[g->slots[at] - 1];
        if (item->hash == hash && item->size == size &&
            memcmp(g->keys.data + item->key, key, size) == 0)
            break;
    }
    return at;
}

/* At most half of the slots are taken. */
static elc_status slots_room(aggregate_groups *g, elc_error *err) {
    if (g->count < g->n_slots / 2)
        return ELC_OK;
    size_t *old = g->slots, *slots, n = g->n_slots == 0 ? FIRST_SLOTS : g->n_slots * 2;
    ELC_TRY(elc_alloc(n, sizeof *slots, &slots, err));
    g->slots = slots;
    g->n_slots = n;
    for (size_t i = 0; i < g->count; i++) {
        const aggregate_group *item = &g->items[i];
        slots[find_slot(g, item->hash, g->keys.data + item->key, item->size)] = i + 1;
    }
    free(old);
    return ELC_OK;
}

static elc_status add_group(aggregate_groups *g, aggregate_group item, const char *key,
                            elc_error *err) {
    size_t values = g->count * g->n_values;
    ELC_TRY(elc_reserve(&g->items, &g->capacity, g->count + 1, sizeof *g->items, err));
    ELC_TRY(elc_reserve(&g->values, &g->value_capacity, values + g->n_values,
                        sizeof *g->values, err));
    ELC_TRY(elc_string_append(&g->keys, key, item.size, err));
    for (size_t i = 0; i < g->n_values; i++)
        g->values[values + i] = (aggregate_value){0};
    g->items[g->count++] = item;
    return ELC_OK;
}

elc_status elc_aggregate_group(aggregate_groups *g, const char *key, size_t size,
                               size_t *out, elc_error *err) {
    uint64_t hash = hash_bytes(key, size);
    ELC_TRY(slots_room(g, err));
    size_t slot = find_slot(g, hash, key, size);
    if (g->slots[slot] == 0) {
        aggregate_group item = {.key = g->keys.size, .size = size, .hash = hash};
        ELC_TRY(add_group(g, item, key, err));
        g->slots[slot] = g->count;
    }
    *out = g->slots[slot] - 1;
    return ELC_OK;
}

void elc_aggregate_groups_free(aggregate_groups *g) {
    for (size_t i = 0; i < g->count * g->n_values; i++)
        elc_part_total_free(&g->values[i].total);
    elc_string_free(&g->keys);
    free(g->items);
    free(g->values);
    free(g->slots);
    *g = (aggregate_groups){0};
}

/* ---- giving ---------------------------------------------------------------------- */

static elc_status put_by(const aggregate_layout *l, const char *key, size_t size,
                         elc_batch *out, elc_string *room, elc_error *err) {
    size_t at = AGGREGATE_ZONE_BYTES;
    if (size == at) /* the zone itself, or no --by */
        return ELC_OK;
    for (size_t i = 0; i < l->by->count; i++)
        ELC_TRY(elc_aggregate_get_value(l->by_types[i], key, size, &at, out,
                                        elc_aggregate_by_at(l) + i, room, err));
    return ELC_OK;
}

static elc_status put_sums(const aggregate_layout *l, const aggregate_value *values,
                           elc_batch *out, elc_error *err) {
    for (size_t i = 0; i < l->n_sums; i++) {
        const aggregate_value *value = &values[l->sums[i].value];
        double sum = elc_part_total_value(&value->total);
        if (value->n == 0)
            continue;
        ELC_TRY(elc_batch_real(out, elc_aggregate_sum_at(l) + i,
                               l->sums[i].mean ? sum / (double)value->n : sum, err));
    }
    return ELC_OK;
}

static elc_status put_state(const aggregate_layout *l, aggregate_value *values,
                            elc_batch *out, elc_string *room, elc_error *err) {
    size_t at = elc_aggregate_value_at(l);
    for (size_t i = 0; i < l->values.count; i++, at += 2) {
        room->size = 0;
        ELC_TRY(elc_part_total_write(&values[i].total, room, err));
        ELC_TRY(elc_batch_int(out, at, values[i].n, err));
        ELC_TRY(elc_batch_bytes(out, at + 1, room->data, room->size, err));
    }
    return ELC_OK;
}

elc_status elc_aggregate_put(const aggregate_layout *l, aggregate_groups *g, size_t at,
                             elc_batch *out, elc_string *room, elc_error *err) {
    const aggregate_group *item = &g->items[at];
    aggregate_value *values = g->values + at * g->n_values;
    const char *key = elc_aggregate_key(g, at);
    ELC_TRY(put_by(l, key, item->size, out, room, err));
    ELC_TRY(elc_batch_int(out, elc_aggregate_count_at(l), item->count, err));
    ELC_TRY(put_sums(l, values, out, err));
    ELC_TRY(put_state(l, values, out, room, err));
    return elc_batch_bytes(out, elc_aggregate_order_at(l), key, item->size, err);
}

elc_status elc_aggregate_put_group(const aggregate_layout *l, size_t zone,
                                   elc_batch *out, elc_error *err) {
    char name[24];
    snprintf(name, sizeof name, "%zu", zone / ZONES_A_GROUP);
    return elc_batch_text(out, elc_aggregate_group_at(l), name, err);
}
