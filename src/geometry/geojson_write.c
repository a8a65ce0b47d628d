/* geojson_write.c - geometries as RFC 7946 writes them. */
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

static elc_status put_position(writer *w, const elc_wkb_head *h, elc_error *err) {
    double point[4];
    char text[4 * ELC_REAL_ROOM];
    size_t n = 0;
    elc_wkb_reals(&w->from, point, elc_wkb_dims(h->z, h->m));
    for (size_t k = 0; k < 2u + h->z; k++) {
        if (!isfinite(point[k]))
            return elc_fail(err, ELC_E_ARGUMENT,
                            "GeoJSON has no number for a coordinate that is %g",
                            point[k]);
        text[n++] = k == 0 ? '[' : ',';
        n += elc_real_write(point[k], w->decimals, text + n);
    }
    text[n++] = ']';
    return elc_string_append(w->out, text, n, err);
}

static elc_status put_positions(writer *w, const elc_wkb_head *h, size_t count,
                                elc_error *err) {
    ELC_TRY(put(w, "[", err));
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            ELC_TRY(put(w, ",", err));
        ELC_TRY(put_position(w, h, err));
    }
    return put(w, "]", err);
}

static elc_status put_coordinates(writer *w, const elc_wkb_head *h, elc_error *err);

/* The coordinates of rings or parts. */
static elc_status put_lists(writer *w, const elc_wkb_head *h, elc_error *err) {
    bool big = w->from.big;
    ELC_TRY(put(w, "[", err));
    for (uint32_t i = 0; i < h->count; i++) {
        if (i > 0)
            ELC_TRY(put(w, ",", err));
        if (h->kind->build == ELC_BUILT_OF_RINGS) {
            ELC_TRY(put_positions(w, h, elc_wkb_number(&w->from), err));
        } else {
            elc_wkb_head part = elc_wkb_begin(&w->from);
            ELC_TRY(put_coordinates(w, &part, err));
        }
        w->from.big = big;
    }
    return put(w, "]", err);
}

static elc_status put_coordinates(writer *w, const elc_wkb_head *h, elc_error *err) {
    switch (h->kind->build) {
    case ELC_BUILT_AS_POINT:
        if (!h->nothing)
            return put_position(w, h, err);
        w->from.at += 8 * elc_wkb_dims(h->z, h->m);
        return put(w, "[]", err);
    case ELC_BUILT_AS_LINE:
        return put_positions(w, h, h->count, err);
    default:
        return put_lists(w, h, err);
    }
}

static elc_status put_object(writer *w, elc_error *err) {
    elc_wkb_head h = elc_wkb_begin(&w->from);
    bool big = w->from.big;
    ELC_TRY(elc_wkb_refuse_curves(h.kind, err));
    if (h.kind->json == NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: GeoJSON has no such type; write WKT or WKB, or make it a "
                        "MULTIPOLYGON",
                        h.kind->name);
    ELC_TRY(elc_string_printf(w->out, err, "{\"type\":\"%s\",", h.kind->json));
    if (h.kind->build != ELC_BUILT_OF_ANY) {
        ELC_TRY(put(w, "\"coordinates\":", err));
        ELC_TRY(put_coordinates(w, &h, err));
        return put(w, "}", err);
    }
    ELC_TRY(put(w, "\"geometries\":[", err));
    for (uint32_t i = 0; i < h.count; i++) {
        if (i > 0)
            ELC_TRY(put(w, ",", err));
        ELC_TRY(put_object(w, err));
        w->from.big = big;
    }
    return put(w, "]}", err);
}

elc_status elc_wkb_to_geojson(const void *wkb, size_t size, int decimals,
                              elc_string *out, elc_error *err) {
    ELC_TRY(elc_wkb_check(wkb, size, err));
    writer w = {.from = {.at = wkb}, .out = out, .decimals = decimals};
    size_t before = out->size;
    return elc_wkb_keep_or_undo(out, before, put_object(&w, err));
}
