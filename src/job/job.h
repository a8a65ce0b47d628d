/* job.h - what the files of a job share (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_JOB_JOB_H
#define ELCANO_SRC_JOB_JOB_H

#include <elcano/job.h>

#include <pthread.h>

enum { JOB_WARNINGS = 100 };

struct elc_job {
    const elc_operator *op;
    struct elc_job *first; /* whose options and prepared call these are; NULL: own */
    elc_options *options;
    elc_names *files; /* of each of the operator's inputs */
    size_t n_inputs;
    elc_names wanted; /* columns; none: all */
    elc_context context;
    volatile int cancel;
    pthread_mutex_t lock; /* of what follows */
    elc_progress progress; /* of the part that was opened last */
    elc_progress before;   /* of all before it */
    elc_names warnings;
    size_t n_taken;
    /* Of planning and of parts: an operator that reads its files itself. */
    elc_reference *sources;
    elc_call call;
    elc_plan plan;
};

/* The files of each input from a JSON object of lists; checked against the operator. */
elc_status elc_job_take_inputs(elc_job *job, const char *json, elc_error *err);

/* What is reported from here on is another part's. */
void elc_job_next_part(elc_job *job);

/* True where the operator has an input of this kind. */
bool elc_job_has(const elc_job *job, elc_cut cut);
/* True where its work can be in many places: it plans, and reads its files itself.
   One that needs whole tables is one part of them all. */
bool elc_job_parts(const elc_job *job);

#endif
