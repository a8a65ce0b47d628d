/* names.h - texts that stand once, numbered in the order in which they came. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_NAMES_H
#define ELCANO_SRC_SERVE_NAMES_H

#include <elcano/base.h>

/* Start with {0}. */
typedef struct serve_names {
    elc_names list;
    uint32_t *slots; /* index + 1; 0: free */
    size_t n_slots;  /* a power of two */
    uint32_t last;   /* the one that was asked for before, which often comes again */
} serve_names;

/* The number of a text, which is added when it is new. */
elc_status elc_serve_names_add(serve_names *names, const char *text, size_t size,
                               uint32_t *out, elc_error *err);
void elc_serve_names_free(serve_names *names);

/* FNV-1a, 64 bits (Fowler, Noll and Vo 1991). */
uint64_t elc_serve_hash(const char *text, size_t size);

#endif
