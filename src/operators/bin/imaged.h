/* imaged.h - how much of each cell, or zone, images show. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_BIN_IMAGED_H
#define ELCANO_SRC_OPERATORS_BIN_IMAGED_H

#include "job.h"
#include "operators/parts/footprints.h"

/* Start with {0}. */
typedef struct bin_imaged {
    elc_cell_set cells; /* that images show */
    double *area_m2;    /* of each */
    elc_zones *index;   /* of what they show */
} bin_imaged;

/* Reads the layer that the job names. What several images show counts once. */
elc_status elc_bin_imaged_read(const bin_job *job, bin_imaged *out, elc_error *err);
void elc_bin_imaged_free(bin_imaged *imaged);

#endif
