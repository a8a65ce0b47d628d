/* groups.h - counts and totals of zones, and of the values of --by in them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_AGGREGATE_GROUPS_H
#define ELC_OPERATORS_AGGREGATE_GROUPS_H

#include "layout.h"
#include "operators/parts/total.h"

/* Of one value: those that are no NULL and no NaN. */
typedef struct aggregate_value {
    part_total total;
    int64_t n;
} aggregate_value;

typedef struct aggregate_group {
    size_t key, size; /* of its bytes (order.h) in `keys` */
    uint64_t hash;
    int64_t count;
} aggregate_group;

/* Start with {.n_values = ...}. */
typedef struct aggregate_groups {
    size_t n_values;
    elc_string keys;
    aggregate_group *items;
    size_t count, capacity;
    aggregate_value *values; /* n_values a group */
    size_t value_capacity;
    size_t *slots; /* group + 1, or 0; a power of two of them */
    size_t n_slots;
} aggregate_groups;

/* The group of a key, which is added when it is new. */
elc_status elc_aggregate_group(aggregate_groups *groups, const char *key, size_t size,
                               size_t *out, elc_error *err);
static inline const char *elc_aggregate_key(const aggregate_groups *groups, size_t i) {
    return groups->keys.data + groups->items[i].key;
}
/* Sets a row's cells of a group but those of right columns, _whole and _group; `room`
   is for text. */
elc_status elc_aggregate_put(const aggregate_layout *layout, aggregate_groups *groups,
                             size_t group, elc_batch *out, elc_string *room,
                             elc_error *err);
/* Sets _group, by which zones that lie together in the table are combined at once. */
elc_status elc_aggregate_put_group(const aggregate_layout *layout, size_t zone,
                                   elc_batch *out, elc_error *err);
void elc_aggregate_groups_free(aggregate_groups *groups);

#endif
