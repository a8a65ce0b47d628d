/* detr.c - DETR: a softmax over the classes and "no object" for each query. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <math.h>

#include "model/fit.h"
#include "model/query.h"

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    if (!elc_query_find(network, layout))
        return ELC_FIT_NO;
    long long q = (long long)layout->cap, c = (long long)layout->features;
    int64_t named = (int64_t)network->n_classes;
    layout->classes = layout->features - 1;
    if (layout->classes < 1)
        return elc_fit_say(layout, ELC_FIT_NO, "one class leaves none for no object");
    if (named > 0 && named != layout->classes && !network->forced)
        return elc_fit_say(layout, ELC_FIT_NO,
                           "%lld numbers a query are %lld classes and no object, and "
                           "%lld are named",
                           c, c - 1, (long long)named);
    return elc_fit_say(layout,
                       named > 0 || network->forced ? ELC_FIT_YES : ELC_FIT_UNSURE,
                       "%lld queries of %lld classes and no object, boxes as shares of "
                       "the chip",
                       q, c - 1);
}

/* The share of the best class in the softmax of all n numbers, the last among them. */
static elc_status score_row(const float *row, size_t n, elc_hit *hit, elc_error *err) {
    elc_hit top = *hit;
    ELC_TRY(elc_query_best(row, n, &top, err));
    ELC_TRY(elc_query_best(row, n - 1, hit, err));
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += exp((double)row[k] - (double)top.score);
    hit->score = (float)(exp((double)hit->score - (double)top.score) / sum);
    return ELC_OK;
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    size_t n = (size_t)in->layout->features;
    for (size_t cell = 0; cell < in->cells; cell++) {
        elc_hit hit = {.cell = cell};
        ELC_TRY(score_row(in->data + cell * n, n, &hit, err));
        if (hit.score >= in->min_score)
            ELC_TRY(elc_query_add(in, &hit, in->tensors[1].data + 4 * cell, out, err));
    }
    return ELC_OK;
}

const elc_head elc_head_detr = {
    .name = "detr",
    .summary =
        "DETR: class logits [N, q, classes + 1] with no object last, boxes [N, q, "
        "4] as shares (centre, size)",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .imagenet = true,
    .pad = 114,
    .needs_nms = false,
    .fit = fit,
    .decode = decode,
};
