/* job.h - what bin is asked of a table, and the columns that it gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_BIN_JOB_H
#define ELCANO_SRC_OPERATORS_BIN_JOB_H

#include "grid.h"
#include "operators/parts/keys.h"
#include "operators/parts/columns.h"
#include "operators/parts/place.h"
#include "zones.h"

typedef struct bin_sum {
    size_t value; /* of the columns that are added up */
    bool mean;
} bin_sum;

typedef struct bin_job {
    const elc_call *call;
    bin_grid grid;
    bin_zones *zones; /* NULL: a grid's cells */
    struct ArrowSchema schema;
    part_place place;
    elc_transform *way; /* of points to longitude and latitude; NULL: none is needed */
    const elc_names *by;
    size_t *by_columns;
    elc_type *by_types;
    int64_t day; /* the column; -1: none */
    elc_type day_type;
    elc_names values; /* names of the columns that are added up, each once */
    part_number *numbers;
    bin_sum *sums;
    size_t n_sums;
    const char *images; /* NULL: not given */
    bool rate;
    part_columns columns;
    elc_names names; /* of sums */
    int64_t *from;   /* of the columns, in the zones; -1: made */
    size_t out_by, out_day, out_count, out_sums, out_area, out_rate, out_shape;
} bin_job;

/* Refuses options that cannot be meant. */
elc_status elc_bin_check(const elc_options *options, elc_error *err);
elc_status elc_bin_job_create(const elc_call *call, struct ArrowArrayStream *table,
                              bin_job **out, elc_error *err);
void elc_bin_job_free(bin_job *job);

/* The stream. It takes job and table when it succeeds. */
elc_status elc_bin_stream(bin_job *job, struct ArrowArrayStream *table,
                          struct ArrowArrayStream *out, elc_error *err);

#endif
