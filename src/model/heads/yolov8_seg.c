/* yolov8_seg.c - YOLOv8 and 11 for masks: coefficients of prototypes after the classes.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include "model/fit.h"
#include "model/scan.h"

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    const elc_output_shape *shape = elc_fit_masks(network, layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    char text[64];
    elc_fit_print(shape, text);
    int64_t fixed = 4 + layout->prototypes;
    if (!network->forced && shape->dims[2] == fixed + 2 &&
        elc_fit_is_queries(network, shape))
        return elc_fit_say(layout, ELC_FIT_NO, "%s is a list of boxes", text);
    int axis = elc_fit_features(network, shape, fixed);
    if (!elc_fit_classes(network, shape, axis == 0 ? 1 : axis, fixed, layout))
        return ELC_FIT_NO;
    bool grows = !network->sized || shape->varies[axis == 2 ? 1 : 2];
    if (!grows)
        layout->cap = shape->dims[axis == 2 ? 1 : 2];
    return elc_fit_say(layout,
                       axis != 0 || network->forced ? ELC_FIT_YES : ELC_FIT_UNSURE,
                       "%s is 4 + %lld classes and %lld coefficients of masks", text,
                       (long long)layout->classes, (long long)layout->prototypes);
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    return elc_scan(in, false, elc_scan_centred, out, err);
}

static size_t coefficients(const elc_head_layout *layout) {
    return (size_t)(layout->features - layout->prototypes);
}

const elc_head elc_head_yolov8_seg = {
    .name = "yolov8_seg",
    .summary = "YOLOv8, 11 with masks: [N, 4 + classes + n, cells] and prototypes "
               "[N, n, h, w]",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = true,
    .coefficients = coefficients,
    .fit = fit,
    .decode = decode,
};
