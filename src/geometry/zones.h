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
    double at = (v - from) * scale;
    return !(at > 0) ? 0 : at >= n ? n - 1 : (uint32_t)at;
}

/* What a cell says: nothing, one zone that holds all of it, a record, or a grid. */
enum { ZONES_NONE, ZONES_ONE, ZONES_RECORD, ZONES_NODE, ZONES_INDEX_BITS = 30 };

/* A zone in a cell: whether it has the cell's reference point, and its edges there;
   none of them: it holds all of the cell. */
typedef struct zones_group {
    uint32_t zone, first_edge, n_edges;
    uint32_t inside;
} zones_group;

/* An edge, turned so that the cell's reference point is left of it. */
typedef struct zones_edge {
    elc_point a, b;
} zones_edge;

typedef struct zones_record {
    elc_point reference;
    uint32_t first_group, n_groups;
} zones_record;

/* A cell split once more, and the zones that hold all of it. */
typedef struct zones_node {
    zones_grid grid;
    uint32_t first_word, first_group, n_groups;
} zones_node;

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

    zones_grid grid;
    uint32_t *words;
    size_t n_words, word_capacity;
    zones_record *records;
    size_t n_records, record_capacity;
    zones_group *groups;
    size_t n_groups, group_capacity;
    zones_edge *edges;
    size_t n_edges, edge_capacity;
    zones_node *nodes;
    size_t n_nodes, node_capacity;
};

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
