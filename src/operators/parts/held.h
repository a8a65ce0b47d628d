/* held.h - a table kept in memory, its rows by their numbers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_HELD_H
#define ELCANO_SRC_OPERATORS_PARTS_HELD_H

#include <elcano/table.h>

typedef struct part_held_batch {
    struct ArrowArray array;
    elc_rows *rows;
    size_t first; /* number of its first row */
} part_held_batch;

/* Start with {0}. */
typedef struct part_held {
    part_held_batch *batches;
    size_t count, capacity, n_rows;
} part_held;

/* Reads a stream to its end; `schema` is its own, borrowed. */
elc_status elc_part_held_read(part_held *held, struct ArrowArrayStream *stream,
                              const struct ArrowSchema *schema,
                              const elc_context *context, elc_error *err);
/* The batch of row `number` of n_rows, and *row, its place there. */
const elc_rows *elc_part_held_row(const part_held *held, size_t number, size_t *row);
void elc_part_held_free(part_held *held);

#endif
