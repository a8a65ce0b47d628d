/* zones_walk.c - walks along borders: the pieces of one zone in the cells of a grid,
   and whether it has their reference points. Takes time for edges and the cells that
   they meet, and a bit of it for those inside. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/zones_walk.h"

#include <stdlib.h>
#include <string.h>

void elc_zones_walk_margins(zones_walk *w, double most) {
    w->margin_x = most * 0x1p-48 + w->grid->width * 0x1p-40;
    w->margin_y = most * 0x1p-48 + w->grid->height * 0x1p-40;
}

elc_status elc_zones_walk_begin(zones_walk *w, uint32_t columns, uint32_t rows,
                                elc_error *err) {
    w->stride = (columns + 63) / 64;
    ELC_TRY(elc_alloc((size_t)rows * w->stride, sizeof *w->borders, &w->borders, err));
    return elc_alloc((size_t)rows * w->stride, sizeof *w->flips, &w->flips, err);
}

void elc_zones_walk_within(zones_walk *w, elc_point least, elc_point most) {
    const zones_grid *g = w->grid;
    uint32_t row0 = elc_zones_row(g, least.y), row1 = elc_zones_row(g, most.y) + 1;
    w->bits_row0 = row0 < w->row0 ? w->row0 : row0;
    w->bits_row1 = row1 > w->row1 ? w->row1 : row1;
    w->word0 = elc_zones_column(g, least.x) / 64;
    w->word1 = (elc_zones_column(g, most.x) + 1) / 64 + 1;
    w->word1 = w->word1 < w->stride ? w->word1 : w->stride;
}

void elc_zones_walk_free(zones_walk *w) {
    free(w->found);
    free(w->borders);
    free(w->flips);
}

/* ---- cells that an edge may touch ------------------------------------------------ */

static elc_status add_found(zones_walk *w, uint32_t cell, zones_found piece,
                            elc_error *err) {
    uint32_t *word = &w->words[cell];
    ELC_TRY(elc_reserve(&w->found, &w->found_capacity, w->n_found + 2, sizeof *w->found,
                        err));
    if (w->n_found + 2 > ZONES_INDEX_MOST)
        return elc_zones_full(err);
    piece.next = ZONES_LAST;
    if (elc_zones_kind(*word) == ZONES_RECORD)
        piece.next = elc_zones_index(*word);
    if (elc_zones_kind(*word) == ZONES_ONE) {
        piece.next = (uint32_t)w->n_found;
        w->found[w->n_found++] =
            (zones_found){.zone = elc_zones_index(*word), .next = ZONES_LAST};
    }
    *word = (uint32_t)ZONES_RECORD << ZONES_INDEX_BITS | (uint32_t)w->n_found;
    w->found[w->n_found++] = piece;
    return ELC_OK;
}

elc_status elc_zones_cover(zones_walk *w, uint32_t cell, uint32_t zone,
                           elc_error *err) {
    if (w->words[cell] != 0)
        return add_found(w, cell, (zones_found){.zone = zone}, err);
    w->words[cell] = (uint32_t)ZONES_ONE << ZONES_INDEX_BITS | zone;
    return ELC_OK;
}

/* The piece of the cell that the edge goes on with, or a new one, of which `zone` is
   the cell until the walk ends. */
static elc_status touch(zones_walk *w, uint32_t column, uint32_t row, uint32_t edge,
                        elc_error *err) {
    uint32_t cell = (row - w->row0) * w->grid->columns + column;
    uint32_t word = w->words[cell];
    w->n_touched++;
    if (elc_zones_kind(word) == ZONES_RECORD && elc_zones_index(word) >= w->n_before) {
        zones_found *last = &w->found[elc_zones_index(word)];
        if (last->first + last->edges / 2 == edge) {
            last->edges += 2;
            return ELC_OK;
        }
    }
    w->borders[(row - w->row0) * w->stride + column / 64] |= UINT64_C(1) << column % 64;
    return add_found(w, cell, (zones_found){.zone = cell, .first = edge, .edges = 2},
                     err);
}

/* x of an edge at y, which is brought between its ends. */
static double edge_x(elc_point low, elc_point high, double slope, double y) {
    return y <= low.y ? low.x : y >= high.y ? high.x : low.x + (y - low.y) * slope;
}

typedef struct span {
    uint32_t column0, column1, row0, row1; /* ends included */
} span;

/* More cells than it touches do no harm, fewer do: bands of rows are a little higher.
 */
static elc_status touch_slanted(zones_walk *w, const span *in, uint32_t edge,
                                elc_error *err) {
    const zones_grid *g = w->grid;
    elc_point a = w->points[edge], b = w->points[edge + 1];
    elc_point low = a.y <= b.y ? a : b, high = a.y <= b.y ? b : a;
    double slope = (high.x - low.x) / (high.y - low.y);
    for (uint32_t row = in->row0; row <= in->row1; row++) {
        double y = g->y + row * g->height;
        double x0 = edge_x(low, high, slope, y - w->margin_y);
        double x1 = edge_x(low, high, slope, y + g->height + w->margin_y);
        uint32_t from = elc_zones_column(g, (x0 < x1 ? x0 : x1) - w->margin_x);
        uint32_t to = elc_zones_column(g, (x0 < x1 ? x1 : x0) + w->margin_x);
        from = from < in->column0 ? in->column0 : from;
        to = to > in->column1 ? in->column1 : to;
        for (uint32_t column = from; column <= to; column++)
            ELC_TRY(touch(w, column, row, edge, err));
    }
    return ELC_OK;
}

static elc_status touch_all(zones_walk *w, const span *in, uint32_t edge,
                            elc_error *err) {
    for (uint32_t row = in->row0; row <= in->row1; row++)
        for (uint32_t column = in->column0; column <= in->column1; column++)
            ELC_TRY(touch(w, column, row, edge, err));
    return ELC_OK;
}

/* ---- reference points ------------------------------------------------------------ */

/* The first column whose reference point is right of the edge, which passes the row. */
static uint32_t first_right(const zones_walk *w, const span *in, elc_point a,
                            elc_point b, uint32_t row) {
    int right = b.y > a.y ? -1 : 1;
    elc_point p = {0, w->reference_y[row]};
    uint32_t column = in->column0;
    if (in->column1 - in->column0 > 2) /* about */
        column =
            elc_zones_column(w->grid, a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x));
    column = column < in->column0 ? in->column0 : column;
    while (column > in->column0) {
        p.x = w->reference_x[column - 1];
        if (elc_zones_side(a, b, p) != right)
            break;
        column--;
    }
    for (; column <= in->column1; column++) {
        p.x = w->reference_x[column];
        if (elc_zones_side(a, b, p) == right)
            break;
    }
    return column;
}

static void flip(zones_walk *w, const span *in, elc_point a, elc_point b) {
    for (uint32_t row = in->row0; row <= in->row1; row++) {
        double y = w->reference_y[row];
        if ((a.y <= y) == (b.y <= y))
            continue;
        uint32_t column = first_right(w, in, a, b, row);
        if (column < w->grid->columns)
            w->flips[(row - w->row0) * w->stride + column / 64] ^= UINT64_C(1)
                                                                   << column % 64;
    }
}

/* ---- a zone ------------------------------------------------------------------------
 */

static span span_of(uint32_t c0, uint32_t r0, uint32_t c1, uint32_t r1) {
    return (span){c0 < c1 ? c0 : c1, c0 < c1 ? c1 : c0, r0 < r1 ? r0 : r1,
                  r0 < r1 ? r1 : r0};
}

/* An edge that leaves its cell. */
static elc_status walk_far(zones_walk *w, span in, uint32_t edge, elc_error *err) {
    bool slanted = in.column0 != in.column1 && in.row0 != in.row1;
    in.row0 = in.row0 < w->row0 ? w->row0 : in.row0;
    in.row1 = in.row1 < w->row1 ? in.row1 : w->row1 - 1;
    if (in.row0 > in.row1)
        return ELC_OK;
    flip(w, &in, w->points[edge], w->points[edge + 1]);
    return slanted ? touch_slanted(w, &in, edge, err) : touch_all(w, &in, edge, err);
}

elc_status elc_zones_walk(zones_walk *w, uint32_t first, uint32_t n, elc_error *err) {
    elc_point a = w->points[first];
    uint32_t column = elc_zones_column(w->grid, a.x), row = elc_zones_row(w->grid, a.y);
    for (uint32_t edge = first; edge < first + n && w->n_touched <= w->touched_most &&
                                w->n_found <= w->found_most;
         edge++) {
        elc_point b = w->points[edge + 1];
        uint32_t c = elc_zones_column(w->grid, b.x), r = elc_zones_row(w->grid, b.y);
        if (c != column || r != row) {
            ELC_TRY(walk_far(w, span_of(column, row, c, r), edge, err));
        } else if (r >= w->row0 && r < w->row1) {
            flip(w, &(span){c, c, r, r}, a, b);
            ELC_TRY(touch(w, c, r, edge, err));
        }
        a = b;
        column = c;
        row = r;
    }
    return ELC_OK;
}

/* Each bit with those before it. */
static uint64_t run_parity(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

static elc_status cover_cells(zones_walk *w, uint64_t bits, uint32_t cell,
                              uint32_t zone, elc_error *err) {
    for (; bits != 0; bits &= bits - 1)
        ELC_TRY(elc_zones_cover(w, cell + (uint32_t)__builtin_ctzll(bits), zone, err));
    return ELC_OK;
}

/* Makes of flips what is inside. */
static elc_status end_row(zones_walk *w, uint32_t row, uint32_t zone, elc_error *err) {
    uint64_t before = 0;
    uint32_t columns = w->grid->columns;
    for (uint32_t i = w->word0; i < w->word1; i++) {
        uint64_t *flips = &w->flips[row * w->stride + i];
        uint64_t all =
            columns - i * 64 < 64 ? (UINT64_C(1) << columns % 64) - 1 : ~UINT64_C(0);
        *flips = (run_parity(*flips) ^ before) & all;
        before = *flips >> 63 ? ~UINT64_C(0) : 0;
        uint64_t covered = *flips & ~w->borders[row * w->stride + i];
        ELC_TRY(cover_cells(w, covered, row * columns + i * 64, zone, err));
    }
    return ELC_OK;
}

void elc_zones_walk_forget(zones_walk *w) {
    for (uint32_t row = w->bits_row0; row < w->bits_row1; row++)
        for (uint32_t i = w->word0; i < w->word1; i++)
            w->flips[(row - w->row0) * w->stride + i] =
                w->borders[(row - w->row0) * w->stride + i] = 0;
}

elc_status elc_zones_walk_end(zones_walk *w, uint32_t zone, elc_error *err) {
    uint32_t columns = w->grid->columns;
    size_t n_pieces = w->n_found;
    for (uint32_t row = w->bits_row0; row < w->bits_row1; row++)
        ELC_TRY(end_row(w, row - w->row0, zone, err));
    for (size_t i = w->n_before; i < n_pieces; i++) {
        zones_found *piece = &w->found[i];
        if (piece->edges == 0) /* another zone's, that holds all of the cell */
            continue;
        uint32_t row = piece->zone / columns, column = piece->zone % columns;
        uint64_t inside = w->flips[row * w->stride + column / 64] >> column % 64;
        piece->edges |= (uint32_t)(inside & 1);
        piece->zone = zone;
    }
    elc_zones_walk_forget(w);
    w->n_before = w->n_found;
    return ELC_OK;
}
