/* end_to_end_obb.c - networks that give a list of oriented boxes and need no NMS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <math.h>

#include "model/fit.h"
#include "model/list.h"
#include "model/scan.h"

enum { FEATURES = 7 };

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    char text[64];
    const elc_output_shape *shape = elc_fit_output_of(network, "obb", layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    elc_fit_print(shape, text);
    if (shape->dims[2] != FEATURES)
        return elc_fit_say(layout, ELC_FIT_NO, "%s has no seven numbers a box", text);
    if (!network->forced && !network->end_to_end && !elc_fit_is_queries(network, shape))
        return elc_fit_say(layout, ELC_FIT_NO, "%s is a grid, no list of boxes", text);
    layout->features = layout->outputs[0].dims[2] = FEATURES;
    elc_list_classes(network, layout);
    layout->cap = shape->dims[1];
    bool told = network->forced || network->task != NULL;
    return elc_fit_say(layout, told ? ELC_FIT_YES : ELC_FIT_UNSURE,
                       "%s is a list of up to %lld boxes: x y width height score class "
                       "angle",
                       text, (long long)layout->cap);
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    for (size_t cell = 0; cell < in->cells; cell++) {
        const float *row = in->data + FEATURES * cell;
        elc_hit hit = {.cell = cell, .score = row[4]};
        if (!isfinite(hit.score))
            return elc_scan_not_finite("score", cell, err);
        if (hit.score < in->min_score)
            continue;
        ELC_TRY(elc_list_class(in, row[5], &hit.class_id, err));
        elc_turned turned = {(double)row[0], (double)row[1], (double)row[2],
                             (double)row[3], (double)row[6]};
        ELC_TRY(elc_scan_add_turned(out, &hit, &turned, err));
    }
    return ELC_OK;
}

const elc_head elc_head_end_to_end_obb = {
    .name = "end_to_end_obb",
    .summary =
        "oriented boxes with NMS inside: [N, k, 7], x y width height score class "
        "angle",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = false,
    .oriented = true,
    .fit = fit,
    .decode = decode,
};
