/* layout.h - the columns that aggregate gives, seen and hidden, and where they are. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_AGGREGATE_LAYOUT_H
#define ELC_OPERATORS_AGGREGATE_LAYOUT_H

#include "operators/parts/columns.h"

#include <elcano/run.h>

/* A column with a sum or a mean of the values of a left column. */
typedef struct aggregate_sum {
    size_t value; /* number of the left column in `values` */
    bool mean;
} aggregate_sum;

/* Right columns, those of --by, count, sums; hidden: of each value how many there were
   and their total as bytes, whether the row has the right columns, _group, _order. */
typedef struct aggregate_layout {
    const elc_names *by; /* names of left columns; borrowed */
    elc_names values;    /* of those that are added up, each once */
    aggregate_sum *sums;
    size_t n_right, n_sums;
    elc_type *by_types;
} aggregate_layout;

static inline size_t elc_aggregate_by_at(const aggregate_layout *l) {
    return l->n_right;
}

static inline size_t elc_aggregate_count_at(const aggregate_layout *l) {
    return l->n_right + l->by->count;
}

static inline size_t elc_aggregate_sum_at(const aggregate_layout *l) {
    return elc_aggregate_count_at(l) + 1;
}

static inline size_t elc_aggregate_value_at(const aggregate_layout *l) {
    return elc_aggregate_sum_at(l) + l->n_sums;
}

static inline size_t elc_aggregate_whole_at(const aggregate_layout *l) {
    return elc_aggregate_value_at(l) + 2 * l->values.count;
}

static inline size_t elc_aggregate_group_at(const aggregate_layout *l) {
    return elc_aggregate_whole_at(l) + 1;
}

static inline size_t elc_aggregate_order_at(const aggregate_layout *l) {
    return elc_aggregate_whole_at(l) + 2;
}

/* What the options alone say: n_right and the types of --by are still to be set. Start
   with {0}, and free it whatever comes of it. */
elc_status elc_aggregate_layout_read(const elc_options *options, aggregate_layout *out,
                                     elc_error *err);
/* n_right and the types, from the schema of what a part gave. */
elc_status elc_aggregate_layout_of(aggregate_layout *layout,
                                   const struct ArrowSchema *schema, elc_error *err);
/* The same from both tables; adds the columns to `columns`, whose new names are in
   `names`. */
elc_status elc_aggregate_layout_make(aggregate_layout *layout,
                                     const struct ArrowSchema *left,
                                     const struct ArrowSchema *right,
                                     part_columns *columns, elc_names *names,
                                     elc_error *err);
void elc_aggregate_layout_free(aggregate_layout *layout);

#endif
