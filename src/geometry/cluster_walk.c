/* cluster_walk.c - from cell to cell, and which cells hold a cell's neighbours.
 *
 * A cell's side is 0.7071 of the reach, so that what is near lies at most two rows and,
 * on the plane, two columns away. On the ellipsoid rows have as many columns as their
 * parallel is long, and they come round. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/cluster.h"

#include <math.h>
#include <stdlib.h>

/* The first cell from `at` on, and before `end`, whose column is `column` or more. */
static size_t seek(const cluster_cells *c, size_t at, size_t end, uint64_t column) {
    size_t step = 1, high;
    while (at < end && c->column[at] < column) {
        high = end - at > step ? at + step : end;
        if (high < end && c->column[high] < column) {
            at = high;
            step *= 2;
            continue;
        }
        while (high - at > 1) { /* at is less, high is not */
            size_t middle = at + (high - at) / 2;
            if (c->column[middle] < column)
                at = middle;
            else
                high = middle;
        }
        return high;
    }
    return at;
}

static void add_run(cluster_walk *w, size_t from, size_t to) {
    if (from < to)
        w->runs[w->n_runs++] = (cluster_run){from, to};
}

/* Columns of a row of the ellipsoid, in shares of a turn; false: all of them. */
static bool columns_of(const cluster_walk *w, int k, int64_t *from, int64_t *to) {
    double turn = (double)w->turn, there = (double)w->beside[k].turn;
    double column = w->cells->column[w->cell], share = w->beside[k].share;
    *from = (int64_t)floor((column / turn - share) * there);
    *to = (int64_t)floor(((column + 1) / turn + share) * there);
    return share < 0.5 && *to - *from + 1 < (int64_t)w->beside[k].turn;
}

static void find_row_runs(cluster_walk *w, int k) {
    const cluster_cells *c = w->cells;
    size_t row = w->beside[k].row, begin = c->row_first[row];
    size_t end = c->row_first[row + 1];
    int64_t from = (int64_t)c->column[w->cell] - 2, to = from + 4;
    int64_t turn = (int64_t)w->beside[k].turn;
    if (c->reach->metres && !columns_of(w, k, &from, &to)) {
        add_run(w, begin, end);
        return;
    }
    size_t low = seek(c, w->beside[k].at, end, from > 0 ? (uint64_t)from : 0);
    size_t high = seek(c, low, end, (uint64_t)to + 1);
    w->beside[k].at = low;
    add_run(w, low, high);
    if (c->reach->metres && from < 0)
        add_run(w, seek(c, high, end, (uint64_t)(from + turn)), end);
    if (c->reach->metres && to >= turn)
        add_run(w, begin, seek(c, begin, low, (uint64_t)(to - turn) + 1));
}

void elc_cluster_walk_look(cluster_walk *w) {
    w->n_runs = 0;
    for (int k = 0; k < CLUSTER_ROWS; k++)
        if (w->beside[k].row < w->cells->n_rows)
            find_row_runs(w, k);
}

/* Rows two numbers away are at most two places away. */
static void enter_row(cluster_walk *w) {
    const cluster_cells *c = w->cells;
    const cluster_reach *r = c->reach;
    int64_t number = c->row[w->row];
    w->turn = r->metres ? elc_cluster_turn(r, c->row[w->row]) : 0;
    for (int k = 0; k < CLUSTER_ROWS; k++) {
        size_t place = w->row + (size_t)k - 2; /* below 0 it is past the end */
        w->beside[k].row = c->n_rows;
        if (place >= c->n_rows || llabs(c->row[place] - number) > 2)
            continue;
        w->beside[k].row = place;
        w->beside[k].at = c->row_first[place];
        if (!r->metres)
            continue;
        w->beside[k].turn = elc_cluster_turn(r, c->row[place]);
        w->beside[k].share = elc_cluster_share(r, c->row[w->row], c->row[place]);
    }
}

void elc_cluster_walk_begin(cluster_walk *w, const cluster_cells *cells, size_t cell) {
    size_t low = 0, high = cells->n_rows;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (cells->row_first[middle] <= cell)
            low = middle;
        else
            high = middle;
    }
    *w = (cluster_walk){.cells = cells, .cell = cell, .row = low};
    enter_row(w);
}

void elc_cluster_walk_next(cluster_walk *w) {
    w->cell++;
    if (w->cell == w->cells->row_first[w->row + 1]) {
        w->row++;
        enter_row(w);
    }
}
