/* wire.h - protobuf's wire format: fields taken from bytes, and written. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MODEL_ONNX_WIRE_H
#define ELCANO_SRC_MODEL_ONNX_WIRE_H

#include <elcano/base.h>

/* Bytes of a message, borrowed. */
typedef struct wire_span {
    const unsigned char *at;
    size_t n;
} wire_span;

typedef struct wire_field {
    uint32_t number;
    uint64_t value;  /* of a varint; else 0 */
    wire_span bytes; /* of a length-delimited field; else empty */
    wire_span whole; /* all of it, key included */
} wire_field;

/* Takes the first field. False where the bytes are none: cut off, or a group, which
   ONNX has not. Source: https://protobuf.dev/programming-guides/encoding */
bool elc_wire_take(wire_span *from, wire_field *out);
/* True when a whole message can be taken field by field. */
bool elc_wire_sound(wire_span message);
/* The last field of that number; an absent one has number 0. */
wire_field elc_wire_last(wire_span message, uint32_t number);

bool elc_wire_same(wire_span a, wire_span b);
wire_span elc_wire_text(const char *text);

/* Append a field. */
elc_status elc_wire_put_int(elc_string *to, uint32_t number, int64_t value,
                            elc_error *err);
elc_status elc_wire_put_float(elc_string *to, uint32_t number, float value,
                              elc_error *err);
elc_status elc_wire_put_bytes(elc_string *to, uint32_t number, const void *bytes,
                              size_t n, elc_error *err);
elc_status elc_wire_put_text(elc_string *to, uint32_t number, const char *text,
                             elc_error *err);
/* The key and the length of n bytes that come next. */
elc_status elc_wire_put_head(elc_string *to, uint32_t number, size_t n, elc_error *err);

#endif
