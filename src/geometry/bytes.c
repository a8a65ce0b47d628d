/* bytes.c - numbers and types of WKB, from bytes and to bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/wkb.h"

#include <math.h>
#include <string.h>

/* Written out, so that compilers see one load or store. */
static uint32_t load_u32(const uint8_t *b, bool big) {
    return big ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
                     b[3]
               : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 |
                     b[0];
}

static double load_real(const uint8_t *b, bool big) {
    uint64_t first = load_u32(b, big), second = load_u32(b + 4, big);
    uint64_t bits = big ? first << 32 | second : second << 32 | first;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void store_u32(uint8_t *b, uint32_t value) {
    b[0] = (uint8_t)value;
    b[1] = (uint8_t)(value >> 8);
    b[2] = (uint8_t)(value >> 16);
    b[3] = (uint8_t)(value >> 24);
}

static void store_real(uint8_t *b, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    store_u32(b, (uint32_t)bits);
    store_u32(b + 4, (uint32_t)(bits >> 32));
}

uint32_t elc_wkb_split(uint32_t type, bool *z, bool *m, bool *srid) {
    *z = type & 0x80000000u;
    *m = type & 0x40000000u;
    *srid = type & 0x20000000u;
    type &= 0x1FFFFFFFu;
    uint32_t iso = type / 1000;
    *z |= iso == 1 || iso == 3;
    *m |= iso == 2 || iso == 3;
    return iso <= 3 ? type % 1000 : type;
}

bool elc_wkb_plain_point(const void *wkb, size_t size, elc_point *out) {
    static const unsigned char head[] = {1, ELC_WKB_POINT, 0, 0, 0};
    if (wkb == NULL || size != 21 || memcmp(wkb, head, sizeof head) != 0)
        return false;
    memcpy(&out->x, (const char *)wkb + 5, 8);
    memcpy(&out->y, (const char *)wkb + 13, 8);
    return true;
}

/* ---- reading ----------------------------------------------------------------------
 */

uint32_t elc_wkb_number(elc_wkb_cursor *c) {
    c->at += 4;
    return load_u32(c->at - 4, c->big);
}

void elc_wkb_reals(elc_wkb_cursor *c, double *out, size_t n) {
    for (size_t i = 0; i < n; i++)
        out[i] = load_real(c->at + 8 * i, c->big);
    c->at += 8 * n;
}

elc_wkb_head elc_wkb_begin(elc_wkb_cursor *c) {
    elc_wkb_head h = {.count = 1};
    c->big = *c->at++ == 0;
    h.kind = elc_wkb_kind_of(elc_wkb_split(elc_wkb_number(c), &h.z, &h.m, &h.has_srid));
    if (h.has_srid)
        h.srid = elc_wkb_number(c);
    if (h.kind->build == ELC_BUILT_AS_POINT) {
        h.nothing =
            isnan(load_real(c->at, c->big)) && isnan(load_real(c->at + 8, c->big));
        return h;
    }
    h.count = elc_wkb_number(c);
    h.nothing = h.count == 0;
    return h;
}

/* ---- writing ----------------------------------------------------------------------
 */

elc_status elc_wkb_put_number(elc_string *out, uint32_t value, elc_error *err) {
    uint8_t bytes[4];
    store_u32(bytes, value);
    return elc_string_append(out, bytes, sizeof bytes, err);
}

elc_status elc_wkb_put_reals(elc_string *out, const double *values, size_t n,
                             elc_error *err) {
    uint8_t bytes[8 * 64];
    for (size_t done = 0; done < n;) {
        size_t some = n - done < 64 ? n - done : 64;
        for (size_t i = 0; i < some; i++)
            store_real(bytes + 8 * i, values[done + i]);
        ELC_TRY(elc_string_append(out, bytes, 8 * some, err));
        done += some;
    }
    return ELC_OK;
}

static uint32_t iso_type(uint32_t kind, bool z, bool m) {
    return kind + 1000u * z + 2000u * m;
}

elc_status elc_wkb_put_type(elc_string *out, uint32_t kind, bool z, bool m,
                            elc_error *err) {
    uint8_t bytes[5] = {1};
    store_u32(bytes + 1, iso_type(kind, z, m));
    return elc_string_append(out, bytes, sizeof bytes, err);
}

void elc_wkb_mend_number(elc_string *out, size_t at, uint32_t value) {
    store_u32((uint8_t *)out->data + at, value);
}

void elc_wkb_mend_type(elc_string *out, size_t at, uint32_t kind, bool z, bool m) {
    elc_wkb_mend_number(out, at + 1, iso_type(kind, z, m));
}

elc_status elc_wkb_keep_or_undo(elc_string *out, size_t before, elc_status status) {
    if (status != ELC_OK && out->size > before) {
        out->size = before;
        out->data[before] = 0;
    }
    return status;
}
