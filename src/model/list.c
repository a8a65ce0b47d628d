/* list.c - what heads share whose networks give boxes, scores and classes apart. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "list.h"

#include <math.h>
#include <string.h>

#include "fit.h"
#include "scan.h"

#define NONE SIZE_MAX

/* ---- outputs ------------------------------------------------------------------------
 */

/* What the detector made its list of, and not the list. */
static bool is_raw(const elc_output_shape *shape) {
    return strcasestr(shape->name, "raw") != NULL ||
           strcasestr(shape->name, "multiclass") != NULL;
}

static bool is_boxes(const elc_output_shape *shape, size_t rank) {
    return shape->rank == rank && shape->dims[rank - 1] == 4 && !shape->whole;
}

static bool is_classes(const elc_output_shape *shape, size_t rank) {
    return shape->rank == rank - 1 &&
           (shape->whole || strcasestr(shape->name, "class") != NULL ||
            strcasestr(shape->name, "label") != NULL);
}

static bool is_scores(const elc_output_shape *shape, size_t rank) {
    return shape->rank == rank - 1 && !is_classes(shape, rank);
}

typedef bool (*role_test)(const elc_output_shape *shape, size_t rank);

/* The only output that passes; NONE when there is none or more than one. */
static size_t only(const elc_head_case *network, role_test test, size_t rank) {
    size_t found = NONE;
    for (size_t i = 0; i < network->n_outputs; i++) {
        const elc_output_shape *shape = &network->outputs[i];
        if (is_raw(shape) || !test(shape, rank))
            continue;
        if (found != NONE)
            return NONE;
        found = i;
    }
    return found;
}

/* Of several the one that is named so: TensorFlow gives the anchors' indices, too. */
static bool is_named_scores(const elc_output_shape *shape, size_t rank) {
    return is_scores(shape, rank) && (strcasestr(shape->name, "score") != NULL ||
                                      strcasestr(shape->name, "conf") != NULL);
}

bool elc_list_find(const elc_head_case *network, size_t rank, elc_head_layout *layout) {
    size_t boxes = only(network, is_boxes, rank);
    size_t classes = only(network, is_classes, rank);
    size_t scores = only(network, is_scores, rank);
    if (scores == NONE)
        scores = only(network, is_named_scores, rank);
    if (boxes == NONE || classes == NONE || scores == NONE) {
        const char *batch = rank == 3 ? "N, " : "";
        elc_fit_say(layout, ELC_FIT_NO,
                    "it has no boxes [%sk, 4] with classes [%sk] and scores [%sk] that "
                    "their types or names tell apart",
                    batch, batch, batch);
        return false;
    }
    elc_fit_take(layout, network, ELC_LIST_BOXES, boxes);
    elc_fit_take(layout, network, ELC_LIST_SCORES, scores);
    elc_fit_take(layout, network, ELC_LIST_CLASSES, classes);
    layout->outputs[ELC_LIST_BOXES].dims[rank - 1] = 4;
    return true;
}

void elc_list_classes(const elc_head_case *network, elc_head_layout *layout) {
    layout->classes =
        network->n_classes > 0 ? (int64_t)network->n_classes : ELC_HEAD_ANY_CLASS;
}

/* ---- rows ---------------------------------------------------------------------------
 */

elc_status elc_list_class(const elc_head_input *in, float given, int32_t *out,
                          elc_error *err) {
    const elc_head_layout *layout = in->layout;
    float first = (float)layout->first_class;
    if (!isfinite(given) || given < first || given >= first + (float)layout->classes ||
        given != floorf(given))
        return elc_fail(
            err, ELC_E_MODEL,
            "the network gave class %g, and its classes are %lld to %lld; give all "
            "of them by --classes, or the right --head",
            (double)given, (long long)layout->first_class,
            (long long)(layout->first_class + layout->classes - 1));
    *out = (int32_t)(given - first);
    return ELC_OK;
}

static elc_status check_rows(const elc_head_input *in, elc_error *err) {
    size_t lists = ELC_LIST_CLASSES + 1;
    for (size_t k = 1; k < lists; k++) {
        if ((size_t)in->tensors[k].dims[0] != in->cells)
            return elc_fail(err, ELC_E_MODEL,
                            "the network gave %zu boxes and %lld %s; check its export",
                            in->cells, (long long)in->tensors[k].dims[0],
                            k == ELC_LIST_SCORES ? "scores" : "classes");
    }
    return ELC_OK;
}

elc_status elc_list_decode(const elc_head_input *in, size_t n, elc_list_corners corners,
                           elc_head_boxes *out, elc_error *err) {
    const float *scores = in->tensors[ELC_LIST_SCORES].data;
    ELC_TRY(check_rows(in, err));
    for (size_t row = 0; row < n; row++) {
        elc_hit hit = {row, scores[row], 0};
        double box[4];
        if (!isfinite(hit.score))
            return elc_scan_not_finite("score", row, err);
        if (hit.score < in->min_score)
            continue;
        ELC_TRY(elc_list_class(in, in->tensors[ELC_LIST_CLASSES].data[row],
                               &hit.class_id, err));
        corners(in, in->data + 4 * row, box);
        ELC_TRY(elc_scan_add(out, &hit, box, err));
    }
    return ELC_OK;
}

elc_status elc_list_rows(const elc_head_input *in, elc_head_boxes *out,
                         elc_error *err) {
    size_t features = (size_t)in->layout->features;
    for (size_t cell = 0; cell < in->cells; cell++) {
        const float *row = in->data + features * cell;
        elc_hit hit = {.cell = cell, .score = row[4]};
        if (!isfinite(hit.score))
            return elc_scan_not_finite("score", cell, err);
        if (hit.score < in->min_score)
            continue;
        ELC_TRY(elc_list_class(in, row[5], &hit.class_id, err));
        const double corners[4] = {(double)row[0], (double)row[1], (double)row[2],
                                   (double)row[3]};
        ELC_TRY(elc_scan_add(out, &hit, corners, err));
    }
    return ELC_OK;
}
