/* cluster.c - points that are dense together, as DBSCAN has them.
 *
 * Ester, Kriegel, Sander and Xu 1996, through cells in which all points are neighbours
 * (Wang, Gu and Shun 2020, "Theoretically-efficient and practical parallel DBSCAN"):
 * core points are found cell by cell, cells are joined where core points of two are
 * within reach, and what is left goes to the lowest cluster within its reach. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/cluster.h"

#include <math.h>
#include <stdlib.h>

enum { CELLS_A_STEP = 512, LOOK_POINTS = 4096 };

typedef struct clustering clustering;
/* What is done at each cell of a walk. */
typedef elc_status (*cell_body)(clustering *k, cluster_walk *walk, cluster_room *room,
                                elc_error *err);

struct clustering {
    cluster_cells cells;
    const elc_cluster_wish *wish;
    int32_t *label; /* of each cell, of its core points; then of each cell's cluster */
    int32_t *out;
    cell_body body;
    atomic_size_t next; /* cell */
};

/* ---- threads --------------------------------------------------------------------- */

static elc_status walk_some(clustering *k, size_t from, cluster_room *room,
                            elc_error *err) {
    size_t left = k->cells.n_cells - from,
           many = left < CELLS_A_STEP ? left : CELLS_A_STEP;
    cluster_walk walk;
    ELC_TRY(elc_check_cancel(k->wish->context, err));
    elc_cluster_walk_begin(&walk, &k->cells, from);
    for (size_t i = 0; i < many; i++) {
        if (i > 0)
            elc_cluster_walk_next(&walk);
        ELC_TRY(k->body(k, &walk, room, err));
    }
    return ELC_OK;
}

static elc_status work(void *arg, int index, elc_error *err) {
    (void)index;
    clustering *k = arg;
    cluster_room room = {0};
    elc_status status = ELC_OK;
    while (status == ELC_OK) {
        size_t from = atomic_fetch_add(&k->next, CELLS_A_STEP);
        if (from >= k->cells.n_cells)
            break;
        status = walk_some(k, from, &room, err);
    }
    free(room.items);
    return status;
}

static elc_status walk_all(clustering *k, cell_body body, elc_error *err) {
    size_t steps = k->cells.n_cells / CELLS_A_STEP + 1;
    int threads = elc_context_threads(k->wish->context);
    k->body = body;
    atomic_store(&k->next, 0);
    return elc_threads_run((size_t)threads < steps ? threads : (int)steps, work, k,
                           err);
}

/* ---- core points ----------------------------------------------------------------- */

/* At least `wanted` points of the runs are near; all of its own cell are. */
static bool has_neighbours(const cluster_cells *c, const cluster_walk *w, size_t point,
                           size_t wanted) {
    size_t own = c->first[w->cell], after = c->first[w->cell + 1], n = after - own;
    for (size_t i = 0; i < w->n_runs && n < wanted; i++)
        for (size_t k = c->first[w->runs[i].from], end = c->first[w->runs[i].to];
             k < end && n < wanted; k++)
            n += (k < own || k >= after) && elc_cluster_near(c, point, k);
    return n >= wanted;
}

static size_t points_of(const cluster_cells *c, const cluster_walk *w) {
    size_t n = 0;
    for (size_t i = 0; i < w->n_runs; i++)
        n += c->first[w->runs[i].to] - c->first[w->runs[i].from];
    return n;
}

static elc_status find_core(clustering *k, cluster_walk *w, cluster_room *room,
                            elc_error *err) {
    (void)room;
    const cluster_cells *c = &k->cells;
    size_t from = c->first[w->cell], to = c->first[w->cell + 1];
    size_t least = k->wish->min_points, all = to - from;
    bool dense = all >= least, any = false;
    if (!dense) {
        elc_cluster_walk_look(w);
        all = points_of(c, w);
    }
    for (size_t i = from; i < to && all >= least; i++) {
        if (all > LOOK_POINTS)
            ELC_TRY(elc_check_cancel(k->wish->context, err));
        c->core[i] = dense || has_neighbours(c, w, i, least);
        any |= c->core[i];
    }
    c->parent[w->cell] = any ? (uint32_t)w->cell : CLUSTER_NONE;
    return ELC_OK;
}

static elc_status join_cells(clustering *k, cluster_walk *w, cluster_room *room,
                             elc_error *err) {
    if (k->cells.parent[w->cell] == CLUSTER_NONE)
        return ELC_OK;
    elc_cluster_walk_look(w);
    return elc_cluster_join(&k->cells, w, room, err);
}

/* ---- numbers --------------------------------------------------------------------- */

/* A cluster: the cell that stands for it, and its least core point. */
typedef struct cluster {
    elc_point least;
    uint32_t root;
} cluster;

static bool is_before(elc_point a, elc_point b) {
    return a.x < b.x || (a.x == b.x && a.y < b.y);
}

static int by_least(const void *a, const void *b) {
    const cluster *p = a, *q = b;
    return is_before(p->least, q->least) ? -1 : is_before(q->least, p->least);
}

static elc_point least_core(const cluster_cells *c, size_t cell) {
    elc_point least = {INFINITY, INFINITY};
    for (size_t i = c->first[cell]; i < c->first[cell + 1]; i++)
        if (c->core[i] && is_before(c->points[i], least))
            least = c->points[i];
    return least;
}

/* Clusters in the order of their cells; label becomes the place of each root's. */
static elc_status list_clusters(clustering *k, cluster **out, size_t *n,
                                elc_error *err) {
    const cluster_cells *c = &k->cells;
    size_t capacity = 0;
    for (size_t cell = 0; cell < c->n_cells; cell++) {
        k->label[cell] = -1;
        if (c->parent[cell] == CLUSTER_NONE)
            continue;
        uint32_t root = elc_cluster_root(c, (uint32_t)cell); /* no cell after it */
        elc_point least = least_core(c, cell);
        if (root == cell) {
            ELC_TRY(elc_reserve(out, &capacity, *n + 1, sizeof **out, err));
            k->label[cell] = (int32_t)*n;
            (*out)[(*n)++] = (cluster){least, root};
        }
        cluster *mine = &(*out)[k->label[root]];
        if (is_before(least, mine->least))
            mine->least = least;
    }
    return ELC_OK;
}

static elc_status take_least(const cluster *clusters, size_t n, elc_clusters *out,
                             elc_error *err) {
    elc_clusters made = {.count = n};
    ELC_TRY(elc_alloc(n, sizeof *made.least, &made.least, err));
    for (size_t i = 0; i < n; i++)
        made.least[i] = clusters[i].least;
    *out = made;
    return ELC_OK;
}

/* Two clusters cannot have one least point, for it would join them. */
static elc_status number_clusters(clustering *k, elc_clusters *out, elc_error *err) {
    const cluster_cells *c = &k->cells;
    cluster *clusters = NULL;
    size_t n = 0;
    elc_status status = list_clusters(k, &clusters, &n, err);
    if (status == ELC_OK && n > 0)
        qsort(clusters, n, sizeof *clusters, by_least);
    if (status == ELC_OK)
        status = take_least(clusters, n, out, err);
    for (size_t i = 0; i < n && status == ELC_OK; i++)
        k->label[clusters[i].root] = (int32_t)i;
    for (size_t cell = 0; cell < c->n_cells && status == ELC_OK; cell++)
        if (c->parent[cell] != CLUSTER_NONE)
            k->label[cell] = k->label[elc_cluster_root(c, (uint32_t)cell)];
    free(clusters);
    return status;
}

/* ---- border points --------------------------------------------------------------- */

static bool is_near_core(const cluster_cells *c, size_t point, size_t cell) {
    for (size_t i = c->first[cell]; i < c->first[cell + 1]; i++)
        if (c->core[i] && elc_cluster_near(c, point, i))
            return true;
    return false;
}

/* The lowest cluster of a core point within reach, or -1. */
static int32_t lowest_near(const clustering *k, const cluster_walk *w, size_t point) {
    int32_t lowest = -1;
    for (size_t i = 0; i < w->n_runs; i++)
        for (size_t cell = w->runs[i].from; cell < w->runs[i].to; cell++) {
            int32_t label = k->label[cell];
            if (label >= 0 && (lowest < 0 || label < lowest) &&
                is_near_core(&k->cells, point, cell))
                lowest = label;
        }
    return lowest;
}

static elc_status label_points(clustering *k, cluster_walk *w, cluster_room *room,
                               elc_error *err) {
    (void)room;
    const cluster_cells *c = &k->cells;
    size_t from = c->first[w->cell], to = c->first[w->cell + 1], all = 0;
    for (size_t i = from; i < to; i++) {
        if (!c->core[i] && all == 0) {
            elc_cluster_walk_look(w);
            all = points_of(c, w);
        }
        if (all > LOOK_POINTS)
            ELC_TRY(elc_check_cancel(k->wish->context, err));
        k->out[c->order[i]] = c->core[i] ? k->label[w->cell] : lowest_near(k, w, i);
    }
    return ELC_OK;
}

/* ---- all of it ------------------------------------------------------------------- */

static elc_status cluster_cells_of(clustering *k, elc_clusters *out, elc_error *err) {
    ELC_TRY(walk_all(k, find_core, err));
    ELC_TRY(walk_all(k, join_cells, err));
    ELC_TRY(elc_alloc(k->cells.n_cells, sizeof *k->label, &k->label, err));
    ELC_TRY(number_clusters(k, out, err));
    return walk_all(k, label_points, err);
}

static elc_status check_points(const elc_point *points, size_t n, bool metres,
                               elc_error *err) {
    if (n > INT32_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%zu points are more than the 2,147,483,647 that can be "
                        "clustered",
                        n);
    for (size_t i = 0; i < n; i++)
        if (!(fabs(points[i].x) <= (metres ? 360 : 0x1p+400) &&
              fabs(points[i].y) <= (metres ? 90 : 0x1p+400)))
            return elc_fail(err, ELC_E_ARGUMENT, "point %zu is nowhere: %g, %g", i,
                            points[i].x, points[i].y);
    return ELC_OK;
}

elc_status elc_clusters_find(elc_point *points, size_t n, const elc_cluster_wish *wish,
                             int32_t *labels, elc_clusters *out, elc_error *err) {
    clustering k = {.wish = wish, .out = labels};
    cluster_reach reach;
    elc_clusters found = {0};
    ELC_TRY(elc_cluster_reach_create(wish->eps, wish->metres, &reach, err));
    if (wish->min_points < 1)
        return elc_fail(err, ELC_E_ARGUMENT, "min_points is 0; give 1 or more");
    ELC_TRY(check_points(points, n, wish->metres, err));
    ELC_TRY(elc_cluster_cells_create(&reach, points, n, wish->context, &k.cells, err));
    elc_status status = n > 0 ? cluster_cells_of(&k, &found, err) : ELC_OK;
    free(k.label);
    if (status == ELC_OK && n > 0)
        status = elc_cluster_cells_restore(&k.cells, err);
    elc_cluster_cells_free(&k.cells);
    if (status == ELC_OK && out != NULL)
        *out = found;
    else
        elc_clusters_free(&found);
    return status;
}

void elc_clusters_free(elc_clusters *clusters) {
    free(clusters->least);
    *clusters = (elc_clusters){0};
}
