/* descent.h - the way to the least of a convex function. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LEARN_DESCENT_H
#define ELCANO_SRC_LEARN_DESCENT_H

#include "moments.h"
#include "objective.h"

typedef struct learn_end {
    int iterations;
    double slope; /* the largest */
} learn_end;

/* Moves the parameters until no slope is over the tolerance, there were as many
   iterations, or rounding leaves no way down. */
elc_status elc_learn_descend(learn_objective *o, learn_moments *moments,
                             double tolerance, int iterations, double *parameters,
                             learn_end *out, elc_error *err);

#endif
