/* yolox.c - what raw and decoded YOLOX share. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "yolox.h"

#include "fit.h"

int64_t elc_yolox_cells(int64_t width, int64_t height) {
    return (width / 8) * (height / 8) + (width / 16) * (height / 16) +
           (width / 32) * (height / 32);
}

elc_head_fit elc_yolox_fit(const elc_head_case *network, elc_tail tail, const char *how,
                           elc_head_layout *layout) {
    char text[64];
    const elc_output_shape *shape = elc_fit_output(network, layout);
    if (shape == NULL)
        return ELC_FIT_NO;
    elc_fit_print(shape, text);
    int64_t cells = elc_yolox_cells(network->input_width, network->input_height);
    if (shape->dims[1] != cells)
        return elc_fit_say(
            layout, ELC_FIT_NO,
            "%s has not the %lld cells of stride 8, 16 and 32 over %lld x "
            "%lld px",
            text, (long long)cells, (long long)network->input_width,
            (long long)network->input_height);
    if (elc_fit_features(network, shape, 5) == 1)
        return elc_fit_say(layout, ELC_FIT_NO, "%s has its cells last", text);
    if (!elc_fit_classes(network, shape, 2, 5, layout))
        return ELC_FIT_NO;
    if (network->tail == tail || network->forced)
        return elc_fit_say(
            layout, ELC_FIT_YES,
            "%s is 5 + %lld classes for one anchor a cell of stride 8, 16, "
            "32; the graph ends with %s",
            text, (long long)layout->classes, how);
    if (network->tail == ELC_TAIL_UNKNOWN)
        return elc_fit_say(layout, ELC_FIT_UNSURE,
                           "%s is one anchor a cell, but the end of the graph does not "
                           "tell raw from decoded",
                           text);
    return elc_fit_say(layout, ELC_FIT_NO, "the graph does not end with %s", how);
}
