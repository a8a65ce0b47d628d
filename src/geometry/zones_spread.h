/* zones_spread.h - the edges of one zone given to the cells of a grid. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_ZONES_SPREAD_H
#define ELCANO_SRC_GEOMETRY_ZONES_SPREAD_H

#include "geometry/zones.h"

/* A zone in a cell: its edges are `edges[first]` and those after it. */
typedef struct zones_found {
    uint32_t cell, zone, n;
    bool inside;
    size_t first;
} zones_found;

typedef struct zones_founds {
    zones_found *items;
    size_t count, capacity;
} zones_founds;

/* Numbers of edges: edge i goes from point i to the next. */
typedef struct zones_list {
    uint32_t *items;
    size_t count, capacity;
} zones_list;

typedef struct zones_pair {
    uint32_t cell, edge;
} zones_pair;

/* Memory that is used again and again. */
typedef struct zones_spread {
    const elc_zones *zones;
    double margin; /* no rounding here is larger */
    zones_pair *pairs;
    size_t n_pairs, pair_capacity;
    zones_list starts, sorted; /* of the cells looked at */
    zones_founds founds;       /* results; emptied by the caller */
    zones_list edges;
} zones_spread;

typedef struct zones_span {
    uint32_t column0, column1, row0, row1; /* ends included */
} zones_span;

/* What is known before: the zone, its edges, the cells that it may reach, and whether
   it has the point `from`. The line from there to the reference point of a row's first
   cell may cross all edges, or else `from` lies left of that cell, at any height, and
   only those of the cell. */
typedef struct zones_task {
    uint32_t zone;
    const uint32_t *edges;
    size_t n;
    zones_span span;
    elc_point from;
    bool inside;
    bool may_cross_all;
} zones_task;

elc_point elc_zones_reference(const zones_grid *grid, uint32_t column, uint32_t row);
elc_status elc_zones_spread(zones_spread *s, const zones_grid *grid,
                            const zones_task *task, elc_error *err);
void elc_zones_spread_free(zones_spread *s);

#endif
