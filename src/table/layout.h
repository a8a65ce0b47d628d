/* layout.h - how each column type lies in memory; inside table only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_TABLE_LAYOUT_H
#define ELC_TABLE_LAYOUT_H

#include <elcano/table.h>

typedef struct elc_layout {
    const char *name;
    const char *format; /* Arrow's */
    unsigned bits;      /* of one value; 0: int32 offsets into bytes, or floats */
} elc_layout;

/* NULL for a number that is no elc_type. */
const elc_layout *elc_layout_of(elc_type type);

/* Bytes of what the offsets of a type without bits count. */
static inline size_t elc_unit_bytes(elc_type type) {
    return type == ELC_FLOATS ? sizeof(float) : 1;
}

/* Bytes of n bits, and of n values of `bits`. n may be any length of an array that
   exists, or any under 2^57. */
size_t elc_bit_bytes(size_t n);
size_t elc_value_bytes(unsigned bits, size_t n);

/* Whether bit i is set; bits are counted from the least significant of each byte. */
static inline bool elc_bit_get(const uint8_t *bits, size_t i) {
    return (bits[i / 8] >> (i % 8) & 1) != 0;
}

static inline void elc_bit_put(uint8_t *bits, size_t i, bool on) {
    uint8_t mask = (uint8_t)(1u << (i % 8));
    bits[i / 8] = (uint8_t)(on ? bits[i / 8] | mask : bits[i / 8] & ~mask);
}

/* Copies n bits from bit `start` of `from` to bit 0 of `to`; bits after the last one in
   the last byte become 0. */
void elc_bits_copy(uint8_t *to, const uint8_t *from, size_t start, size_t n);

/* How many of n bits from `start` are 0. */
size_t elc_bits_zeros(const uint8_t *bits, size_t start, size_t n);

/* True when off[0] >= 0 and off[0..n] never fall. `off` need not be aligned. */
bool elc_offsets_rise(const void *off, size_t n);

#endif
