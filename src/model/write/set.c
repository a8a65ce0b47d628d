/* set.c - names of tensors, by open addressing. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <stdlib.h>

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv). */
static uint64_t hash_of(elc_span name) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < name.n; i++)
        hash = (hash ^ name.at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Where the name is, or would be. An empty slot has no address. */
static size_t slot_of(const onnx_set *set, elc_span name) {
    size_t i = (size_t)hash_of(name) & (set->capacity - 1);
    while (set->slots[i].at != NULL && !elc_span_same(set->slots[i], name))
        i = (i + 1) & (set->capacity - 1);
    return i;
}

static elc_status grow(onnx_set *set, elc_error *err) {
    onnx_set larger = {.count = set->count,
                       .capacity = set->capacity > 0 ? 2 * set->capacity : 64};
    ELC_TRY(elc_alloc(larger.capacity, sizeof *larger.slots, &larger.slots, err));
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->slots[i].at != NULL)
            larger.slots[slot_of(&larger, set->slots[i])] = set->slots[i];
    }
    free(set->slots);
    *set = larger;
    return ELC_OK;
}

elc_status elc_onnx_set_add(onnx_set *set, elc_span name, elc_error *err) {
    if (name.n == 0 || elc_onnx_set_has(set, name))
        return ELC_OK;
    if (set->count >= set->capacity / 2)
        ELC_TRY(grow(set, err));
    set->slots[slot_of(set, name)] = name;
    set->count++;
    return ELC_OK;
}

bool elc_onnx_set_has(const onnx_set *set, elc_span name) {
    return set->capacity > 0 && set->slots[slot_of(set, name)].at != NULL;
}

void elc_onnx_set_free(onnx_set *set) {
    free(set->slots);
    *set = (onnx_set){0};
}
