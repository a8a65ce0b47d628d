/* cover.c - the cells that together hold a geometry. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/geos.h"

enum { LEAST_CELLS = 4 };

typedef struct {
    elc_point low, high;
} box;

/* A geometry that cells are held against. */
typedef struct {
    elc_geos geos;
    GEOSGeometry *shape; /* NULL: empty */
    const GEOSPreparedGeometry *prepared;
    box bounds;
} subject;

/* ---- the geometry -----------------------------------------------------------------
 */

static void subject_close(subject *s) {
    if (s->prepared != NULL)
        GEOSPreparedGeom_destroy_r(s->geos.handle, s->prepared);
    if (s->shape != NULL)
        GEOSGeom_destroy_r(s->geos.handle, s->shape);
    elc_geos_close(&s->geos);
}

static elc_status subject_prepare(subject *s, elc_error *err) {
    GEOSContextHandle_t h = s->geos.handle;
    if (!elc_geos_is_finite(&s->geos, s->shape))
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "a geometry has coordinates that are no numbers: no cells");
    s->prepared = GEOSPrepare_r(h, s->shape);
    if (s->prepared == NULL || !GEOSGeom_getXMin_r(h, s->shape, &s->bounds.low.x) ||
        !GEOSGeom_getYMin_r(h, s->shape, &s->bounds.low.y) ||
        !GEOSGeom_getXMax_r(h, s->shape, &s->bounds.high.x) ||
        !GEOSGeom_getYMax_r(h, s->shape, &s->bounds.high.y))
        return elc_geos_fail(&s->geos, "a geometry has no cells", err);
    return ELC_OK;
}

static elc_status subject_open(const void *wkb, size_t size, subject *s,
                               elc_error *err) {
    ELC_TRY(elc_geos_open(&s->geos, err));
    ELC_TRY(elc_geos_read(&s->geos, wkb, size, &s->shape, err));
    if (GEOSisEmpty_r(s->geos.handle, s->shape) == 1) {
        GEOSGeom_destroy_r(s->geos.handle, s->shape);
        s->shape = NULL;
        return ELC_OK;
    }
    return subject_prepare(s, err);
}

/* What a cell's outline, which is taken, is to the geometry. */
static elc_status ask(subject *s, GEOSGeometry *outline, bool *meets, bool *within,
                      elc_error *err) {
    GEOSContextHandle_t h = s->geos.handle;
    char met = 2, covered = 0;
    if (outline != NULL)
        met = GEOSPreparedIntersects_r(h, s->prepared, outline);
    if (met == 1)
        covered = GEOSPreparedCovers_r(h, s->prepared, outline);
    GEOSGeom_destroy_r(h, outline);
    if (met == 2 || covered == 2)
        return elc_geos_fail(&s->geos, "cells of a geometry cannot be told", err);
    *meets = met == 1;
    *within = covered == 1;
    return ELC_OK;
}

/* ---- cells that have halves or quarters -------------------------------------------
 */

/* A kind of cells, each level of which adds `bits` to its code. */
typedef struct {
    int bits;
    box (*bounds)(int level, int64_t code);
    int (*by_curve)(const void *a, const void *b);
} kind;

static box zcell_bounds(int level, int64_t code) {
    box b = {{-180, -90}, {180, 90}};
    if (level > 0)
        elc_zcell_bounds((elc_zcell){(uint64_t)code, level}, &b.low, &b.high);
    return b;
}

static box quad_bounds(int level, int64_t code) {
    box b;
    elc_quad_bounds(elc_quad_of_code(level, code), &b.low, &b.high);
    return b;
}

/* None holds another, so the beginning of each on the finest level is an order. */
static int compare(const elc_cover_cell *a, const elc_cover_cell *b, int bits) {
    int64_t x = a->cell << (ELC_ZCELL_BITS - bits * a->level);
    int64_t y = b->cell << (ELC_ZCELL_BITS - bits * b->level);
    return (x > y) - (x < y);
}

static int by_zcurve(const void *a, const void *b) {
    return compare(a, b, 1);
}

static int by_quadcurve(const void *a, const void *b) {
    return compare(a, b, 2);
}

static const kind ZCELLS = {1, zcell_bounds, by_zcurve};
static const kind QUADS = {2, quad_bounds, by_quadcurve};

static bool holds(box outer, box inner) {
    return outer.low.x <= inner.low.x && outer.low.y <= inner.low.y &&
           outer.high.x >= inner.high.x && outer.high.y >= inner.high.y;
}

static bool apart(box a, box b) {
    return a.low.x > b.high.x || b.low.x > a.high.x || a.low.y > b.high.y ||
           b.low.y > a.high.y;
}

static elc_status add(elc_cover *cover, elc_cover_cell cell, elc_error *err) {
    ELC_TRY(elc_reserve(&cover->cells, &cover->capacity, cover->count + 1,
                        sizeof *cover->cells, err));
    cover->cells[cover->count++] = cell;
    return ELC_OK;
}

/* Adds the cell to those that are done, or to those on the border, or to none. */
static elc_status sort_cell(subject *s, const kind *k, int level, int64_t code,
                            elc_cover *done, elc_cover *border, elc_error *err) {
    box b = k->bounds(level, code);
    bool meets = false, within = false;
    if (apart(b, s->bounds))
        return ELC_OK;
    ELC_TRY(ask(s,
                GEOSGeom_createRectangle_r(s->geos.handle, b.low.x, b.low.y, b.high.x,
                                           b.high.y),
                &meets, &within, err));
    if (!meets)
        return ELC_OK;
    elc_cover_cell cell = {code, level,
                           within                ? ELC_COVER_WITHIN
                           : holds(b, s->bounds) ? ELC_COVER_CONTAINS
                                                 : ELC_COVER_MEETS};
    return add(within ? done : border, cell, err);
}

/* The children of all cells on the border: those in `next` are on it too. */
static elc_status divide(subject *s, const kind *k, int level, const elc_cover *border,
                         elc_cover *done, elc_cover *next, elc_error *err) {
    for (size_t i = 0; i < border->count; i++)
        for (int64_t child = 0; child < INT64_C(1) << k->bits; child++)
            ELC_TRY(sort_cell(s, k, level, border->cells[i].cell << k->bits | child,
                              done, next, err));
    return ELC_OK;
}

/* Level by level, until there are too many cells; the level before is what counts. */
static elc_status refine(subject *s, const kind *k, int levels, size_t most,
                         elc_cover *done, elc_cover *border, elc_cover *next,
                         elc_error *err) {
    ELC_TRY(sort_cell(s, k, 0, 0, done, border, err));
    for (int level = 1; level <= levels && border->count > 0; level++) {
        size_t n_done = done->count;
        next->count = 0;
        ELC_TRY(divide(s, k, level, border, done, next, err));
        if (done->count + next->count > most) {
            done->count = n_done;
            break;
        }
        elc_cover swap = *border;
        *border = *next;
        *next = swap;
    }
    return ELC_OK;
}

static elc_status gather(const kind *k, elc_cover *done, const elc_cover *border,
                         elc_cover *out, elc_error *err) {
    size_t first = out->count;
    for (size_t i = 0; i < done->count; i++)
        ELC_TRY(add(out, done->cells[i], err));
    for (size_t i = 0; i < border->count; i++)
        ELC_TRY(add(out, border->cells[i], err));
    if (out->count > first)
        qsort(out->cells + first, out->count - first, sizeof *out->cells, k->by_curve);
    return ELC_OK;
}

static elc_status cover(const void *wkb, size_t size, const kind *k, int levels,
                        size_t most, elc_cover *out, elc_error *err) {
    subject s = {0};
    elc_cover done = {0}, border = {0}, next = {0};
    elc_status status = subject_open(wkb, size, &s, err);
    most = most < LEAST_CELLS ? LEAST_CELLS : most;
    if (status == ELC_OK && s.shape != NULL)
        status = refine(&s, k, levels, most, &done, &border, &next, err);
    if (status == ELC_OK)
        status = gather(k, &done, &border, out, err);
    free(done.cells);
    free(border.cells);
    free(next.cells);
    subject_close(&s);
    return status;
}

elc_status elc_cover_zcells(const void *wkb, size_t size, int bits, size_t most,
                            elc_cover *out, elc_error *err) {
    if (bits < 1 || bits > ELC_ZCELL_BITS)
        return elc_fail(err, ELC_E_ARGUMENT, "cells of %d bits: give 1 to %d", bits,
                        ELC_ZCELL_BITS);
    return cover(wkb, size, &ZCELLS, bits, most, out, err);
}

elc_status elc_cover_quads(const void *wkb, size_t size, int zoom, size_t most,
                           elc_cover *out, elc_error *err) {
    if (zoom < 0 || zoom > ELC_QUAD_ZOOM)
        return elc_fail(err, ELC_E_ARGUMENT, "tiles of zoom %d: give 0 to %d", zoom,
                        ELC_QUAD_ZOOM);
    return cover(wkb, size, &QUADS, zoom, most, out, err);
}

/* ---- hexagons ---------------------------------------------------------------------
 */

/* Hexagons that were met on the way, and which of them are to be asked yet: a table by
   number, with room for as many again. */
typedef struct {
    int64_t *slots; /* -1: free */
    size_t room, count;
    int64_t *waiting;
    size_t n_waiting, waiting_room;
} visit;

static size_t slot_of(const visit *v, int64_t cell) {
    size_t i = (size_t)((uint64_t)cell * UINT64_C(0x9e3779b97f4a7c15) >> 20) % v->room;
    while (v->slots[i] >= 0 && v->slots[i] != cell)
        i = (i + 1) % v->room;
    return i;
}

static elc_status grow(visit *v, elc_error *err) {
    visit larger = *v;
    larger.room = v->room == 0 ? 64 : v->room * 2;
    ELC_TRY(elc_alloc(larger.room, sizeof *larger.slots, &larger.slots, err));
    memset(larger.slots, 0xff, larger.room * sizeof *larger.slots);
    for (size_t i = 0; i < v->room; i++)
        if (v->slots[i] >= 0)
            larger.slots[slot_of(&larger, v->slots[i])] = v->slots[i];
    free(v->slots);
    *v = larger;
    return ELC_OK;
}

static elc_status meet(visit *v, int64_t cell, elc_error *err) {
    if (2 * v->count >= v->room)
        ELC_TRY(grow(v, err));
    size_t slot = slot_of(v, cell);
    if (v->slots[slot] >= 0)
        return ELC_OK;
    ELC_TRY(elc_reserve(&v->waiting, &v->waiting_room, v->n_waiting + 1,
                        sizeof *v->waiting, err));
    v->slots[slot] = cell;
    v->count++;
    v->waiting[v->n_waiting++] = cell;
    return ELC_OK;
}

static elc_status meet_neighbours(visit *v, elc_hex_grid grid, int64_t cell,
                                  elc_error *err) {
    int64_t near[6];
    size_t n = 0;
    elc_status status = elc_hex_neighbours(grid, cell, near, &n, err);
    for (size_t i = 0; status == ELC_OK && i < n; i++)
        status = meet(v, near[i], err);
    return status;
}

/* Where the search begins: hexagons on a connected shape are connected, too, so one
   corner of each part would do. Their neighbours, since outlines are straight and the
   map's lines bent. */
static elc_status meet_corners(visit *v, elc_hex_grid grid, const void *wkb,
                               size_t size, elc_error *err) {
    elc_point *points = NULL;
    size_t n = 0, room = 0;
    elc_status status = elc_wkb_points(wkb, size, &points, &n, &room, err);
    for (size_t i = 0; status == ELC_OK && i < n; i++) {
        int64_t cell;
        elc_hex_at(grid, &points[i], 1, &cell);
        if (cell >= 0)
            status = meet(v, cell, err);
    }
    size_t n_corners = v->n_waiting;
    for (size_t i = 0; status == ELC_OK && i < n_corners; i++)
        status = meet_neighbours(v, grid, v->waiting[i], err);
    free(points);
    return status;
}

/* Asks a ring, of which `shift` degrees are taken. */
static elc_status ask_ring(subject *s, const elc_point *ring, size_t n, double shift,
                           bool *meets, bool *within, elc_error *err) {
    GEOSContextHandle_t h = s->geos.handle;
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(h, (unsigned)n + 1, 2);
    box b = {{1000, 100}, {-1000, -100}};
    for (unsigned i = 0; points != NULL && i <= n; i++) {
        elc_point p = {ring[i % n].x - shift, ring[i % n].y};
        GEOSCoordSeq_setXY_r(h, points, i, p.x, p.y);
        b.low.x = p.x < b.low.x ? p.x : b.low.x;
        b.low.y = p.y < b.low.y ? p.y : b.low.y;
        b.high.x = p.x > b.high.x ? p.x : b.high.x;
        b.high.y = p.y > b.high.y ? p.y : b.high.y;
    }
    *meets = *within = false;
    if (points != NULL && apart(b, s->bounds)) {
        GEOSCoordSeq_destroy_r(h, points);
        return ELC_OK;
    }
    GEOSGeometry *line = points == NULL ? NULL : GEOSGeom_createLinearRing_r(h, points);
    GEOSGeometry *outline =
        line == NULL ? NULL : GEOSGeom_createPolygon_r(h, line, NULL, 0);
    return ask(s, outline, meets, within, err);
}

/* A hexagon that holds a pole, on the plane of longitude and latitude: all that is
   beyond the line through its corners. */
static size_t round_pole(elc_point *ring, size_t n, double pole) {
    for (size_t i = 0; i < n; i++)
        ring[i].x -= 360 * floor((ring[i].x + 180) / 360);
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && ring[k].x < ring[k - 1].x; k--) {
            elc_point swap = ring[k];
            ring[k] = ring[k - 1];
            ring[k - 1] = swap;
        }
    elc_point last = ring[n - 1], first = ring[0];
    double width = first.x + 360 - last.x;
    double lat = last.y + (first.y - last.y) * (180 - last.x) / width;
    ring[n] = (elc_point){180, lat};
    ring[n + 1] = (elc_point){180, pole};
    ring[n + 2] = (elc_point){-180, pole};
    ring[n + 3] = (elc_point){-180, lat};
    return n + 4;
}

static double pole_of(elc_hex_grid grid, int64_t cell) {
    const elc_point poles[2] = {{0, 90}, {0, -90}};
    int64_t at[2];
    elc_hex_at(grid, poles, 2, at);
    return cell == at[0] ? 90 : cell == at[1] ? -90 : 0;
}

/* Whether a hexagon meets the geometry, on either side of the antimeridian. */
static elc_status ask_hexagon(subject *s, elc_hex_grid grid, int64_t cell, bool *meets,
                              bool *within, elc_error *err) {
    elc_point ring[6 + 4];
    size_t n = 0;
    double pole = pole_of(grid, cell), shift = 0;
    ELC_TRY(elc_hex_corners(grid, cell, ring, &n, err));
    if (pole != 0)
        n = round_pole(ring, n, pole);
    for (size_t i = 0; i < n; i++)
        shift = ring[i].x > 180 ? 360 : ring[i].x < -180 ? -360 : shift;
    ELC_TRY(ask_ring(s, ring, n, 0, meets, within, err));
    if (!*meets && shift != 0)
        ELC_TRY(ask_ring(s, ring, n, shift, meets, within, err));
    return ELC_OK;
}

/* A hexagon that holds the geometry's box meets it alone. */
static elc_status search(subject *s, visit *v, elc_hex_grid grid, size_t most,
                         elc_cover *out, elc_error *err) {
    size_t first = out->count;
    while (v->n_waiting > 0) {
        int64_t cell = v->waiting[--v->n_waiting];
        bool meets = false, within = false;
        ELC_TRY(ask_hexagon(s, grid, cell, &meets, &within, err));
        if (!meets)
            continue;
        if (out->count - first == most)
            return elc_fail(err, ELC_E_UNSUPPORTED,
                            "a geometry lies in more than %zu hexagons; larger ones "
                            "are fewer",
                            most);
        ELC_TRY(add(
            out, (elc_cover_cell){cell, 0, within ? ELC_COVER_WITHIN : ELC_COVER_MEETS},
            err));
        ELC_TRY(meet_neighbours(v, grid, cell, err));
    }
    if (out->count - first == 1 && out->cells[first].relation == ELC_COVER_MEETS)
        out->cells[first].relation = ELC_COVER_CONTAINS;
    return ELC_OK;
}

static int by_number(const void *a, const void *b) {
    int64_t x = ((const elc_cover_cell *)a)->cell;
    int64_t y = ((const elc_cover_cell *)b)->cell;
    return (x > y) - (x < y);
}

elc_status elc_cover_hexes(const void *wkb, size_t size, elc_hex_grid grid, size_t most,
                           elc_cover *out, elc_error *err) {
    subject s = {0};
    visit v = {0};
    size_t first = out->count;
    elc_status status = subject_open(wkb, size, &s, err);
    if (status == ELC_OK && s.shape != NULL)
        status = meet_corners(&v, grid, wkb, size, err);
    if (status == ELC_OK && s.shape != NULL)
        status = search(&s, &v, grid, most, out, err);
    if (status != ELC_OK)
        out->count = first;
    else if (out->count > first)
        qsort(out->cells + first, out->count - first, sizeof *out->cells, by_number);
    free(v.slots);
    free(v.waiting);
    subject_close(&s);
    return status;
}
