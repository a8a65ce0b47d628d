/* rows.h - a checked batch from within; inside table only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_TABLE_ROWS_H
#define ELC_TABLE_ROWS_H

#include <elcano/table.h>

/* Row r of the view is place `first` + r of the buffers. */
typedef struct elc_rows_part {
    elc_type type;
    unsigned bits;
    size_t first;
    const uint8_t *valid; /* NULL: no nulls */
    const void *values;   /* or the int32 offsets; NULL only when there are no rows */
    const char *data;     /* never NULL for text, bytes and lists */
} elc_rows_part;

struct elc_rows {
    const struct ArrowSchema *schema;
    size_t count, n_columns;
    elc_rows_part columns[];
};

/* That a schema lives and is a table's; its columns are still unchecked. */
elc_status elc_rows_check_schema(const struct ArrowSchema *schema, elc_error *err);

/* Offset i of a text, bytes or list column, in bytes or floats, from the first row of the view. */
int32_t elc_rows_offset(const elc_rows_part *part, size_t i);

#endif
