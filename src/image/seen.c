/* seen.c - the folders that were met, so that none is visited twice. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/find.h"

#include <stdlib.h>

typedef struct elc_seen_id seen_id;

/* Where an id is, or would be. */
static seen_id *slot_of(seen_id *table, size_t capacity, seen_id id) {
    uint64_t hash = (id.node ^ (id.device << 32)) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(hash >> 20) & (capacity - 1);
    while (table[at].node &&
           (table[at].node != id.node || table[at].device != id.device))
        at = (at + 1) & (capacity - 1);
    return &table[at];
}

static elc_status grow(elc_seen *seen, elc_error *err) {
    size_t capacity = seen->capacity ? 2 * seen->capacity : 64;
    seen_id *table = NULL;
    ELC_TRY(elc_alloc(capacity, sizeof *table, &table, err));
    for (size_t i = 0; i < seen->capacity; i++)
        if (seen->ids[i].node)
            *slot_of(table, capacity, seen->ids[i]) = seen->ids[i];
    free(seen->ids);
    seen->ids = table;
    seen->capacity = capacity;
    return ELC_OK;
}

elc_status elc_seen_visit(elc_seen *seen, uint64_t device, uint64_t node, bool *first,
                          elc_error *err) {
    *first = true;
    if (node == 0)
        return ELC_OK;
    if (2 * (seen->count + 1) > seen->capacity)
        ELC_TRY(grow(seen, err));
    seen_id id = {device, node};
    seen_id *slot = slot_of(seen->ids, seen->capacity, id);
    *first = slot->node == 0;
    seen->count += *first ? 1 : 0;
    *slot = id;
    return ELC_OK;
}

bool elc_seen_has(const elc_seen *seen, uint64_t device, uint64_t node) {
    if (node == 0 || seen->capacity == 0)
        return false;
    return slot_of(seen->ids, seen->capacity, (seen_id){device, node})->node != 0;
}

void elc_seen_free(elc_seen *seen) {
    free(seen->ids);
    *seen = (elc_seen){0};
}
