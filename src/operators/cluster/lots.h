/* lots.h - a row a cluster: how many, where, and its shape. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CLUSTER_LOTS_H
#define ELCANO_SRC_OPERATORS_CLUSTER_LOTS_H

#include "found.h"

typedef struct cluster_lots cluster_lots;

/* Borrows both. */
elc_status elc_cluster_lots_create(const cluster_job *job, const cluster_found *found,
                                   cluster_lots **out, elc_error *err);
/* Adds the row of cluster `number` to a batch. */
elc_status elc_cluster_lots_give(cluster_lots *lots, size_t number, elc_batch *out,
                                 elc_error *err);
void elc_cluster_lots_free(cluster_lots *lots);

#endif
