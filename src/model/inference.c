/* inference.c - one thread's place to run chips and read their boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "masks.h"
#include "pass.h"
#include "values.h"

#define BATCH_MAX   4096
#define ROW_DEFAULT 16

struct elc_inference {
    const elc_model *model;
    elc_pass *pass;
    int64_t batch, width, height;
    size_t slot_bytes;
    uint8_t *flipped;           /* a chip; NULL where none is mirrored */
    int64_t dims[ELC_RANK_MAX]; /* of the input */
    bool ran;                   /* the outputs are of a run that went well */
    elc_tensor outputs[ELC_HEAD_OUTPUTS_MAX]; /* as the head's layout has them */
};

/* One run of a network that takes no image. */
static elc_status create_row(elc_model *model, int64_t open, elc_inference **out,
                             elc_error *err) {
    const elc_session *s = model->session;
    if (s->n_inputs != 1 || s->input.kind != ONNX_TYPE_TENSOR ||
        elc_input_size(s->input.type) == 0)
        return elc_fail(err, ELC_E_MODEL, "%s: can be explained, not run: %s", s->path,
                        s->n_inputs != 1 ? "it has several inputs"
                                         : "what goes in are no numbers");
    elc_inference *made;
    ELC_TRY(elc_alloc(1, sizeof *made, &made, err));
    *made = (elc_inference){.model = model, .batch = 1};
    elc_input_row_dims(&s->input, open > 0 ? open : ROW_DEFAULT, made->dims);
    elc_status status = elc_pass_create(model->session, made->dims, &made->pass, err);
    if (status != ELC_OK) {
        elc_inference_free(made);
        return status;
    }
    *out = made;
    return ELC_OK;
}

elc_status elc_inference_create(elc_model *model, int64_t batch, int64_t width,
                                int64_t height, elc_inference **out, elc_error *err) {
    if (model->input.channels == 0)
        return create_row(model, width, out, err);
    if (model->info.batch > 0)
        batch = model->info.batch;
    if (batch < 1 || batch > BATCH_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "batch of %lld chips: 1 to %d are possible", (long long)batch,
                        BATCH_MAX);
    ELC_TRY(elc_input_check(model, width, height, err));
    elc_inference *made;
    ELC_TRY(elc_alloc(1, sizeof *made, &made, err));
    *made = (elc_inference){
        .model = model, .batch = batch, .width = width, .height = height};
    elc_input_dims(&model->input, batch, width, height, made->dims);
    elc_status status = elc_pass_create(model->session, made->dims, &made->pass, err);
    if (status == ELC_OK && (model->flip.x || model->flip.y))
        status = elc_alloc((size_t)(width * height), (size_t)model->input.channels,
                           &made->flipped, err);
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
    const elc_model *model = inference->model;
    if (inference->flipped) {
        elc_flip_pixels(model->flip, pixels, inference->width, inference->height,
                        (size_t)model->input.channels, inference->flipped);
        pixels = inference->flipped;
    }
    elc_prepare_put(&model->prepare, pixels,
                    (size_t)(inference->width * inference->height),
                    slot_at(inference, slot));
}

/* "2, ?, 8"; 0 is any size. */
static void print_dims(const int64_t *dims, size_t rank, elc_string *out) {
    for (size_t d = 0; d < rank; d++) {
        elc_string_printf(out, NULL, d > 0 ? ", " : "");
        if (dims[d] > 0)
            elc_string_printf(out, NULL, "%lld", (long long)dims[d]);
        else
            elc_string_printf(out, NULL, "?");
    }
}

static elc_status refuse_output(const elc_inference *inference,
                                const elc_tensor *tensor, const int64_t *dims,
                                size_t rank, elc_error *err) {
    const elc_model *model = inference->model;
    elc_string shape = {0}, wanted = {0};
    print_dims(tensor->dims, tensor->rank, &shape);
    print_dims(dims, rank, &wanted);
    elc_fail(err, ELC_E_MODEL,
             "%s: gave [%s] for %lld chips, and head %s needs [%s]; try --batch 1, or "
             "export with a fixed batch",
             model->session->path, shape.data == NULL ? "" : shape.data,
             (long long)inference->batch, model->head->name,
             wanted.data == NULL ? "" : wanted.data);
    elc_string_free(&shape);
    elc_string_free(&wanted);
    return ELC_E_MODEL;
}

/* What a network gives may differ from what it declares. */
static elc_status check_output(const elc_inference *inference,
                               const elc_head_output *output, const elc_tensor *tensor,
                               elc_error *err) {
    int64_t dims[ELC_HEAD_RANK_MAX];
    memcpy(dims, output->dims, sizeof dims);
    if (!inference->model->layout.unbatched)
        dims[0] = inference->batch;
    bool same = tensor->rank == output->rank;
    for (size_t d = 0; same && d < output->rank; d++)
        same = dims[d] == 0 || dims[d] == tensor->dims[d];
    return same ? ELC_OK : refuse_output(inference, tensor, dims, output->rank, err);
}

static elc_status read_outputs(elc_inference *inference, elc_error *err) {
    const elc_head_layout *layout = &inference->model->layout;
    for (size_t k = 0; k < layout->n_outputs; k++) {
        elc_tensor *tensor = &inference->outputs[k];
        ELC_TRY(
            elc_pass_output(inference->pass, layout->outputs[k].index, tensor, err));
        ELC_TRY(check_output(inference, &layout->outputs[k], tensor, err));
    }
    return ELC_OK;
}

elc_status elc_inference_run(elc_inference *inference, int64_t n, elc_error *err) {
    if (n < 1 || n > inference->batch)
        return elc_fail(err, ELC_E_ARGUMENT, "%lld chips to run in a batch of %lld",
                        (long long)n, (long long)inference->batch);
    inference->ran = false;
    for (int64_t i = n; i < inference->batch; i++)
        memcpy(slot_at(inference, i), slot_at(inference, n - 1), inference->slot_bytes);
    ELC_TRY(elc_pass_run(inference->pass, err));
    ELC_TRY(read_outputs(inference, err));
    inference->ran = true;
    return ELC_OK;
}

void elc_inference_stop(elc_inference *inference) {
    elc_pass_stop(inference->pass);
}

/* A chip's part of an output. */
static elc_head_tensor part_of(const elc_tensor *tensor, bool unbatched, int64_t slot) {
    elc_head_tensor part = {.data = tensor->data};
    size_t values = 1;
    for (size_t d = unbatched ? 0 : 1; d < tensor->rank; d++) {
        part.dims[part.rank++] = tensor->dims[d];
        values *= (size_t)tensor->dims[d];
    }
    if (slot > 0)
        part.data += (size_t)slot * values;
    return part;
}

static elc_head_input input_of(const elc_inference *inference, int64_t slot,
                               float min_score) {
    const elc_head_layout *layout = &inference->model->layout;
    elc_head_input in = {.layout = layout,
                         .width = inference->width,
                         .height = inference->height,
                         .min_score = min_score};
    for (size_t k = 0; k < layout->n_outputs; k++)
        in.tensors[k] = part_of(&inference->outputs[k], layout->unbatched, slot);
    in.data = in.tensors[0].data;
    in.cells = (size_t)in.tensors[0].dims[layout->cells_last ? 1 : 0];
    return in;
}

elc_status elc_inference_boxes(elc_inference *inference, int64_t slot, float min_score,
                               elc_box_list *boxes, uint64_t *flat, bool *capped,
                               elc_error *err) {
    const elc_model *model = inference->model;
    if (!inference->ran || slot < 0 || slot >= inference->batch)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "boxes of slot %lld asked for; run the batch of %lld first",
                        (long long)slot, (long long)inference->batch);
    const elc_head_input in = input_of(inference, slot, min_score);
    size_t before = boxes->count;
    uint64_t flat_before = *flat;
    elc_head_boxes to = {.list = boxes, .flat = flat};
    elc_error why;
    elc_status status = model->head->decode(&in, &to, &why);
    if (status != ELC_OK) {
        boxes->count = before;
        *flat = flat_before;
        return elc_fail(err, status, "%s: %s", model->session->path, why.message);
    }
    elc_flip_boxes(model->flip, inference->width, inference->height,
                   boxes->items + before, boxes->count - before);
    /* A network that sorts all its cells gives a full list for every chip: the list was
       too short only if all of it counts. */
    size_t hits = boxes->count - before + (size_t)(*flat - flat_before);
    *capped = (model->layout.cap > 0 || to.full) && hits >= in.cells;
    return ELC_OK;
}

/* As the network saw it, without a flip. */
static elc_status mask_of(const elc_inference *inference, const elc_head_input *in,
                          elc_box *box, elc_error *err) {
    const elc_model *model = inference->model;
    elc_box seen = *box;
    elc_flip_boxes(model->flip, inference->width, inference->height, &seen, 1);
    ELC_TRY(elc_mask_decode(in, model->head->coefficients(in->layout), &seen, err));
    elc_flip_boxes(model->flip, inference->width, inference->height, &seen, 1);
    box->mask = seen.mask;
    return ELC_OK;
}

static void drop_masks(elc_box *boxes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(boxes[i].mask);
        boxes[i].mask = NULL;
    }
}

elc_status elc_inference_masks(elc_inference *inference, int64_t slot,
                               elc_box_list *boxes, uint64_t *flat, elc_error *err) {
    const elc_model *model = inference->model;
    size_t kept = 0;
    if (!model->info.masks)
        return ELC_OK;
    const elc_head_input in = input_of(inference, slot, 0);
    for (size_t i = 0; i < boxes->count; i++) {
        elc_error why;
        elc_box box = boxes->items[i];
        elc_status status = mask_of(inference, &in, &box, &why);
        if (status != ELC_OK) {
            drop_masks(boxes->items, kept);
            return elc_fail(err, status, "%s: %s", model->session->path, why.message);
        }
        if (box.mask->n > 0)
            boxes->items[kept++] = box;
        else
            free(box.mask);
    }
    *flat += boxes->count - kept;
    boxes->count = kept;
    return ELC_OK;
}

/* ---- any network --------------------------------------------------------------------
 */

static elc_status generated(size_t n, double **out, elc_error *err) {
    double *made, whole;
    ELC_TRY(elc_alloc(n, sizeof *made, &made, err));
    for (size_t i = 0; i < n; i++) /* steps of the golden ratio: none comes twice */
        made[i] = modf(0.5 + (double)(i % 4096) * 0.6180339887498949, &whole);
    *out = made;
    return ELC_OK;
}

elc_status elc_inference_fill(elc_inference *inference, const double *numbers,
                              size_t count, elc_error *err) {
    const elc_session *s = inference->model->session;
    size_t n = 1;
    double *made = NULL;
    for (size_t d = 0; d < s->input.rank; d++)
        n *= (size_t)inference->dims[d]; /* cannot overflow: the pass has the tensor */
    if (numbers != NULL && count != n)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: %zu numbers given, %s takes %zu",
                        s->path, count, s->input.name, n);
    if (numbers == NULL)
        ELC_TRY(generated(n, &made, err));
    bool known = elc_values_from_double(s->input.type, made != NULL ? made : numbers, n,
                                        elc_pass_input(inference->pass));
    free(made);
    return known ? ELC_OK
                 : elc_fail(err, ELC_E_MODEL, "%s: %s cannot be filled", s->path,
                            s->input.name);
}

elc_status elc_inference_input(const elc_inference *inference, elc_values *out,
                               elc_error *err) {
    const elc_tensor_spec *spec = &inference->model->session->input;
    elc_values made = {.rank = spec->rank};
    memcpy(made.dims, inference->dims, sizeof made.dims);
    elc_status status = elc_strdup(spec->name, &made.name, err);
    if (status == ELC_OK)
        status =
            elc_values_take(spec->type, elc_pass_input(inference->pass), &made, err);
    if (status != ELC_OK) {
        elc_values_clear(&made);
        return status;
    }
    *out = made;
    return ELC_OK;
}

size_t elc_inference_outputs(const elc_inference *inference) {
    return inference->model->session->n_outputs;
}

elc_status elc_inference_output(const elc_inference *inference, size_t i,
                                elc_values *out, elc_error *err) {
    const elc_session *s = inference->model->session;
    const OrtValue *value = elc_pass_value(inference->pass, i);
    if (value == NULL)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: has no output %zu yet, run it first",
                        s->path, i);
    return elc_values_read(s, s->outputs[i].name, value, out, err);
}

elc_status elc_inference_floats(elc_inference *inference, size_t i, elc_floats *out,
                                elc_error *err) {
    elc_tensor tensor = {0};
    ELC_TRY(elc_pass_output(inference->pass, i, &tensor, err));
    elc_floats floats = {.data = tensor.data, .rank = tensor.rank, .count = 1};
    for (size_t d = 0; d < tensor.rank; d++) {
        floats.dims[d] = tensor.dims[d];
        floats.count *= (size_t)tensor.dims[d]; /* cannot overflow: it is in memory */
    }
    *out = floats;
    return ELC_OK;
}

void elc_inference_free(elc_inference *inference) {
    if (inference == NULL)
        return;
    elc_pass_free(inference->pass);
    free(inference->flipped);
    free(inference);
}
