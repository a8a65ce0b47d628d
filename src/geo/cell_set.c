/* cell_set.c - numbers of cells, each with the place at which it came first. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <stdlib.h>

enum { FIRST_SLOTS = 1024, AHEAD = 16 };

/* The high bits of a product with 2^64 over the golden ratio, which keeps neighbours
   apart (Knuth, volume 3, 6.4). */
static inline size_t slot_of(int64_t cell, int shift) {
    return (size_t)((uint64_t)cell * UINT64_C(0x9e3779b97f4a7c15) >> shift);
}

static inline int shift_of(size_t n_slots) {
    return 64 - __builtin_ctzll(n_slots);
}

static elc_status grow(elc_cell_set *s, elc_error *err) {
    elc_cell_slot *slots;
    size_t n = s->n_slots == 0 ? FIRST_SLOTS : 2 * s->n_slots;
    ELC_TRY(elc_alloc(n, sizeof *slots, &slots, err));
    free(s->slots);
    s->slots = slots;
    s->n_slots = n;
    for (size_t i = 0; i < s->count; i++) {
        size_t at = slot_of(s->cells[i], shift_of(n));
        while (slots[at].after != 0)
            at = (at + 1) & (n - 1);
        slots[at] = (elc_cell_slot){s->cells[i], (uint32_t)i + 1};
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
    s->slots[at] = (elc_cell_slot){cell, *place + 1};
    return s->count > s->n_slots / 2 ? grow(s, err) : ELC_OK;
}

elc_status elc_cell_set_add(elc_cell_set *s, const int64_t *cells, size_t n,
                            uint32_t *places, elc_error *err) {
    if (s->n_slots == 0)
        ELC_TRY(grow(s, err));
    for (size_t i = 0; i < n; i++) {
        if (i + AHEAD < n)
            __builtin_prefetch(
                &s->slots[slot_of(cells[i + AHEAD], shift_of(s->n_slots))]);
        if (cells[i] < 0) {
            places[i] = ELC_NO_CELL;
            continue;
        }
        size_t at = slot_of(cells[i], shift_of(s->n_slots));
        while (s->slots[at].after != 0 && s->slots[at].cell != cells[i])
            at = (at + 1) & (s->n_slots - 1);
        if (s->slots[at].after != 0)
            places[i] = s->slots[at].after - 1;
        else
            ELC_TRY(add(s, cells[i], at, &places[i], err));
    }
    return ELC_OK;
}

uint32_t elc_cell_set_find(const elc_cell_set *s, int64_t cell) {
    if (s->n_slots == 0)
        return ELC_NO_CELL;
    size_t at = slot_of(cell, shift_of(s->n_slots));
    while (s->slots[at].after != 0 && s->slots[at].cell != cell)
        at = (at + 1) & (s->n_slots - 1);
    return s->slots[at].after != 0 ? s->slots[at].after - 1 : ELC_NO_CELL;
}

void elc_cell_set_free(elc_cell_set *s) {
    free(s->cells);
    free(s->slots);
    *s = (elc_cell_set){0};
}
