/* total.h - a sum of doubles that loses nothing, whatever their order. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_TOTAL_H
#define ELCANO_SRC_OPERATORS_PARTS_TOTAL_H

#include <elcano/base.h>

/* A whole number of 2^-1074, of which all doubles are multiples, in pieces of 32 bits
   (Neal 2015, "Fast exact summation using small and large superaccumulators"), only
   those that were needed so far. Start with {0}. */
typedef struct part_total {
    int64_t *pieces; /* pieces[i] counts 2^(32 (first + i) - 1074) */
    size_t first, count, capacity;
    uint32_t adds; /* since all pieces were small */
    bool nan, up, down;
} part_total;

elc_status elc_part_total_add(part_total *total, double value, elc_error *err);
/* Exactly, where a double would not have it. */
elc_status elc_part_total_add_int(part_total *total, int64_t value, elc_error *err);
/* The sum, rounded once, to nearest; that of infinities as IEEE 754 has it. */
double elc_part_total_value(const part_total *total);

/* Appends it as bytes, and adds the total that bytes hold: ELC_E_FORMAT where they hold
   none. */
elc_status elc_part_total_write(part_total *total, elc_string *out, elc_error *err);
elc_status elc_part_total_read(part_total *total, const void *bytes, size_t size,
                               elc_error *err);
/* 0 again; keeps the memory. */
void elc_part_total_clear(part_total *total);
void elc_part_total_free(part_total *total);

#endif
