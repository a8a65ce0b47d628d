/* wire.c - protobuf's wire format: fields taken from bytes, and written. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <string.h>

enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5 };

/* ---- taking -------------------------------------------------------------------------
 */

static bool take_varint(wire_span *from, uint64_t *out) {
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

static bool take_bytes(wire_span *from, uint64_t n, wire_span *out) {
    if (n > from->n)
        return false;
    *out = (wire_span){from->at, (size_t)n};
    from->at += n;
    from->n -= (size_t)n;
    return true;
}

static bool take_value(wire_span *from, unsigned type, wire_field *out) {
    uint64_t length;
    wire_span fixed;
    switch (type) {
    case VARINT:
        return take_varint(from, &out->value);
    case FIXED64:
        return take_bytes(from, 8, &fixed);
    case DELIMITED:
        return take_varint(from, &length) && take_bytes(from, length, &out->bytes);
    case FIXED32:
        return take_bytes(from, 4, &fixed);
    default:
        return false;
    }
}

bool elc_wire_take(wire_span *from, wire_field *out) {
    const unsigned char *start = from->at;
    uint64_t key;
    if (!take_varint(from, &key) || key >> 3 > UINT32_MAX || key >> 3 == 0)
        return false;
    *out = (wire_field){.number = (uint32_t)(key >> 3), .bytes = {from->at, 0}};
    if (!take_value(from, (unsigned)(key & 7), out))
        return false;
    out->whole = (wire_span){start, (size_t)(from->at - start)};
    return true;
}

bool elc_wire_sound(wire_span message) {
    wire_field f;
    while (message.n > 0) {
        if (!elc_wire_take(&message, &f))
            return false;
    }
    return true;
}

wire_field elc_wire_last(wire_span message, uint32_t number) {
    wire_field f, found = {0};
    while (message.n > 0 && elc_wire_take(&message, &f)) {
        if (f.number == number)
            found = f;
    }
    return found;
}

bool elc_wire_same(wire_span a, wire_span b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

wire_span elc_wire_text(const char *text) {
    return (wire_span){(const unsigned char *)text, strlen(text)};
}

/* ---- writing ------------------------------------------------------------------------
 */

static size_t varint(uint64_t value, unsigned char out[10]) {
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        out[n++] = (unsigned char)(value | 0x80);
    out[n++] = (unsigned char)value;
    return n;
}

static elc_status put_varints(elc_string *to, uint64_t key, uint64_t value,
                              elc_error *err) {
    unsigned char bytes[20];
    size_t n = varint(key, bytes);
    n += varint(value, bytes + n);
    return elc_string_append(to, bytes, n, err);
}

elc_status elc_wire_put_int(elc_string *to, uint32_t number, int64_t value,
                            elc_error *err) {
    return put_varints(to, (uint64_t)number << 3 | VARINT, (uint64_t)value, err);
}

elc_status elc_wire_put_float(elc_string *to, uint32_t number, float value,
                              elc_error *err) {
    unsigned char bytes[14];
    uint32_t bits;
    size_t n = varint((uint64_t)number << 3 | FIXED32, bytes);
    memcpy(&bits, &value, sizeof bits);
    for (unsigned i = 0; i < 4; i++)
        bytes[n++] = (unsigned char)(bits >> 8 * i);
    return elc_string_append(to, bytes, n, err);
}

elc_status elc_wire_put_head(elc_string *to, uint32_t number, size_t n,
                             elc_error *err) {
    return put_varints(to, (uint64_t)number << 3 | DELIMITED, n, err);
}

elc_status elc_wire_put_bytes(elc_string *to, uint32_t number, const void *bytes,
                              size_t n, elc_error *err) {
    ELC_TRY(elc_wire_put_head(to, number, n, err));
    return n > 0 ? elc_string_append(to, bytes, n, err) : ELC_OK;
}

elc_status elc_wire_put_text(elc_string *to, uint32_t number, const char *text,
                             elc_error *err) {
    return elc_wire_put_bytes(to, number, text, strlen(text), err);
}
