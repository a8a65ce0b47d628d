/* cut.c - what a network's tensors are made of, and nothing else. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <stdlib.h>
#include <string.h>

/* Bodies of loops and branches inside of each other. */
#define DEPTH_MAX 16

typedef struct cutting {
    elc_network *network;
    onnx_set wanted;  /* names whose makers are kept */
    onnx_set defined; /* by what is kept */
} cutting;

/* ---- what a node needs --------------------------------------------------------------
 */

static elc_status want_body(cutting *c, elc_span graph, int depth, elc_error *err);

/* A body sees the tensors outside of it: all names that it reads are wanted, of which
   those that are its own are found nowhere. */
static elc_status want_bodies(cutting *c, elc_span node, int depth, elc_error *err) {
    elc_wire_field f, g;
    while (node.n > 0 && elc_wire_next(&node, &f)) {
        if (f.number != NODE_ATTRIBUTE)
            continue;
        for (elc_span attribute = f.bytes; attribute.n > 0;) {
            if (!elc_wire_next(&attribute, &g))
                break;
            if (g.number == ATTRIBUTE_GRAPH || g.number == ATTRIBUTE_GRAPHS)
                ELC_TRY(want_body(c, g.bytes, depth + 1, err));
        }
    }
    return ELC_OK;
}

static elc_status want_inputs(cutting *c, elc_span node, elc_error *err) {
    elc_wire_field f;
    while (node.n > 0 && elc_wire_next(&node, &f)) {
        if (f.number == NODE_INPUT)
            ELC_TRY(elc_onnx_set_add(&c->wanted, f.bytes, err));
    }
    return ELC_OK;
}

static elc_status want_body(cutting *c, elc_span graph, int depth, elc_error *err) {
    elc_wire_field f;
    if (depth > DEPTH_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: has more than %d loops and branches inside of each other",
                        c->network->name, DEPTH_MAX);
    while (graph.n > 0 && elc_wire_next(&graph, &f)) {
        if (f.number == GRAPH_OUTPUT)
            ELC_TRY(
                elc_onnx_set_add(&c->wanted, elc_wire_first(f.bytes, VALUE_NAME), err));
        if (f.number != GRAPH_NODE)
            continue;
        ELC_TRY(want_inputs(c, f.bytes, err));
        ELC_TRY(want_bodies(c, f.bytes, depth, err));
    }
    return ELC_OK;
}

/* ---- what is kept -------------------------------------------------------------------
 */

static bool makes_wanted(const cutting *c, elc_span node) {
    elc_wire_field f;
    while (node.n > 0 && elc_wire_next(&node, &f)) {
        if (f.number == NODE_OUTPUT && elc_onnx_set_has(&c->wanted, f.bytes))
            return true;
    }
    return false;
}

static elc_status define_outputs(cutting *c, elc_span node, elc_error *err) {
    elc_wire_field f;
    while (node.n > 0 && elc_wire_next(&node, &f)) {
        if (f.number == NODE_OUTPUT)
            ELC_TRY(elc_onnx_set_add(&c->defined, f.bytes, err));
    }
    return ELC_OK;
}

/* ONNX orders nodes so that a value is made before it is used: one way back is enough.
   Those that are kept move to the end of the list, and then to its front. */
static elc_status keep_nodes(cutting *c, elc_error *err) {
    onnx_list *nodes = &c->network->nodes;
    size_t first = nodes->count;
    for (size_t i = nodes->count; i-- > 0;) {
        elc_span node = nodes->items[i];
        if (!makes_wanted(c, node))
            continue;
        ELC_TRY(want_inputs(c, node, err));
        ELC_TRY(want_bodies(c, node, 0, err));
        ELC_TRY(define_outputs(c, node, err));
        nodes->items[--first] = node;
    }
    nodes->count -= first;
    if (nodes->count > 0)
        memmove(nodes->items, nodes->items + first,
                nodes->count * sizeof *nodes->items);
    return ELC_OK;
}

/* Of named things, those that are wanted; `name` is the field that names one. */
static elc_status keep_named(cutting *c, onnx_list *list, uint32_t name, bool defines,
                             elc_error *err) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        elc_span label = elc_wire_first(list->items[i], name);
        if (!elc_onnx_set_has(&c->wanted, label))
            continue;
        if (defines)
            ELC_TRY(elc_onnx_set_add(&c->defined, label, err));
        list->items[kept++] = list->items[i];
    }
    list->count = kept;
    return ELC_OK;
}

/* A sparse tensor is named by the tensor of its values. */
static elc_status define_sparse(cutting *c, elc_error *err) {
    const onnx_list *sparse = &c->network->sparse;
    for (size_t i = 0; i < sparse->count; i++) {
        elc_span values = elc_wire_first(sparse->items[i], 1);
        ELC_TRY(
            elc_onnx_set_add(&c->defined, elc_wire_first(values, TENSOR_NAME), err));
    }
    return ELC_OK;
}

static elc_status missing(const cutting *c, elc_span name, elc_error *err) {
    return elc_fail(err, ELC_E_NOT_FOUND,
                    "%s: has no tensor %.*s that its input leads to", c->network->name,
                    (int)(name.n < 200 ? name.n : 200), name.at);
}

static elc_status check_nodes(const cutting *c, elc_error *err) {
    const onnx_list *nodes = &c->network->nodes;
    elc_wire_field f;
    for (size_t i = 0; i < nodes->count; i++) {
        for (elc_span node = nodes->items[i]; node.n > 0;) {
            if (!elc_wire_next(&node, &f))
                break;
            if (f.number == NODE_INPUT && f.bytes.n > 0 &&
                !elc_onnx_set_has(&c->defined, f.bytes))
                return missing(c, f.bytes, err);
        }
    }
    return ELC_OK;
}

static elc_status cut(cutting *c, const char *const *tensors, size_t n,
                      elc_error *err) {
    elc_network *network = c->network;
    for (size_t i = 0; i < n; i++)
        ELC_TRY(elc_onnx_set_add(&c->wanted, elc_onnx_text(tensors[i]), err));
    ELC_TRY(keep_nodes(c, err));
    ELC_TRY(keep_named(c, &network->tensors, TENSOR_NAME, true, err));
    ELC_TRY(keep_named(c, &network->inputs, VALUE_NAME, true, err));
    ELC_TRY(keep_named(c, &network->values, VALUE_NAME, false, err));
    ELC_TRY(keep_named(c, &network->quantizations, 1, false, err));
    ELC_TRY(define_sparse(c, err));
    for (size_t i = 0; i < n; i++) {
        elc_span name = elc_onnx_text(tensors[i]);
        if (network->inputs.count == 0 || !elc_onnx_set_has(&c->defined, name))
            return missing(c, name, err);
    }
    network->outputs.count = 0;
    return check_nodes(c, err);
}

elc_status elc_network_cut(elc_network *network, const char *const *tensors, size_t n,
                           elc_error *err) {
    cutting c = {.network = network};
    elc_status status = cut(&c, tensors, n, err);
    elc_onnx_set_free(&c.wanted);
    elc_onnx_set_free(&c.defined);
    return status;
}
