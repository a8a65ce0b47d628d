/* torchvision.c - torchvision's detectors: Faster R-CNN, RetinaNet, FCOS, SSD. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "head.h"

#include <string.h>

#include "model/fit.h"
#include "model/list.h"

/* Label 0 is the background, which is never given. torchvision's own lists of names
   begin with it; a list that does not is of the classes from label 1 on. */
static bool names_background(const char *first) {
    return first == NULL || first[0] == '\0' || strcasestr(first, "background") ||
           strcmp(first, "N/A") == 0;
}

static elc_head_fit fit(const elc_head_case *network, elc_head_layout *layout) {
    if (network->n_outputs != 3 && !network->forced)
        return elc_fit_foreign(layout);
    if (!elc_list_find(network, 2, layout))
        return ELC_FIT_NO;
    layout->unbatched = true;
    layout->first_class = names_background(network->first_name) ? 0 : 1;
    elc_list_classes(network, layout);
    return elc_fit_say(layout, ELC_FIT_YES,
                       "boxes [k, 4] as corners, scores and labels [k]; label 0 is the "
                       "background, %s",
                       layout->first_class == 0 ? "and the first of the names"
                                                : "which the names leave out");
}

static void corners_of(const elc_head_input *in, const float *box, double corners[4]) {
    (void)in;
    for (int i = 0; i < 4; i++)
        corners[i] = (double)box[i];
}

/* Lists of just as many boxes as torchvision's detectors give at most. */
static bool is_full(size_t n) {
    return n == 100 || n == 200 || n == 300;
}

static elc_status decode(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    out->full = is_full(in->cells);
    return elc_list_decode(in, in->cells, corners_of, out, err);
}

const elc_head elc_head_torchvision = {
    .name = "torchvision",
    .summary = "torchvision's Faster R-CNN, RetinaNet, FCOS and SSD: boxes [k, 4] as "
               "corners, scores [k], labels [k]",
    .channels = "rgb",
    .scale = 1.0 / 255,
    .pad = 114,
    .needs_nms = false,
    .fit = fit,
    .decode = decode,
};
