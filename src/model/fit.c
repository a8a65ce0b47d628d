/* fit.c - what heads share to recognise their outputs. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fit.h"

#include <stdio.h>
#include <string.h>

#define LONGEST_LIST    1000
#define RT_DETR_QUERIES 300

elc_head_fit elc_fit_say(elc_head_layout *layout, elc_head_fit fit, const char *format,
                         ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(layout->reason, sizeof layout->reason, format, args);
    va_end(args);
    return fit;
}

elc_head_fit elc_fit_foreign(elc_head_layout *layout) {
    return elc_fit_say(layout, ELC_FIT_NO, "its outputs are not those of this head");
}

const char *elc_fit_print(const elc_output_shape *shape, char text[64]) {
    char dims[2][21];
    for (size_t d = 1; d <= 2; d++) {
        if (shape->varies[d])
            snprintf(dims[d - 1], sizeof dims[0], "A");
        else
            snprintf(dims[d - 1], sizeof dims[0], "%lld", (long long)shape->dims[d]);
    }
    snprintf(text, 64, "%.12s [N, %s, %s]", shape->name, dims[0], dims[1]);
    return text;
}

void elc_fit_take(elc_head_layout *layout, const elc_head_case *network, size_t k,
                  size_t index) {
    const elc_output_shape *shape = &network->outputs[index];
    layout->outputs[k] = (elc_head_output){.index = index, .rank = shape->rank};
    layout->n_outputs = k + 1 > layout->n_outputs ? k + 1 : layout->n_outputs;
}

/* The one of rank 3; YOLOv5 and 7 may also give the maps that it was made of, of
 * rank 5. */
static bool find_output(const elc_head_case *network, elc_head_layout *layout) {
    size_t found = 0, maps = 0;
    for (size_t i = 0; i < network->n_outputs; i++) {
        maps += network->outputs[i].rank == 5;
        if (network->outputs[i].rank == 3 && found++ == 0)
            elc_fit_take(layout, network, 0, i);
    }
    if (found == 0) {
        elc_fit_say(layout, ELC_FIT_NO, "no output has three dimensions");
        return false;
    }
    if (network->forced || (found == 1 && maps + 1 == network->n_outputs))
        return true;
    elc_fit_say(layout, ELC_FIT_NO, "it has %zu outputs, not one", network->n_outputs);
    return false;
}

bool elc_fit_task(const elc_head_case *network, const char *task,
                  elc_head_layout *layout) {
    if (network->forced || network->task == NULL || strcmp(network->task, task) == 0)
        return true;
    elc_fit_say(layout, ELC_FIT_NO, "its metadata say task %.20s, not %s",
                network->task, task);
    return false;
}

const elc_output_shape *elc_fit_output_of(const elc_head_case *network,
                                          const char *task, elc_head_layout *layout) {
    if (!elc_fit_task(network, task, layout) || !find_output(network, layout))
        return NULL;
    return &network->outputs[layout->outputs[0].index];
}

const elc_output_shape *elc_fit_output(const elc_head_case *network,
                                       elc_head_layout *layout) {
    return elc_fit_output_of(network, "detect", layout);
}

const elc_output_shape *elc_fit_masks(const elc_head_case *network,
                                      elc_head_layout *layout) {
    size_t boxes = 0, maps = 0;
    for (size_t i = 0; i < network->n_outputs; i++) {
        size_t rank = network->outputs[i].rank;
        if (rank == 3 && boxes++ == 0)
            elc_fit_take(layout, network, 0, i);
        if (rank == 4 && maps++ == 0)
            elc_fit_take(layout, network, 1, i);
    }
    if (boxes != 1 || maps != 1 || network->n_outputs != 2) {
        elc_fit_foreign(layout);
        return NULL;
    }
    if (!elc_fit_task(network, "segment", layout))
        return NULL;
    int64_t n = network->outputs[layout->outputs[1].index].dims[1];
    layout->prototypes = layout->outputs[1].dims[1] = n;
    return &network->outputs[layout->outputs[0].index];
}

/* Cells of grids of all strides from `first` to `last`, doubling; partial cells count.
 */
static int64_t cells(const elc_head_case *network, int64_t first, int64_t last) {
    int64_t sum = 0;
    for (int64_t s = first; s <= last; s *= 2)
        sum += ((network->input_width + s - 1) / s) *
               ((network->input_height + s - 1) / s);
    return sum;
}

int elc_fit_anchors(const elc_head_case *network, int64_t anchors) {
    const int64_t grids[] = {cells(network, 8, 32), cells(network, 8, 64),
                             cells(network, 4, 32)};
    for (size_t i = 0; i < 3; i++) {
        if (anchors == grids[i])
            return 1;
        if (anchors == 3 * grids[i])
            return 3;
    }
    return 0;
}

/* The axis for which `test` holds when it does not for the other; else 0. */
static int only(bool first, bool second) {
    return first == second ? 0 : first ? 1 : 2;
}

int elc_fit_features(const elc_head_case *network, const elc_output_shape *shape,
                     int64_t fixed) {
    int64_t a = shape->dims[1], b = shape->dims[2];
    int axis = 0;
    if (network->sized)
        axis = only(shape->varies[2], shape->varies[1]);
    if (axis == 0 && network->n_classes > 0) {
        int64_t features = fixed + (int64_t)network->n_classes;
        axis = only(a == features, b == features);
    }
    if (axis == 0)
        axis = only(elc_fit_anchors(network, b) > 0, elc_fit_anchors(network, a) > 0);
    if (axis == 0)
        axis = only(b >= 2 * a, a >= 2 * b);
    return axis;
}

bool elc_fit_is_queries(const elc_head_case *network, const elc_output_shape *shape) {
    if (shape->dims[1] > LONGEST_LIST)
        return false;
    if (network->sized)
        return !shape->varies[1];
    return elc_fit_anchors(network, shape->dims[1]) == 0;
}

bool elc_fit_is_list(const elc_head_case *network, const elc_output_shape *shape) {
    bool joined = shape->dims[1] == RT_DETR_QUERIES && shape->dims[2] > 4;
    return (shape->dims[2] == 6 || joined) && elc_fit_is_queries(network, shape);
}

bool elc_fit_classes(const elc_head_case *network, const elc_output_shape *shape,
                     int axis, int64_t fixed, elc_head_layout *layout) {
    int64_t named = (int64_t)network->n_classes;
    layout->cells_last = axis == 1;
    layout->features = shape->dims[axis];
    layout->classes = layout->features - fixed;
    layout->outputs[0].dims[axis] = layout->features;
    if (layout->classes < 1) {
        elc_fit_say(layout, ELC_FIT_NO, "%lld numbers a cell, at least %lld are needed",
                    (long long)layout->features, (long long)fixed + 1);
        return false;
    }
    if (named == 0 || named == layout->classes)
        return true;
    elc_fit_say(layout, ELC_FIT_NO,
                "%lld numbers a cell would be %lld classes, and %lld are named",
                (long long)layout->features, (long long)layout->classes,
                (long long)named);
    if (!network->forced || named > layout->classes)
        return false;
    layout->classes = named; /* what follows them in a cell is not read */
    return true;
}
