/* confusion.c - which class is taken for which. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <stdlib.h>

typedef struct couple {
    double iou, score;
    uint32_t found, truth;
} couple;

/* Falling IoU, then falling score, then the order of the arrays. */
static int compare_couples(const void *a, const void *b) {
    const couple *x = a, *y = b;
    if (x->iou > y->iou || x->iou < y->iou)
        return x->iou > y->iou ? -1 : 1;
    if (x->score > y->score || x->score < y->score)
        return x->score > y->score ? -1 : 1;
    if (x->found != y->found)
        return x->found < y->found ? -1 : 1;
    return (x->truth > y->truth) - (x->truth < y->truth);
}

enum { FREE, PAIRED, SPARED }; /* spared: what meets only boxes that do not count */

typedef struct confusion {
    const elc_score *score;
    const double *least;
    double iou;
    couple *couples;
    size_t n, capacity;
    uint8_t *found, *truth;
    size_t *out;
} confusion;

static bool counts(const elc_score_box *truth) {
    return !truth->crowd && !truth->ignore;
}

static bool is_taken(const confusion *c, uint32_t found) {
    const elc_score_box *b = &c->score->set.found[found];
    return b->score >= c->least[b->class_id];
}

static elc_status collect(confusion *c, size_t place, elc_error *err) {
    const elc_score *s = c->score;
    uint32_t found = s->by_image[place];
    for (size_t i = s->pair_start[place]; i < s->pair_start[place + 1]; i++) {
        const score_pair *p = &s->pairs[i];
        if (p->iou < c->iou)
            continue;
        if (!counts(&s->set.truth[p->truth])) {
            c->found[found] = SPARED;
            continue;
        }
        ELC_TRY(
            elc_reserve(&c->couples, &c->capacity, c->n + 1, sizeof *c->couples, err));
        c->couples[c->n++] =
            (couple){p->iou, s->set.found[found].score, found, p->truth};
    }
    return ELC_OK;
}

static void add(confusion *c, uint32_t row, uint32_t column) {
    c->out[(size_t)row * ((size_t)c->score->set.n_classes + 1) + column]++;
}

static void pair_up(confusion *c) {
    const elc_score_set *set = &c->score->set;
    qsort(c->couples, c->n, sizeof *c->couples, compare_couples);
    for (size_t i = 0; i < c->n; i++) {
        const couple *p = &c->couples[i];
        if (c->found[p->found] == PAIRED || c->truth[p->truth] == PAIRED)
            continue;
        c->found[p->found] = c->truth[p->truth] = PAIRED;
        add(c, set->truth[p->truth].class_id, set->found[p->found].class_id);
    }
}

/* Couples never reach beyond an image. */
static elc_status pair_image(confusion *c, uint32_t image, elc_error *err) {
    const elc_score *s = c->score;
    c->n = 0;
    for (size_t i = s->image_start[image]; i < s->image_start[image + 1]; i++)
        if (is_taken(c, s->by_image[i]))
            ELC_TRY(collect(c, i, err));
    if (c->n > 0)
        pair_up(c);
    return ELC_OK;
}

static void count_rest(confusion *c) {
    const elc_score_set *set = &c->score->set;
    for (uint32_t i = 0; i < set->n_found; i++)
        if (c->found[i] == FREE && is_taken(c, i))
            add(c, set->n_classes, set->found[i].class_id);
    for (uint32_t i = 0; i < set->n_truth; i++)
        if (c->truth[i] == FREE && counts(&set->truth[i]))
            add(c, set->truth[i].class_id, set->n_classes);
}

elc_status elc_score_confusion(const elc_score *score, double iou, const double *least,
                               size_t *out, elc_error *err) {
    confusion c = {.score = score, .least = least, .iou = iou, .out = out};
    size_t side = (size_t)score->set.n_classes + 1;
    for (size_t i = 0; i < side * side; i++)
        out[i] = 0;
    elc_status status = elc_alloc(score->set.n_found, 1, &c.found, err);
    if (status == ELC_OK)
        status = elc_alloc(score->set.n_truth, 1, &c.truth, err);
    for (uint32_t i = 0; i < score->set.n_images && status == ELC_OK; i++)
        status = pair_image(&c, i, err);
    if (status == ELC_OK)
        count_rest(&c);
    free(c.couples);
    free(c.found);
    free(c.truth);
    return status;
}
