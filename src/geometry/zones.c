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
    free(z->reference_x);
    free(z->reference_y);
    free(z->cells);
    free(z->words);
    free(z);
}

size_t elc_zones_vertices(const elc_zones *z) {
    return z->n_points;
}

size_t elc_zones_bytes(const elc_zones *z) {
    return sizeof *z + z->n_points * sizeof *z->points +
           z->n_rings * sizeof *z->ring_ends + z->n_members * sizeof *z->members +
           (z->grid.columns + z->grid.rows) * sizeof(double) +
           ((size_t)z->grid.columns * z->grid.rows + 1) * sizeof *z->cells +
           z->n_words * sizeof *z->words;
}

elc_status elc_zones_full(elc_error *err) {
    return elc_fail(err, ELC_E_MEMORY,
                    "zones: more edges in cells than an index holds (2^30); split the "
                    "table, or use Spark");
}

/* ---- adding --------------------------------------------------------------------- */

static elc_status fail_point(const elc_point *p, elc_error *err) {
    while (elc_side_takes(p->x) && elc_side_takes(p->y))
        p++;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "zones: a polygon has the point %g %g, which is no place", p->x,
                    p->y);
}

static double lesser(double a, double b) {
    return a < b ? a : b;
}

static double greater(double a, double b) {
    return a > b ? a : b;
}

/* Whether all points are places, and their bounds. */
static bool bound_points(const elc_point *points, size_t n, zones_member *m) {
    double xmin = INFINITY, ymin = INFINITY, xmax = -INFINITY, ymax = -INFINITY;
    int good = 1;
    for (size_t i = 0; i < n; i++) {
        elc_point p = points[i];
        good &= (int)elc_side_takes(p.x) & (int)elc_side_takes(p.y);
        xmin = lesser(p.x, xmin);
        ymin = lesser(p.y, ymin);
        xmax = greater(p.x, xmax);
        ymax = greater(p.y, ymax);
    }
    m->xmin = xmin;
    m->ymin = ymin;
    m->xmax = xmax;
    m->ymax = ymax;
    return good;
}

static void add_lengths(elc_zones *z, const elc_point *p, size_t n) {
    double width = 0, height = 0;
    for (size_t i = 1; i < n; i++) {
        width += fabs(p[i].x - p[i - 1].x);
        height += fabs(p[i].y - p[i - 1].y);
    }
    z->widths += width;
    z->heights += height;
}

static void take_bounds(elc_zones *z, const zones_member *m) {
    z->xmin = lesser(z->xmin, m->xmin);
    z->xmax = greater(z->xmax, m->xmax);
    z->ymin = lesser(z->ymin, m->ymin);
    z->ymax = greater(z->ymax, m->ymax);
    for (size_t ring = m->first_ring; ring < m->first_ring + m->n_rings; ring++) {
        size_t first = ring == 0 ? 0 : z->ring_ends[ring - 1];
        add_lengths(z, z->points + first, z->ring_ends[ring] - first);
    }
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
    if (!bound_points(z->points + first, z->n_points - first, m))
        return fail_point(z->points + first, err);
    m->n_rings = z->n_rings - m->first_ring;
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
