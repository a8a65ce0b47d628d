/* end_to_end_seg.c - networks that give a list of boxes with masks and need no NMS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include "model/fit.h"
#include "model/list.h"

enum { FIXED = 6 };

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    char text[64];
    const elc_output_shape *shape = elc_fit_masks(network, layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    elc_fit_print(shape, text);
    if (shape->dims[2] != FIXED + layout->prototypes)
        return elc_fit_say(layout, ELC_FIT_NO, "%s has no 6 + %lld numbers a box", text,
                           (long long)layout->prototypes);
    if (!network->forced && !network->end_to_end && !elc_fit_is_queries(network, shape))
        return elc_fit_say(layout, ELC_FIT_NO, "%s is a grid, no list of boxes", text);
    layout->features = layout->outputs[0].dims[2] = shape->dims[2];
    elc_list_classes(network, layout);
    layout->cap = shape->dims[1];
    return elc_fit_say(layout, ELC_FIT_YES,
                       "%s is a list of up to %lld boxes: x1 y1 x2 y2 score class and "
                       "%lld coefficients of masks",
                       text, (long long)layout->cap, (long long)layout->prototypes);
}

static size_t coefficients(const elc_head_layout *layout) {
    (void)layout;
    return FIXED;
}

const elc_head elc_head_end_to_end_seg = {
    .name = "end_to_end_seg",
    .summary = "masks with NMS inside: [N, k, 6 + n] and prototypes [N, n, h, w]",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = false,
    .coefficients = coefficients,
    .fit = fit,
    .decode = elc_list_rows,
};
