/* write.c - points and rings as WKB, cut at the antimeridian where they cross it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/wkb.h"

#define RING_MAX (1 << 24) /* points; keeps all sizes within 32 bits */

static elc_status put_point(elc_string *out, elc_point p, elc_error *err) {
    return elc_wkb_put_reals(out, (double[2]){p.x, p.y}, 2, err);
}

static elc_status put_header(elc_string *out, uint32_t type, elc_error *err) {
    return elc_wkb_put_type(out, type, false, false, err);
}

/* ---- rings
 * ------------------------------------------------------------------------------ */

/* From the first point, so that large coordinates cancel. */
double elc_ring_twice_area(const elc_point *ring, size_t n) {
    double sum = 0;
    elc_point o = ring[0];
    for (size_t i = 1; i + 1 < n; i++)
        sum += (ring[i].x - o.x) * (ring[i + 1].y - o.y) -
               (ring[i + 1].x - o.x) * (ring[i].y - o.y);
    return sum;
}

/* The count of points without the closing one. */
static size_t open_count(const elc_point *ring, size_t n) {
    bool closed = n > 1 && ring[0].x == ring[n - 1].x && ring[0].y == ring[n - 1].y;
    return closed ? n - 1 : n;
}

static elc_status check_ring(const elc_point *ring, size_t n, elc_error *err) {
    if (n > RING_MAX)
        return elc_fail(err, ELC_E_ARGUMENT, "polygon: %zu points, %d is the limit", n,
                        RING_MAX);
    if (open_count(ring, n) < 3)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "polygon: %zu points, at least 3 are needed",
                        open_count(ring, n));
    for (size_t i = 0; i < n; i++)
        if (!isfinite(ring[i].x) || !isfinite(ring[i].y))
            return elc_fail(err, ELC_E_ARGUMENT, "polygon: point %zu is %g, %g", i,
                            ring[i].x, ring[i].y);
    return ELC_OK;
}

/* A checked ring of n points, not closed; holes are clockwise. */
static elc_status put_ring(elc_string *out, const elc_point *ring, size_t n, bool hole,
                           elc_error *err) {
    bool turn = elc_ring_twice_area(ring, n) < 0;
    turn = turn != hole;
    ELC_TRY(elc_wkb_put_number(out, (uint32_t)n + 1, err));
    for (size_t i = 0; i <= n; i++)
        ELC_TRY(put_point(out, ring[turn ? (n - i) % n : i % n], err));
    return ELC_OK;
}

static elc_status put_polygon(elc_string *out, const elc_point *ring, size_t n,
                              elc_error *err) {
    ELC_TRY(put_header(out, ELC_WKB_POLYGON, err));
    ELC_TRY(elc_wkb_put_number(out, 1, err));
    return put_ring(out, ring, n, false, err);
}

elc_status elc_wkb_polygon(const elc_point *ring, size_t n, elc_string *out,
                           elc_error *err) {
    ELC_TRY(check_ring(ring, n, err));
    size_t before = out->size;
    return elc_wkb_keep_or_undo(out, before,
                                put_polygon(out, ring, open_count(ring, n), err));
}

/* ---- outlines
 * --------------------------------------------------------------------------- */

void elc_outline_free(elc_outline *outline) {
    free(outline->points);
    free(outline->rings);
    *outline = (elc_outline){0};
}

/* The first ring after `i` that is no hole, or the end. */
static size_t next_shell(const elc_outline *o, size_t i) {
    for (i++; i < o->n_rings && o->rings[i].hole;)
        i++;
    return i;
}

static elc_status put_rings(elc_string *out, const elc_outline *o, size_t first,
                            size_t end, elc_error *err) {
    ELC_TRY(put_header(out, ELC_WKB_POLYGON, err));
    ELC_TRY(elc_wkb_put_number(out, (uint32_t)(end - first), err));
    for (size_t i = first; i < end; i++) {
        const elc_ring *ring = &o->rings[i];
        ELC_TRY(put_ring(out, o->points + ring->first, ring->n, ring->hole, err));
    }
    return ELC_OK;
}

static elc_status put_outline(elc_string *out, const elc_outline *o, elc_error *err) {
    uint32_t shells = 0;
    for (size_t i = 0; i < o->n_rings; i++)
        shells += !o->rings[i].hole;
    if (shells > 1) {
        ELC_TRY(put_header(out, ELC_WKB_MULTIPOLYGON, err));
        ELC_TRY(elc_wkb_put_number(out, shells, err));
    }
    for (size_t i = 0; i < o->n_rings; i = next_shell(o, i))
        ELC_TRY(put_rings(out, o, i, next_shell(o, i), err));
    return ELC_OK;
}

elc_status elc_wkb_outline(const elc_outline *outline, elc_string *out,
                           elc_error *err) {
    size_t before = out->size;
    if (outline->n_rings == 0 || outline->n_rings > RING_MAX || outline->rings[0].hole)
        return elc_fail(err, ELC_E_ARGUMENT, "outline: no polygon, or too many rings");
    for (size_t i = 0; i < outline->n_rings; i++)
        ELC_TRY(check_ring(outline->points + outline->rings[i].first,
                           outline->rings[i].n, err));
    return elc_wkb_keep_or_undo(out, before, put_outline(out, outline, err));
}

elc_status elc_wkb_point(elc_point p, elc_string *out, elc_error *err) {
    if (!isfinite(p.x) || !isfinite(p.y))
        return elc_fail(err, ELC_E_ARGUMENT, "point: %g, %g is no place", p.x, p.y);
    size_t before = out->size;
    elc_status status = put_header(out, ELC_WKB_POINT, err);
    if (status == ELC_OK)
        status = put_point(out, p, err);
    return elc_wkb_keep_or_undo(out, before, status);
}

/* ---- the antimeridian
 * --------------------------------------------------------------------- */

/* Longitudes made continuous: each follows its neighbour the short way. Gives where the
   first one ends up after the way round: at itself, or 360 degrees off round a pole. */
static double unroll(const elc_point *ring, size_t n, elc_point *out) {
    double x = ring[0].x;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            x += remainder(ring[i].x - ring[i - 1].x, 360);
        /* The longitude itself where the way has not left its turn: no rounding. */
        double turn = round((x - ring[i].x) / 360);
        out[i] = (elc_point){ring[i].x + 360 * turn, ring[i].y};
    }
    return x + remainder(ring[0].x - ring[n - 1].x, 360);
}

static void reverse(elc_point *ring, size_t n) {
    for (size_t i = 0; i < n / 2; i++) {
        elc_point p = ring[i];
        ring[i] = ring[n - 1 - i];
        ring[n - 1 - i] = p;
    }
}

static elc_point crossing(elc_point a, elc_point b, double x) {
    double share = (x - a.x) / (b.x - a.x);
    return (elc_point){x, a.y + share * (b.y - a.y)};
}

/* Adds a point that is not the last one again; the new count. */
static size_t push(elc_point *out, size_t count, double x, double y) {
    if (count == 0 || out[count - 1].x != x || out[count - 1].y != y)
        out[count++] = (elc_point){x, y};
    return count;
}

/* An unrolled ring round a pole does not meet its beginning: it is opened where it
   first crosses the antimeridian eastwards, and led back along the pole. `out` has room
   for n + 4; the count is returned. */
static size_t lead_by_pole(elc_point *ring, size_t n, bool eastwards, elc_point *out) {
    if (!eastwards)
        reverse(ring, n);
    double seam = 180 + 360 * floor((ring[0].x + 180) / 360), north = 0;
    elc_point first = {ring[0].x + 360, ring[0].y};
    size_t before = 0, count = 1;
    while (before + 1 < n && ring[before + 1].x < seam)
        before++;
    out[0] = crossing(ring[before], before + 1 < n ? ring[before + 1] : first, seam);
    for (size_t i = 1; i <= n; i++) {
        size_t at = (before + i) % n;
        double turn = before + i >= n ? 360 : 0;
        count = push(out, count, ring[at].x + turn, ring[at].y);
        north += ring[at].y;
    }
    double pole = north > 0 ? 90 : -90;
    count = push(out, count, seam + 360, out[0].y);
    count = push(out, count, seam + 360, pole);
    return push(out, count, seam, pole);
}

/* The ring as one of the plane. `out` has room for n + 4, `flat` for n. */
static size_t flatten(const elc_point *ring, size_t n, elc_point *flat,
                      elc_point *out) {
    double round_trip = unroll(ring, n, flat) - ring[0].x;
    if (fabs(round_trip) >= 180)
        return lead_by_pole(flat, n, round_trip > 0, out);
    memcpy(out, flat, n * sizeof *out);
    return n;
}

/* Sutherland and Hodgman 1974 against one vertical line: keeps what is east of it
   (sign 1) or west of it (sign -1). `out` has room for 2n. */
static size_t clip(const elc_point *ring, size_t n, double x, double sign,
                   elc_point *out) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        elc_point a = ring[i], b = ring[(i + 1) % n];
        bool a_in = sign * (a.x - x) >= 0, b_in = sign * (b.x - x) >= 0;
        if (a_in)
            out[count++] = a;
        if (a_in != b_in && a.x != x && b.x != x)
            out[count++] = crossing(a, b, x);
    }
    return count;
}

/* The part of an unrolled ring within one turn, moved to [-180, 180]. */
static size_t take_turn(const elc_point *ring, size_t n, double turn, elc_point *half,
                        elc_point *out) {
    size_t count = clip(ring, n, 360 * turn - 180, 1, half);
    count = clip(half, count, 360 * turn + 180, -1, out);
    for (size_t i = 0; i < count; i++)
        out[i].x = fmin(fmax(out[i].x - 360 * turn, -180), 180);
    return count;
}

/* Writes the pieces of all turns; those without area are not pieces. */
static elc_status put_pieces(elc_string *out, const elc_point *ring, size_t n,
                             elc_point *room, double turns[2], size_t *pieces,
                             elc_error *err) {
    elc_point *half = room, *piece = room + 2 * n;
    *pieces = 0;
    for (double turn = turns[0]; turn <= turns[1]; turn++) {
        size_t count = take_turn(ring, n, turn, half, piece);
        if (count < 3 || elc_ring_twice_area(piece, count) == 0)
            continue;
        ELC_TRY(put_polygon(out, piece, count, err));
        ++*pieces;
    }
    return ELC_OK;
}

/* The first and last turn that a ring reaches. */
static void turns_of(const elc_point *ring, size_t n, double turns[2]) {
    double low = ring[0].x, high = ring[0].x;
    for (size_t i = 1; i < n; i++) {
        low = fmin(low, ring[i].x);
        high = fmax(high, ring[i].x);
    }
    turns[0] = floor((low + 180) / 360);
    turns[1] = fmax(turns[0], ceil((high - 180) / 360));
}

static elc_status append_pieces(elc_string *out, const elc_string *body, size_t pieces,
                                elc_error *err) {
    if (pieces != 1) {
        ELC_TRY(put_header(out, ELC_WKB_MULTIPOLYGON, err));
        ELC_TRY(elc_wkb_put_number(out, (uint32_t)pieces, err));
    }
    return elc_string_append(out, body->data, body->size, err);
}

static elc_status check_lonlat(const elc_point *ring, size_t n, elc_error *err) {
    ELC_TRY(check_ring(ring, n, err));
    for (size_t i = 0; i < n; i++)
        if (fabs(ring[i].x) > 360 || fabs(ring[i].y) > 90)
            return elc_fail(
                err, ELC_E_ARGUMENT,
                "polygon: point %zu, %g %g, is not a longitude and latitude", i,
                ring[i].x, ring[i].y);
    return ELC_OK;
}

elc_status elc_wkb_polygon_lonlat(const elc_point *ring, size_t n, elc_string *out,
                                  elc_error *err) {
    ELC_TRY(check_lonlat(ring, n, err));
    n = open_count(ring, n);
    size_t most = n + 4, before = out->size, pieces = 0;
    elc_point *room = NULL;
    elc_string body = {0};
    double turns[2];
    ELC_TRY(elc_alloc(8 * most, sizeof *room, &room, err));
    size_t count = flatten(ring, n, room + most, room);
    turns_of(room, count, turns);
    elc_status status =
        put_pieces(&body, room, count, room + most, turns, &pieces, err);
    if (status == ELC_OK && pieces > 0)
        status = append_pieces(out, &body, pieces, err);
    else if (status == ELC_OK)
        status = put_polygon(out, ring, n, err);
    elc_string_free(&body);
    free(room);
    return elc_wkb_keep_or_undo(out, before, status);
}
