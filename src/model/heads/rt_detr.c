/* rt_detr.c - RT-DETR, deformable and conditional DETR: a sigmoid for each class. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <math.h>

#include "model/fit.h"
#include "model/query.h"

/* Ultralytics gives shares and scores in one output: [N, 300, 4 + classes]. */
static elc_head_fit fit_joined(const elc_head_case *network, elc_head_layout *layout) {
    char text[64];
    const elc_output_shape *shape = elc_fit_output(network, layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    elc_fit_print(shape, text);
    if (!network->forced && (shape->dims[2] == 6 || !elc_fit_is_list(network, shape)))
        return elc_fit_say(layout, ELC_FIT_NO, "%s is no list of 300 queries", text);
    if (!elc_fit_classes(network, shape, 2, 4, layout))
        return ELC_FIT_NO;
    layout->cap = shape->dims[1];
    return elc_fit_say(layout, ELC_FIT_YES,
                       "%s is %lld queries of 4 + %lld classes, boxes as shares of the "
                       "chip",
                       text, (long long)layout->cap, (long long)layout->classes);
}

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    if (network->n_outputs == 1)
        return fit_joined(network, layout);
    if (!elc_query_find(network, layout))
        return ELC_FIT_NO;
    long long q = (long long)layout->cap, c = (long long)layout->features;
    int64_t named = (int64_t)network->n_classes;
    layout->classes = layout->features;
    if (named > 0 && named != layout->classes && !network->forced)
        return elc_fit_say(layout, ELC_FIT_NO,
                           "%lld numbers a query are %lld classes, and %lld are named",
                           c, c, (long long)named);
    return elc_fit_say(
        layout, named > 0 || network->forced ? ELC_FIT_YES : ELC_FIT_UNSURE,
        "%lld queries of %lld classes, boxes as shares of the chip", q, c);
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    size_t features = (size_t)in->layout->features, n = (size_t)in->layout->classes;
    bool joined = in->layout->n_outputs == 1;
    for (size_t cell = 0; cell < in->cells; cell++) {
        elc_hit hit = {.cell = cell};
        const float *row = in->data + cell * features;
        ELC_TRY(elc_query_best(row + (joined ? 4 : 0), n, &hit, err));
        if (!joined)
            hit.score = (float)(1 / (1 + exp(-(double)hit.score)));
        if (hit.score >= in->min_score)
            ELC_TRY(elc_query_add(
                in, &hit, joined ? row : in->tensors[1].data + 4 * cell, out, err));
    }
    return ELC_OK;
}

const elc_head elc_head_rt_detr = {
    .name = "rt_detr",
    .summary =
        "RT-DETR and deformable DETR: class logits [N, q, classes], boxes [N, q, "
        "4] as shares (centre, size); Ultralytics' [N, 300, 4 + classes]",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = false,
    .fit = fit,
    .decode = decode,
};
