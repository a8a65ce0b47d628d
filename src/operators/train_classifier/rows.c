/* rows.c - how good a classifier is, as a table. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "data.h"

#include <math.h>
#include <stdio.h>

enum { WHAT, NAME, TAKEN_FOR, LABELS, ACCURACY, PRECISION, BALANCED, LOG_LOSS, GAP };

const elc_column elc_classes_columns[TRAIN_N_COLUMNS] = {
    {"what", ELC_UTF8, NULL,
     "all; class; mistake: labels of one class taken for another; fold: places that "
     "were "
     "left out; curve: learnt from so many labels; more: what twice as many may bring"},
    {"name", ELC_UTF8, NULL, "class, or number of the fold"},
    {"taken_for", ELC_UTF8, NULL, "class that the labels of a mistake were taken for"},
    {"labels", ELC_INT64, NULL, "how many; of curve and more: that were learnt from"},
    {"accuracy", ELC_FLOAT64, NULL, "share of the labels that were told right"},
    {"precision", ELC_FLOAT64, NULL,
     "share of what was told to be of the class that is"},
    {"balanced_accuracy", ELC_FLOAT64, NULL, "mean of the classes' accuracies"},
    {"log_loss", ELC_FLOAT64, NULL, "mean of -log of the label's probability"},
    {"calibration_error", ELC_FLOAT64, NULL,
     "mean distance of how sure it was and how often it was right"},
};

static elc_status put_real(elc_batch *b, size_t column, double value, elc_error *err) {
    return isnan(value) ? ELC_OK : elc_batch_real(b, column, value, err);
}

static elc_status put(elc_batch *b, const char *what, const char *name, double labels,
                      const elc_assessment *a, elc_error *err) {
    ELC_TRY(elc_batch_text(b, WHAT, what, err));
    ELC_TRY(elc_batch_text(b, NAME, name, err));
    ELC_TRY(elc_batch_int(b, LABELS, (int64_t)(labels + 0.5), err));
    ELC_TRY(put_real(b, ACCURACY, a->accuracy, err));
    ELC_TRY(put_real(b, BALANCED, a->balanced, err));
    ELC_TRY(put_real(b, LOG_LOSS, a->log_loss, err));
    ELC_TRY(put_real(b, GAP, a->gap, err));
    return elc_batch_end_row(b, err);
}

static elc_status put_class(const train_job *job, elc_batch *b, size_t k,
                            elc_error *err) {
    size_t n = job->classes.count;
    const uint64_t *row = job->confusion + k * n;
    uint64_t labels = 0, told = 0;
    for (size_t i = 0; i < n; i++) {
        labels += row[i];
        told += job->confusion[i * n + k];
    }
    ELC_TRY(elc_batch_text(b, WHAT, "class", err));
    ELC_TRY(elc_batch_text(b, NAME, job->classes.items[k], err));
    ELC_TRY(elc_batch_int(b, LABELS, (int64_t)labels, err));
    ELC_TRY(put_real(b, ACCURACY, (double)row[k] / (double)labels, err));
    ELC_TRY(put_real(b, PRECISION, (double)row[k] / (double)told, err));
    return elc_batch_end_row(b, err);
}

static elc_status put_mistake(const train_job *job, elc_batch *b, size_t k, size_t i,
                              elc_error *err) {
    uint64_t count = job->confusion[k * job->classes.count + i];
    if (k == i || count == 0)
        return ELC_OK;
    ELC_TRY(elc_batch_text(b, WHAT, "mistake", err));
    ELC_TRY(elc_batch_text(b, NAME, job->classes.items[k], err));
    ELC_TRY(elc_batch_text(b, TAKEN_FOR, job->classes.items[i], err));
    ELC_TRY(elc_batch_int(b, LABELS, (int64_t)count, err));
    return elc_batch_end_row(b, err);
}

static elc_status put_rows(const train_job *job, elc_batch *b, elc_error *err) {
    size_t classes = job->classes.count;
    ELC_TRY(put(b, "all", NULL, (double)job->n, &job->all, err));
    for (size_t k = 0; k < classes; k++)
        ELC_TRY(put_class(job, b, k, err));
    for (size_t k = 0; k < classes; k++)
        for (size_t i = 0; i < classes; i++)
            ELC_TRY(put_mistake(job, b, k, i, err));
    for (int f = 0; f < job->folds; f++) {
        char name[16];
        snprintf(name, sizeof name, "%d", f + 1);
        ELC_TRY(put(b, "fold", name, (double)job->in_fold[f], &job->of_fold[f], err));
    }
    for (size_t i = 0; i < job->n_points; i++) {
        const train_point *p = &job->points[i];
        ELC_TRY(put(b, p->expected ? "more" : "curve", NULL, p->labels, &p->good, err));
    }
    return ELC_OK;
}

elc_status elc_classes_rows(const train_job *job, struct ArrowArray *out,
                            elc_error *err) {
    elc_batch *batch;
    ELC_TRY(elc_batch_create(elc_classes_columns, TRAIN_N_COLUMNS, &batch, err));
    elc_status status = put_rows(job, batch, err);
    if (status == ELC_OK)
        status = elc_batch_finish(batch, out, err);
    elc_batch_free(batch);
    return status;
}
