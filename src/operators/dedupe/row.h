/* row.h - a row of the table as it is compared. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_ROW_H
#define ELCANO_SRC_OPERATORS_DEDUPE_ROW_H

#include "table.h"

/* `*placed` is false for a row that has no place, no image, or says only an error; it
   is counted where that is worth a word. A row of the side table of images gives its
   outline. */
elc_status elc_dedupe_row_take(dedupe_table *table, const elc_rows *rows, size_t row,
                               size_t number, dedupe_row *out, bool *placed,
                               elc_error *err);
/* Images that saw it before: of a table that was deduplicated; else 1. */
int32_t elc_dedupe_row_seen(const dedupe_table *table, const elc_rows *rows,
                            size_t row);
/* By cell, then all else that is known of a row; rows that are the same in all of it
   stand as they came. */
void elc_dedupe_rows_sort(dedupe_table *table);

/* The batch of a row of the table, and the row in it. */
const elc_rows *elc_dedupe_row_at(const dedupe_table *table, size_t number,
                                  size_t *row);

#endif
