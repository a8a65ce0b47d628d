/* box_net.c - a head as it is trained: from features to outputs, and back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/box_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/box_loops.h"

/* ---- memory -----------------------------------------------------------------------
 */

elc_status elc_box_net_create(size_t channels, size_t hidden, size_t classes,
                              double unit_px, box_net *out, elc_error *err) {
    if (channels == 0 || channels > ELC_BOX_CHANNELS_MAX || classes == 0 ||
        classes > ELC_BOX_CLASSES_MAX || hidden > ELC_BOX_HIDDEN_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a head of %zu channels, %zu hidden ones and %zu classes: at "
                        "most %d, %d and %d, and at least one channel and class",
                        channels, hidden, classes, ELC_BOX_CHANNELS_MAX,
                        ELC_BOX_HIDDEN_MAX, ELC_BOX_CLASSES_MAX);
    box_net n = {.channels = channels, .hidden = hidden, .classes = classes};
    n.unit_px = unit_px;
    n.hidden_padded = elc_box_padded(hidden);
    n.outputs_padded = elc_box_padded(classes + 4);
    n.last_in = hidden > 0 ? n.hidden_padded : channels;
    n.count = (channels + 1) * n.hidden_padded + (n.last_in + 1) * n.outputs_padded;
    ELC_TRY(elc_alloc(n.count, sizeof *n.weights, &n.weights, err));
    elc_status status = elc_alloc(n.outputs_padded * (n.hidden_padded + 1),
                                  sizeof *n.last_turned, &n.last_turned, err);
    if (status == ELC_OK)
        *out = n;
    else
        free(n.weights);
    return status;
}

void elc_box_net_free(box_net *net) {
    free(net->weights);
    free(net->last_turned);
    *net = (box_net){0};
}

elc_status elc_box_block_create(const box_net *net, size_t cells, box_block *out,
                                elc_error *err) {
    *out = (box_block){0};
    size_t hidden = net->hidden_padded + 1;
    elc_status status = elc_alloc(cells * net->channels, sizeof(float), &out->x, err);
    if (status == ELC_OK)
        status = elc_alloc(cells * hidden, sizeof(float), &out->hidden, err);
    if (status == ELC_OK)
        status = elc_alloc(cells * hidden, sizeof(float), &out->d_hidden, err);
    if (status == ELC_OK)
        status = elc_alloc(cells * net->outputs_padded, sizeof(float), &out->out, err);
    if (status == ELC_OK)
        status =
            elc_alloc(cells * net->outputs_padded, sizeof(float), &out->d_out, err);
    return status;
}

void elc_box_block_free(box_block *block) {
    free(block->x);
    free(block->hidden);
    free(block->out);
    free(block->d_hidden);
    free(block->d_out);
    *block = (box_block){0};
}

/* ---- from heads and to them -------------------------------------------------------
 */

static void turn(const float *from, size_t rows, size_t cols, float *to, size_t pitch) {
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < cols; c++)
            to[c * pitch + r] = from[r * cols + c];
}

elc_status elc_box_net_of(const elc_box_head *head, box_net *out, elc_error *err) {
    size_t outputs = head->classes + 4;
    ELC_TRY(elc_box_net_create(head->channels, head->hidden, head->classes,
                               head->unit_px, out, err));
    size_t in = head->hidden > 0 ? head->hidden : head->channels;
    turn(head->first, head->hidden, head->channels, elc_box_first(out),
         out->hidden_padded);
    if (head->hidden > 0)
        memcpy(elc_box_first_bias(out), head->first_bias, head->hidden * sizeof(float));
    turn(head->last, outputs, in, elc_box_last(out), out->outputs_padded);
    memcpy(elc_box_last_bias(out), head->last_bias, outputs * sizeof(float));
    return ELC_OK;
}

/* Weights of the first layer take the scale, and its biases the mean: in double, once.
 */
static void fold(const float *weights, const float *bias, size_t channels, size_t pitch,
                 size_t n, const float *mean, const float *scale, float *to,
                 float *to_bias) {
    for (size_t o = 0; o < n; o++) {
        double sum = bias[o];
        for (size_t c = 0; c < channels; c++) {
            double w = (double)weights[c * pitch + o] * (scale ? scale[c] : 1);
            to[o * channels + c] = (float)w;
            sum -= w * (mean ? mean[c] : 0);
        }
        to_bias[o] = (float)sum;
    }
}

elc_status elc_box_net_head(const box_net *net, const float *mean, const float *scale,
                            elc_box_head **out, elc_error *err) {
    size_t outputs = net->classes + 4;
    size_t in = net->hidden > 0 ? net->hidden : net->channels;
    elc_box_head *h;
    ELC_TRY(elc_alloc(1, sizeof *h, &h, err));
    *h = (elc_box_head){.channels = net->channels,
                        .hidden = net->hidden,
                        .classes = net->classes,
                        .unit_px = net->unit_px};
    elc_status status =
        elc_alloc(net->hidden * net->channels, sizeof(float), &h->first, err);
    if (status == ELC_OK)
        status = elc_alloc(net->hidden, sizeof(float), &h->first_bias, err);
    if (status == ELC_OK)
        status = elc_alloc(outputs * in, sizeof(float), &h->last, err);
    if (status == ELC_OK)
        status = elc_alloc(outputs, sizeof(float), &h->last_bias, err);
    if (status != ELC_OK) {
        elc_box_head_free(h);
        return status;
    }
    bool deep = net->hidden > 0;
    fold(elc_box_first(net), elc_box_first_bias(net), net->channels, net->hidden_padded,
         net->hidden, mean, scale, h->first, h->first_bias);
    fold(elc_box_last(net), elc_box_last_bias(net), in, net->outputs_padded, outputs,
         deep ? NULL : mean, deep ? NULL : scale, h->last, h->last_bias);
    *out = h;
    return ELC_OK;
}

/* ---- forward and back -------------------------------------------------------------
 */

void elc_box_net_turn(box_net *net) {
    if (net->hidden > 0)
        turn(elc_box_last(net), net->last_in, net->outputs_padded, net->last_turned,
             net->hidden_padded);
}

static void cut_below(float *values, size_t n) {
    for (size_t i = 0; i < n; i++)
        values[i] = values[i] > 0 ? values[i] : 0;
}

/* Where the ReLU was shut, nothing comes through. */
static void shut(const float *restrict values, float *restrict change, size_t n) {
    for (size_t i = 0; i < n; i++)
        change[i] = values[i] > 0 ? change[i] : 0;
}

void elc_box_forward(const box_net *net, box_block *b, size_t cells) {
    const float *in = b->x;
    if (net->hidden > 0) {
        elc_box_dense(b->x, cells, net->channels, elc_box_first(net),
                      elc_box_first_bias(net), net->hidden_padded, b->hidden);
        cut_below(b->hidden, cells * net->hidden_padded);
        in = b->hidden;
    }
    elc_box_dense(in, cells, net->last_in, elc_box_last(net), elc_box_last_bias(net),
                  net->outputs_padded, b->out);
}

static void add_bias(const float *change, size_t cells, size_t n, float *bias) {
    for (size_t i = 0; i < cells; i++)
        for (size_t o = 0; o < n; o++)
            bias[o] += change[i * n + o];
}

void elc_box_backward(const box_net *net, box_block *b, size_t cells, float *gradient) {
    box_net to = *net;
    to.weights = gradient;
    const float *in = net->hidden > 0 ? b->hidden : b->x;
    elc_box_outer(in, cells, net->last_in, b->d_out, net->outputs_padded,
                  elc_box_last(&to));
    add_bias(b->d_out, cells, net->outputs_padded, elc_box_last_bias(&to));
    if (net->hidden == 0)
        return;
    elc_box_dense(b->d_out, cells, net->outputs_padded, net->last_turned, NULL,
                  net->hidden_padded, b->d_hidden);
    shut(b->hidden, b->d_hidden, cells * net->hidden_padded);
    elc_box_outer(b->x, cells, net->channels, b->d_hidden, net->hidden_padded,
                  elc_box_first(&to));
    add_bias(b->d_hidden, cells, net->hidden_padded, elc_box_first_bias(&to));
}
