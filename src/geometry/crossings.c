/* crossings.c - how often a ring crosses itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/crossings.h"

#include <math.h>
#include <stdlib.h>

typedef struct edge {
    elc_point a, b;
    double xmin, xmax;
} edge;

static int compare_edges(const void *p, const void *q) {
    double a = ((const edge *)p)->xmin, b = ((const edge *)q)->xmin;
    return (a > b) - (a < b);
}

static double side(elc_point o, elc_point a, elc_point p) {
    return (a.x - o.x) * (p.y - o.y) - (a.y - o.y) * (p.x - o.x);
}

static bool cross(const edge *e, const edge *f) {
    double c = side(e->a, e->b, f->a), d = side(e->a, e->b, f->b);
    double g = side(f->a, f->b, e->a), h = side(f->a, f->b, e->b);
    return ((c > 0 && d < 0) || (c < 0 && d > 0)) &&
           ((g > 0 && h < 0) || (g < 0 && h > 0));
}

elc_status elc_ring_crossings(const elc_point *ring, size_t n, size_t most, size_t *out,
                              elc_error *err) {
    edge *edges = NULL;
    *out = 0;
    ELC_TRY(elc_alloc(n, sizeof *edges, &edges, err));
    for (size_t i = 0; i < n; i++) {
        elc_point a = ring[i], b = ring[(i + 1) % n];
        edges[i] = (edge){a, b, fmin(a.x, b.x), fmax(a.x, b.x)};
    }
    qsort(edges, n, sizeof *edges, compare_edges);
    for (size_t i = 0; i < n && *out < most; i++)
        for (size_t k = i + 1; k < n && edges[k].xmin <= edges[i].xmax && *out < most;
             k++)
            *out += cross(&edges[i], &edges[k]);
    free(edges);
    return ELC_OK;
}
