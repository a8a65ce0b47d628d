/* average.c - average precision, recall, and the curve of precision over recall. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { RECALLS = 101 };

/* ---- the boxes of a class ------------------------------------------------------- */

/* By falling score. */
typedef struct walk {
    const elc_score *score;
    const elc_score_match *match;
    size_t first, end; /* places in by_class */
    size_t truth;      /* true boxes that count */
} walk;

static walk walk_of(const elc_score *score, const elc_score_match *match,
                    uint32_t class_id) {
    return (walk){score, match, score->class_start[class_id],
                  score->class_start[class_id + 1], match->n_truth[class_id]};
}

/* Bit i: it is right at IoU i; it counts there at all. */
typedef struct verdict {
    unsigned right, counts;
} verdict;

static verdict verdict_of(const walk *w, size_t place) {
    uint32_t found = w->score->by_class[place];
    unsigned counts = ~(unsigned)w->match->passed[found];
    return (verdict){w->match->right[found] & counts, counts};
}

/* ---- averages ------------------------------------------------------------------- */

/* Where the walk from the lowest score upwards is, at one IoU. */
typedef struct level {
    size_t right, taken;
    double best; /* precision so far: that of a recall is the largest at it or beyond */
    double sum;
    int step; /* the largest recall of COCO's 101 that is not summed up */
} level;

static void count_levels(const walk *w, size_t n, level *levels) {
    for (size_t i = w->first; i < w->end; i++) {
        verdict v = verdict_of(w, i);
        for (size_t k = 0; k < n; k++) {
            levels[k].right += v.right >> k & 1;
            levels[k].taken += v.counts >> k & 1;
        }
    }
}

/* numpy's linspace(0, 1, 101). */
static double recall_step(int i) {
    return i == RECALLS - 1 ? 1 : i * 0.01;
}

static bool is_beyond(const level *l, size_t truth) {
    return l->step > 0 && recall_step(l->step) > (double)l->right / (double)truth;
}

/* cocoeval.py takes the precision at 101 recalls, each at the first box that reaches
   it, and then the mean; recall 0 has the largest precision of all. VOC's average is
   the area under the curve (VOCap.m of VOCdevkit 2010 and later), each true box found
   being a step of the recall. Only right boxes can have a largest precision. COCO's
   DBL_EPSILON keeps it from dividing by 0. */
static void pass_right(level *l, bool coco, size_t truth) {
    l->best = fmax(l->best, (double)l->right / ((double)l->taken + DBL_EPSILON));
    l->right--;
    for (; coco && is_beyond(l, truth); l->step--)
        l->sum += l->best;
    if (!coco)
        l->sum += l->best;
}

static void pass_levels(const walk *w, size_t n, bool coco, level *levels) {
    for (size_t i = w->end; i > w->first; i--) {
        verdict v = verdict_of(w, i - 1);
        for (size_t k = 0; k < n; k++) {
            if (v.right >> k & 1)
                pass_right(&levels[k], coco, w->truth);
            levels[k].taken -= v.counts >> k & 1;
        }
    }
}

void elc_score_average(const elc_score *score, const elc_score_match *match,
                       elc_score_rule rule, size_t n_ious, uint32_t class_id,
                       double *precision) {
    walk w = walk_of(score, match, class_id);
    bool coco = rule == ELC_SCORE_COCO;
    level levels[ELC_SCORE_IOUS_MAX] = {0};
    count_levels(&w, n_ious, levels);
    for (size_t k = 0; k < n_ious; k++)
        for (levels[k].step = RECALLS - 1; is_beyond(&levels[k], w.truth);)
            levels[k].step--;
    pass_levels(&w, n_ious, coco, levels);
    for (size_t k = 0; k < n_ious; k++)
        precision[k] = w.truth == 0 ? NAN
                       : coco       ? (levels[k].sum + levels[k].best) / RECALLS
                                    : levels[k].sum / (double)w.truth;
}

void elc_score_recall(const elc_score *score, const elc_score_match *match,
                      size_t n_ious, uint32_t class_id, uint32_t most, double *recall) {
    walk w = walk_of(score, match, class_id);
    size_t right[ELC_SCORE_IOUS_MAX] = {0};
    for (size_t i = w.first; i < w.end; i++) {
        unsigned bits = verdict_of(&w, i).right;
        if (most == 0 || score->rank[score->by_class[i]] < most)
            for (size_t k = 0; k < n_ious; k++)
                right[k] += bits >> k & 1;
    }
    for (size_t k = 0; k < n_ious; k++)
        recall[k] = w.truth > 0 ? (double)right[k] / (double)w.truth : NAN;
}

/* ---- curves --------------------------------------------------------------------- */

static double score_at(const walk *w, size_t place) {
    return w->score->set.found[w->score->by_class[place]].score;
}

static double share(size_t part, size_t whole) {
    return whole > 0 ? (double)part / (double)whole : NAN;
}

static elc_score_point point_of(double score, size_t right, size_t taken,
                                size_t truth) {
    return (elc_score_point){score,
                             share(right, taken),
                             share(right, truth),
                             share(2 * right, taken + truth),
                             right,
                             taken};
}

/* Boxes of one score are taken together: no threshold can part them. Gives the place
   after them, and adds them to the counts. */
static size_t take_score(const walk *w, size_t place, size_t *right, size_t *taken) {
    double score = score_at(w, place);
    for (; place < w->end && score_at(w, place) >= score; place++) {
        verdict v = verdict_of(w, place);
        *right += v.right & 1;
        *taken += v.counts & 1;
    }
    return place;
}

/* A step of the curve: the boxes of one score more. */
typedef struct step {
    size_t place, right, taken;
} step;

static elc_score_point next_point(const walk *w, step *s) {
    double score = score_at(w, s->place);
    s->place = take_score(w, s->place, &s->right, &s->taken);
    return point_of(score, s->right, s->taken, w->truth);
}

/* Counts the points, and gives the best and its number. */
static size_t look_over(const walk *w, elc_score_point *best, size_t *which) {
    step s = {w->first, 0, 0};
    size_t n = 0;
    *best = point_of(NAN, 0, 0, w->truth);
    *which = SIZE_MAX;
    for (; s.place < w->end; n++) {
        elc_score_point p = next_point(w, &s);
        if (w->truth == 0 || (n > 0 && p.f1 <= best->f1))
            continue;
        *best = p;
        *which = n;
    }
    return n;
}

/* Keeps `most` of `n` points, the first and the last among them. */
static bool is_kept(size_t i, size_t n, size_t most) {
    if (n <= most || i == 0)
        return true;
    return i * (most - 1) / (n - 1) != (i - 1) * (most - 1) / (n - 1);
}

elc_status elc_score_curve(const elc_score *score, const elc_score_match *match,
                           uint32_t class_id, size_t most, elc_score_point **points,
                           size_t *n, elc_score_point *best, elc_error *err) {
    walk w = walk_of(score, match, class_id);
    step s = {w.first, 0, 0};
    size_t which, all = look_over(&w, best, &which), kept = 0;
    elc_score_point *out = NULL;
    most = most < 3 ? 3 : most;
    ELC_TRY(elc_alloc(all < most ? all : most, sizeof *out, &out, err));
    for (size_t i = 0; i < all; i++) {
        elc_score_point p = next_point(&w, &s);
        if (i == which || is_kept(i, all, most - 1))
            out[kept++] = p;
    }
    *points = out;
    *n = kept;
    return ELC_OK;
}

elc_score_point elc_score_at(const elc_score *score, const elc_score_match *match,
                             uint32_t class_id, double least) {
    walk w = walk_of(score, match, class_id);
    size_t right = 0, taken = 0, place = w.first;
    while (place < w.end && score_at(&w, place) >= least)
        place = take_score(&w, place, &right, &taken);
    return point_of(least, right, taken, w.truth);
}
