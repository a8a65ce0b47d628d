/* layout.c - how each column type lies in memory, and its bits and offsets. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include <string.h>

static const elc_layout layouts[] = {
    [ELC_INT32] = {"int32", "i", 32},
    [ELC_INT64] = {"int64", "l", 64},
    [ELC_FLOAT32] = {"float32", "f", 32},
    [ELC_FLOAT64] = {"float64", "g", 64},
    [ELC_BOOL] = {"bool", "b", 1},
    [ELC_UTF8] = {"utf8", "u", 0},
    [ELC_BINARY] = {"binary", "z", 0},
    [ELC_DATE32] = {"date32", "tdD", 32},
    [ELC_TIMESTAMP] = {"timestamp", "tsu:UTC", 64},
    [ELC_GEOMETRY] = {"geometry", "z", 0},
    [ELC_FLOATS] = {"float32[]", "+l", 0},
};

const elc_layout *elc_layout_of(elc_type type) {
    size_t i = (size_t)type;
    return i < sizeof layouts / sizeof *layouts ? &layouts[i] : NULL;
}

const char *elc_type_name(elc_type type) {
    const elc_layout *layout = elc_layout_of(type);
    return layout == NULL ? "unknown" : layout->name;
}

size_t elc_bit_bytes(size_t n) {
    return n / 8 + (n % 8 != 0);
}

size_t elc_value_bytes(unsigned bits, size_t n) {
    return bits == 1 ? elc_bit_bytes(n) : n * (bits / 8);
}

void elc_bits_copy(uint8_t *to, const uint8_t *from, size_t start, size_t n) {
    if (n == 0)
        return;
    size_t bytes = elc_bit_bytes(n);
    unsigned shift = (unsigned)(start % 8);
    const uint8_t *first = from + start / 8;
    if (shift == 0) {
        memcpy(to, first, bytes);
    } else {
        size_t last = (shift + n - 1) / 8; /* the last byte that may be read */
        for (size_t i = 0; i < bytes; i++) {
            unsigned high = i + 1 <= last ? first[i + 1] : 0;
            to[i] = (uint8_t)(first[i] >> shift | high << (8 - shift));
        }
    }
    if (n % 8 != 0)
        to[bytes - 1] &= (uint8_t)((1u << (n % 8)) - 1);
}

size_t elc_bits_zeros(const uint8_t *bits, size_t start, size_t n) {
    size_t ones = 0, i = start, end = start + n;
    for (; i < end && i % 8 != 0; i++)
        ones += elc_bit_get(bits, i);
    for (; end - i >= 64; i += 64) {
        uint64_t word;
        memcpy(&word, bits + i / 8, sizeof word);
        ones += (size_t)__builtin_popcountll(word);
    }
    for (; i < end; i++)
        ones += elc_bit_get(bits, i);
    return n - ones;
}

/* No early way out inside a block, so that the compiler can use vectors. */
static bool block_rises(const uint8_t *off, size_t n) {
    int falls = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t a, b;
        memcpy(&a, off + 4 * i, sizeof a);
        memcpy(&b, off + 4 * i + 4, sizeof b);
        falls |= b < a;
    }
    return falls == 0;
}

bool elc_offsets_rise(const void *off, size_t n) {
    enum { BLOCK = 4096 };
    const uint8_t *at = off;
    int32_t first;
    memcpy(&first, at, sizeof first);
    if (first < 0)
        return false;
    for (; n > BLOCK; n -= BLOCK, at += 4 * BLOCK) {
        if (!block_rises(at, BLOCK))
            return false;
    }
    return block_rises(at, n);
}
