/* objective.h - what logistic regression minimises, and its slope. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LEARN_OBJECTIVE_H
#define ELCANO_SRC_LEARN_OBJECTIVE_H

#include <elcano/base.h>

/* The problem, and room to work in. Parameters are `rows` rows of d coefficients and,
   as the last of each, an intercept, of standardised features. */
typedef struct learn_objective {
    const float *x;
    size_t n, d;
    const int32_t *labels;
    size_t classes, rows; /* rows: 1 for two classes */
    double *weights;      /* of rows, which sum to 1 */
    double *mean, *scale; /* z = (x - mean) * scale */
    double penalty;       /* times half the squares of the coefficients */
    int threads;
    const elc_context *context;

    size_t tall, chunks; /* rows padded to tiles; parts that are summed apart */
    double *w;           /* coefficients of the features as they are, tall rows */
    size_t w_stride;     /* of w, in whole lines of the caches */
    double *w_room;
    double *b;
    double *slopes; /* for each chunk: tall rows of d, then tall */
    double *losses; /* of each chunk */
} learn_objective;

/* Parameters of all rows. */
size_t elc_learn_size(const learn_objective *o);
/* Makes room; all but the last group of members is there. */
elc_status elc_learn_prepare(learn_objective *o, elc_error *err);
/* The value and the slope (elc_learn_size numbers) at some parameters. The same bits
   for any number of threads. */
elc_status elc_learn_evaluate(learn_objective *o, const double *parameters,
                              double *slope, double *value, elc_error *err);
/* Sets w and b from parameters. */
void elc_learn_unscale(learn_objective *o, const double *parameters);
void elc_learn_objective_free(learn_objective *o);

#endif
