/* result.c - the comparison: averages, thresholds, and who is right. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include <math.h>
#include <stdlib.h>

enum { CURVE_POINTS = 200 };

typedef struct work {
    const eval_data *data;
    const eval_wish *wish;
    eval_result *out;
    elc_score *score;
    elc_score_match *match; /* at the wish's IoU alone */
    size_t n;               /* classes */
} work;

const char *elc_eval_class_name(const eval_data *data, size_t i) {
    return i < data->classes.shown.count ? data->classes.shown.items[i] : "all";
}

/* ---- averages ------------------------------------------------------------------- */

static void take_averages(work *w, const elc_score_summary *s) {
    size_t step = ELC_SCORE_IOUS;
    for (size_t c = 0; c <= w->n; c++) {
        eval_class *k = &w->out->classes[c];
        bool all = c == w->n;
        size_t at = all ? 0 : c * step, n = all ? w->n * step : step;
        k->ap = elc_score_mean(s->precision[ELC_SCORE_ALL] + at, n, 1);
        k->ap50 = elc_score_mean(s->precision[ELC_SCORE_ALL] + at, n, step);
        k->ap75 =
            n < 6 ? NAN
                  : elc_score_mean(s->precision[ELC_SCORE_ALL] + at + 5, n - 5, step);
        for (int i = 0; i < 3; i++)
            k->ap_size[i] =
                elc_score_mean(s->precision[ELC_SCORE_SMALL + i] + at, n, 1);
    }
    for (int i = 0; i < 3; i++) {
        w->out->recall_of[i] = elc_score_mean(s->recall_of[i], w->n * step, 1);
        w->out->recall_size[i] =
            elc_score_mean(s->recall[ELC_SCORE_SMALL + i], w->n * step, 1);
    }
}

static elc_status average(work *w, elc_error *err) {
    elc_score_summary summary = {0};
    ELC_TRY(elc_score_summarize(w->score, w->wish->rule, w->wish->most, NULL, &summary,
                                err));
    take_averages(w, &summary);
    elc_score_summary_clear(&summary);
    return ELC_OK;
}

/* ---- thresholds ----------------------------------------------------------------- */

/* What is asked for, else what the styles say, else the best there is. */
static double least_of(const work *w, size_t c, const elc_score_point *best) {
    const elc_style *style =
        elc_styles_find(&w->data->styles, elc_eval_class_name(w->data, c));
    if (!isnan(w->wish->least))
        return w->wish->least;
    if (style && !isnan(style->least))
        return style->least;
    return isnan(best->score) ? -INFINITY : best->score; /* nothing to be best at */
}

static elc_status choose_thresholds(work *w, elc_error *err) {
    for (size_t c = 0; c < w->n; c++) {
        eval_class *k = &w->out->classes[c];
        elc_score_point best;
        ELC_TRY(elc_score_curve(w->score, w->match, (uint32_t)c, CURVE_POINTS,
                                &k->curve, &k->n_curve, &best, err));
        k->least = least_of(w, c, &best);
        k->f1_best = best.f1;
    }
    w->out->classes[w->n].least = NAN;
    return ELC_OK;
}

/* xView's means are of all boxes, whatever their score. A class that was never found
   has no precision; where none was, there is no F1. */
static elc_status take_means(work *w, elc_error *err) {
    double *values = NULL;
    ELC_TRY(elc_alloc(2 * w->n, sizeof *values, &values, err));
    for (size_t c = 0; c < w->n; c++) {
        elc_score_point all = elc_score_at(w->score, w->match, (uint32_t)c, -INFINITY);
        values[2 * c] = w->match->n_truth[c] > 0 ? all.precision : NAN;
        values[2 * c + 1] = all.recall;
    }
    double p = elc_score_mean(values, 2 * w->n, 2);
    double r = w->n > 0 ? elc_score_mean(values + 1, 2 * w->n - 1, 2) : NAN;
    free(values);
    w->out->mean_precision = p;
    w->out->mean_recall = r;
    w->out->mean_f1 = isnan(p + r) ? NAN : p > 0 && r > 0 ? 2 / (1 / p + 1 / r) : 0;
    return ELC_OK;
}

/* ---- verdicts ------------------------------------------------------------------- */

static void judge_found(work *w, size_t i) {
    const elc_score_box *b = &w->data->found.items[i];
    eval_result *out = w->out;
    bool passed = w->match->passed[i] & 1;
    out->n_cut += w->match->passed[i] == UINT16_MAX;
    out->partner[i] = ELC_SCORE_NONE;
    out->taken[i] = !passed && b->score >= out->classes[b->class_id].least;
    out->right[i] = out->taken[i] && (w->match->right[i] & 1);
    if (out->right[i]) {
        out->partner[i] = w->match->partner[i];
        out->met[out->partner[i]] = 1;
    }
}

static void add_count(eval_count *to, size_t truth, size_t found, size_t right) {
    to->truth += truth;
    to->found += found;
    to->right += right;
}

static void count_all(work *w) {
    eval_result *out = w->out;
    for (size_t i = 0; i < w->data->found.count; i++) {
        const elc_score_box *b = &w->data->found.items[i];
        judge_found(w, i);
        add_count(&out->classes[b->class_id].count, 0, out->taken[i], out->right[i]);
        add_count(&out->classes[w->n].count, 0, out->taken[i], out->right[i]);
        add_count(&out->images[b->image], 0, out->taken[i], out->right[i]);
    }
    for (size_t i = 0; i < w->data->truth.count; i++) {
        const elc_score_box *b = &w->data->truth.items[i];
        out->hidden[i] = w->match->hidden[i];
        add_count(&out->classes[b->class_id].count, !out->hidden[i], 0, 0);
        add_count(&out->classes[w->n].count, !out->hidden[i], 0, 0);
        add_count(&out->images[b->image], !out->hidden[i], 0, 0);
    }
}

static elc_status confuse(work *w, elc_error *err) {
    double *least = NULL;
    ELC_TRY(elc_alloc(w->n, sizeof *least, &least, err));
    for (size_t c = 0; c < w->n; c++)
        least[c] = w->out->classes[c].least;
    elc_status status =
        elc_score_confusion(w->score, w->wish->iou, least, w->out->confusion, err);
    free(least);
    return status;
}

/* ---- all ------------------------------------------------------------------------ */

static elc_status create(work *w, elc_error *err) {
    eval_result *out = w->out;
    size_t side = w->n + 1, found = w->data->found.count, truth = w->data->truth.count;
    size_t images = w->data->images.shown.count;
    if (side > 5000)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%zu classes: more than the 5,000 that can be told apart; is "
                        "the right column the class?",
                        w->n);
    out->n_classes = w->n;
    ELC_TRY(elc_alloc(side, sizeof *out->classes, &out->classes, err));
    ELC_TRY(elc_alloc(images, sizeof *out->images, &out->images, err));
    ELC_TRY(elc_alloc(side * side, sizeof *out->confusion, &out->confusion, err));
    ELC_TRY(elc_alloc(found, 1, &out->taken, err));
    ELC_TRY(elc_alloc(found, 1, &out->right, err));
    ELC_TRY(elc_alloc(truth, 1, &out->met, err));
    ELC_TRY(elc_alloc(truth, 1, &out->hidden, err));
    return elc_alloc(found, sizeof *out->partner, &out->partner, err);
}

static elc_status create_score(work *w, const elc_score_set *set, elc_error *err) {
    double least = fmin(w->wish->iou, 0.5);
    elc_score_overlap *overlaps = NULL;
    size_t n = 0;
    if (!w->data->by_shape)
        return elc_score_create(set, least, w->wish->threads, &w->score, err);
    ELC_TRY(elc_eval_overlaps(w->data, least, &overlaps, &n, err));
    elc_status status =
        elc_score_create_of(set, overlaps, n, least, w->wish->threads, &w->score, err);
    free(overlaps);
    return status;
}

static elc_status match(work *w, elc_error *err) {
    elc_score_set set = {w->data->found.items,
                         w->data->truth.items,
                         w->data->found.count,
                         w->data->truth.count,
                         (uint32_t)w->data->images.shown.count,
                         (uint32_t)w->n};
    elc_score_wish wish = {.rule = w->wish->rule,
                           .ious = &w->wish->iou,
                           .n_ious = 1,
                           .most = w->wish->most};
    ELC_TRY(elc_score_check(&set, w->wish->rule, err));
    ELC_TRY(create_score(w, &set, err));
    return elc_score_match_create(w->score, &wish, &w->match, err);
}

static elc_status compare(work *w, elc_error *err) {
    ELC_TRY(create(w, err));
    ELC_TRY(match(w, err));
    ELC_TRY(average(w, err));
    ELC_TRY(choose_thresholds(w, err));
    ELC_TRY(take_means(w, err));
    elc_eval_xview_means(w->data, w->out);
    count_all(w);
    ELC_TRY(confuse(w, err));
    ELC_TRY(elc_eval_positions(w->data, w->out, err));
    ELC_TRY(elc_eval_splits(w->data, w->wish, w->out, err));
    ELC_TRY(elc_eval_zones(w->data, w->wish, w->out, err));
    return elc_eval_mistakes(w->score, w->data, w->wish, w->out, err);
}

elc_status elc_eval_compare(const eval_data *data, const eval_wish *wish,
                            eval_result *out, elc_error *err) {
    work w = {.data = data, .wish = wish, .out = out};
    w.n = data->classes.shown.count;
    elc_status status = compare(&w, err);
    elc_score_match_free(w.match);
    elc_score_free(w.score);
    return status;
}

void elc_eval_result_free(eval_result *r) {
    for (size_t c = 0; r->classes != NULL && c <= r->n_classes; c++)
        free(r->classes[c].curve);
    for (size_t i = 0; i < r->n_zones; i++) {
        free(r->zones[i].name);
        free(r->zones[i].classes);
    }
    free(r->classes);
    free(r->images);
    free(r->confusion);
    free(r->zones);
    free(r->mistakes);
    free(r->taken);
    free(r->right);
    free(r->met);
    free(r->hidden);
    free(r->partner);
    *r = (eval_result){0};
}
