/* end_to_end.c - networks that give a list of boxes and need no NMS: YOLOv10, 26. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include "model/fit.h"
#include "model/list.h"

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    char text[64];
    const elc_output_shape *shape = elc_fit_output(network, layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    elc_fit_print(shape, text);
    if (shape->dims[2] != 6)
        return elc_fit_say(layout, ELC_FIT_NO, "%s has no six numbers a box", text);
    if (!network->forced && !network->end_to_end && !elc_fit_is_list(network, shape))
        return elc_fit_say(layout, ELC_FIT_NO, "%s is a grid, no list of boxes", text);
    layout->cells_last = false;
    layout->features = layout->outputs[0].dims[2] = 6;
    elc_list_classes(network, layout);
    layout->cap = shape->dims[1];
    return elc_fit_say(layout, ELC_FIT_YES,
                       "%s is a list of up to %lld boxes: x1 y1 x2 y2 "
                       "score class",
                       text, (long long)layout->cap);
}

const elc_head elc_head_end_to_end = {
    .name = "end_to_end",
    .summary =
        "YOLOv10, 26 and others with NMS inside: [N, k, 6], x1 y1 x2 y2 score class",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = false,
    .fit = fit,
    .decode = elc_list_rows,
};
