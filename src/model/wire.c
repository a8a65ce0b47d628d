/* wire.c - protobuf's wire format, as far as ONNX files use it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <string.h>

bool elc_span_same(elc_span a, elc_span b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

bool elc_span_is(elc_span span, const char *word) {
    return elc_span_same(span, (elc_span){(const unsigned char *)word, strlen(word)});
}

bool elc_span_is_any(elc_span span, const char *const *words) {
    for (; *words != NULL; words++) {
        if (elc_span_is(span, *words))
            return true;
    }
    return false;
}

/* ---- reading ------------------------------------------------------------------------
 */

static bool take_varint(elc_span *from, uint64_t *out) {
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

static bool take_bytes(elc_span *from, uint64_t n, elc_span *out) {
    if (n > from->n)
        return false;
    *out = (elc_span){from->at, (size_t)n};
    from->at += n;
    from->n -= (size_t)n;
    return true;
}

static bool take_value(elc_span *from, unsigned type, elc_wire_field *out) {
    uint64_t length;
    elc_span fixed;
    switch (type) {
    case 0:
        return take_varint(from, &out->value);
    case 1:
        return take_bytes(from, 8, &fixed);
    case 2:
        return take_varint(from, &length) && take_bytes(from, length, &out->bytes);
    case 5:
        return take_bytes(from, 4, &fixed);
    default: /* groups are not used by ONNX */
        return false;
    }
}

bool elc_wire_next(elc_span *from, elc_wire_field *out) {
    const unsigned char *start = from->at;
    uint64_t key;
    if (!take_varint(from, &key) || key >> 3 > UINT32_MAX)
        return false;
    *out = (elc_wire_field){.number = (uint32_t)(key >> 3), .bytes = {from->at, 0}};
    if (!take_value(from, (unsigned)(key & 7), out))
        return false;
    out->whole = (elc_span){start, (size_t)(from->at - start)};
    return true;
}

elc_span elc_wire_first(elc_span message, uint32_t number) {
    elc_wire_field f;
    while (message.n > 0 && elc_wire_next(&message, &f)) {
        if (f.number == number)
            return f.bytes;
    }
    return (elc_span){message.at, 0};
}

/* ---- writing ------------------------------------------------------------------------
 */

static elc_status put_varint(elc_string *out, uint64_t value, elc_error *err) {
    unsigned char bytes[10];
    size_t n = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (unsigned char)(value | 0x80);
    bytes[n++] = (unsigned char)value;
    return elc_string_append(out, bytes, n, err);
}

elc_status elc_wire_put_bytes(elc_string *out, uint32_t number, const void *bytes,
                              size_t n, elc_error *err) {
    ELC_TRY(put_varint(out, (uint64_t)number << 3 | 2, err));
    ELC_TRY(put_varint(out, n, err));
    return n == 0 ? ELC_OK : elc_string_append(out, bytes, n, err);
}

elc_status elc_wire_put_text(elc_string *out, uint32_t number, const char *text,
                             elc_error *err) {
    return elc_wire_put_bytes(out, number, text, strlen(text), err);
}

elc_status elc_wire_put_number(elc_string *out, uint32_t number, uint64_t value,
                               elc_error *err) {
    ELC_TRY(put_varint(out, (uint64_t)number << 3, err));
    return put_varint(out, value, err);
}
