/* learn.h - from chips to a trained head, and how good it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_LEARN_H
#define ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_LEARN_H

#include "look.h"

/* Of what was left out, by the head that learnt from the rest. NaN: not measured. */
typedef struct train_score {
    size_t learnt, left_out; /* objects */
    double ap50;
    double precision, recall, f1, score; /* at the best F1 */
} train_score;

typedef struct train_outcome {
    elc_box_head *head; /* trained on all of it; stopped: the last one that was whole */
    train_score *scores; /* one a class */
    size_t epochs;       /* of the head */
    double loss;         /* of what was left out, else of what was learnt from, by it */
    size_t cells, mistakes; /* learnt from; of them what was taken for an object */
    bool measured, stopped;
} train_outcome;

elc_status elc_train_learn(train_job *job, train_outcome *out, elc_error *err);
void elc_train_outcome_clear(train_outcome *outcome);

/* Finds what was left out by a head, and scores it. */
elc_status elc_train_measure(train_job *job, const elc_box_head *head,
                             train_score *scores, elc_error *err);

#endif
