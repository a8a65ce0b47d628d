/* cluster.h - points in cells, within each of which all are neighbours (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_CLUSTER_H
#define ELCANO_SRC_GEOMETRY_CLUSTER_H

#include <elcano/geometry.h>

#include <geodesic.h>
#include <stdatomic.h>

#define CLUSTER_NONE UINT32_MAX

/* When two points are neighbours: by the square of the straight line between them, and
   where that leaves it open by the geodesic. On the plane nothing is left open. */
typedef struct cluster_reach {
    bool metres;
    double eps;
    double sure; /* squares up to it: they are */
    double most; /* beyond it: they are not */
    double side; /* of cells: the root of `sure` over that of 2, and a little less */
    struct geod_geodesic globe;
} cluster_reach;

/* Sorted by cell: cells by row, then column, and rows from the lowest y. A row has
   `turn` columns; on the plane they do not come round. */
typedef struct cluster_cells {
    const cluster_reach *reach;
    size_t n;           /* points */
    elc_point *points;  /* the caller's, sorted */
    double (*space)[3]; /* the same in space, of metres; else NULL */
    uint32_t *order;    /* where each was */
    size_t n_cells;
    uint32_t *first;          /* n_cells + 1: the first point of each, */
    uint32_t *column;         /* its column, */
    _Atomic uint32_t *parent; /* the cell it is joined to; CLUSTER_NONE: no core */
    size_t n_rows;
    uint32_t *row;       /* numbers of rows, rising, */
    uint32_t *row_first; /* n_rows + 1: and the first cell of each */
    unsigned char *core; /* of each point */
} cluster_cells;

/* ELC_E_ARGUMENT for a reach that is none, or too short for the points' extent. */
elc_status elc_cluster_reach_create(double eps, bool metres, cluster_reach *out,
                                    elc_error *err);
/* How many columns a row on the ellipsoid has, and the share of a turn by which two
   places of it and of another row can be apart as neighbours; 1: any. */
uint64_t elc_cluster_turn(const cluster_reach *reach, uint32_t row);
double elc_cluster_share(const cluster_reach *reach, uint32_t row, uint32_t other);

/* Sorts the points, all finite and of the ellipsoid. `points` must outlive the cells.
 */
elc_status elc_cluster_cells_create(const cluster_reach *reach, elc_point *points,
                                    size_t n, const elc_context *context,
                                    cluster_cells *out, elc_error *err);
/* Puts the points back to where they were, and frees the cells whatever comes of it. */
elc_status elc_cluster_cells_restore(cluster_cells *cells, elc_error *err);
void elc_cluster_cells_free(cluster_cells *cells);

/* ---- neighbours ------------------------------------------------------------------ */

static inline bool elc_cluster_open(const cluster_cells *c, size_t a, size_t b) {
    double metres;
    elc_point p = c->points[a], q = c->points[b];
    geod_inverse(&c->reach->globe, p.y, p.x, q.y, q.x, &metres, NULL, NULL);
    return metres <= c->reach->eps;
}

static inline double elc_cluster_square(const cluster_cells *c, size_t a, size_t b) {
    if (c->space == NULL) {
        double x = c->points[a].x - c->points[b].x, y = c->points[a].y - c->points[b].y;
        return x * x + y * y;
    }
    const double *p = c->space[a], *q = c->space[b];
    double x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
    return x * x + y * y + z * z;
}

static inline bool elc_cluster_near(const cluster_cells *c, size_t a, size_t b) {
    double square = elc_cluster_square(c, a, b);
    return square <= c->reach->sure ||
           (square <= c->reach->most && elc_cluster_open(c, a, b));
}

/* A run of cells, [from, to). */
typedef struct cluster_run {
    size_t from, to;
} cluster_run;

enum { CLUSTER_ROWS = 5, CLUSTER_RUNS = 3 * CLUSTER_ROWS };

/* Walks from cell to cell, and finds, where asked, the runs of cells that hold all
   neighbours of the cell's points, itself among them. */
typedef struct cluster_walk {
    const cluster_cells *cells;
    size_t cell, row; /* row: its place among the rows */
    struct {
        size_t row; /* place; n_rows: there is none */
        uint64_t turn;
        double share;
        size_t at; /* from which on the next run begins */
    } beside[CLUSTER_ROWS];
    uint64_t turn;
    cluster_run runs[CLUSTER_RUNS];
    size_t n_runs;
} cluster_walk;

/* Begins at a cell, and goes on to the next one; looks for its runs. */
void elc_cluster_walk_begin(cluster_walk *walk, const cluster_cells *cells,
                            size_t cell);
void elc_cluster_walk_next(cluster_walk *walk);
void elc_cluster_walk_look(cluster_walk *walk);

/* ---- joining --------------------------------------------------------------------- */

/* Room for the core points of two cells; start with {0}. */
typedef struct cluster_room {
    uint32_t *items;
    size_t capacity;
} cluster_room;

/* The cell that stands for all that a core cell is joined to. */
uint32_t elc_cluster_root(const cluster_cells *cells, uint32_t cell);
/* Joins the cell to those of its walk's runs after it that have a core point within
   reach of one of its own. Many threads may. */
elc_status elc_cluster_join(const cluster_cells *cells, const cluster_walk *walk,
                            cluster_room *room, elc_error *err);

#endif
