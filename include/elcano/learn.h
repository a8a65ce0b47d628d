/* learn.h - learning from features: classes, folds by place, and heads of detectors. */
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

/* ---- heads of detectors --------------------------------------------------------- */

/* A labelled object, in pixels of its chip. */
typedef struct elc_box_truth {
    double xmin, ymin, xmax, ymax;
    uint32_t class_id;
} elc_box_truth;

/* One map of features of a chip: float32, channels x (rows / shrink) x (cols / shrink),
   where rows and cols are the finest map's cells. Borrowed. */
typedef struct elc_box_map {
    const float *values;
    size_t channels, shrink;
} elc_box_map;

/* A chip as a head sees it. Each cell has the features of all maps, those of coarser
   ones repeated. */
typedef struct elc_box_chip {
    const elc_box_map *maps;
    size_t n_maps, rows, cols;
    double cell_px; /* side of a cell of the finest map: 4 or 8 */
} elc_box_chip;

/* What is known of a chip. Cells count whose middle lies in `inside`, but for those in one
   of the `blind` boxes and in no object of `truth`. */
typedef struct elc_box_known {
    const elc_box_truth *truth, *blind;
    size_t n_truth, n_blind;
    double inside[4];  /* xmin, ymin, xmax, ymax, px */
    double background; /* share of the cells far from objects that are kept, 0 to 1 */
    uint64_t seed;     /* which of them: the same for the same seed */
    uint32_t place;    /* of all cells: to be left out together */
} elc_box_known;

/* Cells to learn from. Start with {0}; elc_box_cells_clear frees. */
typedef struct elc_box_cells {
    size_t channels, classes, count, capacity;
    float *features; /* count x channels */
    float *heat;     /* count x classes: 1 at an object's middle, a bell round it */
    float *sides;    /* count x 4: px from the cell's middle to left, top, right, bottom */
    float *weight;   /* count: of the sides; 0 where there is no object */
    float *stands;   /* count: cells that it stands for */
    uint32_t *place; /* count */
} elc_box_cells;

/* Appends the cells of a chip: all near objects, and the share of the others. Targets are
   TTFNet's (Liu et al. 2020): Gaussians of 0.09 of the sides, at least 0.4 of a cell;
   where objects overlap the smaller one's sides hold. ELC_E_ARGUMENT where the chip has
   other channels than the cells before, ELC_E_FORMAT where a feature is not finite.
   `classes` of the cells must be set. */
elc_status elc_box_cells_add(elc_box_cells *cells, const elc_box_chip *chip,
                             const elc_box_known *known, elc_error *err);
/* Appends all cells of another set, which stays. */
elc_status elc_box_cells_join(elc_box_cells *cells, const elc_box_cells *more,
                              elc_error *err);
void elc_box_cells_clear(elc_box_cells *cells);

/* A head: 1 x 1 convolutions, `hidden` of them with ReLU (0: none) before the outputs,
   which are the classes' logits, then four of which softplus times unit_px are the
   sides. Weights as they are used, on features as the network gives them. */
typedef struct elc_box_head {
    size_t channels, hidden, classes;
    double unit_px;
    float *first;      /* hidden x channels */
    float *first_bias; /* hidden */
    float *last;       /* (classes + 4) x hidden, or x channels without hidden */
    float *last_bias;  /* classes + 4 */
} elc_box_head;

void elc_box_head_free(elc_box_head *head);
elc_status elc_box_head_clone(const elc_box_head *head, elc_box_head **out,
                              elc_error *err);

enum { ELC_BOX_HIDDEN_MAX = 512, ELC_BOX_CHANNELS_MAX = 4096, ELC_BOX_CLASSES_MAX = 512 };

/* How to train. Zeroed members: the defaults in brackets. */
typedef struct elc_box_wish {
    size_t hidden;     /* SIZE_MAX: none [64] */
    size_t epochs;     /* [24] */
    size_t batch;      /* cells a step [a forty-eighth, 128 to 8192] */
    size_t patience;   /* epochs without a better loss of what is left out [10] */
    double rate;       /* of AdamW [0.004] */
    double decay;      /* of weights [1]; negative: none */
    double unit_px;    /* [16] */
    uint64_t seed;
    int64_t left_out;  /* place that is not learnt from but measured; negative: none */
    bool keep;         /* cancelled: the best so far is the result, not a failure */
    size_t done, more; /* epochs to report before and after these */
} elc_box_wish;

/* What came of it. */
typedef struct elc_box_result {
    elc_box_head *head; /* the caller's */
    size_t epochs;      /* after which it was taken */
    double loss;        /* of what was left out, else of what was learnt from, by it */
    bool stopped;       /* before its end, by cancel */
} elc_box_result;

/* Trains a head: CornerNet's focal loss on the heat, cross-entropy between classes and
   GIoU of the boxes, both weighted by the bell; each class counts the same, however many
   objects it has. AdamW whose rate falls as a cosine to nought, on features brought to
   mean 0 and deviation 1, which are then folded into the weights; the running mean of
   weights is taken. The same bytes for any number of threads. ELC_E_ARGUMENT where no cell
   that is learnt from has an object, or a class has none. */
elc_status elc_box_train(const elc_box_cells *cells, const elc_box_wish *wish,
                         const elc_context *context, elc_box_result *out,
                         elc_error *err);

/* The loss of a head over the cells of `place` (negative: all), and where `gradient` is not
   NULL what it changes by with each weight: first, first_bias, last and last_bias one
   after another. For tests and curves. */
elc_status elc_box_loss(const elc_box_head *head, const elc_box_cells *cells,
                        int64_t place, double *loss, double *gradient, elc_error *err);

/* What a head says of a cell. */
typedef struct elc_box_found {
    double xmin, ymin, xmax, ymax; /* px of the chip */
    float score;
    uint32_t class_id;
} elc_box_found;

/* The boxes of a chip whose score is `least` or more and the best of the nine cells round
   it, by rows. *out is the caller's: free(). */
elc_status elc_box_head_find(const elc_box_head *head, const elc_box_chip *chip,
                             float least, elc_box_found **out, size_t *n,
                             elc_error *err);
/* Appends those cells of a chip that count, have no bell and score `least` or more: what
   is taken for an object and is none. */
elc_status elc_box_head_mistakes(const elc_box_head *head, const elc_box_chip *chip,
                                 const elc_box_known *known, float least,
                                 elc_box_cells *cells, elc_error *err);

ELC_END
#endif
