/* sample.h - a table with a column of each type, for the tests of this folder. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TABLE_SAMPLE_H
#define TESTS_TABLE_SAMPLE_H

#include <elcano/table.h>

/* In the order of elc_type: "int32", …, "float32[]". */
enum { SAMPLE_COLUMNS = ELC_FLOATS + 1 };
extern const elc_column sample_columns[SAMPLE_COLUMNS];

/* n rows from row `start` of an endless table; each value tells its row, and in column
   c the rows that are multiples of c + 3 are NULL. Both are the caller's to release. */
void sample_table(size_t start, size_t n, struct ArrowSchema *schema,
                  struct ArrowArray *batch);
void sample_row(elc_batch *batch, size_t row);

/* Fails the test unless the rows of the view are those of sample_table(start, …). */
void sample_assert(const elc_rows *rows, size_t start);

/* A view of the batch, checked by sample_assert. */
void sample_assert_batch(const struct ArrowSchema *schema,
                         const struct ArrowArray *batch, size_t start);

#endif
