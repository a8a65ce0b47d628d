/* cover.c - how much of each cell of a raster polygons cover, by area. */
/* SPDX-License-Identifier: Apache-2.0 */
/* The signed area to the right of each edge, as rasterisers of fonts sum it: an edge
   that goes down by h within a row adds h to all cells to its right, and to its own
   cells the part that is right of it. Heights are whole numbers of a row's 2^40th, so
   that those of a ring cancel to the last bit, and cells that no edge meets are covered
   wholly or not at all. */
#include "map/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OFTEN = 256 }; /* rows, and a look at cancel */
static const int64_t ONE = INT64_C(1) << 40;
/* Cells; beyond, a place in a row is not known. */
static const double FARTHEST = 0x1p+45;

/* From (x, y) to (to_x, to_y), y < to_y, in cells from the grid's corner to the right
   and downward; `way` is 1 where the ring goes that way, else -1. */
typedef struct {
    double x, y, to_x, to_y;
    int32_t first, last; /* rows */
    int way;
    size_t number;
} edge;

typedef struct {
    edge *items;
    size_t count, capacity;
} edges;

/* ---- edges ------------------------------------------------------------------------
 */

static elc_status place(const elc_raster_grid *g, elc_point p, elc_point *out,
                        elc_error *err) {
    *out = (elc_point){(p.x - g->x) / g->cell, (g->y - p.y) / g->cell};
    if (fabs(out->x) <= FARTHEST && fabs(out->y) <= FARTHEST)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "a corner at %g, %g is no place, or too far from the raster", p.x,
                    p.y);
}

/* Rows that an edge only ends at are none of its own. What is right of the grid covers
   nothing of it. */
static elc_status add_edge(edges *all, const elc_raster_grid *g, elc_point p,
                           elc_point q, elc_error *err) {
    bool down = q.y > p.y;
    elc_point a = down ? p : q, b = down ? q : p;
    if (!(a.y < b.y) || !(b.y > 0) || !(a.y < g->height) ||
        (a.x >= g->width && b.x >= g->width))
        return ELC_OK;
    edge e = {a.x, a.y, b.x, b.y, .way = down ? 1 : -1, .number = all->count};
    e.first = (int32_t)fmax(floor(a.y), 0);
    e.last = (int32_t)fmin(ceil(b.y), g->height) - 1;
    ELC_TRY(elc_reserve(&all->items, &all->capacity, all->count + 1, sizeof e, err));
    all->items[all->count++] = e;
    return ELC_OK;
}

static elc_status add_ring(edges *all, const elc_raster_grid *g,
                           const elc_point *points, size_t n, elc_error *err) {
    elc_point before, at;
    if (n == 0)
        return ELC_OK;
    ELC_TRY(place(g, points[n - 1], &before, err));
    for (size_t i = 0; i < n; i++, before = at) {
        ELC_TRY(place(g, points[i], &at, err));
        ELC_TRY(add_edge(all, g, before, at, err));
    }
    return ELC_OK;
}

static int by_row(const void *a, const void *b) {
    const edge *p = a, *q = b;
    if (p->first != q->first)
        return p->first < q->first ? -1 : 1;
    return (p->number > q->number) - (p->number < q->number);
}

/* ---- a row ------------------------------------------------------------------------
 */

typedef struct {
    int32_t width;
    int64_t before; /* height of edges left of the grid */
    int64_t *after; /* of each cell: of those in it, which cells to its right get */
    double *within; /* what it gets of them itself */
} line;

/* Part of an edge in a row: from x to to_x >= x, and from height to height, which is
   counted `way`. */
typedef struct {
    double x, to_x;
    int64_t at, to;
    int way;
} piece;

static int64_t height_of(const piece *p, double x) {
    double share = (x - p->x) / (p->to_x - p->x);
    return p->at + llrint(share * (double)(p->to - p->at));
}

/* From `left` to `right` of the cell, 0 to 1. */
static void add_to_cell(line *l, int32_t cell, double left, double right,
                        int64_t height) {
    l->after[cell] += height;
    l->within[cell] += (double)height * (1 - (left + right) / 2);
}

static void add_piece(line *l, const piece *p) {
    double x = p->x;
    int64_t at = p->at;
    if (x < 0) {
        int64_t to = p->to_x > 0 ? height_of(p, 0) : p->to;
        l->before += p->way * (to - at);
        x = 0, at = to;
        if (!(p->to_x > 0))
            return;
    }
    for (int32_t cell = x < l->width ? (int32_t)x : l->width; cell < l->width; cell++) {
        bool last = p->to_x <= cell + 1;
        double end = last ? p->to_x : cell + 1;
        int64_t to = last ? p->to : height_of(p, end);
        add_to_cell(l, cell, x - cell, end - cell, p->way * (to - at));
        x = end, at = to;
        if (last)
            return;
    }
}

static double x_at(const edge *e, double y) {
    double share = (y - e->y) / (e->to_y - e->y);
    return e->x + (e->to_x - e->x) * share;
}

/* Ends of edges are where they are, so that those of neighbours meet. */
static void add_to_row(line *l, const edge *e, int32_t row) {
    bool begins = e->y > row, ends = e->to_y < row + 1;
    piece p = {.x = begins ? e->x : x_at(e, row),
               .to_x = ends ? e->to_x : x_at(e, row + 1),
               .at = begins ? llrint((e->y - row) * (double)ONE) : 0,
               .to = ends ? llrint((e->to_y - row) * (double)ONE) : ONE,
               .way = e->way};
    if (p.x > p.to_x)
        p = (piece){p.to_x, p.x, p.to, p.at, -p.way};
    add_piece(l, &p);
}

static void put_row(const line *l, float *out) {
    int64_t sum = l->before;
    for (int32_t i = 0; i < l->width; i++) {
        double share = ((double)sum + l->within[i]) / (double)ONE;
        out[i] = (float)fmin(fmax(share, 0), 1);
        sum += l->after[i];
    }
}

static void clear_line(line *l) {
    l->before = 0;
    memset(l->after, 0, (size_t)l->width * sizeof *l->after);
    memset(l->within, 0, (size_t)l->width * sizeof *l->within);
}

/* ---- all of them ------------------------------------------------------------------
 */

/* `active` has room for all edges, and holds those of the row. */
static elc_status sweep(const elc_raster_grid *g, const edges *all, line *l,
                        const edge **active, const elc_context *context, float *out,
                        elc_error *err) {
    size_t next = 0, n = 0;
    for (int32_t row = 0; row < g->height; row++) {
        size_t kept = 0;
        if (row % OFTEN == 0)
            ELC_TRY(elc_check_cancel(context, err));
        while (next < all->count && all->items[next].first == row)
            active[n++] = &all->items[next++];
        clear_line(l);
        for (size_t i = 0; i < n; i++) {
            add_to_row(l, active[i], row);
            if (active[i]->last > row)
                active[kept++] = active[i];
        }
        n = kept;
        put_row(l, out + (size_t)row * (size_t)g->width);
    }
    return ELC_OK;
}

static elc_status sweep_all(const elc_raster_grid *g, edges *all,
                            const elc_context *context, float *out, elc_error *err) {
    line l = {.width = g->width};
    const edge **active = NULL;
    elc_status status = ELC_OK;
    if (all->count > 0)
        qsort(all->items, all->count, sizeof *all->items, by_row);
    ELC_TRY_GOTO(elc_alloc((size_t)g->width, sizeof *l.after, &l.after, err), status,
                 done);
    ELC_TRY_GOTO(elc_alloc((size_t)g->width, sizeof *l.within, &l.within, err), status,
                 done);
    ELC_TRY_GOTO(elc_alloc(all->count, sizeof(edge *), &active, err), status, done);
    status = sweep(g, all, &l, active, context, out, err);
done:
    free(active);
    free(l.after);
    free(l.within);
    return status;
}

elc_status elc_raster_cover(const elc_raster_grid *g, const elc_point *points,
                            const size_t *ends, size_t n_rings,
                            const elc_context *context, float *out, elc_error *err) {
    edges all = {0};
    elc_status status = elc_raster_check_grid(g, err);
    for (size_t i = 0, first = 0; i < n_rings && status == ELC_OK; first = ends[i++])
        status = add_ring(&all, g, points + first, ends[i] - first, err);
    if (status == ELC_OK)
        status = sweep_all(g, &all, context, out, err);
    free(all.items);
    return status;
}
