/* batch.h - a batch that is being built, from within; inside table only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_TABLE_BATCH_H
#define ELC_TABLE_BATCH_H

#include "array.h"

/* Row r of a column lies at place r of `values`, or for text and bytes between offsets
   r and r + 1 of `data`. A row that is not ended is written beyond the last one, so
   that a value set twice, or a failure, leaves nothing behind. */
typedef struct {
    char *name;
    elc_type type;
    unsigned bits;
    bool set;      /* in the row that is being built */
    int32_t start; /* offset of that row's bytes */
    int32_t end;   /* and where they end */
    size_t known;  /* bytes to begin with */
    size_t nulls;
    elc_buffer valid;
    elc_buffer values; /* or the int32 offsets */
    elc_buffer data;
} elc_batch_column;

struct elc_batch {
    size_t rows, capacity, n_columns;
    size_t known; /* rows to begin with */
    elc_batch_column columns[];
};

/* Room for `more` rows beyond those that are ended. */
elc_status elc_batch_grow(elc_batch *batch, size_t more, elc_error *err);
/* Room for `size` bytes as the next row's value; Arrow's offsets end at 2^31 - 1. */
elc_status elc_batch_data_room(elc_batch_column *column, size_t size, elc_error *err);
/* Writes text with U+FFFD for each byte that begins no character, at most three times
   as long; gives the size. */
size_t elc_batch_repair(const char *text, size_t size, uint8_t *out);

size_t elc_batch_columns(const elc_batch *batch);
elc_type elc_batch_type(const elc_batch *batch, size_t column);
const char *elc_batch_name(const elc_batch *batch, size_t column);

/* elc_batch_bytes that takes utf8 columns too, unchecked. */
elc_status elc_batch_raw(elc_batch *batch, size_t column, const void *bytes,
                         size_t size, elc_error *err);

#endif
