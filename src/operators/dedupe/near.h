/* near.h - which rows could be near enough to a row. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_NEAR_H
#define ELCANO_SRC_OPERATORS_DEDUPE_NEAR_H

#include "rule.h"

/* Where the rows below a node may be met, as far round their places as `reach` says,
   and when. */
typedef struct near_box {
    double least[3], most[3];
    int64_t from, until;
} near_box;

/* A tree of boxes over the rows by time, then by place; those without a time are the
   last. */
typedef struct near_tree {
    const rule_book *book;
    const elc_context *context;
    uint32_t *order; /* the rows as they stand in the tree */
    uint32_t *place; /* where each of them does */
    near_box *boxes; /* level after level, the leaves first */
    size_t first[24], count[24];
    int levels;
    uint32_t *found; /* of the last question */
    size_t n_found, capacity;
    uint64_t looks;  /* rows looked at, by all questions */
    uint64_t leaves; /* the same of leaves */
} near_tree;

/* On failure, too, it is to be freed. */
elc_status elc_near_create(const rule_book *book, const elc_context *context,
                           near_tree *out, elc_error *err);
/* Rows of the same class and another image that are not apart from `row` in time, and
   no farther from it than both reach together, into `found`: those that stand after it
   in the tree, so that a question for every row finds every pair once. */
elc_status elc_near_find(near_tree *tree, uint32_t row, elc_error *err);
void elc_near_free(near_tree *tree);

#endif
