/* real.h - numbers to and from text, each to its last bit, whatever the locale
   (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_REAL_H
#define ELCANO_SRC_GEOMETRY_REAL_H

#include <stddef.h>
#include <stdint.h>

enum {
    ELC_REAL_FIVES = 27,   /* the highest power of 5 that uint64_t holds */
    ELC_REAL_ROOM = 48,    /* bytes of any number that is written */
    ELC_REAL_LONGEST = 800 /* bytes of a number that is read */
};

extern const uint64_t elc_real_fives[ELC_REAL_FIVES + 1];

/* The finite decimal number that the n bytes begin with, rounded to the nearest double:
   its length, or 0 where there is none, or a longer one. One that is too large is
   infinite. */
size_t elc_real_read(const char *text, size_t n, double *out);

/* Writes a finite number without a NUL and gives its length: rounded to so many
   decimals, or with fewer than 0 as the shortest text that reads back the same. */
size_t elc_real_write(double value, int decimals, char out[ELC_REAL_ROOM]);

#endif
