/* shape.h - what nearest is asked of two tables, and the columns that it gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NEAREST_SHAPE_H
#define ELCANO_SRC_OPERATORS_NEAREST_SHAPE_H

#include "operators/parts/spatial.h"
#include "table.h"

enum { NEAREST_MOST = 10000 };

typedef struct nearest_wish {
    size_t k;
    double most;
    bool metres, keeps; /* keeps: left rows without a right one */
    const char *by;     /* the column of vectors; NULL: places are compared */
    bool cosine;        /* and how */
} nearest_wish;

/* Refuses options that do not go together. */
elc_status elc_nearest_wish_read(const elc_options *options, nearest_wish *out,
                                 elc_error *err);

typedef struct nearest_shape {
    nearest_wish wish;
    nearest_table table;
    part_side place[PART_SIDES];
    elc_crs *crs[PART_SIDES]; /* NULL: not stated */
} nearest_shape;

/* What the options mean for tables of the streams' columns. */
elc_status elc_nearest_shape_create(const elc_options *options,
                                    struct ArrowArrayStream *left,
                                    struct ArrowArrayStream *right, nearest_shape **out,
                                    elc_error *err);
void elc_nearest_shape_free(nearest_shape *shape);

/* Warns of what is compared or kept otherwise than somebody may think. */
void elc_nearest_shape_warn(const nearest_shape *shape, const elc_context *context);

/* What brings a side's places to where they are compared; NULL: nothing has to. */
elc_status elc_nearest_way(const nearest_shape *shape, int side, elc_transform **out,
                           elc_error *err);

#endif
