/* moments.h - second moments of features, by which steps towards the least are shaped.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LEARN_MOMENTS_H
#define ELCANO_SRC_LEARN_MOMENTS_H

#include "objective.h"

/* A lower triangle L with L L^T about the Hessian of one class, the mean over them; or,
   for many features, the roots of its diagonal. */
typedef struct learn_moments {
    size_t n;         /* d + 1 */
    double *triangle; /* n x n; NULL: too many features */
    double *roots;
    bool whole; /* the triangle is used */
} learn_moments;

elc_status elc_learn_moments_create(const learn_objective *o, learn_moments *out,
                                    elc_error *err);
/* Where the objective was evaluated last, by a sample of the rows. */
elc_status elc_learn_moments_look(const learn_objective *o, learn_moments *m,
                                  elc_error *err);
/* v = (L L^T)^-1 v */
void elc_learn_moments_solve(const learn_moments *m, double *v);
void elc_learn_moments_free(learn_moments *m);

#endif
