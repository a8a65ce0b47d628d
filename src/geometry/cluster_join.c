/* cluster_join.c - cells whose core points are within reach of each other, joined.
 *
 * Sets that are joined are trees of cells, changed by compare and swap, the lower cell
 * above: which cells are together does not depend on the order of the threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/cluster.h"

#include <math.h>

#include "geometry/near_tree.h"

enum { PLAIN_PAIRS = 2048 }; /* that many are looked at one by one */

/* ---- sets ------------------------------------------------------------------------ */

uint32_t elc_cluster_root(const cluster_cells *c, uint32_t cell) {
    for (;;) {
        uint32_t up = atomic_load_explicit(&c->parent[cell], memory_order_relaxed);
        if (up == cell)
            return cell;
        uint32_t over = atomic_load_explicit(&c->parent[up], memory_order_relaxed);
        if (over != up) /* half of the way is left for the next */
            atomic_compare_exchange_weak_explicit(&c->parent[cell], &up, over,
                                                  memory_order_relaxed,
                                                  memory_order_relaxed);
        cell = over;
    }
}

static void unite(const cluster_cells *c, uint32_t a, uint32_t b) {
    for (;;) {
        a = elc_cluster_root(c, a);
        b = elc_cluster_root(c, b);
        if (a == b)
            return;
        uint32_t low = a < b ? a : b, high = a < b ? b : a, expected = high;
        if (atomic_compare_exchange_strong_explicit(&c->parent[high], &expected, low,
                                                    memory_order_relaxed,
                                                    memory_order_relaxed))
            return;
    }
}

/* ---- the nearest pair ------------------------------------------------------------ */

/* Core points of a cell, and the box of them. */
typedef struct points {
    uint32_t *at;
    size_t n;
    double box[6]; /* lows, then highs */
} points;

static int dims_of(const cluster_cells *c) {
    return c->space != NULL ? 3 : 2;
}

static double ordinate(const cluster_cells *c, size_t point, int i) {
    if (c->space != NULL)
        return c->space[point][i];
    return i == 0 ? c->points[point].x : c->points[point].y;
}

static void find_box(const cluster_cells *c, points *p) {
    int dims = dims_of(c);
    for (int i = 0; i < dims; i++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t k = 0; k < p->n; k++) {
            double value = ordinate(c, p->at[k], i);
            low = fmin(low, value);
            high = fmax(high, value);
        }
        p->box[i] = low;
        p->box[dims + i] = high;
    }
}

/* The square of how far places of two boxes are apart at most. */
static double farthest(const points *a, const points *b, int dims) {
    double sum = 0;
    for (int i = 0; i < dims; i++) {
        double d = fmax(a->box[dims + i] - b->box[i], b->box[dims + i] - a->box[i]);
        sum += d * d;
    }
    return sum;
}

static int longest_side(const points *p, int dims, double *length) {
    int longest = 0;
    for (int i = 1; i < dims; i++)
        if (p->box[dims + i] - p->box[i] > p->box[dims + longest] - p->box[longest])
            longest = i;
    *length = p->box[dims + longest] - p->box[longest];
    return longest;
}

/* Puts those of the lower half first; both halves have some. */
static void cut(const cluster_cells *c, const points *whole, points half[2]) {
    double length;
    int dims = dims_of(c), side = longest_side(whole, dims, &length);
    double middle = whole->box[side] + length / 2;
    if (middle >= whole->box[dims + side])
        middle = whole->box[side];
    size_t low = 0;
    for (size_t i = 0; i < whole->n; i++) {
        uint32_t at = whole->at[i];
        if (ordinate(c, at, side) > middle)
            continue;
        whole->at[i] = whole->at[low];
        whole->at[low++] = at;
    }
    half[0] = (points){.at = whole->at, .n = low};
    half[1] = (points){.at = whole->at + low, .n = whole->n - low};
    find_box(c, &half[0]);
    find_box(c, &half[1]);
}

static bool any_pair(const cluster_cells *c, const points *a, const points *b) {
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++)
            if (elc_cluster_near(c, a->at[i], b->at[k]))
                return true;
    return false;
}

/* Whether any of a is within reach of any of b. Points of one place count once. */
static bool any_near(const cluster_cells *c, points *a, points *b) {
    int dims = dims_of(c);
    double length[2];
    points half[2];
    if (elc_nearby_bound(a->box, b->box, b->box + dims, dims) > c->reach->most)
        return false;
    if (farthest(a, b, dims) <= c->reach->sure)
        return true;
    longest_side(a, dims, &length[0]);
    longest_side(b, dims, &length[1]);
    a->n = length[0] > 0 ? a->n : 1;
    b->n = length[1] > 0 ? b->n : 1;
    if ((a->n == 1 && b->n == 1) || a->n <= PLAIN_PAIRS / b->n)
        return any_pair(c, a, b);
    bool first = length[0] >= length[1];
    cut(c, first ? a : b, half);
    for (int i = 0; i < 2; i++) {
        points other = first ? *b : *a;
        if (any_near(c, &half[i], &other))
            return true;
    }
    return false;
}

/* ---- cells ----------------------------------------------------------------------- */

static size_t size_of(const cluster_cells *c, size_t cell) {
    return c->first[cell + 1] - c->first[cell];
}

static bool few_near(const cluster_cells *c, size_t a, size_t b) {
    for (size_t i = c->first[a]; i < c->first[a + 1]; i++)
        for (size_t k = c->first[b]; k < c->first[b + 1] && c->core[i]; k++)
            if (c->core[k] && elc_cluster_near(c, i, k))
                return true;
    return false;
}

static void take_core(const cluster_cells *c, size_t cell, uint32_t *room,
                      points *out) {
    *out = (points){.at = room};
    for (size_t i = c->first[cell]; i < c->first[cell + 1]; i++)
        if (c->core[i])
            out->at[out->n++] = (uint32_t)i;
    find_box(c, out);
}

static elc_status are_near(const cluster_cells *c, size_t a, size_t b,
                           cluster_room *room, bool *out, elc_error *err) {
    size_t n = size_of(c, a), m = size_of(c, b);
    points these, those;
    if (n <= PLAIN_PAIRS / m) {
        *out = few_near(c, a, b);
        return ELC_OK;
    }
    ELC_TRY(
        elc_reserve(&room->items, &room->capacity, n + m, sizeof *room->items, err));
    take_core(c, a, room->items, &these);
    take_core(c, b, room->items + n, &those);
    *out = any_near(c, &these, &those);
    return ELC_OK;
}

elc_status elc_cluster_join(const cluster_cells *c, const cluster_walk *w,
                            cluster_room *room, elc_error *err) {
    uint32_t cell = (uint32_t)w->cell;
    for (size_t i = 0; i < w->n_runs; i++)
        for (size_t k = w->runs[i].from; k < w->runs[i].to; k++) {
            uint32_t other = (uint32_t)k;
            bool near = false;
            if (other <= cell || c->parent[other] == CLUSTER_NONE ||
                elc_cluster_root(c, cell) == elc_cluster_root(c, other))
                continue;
            ELC_TRY(are_near(c, cell, other, room, &near, err));
            if (near)
                unite(c, cell, other);
        }
    return ELC_OK;
}
