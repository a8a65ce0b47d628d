/* order.c - rows in the order of the web map's tiles: a radix sort. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/places.h"

#include <stdlib.h>

typedef struct placed {
    int64_t code;
    uint32_t row;
} placed;

enum { DIGIT = 11, DIGITS = 1 << DIGIT };

/* By a digit of their codes; those with the same one stay in their order. */
static void sort_digit(const placed *from, placed *to, size_t n, int shift) {
    size_t first[DIGITS + 1] = {0};
    for (size_t i = 0; i < n; i++)
        first[(from[i].code >> shift & (DIGITS - 1)) + 1]++;
    for (int d = 0; d < DIGITS; d++)
        first[d + 1] += first[d];
    for (size_t i = 0; i < n; i++)
        to[first[from[i].code >> shift & (DIGITS - 1)]++] = from[i];
}

/* A code has two bits a zoom. `room` is for as many; the result lies in either. */
static placed *sort(placed *all, placed *room, size_t n) {
    for (int shift = 0; shift < 2 * SERVE_ZOOM; shift += DIGIT) {
        sort_digit(all, room, n, shift);
        placed *swap = all;
        all = room, room = swap;
    }
    return all;
}

/* Rows with a place, in their own order. */
static size_t list_placed(const int64_t *codes, size_t n_rows, placed *out) {
    size_t n = 0;
    for (size_t i = 0; i < n_rows; i++)
        if (codes[i] >= 0)
            out[n++] = (placed){codes[i], (uint32_t)i};
    return n;
}

static void put_others(const int64_t *codes, serve_layer *l) {
    size_t at = l->placed;
    for (size_t i = 0; i < l->n_rows; i++) {
        if (codes[i] >= 0)
            continue;
        l->codes[at] = INT64_MAX;
        l->rows[at++] = (uint32_t)i;
    }
}

elc_status elc_serve_places_order(serve_layer *l, const int64_t *codes,
                                  elc_error *err) {
    placed *all, *room = NULL;
    ELC_TRY(elc_alloc(l->n_rows, sizeof *all, &all, err));
    size_t n = list_placed(codes, l->n_rows, all);
    elc_status status = elc_alloc(n, sizeof *room, &room, err);
    if (status == ELC_OK)
        status = elc_alloc(l->n_rows, sizeof *l->codes, &l->codes, err);
    if (status == ELC_OK)
        status = elc_alloc(l->n_rows, sizeof *l->rows, &l->rows, err);
    if (status == ELC_OK) {
        const placed *sorted = sort(all, room, n);
        for (size_t i = 0; i < n; i++) {
            l->codes[i] = sorted[i].code;
            l->rows[i] = sorted[i].row;
        }
        l->placed = n;
        put_others(codes, l);
    }
    free(room);
    free(all);
    return status;
}
