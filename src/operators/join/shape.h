/* shape.h - which columns of two tables a join gives, and under which names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_JOIN_SHAPE_H
#define ELC_OPERATORS_JOIN_SHAPE_H

#include "operators/parts/spatial.h"

#include <elcano/run.h>

typedef enum join_how { JOIN_INNER, JOIN_OUTER, JOIN_SEMI, JOIN_ANTI } join_how;

/* The columns that one side gives: `from[i]` is column i's place in its table. */
typedef struct join_columns {
    elc_column *items;
    int64_t *from;
    size_t count;
} join_columns;

/* What stands for the right rows of a left one, where they are counted: `count`, then a
   sum and a mean of a right column each. */
typedef struct join_sum {
    part_number number; /* of the right table */
    bool mean;
} join_sum;
typedef struct join_sums {
    bool counted; /* else the right rows themselves are given */
    join_sum *items;
    size_t count;
} join_sums;

typedef struct join_shape {
    struct ArrowSchema schemas[PART_SIDES]; /* of the tables */
    join_how how;
    part_keys keys; /* none where places are asked */
    part_spatial spatial;
    join_columns given[PART_SIDES];
    join_sums sums;
    elc_names renamed; /* owns the names that are not a table's own */
} join_shape;

/* What the options mean for tables of these columns. The schemas are moved in, also on
   failure. */
elc_status elc_join_shape_create(const elc_options *options,
                                 struct ArrowSchema schemas[PART_SIDES],
                                 join_shape **out, elc_error *err);
void elc_join_shape_free(join_shape *shape);

/* Finds the columns of --count, --sum and --mean, which become the right side's. */
elc_status elc_join_sums_find(join_shape *shape, const elc_options *options,
                              elc_error *err);

/* The columns of the joined table; the caller releases it. */
elc_status elc_join_shape_schema(const join_shape *shape, struct ArrowSchema *out,
                                 elc_error *err);

/* Warns of what is compared or kept otherwise than somebody may think. */
elc_status elc_join_shape_warn(const join_shape *shape, const elc_context *context,
                               elc_error *err);

#endif
