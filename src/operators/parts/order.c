/* order.c - a group's zone and its values of --by as bytes that sort as they do. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "order.h"

#include <math.h>
#include <string.h>

enum { VALUE = 1, NONE = 2, NUMBER_BYTES = 8 };

#define SIGN (UINT64_C(1) << 63)

/* ---- numbers --------------------------------------------------------------------- */

static void put_big_endian(uint64_t value, char *out) {
    for (int i = 0; i < NUMBER_BYTES; i++)
        out[i] = (char)(unsigned char)(value >> (56 - 8 * i));
}

static uint64_t get_big_endian(const char *bytes) {
    uint64_t value = 0;
    for (int i = 0; i < NUMBER_BYTES; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

void elc_part_put_zone(size_t zone, char bytes[PART_ZONE_BYTES]) {
    put_big_endian(zone, bytes);
}

size_t elc_part_get_zone(const char *bytes) {
    return (size_t)get_big_endian(bytes);
}

static bool is_real(elc_type type) {
    return type == ELC_FLOAT32 || type == ELC_FLOAT64;
}

static bool is_bytes(elc_type type) {
    return type == ELC_UTF8 || type == ELC_BINARY;
}

/* Bits that rise with the number. */
static uint64_t bits_of(double value) {
    uint64_t bits;
    value = isnan(value) ? NAN : value + 0.0;
    memcpy(&bits, &value, sizeof bits);
    if (isnan(value))
        bits &= ~SIGN;
    return bits & SIGN ? ~bits : bits | SIGN;
}

static double real_of(uint64_t bits) {
    double value;
    bits = bits & SIGN ? bits & ~SIGN : ~bits;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- writing --------------------------------------------------------------------- */

/* 0 becomes 0 1, and the end is 0 0, so that what is a start of another sorts first. */
static elc_status put_bytes(const char *bytes, size_t n, elc_string *out,
                            elc_error *err) {
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != '\0')
            continue;
        ELC_TRY(elc_string_append(out, bytes + from, i - from, err));
        ELC_TRY(elc_string_append(out, "\0\1", 2, err));
        from = i + 1;
    }
    ELC_TRY(elc_string_append(out, bytes + from, n - from, err));
    return elc_string_append(out, "\0\0", 2, err);
}

elc_status elc_part_put_value(elc_type type, const elc_rows *rows, size_t column,
                              size_t row, elc_string *out, elc_error *err) {
    bool none = elc_rows_null(rows, column, row);
    char number[NUMBER_BYTES], head = none ? NONE : VALUE;
    ELC_TRY(elc_string_append(out, &head, 1, err));
    if (none)
        return ELC_OK;
    if (is_bytes(type)) {
        size_t n;
        const char *bytes = elc_rows_bytes(rows, column, row, &n);
        return put_bytes(bytes, n, out, err);
    }
    put_big_endian(is_real(type) ? bits_of(elc_rows_real(rows, column, row))
                                 : (uint64_t)elc_rows_int(rows, column, row) ^ SIGN,
                   number);
    return elc_string_append(out, number, sizeof number, err);
}

/* ---- reading --------------------------------------------------------------------- */

static elc_status fail_damaged(elc_error *err) {
    return elc_fail(err, ELC_E_FORMAT, "the _order of a partial count is damaged");
}

static elc_status get_bytes(const char *bytes, size_t size, size_t *at, elc_string *out,
                            elc_error *err) {
    out->size = 0;
    ELC_TRY(elc_string_append(out, "", 0, err));
    for (size_t i = *at; i < size; i++) {
        if (bytes[i] != '\0') {
            ELC_TRY(elc_string_append(out, bytes + i, 1, err));
        } else if (i + 1 < size && bytes[i + 1] == 1) {
            ELC_TRY(elc_string_append(out, "", 1, err));
            i++;
        } else if (i + 1 < size && bytes[i + 1] == 0) {
            *at = i + 2;
            return ELC_OK;
        } else {
            break;
        }
    }
    return fail_damaged(err);
}

static elc_status set_text(elc_type type, const elc_string *text, elc_batch *out,
                           size_t column, elc_error *err) {
    return type == ELC_UTF8 ? elc_batch_text(out, column, text->data, err)
                            : elc_batch_bytes(out, column, text->data, text->size, err);
}

elc_status elc_part_get_value(elc_type type, const char *bytes, size_t size, size_t *at,
                              elc_batch *out, size_t column, elc_string *room,
                              elc_error *err) {
    if (*at >= size || (bytes[*at] != VALUE && bytes[*at] != NONE))
        return fail_damaged(err);
    if (bytes[(*at)++] == NONE)
        return ELC_OK;
    if (is_bytes(type)) {
        ELC_TRY(get_bytes(bytes, size, at, room, err));
        return set_text(type, room, out, column, err);
    }
    if (size - *at < NUMBER_BYTES)
        return fail_damaged(err);
    uint64_t bits = get_big_endian(bytes + *at);
    *at += NUMBER_BYTES;
    return is_real(type) ? elc_batch_real(out, column, real_of(bits), err)
                         : elc_batch_int(out, column, (int64_t)(bits ^ SIGN), err);
}
