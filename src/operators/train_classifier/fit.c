/* fit.c - folds by place, the strength of the penalty, calibration and a learning
 * curve.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tried where none is given, by the log loss at places that were not seen. */
static const double STRENGTHS[] = {0.0001, 0.001, 0.01, 0.1, 1};
static const double SHARES[] = {0.125, 0.25, 0.5, 1};
enum {
    N_STRENGTHS = sizeof STRENGTHS / sizeof *STRENGTHS,
    N_SHARES = sizeof SHARES / sizeof *SHARES
};
/* Scores of classes that a fold had nothing of: this much under its least likely one.
 */
static const double UNSEEN = 20;

/* ---- one training -------------------------------------------------------------------
 */

typedef struct fit {
    train_job *job;
    double *weights;   /* of rows: 0 where they are left out */
    int32_t *labels;   /* among the classes that are there */
    int32_t *class_of; /* of those, the classes of the job */
    double *class_weights;
    size_t n_classes;
    double *scores; /* of those, of one row */
} fit;

static elc_status fit_create(train_job *job, fit *f, elc_error *err) {
    size_t classes = job->classes.count;
    *f = (fit){.job = job};
    ELC_TRY(elc_alloc(job->n, sizeof *f->weights, &f->weights, err));
    ELC_TRY(elc_alloc(job->n, sizeof *f->labels, &f->labels, err));
    ELC_TRY(elc_alloc(classes, sizeof *f->class_of, &f->class_of, err));
    ELC_TRY(elc_alloc(classes, sizeof *f->class_weights, &f->class_weights, err));
    return elc_alloc(classes, sizeof *f->scores, &f->scores, err);
}

static void fit_free(fit *f) {
    free(f->weights);
    free(f->labels);
    free(f->class_of);
    free(f->class_weights);
    free(f->scores);
}

/* Numbers the classes that have rows of weight; others cannot be learnt. */
static elc_status choose_classes(fit *f, elc_error *err) {
    const train_job *job = f->job;
    int32_t *to;
    double *counts;
    ELC_TRY(elc_alloc(job->classes.count, sizeof *to, &to, err));
    elc_status status = elc_alloc(job->classes.count, sizeof *counts, &counts, err);
    if (status != ELC_OK) {
        free(to);
        return status;
    }
    double rows = 0;
    for (size_t i = 0; i < job->n; i++) {
        counts[job->labels[i]] += f->weights[i] > 0;
        rows += f->weights[i] > 0;
    }
    f->n_classes = 0;
    for (size_t k = 0; k < job->classes.count; k++) {
        to[k] = (int32_t)f->n_classes;
        if (counts[k] > 0)
            f->class_of[f->n_classes++] = (int32_t)k;
    }
    bool balanced =
        strcmp(elc_options_text(job->options, "class_weights"), "balanced") == 0;
    for (size_t k = 0; k < f->n_classes; k++)
        f->class_weights[k] =
            balanced ? rows / ((double)f->n_classes * counts[f->class_of[k]]) : 1;
    for (size_t i = 0; i < job->n; i++) /* left out where its class is */
        f->labels[i] = counts[job->labels[i]] > 0 ? to[job->labels[i]] : 0;
    free(to);
    free(counts);
    return ELC_OK;
}

/* False where there is but one class. */
static elc_status train(fit *f, double c, elc_logistic *out, bool *learnt,
                        elc_error *err) {
    const train_job *job = f->job;
    ELC_TRY(choose_classes(f, err));
    *learnt = f->n_classes > 1;
    if (!*learnt)
        return ELC_OK;
    const elc_logistic_wish wish = {.c = c,
                                    .standardise = true,
                                    .weights = f->weights,
                                    .class_weights = f->class_weights};
    return elc_logistic_train(job->features, job->n, job->d, f->labels, f->n_classes,
                              &wish, job->context, out, err);
}

/* Scores of a row for all classes of the job. */
static void score(fit *f, const elc_logistic *model, size_t row, double *out) {
    const train_job *job = f->job;
    double least = INFINITY;
    elc_logistic_scores(model, job->features + row * job->d, 1, f->scores);
    for (size_t k = 0; k < f->n_classes; k++)
        least = fmin(least, f->scores[k]);
    for (size_t k = 0; k < job->classes.count; k++)
        out[k] = least - UNSEEN;
    for (size_t k = 0; k < f->n_classes; k++)
        out[f->class_of[k]] = f->scores[k];
}

/* ---- folds --------------------------------------------------------------------------
 */

/* SplitMix64's number of a place, by which places come into smaller trainings. */
static uint64_t draw(uint64_t seed, int32_t place) {
    uint64_t z = seed * 2 + 1 + ((uint64_t)place + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Of the places that are not in the fold those that draw less than the share, so that a
   larger share has all that a smaller one has. */
static bool is_taken(const train_job *job, size_t row, int fold, double share) {
    if (job->fold_of[row] == fold)
        return false;
    uint64_t seed = (uint64_t)elc_options_int(job->options, "seed");
    return (double)(draw(seed, job->samples[row].place) >> 11) * 0x1p-53 < share;
}

/* Learns from a share of the places outside of each fold and scores those inside. Gives
   how many rows were learnt from, the mean over folds; `*whole` is false where a fold
   had nothing to tell apart. */
static elc_status cross(fit *f, double c, double share, double *scores, double *labels,
                        bool *whole, elc_error *err) {
    train_job *job = f->job;
    double used = 0;
    *whole = true;
    for (int fold = 0; fold < job->folds && *whole; fold++) {
        elc_logistic model = {0};
        ELC_TRY(elc_check_cancel(job->context, err));
        for (size_t i = 0; i < job->n; i++) {
            f->weights[i] = is_taken(job, i, fold, share);
            used += f->weights[i];
        }
        ELC_TRY(train(f, c, &model, whole, err));
        for (size_t i = 0; *whole && i < job->n; i++)
            if (job->fold_of[i] == fold)
                score(f, &model, i, scores + i * job->classes.count);
        elc_logistic_clear(&model);
    }
    *labels = used / job->folds;
    return ELC_OK;
}

static elc_status make_folds(train_job *job, elc_error *err) {
    int32_t *places;
    int64_t wanted = elc_options_int(job->options, "folds");
    ELC_TRY(elc_alloc(job->n, sizeof *job->fold_of, &job->fold_of, err));
    ELC_TRY(elc_alloc(job->n, sizeof *job->labels, &job->labels, err));
    ELC_TRY(elc_alloc(job->n, sizeof *places, &places, err));
    for (size_t i = 0; i < job->n; i++) {
        job->labels[i] = job->samples[i].class_id;
        places[i] = job->samples[i].place;
    }
    job->folds = (int)wanted;
    if (job->n_places < (size_t)wanted && job->n_places > 1)
        job->folds = (int)job->n_places;
    elc_status status = elc_folds_make(
        places, job->labels, job->n, job->classes.count, job->folds,
        (uint64_t)elc_options_int(job->options, "seed"), job->fold_of, err);
    free(places);
    return status;
}

/* ---- strength -----------------------------------------------------------------------
 */

static elc_status need_whole(const train_job *job, bool whole, elc_error *err) {
    if (whole)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "without the places of one fold, all labels are of one class; label "
        "each class in more places, or give more --folds than %d",
        job->folds);
}

static double loss_of(const train_job *job, const double *scores, double *room) {
    size_t n = job->n * job->classes.count;
    elc_assessment good;
    memcpy(room, scores, n * sizeof *room);
    elc_softmax_rows(
        room, job->n, job->classes.count,
        elc_temperature_find(scores, job->n, job->classes.count, job->labels));
    elc_assess(room, job->n, job->classes.count, job->labels, &good, NULL);
    return good.log_loss;
}

/* The one with the least loss at places that were not seen; the first of equals. */
static elc_status choose_strength(fit *f, double *room, elc_error *err) {
    train_job *job = f->job;
    double least = INFINITY, labels;
    bool whole;
    job->c = elc_options_real(job->options, "strength");
    for (int i = 0; !elc_options_has(job->options, "strength") && i < N_STRENGTHS;
         i++) {
        ELC_TRY(cross(f, STRENGTHS[i], 1, job->scores, &labels, &whole, err));
        ELC_TRY(need_whole(job, whole, err));
        double loss = loss_of(job, job->scores, room);
        if (loss < least) {
            least = loss;
            job->c = STRENGTHS[i];
        }
        elc_progress progress = {.unit = "trainings",
                                 .done = (uint64_t)i + 1,
                                 .total = N_STRENGTHS + N_SHARES};
        elc_report(job->context, &progress);
    }
    return ELC_OK;
}

/* ---- what it comes to ---------------------------------------------------------------
 */

/* Of the rows of each fold, which are brought together. */
static elc_status assess_folds(train_job *job, const double *shares, elc_error *err) {
    size_t classes = job->classes.count;
    double *rows;
    int32_t *labels;
    ELC_TRY(elc_alloc(job->n * classes, sizeof *rows, &rows, err));
    elc_status status = elc_alloc(job->n, sizeof *labels, &labels, err);
    for (int fold = 0; status == ELC_OK && fold < job->folds; fold++) {
        size_t n = 0;
        for (size_t i = 0; i < job->n; i++) {
            if (job->fold_of[i] != fold)
                continue;
            memcpy(rows + n * classes, shares + i * classes, classes * sizeof *rows);
            labels[n++] = job->labels[i];
        }
        elc_assess(rows, n, classes, labels, &job->of_fold[fold], NULL);
        job->in_fold[fold] = n;
    }
    free(rows);
    if (status == ELC_OK)
        free(labels);
    return status;
}

static elc_status assess(train_job *job, double *room, elc_error *err) {
    size_t classes = job->classes.count, n = job->n * classes;
    ELC_TRY(elc_alloc(classes * classes, sizeof *job->confusion, &job->confusion, err));
    job->temperature = elc_temperature_find(job->scores, job->n, classes, job->labels);
    memcpy(room, job->scores, n * sizeof *room);
    elc_softmax_rows(room, job->n, classes, 1);
    elc_assess(room, job->n, classes, job->labels, &job->raw, NULL);
    memcpy(room, job->scores, n * sizeof *room);
    elc_softmax_rows(room, job->n, classes, job->temperature);
    elc_assess(room, job->n, classes, job->labels, &job->all, job->confusion);
    return assess_folds(job, room, err);
}

/* Errors fall about as a power of the labels (Hestness et al. 2017): what the last
   doubling brought, the next one brings. */
static void expect(train_job *job) {
    size_t n = job->n_points;
    if (n < 2)
        return;
    const train_point *half = &job->points[n - 2], *now = &job->points[n - 1];
    double doublings = log2(now->labels / half->labels);
    double had = 1 - half->good.accuracy, has = 1 - now->good.accuracy;
    if (!(doublings > 0.5) || !(had > 0))
        return;
    double ratio = fmin(1, pow(has / had, 1 / doublings));
    double loss = fmin(1, pow(now->good.log_loss / half->good.log_loss, 1 / doublings));
    job->points[job->n_points++] =
        (train_point){.share = 2,
                      .labels = 2 * now->labels,
                      .expected = true,
                      .good = {.accuracy = 1 - has * ratio,
                               .balanced = NAN,
                               .log_loss = now->good.log_loss * loss,
                               .gap = NAN}};
}

static elc_status add_point(fit *f, double share, double *room, elc_error *err) {
    train_job *job = f->job;
    train_point point = {.share = share};
    bool whole;
    ELC_TRY(cross(f, job->c, share, room, &point.labels, &whole, err));
    if (!whole)
        return ELC_OK;
    if (share == 1)
        memcpy(job->scores, room, job->n * job->classes.count * sizeof *room);
    elc_softmax_rows(
        room, job->n, job->classes.count,
        elc_temperature_find(room, job->n, job->classes.count, job->labels));
    elc_assess(room, job->n, job->classes.count, job->labels, &point.good, NULL);
    job->points[job->n_points++] = point;
    return ELC_OK;
}

static elc_status draw_curve(fit *f, double *room, elc_error *err) {
    for (int i = 0; i < N_SHARES; i++) {
        elc_progress progress = {.unit = "trainings",
                                 .done = (uint64_t)(N_STRENGTHS + i),
                                 .total = N_STRENGTHS + N_SHARES};
        ELC_TRY(add_point(f, SHARES[i], room, err));
        elc_report(f->job->context, &progress);
    }
    bool whole =
        f->job->n_points > 0 && f->job->points[f->job->n_points - 1].share == 1;
    ELC_TRY(need_whole(f->job, whole, err));
    expect(f->job);
    return ELC_OK;
}

static elc_status train_final(fit *f, elc_error *err) {
    train_job *job = f->job;
    bool learnt;
    for (size_t i = 0; i < job->n; i++)
        f->weights[i] = 1;
    ELC_TRY(train(f, job->c, &job->final, &learnt, err));
    if (!job->final.converged)
        elc_warn(job->context,
                 "the training ended before it converged (largest slope %.2g); "
                 "a smaller --strength is easier",
                 job->final.slope);
    return ELC_OK;
}

elc_status elc_classes_fit(train_job *job, elc_error *err) {
    size_t n = job->n * job->classes.count;
    double *room = NULL;
    fit f = {0};
    elc_status status = ELC_OK;
    ELC_TRY(make_folds(job, err));
    ELC_TRY(elc_alloc(n, sizeof *job->scores, &job->scores, err));
    ELC_TRY_GOTO(elc_alloc(n, sizeof *room, &room, err), status, done);
    ELC_TRY_GOTO(fit_create(job, &f, err), status, done);
    ELC_TRY_GOTO(choose_strength(&f, room, err), status, done);
    ELC_TRY_GOTO(draw_curve(&f, room, err), status, done);
    ELC_TRY_GOTO(assess(job, room, err), status, done);
    status = train_final(&f, err);
done:
    fit_free(&f);
    free(room);
    return status;
}
