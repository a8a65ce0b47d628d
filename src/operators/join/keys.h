/* keys.h - the columns that two tables are joined on, and their values as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_JOIN_KEYS_H
#define ELC_OPERATORS_JOIN_KEYS_H

#include <elcano/table.h>

#include "operators/parts/total.h"

enum { JOIN_LEFT, JOIN_RIGHT, JOIN_SIDES };

/* How the values of a pair of columns are compared. */
typedef enum join_kind {
    JOIN_INT,     /* whole numbers, bools, dates, times */
    JOIN_NUMBER,  /* one of them is real: by value, exactly */
    JOIN_BYTES,   /* text with text, bytes with bytes */
    JOIN_DECIMAL, /* text with whole numbers as they are usually written: "42" */
    JOIN_UNLIKE   /* text with what text never equals: well as long as no two meet, for
                     a column without any value is text for want of a type */
} join_kind;

typedef struct join_key {
    const char *word; /* of --on; borrowed from the options */
    size_t column[JOIN_SIDES];
    elc_type type[JOIN_SIDES];
    join_kind kind;
} join_key;

/* Start with {0}. */
typedef struct join_keys {
    join_key *items;
    size_t count;
} join_keys;

/* Finds the columns of "name" and "left=right" words in the schemas of both sides. A
   word that both tables have as a name is that, '=' or not. ELC_E_NOT_FOUND for a
   column that is not there, ELC_E_ARGUMENT for two that never can be equal, whatever is
   in them. */
elc_status elc_join_keys_find(const elc_names *on,
                              const struct ArrowSchema schemas[JOIN_SIDES],
                              join_keys *out, elc_error *err);
void elc_join_keys_free(join_keys *keys);

/* Warns of numbers that are compared as text. */
void elc_join_keys_warn(const join_keys *keys,
                        const struct ArrowSchema schemas[JOIN_SIDES],
                        const elc_context *context);

/* Two rows with whole keys have met: ELC_E_ARGUMENT where those never are equal. */
elc_status elc_join_keys_meet(const join_keys *keys, elc_error *err);

/* True when both are on the same columns, compared in the same way. */
bool elc_join_keys_same(const join_keys *a, const join_keys *b);

/* A column of a table whose numbers are to be added up. */
typedef struct join_number {
    size_t column;
    const char *text; /* its name where it is text, which has no values; borrowed */
    bool whole;       /* of 64 bits, whose values doubles do not all have */
} join_number;

elc_status elc_join_number_find(const struct ArrowSchema *schema, int side,
                                const char *name, join_number *out, elc_error *err);

/* Adds a row's value to the total, exactly, and one to `*n`; nothing for NULL and NaN.
   ELC_E_ARGUMENT for a value in a column of text. */
elc_status elc_join_number_add(const join_number *number, const elc_rows *rows,
                               size_t row, part_total *total, int64_t *n,
                               elc_error *err);

/* Writes the key of a row to `out` (from its start) as bytes that are equal where keys
   are equal, on either side. `*whole` is false where a value is NULL or NaN, which
   equal nothing. */
elc_status elc_join_key_write(const join_keys *keys, int side, const elc_rows *rows,
                              size_t row, elc_string *out, bool *whole, elc_error *err);

#endif
