/* yolox_decoded.c - YOLOX whose boxes the network has put into pixels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include "model/scan.h"
#include "model/yolox.h"

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    return elc_yolox_fit(network, ELC_TAIL_DECODED, "boxes decoded", layout);
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    return elc_scan(in, true, elc_scan_centred, out, err);
}

const elc_head elc_head_yolox_decoded = {
    .name = "yolox_decoded",
    .summary = "YOLOX decoded: [N, cells, 5 + classes], boxes as centre and size",
    .channels = "bgr",
    .scale = 1,
    .pad = 114,
    .needs_nms = true,
    .fit = fit,
    .decode = decode,
};
