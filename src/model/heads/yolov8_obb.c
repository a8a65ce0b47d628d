/* yolov8_obb.c - YOLOv8 and 11 for oriented boxes: an angle after the classes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <string.h>

#include "model/fit.h"
#include "model/scan.h"

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    const elc_output_shape *shape = elc_fit_output_of(network, "obb", layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    char text[64];
    bool told = network->forced || network->task != NULL;
    elc_fit_print(shape, text);
    int axis = elc_fit_features(network, shape, 5);
    if (!elc_fit_classes(network, shape, axis == 0 ? 1 : axis, 5, layout))
        return ELC_FIT_NO;
    if (!told && axis != 1)
        return elc_fit_say(layout, ELC_FIT_NO, "its task is not stated to be obb");
    bool grows = !network->sized || shape->varies[axis == 2 ? 1 : 2];
    if (!grows)
        layout->cap = shape->dims[axis == 2 ? 1 : 2];
    return elc_fit_say(layout, told && axis != 0 ? ELC_FIT_YES : ELC_FIT_UNSURE,
                       "%s is 4 + %lld classes and an angle", text,
                       (long long)layout->classes);
}

static elc_status add(const elc_head_input *in, const elc_hit *hit, elc_head_boxes *out,
                      elc_error *err) {
    size_t last = 4 + (size_t)in->layout->classes;
    elc_turned turned = {
        (double)elc_scan_at(in, hit->cell, 0), (double)elc_scan_at(in, hit->cell, 1),
        (double)elc_scan_at(in, hit->cell, 2), (double)elc_scan_at(in, hit->cell, 3),
        (double)elc_scan_at(in, hit->cell, last)};
    return elc_scan_add_turned(out, hit, &turned, err);
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    return elc_scan(in, false, add, out, err);
}

const elc_head elc_head_yolov8_obb = {
    .name = "yolov8_obb",
    .summary =
        "YOLOv8, 11 oriented: [N, 4 + classes + 1, cells], boxes as centre, size "
        "and an angle in radians",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = true,
    .oriented = true,
    .fit = fit,
    .decode = decode,
};
