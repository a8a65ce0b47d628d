/* wkt_write.c - geometries as well-known text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <string.h>

#include "geometry/real.h"
#include "geometry/wkb.h"

typedef struct writer {
    elc_wkb_cursor from;
    elc_string *out;
    int decimals;
} writer;

static elc_status put(writer *w, const char *text, elc_error *err) {
    return elc_string_append(w->out, text, strlen(text), err);
}

static elc_status put_real(writer *w, double value, elc_error *err) {
    char text[ELC_REAL_ROOM];
    if (isfinite(value))
        return elc_string_append(w->out, text, elc_real_write(value, w->decimals, text),
                                 err);
    return put(w, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity", err);
}

static elc_status put_points(writer *w, size_t dims, size_t count, elc_error *err) {
    if (count == 0)
        return put(w, "EMPTY", err);
    for (size_t i = 0; i < count; i++) {
        double point[4];
        elc_wkb_reals(&w->from, point, dims);
        ELC_TRY(put(w, i == 0 ? "(" : ", ", err));
        for (size_t k = 0; k < dims; k++) {
            if (k > 0)
                ELC_TRY(put(w, " ", err));
            ELC_TRY(put_real(w, point[k], err));
        }
    }
    return put(w, ")", err);
}

static elc_status put_geometry(writer *w, bool named, elc_error *err);

/* The rings or parts. */
static elc_status put_list(writer *w, const elc_wkb_head *h, elc_error *err) {
    bool big = w->from.big, any = h->kind->build == ELC_BUILT_OF_ANY;
    for (uint32_t i = 0; i < h->count; i++) {
        ELC_TRY(put(w, i == 0 ? "(" : ", ", err));
        if (h->kind->build == ELC_BUILT_OF_RINGS)
            ELC_TRY(
                put_points(w, elc_wkb_dims(h->z, h->m), elc_wkb_number(&w->from), err));
        else
            ELC_TRY(put_geometry(w, any, err));
        w->from.big = big;
    }
    return put(w, h->count == 0 ? "EMPTY" : ")", err);
}

static elc_status put_geometry(writer *w, bool named, elc_error *err) {
    static const char *const dims[] = {" ", " Z ", " M ", " ZM "};
    elc_wkb_head h = elc_wkb_begin(&w->from);
    size_t n = elc_wkb_dims(h.z, h.m);
    ELC_TRY(elc_wkb_refuse_curves(h.kind, err));
    if (named) {
        ELC_TRY(put(w, h.kind->name, err));
        ELC_TRY(put(w, dims[h.z + 2 * h.m], err));
    }
    if (h.kind->build != ELC_BUILT_AS_POINT && h.kind->build != ELC_BUILT_AS_LINE)
        return put_list(w, &h, err);
    if (h.kind->build == ELC_BUILT_AS_POINT && h.nothing) {
        w->from.at += 8 * n;
        h.count = 0;
    }
    return put_points(w, n, h.count, err);
}

elc_status elc_wkb_to_wkt(const void *wkb, size_t size, int decimals, elc_string *out,
                          elc_error *err) {
    ELC_TRY(elc_wkb_check(wkb, size, err));
    writer w = {.from = {.at = wkb}, .out = out, .decimals = decimals};
    size_t before = out->size;
    return elc_wkb_keep_or_undo(out, before, put_geometry(&w, true, err));
}
