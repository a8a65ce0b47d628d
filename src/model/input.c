/* input.c - the image that a network takes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

/* More is no image: the dimension must be something else. */
#define CHANNELS_MAX 1024

static elc_status type_of(const elc_session *s, elc_tensor_type *out, elc_error *err) {
    switch (s->input.type) {
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT:
        *out = ELC_TENSOR_FLOAT32;
        return ELC_OK;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16:
        *out = ELC_TENSOR_FLOAT16;
        return ELC_OK;
    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8:
        *out = ELC_TENSOR_UINT8;
        return ELC_OK;
    default:
        return elc_fail(err, ELC_E_MODEL,
                        "%s: input %s is %s; float32, float16 or uint8 is needed",
                        s->path, s->input.name, elc_tensor_type_name(s->input.type));
    }
}

/* Channels are the fixed one of the first and last dimension, of two the smaller. */
static bool is_channels_last(const int64_t image[3]) {
    if (image[0] <= 0 || image[2] <= 0)
        return image[0] <= 0;
    return image[2] < image[0];
}

static int64_t or_any(int64_t dim) {
    return dim > 0 ? dim : 0;
}

elc_status elc_input_read(const elc_session *s, elc_input *out, elc_error *err) {
    elc_input input = {0};
    const int64_t *dims = s->input.dims;
    ELC_TRY(type_of(s, &input.type, err));
    input.rank = s->input.rank;
    if (input.rank == 3 || input.rank == 4) {
        const int64_t *image = dims + (input.rank - 3);
        input.channels_last = is_channels_last(image);
        input.batch = input.rank == 3 ? 1 : or_any(dims[0]);
        input.channels = or_any(image[input.channels_last ? 2 : 0]);
        input.height = or_any(image[input.channels_last ? 0 : 1]);
        input.width = or_any(image[input.channels_last ? 1 : 2]);
    }
    if (input.channels == 0 || input.channels > CHANNELS_MAX) {
        elc_string shape = {0};
        elc_tensor_spec_print(&s->input, &shape, NULL);
        elc_fail(
            err, ELC_E_MODEL,
            "%s: input %s %s is no image; [batch, channels, height, width] or [batch, "
            "height, width, channels] with the number of channels is needed (the batch "
            "may be left out)",
            s->path, s->input.name, shape.data == NULL ? "" : shape.data);
        elc_string_free(&shape);
        return ELC_E_MODEL;
    }
    *out = input;
    return ELC_OK;
}

void elc_input_dims(const elc_input *input, int64_t batch, int64_t width,
                    int64_t height, int64_t dims[4]) {
    bool last = input->channels_last;
    int64_t *image = dims + (input->rank - 3);
    dims[0] = batch;
    image[0] = last ? height : input->channels;
    image[1] = last ? width : height;
    image[2] = last ? input->channels : width;
}

void elc_input_row_dims(const elc_tensor_spec *input, int64_t open,
                        int64_t dims[ELC_RANK_MAX]) {
    for (size_t d = 0; d < input->rank; d++)
        dims[d] = input->dims[d] >= 0 ? input->dims[d] : d == 0 ? 1 : open;
}

/* The two sizes next to `size` that the network takes. */
static elc_status check_side(const elc_model *model, const char *side, int64_t fixed,
                             int64_t size, elc_error *err) {
    int64_t multiple = model->info.multiple;
    if (fixed > 0 && size != fixed)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "%s: chips of %lld px %s asked for; the network is made for %lld",
            model->session->path, (long long)size, side, (long long)fixed);
    if (size < 1 || size > 65536)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: chips of %lld px %s asked for; 1 to 65536 are possible",
                        model->session->path, (long long)size, side);
    if (fixed == 0 && size % multiple != 0)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "%s: chips of %lld px %s asked for; the network needs a multiple "
            "of %lld, such as %lld",
            model->session->path, (long long)size, side, (long long)multiple,
            (long long)((size / multiple + 1) * multiple));
    return ELC_OK;
}

elc_status elc_input_check(const elc_model *model, int64_t width, int64_t height,
                           elc_error *err) {
    ELC_TRY(check_side(model, "width", model->input.width, width, err));
    return check_side(model, "height", model->input.height, height, err);
}
