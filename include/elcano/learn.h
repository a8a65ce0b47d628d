/* learn.h - learning from features: classes, how sure they are, and folds by place. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_LEARN_H
#define ELCANO_LEARN_H

#include <elcano/base.h>

ELC_BEGIN

/* ---- multinomial logistic regression ----------------------------------------------- */

/* What is minimised is scikit-learn's: the mean over rows, by their weights w, of
   -log p(label), plus |W|^2 / (2 c sum(w)); intercepts are not penalised. With two classes
   W is the one row of coefficients that tells the second from the first, as in
   scikit-learn's LogisticRegression. */
typedef struct elc_logistic_wish {
    double c;         /* inverse strength of the penalty, over 0; 0: 1 */
    double tolerance; /* ends when no slope of what is minimised is larger; 0: 1e-8 */
    int iterations;   /* at most; 0: 1000 */
    bool standardise; /* learns from features less their mean, over their standard
                         deviation (both by weight); coefficients are of the features as
                         they came, the penalty is of the standardised ones */
    const double *class_weights; /* one a class, not negative; NULL: 1 */
    const double *weights;       /* one a row, not negative; NULL: 1; a row of weight 0
                                    counts as not there */
} elc_logistic_wish;

/* score[k] = intercepts[k] + sum over j of coefficients[k * features + j] * x[j], and
   the probability of class k is the softmax of the scores. Scores of the classes sum to
   zero. */
typedef struct elc_logistic {
    size_t classes, features;
    double *coefficients, *intercepts;
    int iterations;
    double slope;   /* the largest at the end */
    bool converged; /* it is within the tolerance */
} elc_logistic;

/* Learns from n rows of `features` numbers, row after row, and a label from 0 to classes -
   1 for each. L-BFGS (Liu and Nocedal 1989) whose first guess of the Hessian is made of
   second moments of the features, in double; the same bits for any number of
   threads. Takes some fifty doubles a coefficient beside the features, and for up to 2048
   of them two doubles a pair.
   ELC_E_ARGUMENT for one class, a class without a row of weight, a number that is NaN or
   infinite (its row and column are named), labels and weights out of range. *out is the
   caller's: elc_logistic_clear. */
elc_status elc_logistic_train(const float *x, size_t n, size_t features,
                              const int32_t *labels, size_t classes,
                              const elc_logistic_wish *wish, const elc_context *context,
                              elc_logistic *out, elc_error *err);
/* Scores of n rows: n * classes doubles. */
void elc_logistic_scores(const elc_logistic *model, const float *x, size_t n,
                         double *out);
void elc_logistic_clear(elc_logistic *model);

/* ---- how sure ------------------------------------------------------------------------ */

/* Turns n rows of scores into probabilities of scores / temperature, in place. */
void elc_softmax_rows(double *scores, size_t n, size_t classes, double temperature);
/* The temperature at which scores of rows that were not learnt from have the least log
   loss (Guo et al. 2017), from 1/100 to 100, to nine digits; labels count as wrong once in
   n + 2 (Platt 1999), so that rows without a mistake do not make it certain. At least two
   classes. */
double elc_temperature_find(const double *scores, size_t n, size_t classes,
                            const int32_t *labels);

/* How good probabilities are. */
typedef struct elc_assessment {
    double accuracy; /* share of rows whose likeliest class is the label */
    double balanced; /* mean over the classes of the share of their rows found */
    double log_loss; /* mean of -log p(label), p at least 1e-15 */
    double gap;      /* expected calibration error: |sure - right| over ten bins of the
                        likeliest class's probability, by their rows */
} elc_assessment;

/* Of n rows. `confusion` (may be NULL) gets classes * classes counts: row by label,
   column by the likeliest class, the first of equals. n = 0 gives NaN. */
void elc_assess(const double *probabilities, size_t n, size_t classes,
                const int32_t *labels, elc_assessment *out, uint64_t *confusion);

/* ---- folds ---------------------------------------------------------------------------- */

/* Puts whole groups (places) into folds, so that each has about its share of the rows of
   each class: groups from the one with the most rows down, each into the fold that is
   then evenest (as scikit-learn's StratifiedGroupKFold); equals by the seed. groups[i] is
   from 0 to n - 1, fold_of[i] from 0 to folds - 1. ELC_E_ARGUMENT for fewer groups than
   folds. */
elc_status elc_folds_make(const int32_t *groups, const int32_t *labels, size_t n,
                          size_t classes, int folds, uint64_t seed, int32_t *fold_of,
                          elc_error *err);

ELC_END
#endif
