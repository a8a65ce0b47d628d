/* onnx.h - the bytes of an ONNX file as nodes and the values between them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_ONNX_H
#define ELC_MODEL_ONNX_H

#include "wire.h"

/* Protobuf cannot hold more. */
#define ELC_ONNX_BYTES_MAX ((size_t)0x7fffffff)

/* What goes from node to node, and what they learnt. */
typedef struct elc_onnx_value {
    elc_span name;
    size_t maker; /* index of its node; SIZE_MAX: none */
    bool weight;  /* a tensor of the file */
    bool input;   /* of the network, and no weight */
    bool output;
    bool live; /* depends on what goes in, and holds more than its shape */
} elc_onnx_value;

/* Ids of values are in elc_onnx.links: inputs from `first` on, of which the last, up to
   n_inputs, are those that graphs inside of the node take; then the outputs. */
typedef struct elc_onnx_node {
    elc_span whole, op;
    size_t first, n_own, n_inputs, n_outputs;
} elc_onnx_node;

/* Borrows the bytes. `nodes` are in the file's order: a value is made before it is used.
   Names are unique and sorted; an id is an index into `values`. */
typedef struct elc_onnx {
    elc_span model, graph;
    elc_onnx_node *nodes;
    size_t n_nodes, nodes_capacity;
    size_t *links;
    elc_onnx_value *values;
    size_t n_values;
    size_t first_output; /* of the network; SIZE_MAX: it has none */
} elc_onnx;

/* `bytes` is a ModelProto (onnx.proto); ELC_E_FORMAT for anything else, without a name of
   the file. Start with {0}; clear also after a failure. Memory grows with the names. */
elc_status elc_onnx_read(const void *bytes, size_t n, elc_onnx *out, elc_error *err);
/* The id of a name, or SIZE_MAX. */
size_t elc_onnx_find(const elc_onnx *onnx, elc_span name);
void elc_onnx_clear(elc_onnx *onnx);

#endif
