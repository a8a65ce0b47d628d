/* zones_walk.h - walks along borders: the pieces of one zone in the cells of a grid. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_ZONES_WALK_H
#define ELCANO_SRC_GEOMETRY_ZONES_WALK_H

#include "geometry/zones.h"

/* A piece as long as cells get more of them: those of a cell are a list, the last one
   first. */
typedef struct zones_found {
    uint32_t zone, first, next;
    uint32_t edges; /* as in zones_piece */
} zones_found;

enum { ZONES_LAST = UINT32_MAX };

/* The cells of rows from `row0` to before `row1`. While walking, the words of cells are
   NONE, ONE, or RECORD with a number of `found`. */
typedef struct zones_walk {
    const elc_point *points;
    const zones_grid *grid;
    const double *reference_x, *reference_y; /* of columns, of rows of the grid */
    uint32_t row0, row1;
    double margin_x, margin_y; /* no rounding of places on edges is larger */
    uint32_t *words;           /* of the cell 0 of row0 */
    zones_found *found;
    size_t n_found, found_most, found_capacity;
    size_t n_touched, touched_most; /* edges in cells; the walk stops for more */
    size_t n_before;                /* pieces of the zones before this one */
    uint64_t *borders,
        *flips; /* `stride` words a row: cells with edges; reference
                   points that are not in what the one left of them is in */
    uint32_t stride;
    uint32_t word0, word1, bits_row0, bits_row1; /* of the zone: to before */
} zones_walk;

/* Memory for a grid of so many columns and rows, or fewer. */
elc_status elc_zones_walk_begin(zones_walk *walk, uint32_t columns, uint32_t rows,
                                elc_error *err);
/* How far rounding may move places on edges, whose numbers are up to `most`. */
void elc_zones_walk_margins(zones_walk *walk, double most);
/* Before a zone: it is nowhere else. */
void elc_zones_walk_within(zones_walk *walk, elc_point least, elc_point most);
/* Along `n` edges from point `first`, of the zone whose walk this is. */
elc_status elc_zones_walk(zones_walk *walk, uint32_t first, uint32_t n, elc_error *err);
/* After all of its edges: says where the zone is. */
elc_status elc_zones_walk_end(zones_walk *walk, uint32_t zone, elc_error *err);
/* Instead, where the walk stopped. */
void elc_zones_walk_forget(zones_walk *walk);
/* A zone that holds all of a cell, counted from row0. */
elc_status elc_zones_cover(zones_walk *walk, uint32_t cell, uint32_t zone,
                           elc_error *err);
void elc_zones_walk_free(zones_walk *walk);

#endif
