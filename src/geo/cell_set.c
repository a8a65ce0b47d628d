/* cell_set.c - numbers of cells, each with the place at which it came first. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <stdlib.h>

enum { FIRST_SLOTS = 1024, FIRST_SHIFT = 54, AHEAD = 16, BLOCK = 256 };

/* Its upper bits number a slot, so that neighbours are spread over them all; 2^64 over
   the golden ratio. */
static uint64_t hash_of(int64_t cell) {
    uint64_t h = (uint64_t)cell;
    return (h ^ h >> 29) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint32_t mark_of(uint64_t hash) {
    return (uint32_t)(hash >> 8);
}

/* The slot of a cell, or the free one where it would be. */
static size_t find(const elc_cell_set *s, int64_t cell, uint64_t hash) {
    uint32_t mark = mark_of(hash);
    size_t at = (size_t)(hash >> s->shift);
    while (s->slots[at].after != 0 &&
           (s->slots[at].mark != mark || s->cells[s->slots[at].after - 1] != cell))
        at = (at + 1) & (s->n_slots - 1);
    return at;
}

static elc_status grow(elc_cell_set *s, elc_error *err) {
    elc_cell_slot *slots;
    size_t n = s->n_slots == 0 ? FIRST_SLOTS : 2 * s->n_slots;
    ELC_TRY(elc_alloc(n, sizeof *slots, &slots, err));
    free(s->slots);
    s->slots = slots;
    s->shift = s->n_slots == 0 ? FIRST_SHIFT : s->shift - 1;
    s->n_slots = n;
    for (size_t i = 0; i < s->count; i++) {
        uint64_t hash = hash_of(s->cells[i]);
        size_t at = (size_t)(hash >> s->shift);
        while (slots[at].after != 0)
            at = (at + 1) & (n - 1);
        slots[at] = (elc_cell_slot){mark_of(hash), (uint32_t)i + 1};
    }
    return ELC_OK;
}

static elc_status add(elc_cell_set *s, int64_t cell, size_t at, uint32_t *place,
                      elc_error *err) {
    if (s->count >= UINT32_MAX - 1)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "more than 4,294,967,294 cells; take larger ones");
    ELC_TRY(elc_reserve(&s->cells, &s->capacity, s->count + 1, sizeof *s->cells, err));
    s->cells[s->count] = cell;
    *place = (uint32_t)s->count++;
    s->slots[at] = (elc_cell_slot){mark_of(hash_of(cell)), *place + 1};
    return s->count > s->n_slots / 2 ? grow(s, err) : ELC_OK;
}

/* At most BLOCK of them. */
static elc_status add_some(elc_cell_set *s, const int64_t *cells, size_t n,
                           uint32_t *places, elc_error *err) {
    uint64_t hashes[BLOCK + AHEAD];
    for (size_t i = 0; i < n; i++)
        hashes[i] = hash_of(cells[i]);
    for (size_t i = n; i < n + AHEAD; i++)
        hashes[i] = hashes[n - 1];
    for (size_t i = 0; i < n; i++) {
        __builtin_prefetch(&s->slots[hashes[i + AHEAD] >> s->shift]);
        if (cells[i] < 0) {
            places[i] = ELC_NO_CELL;
            continue;
        }
        size_t at = find(s, cells[i], hashes[i]);
        places[i] = s->slots[at].after - 1;
        if (s->slots[at].after == 0)
            ELC_TRY(add(s, cells[i], at, &places[i], err));
    }
    return ELC_OK;
}

elc_status elc_cell_set_add(elc_cell_set *s, const int64_t *cells, size_t n,
                            uint32_t *places, elc_error *err) {
    if (s->n_slots == 0)
        ELC_TRY(grow(s, err));
    for (size_t i = 0; i < n; i += BLOCK)
        ELC_TRY(add_some(s, cells + i, n - i < BLOCK ? n - i : BLOCK, places + i, err));
    return ELC_OK;
}

uint32_t elc_cell_set_find(const elc_cell_set *s, int64_t cell) {
    if (s->n_slots == 0)
        return ELC_NO_CELL;
    return s->slots[find(s, cell, hash_of(cell))].after - 1;
}

void elc_cell_set_free(elc_cell_set *s) {
    free(s->cells);
    free(s->slots);
    *s = (elc_cell_set){0};
}
