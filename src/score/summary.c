/* summary.c - the averages of every class, at ten IoUs and by size. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <math.h>
#include <stdlib.h>

#define COCO_LARGEST 1e10 /* px^2: COCO looks at nothing larger */

static elc_score_wish wish_of(elc_score_rule rule, uint32_t most, const double *side,
                              int size) {
    static const double coco[] = {32, 96};
    side = side != NULL ? side : coco;
    double limits[] = {0, side[0] * side[0], side[1] * side[1], COCO_LARGEST};
    elc_score_wish wish = {
        .rule = rule, .ious = elc_score_ious(), .n_ious = ELC_SCORE_IOUS, .most = most};
    if (size != ELC_SCORE_ALL) {
        wish.area_min = limits[size - 1];
        wish.area_max = limits[size];
    } else if (rule == ELC_SCORE_COCO) {
        wish.area_max = COCO_LARGEST;
    }
    return wish;
}

static void summarize_class(const elc_score *score, const elc_score_match *match,
                            elc_score_rule rule, int size, uint32_t class_id,
                            elc_score_summary *out) {
    static const uint32_t most[ELC_SCORE_RECALLS] = {1, 10, 0};
    size_t at = (size_t)class_id * ELC_SCORE_IOUS;
    elc_score_average(score, match, rule, ELC_SCORE_IOUS, class_id,
                      out->precision[size] + at);
    elc_score_recall(score, match, ELC_SCORE_IOUS, class_id, 0, out->recall[size] + at);
    for (int i = 0; i < ELC_SCORE_RECALLS && size == ELC_SCORE_ALL; i++)
        elc_score_recall(score, match, ELC_SCORE_IOUS, class_id, most[i],
                         out->recall_of[i] + at);
}

static elc_status create(size_t n, elc_score_summary *out, elc_error *err) {
    for (int i = 0; i < ELC_SCORE_SIZES; i++) {
        ELC_TRY(elc_alloc(n, sizeof(double), &out->precision[i], err));
        ELC_TRY(elc_alloc(n, sizeof(double), &out->recall[i], err));
    }
    for (int i = 0; i < ELC_SCORE_RECALLS; i++)
        ELC_TRY(elc_alloc(n, sizeof(double), &out->recall_of[i], err));
    return ELC_OK;
}

typedef struct job {
    const elc_score *score;
    elc_score_rule rule;
    uint32_t most;
    const double *side;
    elc_score_summary out;
} job;

static elc_status summarize_size(const job *j, int size, elc_error *err) {
    elc_score_wish wish = wish_of(j->rule, j->most, j->side, size);
    elc_score_match *match = NULL;
    elc_score_summary out = j->out;
    ELC_TRY(elc_score_match_create(j->score, &wish, &match, err));
    for (uint32_t c = 0; c < j->score->set.n_classes; c++)
        summarize_class(j->score, match, j->rule, size, c, &out);
    elc_score_match_free(match);
    return ELC_OK;
}

/* Sizes are shared out among two threads at most: there are four. */
static elc_status run_sizes(void *arg, int index, elc_error *err) {
    const job *j = arg;
    int threads = j->score->threads > 1 ? 2 : 1;
    for (int size = index; size < ELC_SCORE_SIZES; size += threads)
        ELC_TRY(summarize_size(j, size, err));
    return ELC_OK;
}

elc_status elc_score_summarize(const elc_score *score, elc_score_rule rule,
                               uint32_t most, const double *side,
                               elc_score_summary *out, elc_error *err) {
    job j = {.score = score, .rule = rule, .most = most, .side = side};
    size_t n = (size_t)score->set.n_classes * ELC_SCORE_IOUS;
    elc_status status = create(n, &j.out, err);
    if (status == ELC_OK)
        status = elc_threads_run(score->threads > 1 ? 2 : 1, run_sizes, &j, err);
    if (status == ELC_OK)
        *out = j.out;
    else
        elc_score_summary_clear(&j.out);
    return status;
}

void elc_score_summary_clear(elc_score_summary *summary) {
    for (int i = 0; i < ELC_SCORE_SIZES; i++) {
        free(summary->precision[i]);
        free(summary->recall[i]);
    }
    for (int i = 0; i < ELC_SCORE_RECALLS; i++)
        free(summary->recall_of[i]);
    *summary = (elc_score_summary){0};
}

double elc_score_mean(const double *values, size_t n, size_t step) {
    double sum = 0;
    size_t counted = 0;
    for (size_t i = 0; i < n; i += step) {
        if (isnan(values[i]))
            continue;
        sum += values[i];
        counted++;
    }
    return counted > 0 ? sum / (double)counted : NAN;
}
