/* near.h - which rows could be near enough to a row. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_NEAR_H
#define ELCANO_SRC_OPERATORS_DEDUPE_NEAR_H

#include "table.h"

/* A tree of boxes over the sorted rows, each as far round its place as `reach` says. */
typedef struct near_tree {
    const dedupe_table *table;
    const double *reach; /* metres, by row; borrowed */
    double (*boxes)[6];  /* level after level, the leaves first */
    size_t first[24], count[24];
    int levels;
    uint32_t *found; /* of the last question, rising */
    size_t n_found, capacity;
    uint64_t looks; /* rows looked at, by all questions */
} near_tree;

elc_status elc_near_create(const dedupe_table *table, const double *reach,
                           near_tree *out, elc_error *err);
/* Rows after `row` of the same class and another image that are no farther from it than
   both reach together, into `found`. */
elc_status elc_near_find(near_tree *tree, uint32_t row, elc_error *err);
void elc_near_free(near_tree *tree);

#endif
