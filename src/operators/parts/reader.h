/* reader.h - the rows of a stream, one after the other. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_READER_H
#define ELCANO_SRC_OPERATORS_PARTS_READER_H

#include <elcano/run.h>

/* Start with {0}, and its stream and schema (borrowed). */
typedef struct part_reader {
    struct ArrowArrayStream stream;
    const struct ArrowSchema *schema;
    struct ArrowArray batch;
    elc_rows *rows; /* of the batch; NULL before the first row */
    size_t row;     /* in the batch */
    bool ended;
} part_reader;

/* Goes to the next row, or sets `ended`. */
elc_status elc_part_reader_next(part_reader *reader, elc_error *err);
/* The bytes of a column of the row; NULL for a NULL value. */
const char *elc_part_reader_bytes(const part_reader *reader, int64_t column,
                                  size_t *size);
void elc_part_reader_free(part_reader *reader);

/* The stream of a call's table i where it is known already; NULL: not yet. */
struct ArrowArrayStream *elc_part_input(const elc_call *call, size_t i);
/* For messages: the file that input `i` is read from, else what the operator calls it.
   Borrowed from the call. */
const char *elc_part_input_name(const elc_call *call, size_t i);
/* Passes a status on. The message of ELC_E_FORMAT, which is of bytes in a row, gets the
   table before it, and the row, from 1 (0: not known, as in a slice). */
elc_status elc_part_blame(elc_status status, const char *table, uint64_t row,
                          elc_error *err);

#endif
