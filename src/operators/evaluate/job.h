/* job.h - one use of evaluate: what its options mean, and its truth. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_EVALUATE_JOB_H
#define ELCANO_SRC_OPERATORS_EVALUATE_JOB_H

#include "result.h"

typedef struct eval_job {
    eval_wish wish;
    elc_labels labels;
    elc_found_list images; /* of --images */
    elc_styles styles;
    bool by_group, on_map;
    const char *report, *json; /* files to write; NULL: none */
} eval_job;

/* The operator's prepare and release. */
elc_status elc_eval_prepare(const elc_call *call, void **job, elc_error *err);
void elc_eval_release(void *job);

/* Compares the table of detections, writes the files, and gives the rows. */
elc_status elc_eval_run(const elc_call *call, struct ArrowArrayStream *detections,
                        struct ArrowArrayStream *out, elc_error *err);

#endif
