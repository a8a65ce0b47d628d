/* zones.c - which of many polygons a point lies in: the asking. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/zones.h"

#include <stdlib.h>

elc_status elc_zones_create(elc_zones **out, elc_error *err) {
    elc_zones *z;
    ELC_TRY(elc_alloc(1, sizeof *z, &z, err));
    z->xmin = z->ymin = INFINITY;
    z->xmax = z->ymax = -INFINITY;
    *out = z;
    return ELC_OK;
}

void elc_zones_free(elc_zones *z) {
    if (z == NULL)
        return;
    free(z->points);
    free(z->ring_ends);
    free(z->members);
    free(z->words);
    free(z->records);
    free(z->groups);
    free(z->edges);
    free(z->nodes);
    free(z);
}

size_t elc_zones_vertices(const elc_zones *z) {
    return z->n_points;
}

size_t elc_zones_bytes(const elc_zones *z) {
    return sizeof *z + z->n_points * sizeof *z->points +
           z->n_rings * sizeof *z->ring_ends + z->n_members * sizeof *z->members +
           z->n_words * sizeof *z->words + z->n_records * sizeof *z->records +
           z->n_groups * sizeof *z->groups + z->n_edges * sizeof *z->edges +
           z->n_nodes * sizeof *z->nodes;
}

/* ---- adding --------------------------------------------------------------------- */

static elc_status check_points(const elc_point *points, size_t n, elc_error *err) {
    for (size_t i = 0; i < n; i++)
        if (!elc_side_takes(points[i].x) || !elc_side_takes(points[i].y))
            return elc_fail(err, ELC_E_ARGUMENT,
                            "zones: a polygon has the point %g %g, which is no place",
                            points[i].x, points[i].y);
    return ELC_OK;
}

static void bound_points(const elc_point *points, size_t n, zones_member *m) {
    m->xmin = m->ymin = INFINITY;
    m->xmax = m->ymax = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        m->xmin = fmin(m->xmin, points[i].x);
        m->xmax = fmax(m->xmax, points[i].x);
        m->ymin = fmin(m->ymin, points[i].y);
        m->ymax = fmax(m->ymax, points[i].y);
    }
}

static void take_bounds(elc_zones *z, const zones_member *m) {
    z->xmin = fmin(z->xmin, m->xmin);
    z->xmax = fmax(z->xmax, m->xmax);
    z->ymin = fmin(z->ymin, m->ymin);
    z->ymax = fmax(z->ymax, m->ymax);
}

static elc_status add_member(elc_zones *z, const void *wkb, size_t size,
                             zones_member *m, elc_error *err) {
    size_t first = z->n_points;
    m->first_ring = z->n_rings;
    ELC_TRY(elc_reserve(&z->members, &z->member_capacity, z->n_members + 1,
                        sizeof *z->members, err));
    ELC_TRY(elc_wkb_rings(wkb, size, &z->points, &z->n_points, &z->point_capacity,
                          &z->ring_ends, &z->n_rings, &z->ring_capacity, err));
    if (z->n_points == first)
        return ELC_OK;
    ELC_TRY(check_points(z->points + first, z->n_points - first, err));
    m->n_rings = z->n_rings - m->first_ring;
    bound_points(z->points + first, z->n_points - first, m);
    take_bounds(z, m);
    z->members[z->n_members++] = *m;
    return ELC_OK;
}

elc_status elc_zones_add(elc_zones *z, const void *wkb, size_t size, uint32_t zone,
                         elc_error *err) {
    size_t points = z->n_points, rings = z->n_rings;
    zones_member m = {.zone = zone};
    if (zone >= 1u << ZONES_INDEX_BITS)
        return elc_fail(err, ELC_E_MEMORY, "zones: more than 2^30 of them");
    elc_status status = add_member(z, wkb, size, &m, err);
    if (status != ELC_OK) {
        z->n_points = points;
        z->n_rings = rings;
    }
    return status;
}

/* ---- asking --------------------------------------------------------------------- */

static elc_status add_hit(elc_zone_hits *hits, uint32_t zone, bool border,
                          elc_error *err) {
    if (hits->count == hits->capacity)
        ELC_TRY(elc_reserve(&hits->items, &hits->capacity, hits->count + 1,
                            sizeof *hits->items, err));
    hits->items[hits->count++] = (elc_zone_hit){zone, border};
    return ELC_OK;
}

static bool is_between(elc_point a, elc_point b, elc_point p) {
    return p.x >= fmin(a.x, b.x) && p.x <= fmax(a.x, b.x) && p.y >= fmin(a.y, b.y) &&
           p.y <= fmax(a.y, b.y);
}

/* Whether the line from p to the reference point, which is left of every edge, crosses
   one: -1 where p is on it. */
static int ask_edge(elc_point a, elc_point b, elc_point p, elc_point reference) {
    int side = elc_side(a, b, p);
    if (side > 0)
        return 0;
    if (side == 0) {
        if (is_between(a, b, p))
            return -1;
        if (elc_zones_side(a, b, p) > 0)
            return 0;
    }
    return elc_zones_parts(p, reference, a) != elc_zones_parts(p, reference, b);
}

/* Sets *sure when the sign of the result is right; see elc_side. */
static inline double side_of(elc_point a, elc_point b, elc_point p, bool *sure) {
    double l = (a.x - p.x) * (b.y - p.y), r = (a.y - p.y) * (b.x - p.x);
    *sure = fabs(l - r) > ELC_SIDE_BOUND * (fabs(l) + fabs(r));
    return l - r;
}

/* 1 inside, 0 outside, -1 on the border. Without a branch while all is sure, for no
   processor guesses on which side a point lies. */
static int ask_edges(const zones_edge *edges, size_t n, bool inside, elc_point p,
                     elc_point reference) {
    for (size_t i = 0; i < n; i++) {
        elc_point a = edges[i].a, b = edges[i].b;
        bool sure_p, sure_a, sure_b;
        double side = side_of(a, b, p, &sure_p);
        double side_a = side_of(p, reference, a, &sure_a);
        double side_b = side_of(p, reference, b, &sure_b);
        int crosses = (side < 0) & ((side_a > 0) != (side_b > 0));
        if (__builtin_expect(!(sure_p & sure_a & sure_b), 0))
            crosses = ask_edge(a, b, p, reference);
        if (__builtin_expect(crosses < 0, 0))
            return -1;
        inside ^= crosses;
    }
    return inside;
}

static elc_status find_in_record(const elc_zones *z, const zones_record *r, elc_point p,
                                 elc_zone_hits *hits, elc_error *err) {
    const zones_group *g = z->groups + r->first_group;
    for (size_t i = 0; i < r->n_groups; i++, g++) {
        int state =
            ask_edges(z->edges + g->first_edge, g->n_edges, g->inside, p, r->reference);
        if (state != 0)
            ELC_TRY(add_hit(hits, g->zone, state < 0, err));
    }
    return ELC_OK;
}

static int compare_hits(const void *a, const void *b) {
    const elc_zone_hit *x = a, *y = b;
    return (x->zone > y->zone) - (x->zone < y->zone);
}

static uint32_t cell_of(const zones_grid *g, elc_point p) {
    return elc_zones_slot(p.y, g->y, g->to_row, g->rows) * g->columns +
           elc_zones_slot(p.x, g->x, g->to_column, g->columns);
}

static elc_status find_in_word(const elc_zones *z, uint32_t word, elc_point p,
                               elc_zone_hits *hits, elc_error *err) {
    uint32_t index = word & ((1u << ZONES_INDEX_BITS) - 1);
    switch (word >> ZONES_INDEX_BITS) {
    case ZONES_ONE:
        return add_hit(hits, index, false, err);
    case ZONES_RECORD:
        return find_in_record(z, &z->records[index], p, hits, err);
    default:
        return ELC_OK;
    }
}

static elc_status find_in_node(const elc_zones *z, const zones_node *node, elc_point p,
                               elc_zone_hits *hits, elc_error *err) {
    for (size_t i = 0; i < node->n_groups; i++)
        ELC_TRY(add_hit(hits, z->groups[node->first_group + i].zone, false, err));
    size_t before = hits->count;
    uint32_t word = z->words[node->first_word + cell_of(&node->grid, p)];
    ELC_TRY(find_in_word(z, word, p, hits, err));
    if (before > 0 && hits->count > before)
        qsort(hits->items, hits->count, sizeof *hits->items, compare_hits);
    return ELC_OK;
}

static double away_from_nothing(double v) {
    return v != 0 && fabs(v) < ELC_SIDE_LEAST ? copysign(ELC_SIDE_LEAST, v) : v;
}

elc_status elc_zones_find(const elc_zones *z, elc_point p, elc_zone_hits *hits,
                          elc_error *err) {
    hits->count = 0;
    p = (elc_point){away_from_nothing(p.x), away_from_nothing(p.y)};
    if (!(p.x >= z->xmin && p.x <= z->xmax && p.y >= z->ymin && p.y <= z->ymax))
        return ELC_OK;
    uint32_t word = z->words[cell_of(&z->grid, p)];
    if (word == 0)
        return ELC_OK;
    if (word >> ZONES_INDEX_BITS == ZONES_NODE)
        return find_in_node(z, &z->nodes[word & ((1u << ZONES_INDEX_BITS) - 1)], p,
                            hits, err);
    return find_in_word(z, word, p, hits, err);
}

/* ---- asking soon ----------------------------------------------------------------- */

/* Where the answer to a point is looked up next: one of these, or none. */
typedef struct walk {
    elc_point p;
    const uint32_t *word;
    const zones_record *record;
    const zones_node *node;
    const zones_group *group;
} walk;

static void fetch(const void *memory) {
    __builtin_prefetch(memory);
    __builtin_prefetch((const char *)memory + 64);
}

static void leave_word(const elc_zones *z, walk *w) {
    uint32_t index = *w->word & ((1u << ZONES_INDEX_BITS) - 1);
    uint32_t kind = *w->word >> ZONES_INDEX_BITS;
    w->word = NULL;
    if (kind == ZONES_RECORD)
        fetch(w->record = &z->records[index]);
    else if (kind == ZONES_NODE)
        fetch(w->node = &z->nodes[index]);
}

/* One look-up further; false at the end. */
static bool walk_on(const elc_zones *z, walk *w) {
    if (w->word != NULL) {
        leave_word(z, w);
        return w->record != NULL || w->node != NULL;
    }
    if (w->node != NULL) {
        w->word = &z->words[w->node->first_word + cell_of(&w->node->grid, w->p)];
        __builtin_prefetch(w->word);
        w->node = NULL;
        return true;
    }
    if (w->record != NULL) {
        fetch(w->group = &z->groups[w->record->first_group]);
        w->record = NULL;
        return true;
    }
    fetch(&z->edges[w->group->first_edge]);
    return false;
}

/* The look-ups of one point wait for each other; those of many do not. */
void elc_zones_expect(const elc_zones *z, const elc_point *points, size_t n) {
    walk walks[ELC_ZONES_EXPECTED];
    size_t left = 0;
    for (size_t i = 0; i < n && i < ELC_ZONES_EXPECTED; i++) {
        elc_point p = points[i];
        if (!(p.x >= z->xmin && p.x <= z->xmax && p.y >= z->ymin && p.y <= z->ymax))
            continue;
        walks[left] = (walk){.p = p, .word = &z->words[cell_of(&z->grid, p)]};
        __builtin_prefetch(walks[left++].word);
    }
    while (left > 0) {
        size_t n_now = left;
        left = 0;
        for (size_t i = 0; i < n_now; i++) {
            walk w = walks[i];
            if (walk_on(z, &w))
                walks[left++] = w;
        }
    }
}

/* ---- owning --------------------------------------------------------------------- */

/* Crossings of the moved point's line to the right. */
static bool ring_has(const elc_point *ring, size_t n, elc_point p) {
    bool inside = false;
    for (size_t i = 1; i < n; i++) {
        elc_point a = ring[i - 1], b = ring[i];
        if ((a.y <= p.y) == (b.y <= p.y))
            continue;
        inside ^= (elc_zones_side(a, b, p) > 0) == (b.y > a.y);
    }
    return inside;
}

static bool member_has(const elc_zones *z, const zones_member *m, elc_point p) {
    bool inside = false;
    for (size_t i = m->first_ring; i < m->first_ring + m->n_rings; i++) {
        size_t first = i == 0 ? 0 : z->ring_ends[i - 1];
        inside ^= ring_has(z->points + first, z->ring_ends[i] - first, p);
    }
    return inside;
}

static const zones_member *find_member(const elc_zones *z, uint32_t zone) {
    size_t low = 0, high = z->n_members;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (z->members[middle].zone <= zone)
            low = middle;
        else
            high = middle;
    }
    return &z->members[low];
}

uint32_t elc_zones_owner(const elc_zones *z, elc_point p, const elc_zone_hits *hits) {
    for (size_t i = 0; i < hits->count; i++) {
        const elc_zone_hit *hit = &hits->items[i];
        if (!hit->border || member_has(z, find_member(z, hit->zone), p))
            return hit->zone;
    }
    return hits->items[0].zone;
}
