/* counts.h - rows counted by their cells, and by the values of --by and days in them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_BIN_COUNTS_H
#define ELCANO_SRC_OPERATORS_BIN_COUNTS_H

#include "job.h"
#include "operators/parts/footprints.h"
#include "operators/parts/groups.h"
#include "operators/parts/reader.h"

/* Start with {0}, and the images. */
typedef struct bin_counts {
    elc_cell_set cells;  /* that have rows */
    part_groups by;      /* values, as their bytes */
    elc_cell_set groups; /* place of the cell << 32 | that of the values; of cells alone
                            where there are no values */
    int64_t *count;      /* of each group */
    part_group_value *values; /* of each, as many as there are columns to add up */
    size_t capacity, value_capacity;
    const elc_zones *images; /* what they show, borrowed; NULL: there are none */
    uint64_t n_rows, n_missing, n_nowhere, n_outside, n_unseen;
} bin_counts;

/* The groups: how many, and the cell and the values of one (ELC_NO_CELL: none). */
size_t elc_bin_counts_groups(const bin_job *job, const bin_counts *counts);
void elc_bin_counts_group(const bin_job *job, const bin_counts *counts, size_t group,
                          int64_t *cell, uint32_t *by);

/* Counts a stream to its end. */
elc_status elc_bin_counts_read(const bin_job *job, struct ArrowArrayStream *table,
                               elc_progress *progress, bin_counts *out, elc_error *err);
void elc_bin_counts_free(const bin_job *job, bin_counts *counts);

#endif
