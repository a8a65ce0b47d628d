/* shapes.c - the shapes of a network's outputs, tried where they are not declared. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "pass.h"

/* Large enough for lists of 300 boxes over strides 8 to 32, small enough to cost
 * little. */
#define TRIAL_SIZE 256

static bool is_declared(const elc_session *s) {
    for (size_t i = 0; i < s->n_outputs; i++) {
        for (size_t d = 1; d < s->outputs[i].rank; d++) {
            if (s->outputs[i].dims[d] < 0)
                return false;
        }
    }
    return true;
}

static bool is_batched(const elc_tensor_spec *input, const elc_tensor_spec *output) {
    if (input->rank < 4 || output->rank == 0)
        return false;
    if (output->dims[0] == 1)
        return true;
    return input->dims[0] >= 0 ? output->dims[0] == input->dims[0]
                               : input->symbols[0][0] != '\0' &&
                                     strcmp(input->symbols[0], output->symbols[0]) == 0;
}

static void take_declared(elc_model *model) {
    const elc_session *s = model->session;
    for (size_t i = 0; i < s->n_outputs; i++) {
        elc_output_shape *shape = &model->shapes[i];
        shape->rank = s->outputs[i].rank;
        memcpy(shape->dims, s->outputs[i].dims, sizeof shape->dims);
    }
}

static elc_status run_trial(elc_model *model, int64_t width, int64_t height,
                            elc_output_shape *shapes, elc_error *err) {
    int64_t dims[4], batch = model->input.batch > 0 ? model->input.batch : 1;
    elc_pass *pass;
    elc_input_dims(&model->input, batch, width, height, dims);
    ELC_TRY(elc_pass_create(model->session, dims, &pass, err));
    elc_status status = elc_pass_shrink(pass, err);
    if (status == ELC_OK)
        status = elc_pass_run(pass, err);
    for (size_t i = 0; status == ELC_OK && i < model->session->n_outputs; i++) {
        elc_tensor tensor = {0};
        status = elc_pass_shape(pass, i, &tensor, err);
        shapes[i].rank = tensor.rank;
        memcpy(shapes[i].dims, tensor.dims, sizeof tensor.dims);
    }
    elc_pass_free(pass);
    model->shape_width = width;
    model->shape_height = height;
    return status;
}

/* `or_else`, or where the network leaves the size open the trial's, as it needs it. */
static int64_t trial_side(const elc_model *model, int64_t fixed, int64_t more) {
    int64_t multiple = model->info.multiple;
    int64_t size = (TRIAL_SIZE + multiple - 1) / multiple * multiple;
    return fixed > 0 ? fixed : size + more;
}

/* The larger size is tried last, so that shape_width and shape_height belong to it. */
static elc_status try_two(elc_model *model, elc_output_shape *small, elc_error *err) {
    const elc_input *input = &model->input;
    int64_t more =
        (63 + model->info.multiple) / model->info.multiple * model->info.multiple;
    ELC_TRY(run_trial(model, trial_side(model, input->width, 0),
                      trial_side(model, input->height, 0), small, err));
    ELC_TRY(run_trial(model, trial_side(model, input->width, more),
                      trial_side(model, input->height, more), model->shapes, err));
    for (size_t i = 0; i < model->session->n_outputs; i++) {
        elc_output_shape *shape = &model->shapes[i];
        for (size_t d = 0; d < shape->rank; d++)
            shape->varies[d] =
                small[i].rank != shape->rank || small[i].dims[d] != shape->dims[d];
    }
    model->sized = true;
    return ELC_OK;
}

static elc_status try_sizes(elc_model *model, elc_error *err) {
    elc_output_shape *small;
    ELC_TRY(elc_alloc(model->session->n_outputs, sizeof *small, &small, err));
    elc_status status = try_two(model, small, NULL);
    free(small);
    if (status == ELC_OK)
        return ELC_OK;
    /* Some networks take few sizes only: the chip's must be one of them. */
    return run_trial(model, model->info.chip_width, model->info.chip_height,
                     model->shapes, err);
}

elc_status elc_shapes_learn(elc_model *model, elc_error *err) {
    const elc_session *s = model->session;
    ELC_TRY(elc_alloc(s->n_outputs, sizeof *model->shapes, &model->shapes, err));
    for (size_t i = 0; i < s->n_outputs; i++) {
        model->shapes[i].name = s->outputs[i].name;
        model->shapes[i].whole = elc_output_is_whole(s->outputs[i].type);
        model->shapes[i].batched = is_batched(&s->input, &s->outputs[i]);
    }
    model->shape_width = model->info.chip_width;
    model->shape_height = model->info.chip_height;
    bool open = model->input.width == 0 || model->input.height == 0;
    if (is_declared(s)) {
        take_declared(model);
        model->sized = open; /* fixed sizes out of an open input: nothing varies */
        return ELC_OK;
    }
    if (open)
        return try_sizes(model, err);
    return run_trial(model, model->input.width, model->input.height, model->shapes,
                     err);
}
