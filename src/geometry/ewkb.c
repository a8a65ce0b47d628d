/* ewkb.c - WKB of either byte order, PostGIS's EWKB and hexadecimal digits. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>

#include "geometry/wkb.h"

/* Copies what elc_wkb_check took, in one spelling. */
typedef struct copier {
    elc_wkb_cursor from;
    elc_string *out;
    bool extended; /* PostGIS's */
    int32_t srid;  /* of the whole; 0: none is written */
    size_t begin;  /* of what is written, in `out` */
} copier;

static elc_status copy_points(copier *c, const elc_wkb_head *h, size_t count,
                              elc_error *err) {
    size_t dims = elc_wkb_dims(h->z, h->m);
    if (!c->from.big) {
        const uint8_t *bytes = c->from.at;
        c->from.at += 8 * dims * count;
        return elc_string_append(c->out, bytes, 8 * dims * count, err);
    }
    for (size_t i = 0; i < count; i++) {
        double point[4];
        elc_wkb_reals(&c->from, point, dims);
        ELC_TRY(elc_wkb_put_reals(c->out, point, dims, err));
    }
    return ELC_OK;
}

static elc_status copy_rings(copier *c, const elc_wkb_head *h, elc_error *err) {
    for (uint32_t i = 0; i < h->count; i++) {
        uint32_t count = elc_wkb_number(&c->from);
        ELC_TRY(elc_wkb_put_number(c->out, count, err));
        ELC_TRY(copy_points(c, h, count, err));
    }
    return ELC_OK;
}

/* Z and M at the head of a geometry that was put at `at`. */
static void mend_head(copier *c, const elc_wkb_head *h, size_t at) {
    bool srid = at == c->begin && c->srid != 0;
    elc_wkb_mend_type(c->out, at, h->kind->number, h->z, h->m);
    if (c->extended)
        elc_wkb_mend_number(c->out, at + 1,
                            h->kind->number | (h->z ? 0x80000000u : 0) |
                                (h->m ? 0x40000000u : 0) | (srid ? 0x20000000u : 0));
}

static elc_status put_head(copier *c, const elc_wkb_head *h, elc_error *err) {
    size_t at = c->out->size;
    ELC_TRY(elc_wkb_put_type(c->out, h->kind->number, h->z, h->m, err));
    mend_head(c, h, at);
    if (at == c->begin && c->srid != 0)
        ELC_TRY(elc_wkb_put_number(c->out, (uint32_t)c->srid, err));
    return h->kind->build == ELC_BUILT_AS_POINT
               ? ELC_OK
               : elc_wkb_put_number(c->out, h->count, err);
}

/* An empty point, whose numbers say so. */
static elc_status copy_nothing(copier *c, const elc_wkb_head *was,
                               const elc_wkb_head *h, elc_error *err) {
    c->from.at += 8 * elc_wkb_dims(was->z, was->m);
    return elc_wkb_put_reals(c->out, (double[4]){NAN, NAN, NAN, NAN},
                             elc_wkb_dims(h->z, h->m), err);
}

static elc_status copy_geometry(copier *c, const elc_wkb_head *whole, elc_wkb_head *h,
                                elc_error *err);

/* A collection has Z and M when any of its geometries has. */
static elc_status copy_parts(copier *c, elc_wkb_head *h, size_t at, elc_error *err) {
    bool big = c->from.big, z = h->z, m = h->m;
    for (uint32_t i = 0; i < h->count; i++) {
        elc_wkb_head part;
        ELC_TRY(copy_geometry(c, h, &part, err));
        c->from.big = big;
        z |= part.z;
        m |= part.m;
    }
    if (z == h->z && m == h->m)
        return ELC_OK;
    h->z = z;
    h->m = m;
    mend_head(c, h, at);
    return ELC_OK;
}

/* A part has the dimensions of its whole; an empty one, which other programs write
   without, gets them. What a TIN has are triangles, though some call them polygons. */
static elc_status fit_part(elc_wkb_head *h, const elc_wkb_head *whole, elc_error *err) {
    h->kind = elc_wkb_kind_of(whole->kind->part);
    if (h->z == whole->z && h->m == whole->m)
        return ELC_OK;
    if (!h->nothing)
        return elc_fail(err, ELC_E_FORMAT,
                        "WKB: a %s in a %s has other dimensions than that",
                        h->kind->name, whole->kind->name);
    h->z = whole->z;
    h->m = whole->m;
    return ELC_OK;
}

static elc_status copy_geometry(copier *c, const elc_wkb_head *whole, elc_wkb_head *h,
                                elc_error *err) {
    size_t at = c->out->size;
    elc_wkb_head was = elc_wkb_begin(&c->from);
    *h = was;
    ELC_TRY(elc_wkb_refuse_curves(h->kind, err));
    if (whole != NULL && whole->kind->build == ELC_BUILT_OF_PARTS)
        ELC_TRY(fit_part(h, whole, err));
    ELC_TRY(put_head(c, h, err));
    switch (h->kind->build) {
    case ELC_BUILT_AS_POINT:
        return h->nothing ? copy_nothing(c, &was, h, err) : copy_points(c, h, 1, err);
    case ELC_BUILT_AS_LINE:
        return copy_points(c, h, h->count, err);
    case ELC_BUILT_OF_RINGS:
        return copy_rings(c, h, err);
    default:
        return copy_parts(c, h, at, err);
    }
}

/* PostGIS once wrote -1 for none. */
static elc_status take_srid(const elc_wkb_head *h, int32_t *srid, elc_error *err) {
    bool none = !h->has_srid || h->srid == UINT32_MAX;
    if (!none && h->srid > INT32_MAX)
        return elc_fail(err, ELC_E_FORMAT, "WKB: SRID %u is none", h->srid);
    *srid = none ? 0 : (int32_t)h->srid;
    return ELC_OK;
}

static elc_status copy_all(copier *c, elc_error *err) {
    elc_wkb_head h;
    c->begin = c->out->size;
    return elc_wkb_keep_or_undo(c->out, c->begin, copy_geometry(c, NULL, &h, err));
}

elc_status elc_wkb_from_ewkb(const void *bytes, size_t size, elc_string *out,
                             int32_t *srid, elc_error *err) {
    ELC_TRY(elc_wkb_check(bytes, size, err));
    copier c = {.from = {.at = bytes}, .out = out};
    elc_wkb_cursor first = c.from;
    int32_t stated = 0;
    elc_wkb_head h = elc_wkb_begin(&first);
    ELC_TRY(elc_wkb_refuse_curves(h.kind, err));
    ELC_TRY(take_srid(&h, &stated, err));
    ELC_TRY(copy_all(&c, err));
    if (srid != NULL)
        *srid = stated;
    return ELC_OK;
}

elc_status elc_wkb_to_ewkb(const void *wkb, size_t size, int32_t srid, elc_string *out,
                           elc_error *err) {
    if (srid < 0)
        return elc_fail(err, ELC_E_ARGUMENT, "SRID %d is below 0", srid);
    ELC_TRY(elc_wkb_check(wkb, size, err));
    copier c = {.from = {.at = wkb}, .out = out, .extended = true, .srid = srid};
    return copy_all(&c, err);
}

/* ---- hexadecimal digits ------------------------------------------------------------
 */

static int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static elc_status bytes_of(const char *text, size_t size, uint8_t *bytes,
                           elc_error *err) {
    for (size_t i = 0; i < size / 2; i++) {
        int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return elc_fail(err, ELC_E_FORMAT,
                            "hexadecimal WKB: character %zu is no digit",
                            2 * i + (high >= 0) + 1);
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return ELC_OK;
}

elc_status elc_wkb_from_hex(const char *text, size_t size, elc_string *out,
                            int32_t *srid, elc_error *err) {
    uint8_t *bytes;
    if (size % 2 != 0)
        return elc_fail(err, ELC_E_FORMAT,
                        "hexadecimal WKB: %zu digits, of which each byte has two",
                        size);
    ELC_TRY(elc_alloc(size / 2, 1, &bytes, err));
    elc_status status = bytes_of(text, size, bytes, err);
    if (status == ELC_OK)
        status = elc_wkb_from_ewkb(bytes, size / 2, out, srid, err);
    free(bytes);
    return status;
}

static elc_status put_hex(const uint8_t *bytes, size_t size, elc_string *out,
                          elc_error *err) {
    static const char digits[] = "0123456789ABCDEF";
    char some[512];
    for (size_t i = 0; i < size;) {
        size_t n = 0;
        for (; n < sizeof some && i < size; i++) {
            some[n++] = digits[bytes[i] >> 4];
            some[n++] = digits[bytes[i] & 15];
        }
        ELC_TRY(elc_string_append(out, some, n, err));
    }
    return ELC_OK;
}

elc_status elc_wkb_to_hex(const void *wkb, size_t size, elc_string *out,
                          elc_error *err) {
    size_t before = out->size;
    return elc_wkb_keep_or_undo(out, before, put_hex(wkb, size, out, err));
}
