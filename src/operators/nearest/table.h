/* table.h - the columns of two tables beside each other, a distance and a rank. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_NEAREST_TABLE_H
#define ELC_OPERATORS_NEAREST_TABLE_H

#include "operators/parts/columns.h"
#include "operators/parts/keys.h"

/* Start with {0}. */
typedef struct nearest_table {
    struct ArrowSchema schemas[PART_SIDES]; /* of the tables */
    part_columns columns;
    int64_t *from[PART_SIDES]; /* of the columns, in each table; -1: not from it */
    size_t out_distance, out_rank;
} nearest_table;

/* The schemas, to which columns are added then. */
elc_status elc_nearest_table_read(nearest_table *table, struct ArrowArrayStream *left,
                                  struct ArrowArrayStream *right, elc_error *err);
/* The columns of a side, `but` one (-1: all). */
elc_status elc_nearest_table_add(nearest_table *table, int side, int64_t but,
                                 elc_error *err);
/* The distance and the rank, which are the last. */
elc_status elc_nearest_table_end(nearest_table *table, elc_column distance,
                                 elc_error *err);
void elc_nearest_table_free(nearest_table *table);

#endif
