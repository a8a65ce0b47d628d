/* use.c - what a network without a head is for, as far as its outputs tell. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <stdio.h>
#include <string.h>

/* ---- no head ------------------------------------------------------------------------
 */

static elc_status decode_none(const elc_head_input *in, elc_head_boxes *out,
                              elc_error *err) {
    (void)in, (void)out;
    return elc_fail(err, ELC_E_MODEL, "no head reads boxes from it");
}

const elc_head elc_head_none = {
    .channels = "rgb", .scale = 1.0 / 255, .decode = decode_none};

/* ---- outputs ------------------------------------------------------------------------
 */

typedef struct output {
    const elc_tensor_spec *spec;
    size_t rank;
    int64_t dims[ELC_RANK_MAX]; /* -1: not known */
    bool real;
} output;

/* Shapes that were seen in a run say more than those declared. */
static output output_at(const elc_model *m, size_t i) {
    const elc_tensor_spec *spec = &m->session->outputs[i];
    bool seen = m->shapes != NULL && m->shapes[i].rank > 0;
    output o = {.spec = spec, .rank = seen ? m->shapes[i].rank : spec->rank};
    memcpy(o.dims, seen ? m->shapes[i].dims : spec->dims, sizeof o.dims);
    o.real = spec->type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT ||
             spec->type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 ||
             spec->type == ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE;
    return o;
}

/* The first of real numbers: others beside it are labels. */
static size_t answering(const elc_model *m) {
    for (size_t i = 0; i < m->session->n_outputs; i++) {
        output o = output_at(m, i);
        if (o.spec->kind == ONNX_TYPE_SEQUENCE || (o.real && o.rank > 0))
            return i;
    }
    return 0;
}

/* ---- kinds --------------------------------------------------------------------------
 */

static void say(elc_use *use, elc_model_kind kind, const char *reason) {
    use->kind = kind;
    snprintf(use->reason, sizeof use->reason, "%s", reason);
}

/* [N, classes], and what is left of [N, classes, 1, 1]. */
static void judge_row(const output *o, size_t axis, size_t named, elc_use *use) {
    use->axis = axis;
    use->classes = o->dims[axis] > 0 ? o->dims[axis] : 0;
    if (use->classes == 1)
        say(use, ELC_MODEL_VALUES, "one number: a regression, or one class");
    else if (named > 0 && use->classes > 0 && use->classes != (int64_t)named)
        say(use, ELC_MODEL_VALUES,
            "a row of numbers, not as many as classes are named");
    else if (named > 0)
        say(use, ELC_MODEL_CLASSIFIER, "a number for each class that is named");
    else if (use->output > 0)
        say(use, ELC_MODEL_CLASSIFIER,
            "a number for each class beside a label, as scikit-learn's exports give");
    else
        say(use, ELC_MODEL_CLASSIFIER,
            "a row of numbers: one for each class, if it is no feature vector");
}

static void judge_planes(const elc_model *m, const output *o, size_t named,
                         elc_use *use) {
    size_t axis = m->input.channels_last ? 3 : 1, y = axis == 1 ? 2 : 1;
    use->axis = axis;
    use->classes = o->dims[axis] > 0 ? o->dims[axis] : 0;
    if (o->dims[y] == 1 && o->dims[y + 1] == 1 && o->real)
        judge_row(o, axis, named, use);
    else if (o->real && use->classes != 1)
        say(use, ELC_MODEL_MAP,
            "a number for each class and pixel: a segmentation, or features");
    else {
        use->axis = o->rank;
        say(use, ELC_MODEL_MAP, "a number for each pixel");
    }
}

static bool is_whole_chip(const elc_model *m, const output *o) {
    return o->dims[1] > 0 && o->dims[1] == m->shape_height &&
           o->dims[2] == m->shape_width;
}

static void judge(const elc_model *m, const output *o, size_t named, elc_use *use) {
    bool image = m->input.channels > 0;
    use->axis = o->rank;
    if (o->spec->kind == ONNX_TYPE_SEQUENCE)
        say(use, ELC_MODEL_CLASSIFIER,
            "maps of class to probability, as scikit-learn's exports give");
    else if (o->rank == 2 && o->real)
        judge_row(o, 1, named, use);
    else if (o->rank == 4 && image)
        judge_planes(m, o, named, use);
    else if (o->rank == 3 && image && (!o->real || is_whole_chip(m, o)))
        say(use, ELC_MODEL_MAP, "a number for each pixel");
    else
        say(use, ELC_MODEL_VALUES, "its shape says no more");
}

void elc_use_find(elc_model *model, const elc_names *names) {
    elc_use use = {.output = answering(model)};
    if (model->session->n_outputs == 0) {
        say(&use, ELC_MODEL_VALUES, "it has no outputs");
    } else {
        output o = output_at(model, use.output);
        judge(model, &o, names->count, &use);
    }
    model->use = use;
}

void elc_model_answer(const elc_model *model, size_t *out, size_t *axis) {
    *out = model->use.output;
    *axis = model->use.axis;
}
