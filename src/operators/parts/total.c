/* total.c - a sum of doubles that loses nothing, whatever their order. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "total.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The largest double ends in piece 65; 2^64 of them in piece 67. */
enum { PIECES = 68, PIECE_BITS = 32, LEAST_EXPONENT = -1074, MOST_ADDS = 1 << 29 };
enum { NAN_BIT = 1, UP_BIT = 2, DOWN_BIT = 4, HEAD = 2, PIECE_BYTES = 8 };

#define PIECE (INT64_C(1) << PIECE_BITS)

/* ---- pieces ---------------------------------------------------------------------- */

/* What is over 32 bits goes to the next piece; the last keeps the sign. */
static void carry(int64_t *pieces, size_t n) {
    for (size_t i = 0; i + 1 < n; i++) {
        int64_t low = pieces[i] & (PIECE - 1);
        pieces[i + 1] += (pieces[i] - low) / PIECE;
        pieces[i] = low;
    }
}

/* Makes pieces from..end - 1 be there. */
static elc_status widen(part_total *t, size_t from, size_t end, elc_error *err) {
    if (t->count == 0)
        t->first = from;
    size_t below = from < t->first ? t->first - from : 0;
    size_t all = end > t->first + t->count ? end - t->first : t->count;
    if (below + all == t->count)
        return ELC_OK;
    ELC_TRY(elc_reserve(&t->pieces, &t->capacity, below + all, sizeof *t->pieces, err));
    memmove(t->pieces + below, t->pieces, t->count * sizeof *t->pieces);
    memset(t->pieces, 0, below * sizeof *t->pieces);
    memset(t->pieces + below + t->count, 0, (all - t->count) * sizeof *t->pieces);
    t->first -= below;
    t->count = below + all;
    return ELC_OK;
}

/* Makes all pieces smaller than 2^32, whatever was added. */
static elc_status settle(part_total *t, elc_error *err) {
    while (t->count > 0) {
        carry(t->pieces, t->count);
        int64_t last = t->pieces[t->count - 1];
        if (last > -PIECE && last < PIECE)
            break;
        ELC_TRY(widen(t, t->first, t->first + t->count + 1, err));
    }
    t->adds = 0;
    return ELC_OK;
}

static void note_special(part_total *t, double value) {
    t->nan |= isnan(value);
    t->up |= value > 0;
    t->down |= value < 0;
}

elc_status elc_part_total_add(part_total *t, double value, elc_error *err) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    unsigned exponent = bits >> 52 & 0x7ff;
    uint64_t mantissa = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent == 0x7ff) {
        note_special(t, value);
        return ELC_OK;
    }
    if (exponent > 0)
        mantissa |= UINT64_C(1) << 52;
    unsigned place = exponent > 0 ? exponent - 1 : 0;
    size_t at = place / PIECE_BITS;
    ELC_TRY(widen(t, at, at + 3, err));
    if (++t->adds >= MOST_ADDS)
        ELC_TRY(settle(t, err));
    int64_t sign = bits >> 63 ? -1 : 1, *piece = t->pieces + (at - t->first);
    unsigned shift = place % PIECE_BITS;
    uint64_t high = mantissa >> PIECE_BITS, low = (mantissa & (PIECE - 1)) << shift;
    uint64_t middle = (high << shift) + (low >> PIECE_BITS);
    piece[0] += sign * (int64_t)(low & (PIECE - 1));
    piece[1] += sign * (int64_t)(middle & (PIECE - 1));
    piece[2] += sign * (int64_t)(middle >> PIECE_BITS);
    return ELC_OK;
}

/* Its halves are doubles. */
elc_status elc_part_total_add_int(part_total *t, int64_t value, elc_error *err) {
    int64_t low = value & (PIECE - 1);
    ELC_TRY(elc_part_total_add(t, (double)low, err));
    return elc_part_total_add(t, (double)(value - low), err);
}

/* ---- the sum --------------------------------------------------------------------- */

/* Pieces from the highest, each under 2^32 and none negative: the first 64 bits, the
   last of them set where anything is left out, so that the one rounding is right. */
static double round_pieces(const int64_t *pieces, size_t n, size_t first) {
    uint64_t top = (uint64_t)pieces[n - 1], rest = 0;
    uint64_t next = n > 1 ? (uint64_t)pieces[n - 2] : 0;
    uint64_t last = n > 2 ? (uint64_t)pieces[n - 3] : 0;
    int wide = 64 - __builtin_clzll(top); /* of 32 at most */
    uint64_t bits = top << PIECE_BITS | next;
    int room = PIECE_BITS - wide;
    bits = room > 0 ? bits << room | last >> wide : bits;
    rest = room > 0 ? last & ((UINT64_C(1) << wide) - 1) : last;
    for (size_t i = 3; i < n; i++)
        rest |= (uint64_t)pieces[n - 1 - i];
    int exponent = PIECE_BITS * ((int)(first + n) - 2) - room + LEAST_EXPONENT;
    return ldexp((double)(bits | (rest != 0)), exponent);
}

double elc_part_total_value(const part_total *t) {
    int64_t pieces[PIECES + 2] = {0};
    size_t n = t->count + 2;
    double sign = 1;
    if (t->nan || (t->up && t->down))
        return NAN;
    if (t->up || t->down)
        return t->up ? INFINITY : -INFINITY;
    if (t->count == 0)
        return 0;
    memcpy(pieces, t->pieces, t->count * sizeof *pieces);
    carry(pieces, n);
    if (pieces[n - 1] < 0) {
        sign = -1;
        for (size_t i = 0; i < n; i++)
            pieces[i] = -pieces[i];
        carry(pieces, n);
    }
    while (n > 0 && pieces[n - 1] == 0)
        n--;
    return n == 0 ? 0 : sign * round_pieces(pieces, n, t->first);
}

/* ---- as bytes -------------------------------------------------------------------- */

elc_status elc_part_total_write(part_total *t, elc_string *out, elc_error *err) {
    ELC_TRY(settle(t, err));
    unsigned char head[HEAD] = {
        (unsigned char)(t->nan * NAN_BIT | t->up * UP_BIT | t->down * DOWN_BIT),
        (unsigned char)t->first};
    ELC_TRY(elc_string_append(out, head, sizeof head, err));
    if (t->count == 0)
        return ELC_OK;
    return elc_string_append(out, t->pieces, t->count * PIECE_BYTES, err);
}

elc_status elc_part_total_read(part_total *t, const void *bytes, size_t size,
                               elc_error *err) {
    const unsigned char *from = bytes;
    int64_t pieces[PIECES];
    size_t n = size < HEAD ? 0 : (size - HEAD) / PIECE_BYTES;
    bool sound = size >= HEAD && (size - HEAD) % PIECE_BYTES == 0 && n <= PIECES &&
                 from[1] + n <= PIECES;
    if (sound && n > 0)
        memcpy(pieces, from + HEAD, n * sizeof *pieces);
    for (size_t i = 0; sound && i < n; i++)
        sound = pieces[i] > -PIECE && pieces[i] < PIECE;
    if (!sound)
        return elc_fail(err, ELC_E_FORMAT, "a partial sum is damaged");
    t->nan |= (from[0] & NAN_BIT) != 0;
    t->up |= (from[0] & UP_BIT) != 0;
    t->down |= (from[0] & DOWN_BIT) != 0;
    if (n == 0)
        return ELC_OK;
    ELC_TRY(widen(t, from[1], from[1] + n, err));
    if (++t->adds >= MOST_ADDS)
        ELC_TRY(settle(t, err));
    for (size_t i = 0; i < n; i++)
        t->pieces[from[1] - t->first + i] += pieces[i];
    return ELC_OK;
}

void elc_part_total_clear(part_total *t) {
    t->count = t->adds = 0;
    t->nan = t->up = t->down = false;
}

void elc_part_total_free(part_total *t) {
    free(t->pieces);
    *t = (part_total){0};
}
