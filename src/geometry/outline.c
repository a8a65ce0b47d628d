/* outline.c - the rings of a geometry's polygons, read from WKB. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <stdlib.h>

#include "geometry/wkb.h"

typedef struct {
    elc_wkb_cursor cursor;
    elc_outline *out;
    size_t points_capacity, rings_capacity;
} reader;

/* Z and M are passed over. */
static void read_point(reader *r, const elc_wkb_head *head, elc_point *out) {
    double values[4];
    elc_wkb_reals(&r->cursor, values, elc_wkb_dims(head->z, head->m));
    *out = (elc_point){values[0], values[1]};
}

static void turn(elc_point *points, size_t n) {
    for (size_t i = 0; i < n / 2; i++) {
        elc_point p = points[i];
        points[i] = points[n - 1 - i];
        points[n - 1 - i] = p;
    }
}

/* The ring that the outline's points from `first` on are. */
static elc_status keep_ring(reader *r, size_t first, bool hole, elc_error *err) {
    elc_outline *o = r->out;
    size_t n = o->n_points - first;
    elc_point *ring = o->points + first;
    if (n > 1 && ring[0].x == ring[n - 1].x && ring[0].y == ring[n - 1].y)
        n--;
    o->n_points = first + n;
    if (n < 3) {
        o->n_points = first;
        return ELC_OK;
    }
    if ((elc_ring_twice_area(ring, n) < 0) != hole)
        turn(ring, n);
    ELC_TRY(elc_reserve(&o->rings, &r->rings_capacity, o->n_rings + 1, sizeof *o->rings,
                        err));
    o->rings[o->n_rings++] = (elc_ring){first, n, hole};
    return ELC_OK;
}

static elc_status read_ring(reader *r, const elc_wkb_head *head, bool hole,
                            elc_error *err) {
    elc_outline *o = r->out;
    size_t first = o->n_points, n = elc_wkb_number(&r->cursor);
    ELC_TRY(elc_reserve(&o->points, &r->points_capacity, first + n, sizeof *o->points,
                        err));
    for (size_t i = 0; i < n; i++)
        read_point(r, head, &o->points[o->n_points++]);
    return keep_ring(r, first, hole, err);
}

/* Holes of a ring that was left out go with it. */
static elc_status read_polygon(reader *r, const elc_wkb_head *head, elc_error *err) {
    elc_outline *o = r->out;
    size_t rings = o->n_rings, points = o->n_points;
    for (uint32_t i = 0; i < head->count; i++)
        ELC_TRY(read_ring(r, head, i > 0, err));
    if (o->n_rings > rings && o->rings[rings].hole) {
        o->n_rings = rings;
        o->n_points = points;
    }
    return ELC_OK;
}

static void pass_points(reader *r, const elc_wkb_head *head) {
    elc_point point;
    for (uint32_t i = 0; i < head->count; i++)
        read_point(r, head, &point);
}

/* elc_wkb_check has seen that it ends, and how deep it goes. */
static elc_status read_shape(reader *r, elc_error *err) {
    elc_wkb_head head = elc_wkb_begin(&r->cursor);
    elc_wkb_build build = head.kind->build;
    ELC_TRY(elc_wkb_refuse_curves(head.kind, err));
    if (build == ELC_BUILT_OF_RINGS)
        return read_polygon(r, &head, err);
    if (build == ELC_BUILT_AS_POINT || build == ELC_BUILT_AS_LINE) {
        pass_points(r, &head);
        return ELC_OK;
    }
    for (uint32_t i = 0; i < head.count; i++)
        ELC_TRY(read_shape(r, err));
    return ELC_OK;
}

elc_status elc_outline_read(const void *wkb, size_t size, elc_outline *out,
                            elc_error *err) {
    elc_outline made = {0};
    reader r = {.cursor = {.at = wkb}, .out = &made};
    ELC_TRY(elc_wkb_check(wkb, size, err));
    elc_status status = read_shape(&r, err);
    if (status != ELC_OK) {
        elc_outline_free(&made);
        return status;
    }
    *out = made;
    return ELC_OK;
}
