/* pair.c - whether a left place stands in a relation to a right one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/places.h"

/* ---- boxes ----------------------------------------------------------------------- */

static bool is_in(const elc_box *a, const elc_box *b) {
    return a->xmin >= b->xmin && a->xmax <= b->xmax && a->ymin >= b->ymin &&
           a->ymax <= b->ymax;
}

static bool share_inside(const elc_box *a, const elc_box *b) {
    return a->xmin < b->xmax && a->xmax > b->xmin && a->ymin < b->ymax &&
           a->ymax > b->ymin;
}

static bool is_equal(const elc_box *a, const elc_box *b) {
    return is_in(a, b) && is_in(b, a);
}

/* What must be so of the boxes of shapes; GEOS looks at them first, too. */
static bool may_be(elc_predicate predicate, const elc_box *a, const elc_box *b) {
    switch (predicate) {
    case ELC_WITHIN:
    case ELC_COVERED_BY:
        return is_in(a, b);
    case ELC_CONTAINS:
    case ELC_COVERS:
        return is_in(b, a);
    case ELC_EQUALS:
        return is_equal(a, b);
    default:
        return elc_box_meets(a, b);
    }
}

/* Two boxes that meet, both of them places. */
static bool ask_boxes(elc_predicate predicate, const elc_box *a, const elc_box *b) {
    switch (predicate) {
    case ELC_TOUCHES:
        return !share_inside(a, b);
    case ELC_OVERLAPS:
        return share_inside(a, b) && !is_in(a, b) && !is_in(b, a);
    case ELC_CROSSES:
        return false;
    default:
        return may_be(predicate, a, b);
    }
}

/* Points are not edges: what has none is GEOS's, as is what was cut. */
static char ask_edges(const elc_asker *a, const place *item) {
    const elc_sketch *s = &a->sketch;
    bool plain = a->kind != ELC_SKETCH_OTHER && a->kind != ELC_SKETCH_POINT;
    elc_edges left = {s->points, plain ? s->n : 0, a->kind};
    elc_edges right = {a->places->edge_points + item->edge_points, item->n_edge_points,
                       item->kind};
    return elc_edges_ask(a->question.predicate, &left, &right);
}

char elc_asker_glance(const elc_asker *a, const place *item) {
    elc_predicate predicate = a->question.predicate;
    const elc_box *left = &a->box, *right = &item->box;
    if (!may_be(predicate, left, right))
        return 0;
    if (a->kind == ELC_SKETCH_BOX && item->kind == ELC_SKETCH_BOX)
        return ask_boxes(predicate, left, right);
    return ask_edges(a, item);
}

/* ---- GEOS ------------------------------------------------------------------------ */

typedef char (*plain_predicate)(GEOSContextHandle_t, const GEOSGeometry *,
                                const GEOSGeometry *);
typedef char (*prepared_predicate)(GEOSContextHandle_t, const GEOSPreparedGeometry *,
                                   const GEOSGeometry *);

/* Of left to right; where left is prepared; where right is. */
static const struct {
    plain_predicate plain;
    prepared_predicate left, right;
} asks[] = {
    [ELC_INTERSECTS] = {GEOSIntersects_r, GEOSPreparedIntersects_r,
                        GEOSPreparedIntersects_r},
    [ELC_WITHIN] = {GEOSWithin_r, GEOSPreparedWithin_r, GEOSPreparedContains_r},
    [ELC_CONTAINS] = {GEOSContains_r, GEOSPreparedContains_r, GEOSPreparedWithin_r},
    [ELC_COVERS] = {GEOSCovers_r, GEOSPreparedCovers_r, GEOSPreparedCoveredBy_r},
    [ELC_COVERED_BY] = {GEOSCoveredBy_r, GEOSPreparedCoveredBy_r, GEOSPreparedCovers_r},
    [ELC_TOUCHES] = {GEOSTouches_r, GEOSPreparedTouches_r, GEOSPreparedTouches_r},
    [ELC_CROSSES] = {GEOSCrosses_r, GEOSPreparedCrosses_r, GEOSPreparedCrosses_r},
    [ELC_OVERLAPS] = {GEOSOverlaps_r, GEOSPreparedOverlaps_r, GEOSPreparedOverlaps_r},
    [ELC_EQUALS] = {GEOSEquals_r, NULL, NULL},
    [ELC_DISJOINT] = {GEOSIntersects_r, GEOSPreparedIntersects_r,
                      GEOSPreparedIntersects_r}, /* turned round at the end */
};

bool elc_asker_prepares(const elc_asker *a) {
    return asks[a->question.predicate].left != NULL;
}

static const GEOSPreparedGeometry *prepare(const elc_asker *a, place *item) {
    if (item->prepared == NULL)
        item->prepared = GEOSPrepare_r(a->geos, item->shape);
    return item->prepared;
}

static char ask_prepared(const elc_asker *a, place *item) {
    elc_predicate predicate = a->question.predicate;
    if (a->prepared != NULL)
        return asks[predicate].left(a->geos, a->prepared, item->shape);
    return prepare(a, item) != NULL
               ? asks[predicate].right(a->geos, item->prepared, a->left)
               : 2;
}

bool elc_asker_turns(const elc_asker *a) {
    return a->places->globe && a->kind != ELC_SKETCH_POINT &&
           (a->reach.xmin <= -180 || a->reach.xmax >= 180);
}

/* As a left point is asked for a right shape. */
static char ask_turns(const elc_asker *a, const place *item) {
    const GEOSGeometry *left = a->uncut != NULL ? a->uncut : a->left;
    const GEOSGeometry *right = item->uncut != NULL ? item->uncut : item->shape;
    char all = 0;
    double x = 0, y = 0;
    GEOSGeomGetX_r(a->geos, right, &x);
    GEOSGeomGetY_r(a->geos, right, &y);
    x = elc_places_turn(x);
    for (double turn = -360; turn <= 360; turn += 360) {
        if (x + turn < a->reach.xmin || x + turn > a->reach.xmax)
            continue;
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(a->geos, x + turn, y);
        char one =
            point != NULL ? asks[a->question.predicate].plain(a->geos, left, point) : 2;
        GEOSGeom_destroy_r(a->geos, point);
        all = one == 1 || all == 1 ? 1 : one == 2 ? 2 : all;
    }
    return all;
}

char elc_asker_pair(const elc_asker *a, place *item) {
    elc_predicate predicate = a->question.predicate;
    if (item->point && elc_asker_turns(a))
        return ask_turns(a, item);
    pthread_mutex_t *lock = &a->places->locks[item->row % PLACES_LOCKS];
    pthread_mutex_lock(lock);
    char answer = a->plain || item->plain || asks[predicate].left == NULL
                      ? asks[predicate].plain(a->geos, a->left, item->shape)
                      : ask_prepared(a, item);
    pthread_mutex_unlock(lock);
    return answer;
}
