/* graph.c - how a network ends, read from the bytes of its ONNX file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"

#include <stdlib.h>
#include <string.h>

#include "wire.h"

/* The ends of real networks have some dozens of nodes; more is not walked. */
#define WANTED_MAX 256
/* Exporters write one file of weights, or one a tensor: what is named in a message. */
#define FILES_MAX 16

/* ---- nodes --------------------------------------------------------------------------
 */

typedef struct nodes {
    elc_span *items;
    size_t count, capacity;
} nodes;

/* False when the bytes are no graph. Of two graph fields the last counts, as in
   protobuf for messages without merging; ONNX writes one. */
static bool find_graph(elc_span model, elc_span *graph) {
    bool found = false;
    elc_wire_field f;
    while (model.n > 0) {
        if (!elc_wire_next(&model, &f))
            return false;
        if (f.number == MODEL_GRAPH) {
            *graph = f.bytes;
            found = true;
        }
    }
    return found;
}

static elc_status list_nodes(elc_span graph, nodes *out, bool *sound, elc_error *err) {
    elc_wire_field f;
    *sound = true;
    while (graph.n > 0) {
        if (!elc_wire_next(&graph, &f)) {
            *sound = false;
            return ELC_OK;
        }
        if (f.number != GRAPH_NODE)
            continue;
        ELC_TRY(elc_reserve(&out->items, &out->capacity, out->count + 1,
                            sizeof *out->items, err));
        out->items[out->count++] = f.bytes;
    }
    return ELC_OK;
}

/* ---- the walk from the output back to the convolutions ------------------------------
 */

typedef struct walk {
    elc_span wanted[WANTED_MAX]; /* values whose makers are looked for */
    size_t n_wanted;
    bool full, exponential, arithmetic, strange;
} walk;

static bool is_wanted(const walk *w, elc_span name) {
    for (size_t i = 0; i < w->n_wanted; i++) {
        if (elc_span_same(w->wanted[i], name))
            return true;
    }
    return false;
}

static void want(walk *w, elc_span name) {
    if (name.n == 0 || is_wanted(w, name))
        return;
    if (w->n_wanted == WANTED_MAX)
        w->full = true;
    else
        w->wanted[w->n_wanted++] = name;
}

static void want_inputs(walk *w, elc_span node, size_t at_most) {
    elc_wire_field f;
    while (at_most > 0 && node.n > 0 && elc_wire_next(&node, &f)) {
        if (f.number == NODE_INPUT) {
            want(w, f.bytes);
            at_most--;
        }
    }
}

/* The op of the node when it makes a value that is wanted; else empty. */
static elc_span wanted_op(const walk *w, elc_span node) {
    elc_span op = {node.at, 0};
    bool hit = false;
    elc_wire_field f;
    while (node.n > 0 && elc_wire_next(&node, &f)) {
        if (f.number == NODE_OUTPUT)
            hit |= is_wanted(w, f.bytes);
        else if (f.number == NODE_OP)
            op = f.bytes;
    }
    if (!hit)
        op.n = 0;
    return op;
}

/* What does not change a value; what else it takes, as a new shape, is not followed. */
static const char *const moves[] = {
    "Transpose", "Reshape", "Identity",       "Flatten",          "Squeeze",
    "Unsqueeze", "Cast",    "QuantizeLinear", "DequantizeLinear", NULL};
/* What decoders are made of. */
static const char *const picks[] = {"Slice", "Split", "Gather", "StridedSlice", NULL};
static const char *const sums[] = {
    "Add", "Sub", "Mul", "Div", "Pow", "ScatterND", "ScatterElements", NULL};
/* Where learnt values come from. */
static const char *const sources[] = {"Conv",     "Sigmoid",     "Gemm",
                                      "MatMul",   "QLinearConv", "ConvTranspose",
                                      "Constant", "Expand",      NULL};

static void step(walk *w, elc_span node) {
    static const char *const exponentials[] = {"Exp", NULL};
    static const char *const joins[] = {"Concat", NULL};
    elc_span op = wanted_op(w, node);
    if (op.n == 0)
        return;
    bool sum = elc_span_is_any(op, sums), pick = elc_span_is_any(op, picks);
    bool exponential = elc_span_is_any(op, exponentials);
    w->exponential |= exponential;
    w->arithmetic |= sum || pick;
    if (sum || elc_span_is_any(op, joins))
        want_inputs(w, node, SIZE_MAX);
    else if (pick || exponential || elc_span_is_any(op, moves))
        want_inputs(w, node, 1);
    else
        w->strange |= !elc_span_is_any(op, sources);
}

static elc_tail verdict(const walk *w) {
    if (w->full)
        return ELC_TAIL_UNKNOWN;
    if (w->exponential)
        return w->arithmetic ? ELC_TAIL_DECODED : ELC_TAIL_UNKNOWN;
    bool found = w->n_wanted > 1; /* the output's maker was there, and took something */
    return found && !w->arithmetic && !w->strange ? ELC_TAIL_RAW : ELC_TAIL_UNKNOWN;
}

/* ONNX orders nodes so that a value is made before it is used: one way back is enough.
 */
elc_status elc_graph_tail(const void *bytes, size_t n, const char *output,
                          elc_tail *out, elc_error *err) {
    elc_span graph;
    nodes all = {0};
    walk w = {0};
    bool sound = true;
    elc_tail tail = ELC_TAIL_UNKNOWN;
    if (find_graph((elc_span){bytes, n}, &graph)) {
        elc_status status = list_nodes(graph, &all, &sound, err);
        if (status != ELC_OK) {
            free(all.items);
            return status;
        }
        want(&w, (elc_span){(const unsigned char *)output, strlen(output)});
        for (size_t i = all.count; sound && !w.full && i-- > 0;)
            step(&w, all.items[i]);
        if (sound)
            tail = verdict(&w);
    }
    free(all.items);
    *out = tail;
    return ELC_OK;
}

/* ---- files of weights ---------------------------------------------------------------
 */

/* The file that an entry names: {key: "location", value: "weights.bin"}. */
static elc_span location_of(elc_span entry) {
    elc_span value = {entry.at, 0};
    bool named = false;
    elc_wire_field f;
    while (entry.n > 0 && elc_wire_next(&entry, &f)) {
        named |= f.number == ENTRY_KEY && elc_span_is(f.bytes, "location");
        if (f.number == ENTRY_VALUE)
            value = f.bytes;
    }
    if (!named)
        value.n = 0;
    return value;
}

static elc_status add_file(elc_span name, elc_names *files, elc_error *err) {
    elc_string text = {0};
    if (name.n == 0 || memchr(name.at, 0, name.n) != NULL)
        return ELC_OK;
    elc_status status = elc_string_append(&text, name.at, name.n, err);
    if (status == ELC_OK && elc_names_find(files, text.data) == SIZE_MAX)
        status = elc_names_add(files, text.data, err);
    elc_string_free(&text);
    return status;
}

static elc_status add_files_of(elc_span tensor, elc_names *files, elc_error *err) {
    elc_wire_field f;
    while (tensor.n > 0 && files->count < FILES_MAX && elc_wire_next(&tensor, &f)) {
        if (f.number == TENSOR_EXTERNAL)
            ELC_TRY(add_file(location_of(f.bytes), files, err));
    }
    return ELC_OK;
}

elc_status elc_graph_files(const void *bytes, size_t n, elc_names *files,
                           elc_error *err) {
    elc_span graph;
    elc_wire_field f;
    if (!find_graph((elc_span){bytes, n}, &graph))
        return ELC_OK;
    while (graph.n > 0 && elc_wire_next(&graph, &f)) {
        if (f.number == GRAPH_TENSOR)
            ELC_TRY(add_files_of(f.bytes, files, err));
    }
    return ELC_OK;
}

elc_status elc_graph_weights(const char *path, elc_names *files, elc_error *err) {
    elc_string file = {0};
    ELC_TRY(elc_file_read(path, ELC_GRAPH_BYTES_MAX, &file, err));
    elc_status status = elc_graph_files(file.data, file.size, files, err);
    elc_string_free(&file);
    return status;
}
