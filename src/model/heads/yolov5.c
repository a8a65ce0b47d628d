/* yolov5.c - YOLOv5 and 7 (and 6): a box, an objectness and a score for each class. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include "model/fit.h"
#include "model/scan.h"

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    char text[64];
    const elc_output_shape *shape = elc_fit_output(network, layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    elc_fit_print(shape, text);
    if (elc_fit_features(network, shape, 5) == 1)
        return elc_fit_say(layout, ELC_FIT_NO, "%s has its cells last", text);
    if (!elc_fit_classes(network, shape, 2, 5, layout))
        return ELC_FIT_NO;
    if (!network->forced && elc_fit_is_list(network, shape))
        return elc_fit_say(layout, ELC_FIT_NO, "%s is a list of boxes", text);
    int anchors = elc_fit_anchors(network, shape->dims[1]);
    if (anchors == 1 && network->tail != ELC_TAIL_UNKNOWN && !network->forced)
        return elc_fit_say(layout, ELC_FIT_NO, "%s ends as YOLOX does", text);
    if (anchors == 3)
        return elc_fit_say(layout, ELC_FIT_YES,
                           "%s is 5 + %lld classes for three anchors a cell", text,
                           (long long)layout->classes);
    bool sure = network->forced || (network->n_classes > 0 && anchors == 0);
    return elc_fit_say(layout, sure ? ELC_FIT_YES : ELC_FIT_UNSURE,
                       "%s is 5 + %lld classes%s", text, (long long)layout->classes,
                       sure           ? ""
                       : anchors == 1 ? ", as of YOLOv6"
                                      : ", or 4 and one more");
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    return elc_scan(in, true, elc_scan_centred, out, err);
}

const elc_head elc_head_yolov5 = {
    .name = "yolov5",
    .summary =
        "YOLOv5, 7 (and 6): [N, anchors, 5 + classes], boxes as centre and size, "
        "score = objectness x class",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = true,
    .fit = fit,
    .decode = decode,
};
