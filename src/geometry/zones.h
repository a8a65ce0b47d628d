/* zones.h - the index of many polygons, from within: a grid whose crowded cells have a
   grid of their own. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_ZONES_H
#define ELCANO_SRC_GEOMETRY_ZONES_H

#include <elcano/geometry.h>

#include "geometry/side.h"

/* Columns and rows of equal size. Column and row of a point rise with x and y however
   they are rounded, so that the points of a cell are those of a box: what is true of
   boxes, that they are convex, is true of cells to the last bit. */
typedef struct zones_grid {
    double x, y, to_column, to_row, width, height; /* of a cell */
    uint32_t columns, rows;
} zones_grid;

static inline uint32_t elc_zones_slot(double v, double from, double scale, uint32_t n) {
    double at = (v - from) * scale, last = n - 1.0;
    at = at > 0 ? at : 0;
    at = at < last ? at : last;
    return (uint32_t)(int32_t)at;
}

static inline uint32_t elc_zones_column(const zones_grid *g, double x) {
    return elc_zones_slot(x, g->x, g->to_column, g->columns);
}

static inline uint32_t elc_zones_row(const zones_grid *g, double y) {
    return elc_zones_slot(y, g->y, g->to_row, g->rows);
}

/* A number whose products with others are not rounded to nothing. */
static inline double elc_zones_usable(double v) {
    return fabs(v) < ELC_SIDE_LEAST ? 0 : v;
}

/* A point in the cell of which the index knows the zones that have it. */
static inline elc_point elc_zones_reference(const zones_grid *g, uint32_t column,
                                            uint32_t row) {
    return (elc_point){elc_zones_usable(g->x + (column + 0.5) * g->width),
                       elc_zones_usable(g->y + (row + 0.5) * g->height)};
}

/* The grid of a cell: of 2^shift columns and rows, so that nothing is rounded but its
   corner. */
static inline zones_grid elc_zones_child(const zones_grid *g, uint32_t column,
                                         uint32_t row, uint32_t shift) {
    uint32_t n = 1u << shift;
    return (zones_grid){.x = g->x + column * g->width,
                        .y = g->y + row * g->height,
                        .to_column = g->to_column * n,
                        .to_row = g->to_row * n,
                        .width = g->width / n,
                        .height = g->height / n,
                        .columns = n,
                        .rows = n};
}

/* What the word of a cell says: no zone; one that holds all of it; where in the words
   its record is; or its node. */
enum {
    ZONES_NONE,
    ZONES_ONE,
    ZONES_RECORD,
    ZONES_NODE,
    ZONES_INDEX_BITS = 30,
    ZONES_INDEX_MOST = (1 << ZONES_INDEX_BITS) - 1
};

static inline uint32_t elc_zones_kind(uint32_t word) {
    return word >> ZONES_INDEX_BITS;
}

static inline uint32_t elc_zones_index(uint32_t word) {
    return word & ZONES_INDEX_MOST;
}

/* A piece of a zone's border in a cell: its edges from point `first` on. A record is
   the numbers of zones and of pieces; the pieces; the zones, each twice its number and
   1 where it has the cell's reference point. One without a piece holds all of the cell.
 */
typedef struct zones_piece {
    uint32_t nth; /* of the record's zones */
    uint32_t first, edges;
} zones_piece;

/* A node is the logarithm of its columns; the number of zones that hold all of the cell
   and they; the words of its own cells, of which those of records count from the node
   on. */
enum { ZONES_RECORD_WORDS = 2, ZONES_PIECE_WORDS = 3, ZONES_NODE_WORDS = 2 };

typedef struct zones_member {
    uint32_t zone;
    size_t first_ring, n_rings;
    double xmin, ymin, xmax, ymax;
} zones_member;

struct elc_zones {
    elc_point *points; /* of all rings, closed */
    size_t n_points, point_capacity;
    size_t *ring_ends;
    size_t n_rings, ring_capacity;
    zones_member *members;
    size_t n_members, member_capacity;
    double xmin, ymin, xmax, ymax;
    double widths, heights; /* of all edges */

    zones_grid grid;
    double *reference_x, *reference_y; /* of columns, of rows */
    uint32_t *cells;                   /* their words, and one more that is NONE */
    uint32_t *words;                   /* of records and nodes */
    size_t n_words, word_capacity;
};

/* Fails: more than an index holds. */
elc_status elc_zones_full(elc_error *err);

/* Points count as moved a little to the right, and up by infinitely less: none then
   lies on an edge. 1 left of the edge from a to b, -1 right of it. */
static inline int elc_zones_side(elc_point a, elc_point b, elc_point p) {
    int side = elc_side(a, b, p);
    if (side != 0)
        return side;
    if (b.y != a.y)
        return b.y > a.y ? -1 : 1;
    return b.x > a.x ? 1 : -1;
}

/* Whether the line from p to q, both moved so, crosses the edge. Their sides of it
   differ. */
static inline bool elc_zones_parts(elc_point p, elc_point q, elc_point end) {
    int side = elc_side(p, q, end); /* the end moves the other way */
    if (side != 0)
        return side > 0;
    return q.y != p.y ? q.y > p.y : q.x < p.x;
}

#endif
