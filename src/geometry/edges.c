/* edges.c - what the edges of two plain shapes say of how they lie. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/edges.h"

#include "geometry/side.h"

/* Pairs of edges, beyond which GEOS's indexes are the faster way. */
enum { PAIRS_MOST = 4096 };

typedef enum meeting {
    APART,
    TOUCH, /* in a corner or along an edge; nowhere do they cross for certain */
    CROSS  /* inside of two edges */
} meeting;

static elc_box box_of(elc_point a, elc_point b) {
    return (elc_box){a.x < b.x ? a.x : b.x, a.y < b.y ? a.y : b.y,
                     a.x < b.x ? b.x : a.x, a.y < b.y ? b.y : a.y};
}

static meeting ask_edges(const elc_point *a, const elc_point *b) {
    int p = elc_side(a[0], a[1], b[0]), q = elc_side(a[0], a[1], b[1]);
    if (p * q > 0)
        return APART;
    int r = elc_side(b[0], b[1], a[0]), s = elc_side(b[0], b[1], a[1]);
    if (r * s > 0)
        return APART;
    /* on one line their boxes meet, which is that they do */
    return p * q < 0 && r * s < 0 ? CROSS : TOUCH;
}

static elc_box box_of_all(const elc_edges *e) {
    elc_box box = box_of(e->points[0], e->points[0]);
    for (size_t i = 1; i < e->n; i++) {
        elc_point p = e->points[i];
        box.xmin = p.x < box.xmin ? p.x : box.xmin;
        box.xmax = p.x > box.xmax ? p.x : box.xmax;
        box.ymin = p.y < box.ymin ? p.y : box.ymin;
        box.ymax = p.y > box.ymax ? p.y : box.ymax;
    }
    return box;
}

/* The first crossing ends it. */
static meeting look(const elc_edges *a, const elc_edges *b) {
    meeting most = APART;
    elc_box all = box_of_all(b);
    for (size_t i = 0; i + 1 < a->n && most != CROSS; i++) {
        elc_box mine = box_of(a->points[i], a->points[i + 1]);
        if (!elc_box_meets(&mine, &all))
            continue;
        for (size_t k = 0; k + 1 < b->n && most != CROSS; k++) {
            elc_box theirs = box_of(b->points[k], b->points[k + 1]);
            if (!elc_box_meets(&mine, &theirs))
                continue;
            meeting now = ask_edges(a->points + i, b->points + k);
            most = now > most ? now : most;
        }
    }
    return most;
}

/* Of a point that is not on the ring. */
static bool is_inside(const elc_edges *ring, elc_point p) {
    bool inside = false;
    for (size_t i = 0; i + 1 < ring->n; i++) {
        elc_point a = ring->points[i], b = ring->points[i + 1];
        if ((a.y <= p.y) != (b.y <= p.y))
            inside ^= elc_side(a, b, p) == (b.y > a.y ? 1 : -1);
    }
    return inside;
}

/* One of them is inside of the other, and reaches nowhere its border. */
static char ask_deep(elc_predicate predicate, bool left_is_deep) {
    switch (predicate) {
    case ELC_INTERSECTS:
    case ELC_DISJOINT:
        return 1;
    case ELC_WITHIN:
    case ELC_COVERED_BY:
        return left_is_deep;
    case ELC_CONTAINS:
    case ELC_COVERS:
        return !left_is_deep;
    default:
        return 0;
    }
}

static bool is_line(const elc_edges *e) {
    return e->kind == ELC_SKETCH_LINE;
}

static char ask_apart(elc_predicate predicate, const elc_edges *a, const elc_edges *b) {
    if (!is_line(b) && is_inside(b, a->points[0]))
        return ask_deep(predicate, true);
    if (!is_line(a) && is_inside(a, b->points[0]))
        return ask_deep(predicate, false);
    return 0;
}

/* Where an edge crosses one of a ring there is a part on either side of it. Of two
   lines that is not all: they may lie on each other elsewhere. */
static char ask_crossing(elc_predicate predicate, bool a_line, bool b_line) {
    if (predicate == ELC_INTERSECTS || predicate == ELC_DISJOINT)
        return 1;
    if (a_line && b_line)
        return 2;
    if (predicate == ELC_CROSSES)
        return a_line || b_line;
    return predicate == ELC_OVERLAPS && !a_line && !b_line;
}

char elc_edges_ask(elc_predicate predicate, const elc_edges *left,
                   const elc_edges *right) {
    if (left->n < 2 || right->n < 2 || predicate == ELC_NEAR ||
        (left->n - 1) > PAIRS_MOST / (right->n - 1))
        return 2;
    bool meets = predicate == ELC_INTERSECTS || predicate == ELC_DISJOINT;
    switch (look(left, right)) {
    case APART:
        return ask_apart(predicate, left, right);
    case CROSS:
        return ask_crossing(predicate, is_line(left), is_line(right));
    case TOUCH:
        break;
    }
    return meets ? 1 : 2;
}
