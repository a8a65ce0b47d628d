/* csv_look.h - CSV looked at before OGR reads it, which says nothing of lines that are
   longer or shorter than the first; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_CSV_LOOK_H
#define ELC_LAYER_CSV_LOOK_H

#include <elcano/base.h>

typedef enum elc_csv_wrong {
    ELC_CSV_RIGHT,
    ELC_CSV_OPEN,  /* a quote that nothing closes */
    ELC_CSV_AFTER, /* a value that goes on behind its last quote */
    ELC_CSV_STRAY  /* a quote in a value that does not begin with one */
} elc_csv_wrong;

/* A line, from 1, and a byte of the file, from 0. */
typedef struct elc_csv_place {
    uint64_t line, byte;
} elc_csv_place;

typedef struct elc_csv_look {
    size_t columns;                  /* those that the first line makes; 0: unknown */
    uint64_t long_line, long_fields; /* the first with values behind the last column */
    uint64_t n_short;                /* how many lack some, and the first of them */
    uint64_t short_line, short_fields;
    uint64_t nul_line;          /* the first with a NUL byte */
    elc_csv_wrong wrong;        /* of quotes; nothing behind it was looked at */
    elc_csv_place quote, after; /* where its quote is, and what is behind the last */
    bool odd_values; /* there may be dates that do not exist, or numbers too long */
} elc_csv_look;

/* Looks at all of a file, packed or not. Lines are counted from 1, 0 is none; values
   that are empty behind the last column do not count. Of quotes it asks what RFC 4180
   does, but for blanks around what is in them. Nothing is known of what cannot be read
   twice. Ends when the context is cancelled. */
elc_status elc_csv_look_file(const char *path, const elc_context *context,
                             elc_csv_look *out, elc_error *err);

#endif
