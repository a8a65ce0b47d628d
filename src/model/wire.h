/* wire.h - protobuf's wire format, as far as ONNX files use it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_WIRE_H
#define ELC_MODEL_WIRE_H

#include <elcano/base.h>

/* Bytes of someone else. */
typedef struct elc_span {
    const unsigned char *at;
    size_t n;
} elc_span;

bool elc_span_same(elc_span a, elc_span b);
bool elc_span_is(elc_span span, const char *word);
/* One of `words`, which end with NULL. */
bool elc_span_is_any(elc_span span, const char *const *words);

/* One field of a message (https://protobuf.dev/programming-guides/encoding). */
typedef struct elc_wire_field {
    uint32_t number;
    uint64_t value; /* of a varint; else 0 */
    elc_span bytes; /* of a length-delimited field; else empty */
    elc_span whole; /* with its key */
} elc_wire_field;

/* Takes the first field off; false where the bytes are no field. */
bool elc_wire_next(elc_span *from, elc_wire_field *out);

/* The first field `number` of a message; empty where there is none. */
elc_span elc_wire_first(elc_span message, uint32_t number);

/* Appends a field. */
elc_status elc_wire_put_bytes(elc_string *out, uint32_t number, const void *bytes,
                              size_t n, elc_error *err);
elc_status elc_wire_put_text(elc_string *out, uint32_t number, const char *text,
                             elc_error *err);
elc_status elc_wire_put_number(elc_string *out, uint32_t number, uint64_t value,
                               elc_error *err);

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
    SPARSE_VALUES = 1,
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

#endif
