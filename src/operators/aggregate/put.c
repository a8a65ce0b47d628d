/* put.c - groups as rows of aggregate's columns. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "put.h"

#include <stdio.h>

#include "operators/parts/order.h"

enum { ZONES_A_GROUP = 64 };

static elc_status put_by(const aggregate_layout *l, const char *key, size_t size,
                         elc_batch *out, elc_string *room, elc_error *err) {
    size_t at = PART_ZONE_BYTES;
    if (size == at) /* the zone itself, or no --by */
        return ELC_OK;
    for (size_t i = 0; i < l->by->count; i++)
        ELC_TRY(elc_part_get_value(l->by_types[i], key, size, &at, out,
                                   elc_aggregate_by_at(l) + i, room, err));
    return ELC_OK;
}

static elc_status put_sums(const aggregate_layout *l, const part_group_value *values,
                           elc_batch *out, elc_error *err) {
    for (size_t i = 0; i < l->n_sums; i++) {
        const part_group_value *value = &values[l->sums[i].value];
        double sum = elc_part_total_value(&value->total);
        if (value->n == 0)
            continue;
        ELC_TRY(elc_batch_real(out, elc_aggregate_sum_at(l) + i,
                               l->sums[i].mean ? sum / (double)value->n : sum, err));
    }
    return ELC_OK;
}

static elc_status put_state(const aggregate_layout *l, part_group_value *values,
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

elc_status elc_aggregate_put(const aggregate_layout *l, part_groups *g, size_t at,
                             elc_batch *out, elc_string *room, elc_error *err) {
    const part_group *item = &g->items[at];
    part_group_value *values = g->values + at * g->n_values;
    const char *key = elc_part_group_key(g, at);
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
