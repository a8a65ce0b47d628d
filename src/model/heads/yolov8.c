/* yolov8.c - YOLOv8, 9 and 11: a box and a score for each class, no objectness. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include "model/fit.h"
#include "model/scan.h"

/* [N, cells, 4 + classes] is also what YOLOv5 and YOLOX look like, with one class less.
 */
static elc_head_fit fit_rows(const elc_head_case *network,
                             const elc_output_shape *shape, elc_head_layout *layout) {
    char text[64];
    elc_fit_print(shape, text);
    if (elc_fit_is_list(network, shape) && !network->forced)
        return elc_fit_say(layout, ELC_FIT_NO, "%s is a list of boxes", text);
    if (elc_fit_anchors(network, shape->dims[1]) == 3 && !network->forced)
        return elc_fit_say(layout, ELC_FIT_NO, "%s has three anchors a cell", text);
    if (network->tail != ELC_TAIL_UNKNOWN && network->n_classes == 0 &&
        !network->forced)
        return elc_fit_say(layout, ELC_FIT_NO, "%s ends as YOLOX does", text);
    bool named = network->n_classes > 0;
    return elc_fit_say(layout, named || network->forced ? ELC_FIT_YES : ELC_FIT_UNSURE,
                       "%s is 4 + %lld classes%s", text, (long long)layout->classes,
                       named ? ", as many as are named"
                             : ", or one less and objectness");
}

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    const elc_output_shape *shape = elc_fit_output(network, layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    char text[64];
    elc_fit_print(shape, text);
    int axis = elc_fit_features(network, shape, 4);
    bool told = axis != 0;
    if (!elc_fit_classes(network, shape, told ? axis : 1, 4, layout))
        return ELC_FIT_NO;
    bool grows = !network->sized || shape->varies[axis == 2 ? 1 : 2];
    if (!grows) /* as many cells for any chip: the best of them, or the first */
        layout->cap = shape->dims[axis == 2 ? 1 : 2];
    if (axis == 2)
        return fit_rows(network, shape, layout);
    if (!told && !network->forced)
        return elc_fit_say(
            layout, ELC_FIT_UNSURE,
            "%s does not tell classes from cells; taken as [N, 4 + classes, "
            "cells]",
            text);
    return elc_fit_say(layout, ELC_FIT_YES, "%s is 4 + %lld classes, cells last", text,
                       (long long)layout->classes);
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    return elc_scan(in, false, elc_scan_centred, out, err);
}

const elc_head elc_head_yolov8 = {
    .name = "yolov8",
    .summary =
        "YOLOv8, 9, 11: [N, 4 + classes, cells] or [N, cells, 4 + classes], boxes "
        "as centre and size",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = true,
    .fit = fit,
    .decode = decode,
};
