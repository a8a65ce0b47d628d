/* keys.h - the columns that two tables are joined on, and their values as bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_KEYS_H
#define ELC_OPERATORS_PARTS_KEYS_H

#include <elcano/table.h>

#include "total.h"

enum { PART_LEFT, PART_RIGHT, PART_SIDES };

/* How the values of a pair of columns are compared. */
typedef enum part_key_kind {
    PART_KEY_INT,     /* whole numbers, bools, dates, times */
    PART_KEY_NUMBER,  /* one of them is real: by value, exactly */
    PART_KEY_BYTES,   /* text with text, bytes with bytes */
    PART_KEY_DECIMAL, /* text with whole numbers as they are usually written: "42" */
    PART_KEY_UNLIKE   /* text with what text never equals: well as long as no two meet,
                     for   a column without any value is text for want of a type */
} part_key_kind;

typedef struct part_key {
    const char *word; /* of --on; borrowed from the options */
    size_t column[PART_SIDES];
    elc_type type[PART_SIDES];
    part_key_kind kind;
} part_key;

/* Start with {0}. */
typedef struct part_keys {
    part_key *items;
    size_t count;
} part_keys;

/* Finds the columns of "name" and "left=right" words in the schemas of both sides. A
   word that both tables have as a name is that, '=' or not. ELC_E_NOT_FOUND for a
   column that is not there, ELC_E_ARGUMENT for two that never can be equal, whatever is
   in them. */
elc_status elc_part_keys_find(const elc_names *on,
                              const struct ArrowSchema schemas[PART_SIDES],
                              part_keys *out, elc_error *err);
void elc_part_keys_free(part_keys *keys);

/* Warns of numbers that are compared as text. */
void elc_part_keys_warn(const part_keys *keys,
                        const struct ArrowSchema schemas[PART_SIDES],
                        const elc_context *context);

/* Two rows with whole keys have met: ELC_E_ARGUMENT where those never are equal. */
elc_status elc_part_keys_meet(const part_keys *keys, elc_error *err);

/* True when both are on the same columns, compared in the same way. */
bool elc_part_keys_same(const part_keys *a, const part_keys *b);

/* A column of a table whose numbers are to be added up. */
typedef struct part_number {
    size_t column;
    const char *text; /* its name where it is text, which has no values; borrowed */
    bool whole;       /* of 64 bits, whose values doubles do not all have */
} part_number;

elc_status elc_part_number_find(const struct ArrowSchema *schema, int side,
                                const char *name, part_number *out, elc_error *err);

/* Adds a row's value to the total, exactly, and one to `*n`; nothing for NULL and NaN.
   ELC_E_ARGUMENT for a value in a column of text. */
elc_status elc_part_number_add(const part_number *number, const elc_rows *rows,
                               size_t row, part_total *total, int64_t *n,
                               elc_error *err);

/* Writes the key of a row to `out` (from its start) as bytes that are equal where keys
   are equal, on either side. `*whole` is false where a value is NULL or NaN, which
   equal nothing. */
elc_status elc_part_key_write(const part_keys *keys, int side, const elc_rows *rows,
                              size_t row, elc_string *out, bool *whole, elc_error *err);

#endif
