/* csv_look.h - CSV looked at before OGR reads it, which says nothing of lines that are
   longer or shorter than the first; inside layer only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_LAYER_CSV_LOOK_H
#define ELC_LAYER_CSV_LOOK_H

#include <elcano/base.h>

typedef struct elc_csv_look {
    uint64_t long_line, long_fields; /* the first with values behind the last column */
    uint64_t short_line, short_fields, n_short; /* the first that lacks some; how many */
    uint64_t nul_line;                          /* the first with a NUL byte */
    bool odd_values; /* there may be dates that do not exist, or numbers too long */
} elc_csv_look;

/* Looks at all of a file of `n` columns, packed or not. Lines are counted from 1, 0 is
   none; values that are empty behind the last column do not count. Where no usual
   separator makes n columns of the first line, none is long or short. Nothing is known of
   what cannot be read twice. Ends when the context is cancelled. */
elc_status elc_csv_look_file(const char *path, size_t n, const elc_context *context,
                             elc_csv_look *out, elc_error *err);

#endif
