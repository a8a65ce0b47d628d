/* random.c - geometries of every type and dimension, written byte by byte. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"

#include <math.h>
#include <string.h>

enum { POINT = 1, LINE, POLYGON, COLLECTION = 7, TRIANGLE = 17, MOST = 4 };

static uint64_t state = 1;

uint64_t random_bits(void) {
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

int random_below(int n) {
    return (int)((double)(random_bits() >> 11) * 0x1p-53 * n);
}

uint32_t random_kind(bool surfaces) {
    int i = random_below(surfaces ? 10 : 7);
    return i < 7 ? (uint32_t)i + 1 : (uint32_t)i + 8;
}

/* Coordinates as files have them, and others that few have. */
static double any_number(const random_wish *w) {
    uint64_t bits = random_bits();
    double value = 0;
    switch (w->lattice ? -1 : random_below(w->tame ? 2 : 5)) {
    case -1:
        return random_below(7);
    case 0:
        return random_below(361) - 180;
    case 1:
        return (double)(random_below(2000000000) - 1000000000) / 1e7;
    case 2:
        return (double)(int64_t)bits / 5.2e16;
    case 3:
        return ldexp((double)(int64_t)bits, -40);
    default:
        memcpy(&value, &bits, sizeof value);
        return isfinite(value) ? value : -0.0;
    }
}

static void put(elc_string *out, const void *bytes, size_t n) {
    elc_string_append(out, bytes, n, NULL);
}

static void put_number(elc_string *out, uint32_t value) {
    put(out, &value, sizeof value);
}

static void put_head(elc_string *out, uint32_t kind, const random_wish *w) {
    put(out, "\1", 1);
    put_number(out, kind + 1000u * w->z + 2000u * w->m);
}

static void put_point(elc_string *out, const random_wish *w, bool nothing) {
    double point[4];
    for (int i = 0; i < 4; i++)
        point[i] = nothing ? (double)NAN : any_number(w);
    put(out, point, 8 * (2u + w->z + w->m));
}

static void put_line(elc_string *out, const random_wish *w, int n) {
    put_number(out, (uint32_t)n);
    for (int i = 0; i < n; i++)
        put_point(out, w, false);
}

static void put_ring(elc_string *out, const random_wish *w, int n) {
    size_t point = 8 * (2u + w->z + w->m);
    put_number(out, (uint32_t)n);
    size_t first = out->size;
    for (int i = 0; i + 1 < n; i++)
        put_point(out, w, false);
    char copy[32];
    memcpy(copy, out->data + first, point);
    put(out, copy, point);
}

/* A box, so that some polygons are valid. */
static void put_box(elc_string *out, const random_wish *w) {
    int x = random_below(6), y = random_below(6);
    int right = x + 1 + random_below(3), top = y + 1 + random_below(3);
    double corners[5][4] = {{x, y}, {right, y}, {right, top}, {x, top}, {x, y}};
    put_number(out, 5);
    for (int i = 0; i < 5; i++)
        put(out, corners[i], 8 * (2u + w->z + w->m));
}

static void put_rings(uint32_t kind, const random_wish *w, bool nothing,
                      elc_string *out) {
    int most = w->lattice ? 1 + (random_below(4) == 0) : 3;
    int rings = nothing ? 0 : kind == TRIANGLE ? 1 : 1 + random_below(most);
    put_number(out, (uint32_t)rings);
    for (int i = 0; i < rings; i++)
        if (w->lattice && kind != TRIANGLE && random_below(3) > 0)
            put_box(out, w);
        else
            put_ring(out, w, kind == TRIANGLE ? 4 : 4 + random_below(MOST));
}

static void put_body(uint32_t kind, const random_wish *w, bool nothing, int depth,
                     elc_string *out);

static void put_parts(uint32_t kind, const random_wish *w, bool nothing, int depth,
                      elc_string *out) {
    int n = nothing ? 0 : 1 + random_below(MOST);
    put_number(out, (uint32_t)n);
    for (int i = 0; i < n; i++) {
        uint32_t part = kind == 15           ? POLYGON
                        : kind == 16         ? TRIANGLE
                        : kind != COLLECTION ? kind - 3
                        : depth > 2          ? POINT
                                             : random_kind(false);
        put_head(out, part, w);
        put_body(part, w, !w->no_empty && random_below(6) == 0, depth + 1, out);
    }
}

static void put_body(uint32_t kind, const random_wish *w, bool nothing, int depth,
                     elc_string *out) {
    switch (kind) {
    case POINT:
        put_point(out, w, nothing);
        return;
    case LINE:
        put_line(out, w, nothing ? 0 : 2 + random_below(MOST));
        return;
    case POLYGON:
    case TRIANGLE:
        put_rings(kind, w, nothing, out);
        return;
    default:
        put_parts(kind, w, nothing, depth, out);
    }
}

void random_wkb(uint32_t kind, const random_wish *wish, elc_string *out) {
    put_head(out, kind, wish);
    put_body(kind, wish, !wish->no_empty && random_below(8) == 0, 0, out);
}
