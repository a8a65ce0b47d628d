/* ssd.c - detectors of TensorFlow's Object Detection API: SSD, EfficientDet and more.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <math.h>
#include <string.h>

#include "model/fit.h"
#include "model/list.h"

/* How many of the rows count, [N] or [N, 1]; n_outputs where nothing says so. */
static size_t find_count(const elc_head_case *network) {
    size_t found = network->n_outputs;
    for (size_t i = 0; i < network->n_outputs; i++) {
        const elc_output_shape *shape = &network->outputs[i];
        bool named = strcasestr(shape->name, "num") != NULL;
        if (named && (shape->rank == 1 || (shape->rank == 2 && shape->dims[1] == 1)))
            return i;
        if (shape->rank == 1)
            found = i;
    }
    return found;
}

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    if (network->n_outputs < 4 && !network->forced)
        return elc_fit_foreign(layout);
    if (!elc_list_find(network, 3, layout))
        return ELC_FIT_NO;
    size_t count = find_count(network);
    if (count < network->n_outputs)
        elc_fit_take(layout, network, ELC_LIST_COUNT, count);
    else if (!network->forced)
        return elc_fit_say(layout, ELC_FIT_NO,
                           "no output [N] says how many boxes count");
    layout->cap = network->outputs[layout->outputs[ELC_LIST_BOXES].index].dims[1];
    layout->cap = layout->cap > 0 ? layout->cap : 0;
    elc_list_classes(network, layout);
    return elc_fit_say(layout, ELC_FIT_YES,
                       "boxes [N, k, 4] as shares of the chip (ymin xmin ymax xmax), "
                       "scores and classes [N, k]; names count from class 0");
}

static void corners_of(const elc_head_input *in, const float *box, double corners[4]) {
    corners[0] = (double)box[1] * (double)in->width;
    corners[1] = (double)box[0] * (double)in->height;
    corners[2] = (double)box[3] * (double)in->width;
    corners[3] = (double)box[2] * (double)in->height;
}

static elc_status count_rows(const elc_head_input *in, size_t *out, elc_error *err) {
    *out = in->cells;
    if (in->layout->n_outputs <= ELC_LIST_COUNT)
        return ELC_OK;
    float given = in->tensors[ELC_LIST_COUNT].data[0];
    if (!(given >= 0 && given <= (float)in->cells))
        return elc_fail(
            err, ELC_E_MODEL,
            "the network says that %g boxes count, of %zu; check its export",
            (double)given, in->cells);
    *out = (size_t)given;
    return ELC_OK;
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    size_t n;
    ELC_TRY(count_rows(in, &n, err));
    return elc_list_decode(in, n, corners_of, out, err);
}

const elc_head elc_head_ssd = {
    .name = "ssd",
    .summary =
        "SSD and others of TensorFlow's Object Detection API: boxes [N, k, 4] as "
        "shares (ymin xmin ymax xmax), scores, classes, their number",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 0,
    .needs_nms = false,
    .fit = fit,
    .decode = decode,
};
