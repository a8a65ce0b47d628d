/* near_shape.c - a geometry as points, pieces of lines, and what is inside of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/places.h"
#include "geometry/side.h"
#include "geometry/wkb.h"

/* Longitudes that are still meant: twice round. */
#define LONGITUDE_MOST 720

/* Degrees along all lines of a geometry in metres, each of which is a piece: 10,000
   times round the globe. */
#define DEGREES_MOST 3600000.0

elc_status elc_nearby_reader_open(near_reader *r, bool metres, elc_error *err) {
    *r = (near_reader){.metres = metres};
    r->geos = elc_places_geos(r->said);
    r->reader = r->geos != NULL ? GEOSWKBReader_create_r(r->geos) : NULL;
    return r->reader != NULL ? ELC_OK : elc_places_fail("", ELC_E_MEMORY, err);
}

void elc_nearby_reader_close(near_reader *r) {
    if (r->reader != NULL)
        GEOSWKBReader_destroy_r(r->geos, r->reader);
    if (r->geos != NULL)
        GEOS_finish_r(r->geos);
    elc_string_free(&r->moved);
    *r = (near_reader){0};
}

void elc_nearby_shape_free(near_shape *s) {
    free(s->points);
    free(s->parts);
    *s = (near_shape){0};
}

/* ---- reading --------------------------------------------------------------------- */

static elc_status add_part(near_shape *s, size_t n, near_kind kind, elc_error *err) {
    ELC_TRY(elc_reserve(&s->points, &s->point_capacity, s->n_points + n,
                        sizeof *s->points, err));
    ELC_TRY(elc_reserve(&s->parts, &s->part_capacity, s->n_parts + 1, sizeof *s->parts,
                        err));
    s->parts[s->n_parts++] = (near_part){s->n_points, n, kind};
    s->n_points += n;
    return ELC_OK;
}

static elc_status add_line(near_shape *s, const near_reader *r,
                           const GEOSGeometry *line, near_kind kind, elc_error *err) {
    const GEOSCoordSequence *c = GEOSGeom_getCoordSeq_r(r->geos, line);
    unsigned n = 0;
    if (c == NULL || !GEOSCoordSeq_getSize_r(r->geos, c, &n))
        return elc_places_fail(r->said, ELC_E_INTERNAL, err);
    if (n == 0)
        return ELC_OK;
    ELC_TRY(add_part(s, n, kind, err));
    elc_point *to = s->points + s->n_points - n;
    for (unsigned i = 0; i < n; i++)
        if (!GEOSCoordSeq_getXY_r(r->geos, c, i, &to[i].x, &to[i].y))
            return elc_places_fail(r->said, ELC_E_INTERNAL, err);
    return ELC_OK;
}

static elc_status add_shape(near_shape *s, const near_reader *r,
                            const GEOSGeometry *shape, elc_error *err) {
    int type = GEOSGeomTypeId_r(r->geos, shape), n;
    if (GEOSisEmpty_r(r->geos, shape))
        return ELC_OK;
    switch (type) {
    case GEOS_POINT:
        return add_line(s, r, shape, NEAR_POINT, err);
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
        return add_line(s, r, shape, NEAR_LINE, err);
    case GEOS_POLYGON:
        n = GEOSGetNumInteriorRings_r(r->geos, shape);
        ELC_TRY(add_line(s, r, GEOSGetExteriorRing_r(r->geos, shape), NEAR_RING, err));
        for (int i = 0; i < n; i++)
            ELC_TRY(add_line(s, r, GEOSGetInteriorRingN_r(r->geos, shape, i), NEAR_HOLE,
                             err));
        return ELC_OK;
    default:
        n = GEOSGetNumGeometries_r(r->geos, shape);
        for (int i = 0; i < n; i++)
            ELC_TRY(add_shape(s, r, GEOSGetGeometryN_r(r->geos, shape, i), err));
        return ELC_OK;
    }
}

/* ---- places ---------------------------------------------------------------------- */

/* A number beside 0 whose products would be rounded to nothing counts as 0. */
static double taken(double v) {
    return fabs(v) < ELC_SIDE_LEAST ? 0 : v;
}

/* The box of the points; false where one has no place. */
static bool place_points(near_shape *s, bool metres) {
    s->low = (elc_point){INFINITY, INFINITY};
    s->high = (elc_point){-INFINITY, -INFINITY};
    for (size_t i = 0; i < s->n_points; i++) {
        elc_point *p = &s->points[i];
        double most = metres ? LONGITUDE_MOST : ELC_SIDE_MOST;
        if (!(fabs(p->x) <= most && fabs(p->y) <= (metres ? 90 : ELC_SIDE_MOST)))
            return false;
        *p = (elc_point){taken(p->x), taken(p->y)};
        s->low = (elc_point){fmin(s->low.x, p->x), fmin(s->low.y, p->y)};
        s->high = (elc_point){fmax(s->high.x, p->x), fmax(s->high.y, p->y)};
    }
    return true;
}

static double degrees_along(const near_shape *s) {
    double sum = 0;
    for (size_t k = 0; k < s->n_parts; k++) {
        const elc_point *p = s->points + s->parts[k].first;
        for (size_t i = 1; i < s->parts[k].n; i++)
            sum += fmax(fabs(p[i].x - p[i - 1].x), fabs(p[i].y - p[i - 1].y));
    }
    return sum;
}

static bool has_place(near_shape *s, bool metres) {
    return place_points(s, metres) && (!metres || degrees_along(s) <= DEGREES_MOST);
}

static elc_place_state finish(near_shape *s, bool metres) {
    elc_place_state state = s->n_parts == 0        ? ELC_PLACE_EMPTY
                            : has_place(s, metres) ? ELC_PLACE_SOUND
                                                   : ELC_PLACE_NOWHERE;
    if (state != ELC_PLACE_SOUND)
        s->n_parts = s->n_points = 0;
    return state;
}

elc_status elc_nearby_shape_point(near_shape *s, elc_point p, bool metres,
                                  elc_transform *way, elc_place_state *state,
                                  elc_error *err) {
    s->n_parts = s->n_points = 0;
    ELC_TRY(add_part(s, 1, NEAR_POINT, err));
    s->points[0] = p;
    if (way != NULL) /* one that has no place is NaN then */
        elc_transform_points(way, s->points, 1);
    *state = finish(s, metres);
    return ELC_OK;
}

static elc_status read_shape(near_shape *s, near_reader *r, const void *wkb,
                             size_t size, elc_place_state *state, elc_error *err) {
    r->said[0] = '\0';
    GEOSGeometry *shape = GEOSWKBReader_read_r(r->geos, r->reader, wkb, size);
    if (shape == NULL && elc_places_is_broken(r->said)) {
        *state = ELC_PLACE_BROKEN;
        return ELC_OK;
    }
    if (shape == NULL)
        return elc_places_fail(r->said, ELC_E_MEMORY, err);
    elc_status status = add_shape(s, r, shape, err);
    GEOSGeom_destroy_r(r->geos, shape);
    ELC_TRY(status);
    *state = finish(s, r->metres);
    return ELC_OK;
}

elc_status elc_nearby_shape_read(near_shape *s, near_reader *r, const void *wkb,
                                 size_t size, elc_transform *way,
                                 elc_place_state *state, elc_error *err) {
    elc_point p;
    *state = ELC_PLACE_MISSING;
    s->n_parts = s->n_points = 0;
    if (wkb == NULL)
        return ELC_OK;
    /* an empty point is written as one of NaN */
    if (elc_wkb_plain_point(wkb, size, &p) && !(isnan(p.x) && isnan(p.y)))
        return elc_nearby_shape_point(s, p, r->metres, way, state, err);
    ELC_TRY(elc_wkb_check(wkb, size, err));
    if (way == NULL)
        return read_shape(s, r, wkb, size, state, err);
    r->moved.size = 0;
    elc_status status = elc_wkb_move(wkb, size, way, &r->moved, err);
    if (status == ELC_OK)
        return read_shape(s, r, r->moved.data, r->moved.size, state, err);
    *state = ELC_PLACE_NOWHERE;
    return status == ELC_E_ARGUMENT || status == ELC_E_UNSUPPORTED ? ELC_OK : status;
}

/* ---- pieces ---------------------------------------------------------------------- */

static elc_point along(elc_point a, elc_point b, double t) {
    return (elc_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
}

static elc_status add_pieces(near_piece **pieces, size_t *n, size_t *capacity,
                             near_piece whole, bool metres, elc_error *err) {
    elc_point a = whole.a, b = whole.b;
    double degrees = fmax(fabs(b.x - a.x), fabs(b.y - a.y));
    size_t count = metres && degrees > 1 ? (size_t)ceil(degrees) : 1;
    ELC_TRY(elc_reserve(pieces, capacity, *n + count, sizeof **pieces, err));
    for (size_t i = 0; i < count; i++) {
        near_piece *piece = *pieces + (*n)++;
        *piece = whole;
        if (i > 0)
            piece->a = piece[-1].b;
        if (i + 1 < count)
            piece->b = along(a, b, (double)(i + 1) / (double)count);
        piece->first = whole.first && i == 0;
    }
    return ELC_OK;
}

elc_status elc_nearby_shape_pieces(const near_shape *s, uint32_t number, bool metres,
                                   near_piece **pieces, size_t *n, size_t *capacity,
                                   elc_error *err) {
    for (size_t k = 0; k < s->n_parts; k++) {
        const elc_point *p = s->points + s->parts[k].first;
        near_piece piece = {p[0], p[0], number, true};
        if (s->parts[k].n == 1)
            ELC_TRY(add_pieces(pieces, n, capacity, piece, metres, err));
        for (size_t i = 1; i < s->parts[k].n; i++) {
            piece = (near_piece){p[i - 1], p[i], number, i == 1};
            ELC_TRY(add_pieces(pieces, n, capacity, piece, metres, err));
        }
    }
    return ELC_OK;
}

/* ---- insides --------------------------------------------------------------------- */

bool elc_nearby_shape_is_area(const near_shape *s) {
    for (size_t i = 0; i < s->n_parts; i++)
        if (s->parts[i].kind == NEAR_RING)
            return true;
    return false;
}

static elc_status put_number(elc_string *out, size_t n, elc_error *err) {
    uint32_t number = (uint32_t)n;
    if (n > UINT32_MAX)
        return elc_fail(err, ELC_E_MEMORY, "a polygon of more than 2^32 points");
    return elc_string_append(out, &number, sizeof number, err);
}

/* The WKB of parts [from, to): a ring and its holes. */
static elc_status put_polygon(const near_shape *s, size_t from, size_t to,
                              elc_string *out, elc_error *err) {
    static const unsigned char head[] = {1, ELC_WKB_POLYGON, 0, 0, 0};
    out->size = 0;
    ELC_TRY(elc_string_append(out, head, sizeof head, err));
    ELC_TRY(put_number(out, to - from, err));
    for (size_t i = from; i < to; i++) {
        const near_part *part = &s->parts[i];
        ELC_TRY(put_number(out, part->n, err));
        ELC_TRY(elc_string_append(out, s->points + part->first,
                                  part->n * sizeof *s->points, err));
    }
    return ELC_OK;
}

elc_status elc_nearby_shape_zones(const near_shape *s, elc_zones *zones,
                                  uint32_t *number, elc_error *err) {
    elc_string wkb = {0};
    elc_status status = ELC_OK;
    for (size_t i = 0; i < s->n_parts && status == ELC_OK; i++) {
        size_t to = i + 1;
        if (s->parts[i].kind != NEAR_RING)
            continue;
        while (to < s->n_parts && s->parts[to].kind == NEAR_HOLE)
            to++;
        status = put_polygon(s, i, to, &wkb, err);
        if (status == ELC_OK)
            status = elc_zones_add(zones, wkb.data, wkb.size, (*number)++, err);
    }
    elc_string_free(&wkb);
    return status;
}
