/* rows.h - a table with the measures of its geometries. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_MEASURE_ROWS_H
#define ELCANO_SRC_OPERATORS_MEASURE_ROWS_H

#include <elcano/geometry.h>
#include <elcano/run.h>

#include <stdatomic.h>

#include "operators/parts/columns.h"

/* The measures that are columns. */
enum {
    MEASURE_AREA,
    MEASURE_LENGTH,
    MEASURE_PERIMETER,
    MEASURE_X,
    MEASURE_Y,
    MEASURE_XMIN,
    MEASURE_YMIN,
    MEASURE_XMAX,
    MEASURE_YMAX,
    MEASURE_VALID,
    MEASURE_REASON,
    MEASURE_COLUMNS
};

typedef struct measure_shape {
    struct ArrowSchema schema; /* of the table */
    int64_t geometry;
    elc_crs *crs;
    bool planar;
    elc_measure_wish wish;
    part_columns columns;
    int64_t *from;               /* of the columns, in the table */
    int64_t at[MEASURE_COLUMNS]; /* columns of the measures; -1: not asked for */
    size_t out_geometry;         /* its column in what comes out */
} measure_shape;

/* What options mean for a table of the stream's columns. */
elc_status elc_measure_shape_create(const elc_call *call,
                                    struct ArrowArrayStream *table, measure_shape **out,
                                    elc_error *err);
void elc_measure_shape_free(measure_shape *shape);

/* What was warned of already, by whatever part. */
typedef struct measure_told {
    atomic_bool unread, unplaced;
} measure_told;

/* The stream of a part, which takes shape and table when it succeeds. */
elc_status elc_measure_rows(const elc_call *call, measure_shape *shape,
                            struct ArrowArrayStream *table,
                            struct ArrowArrayStream *out, elc_error *err);

#endif
