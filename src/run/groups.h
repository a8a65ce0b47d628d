/* groups.h - rows gathered by the text of `_group` (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_GROUPS_H
#define ELCANO_RUN_GROUPS_H

#include <elcano/table.h>

/* Groups are numbered by first appearance; rows of a group keep the order in which they
   came. Everything is borrowed: batches outlive the groups. Start with {0}. */
typedef struct elc_group {
    const char *key;
    size_t size;
    uint64_t hash;
    size_t first, last; /* of its rows, in `rows` */
} elc_group;

typedef struct elc_group_row {
    const elc_rows *rows;
    size_t row, next; /* SIZE_MAX: the last of its group */
} elc_group_row;

typedef struct elc_groups {
    elc_group *items;
    size_t count, capacity;
    elc_group_row *rows;
    size_t n_rows, rows_capacity;
    size_t *slots; /* group + 1, or 0; a power of two of them */
    size_t n_slots;
} elc_groups;

elc_status elc_groups_add(elc_groups *groups, const elc_rows *rows, size_t column,
                          size_t row, elc_error *err);
void elc_groups_clear(elc_groups *groups);

#endif
