/* match.c - which found box is which true one, by the rules of COCO, VOC and xView. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <math.h>
#include <stdlib.h>

/* numpy's linspace(0.5, 0.95, 10), which is what pycocotools compares with. */
const double *elc_score_ious(void) {
    static const double ious[ELC_SCORE_IOUS] = {
        0.5,
        0.5 + 1 * ((0.95 - 0.5) / 9),
        0.5 + 2 * ((0.95 - 0.5) / 9),
        0.5 + 3 * ((0.95 - 0.5) / 9),
        0.5 + 4 * ((0.95 - 0.5) / 9),
        0.5 + 5 * ((0.95 - 0.5) / 9),
        0.5 + 6 * ((0.95 - 0.5) / 9),
        0.5 + 7 * ((0.95 - 0.5) / 9),
        0.5 + 8 * ((0.95 - 0.5) / 9),
        0.95,
    };
    return ious;
}

typedef struct matcher {
    const elc_score *score;
    const elc_score_wish *wish;
    elc_score_match *out;
    uint16_t *used; /* of each true box: bit i, at IoU i */
} matcher;

/* ---- what counts ---------------------------------------------------------------- */

static bool is_outside(const elc_score_wish *w, const elc_score_box *b) {
    if (!(w->area_max > w->area_min))
        return false;
    double area = isnan(b->area) ? score_area(b) : b->area;
    return area < w->area_min || area > w->area_max;
}

static void hide_truth(matcher *m) {
    const elc_score_set *set = &m->score->set;
    bool flags = m->wish->rule != ELC_SCORE_XVIEW;
    for (size_t i = 0; i < set->n_truth; i++) {
        const elc_score_box *b = &set->truth[i];
        m->out->hidden[i] =
            (flags && (b->crowd || b->ignore)) || is_outside(m->wish, b);
        m->out->n_truth[b->class_id] += !m->out->hidden[i];
    }
}

/* ---- one found box -------------------------------------------------------------- */

/* The free box of the largest IoU, the last among equals; those that count come before
   those that do not, whatever their IoU (cocoeval.py, evaluateImg). */
static uint32_t best_free(const matcher *m, const score_pair *pairs, size_t n,
                          size_t level, bool hidden) {
    double best = fmin(m->wish->ious[level], 1 - 1e-10);
    uint32_t found = ELC_SCORE_NONE;
    for (size_t i = 0; i < n; i++) {
        uint32_t truth = pairs[i].truth;
        bool used = m->used[truth] >> level & 1;
        if (!pairs[i].same || m->out->hidden[truth] != hidden || pairs[i].iou < best ||
            (used && !m->score->set.truth[truth].crowd))
            continue;
        best = pairs[i].iou;
        found = truth;
    }
    return found;
}

/* The box of the largest IoU, the first among equals, whether it is free or not. */
static uint32_t best_of_all(const score_pair *pairs, size_t n, double *iou) {
    uint32_t found = ELC_SCORE_NONE;
    *iou = 0;
    for (size_t i = 0; i < n; i++) {
        if (!pairs[i].same || pairs[i].iou <= *iou)
            continue;
        *iou = pairs[i].iou;
        found = pairs[i].truth;
    }
    return found;
}

static void take(matcher *m, uint32_t found, uint32_t truth, size_t level) {
    uint16_t bit = (uint16_t)(1u << level);
    m->used[truth] |= bit;
    if (m->out->hidden[truth])
        m->out->passed[found] |= bit;
    else
        m->out->right[found] |= bit;
    if (level == 0)
        m->out->partner[found] = truth;
}

static void match_coco(matcher *m, uint32_t found, const score_pair *pairs, size_t n) {
    double most;
    best_of_all(pairs, n, &most);
    for (size_t level = 0; level < m->wish->n_ious; level++) {
        if (most < m->wish->ious[level] && most < 1 - 1e-10)
            continue;
        uint32_t truth = best_free(m, pairs, n, level, false);
        if (truth == ELC_SCORE_NONE)
            truth = best_free(m, pairs, n, level, true);
        if (truth != ELC_SCORE_NONE)
            take(m, found, truth, level);
    }
}

static void match_voc(matcher *m, uint32_t found, const score_pair *pairs, size_t n) {
    double iou;
    uint32_t truth = best_of_all(pairs, n, &iou);
    for (size_t level = 0; level < m->wish->n_ious; level++) {
        if (truth == ELC_SCORE_NONE || iou < m->wish->ious[level])
            continue;
        bool used = m->used[truth] >> level & 1;
        if (!used || m->out->hidden[truth])
            take(m, found, truth, level);
    }
}

/* What is found of another size, or is to be ignored, is no mistake. */
static void pass_others(matcher *m) {
    const elc_score_set *set = &m->score->set;
    uint16_t all = (uint16_t)((1u << m->wish->n_ious) - 1);
    bool flags = m->wish->rule != ELC_SCORE_XVIEW;
    for (size_t i = 0; i < set->n_found; i++)
        if ((flags && set->found[i].ignore) || is_outside(m->wish, &set->found[i]))
            m->out->passed[i] |= (uint16_t)(all & ~m->out->right[i]);
}

static void match_all(matcher *m) {
    const elc_score *s = m->score;
    for (size_t i = 0; i < s->set.n_found; i++) {
        uint32_t found = s->by_image[i];
        const score_pair *pairs = s->pairs + s->pair_start[i];
        size_t n = s->pair_start[i + 1] - s->pair_start[i];
        if (m->wish->most > 0 && s->rank[found] >= m->wish->most) {
            m->out->passed[found] = UINT16_MAX;
            continue;
        }
        if (n > 0 && m->wish->rule == ELC_SCORE_COCO)
            match_coco(m, found, pairs, n);
        else if (n > 0)
            match_voc(m, found, pairs, n);
    }
    pass_others(m);
}

void elc_score_nearest(const elc_score *s, uint32_t *truth, double *iou) {
    for (size_t i = 0; i < s->set.n_found; i++) {
        uint32_t found = s->by_image[i];
        truth[found] = ELC_SCORE_NONE;
        iou[found] = 0;
        for (size_t k = s->pair_start[i]; k < s->pair_start[i + 1]; k++) {
            if (s->pairs[k].iou <= iou[found])
                continue;
            truth[found] = s->pairs[k].truth;
            iou[found] = s->pairs[k].iou;
        }
    }
}

/* ---- life ----------------------------------------------------------------------- */

static elc_status check_wish(const elc_score_wish *wish, elc_error *err) {
    if (wish->n_ious >= 1 && wish->n_ious <= ELC_SCORE_IOUS_MAX)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "%zu IoUs to match at: 1 to %d can be",
                    wish->n_ious, ELC_SCORE_IOUS_MAX);
}

static elc_status create(const elc_score_set *set, elc_score_match *out,
                         elc_error *err) {
    ELC_TRY(elc_alloc(set->n_found, sizeof *out->right, &out->right, err));
    ELC_TRY(elc_alloc(set->n_found, sizeof *out->passed, &out->passed, err));
    ELC_TRY(elc_alloc(set->n_found, sizeof *out->partner, &out->partner, err));
    ELC_TRY(elc_alloc(set->n_truth, sizeof *out->hidden, &out->hidden, err));
    ELC_TRY(elc_alloc(set->n_classes, sizeof *out->n_truth, &out->n_truth, err));
    for (size_t i = 0; i < set->n_found; i++)
        out->partner[i] = ELC_SCORE_NONE;
    return ELC_OK;
}

elc_status elc_score_match_create(const elc_score *score, const elc_score_wish *wish,
                                  elc_score_match **out, elc_error *err) {
    matcher m = {.score = score, .wish = wish};
    ELC_TRY(check_wish(wish, err));
    ELC_TRY(elc_alloc(1, sizeof *m.out, &m.out, err));
    elc_status status = create(&score->set, m.out, err);
    if (status == ELC_OK)
        status = elc_alloc(score->set.n_truth, sizeof *m.used, &m.used, err);
    if (status != ELC_OK) {
        elc_score_match_free(m.out);
        return status;
    }
    hide_truth(&m);
    match_all(&m);
    free(m.used);
    *out = m.out;
    return ELC_OK;
}

void elc_score_match_free(elc_score_match *match) {
    if (match == NULL)
        return;
    free(match->right);
    free(match->passed);
    free(match->partner);
    free(match->hidden);
    free(match->n_truth);
    free(match);
}
