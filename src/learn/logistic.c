/* logistic.c - multinomial logistic regression with an L2 penalty. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/learn.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "descent.h"
#include "moments.h"
#include "objective.h"

/* ---- checks -------------------------------------------------------------------------
 */

static elc_status check_wish(const elc_logistic_wish *wish, size_t features,
                             size_t classes, elc_error *err) {
    if (!(wish->c >= 0) || isinf(wish->c))
        return elc_fail(err, ELC_E_ARGUMENT, "C is %g; it is to be a number over 0",
                        wish->c);
    if (classes < 2)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "all labels are of one class, so there is nothing to tell "
                        "apart; give labels of at least two");
    if (features == 0 || features > (size_t)1 << 24 || classes > (size_t)1 << 20)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%zu features and %zu classes; at least one feature is "
                        "needed, and at most 16,777,216 and 1,048,576 can be",
                        features, classes);
    for (size_t k = 0; wish->class_weights != NULL && k < classes; k++) {
        if (!(wish->class_weights[k] >= 0) || isinf(wish->class_weights[k]))
            return elc_fail(err, ELC_E_ARGUMENT,
                            "the weight of class %zu is %g; it is to be 0 or more", k,
                            wish->class_weights[k]);
    }
    return ELC_OK;
}

/* A sum is finite only where all of its numbers are; floats cannot overflow a double.
 */
static elc_status check_numbers(const float *x, size_t n, size_t d, elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < d; j++)
            sum += (double)x[i * d + j];
        if (isfinite(sum))
            continue;
        size_t j = 0;
        while (isfinite(x[i * d + j]))
            j++;
        return elc_fail(err, ELC_E_ARGUMENT,
                        "feature %zu of row %zu is %s; leave the row out", j, i,
                        isnan(x[i * d + j]) ? "NaN" : "infinite");
    }
    return ELC_OK;
}

/* ---- weights ------------------------------------------------------------------------
 */

static elc_status weigh_row(const elc_logistic_wish *wish, const int32_t *labels,
                            size_t i, size_t classes, double *out, elc_error *err) {
    if (labels[i] < 0 || (size_t)labels[i] >= classes)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the label of row %zu is %d; classes go from 0 to %zu", i,
                        labels[i], classes - 1);
    double own = wish->weights != NULL ? wish->weights[i] : 1;
    if (!(own >= 0) || isinf(own))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "the weight of row %zu is %g; it is to be 0 or more", i, own);
    *out = own * (wish->class_weights != NULL ? wish->class_weights[labels[i]] : 1);
    return ELC_OK;
}

static elc_status check_classes(const learn_objective *o, elc_error *err) {
    bool *seen = NULL;
    size_t missing = 0;
    ELC_TRY(elc_alloc(o->classes, sizeof *seen, &seen, err));
    for (size_t i = 0; i < o->n; i++)
        seen[o->labels[i]] |= o->weights[i] > 0;
    while (missing < o->classes && seen[missing])
        missing++;
    free(seen);
    if (missing == o->classes)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "class %zu has no row of any weight; leave the class out", missing);
}

static elc_status weigh(learn_objective *o, const elc_logistic_wish *wish,
                        double *total, elc_error *err) {
    *total = 0;
    ELC_TRY(elc_alloc(o->n, sizeof *o->weights, &o->weights, err));
    for (size_t i = 0; i < o->n; i++) {
        ELC_TRY(weigh_row(wish, o->labels, i, o->classes, &o->weights[i], err));
        *total += o->weights[i];
    }
    ELC_TRY(check_classes(o, err));
    for (size_t i = 0; i < o->n; i++)
        o->weights[i] /= *total;
    return ELC_OK;
}

/* ---- standard features --------------------------------------------------------------
 */

/* Means first: squares of what is left lose nothing where means are large. A feature
   that is always the same tells nothing, and stays as it is. */
static void measure(learn_objective *o) {
    for (size_t i = 0; i < o->n; i++)
        for (size_t j = 0; j < o->d; j++)
            o->mean[j] += o->weights[i] * (double)o->x[i * o->d + j];
    for (size_t j = 0; j < o->d; j++)
        o->scale[j] = 0;
    for (size_t i = 0; i < o->n; i++) {
        for (size_t j = 0; j < o->d; j++) {
            double off = (double)o->x[i * o->d + j] - o->mean[j];
            o->scale[j] += o->weights[i] * off * off;
        }
    }
    for (size_t j = 0; j < o->d; j++) {
        bool same = !(o->scale[j] > 1e-14 * o->mean[j] * o->mean[j]);
        o->scale[j] = same ? 1 : 1 / sqrt(o->scale[j]);
    }
}

static elc_status standardise(learn_objective *o, bool wanted, elc_error *err) {
    ELC_TRY(elc_alloc(o->d, sizeof *o->mean, &o->mean, err));
    ELC_TRY(elc_alloc(o->d, sizeof *o->scale, &o->scale, err));
    for (size_t j = 0; j < o->d; j++)
        o->scale[j] = 1;
    if (wanted)
        measure(o);
    return ELC_OK;
}

/* ---- the model ----------------------------------------------------------------------
 */

static elc_status model_create(size_t classes, size_t features, elc_logistic *out,
                               elc_error *err) {
    *out = (elc_logistic){.classes = classes, .features = features};
    ELC_TRY(elc_alloc(classes * features, sizeof(double), &out->coefficients, err));
    return elc_alloc(classes, sizeof(double), &out->intercepts, err);
}

/* One row that tells two classes apart is half of it for each, with its sign. */
static void take_two(const learn_objective *o, elc_logistic *out) {
    for (size_t j = 0; j < o->d; j++) {
        out->coefficients[j] = -o->w[j] / 2;
        out->coefficients[o->d + j] = o->w[j] / 2;
    }
    out->intercepts[0] = -o->b[0] / 2;
    out->intercepts[1] = o->b[0] / 2;
}

/* All classes may gain the same score and nothing changes: what they share is 0. */
static void take_many(const learn_objective *o, elc_logistic *out) {
    double shared = 0;
    for (size_t k = 0; k < o->rows; k++) {
        memcpy(out->coefficients + k * o->d, o->w + k * o->w_stride,
               o->d * sizeof *o->w);
        shared += o->b[k] / (double)o->rows;
    }
    for (size_t k = 0; k < o->rows; k++)
        out->intercepts[k] = o->b[k] - shared;
}

static elc_status solve(learn_objective *o, const elc_logistic_wish *wish,
                        elc_logistic *out, elc_error *err) {
    double *parameters = NULL, tolerance = wish->tolerance > 0 ? wish->tolerance : 1e-8;
    learn_moments moments = {0};
    learn_end end = {0};
    elc_status status = ELC_OK;
    ELC_TRY_GOTO(elc_alloc(elc_learn_size(o), sizeof(double), &parameters, err), status,
                 done);
    ELC_TRY_GOTO(elc_learn_moments_create(o, &moments, err), status, done);
    ELC_TRY_GOTO(elc_learn_descend(o, &moments, tolerance,
                                   wish->iterations > 0 ? wish->iterations : 1000,
                                   parameters, &end, err),
                 status, done);
    elc_learn_unscale(o, parameters);
    if (o->rows == 1)
        take_two(o, out);
    else
        take_many(o, out);
    out->iterations = end.iterations;
    out->slope = end.slope;
    out->converged = end.slope <= tolerance;
done:
    elc_learn_moments_free(&moments);
    free(parameters);
    return status;
}

static elc_status train(learn_objective *o, const elc_logistic_wish *wish,
                        elc_logistic *out, elc_error *err) {
    double total;
    ELC_TRY(weigh(o, wish, &total, err));
    ELC_TRY(standardise(o, wish->standardise, err));
    o->penalty = 1 / ((wish->c > 0 ? wish->c : 1) * total);
    ELC_TRY(elc_learn_prepare(o, err));
    return solve(o, wish, out, err);
}

elc_status elc_logistic_train(const float *x, size_t n, size_t features,
                              const int32_t *labels, size_t classes,
                              const elc_logistic_wish *wish, const elc_context *context,
                              elc_logistic *out, elc_error *err) {
    learn_objective o = {.x = x,
                         .n = n,
                         .d = features,
                         .labels = labels,
                         .classes = classes,
                         .rows = classes == 2 ? 1 : classes,
                         .threads = elc_context_threads(context),
                         .context = context};
    elc_logistic model = {0};
    ELC_TRY(check_wish(wish, features, classes, err));
    ELC_TRY(check_numbers(x, n, features, err));
    elc_status status = model_create(classes, features, &model, err);
    if (status == ELC_OK)
        status = train(&o, wish, &model, err);
    elc_learn_objective_free(&o);
    free(o.weights);
    free(o.mean);
    free(o.scale);
    if (status == ELC_OK)
        *out = model;
    else
        elc_logistic_clear(&model);
    return status;
}

void elc_logistic_scores(const elc_logistic *model, const float *x, size_t n,
                         double *out) {
    size_t d = model->features;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < model->classes; k++) {
            double sum = model->intercepts[k];
            for (size_t j = 0; j < d; j++)
                sum += model->coefficients[k * d + j] * (double)x[i * d + j];
            out[i * model->classes + k] = sum;
        }
    }
}

void elc_logistic_clear(elc_logistic *model) {
    free(model->coefficients);
    free(model->intercepts);
    *model = (elc_logistic){0};
}
