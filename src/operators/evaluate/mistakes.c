/* mistakes.c - the worst that went wrong: what is not there, twice, another, missed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include <math.h>
#include <stdlib.h>

static elc_status add(eval_result *r, const eval_mistake *m, elc_error *err) {
    ELC_TRY(elc_reserve(&r->mistakes, &r->mistakes_capacity, r->n_mistakes + 1,
                        sizeof *r->mistakes, err));
    r->mistakes[r->n_mistakes++] = *m;
    return ELC_OK;
}

static elc_status add_wrong(const eval_data *data, eval_result *r, uint32_t found,
                            uint32_t truth, double iou, elc_error *err) {
    eval_mistake m = {EVAL_EXTRA, found, truth, iou};
    if (truth != ELC_SCORE_NONE) {
        uint32_t ours = data->found.items[found].class_id;
        m.kind =
            data->truth.items[truth].class_id != ours ? EVAL_CONFUSED : EVAL_DOUBLE;
    }
    return add(r, &m, err);
}

static elc_status collect(const elc_score *score, const eval_data *data,
                          const eval_wish *wish, eval_result *r, uint32_t *nearest,
                          double *iou, elc_error *err) {
    elc_score_nearest(score, nearest, iou);
    for (uint32_t i = 0; i < data->found.count; i++) {
        uint32_t truth = iou[i] >= wish->iou ? nearest[i] : ELC_SCORE_NONE;
        if (r->taken[i] && !r->right[i])
            ELC_TRY(add_wrong(data, r, i, truth, truth == ELC_SCORE_NONE ? NAN : iou[i],
                              err));
    }
    for (uint32_t i = 0; i < data->truth.count; i++) {
        eval_mistake m = {EVAL_MISSED, i, ELC_SCORE_NONE, NAN};
        if (!r->hidden[i] && !r->met[i])
            ELC_TRY(add(r, &m, err));
    }
    return ELC_OK;
}

static double area_of(const elc_score_box *b) {
    return (b->xmax - b->xmin) * (b->ymax - b->ymin);
}

/* By kind; the surest first of what was found, the largest of what was missed. */
static int compare(const void *a, const void *b, void *arg) {
    const eval_mistake *x = a, *y = b;
    const eval_data *data = arg;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    bool missed = x->kind == EVAL_MISSED;
    const elc_score_box *boxes = missed ? data->truth.items : data->found.items;
    double p = missed ? area_of(&boxes[x->box]) : boxes[x->box].score;
    double q = missed ? area_of(&boxes[y->box]) : boxes[y->box].score;
    if (p > q || p < q)
        return p > q ? -1 : 1;
    return (x->box > y->box) - (x->box < y->box);
}

static void keep_worst(eval_result *r, size_t most) {
    size_t kept = 0, of_kind = 0;
    for (size_t i = 0; i < r->n_mistakes; i++) {
        if (i > 0 && r->mistakes[i].kind != r->mistakes[i - 1].kind)
            of_kind = 0;
        eval_mistake m = r->mistakes[i];
        if (of_kind++ < most)
            r->mistakes[kept++] = m;
    }
    r->n_mistakes = kept;
}

elc_status elc_eval_mistakes(const elc_score *score, const eval_data *data,
                             const eval_wish *wish, eval_result *r, elc_error *err) {
    uint32_t *nearest = NULL;
    double *iou = NULL;
    ELC_TRY(elc_alloc(data->found.count, sizeof *nearest, &nearest, err));
    elc_status status = elc_alloc(data->found.count, sizeof *iou, &iou, err);
    if (status == ELC_OK)
        status = collect(score, data, wish, r, nearest, iou, err);
    free(nearest);
    free(iou);
    if (r->n_mistakes > 1)
        qsort_r(r->mistakes, r->n_mistakes, sizeof *r->mistakes, compare, (void *)data);
    keep_worst(r, wish->n_mistakes);
    return status;
}
