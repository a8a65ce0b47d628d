/* fields.h - a network as the fields of its ONNX file, as the files of this folder
 * share it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MODEL_WRITE_FIELDS_H
#define ELCANO_SRC_MODEL_WRITE_FIELDS_H

#include <elcano/model.h>

#include "model/wire.h"

/* Field numbers and values of onnx.proto (https://github.com/onnx/onnx). */
enum {
    MODEL_IR = 1,
    MODEL_PRODUCER = 2,
    MODEL_GRAPH = 7,
    MODEL_OPSET = 8,
    MODEL_METADATA = 14,
    MODEL_TRAINING = 20,
    MODEL_FUNCTION = 25,
    GRAPH_NODE = 1,
    GRAPH_NAME = 2,
    GRAPH_TENSOR = 5,
    GRAPH_DOC = 10,
    GRAPH_INPUT = 11,
    GRAPH_OUTPUT = 12,
    GRAPH_VALUE = 13,
    GRAPH_QUANTIZATION = 14,
    GRAPH_SPARSE = 15,
    NODE_INPUT = 1,
    NODE_OUTPUT = 2,
    NODE_NAME = 3,
    NODE_OP = 4,
    NODE_ATTRIBUTE = 5,
    ATTRIBUTE_NAME = 1,
    ATTRIBUTE_FLOAT = 2,
    ATTRIBUTE_INT = 3,
    ATTRIBUTE_TEXT = 4,
    ATTRIBUTE_GRAPH = 6,
    ATTRIBUTE_FLOATS = 7,
    ATTRIBUTE_INTS = 8,
    ATTRIBUTE_GRAPHS = 11,
    ATTRIBUTE_TYPE = 20,
    TENSOR_DIM = 1,
    TENSOR_TYPE = 2,
    TENSOR_NAME = 8,
    TENSOR_RAW = 9,
    TENSOR_EXTERNAL = 13,
    VALUE_NAME = 1,
    VALUE_TYPE = 2,
    TYPE_TENSOR = 1,
    TYPE_ELEMENT = 1,
    TYPE_SHAPE = 2,
    SHAPE_DIM = 1,
    DIM_VALUE = 1,
    DIM_NAME = 2,
    OPSET_DOMAIN = 1,
    OPSET_VERSION = 2,
    ENTRY_KEY = 1,
    ENTRY_VALUE = 2,
    FLOAT32 = 1,
    INT64 = 7
};

/* Fields of one kind: spans of their messages in the network's bytes. */
typedef struct onnx_list {
    elc_span *items;
    size_t count, capacity;
} onnx_list;

struct elc_network {
    elc_string bytes;  /* of the file, which the spans point into */
    char *name;        /* for messages */
    int64_t ir, opset; /* opset 0: of other domains alone */
    elc_span graph_name;
    onnx_list nodes, tensors, sparse, inputs, outputs, values, quantizations;
    onnx_list kept;        /* fields of the model that stay, keys included */
    elc_names keys, texts; /* the metadata */
    elc_string new_nodes, new_tensors, new_outputs; /* fields of the graph, in bytes */
    elc_names made; /* names of tensors that were added */
};

elc_span elc_onnx_text(const char *text);

/* What wire.h does not write: numbers with a sign, floats, and the key and length of n
   bytes that come next. */
elc_status elc_onnx_put_int(elc_string *to, uint32_t number, int64_t value,
                            elc_error *err);
elc_status elc_onnx_put_float(elc_string *to, uint32_t number, float value,
                              elc_error *err);
elc_status elc_onnx_put_head(elc_string *to, uint32_t number, size_t n, elc_error *err);

elc_status elc_onnx_list_add(onnx_list *list, elc_span item, elc_error *err);

/* A set of names; start with {0}, free with elc_onnx_set_free. Names are borrowed. */
typedef struct onnx_set {
    elc_span *slots;
    size_t count, capacity; /* a power of two */
} onnx_set;

elc_status elc_onnx_set_add(onnx_set *set, elc_span name, elc_error *err);
bool elc_onnx_set_has(const onnx_set *set, elc_span name);
void elc_onnx_set_free(onnx_set *set);

#endif
