/* job.h - what cluster is asked of a table, and the columns that it gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CLUSTER_JOB_H
#define ELCANO_SRC_OPERATORS_CLUSTER_JOB_H

#include <elcano/geometry.h>
#include <elcano/run.h>

#include "operators/parts/columns.h"
#include "operators/parts/place.h"

typedef enum cluster_shapes {
    CLUSTER_ROWS,
    CLUSTER_HULLS,
    CLUSTER_BUFFERS
} cluster_shapes;

/* Columns that are made; of rows only the first. */
enum {
    CLUSTER_ID,
    CLUSTER_COUNT,
    CLUSTER_COUNTS,
    CLUSTER_X,
    CLUSTER_Y,
    CLUSTER_AREA,
    CLUSTER_DENSITY,
    CLUSTER_SHAPE,
    CLUSTER_MADE
};

typedef struct cluster_job {
    const elc_call *call;
    elc_cluster_wish wish;
    cluster_shapes shapes;
    struct ArrowSchema schema;
    struct ArrowSchema bare; /* a geometry of no CRS */
    part_place place;
    elc_transform *way; /* to longitude and latitude; NULL: none is needed */
    const elc_names *by;
    size_t *by_columns;
    elc_type *by_types;
    int64_t classes; /* the column; -1: there is none */
    elc_type class_type;
    part_columns columns;
    int64_t *from; /* of the columns, in the table; -1: made */
    int64_t made[CLUSTER_MADE];
} cluster_job;

/* Refuses options that cannot be meant. */
elc_status elc_cluster_check(const elc_options *options, elc_error *err);
elc_status elc_cluster_job_create(const elc_call *call, struct ArrowArrayStream *table,
                                  cluster_job **out, elc_error *err);
void elc_cluster_job_free(cluster_job *job);

/* The stream. It takes job and table when it succeeds. */
elc_status elc_cluster_stream(cluster_job *job, struct ArrowArrayStream *table,
                              struct ArrowArrayStream *out, elc_error *err);

#endif
