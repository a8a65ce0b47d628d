/* groups.h - counts and totals of zones, and of the values of --by in them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_GROUPS_H
#define ELC_OPERATORS_PARTS_GROUPS_H

#include "total.h"

/* Of one value: those that are no NULL and no NaN. */
typedef struct part_group_value {
    part_total total;
    int64_t n;
} part_group_value;

typedef struct part_group {
    size_t key, size; /* of its bytes (order.h) in `keys` */
    uint64_t hash;
    int64_t count;
} part_group;

/* Start with {.n_values = ...}. */
typedef struct part_groups {
    size_t n_values;
    elc_string keys;
    part_group *items;
    size_t count, capacity;
    part_group_value *values; /* n_values a group */
    size_t value_capacity;
    size_t *slots; /* group + 1, or 0; a power of two of them */
    size_t n_slots;
} part_groups;

/* The group of a key, which is added when it is new. */
elc_status elc_part_group(part_groups *groups, const char *key, size_t size,
                          size_t *out, elc_error *err);
static inline const char *elc_part_group_key(const part_groups *groups, size_t i) {
    return groups->keys.data + groups->items[i].key;
}
void elc_part_groups_free(part_groups *groups);

#endif
