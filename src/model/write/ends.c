/* ends.c - what the last learnt layers of a network take. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <stdlib.h>

typedef struct {
    const elc_network *network;
    onnx_set wanted, ends;
    elc_names *out;
} walk;

static bool is_layer(elc_span op) {
    static const char *const words[] = {"Conv", "ConvTranspose", "Gemm", "MatMul",
                                        "QLinearConv"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (elc_span_same(op, elc_onnx_text(words[i])))
            return true;
    return false;
}

static bool makes_wanted(const walk *w, elc_span node) {
    elc_wire_field f;
    while (node.n > 0 && elc_wire_next(&node, &f))
        if (f.number == NODE_OUTPUT && elc_onnx_set_has(&w->wanted, f.bytes))
            return true;
    return false;
}

static elc_status add_end(walk *w, elc_span name, elc_error *err) {
    char *text;
    if (name.n == 0 || elc_onnx_set_has(&w->ends, name))
        return ELC_OK;
    ELC_TRY(elc_onnx_set_add(&w->ends, name, err));
    elc_string copy = {0};
    ELC_TRY(elc_string_append(&copy, name.at, name.n, err));
    text = copy.data;
    elc_status status = elc_names_add(w->out, text, err);
    elc_string_free(&copy);
    return status;
}

/* A layer ends the way back, and of what it takes the first is no weight. */
static elc_status go_back(walk *w, elc_span node, elc_error *err) {
    bool layer = is_layer(elc_wire_first(node, NODE_OP));
    elc_wire_field f;
    while (node.n > 0 && elc_wire_next(&node, &f)) {
        if (f.number != NODE_INPUT)
            continue;
        if (layer)
            return add_end(w, f.bytes, err);
        ELC_TRY(elc_onnx_set_add(&w->wanted, f.bytes, err));
    }
    return ELC_OK;
}

static elc_status want(walk *w, const char *tensor, elc_error *err) {
    const onnx_list *outputs = &w->network->outputs;
    if (tensor)
        return elc_onnx_set_add(&w->wanted, elc_onnx_text(tensor), err);
    for (size_t i = 0; i < outputs->count; i++)
        ELC_TRY(elc_onnx_set_add(&w->wanted,
                                 elc_wire_first(outputs->items[i], VALUE_NAME), err));
    return ELC_OK;
}

elc_status elc_network_ends(const elc_network *network, const char *tensor,
                            elc_names *out, elc_error *err) {
    walk w = {.network = network, .out = out};
    elc_status status = want(&w, tensor, err);
    for (size_t i = network->nodes.count; i-- > 0 && status == ELC_OK;)
        if (makes_wanted(&w, network->nodes.items[i]))
            status = go_back(&w, network->nodes.items[i], err);
    elc_onnx_set_free(&w.wanted);
    elc_onnx_set_free(&w.ends);
    return status;
}
