/* trace.c - the outlines of masks along the edges of their pixels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/detect.h>

#include <stdlib.h>

static const size_t NONE = SIZE_MAX;

/* One side of a run, or a part of its upper or lower side, with the run to the right of
   who walks along it. */
typedef struct edge {
    int64_t x, y, to_x, to_y;
    size_t run;
    bool walked;
} edge;

typedef struct ring {
    size_t part; /* first run of the runs that touch by sides */
    size_t first, n;
    bool hole;
} ring;

typedef struct tracing {
    const elc_mask *mask;
    size_t *part; /* by run: parents of a forest whose roots are the lowest */
    edge *edges;  /* by where they begin */
    size_t n_edges, edge_capacity;
    size_t *path;    /* edges of the ring under way */
    size_t *on_path; /* by edge: where in the path its beginning is; NONE */
    size_t n_path;
    ring *rings;
    size_t n_rings, ring_capacity;
    elc_point *points;
    size_t n_points, point_capacity;
} tracing;

static void tracing_free(tracing *t) {
    free(t->part);
    free(t->edges);
    free(t->path);
    free(t->on_path);
    free(t->rings);
    free(t->points);
}

/* ---- parts --------------------------------------------------------------------------
 */

static size_t root_of(size_t *part, size_t i) {
    while (part[i] != i)
        i = part[i] = part[part[i]];
    return i;
}

static void join(size_t *part, size_t a, size_t b) {
    a = root_of(part, a);
    b = root_of(part, b);
    part[a < b ? b : a] = a < b ? a : b;
}

/* ---- edges --------------------------------------------------------------------------
 */

static elc_status add_edge(tracing *t, edge e, elc_error *err) {
    ELC_TRY(elc_reserve(&t->edges, &t->edge_capacity, t->n_edges + 1, sizeof *t->edges,
                        err));
    t->edges[t->n_edges++] = e;
    return ELC_OK;
}

static elc_status add_sides(tracing *t, size_t i, elc_error *err) {
    elc_run run = t->mask->runs[i];
    int64_t y = run.y, start = run.start, end = run.end;
    ELC_TRY(add_edge(t, (edge){start, y + 1, start, y, i, false}, err));
    return add_edge(t, (edge){end, y, end, y + 1, i, false}, err);
}

/* The runs of a row: [first, end). */
typedef struct row {
    size_t first, end;
} row;

static row row_from(const elc_mask *mask, size_t first) {
    row r = {first, first};
    while (r.end < mask->n && mask->runs[r.end].y == mask->runs[first].y)
        r.end++;
    return r;
}

/* The run of a row from `at` on that ends right of x; moves `at` there. */
static const elc_run *run_at(const elc_mask *mask, row r, size_t *at, int64_t x) {
    while (*at < r.end && mask->runs[*at].end <= x)
        ++*at;
    return *at < r.end ? &mask->runs[*at] : NULL;
}

/* Where the state of a row changes next right of x. */
static int64_t change_of(const elc_run *run, int64_t x) {
    if (!run)
        return INT64_MAX;
    return run->start > x ? run->start : run->end;
}

/* The parts of the line between two rows, either of which may be empty, that have a run
   on one side alone. Runs that meet across it are of one part. */
static elc_status add_line(tracing *t, row above, row below, int64_t y,
                           elc_error *err) {
    const elc_mask *mask = t->mask;
    size_t a = above.first, b = below.first;
    for (int64_t x = INT64_MIN;;) {
        const elc_run *p = run_at(mask, above, &a, x), *q = run_at(mask, below, &b, x);
        int64_t of_p = change_of(p, x), of_q = change_of(q, x);
        int64_t to = of_p < of_q ? of_p : of_q;
        if (to == INT64_MAX)
            return ELC_OK;
        bool in_p = p && p->start <= x, in_q = q && q->start <= x;
        if (in_p && in_q)
            join(t->part, a, b);
        else if (in_p)
            ELC_TRY(add_edge(t, (edge){to, y, x, y, a, false}, err));
        else if (in_q)
            ELC_TRY(add_edge(t, (edge){x, y, to, y, b, false}, err));
        x = to;
    }
}

static elc_status add_edges(tracing *t, elc_error *err) {
    const elc_mask *mask = t->mask;
    row above = {0, 0};
    int64_t y = INT64_MIN; /* below the row above */
    for (size_t i = 0; i < mask->n;) {
        row below = row_from(mask, i);
        int64_t top = mask->runs[i].y;
        if (y != top) {
            ELC_TRY(add_line(t, above, (row){0, 0}, y, err));
            above = (row){0, 0};
        }
        ELC_TRY(add_line(t, above, below, top, err));
        for (; i < below.end; i++)
            ELC_TRY(add_sides(t, i, err));
        above = below;
        y = top + 1;
    }
    return add_line(t, above, (row){0, 0}, y, err);
}

static int compare_edges(const void *p, const void *q) {
    const edge *a = p, *b = q;
    if (a->y != b->y)
        return a->y < b->y ? -1 : 1;
    if (a->x != b->x)
        return a->x < b->x ? -1 : 1;
    return (a->run > b->run) - (a->run < b->run);
}

/* ---- rings --------------------------------------------------------------------------
 */

/* The first edge that begins where one ends. */
static size_t first_at(const tracing *t, int64_t x, int64_t y) {
    size_t low = 0, high = t->n_edges;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const edge *e = &t->edges[middle];
        if (e->y < y || (e->y == y && e->x < x))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool begins_alike(const tracing *t, size_t a, size_t b) {
    return b < t->n_edges && t->edges[a].x == t->edges[b].x &&
           t->edges[a].y == t->edges[b].y;
}

/* Where two runs meet at a corner alone, the one that turns right: round its own run.
 */
static size_t next_of(const tracing *t, size_t at) {
    const edge *e = &t->edges[at];
    size_t next = first_at(t, e->to_x, e->to_y);
    if (!begins_alike(t, next, next + 1))
        return next;
    const edge *n = &t->edges[next];
    int64_t turn =
        (e->to_x - e->x) * (n->to_y - n->y) - (e->to_y - e->y) * (n->to_x - n->x);
    return turn > 0 ? next : next + 1;
}

static bool is_straight(const edge *a, const edge *b) {
    return (a->x == a->to_x) == (b->x == b->to_x);
}

/* Corners of the path from `from` on, as one ring. */
static elc_status close_ring(tracing *t, size_t from, elc_error *err) {
    ring r = {.first = t->n_points};
    double twice = 0;
    size_t n = t->n_path - from;
    ELC_TRY(elc_reserve(&t->points, &t->point_capacity, t->n_points + n,
                        sizeof *t->points, err));
    for (size_t i = 0; i < n; i++) {
        const edge *before = &t->edges[t->path[from + (i + n - 1) % n]];
        const edge *e = &t->edges[t->path[from + i]];
        twice += (double)e->x * (double)e->to_y - (double)e->to_x * (double)e->y;
        if (!is_straight(before, e))
            t->points[t->n_points++] = (elc_point){(double)e->x, (double)e->y};
    }
    r.n = t->n_points - r.first;
    r.hole = twice < 0;
    r.part = root_of(t->part, t->edges[t->path[from]].run);
    ELC_TRY(elc_reserve(&t->rings, &t->ring_capacity, t->n_rings + 1, sizeof *t->rings,
                        err));
    t->rings[t->n_rings++] = r;
    for (size_t i = from; i < t->n_path; i++)
        t->on_path[first_at(t, t->edges[t->path[i]].x, t->edges[t->path[i]].y)] = NONE;
    t->n_path = from;
    return ELC_OK;
}

/* A path that comes back to one of its own corners has closed a ring there: so that
   none touches itself. */
static elc_status walk(tracing *t, size_t start, elc_error *err) {
    for (size_t at = start; !t->edges[at].walked; at = next_of(t, at)) {
        edge *e = &t->edges[at];
        size_t corner = first_at(t, e->x, e->y);
        if (t->on_path[corner] != NONE)
            ELC_TRY(close_ring(t, t->on_path[corner], err));
        e->walked = true;
        t->on_path[corner] = t->n_path;
        t->path[t->n_path++] = at;
    }
    return close_ring(t, 0, err);
}

static int compare_rings(const void *p, const void *q) {
    const ring *a = p, *b = q;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    if (a->hole != b->hole)
        return a->hole ? 1 : -1;
    return (a->first > b->first) - (a->first < b->first);
}

static elc_status trace(tracing *t, elc_error *err) {
    ELC_TRY(elc_alloc(t->mask->n, sizeof *t->part, &t->part, err));
    for (size_t i = 0; i < t->mask->n; i++)
        t->part[i] = i;
    ELC_TRY(add_edges(t, err));
    if (t->n_edges == 0)
        return ELC_OK;
    qsort(t->edges, t->n_edges, sizeof *t->edges, compare_edges);
    ELC_TRY(elc_alloc(t->n_edges, sizeof *t->path, &t->path, err));
    ELC_TRY(elc_alloc(t->n_edges, sizeof *t->on_path, &t->on_path, err));
    for (size_t i = 0; i < t->n_edges; i++)
        t->on_path[i] = NONE;
    for (size_t i = 0; i < t->n_edges; i++)
        if (!t->edges[i].walked)
            ELC_TRY(walk(t, i, err));
    qsort(t->rings, t->n_rings, sizeof *t->rings, compare_rings);
    return ELC_OK;
}

elc_status elc_mask_outline(const elc_mask *mask, elc_outline *out, elc_error *err) {
    tracing t = {.mask = mask};
    elc_outline made = {0};
    elc_status status = trace(&t, err);
    if (status == ELC_OK)
        status = elc_alloc(t.n_rings, sizeof *made.rings, &made.rings, err);
    if (status == ELC_OK) {
        made.points = t.points;
        t.points = NULL;
        made.n_points = t.n_points;
        made.n_rings = t.n_rings;
        for (size_t i = 0; i < t.n_rings; i++)
            made.rings[i] = (elc_ring){t.rings[i].first, t.rings[i].n, t.rings[i].hole};
        *out = made;
    }
    tracing_free(&t);
    return status;
}
