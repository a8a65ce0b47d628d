/* end_to_end_rows.c - YOLOv7 with its NMS inside: one list of boxes for a whole batch.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <math.h>

#include "model/fit.h"
#include "model/list.h"
#include "model/scan.h"

enum { FEATURES = 7 };

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    const elc_output_shape *shape = &network->outputs[0];
    if (network->n_outputs != 1 || shape->rank != 2 || shape->dims[1] != FEATURES)
        return elc_fit_foreign(layout);
    if (shape->batched && !network->forced) /* a classifier's: seven numbers a chip */
        return elc_fit_foreign(layout);
    elc_fit_take(layout, network, 0, 0);
    layout->outputs[0].dims[1] = layout->features = FEATURES;
    layout->unbatched = true;
    elc_list_classes(network, layout);
    return elc_fit_say(layout, ELC_FIT_YES,
                       "%.40s [k, 7] is a list of boxes: chip x1 y1 x2 y2 class score",
                       shape->name);
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    for (size_t cell = 0; cell < in->cells; cell++) {
        const float *row = in->data + FEATURES * cell;
        elc_hit hit = {.cell = cell, .score = row[6]};
        if (!isfinite(hit.score))
            return elc_scan_not_finite("score", cell, err);
        if (hit.score < in->min_score)
            continue;
        ELC_TRY(elc_list_class(in, row[5], &hit.class_id, err));
        const double corners[4] = {(double)row[1], (double)row[2], (double)row[3],
                                   (double)row[4]};
        ELC_TRY(elc_scan_add(out, &hit, corners, err));
    }
    return ELC_OK;
}

const elc_head elc_head_end_to_end_rows = {
    .name = "end_to_end_rows",
    .summary = "YOLOv7 with NMS inside: [k, 7], chip x1 y1 x2 y2 class score",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = false,
    .fit = fit,
    .decode = decode,
};
