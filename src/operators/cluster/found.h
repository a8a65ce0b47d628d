/* found.h - a table kept in memory, and the clusters of its rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CLUSTER_FOUND_H
#define ELCANO_SRC_OPERATORS_CLUSTER_FOUND_H

#include "job.h"
#include "operators/parts/held.h"

/* Start with {0}. Rows that have a place are `placed`, in the table's order. */
typedef struct cluster_found {
    part_held table;
    size_t n_placed, capacity, n_clusters;
    uint32_t *row;     /* of each placed one, in the table */
    elc_point *spots;  /* where it is compared, */
    elc_point *places; /* and in the table's CRS; may be the same array */
    int32_t *cluster;  /* of each placed one; -1: none */
    size_t n_missing, n_nowhere;
} cluster_found;

/* Reads the table to its end, and finds the clusters. */
elc_status elc_cluster_found_read(const cluster_job *job,
                                  struct ArrowArrayStream *table, cluster_found *out,
                                  elc_error *err);
void elc_cluster_found_free(cluster_found *found);

/* The clusters of rows that `by` puts in groups are found group by group. */
elc_status elc_cluster_found_by(const cluster_job *job, cluster_found *found,
                                elc_error *err);

#endif
