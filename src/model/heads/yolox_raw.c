/* yolox_raw.c - YOLOX as it was learnt: offsets in cells and logarithms of sizes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <math.h>

#include "model/scan.h"
#include "model/yolox.h"

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    return elc_yolox_fit(network, ELC_TAIL_RAW, "offsets and log sizes", layout);
}

/* x = (offset + column) * stride, width = exp(log size) * stride: Ge et al., "YOLOX:
   Exceeding YOLO Series in 2021", and its published decoder. */
static elc_status box(const elc_head_input *in, const elc_hit *hit, elc_head_boxes *out,
                      elc_error *err) {
    int64_t index = (int64_t)hit->cell, stride = 8;
    while (index >= (in->width / stride) * (in->height / stride)) {
        index -= (in->width / stride) * (in->height / stride);
        stride *= 2;
    }
    int64_t columns = in->width / stride;
    double step = (double)stride;
    double x =
        ((double)elc_scan_at(in, hit->cell, 0) + (double)(index % columns)) * step;
    double y =
        ((double)elc_scan_at(in, hit->cell, 1) + (double)(index / columns)) * step;
    double width = exp((double)elc_scan_at(in, hit->cell, 2)) * step;
    double height = exp((double)elc_scan_at(in, hit->cell, 3)) * step;
    const double corners[4] = {x - width / 2, y - height / 2, x + width / 2,
                               y + height / 2};
    return elc_scan_add(out, hit, corners, err);
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    if ((int64_t)in->cells != elc_yolox_cells(in->width, in->height))
        return elc_fail(
            err, ELC_E_MODEL,
            "the network gave %zu cells for %lld x %lld px, YOLOX has %lld; "
            "use chips of a multiple of 32, or the right --head",
            in->cells, (long long)in->width, (long long)in->height,
            (long long)elc_yolox_cells(in->width, in->height));
    return elc_scan(in, true, box, out, err);
}

const elc_head elc_head_yolox_raw = {
    .name = "yolox_raw",
    .summary = "YOLOX raw: [N, cells, 5 + classes], offsets and log sizes on grids of "
               "stride 8, 16, 32",
    .channels = "bgr",
    .scale = 1,
    .pad = 114,
    .needs_nms = true,
    .fit = fit,
    .decode = decode,
};
