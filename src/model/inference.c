/* inference.c - one thread's place to run chips and read their boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <stdlib.h>
#include <string.h>

#include "pass.h"

#define BATCH_MAX 4096

struct elc_inference {
    const elc_model *model;
    elc_pass *pass;
    int64_t batch, width, height;
    size_t slot_bytes;
    elc_tensor output; /* of the last run that went well; else without data */
};

elc_status elc_inference_create(elc_model *model, int64_t batch, int64_t width,
                                int64_t height, elc_inference **out, elc_error *err) {
    int64_t dims[4];
    if (model->input.batch > 0)
        batch = model->input.batch;
    if (batch < 1 || batch > BATCH_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "batch of %lld chips: 1 to %d are possible", (long long)batch,
                        BATCH_MAX);
    ELC_TRY(elc_input_check(model, width, height, err));
    elc_inference *made;
    ELC_TRY(elc_alloc(1, sizeof *made, &made, err));
    *made = (elc_inference){
        .model = model, .batch = batch, .width = width, .height = height};
    elc_input_dims(&model->input, batch, width, height, dims);
    elc_status status = elc_pass_create(model->session, dims, &made->pass, err);
    if (status != ELC_OK) {
        elc_inference_free(made);
        return status;
    }
    made->slot_bytes = (size_t)(model->input.channels * width * height) *
                       elc_input_size(model->session->input.type);
    *out = made;
    return ELC_OK;
}

int64_t elc_inference_batch(const elc_inference *inference) {
    return inference->batch;
}

static unsigned char *slot_at(elc_inference *inference, int64_t slot) {
    return (unsigned char *)elc_pass_input(inference->pass) +
           (size_t)slot * inference->slot_bytes;
}

void elc_inference_put(elc_inference *inference, int64_t slot, const uint8_t *pixels) {
    elc_prepare_put(&inference->model->prepare, pixels,
                    (size_t)(inference->width * inference->height),
                    slot_at(inference, slot));
}

/* What a network gives may differ from what it declares. */
static elc_status check_output(const elc_inference *inference, const elc_tensor *tensor,
                               elc_error *err) {
    const elc_model *model = inference->model;
    const elc_head_layout *layout = &model->layout;
    if (tensor->rank == 3 && tensor->dims[0] == inference->batch &&
        tensor->dims[layout->cells_last ? 1 : 2] == layout->features)
        return ELC_OK;
    elc_string shape = {0};
    for (size_t d = 0; d < tensor->rank; d++)
        elc_string_printf(&shape, NULL, "%s%lld", d > 0 ? ", " : "",
                          (long long)tensor->dims[d]);
    elc_fail(
        err, ELC_E_MODEL,
        "%s: gave [%s] for %lld chips, and head %s needs %lld chips of %lld numbers a "
        "cell; try --batch 1, or export with a fixed batch",
        model->session->path, shape.data == NULL ? "" : shape.data,
        (long long)inference->batch, model->head->name, (long long)inference->batch,
        (long long)layout->features);
    elc_string_free(&shape);
    return ELC_E_MODEL;
}

elc_status elc_inference_run(elc_inference *inference, int64_t n, elc_error *err) {
    if (n < 1 || n > inference->batch)
        return elc_fail(err, ELC_E_ARGUMENT, "%lld chips to run in a batch of %lld",
                        (long long)n, (long long)inference->batch);
    inference->output = (elc_tensor){0};
    for (int64_t i = n; i < inference->batch; i++)
        memcpy(slot_at(inference, i), slot_at(inference, n - 1), inference->slot_bytes);
    elc_tensor tensor;
    ELC_TRY(elc_pass_run(inference->pass, err));
    ELC_TRY(elc_pass_output(inference->pass, inference->model->layout.output, &tensor,
                            err));
    ELC_TRY(check_output(inference, &tensor, err));
    inference->output = tensor;
    return ELC_OK;
}

void elc_inference_stop(elc_inference *inference) {
    elc_pass_stop(inference->pass);
}

elc_status elc_inference_boxes(elc_inference *inference, int64_t slot, float min_score,
                               elc_box_list *boxes, uint64_t *flat, bool *capped,
                               elc_error *err) {
    const elc_model *model = inference->model;
    const elc_tensor *tensor = &inference->output;
    if (tensor->data == NULL || slot < 0 || slot >= inference->batch)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "boxes of slot %lld asked for; run the batch of %lld first",
                        (long long)slot, (long long)inference->batch);
    size_t cells = (size_t)tensor->dims[model->layout.cells_last ? 2 : 1];
    size_t values = cells * (size_t)model->layout.features;
    const elc_head_input in = {&model->layout,
                               tensor->data + (size_t)slot * values,
                               cells,
                               inference->width,
                               inference->height,
                               min_score};
    size_t before = boxes->count;
    uint64_t flat_before = *flat;
    elc_head_boxes to = {boxes, flat};
    elc_error why;
    elc_status status = model->head->decode(&in, &to, &why);
    if (status != ELC_OK) {
        boxes->count = before;
        *flat = flat_before;
        return elc_fail(err, status, "%s: %s", model->session->path, why.message);
    }
    /* A network that sorts all its cells gives a full list for every chip: the list was
       too short only if all of it counts. */
    size_t hits = boxes->count - before + (size_t)(*flat - flat_before);
    *capped = model->layout.cap > 0 && hits >= cells;
    return ELC_OK;
}

void elc_inference_free(elc_inference *inference) {
    if (inference == NULL)
        return;
    elc_pass_free(inference->pass);
    free(inference);
}
