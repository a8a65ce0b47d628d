/* names.c - texts that stand once, found by their keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <stdlib.h>
#include <string.h>

static uint32_t *slot_of(const part_names *names, const char *key) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (const char *c = key; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    size_t at = (size_t)(hash ^ hash >> 29) & (names->n_slots - 1);
    while (names->slots[at] != 0 &&
           strcmp(names->keys.items[names->slots[at] - 1], key) != 0)
        at = (at + 1) & (names->n_slots - 1);
    return &names->slots[at];
}

static elc_status grow(part_names *names, elc_error *err) {
    part_names wider = *names;
    if (names->keys.count < names->n_slots / 2)
        return ELC_OK;
    wider.n_slots = names->n_slots > 0 ? 2 * names->n_slots : 64;
    ELC_TRY(elc_alloc(wider.n_slots, sizeof *wider.slots, &wider.slots, err));
    for (size_t i = 0; i < names->keys.count; i++)
        *slot_of(&wider, names->keys.items[i]) = (uint32_t)i + 1;
    free(names->slots);
    *names = wider;
    return ELC_OK;
}

elc_status elc_part_names_add(part_names *names, const char *key, const char *shown,
                              uint32_t *out, elc_error *err) {
    ELC_TRY(grow(names, err));
    uint32_t *slot = slot_of(names, key);
    if (*slot == 0) {
        if (names->keys.count >= PART_NAME_NONE - 1)
            return elc_fail(err, ELC_E_UNSUPPORTED, "more than 2^32 names");
        ELC_TRY(elc_names_add(&names->shown, shown, err));
        ELC_TRY(elc_names_add(&names->keys, key, err));
        *slot = (uint32_t)names->keys.count;
    }
    *out = *slot - 1;
    return ELC_OK;
}

uint32_t elc_part_names_find(const part_names *names, const char *key) {
    return names->n_slots > 0 && *slot_of(names, key) != 0 ? *slot_of(names, key) - 1
                                                           : PART_NAME_NONE;
}

void elc_part_names_free(part_names *names) {
    elc_names_free(&names->shown);
    elc_names_free(&names->keys);
    free(names->slots);
    *names = (part_names){0};
}
