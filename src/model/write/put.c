/* put.c - fields of protobuf's that hold numbers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fields.h"

#include <string.h>

enum { FIXED32 = 5, DELIMITED = 2 };

elc_span elc_onnx_text(const char *text) {
    return (elc_span){(const unsigned char *)text, strlen(text)};
}

static size_t varint(uint64_t value, unsigned char out[10]) {
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        out[n++] = (unsigned char)(value | 0x80);
    out[n++] = (unsigned char)value;
    return n;
}

elc_status elc_onnx_put_int(elc_string *to, uint32_t number, int64_t value,
                            elc_error *err) {
    return elc_wire_put_number(to, number, (uint64_t)value, err);
}

elc_status elc_onnx_put_float(elc_string *to, uint32_t number, float value,
                              elc_error *err) {
    unsigned char bytes[14];
    uint32_t bits;
    size_t n = varint((uint64_t)number << 3 | FIXED32, bytes);
    memcpy(&bits, &value, sizeof bits);
    for (unsigned i = 0; i < 4; i++)
        bytes[n++] = (unsigned char)(bits >> 8 * i);
    return elc_string_append(to, bytes, n, err);
}

elc_status elc_onnx_put_head(elc_string *to, uint32_t number, size_t n,
                             elc_error *err) {
    unsigned char bytes[20];
    size_t size = varint((uint64_t)number << 3 | DELIMITED, bytes);
    size += varint(n, bytes + size);
    return elc_string_append(to, bytes, size, err);
}
