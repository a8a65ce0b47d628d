/* graph.c - how a network ends, read from the bytes of its ONNX file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "graph.h"

#include <stdlib.h>
#include <string.h>

/* Field numbers of onnx.proto (https://github.com/onnx/onnx). */
enum {
    MODEL_GRAPH = 7,
    GRAPH_NODE = 1,
    GRAPH_TENSOR = 5,
    NODE_INPUT = 1,
    NODE_OUTPUT = 2,
    NODE_OP = 4,
    TENSOR_EXTERNAL = 13,
    ENTRY_KEY = 1,
    ENTRY_VALUE = 2
};

/* The ends of real networks have some dozens of nodes; more is not walked. */
#define WANTED_MAX 256
/* Exporters write one file of weights, or one a tensor: what is named in a message. */
#define FILES_MAX 16

typedef struct span {
    const unsigned char *at;
    size_t n;
} span;

/* ---- protobuf's wire format (https://protobuf.dev/programming-guides/encoding) ------
 */

typedef struct field {
    uint32_t number;
    span bytes; /* of a length-delimited field; else empty */
} field;

static bool take_varint(span *from, uint64_t *out) {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && from->n > 0; shift += 7) {
        unsigned char byte = *from->at++;
        from->n--;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return true;
        }
    }
    return false;
}

static bool take_bytes(span *from, uint64_t n, span *out) {
    if (n > from->n)
        return false;
    *out = (span){from->at, (size_t)n};
    from->at += n;
    from->n -= (size_t)n;
    return true;
}

static bool take_field(span *from, field *out) {
    uint64_t key, value;
    span fixed;
    if (!take_varint(from, &key) || key >> 3 > UINT32_MAX)
        return false;
    *out = (field){(uint32_t)(key >> 3), {from->at, 0}};
    switch (key & 7) {
    case 0:
        return take_varint(from, &value);
    case 1:
        return take_bytes(from, 8, &fixed);
    case 2:
        return take_varint(from, &value) && take_bytes(from, value, &out->bytes);
    case 5:
        return take_bytes(from, 4, &fixed);
    default: /* groups are not used by ONNX */
        return false;
    }
}

/* ---- nodes --------------------------------------------------------------------------
 */

typedef struct nodes {
    span *items;
    size_t count, capacity;
} nodes;

/* False when the bytes are no graph. Of two graph fields the last counts, as in
   protobuf for messages without merging; ONNX writes one. */
static bool find_graph(span model, span *graph) {
    bool found = false;
    field f;
    while (model.n > 0) {
        if (!take_field(&model, &f))
            return false;
        if (f.number == MODEL_GRAPH) {
            *graph = f.bytes;
            found = true;
        }
    }
    return found;
}

static elc_status list_nodes(span graph, nodes *out, bool *sound, elc_error *err) {
    field f;
    *sound = true;
    while (graph.n > 0) {
        if (!take_field(&graph, &f)) {
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
    span wanted[WANTED_MAX]; /* values whose makers are looked for */
    size_t n_wanted;
    bool full, exponential, arithmetic, strange;
} walk;

static bool same(span a, span b) {
    return a.n == b.n && memcmp(a.at, b.at, a.n) == 0;
}

static bool is_one_of(span op, const char *const *words) {
    for (; *words != NULL; words++) {
        if (op.n == strlen(*words) && memcmp(op.at, *words, op.n) == 0)
            return true;
    }
    return false;
}

static bool is_wanted(const walk *w, span name) {
    for (size_t i = 0; i < w->n_wanted; i++) {
        if (same(w->wanted[i], name))
            return true;
    }
    return false;
}

static void want(walk *w, span name) {
    if (name.n == 0 || is_wanted(w, name))
        return;
    if (w->n_wanted == WANTED_MAX)
        w->full = true;
    else
        w->wanted[w->n_wanted++] = name;
}

static void want_inputs(walk *w, span node, size_t at_most) {
    field f;
    while (at_most > 0 && node.n > 0 && take_field(&node, &f)) {
        if (f.number == NODE_INPUT) {
            want(w, f.bytes);
            at_most--;
        }
    }
}

/* The op of the node when it makes a value that is wanted; else empty. */
static span wanted_op(const walk *w, span node) {
    span op = {node.at, 0};
    bool hit = false;
    field f;
    while (node.n > 0 && take_field(&node, &f)) {
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

static void step(walk *w, span node) {
    static const char *const exponentials[] = {"Exp", NULL};
    static const char *const joins[] = {"Concat", NULL};
    span op = wanted_op(w, node);
    if (op.n == 0)
        return;
    bool sum = is_one_of(op, sums), pick = is_one_of(op, picks);
    bool exponential = is_one_of(op, exponentials);
    w->exponential |= exponential;
    w->arithmetic |= sum || pick;
    if (sum || is_one_of(op, joins))
        want_inputs(w, node, SIZE_MAX);
    else if (pick || exponential || is_one_of(op, moves))
        want_inputs(w, node, 1);
    else
        w->strange |= !is_one_of(op, sources);
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
    span graph;
    nodes all = {0};
    walk w = {0};
    bool sound = true;
    elc_tail tail = ELC_TAIL_UNKNOWN;
    if (find_graph((span){bytes, n}, &graph)) {
        elc_status status = list_nodes(graph, &all, &sound, err);
        if (status != ELC_OK) {
            free(all.items);
            return status;
        }
        want(&w, (span){(const unsigned char *)output, strlen(output)});
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
static span location_of(span entry) {
    static const char *const keys[] = {"location", NULL};
    span value = {entry.at, 0};
    bool named = false;
    field f;
    while (entry.n > 0 && take_field(&entry, &f)) {
        named |= f.number == ENTRY_KEY && is_one_of(f.bytes, keys);
        if (f.number == ENTRY_VALUE)
            value = f.bytes;
    }
    if (!named)
        value.n = 0;
    return value;
}

static elc_status add_file(span name, elc_names *files, elc_error *err) {
    elc_string text = {0};
    if (name.n == 0 || memchr(name.at, 0, name.n) != NULL)
        return ELC_OK;
    elc_status status = elc_string_append(&text, name.at, name.n, err);
    if (status == ELC_OK && elc_names_find(files, text.data) == SIZE_MAX)
        status = elc_names_add(files, text.data, err);
    elc_string_free(&text);
    return status;
}

static elc_status add_files_of(span tensor, elc_names *files, elc_error *err) {
    field f;
    while (tensor.n > 0 && files->count < FILES_MAX && take_field(&tensor, &f)) {
        if (f.number == TENSOR_EXTERNAL)
            ELC_TRY(add_file(location_of(f.bytes), files, err));
    }
    return ELC_OK;
}

elc_status elc_graph_files(const void *bytes, size_t n, elc_names *files,
                           elc_error *err) {
    span graph;
    field f;
    if (!find_graph((span){bytes, n}, &graph))
        return ELC_OK;
    while (graph.n > 0 && take_field(&graph, &f)) {
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
