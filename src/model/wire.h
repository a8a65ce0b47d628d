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

/* Field numbers of onnx.proto (https://github.com/onnx/onnx). */
enum {
    ELC_MODEL_METADATA = 14,
    ELC_MODEL_GRAPH = 7,
    ELC_GRAPH_NODE = 1,
    ELC_GRAPH_TENSOR = 5,
    ELC_GRAPH_INPUT = 11,
    ELC_GRAPH_OUTPUT = 12,
    ELC_GRAPH_SPARSE = 15,
    ELC_NODE_INPUT = 1,
    ELC_NODE_OUTPUT = 2,
    ELC_NODE_OP = 4,
    ELC_NODE_ATTRIBUTE = 5,
    ELC_ATTRIBUTE_GRAPH = 6,
    ELC_ATTRIBUTE_GRAPHS = 11,
    ELC_TENSOR_NAME = 8,
    ELC_TENSOR_EXTERNAL = 13,
    ELC_SPARSE_VALUES = 1,
    ELC_VALUE_NAME = 1,
    ELC_ENTRY_KEY = 1,
    ELC_ENTRY_VALUE = 2
};

#endif
