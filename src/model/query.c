/* query.c - what the heads of DETR and its kin share: one box a query, as shares. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "query.h"

#include <math.h>
#include <string.h>

#include "fit.h"

/* As TensorFlow's detectors name their lists, which are no queries. */
static bool is_of_list(const elc_output_shape *shape) {
    return strcasestr(shape->name, "detection_") != NULL;
}

/* An output of rank 3 whose name holds one of the words; n_outputs when there is none.
 */
static size_t named(const elc_head_case *network, const char *const *words) {
    for (size_t i = 0; i < network->n_outputs; i++) {
        const elc_output_shape *shape = &network->outputs[i];
        bool may_be = shape->rank == 3 && !is_of_list(shape);
        for (size_t w = 0; may_be && words[w] != NULL; w++) {
            if (strcasestr(shape->name, words[w]) != NULL)
                return i;
        }
    }
    return network->n_outputs;
}

/* Of two outputs without a telling name the one with four numbers is the boxes. */
static bool find_two(const elc_head_case *network, size_t *classes, size_t *boxes) {
    if (network->n_outputs != 2 || network->outputs[0].rank != 3 ||
        network->outputs[1].rank != 3)
        return false;
    bool first = network->outputs[0].dims[2] == 4;
    bool second = network->outputs[1].dims[2] == 4;
    *boxes = first ? 0 : 1;
    *classes = first ? 1 : 0;
    return first != second;
}

bool elc_query_find(const elc_head_case *network, elc_head_layout *layout) {
    static const char *const box_words[] = {"box", NULL};
    static const char *const class_words[] = {"logit", "class", "score", "label", NULL};
    size_t n = network->n_outputs;
    size_t boxes = named(network, box_words), classes = named(network, class_words);
    bool found = boxes < n && classes < n && boxes != classes;
    if (!found)
        found = find_two(network, &classes, &boxes);
    if (!found || network->outputs[boxes].dims[2] != 4 ||
        network->outputs[classes].dims[2] < 1 ||
        network->outputs[boxes].dims[1] != network->outputs[classes].dims[1]) {
        elc_fit_foreign(layout);
        return false;
    }
    if (!network->forced && !elc_fit_is_queries(network, &network->outputs[boxes])) {
        elc_fit_say(layout, ELC_FIT_NO, "its %lld rows are a grid, no queries",
                    (long long)network->outputs[boxes].dims[1]);
        return false;
    }
    elc_fit_take(layout, network, 0, classes);
    elc_fit_take(layout, network, 1, boxes);
    layout->features = network->outputs[classes].dims[2];
    layout->cap = network->outputs[boxes].dims[1];
    layout->outputs[0].dims[1] = layout->outputs[1].dims[1] = layout->cap;
    layout->outputs[0].dims[2] = layout->features;
    layout->outputs[1].dims[2] = 4;
    return true;
}

elc_status elc_query_add(const elc_head_input *in, const elc_hit *hit, const float *box,
                         elc_head_boxes *out, elc_error *err) {
    double width = (double)in->width, height = (double)in->height;
    double x = (double)box[0] * width, half_width = (double)box[2] * width / 2;
    double y = (double)box[1] * height, half_height = (double)box[3] * height / 2;
    const double corners[4] = {x - half_width, y - half_height, x + half_width,
                               y + half_height};
    return elc_scan_add(out, hit, corners, err);
}

elc_status elc_query_best(const float *numbers, size_t n, elc_hit *hit,
                          elc_error *err) {
    hit->class_id = 0;
    for (size_t k = 0; k < n; k++) {
        if (!isfinite(numbers[k]))
            return elc_scan_not_finite("score", hit->cell, err);
        if (numbers[k] > numbers[hit->class_id])
            hit->class_id = (int32_t)k;
    }
    hit->score = numbers[hit->class_id];
    return ELC_OK;
}
