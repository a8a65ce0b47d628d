/* vectors.h - DuckDB's vectors as Arrow arrays, and back; inside sql only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_SQL_VECTORS_H
#define ELC_SQL_VECTORS_H

#include "session.h"

/* An array over a vector; start with {0}, and do not copy it. */
typedef struct elc_vector {
    struct ArrowArray array; /* borrows the vector and what is below */
    const void *buffers[3];
    uint8_t *bits;    /* of booleans */
    int32_t *offsets; /* of texts and bytes */
    elc_string bytes;
} elc_vector;

/* DuckDB's type of a column's values. */
duckdb_type elc_vector_type(elc_type type);

/* One row where all rows have the same value, else `rows`. Borrows the vector. */
elc_status elc_vector_read(elc_vector *out, duckdb_vector vector, elc_type type,
                           size_t rows, elc_error *err);
void elc_vector_free(elc_vector *vector);

/* Puts an array's values into a vector, from row `at` on. */
elc_status elc_vector_write(duckdb_vector out, size_t at, elc_type type,
                            const struct ArrowArray *array, elc_error *err);
/* Makes an array of lists of INT64 all of a vector. */
elc_status elc_vector_write_lists(duckdb_vector out, const struct ArrowArray *array,
                                  elc_error *err);

#endif
