/* random.h - geometries of every type and dimension, written byte by byte. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_GEOMETRY_RANDOM_H
#define ELCANO_TESTS_GEOMETRY_RANDOM_H

#include <elcano/base.h>

/* SplitMix64, which each program starts alike. */
uint64_t random_bits(void);
int random_below(int n);

typedef struct random_wish {
    bool z, m;
    bool lattice;  /* whole numbers of a few, so that places meet */
    bool tame;     /* numbers of 7 decimals; without both any double */
    bool no_empty; /* nothing is EMPTY */
} random_wish;

/* A type of OGC 06-103r4 8.2.3 that has no curves: 1 to 7, 15 to 17. */
uint32_t random_kind(bool surfaces);
/* Appends ISO WKB of that type, little endian, of closed rings. */
void random_wkb(uint32_t kind, const random_wish *wish, elc_string *out);

#endif
