/* zones_spread.c - the edges of one zone given to the cells of a grid, and whether it
   has their reference points. Takes time for cells and edges, not for their product. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/zones_spread.h"

#include <stdlib.h>
#include <string.h>

elc_point elc_zones_reference(const zones_grid *g, uint32_t column, uint32_t row) {
    elc_point p = {g->x + (column + 0.5) * g->width, g->y + (row + 0.5) * g->height};
    if (!elc_side_takes(p.x))
        p.x = 0;
    if (!elc_side_takes(p.y))
        p.y = 0;
    return p;
}

void elc_zones_spread_free(zones_spread *s) {
    free(s->pairs);
    free(s->starts.items);
    free(s->sorted.items);
    free(s->founds.items);
    free(s->edges.items);
}

static uint32_t clamp(uint32_t v, uint32_t least, uint32_t most) {
    return v < least ? least : v > most ? most : v;
}

/* ---- cells that an edge may touch ------------------------------------------------ */

static elc_status add_cells(zones_spread *s, const zones_grid *g, const zones_span *in,
                            uint32_t row, double x0, double x1, uint32_t edge,
                            elc_error *err) {
    double margin = s->margin + g->width * 0x1p-40;
    uint32_t from = elc_zones_slot(x0 - margin, g->x, g->to_column, g->columns);
    uint32_t to = elc_zones_slot(x1 + margin, g->x, g->to_column, g->columns);
    from = clamp(from, in->column0, in->column1);
    to = clamp(to, in->column0, in->column1);
    ELC_TRY(elc_reserve(&s->pairs, &s->pair_capacity, s->n_pairs + (to - from) + 1,
                        sizeof *s->pairs, err));
    uint32_t columns = in->column1 - in->column0 + 1;
    for (uint32_t c = from; c <= to; c++)
        s->pairs[s->n_pairs++] =
            (zones_pair){(row - in->row0) * columns + (c - in->column0), edge};
    return ELC_OK;
}

/* x of the edge at y, which is brought between its ends. */
static double edge_x(elc_point low, elc_point high, double y) {
    if (y <= low.y)
        return low.x;
    if (y >= high.y)
        return high.x;
    return low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x);
}

/* More cells than it touches do no harm, fewer do: bands of rows are a little higher.
 */
static elc_status spread_edge(zones_spread *s, const zones_grid *g,
                              const zones_span *in, uint32_t edge, elc_error *err) {
    elc_point a = s->zones->points[edge], b = s->zones->points[edge + 1];
    elc_point low = a.y <= b.y ? a : b, high = a.y <= b.y ? b : a;
    double margin = s->margin + g->height * 0x1p-40;
    uint32_t from = elc_zones_slot(low.y - margin, g->y, g->to_row, g->rows);
    uint32_t to = elc_zones_slot(high.y + margin, g->y, g->to_row, g->rows);
    from = clamp(from, in->row0, in->row1);
    to = clamp(to, in->row0, in->row1);
    for (uint32_t row = from; row <= to; row++) {
        double x0 = edge_x(low, high, g->y + row * g->height - margin);
        double x1 = edge_x(low, high, g->y + (row + 1) * g->height + margin);
        if (low.y == high.y)
            x1 = high.x;
        ELC_TRY(add_cells(s, g, in, row, fmin(x0, x1), fmax(x0, x1), edge, err));
    }
    return ELC_OK;
}

/* Edges by cell, in a cell by number. */
static elc_status sort_pairs(zones_spread *s, size_t cells, elc_error *err) {
    ELC_TRY(elc_reserve(&s->starts.items, &s->starts.capacity, cells + 2,
                        sizeof *s->starts.items, err));
    ELC_TRY(elc_reserve(&s->sorted.items, &s->sorted.capacity, s->n_pairs + 1,
                        sizeof *s->sorted.items, err));
    if (s->n_pairs > UINT32_MAX)
        return elc_fail(err, ELC_E_MEMORY,
                        "zones: a polygon has more edges in cells "
                        "than an index holds");
    uint32_t *starts = s->starts.items;
    memset(starts, 0, (cells + 2) * sizeof *starts);
    for (size_t i = 0; i < s->n_pairs; i++)
        starts[s->pairs[i].cell + 2]++;
    for (size_t i = 2; i < cells + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < s->n_pairs; i++)
        s->sorted.items[starts[s->pairs[i].cell + 1]++] = s->pairs[i].edge;
    return ELC_OK;
}

/* ---- reference points ------------------------------------------------------------ */

static bool crosses(const zones_spread *s, uint32_t edge, elc_point p, elc_point q) {
    elc_point a = s->zones->points[edge], b = s->zones->points[edge + 1];
    if (p.y == q.y && (a.y > p.y) == (b.y > p.y)) /* most: above or below */
        return false;
    return elc_zones_side(a, b, p) != elc_zones_side(a, b, q) &&
           elc_zones_parts(p, q, a) != elc_zones_parts(p, q, b);
}

static bool odd_crossings(const zones_spread *s, const uint32_t *edges, size_t n,
                          elc_point p, elc_point q) {
    bool odd = false;
    for (size_t i = 0; i < n; i++)
        odd ^= crosses(s, edges[i], p, q);
    return odd;
}

/* The edges of two cells side by side, each once. */
static bool odd_between(const zones_spread *s, size_t cell, elc_point p, elc_point q) {
    const uint32_t *starts = s->starts.items, *sorted = s->sorted.items;
    size_t i = starts[cell - 1], j = starts[cell];
    size_t i_end = starts[cell], j_end = starts[cell + 1];
    bool odd = false;
    while (i < i_end || j < j_end) {
        bool first = j == j_end || (i < i_end && sorted[i] <= sorted[j]);
        uint32_t edge = first ? sorted[i] : sorted[j];
        i += i < i_end && sorted[i] == edge;
        j += j < j_end && sorted[j] == edge;
        odd ^= crosses(s, edge, p, q);
    }
    return odd;
}

static elc_status add_found(zones_spread *s, const zones_grid *g, const zones_task *t,
                            uint32_t column, uint32_t row, size_t at, bool inside,
                            elc_error *err) {
    uint32_t first = s->starts.items[at], n = s->starts.items[at + 1] - first;
    if (n == 0 && !inside)
        return ELC_OK;
    ELC_TRY(elc_reserve(&s->founds.items, &s->founds.capacity, s->founds.count + 1,
                        sizeof *s->founds.items, err));
    ELC_TRY(elc_reserve(&s->edges.items, &s->edges.capacity, s->edges.count + n + 1,
                        sizeof *s->edges.items, err));
    s->founds.items[s->founds.count++] =
        (zones_found){row * g->columns + column, t->zone, n, inside, s->edges.count};
    if (n > 0)
        memcpy(s->edges.items + s->edges.count, s->sorted.items + first,
               n * sizeof *s->sorted.items);
    s->edges.count += n;
    return ELC_OK;
}

static elc_status follow_row(zones_spread *s, const zones_grid *g, const zones_task *t,
                             uint32_t row, elc_error *err) {
    const zones_span *in = &t->span;
    size_t at = (size_t)(row - in->row0) * (in->column1 - in->column0 + 1);
    elc_point q = elc_zones_reference(g, in->column0, row), p = t->from;
    bool inside = t->inside;
    if (t->may_cross_all) {
        inside ^= odd_crossings(s, t->edges, t->n, p, q);
    } else {
        uint32_t first = s->starts.items[at];
        p.y = q.y;
        inside ^= odd_crossings(s, s->sorted.items + first,
                                s->starts.items[at + 1] - first, p, q);
    }
    ELC_TRY(add_found(s, g, t, in->column0, row, at, inside, err));
    for (uint32_t c = in->column0 + 1; c <= in->column1; c++) {
        p = q;
        q = elc_zones_reference(g, c, row);
        at++;
        inside ^= odd_between(s, at, p, q);
        ELC_TRY(add_found(s, g, t, c, row, at, inside, err));
    }
    return ELC_OK;
}

elc_status elc_zones_spread(zones_spread *s, const zones_grid *g, const zones_task *t,
                            elc_error *err) {
    const zones_span *in = &t->span;
    size_t cells = (size_t)(in->column1 - in->column0 + 1) * (in->row1 - in->row0 + 1);
    s->n_pairs = 0;
    for (size_t i = 0; i < t->n; i++)
        ELC_TRY(spread_edge(s, g, in, t->edges[i], err));
    ELC_TRY(sort_pairs(s, cells, err));
    for (uint32_t row = in->row0; row <= in->row1; row++)
        ELC_TRY(follow_row(s, g, t, row, err));
    return ELC_OK;
}
