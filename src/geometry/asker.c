/* asker.c - which right places stand in a relation to a left one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/places.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A left place that many boxes meet is worth GEOS's index of its edges. */
enum { WORTH_PREPARING = 4, METRES_A_DEGREE = 110000 };

typedef struct candidates {
    place **items;
    size_t count, capacity;
    elc_status status;
} candidates;

/* Zones of points that are asked next. */
typedef struct foreseen {
    elc_point points[ELC_ZONES_EXPECTED];
    size_t ends[ELC_ZONES_EXPECTED];
    size_t n, at;
    elc_zone_hits hits;
} foreseen;

struct elc_asker {
    elc_places *places;
    elc_question question;
    GEOSContextHandle_t geos;
    GEOSWKBReader *reader;
    char said[300];
    elc_zone_hits hits;
    foreseen next;
    uint32_t *rows;
    size_t n, capacity;
    candidates found;
    /* of the question */
    const GEOSGeometry *left;
    const GEOSPreparedGeometry *prepared;
    bool plain, unaskable;
};

elc_status elc_asker_create(elc_places *places, const elc_question *question,
                            elc_asker **out, elc_error *err) {
    elc_asker *a;
    ELC_TRY(elc_alloc(1, sizeof *a, &a, err));
    a->places = places;
    a->question = *question;
    a->geos = elc_places_geos(a->said);
    a->reader = a->geos != NULL ? GEOSWKBReader_create_r(a->geos) : NULL;
    if (a->reader == NULL) {
        elc_asker_free(a);
        return elc_places_fail("", ELC_E_MEMORY, err);
    }
    *out = a;
    return ELC_OK;
}

void elc_asker_free(elc_asker *a) {
    if (a == NULL)
        return;
    if (a->reader != NULL)
        GEOSWKBReader_destroy_r(a->geos, a->reader);
    if (a->geos != NULL)
        GEOS_finish_r(a->geos);
    free(a->hits.items);
    free(a->next.hits.items);
    free(a->rows);
    free(a->found.items);
    free(a);
}

static elc_status add_row(elc_asker *a, uint32_t row, elc_error *err) {
    ELC_TRY(elc_reserve(&a->rows, &a->capacity, a->n + 1, sizeof *a->rows, err));
    a->rows[a->n++] = row;
    return ELC_OK;
}

/* ---- a pair ------------------------------------------------------------------------
 */

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

static const GEOSPreparedGeometry *prepare(const elc_asker *a, place *item) {
    if (item->prepared == NULL)
        item->prepared = GEOSPrepare_r(a->geos, item->shape);
    return item->prepared;
}

static char ask_near(const elc_asker *a, place *item) {
    double far = 0;
    if (!a->question.metres)
        return prepare(a, item) != NULL
                   ? GEOSPreparedDistanceWithin_r(a->geos, item->prepared, a->left,
                                                  a->question.distance)
                   : 2;
    if (elc_places_metres(a->geos, a->left, item->shape, &far) != ELC_OK)
        return 2;
    return far <= a->question.distance;
}

static char ask_prepared(const elc_asker *a, place *item) {
    elc_predicate predicate = a->question.predicate;
    if (a->prepared != NULL)
        return asks[predicate].left(a->geos, a->prepared, item->shape);
    return prepare(a, item) != NULL
               ? asks[predicate].right(a->geos, item->prepared, a->left)
               : 2;
}

static char ask_pair(const elc_asker *a, place *item) {
    elc_predicate predicate = a->question.predicate;
    pthread_mutex_t *lock = &a->places->locks[item->row % PLACES_LOCKS];
    pthread_mutex_lock(lock);
    char answer = predicate == ELC_NEAR ? ask_near(a, item)
                  : a->plain || item->plain || asks[predicate].left == NULL
                      ? asks[predicate].plain(a->geos, a->left, item->shape)
                      : ask_prepared(a, item);
    pthread_mutex_unlock(lock);
    return answer;
}

/* ---- candidates --------------------------------------------------------------------
 */

static void take_candidate(void *item, void *arg) {
    candidates *found = arg;
    if (found->status == ELC_OK)
        found->status = elc_reserve(&found->items, &found->capacity, found->count + 1,
                                    sizeof *found->items, NULL);
    if (found->status == ELC_OK)
        found->items[found->count++] = item;
}

/* What may be within the distance: everything, where degrees of longitude say little.
 */
static GEOSGeometry *box_around(const elc_asker *a) {
    double x0, y0, x1, y1, far = a->question.distance, wide = far;
    if (!GEOSGeom_getExtent_r(a->geos, a->left, &x0, &y0, &x1, &y1))
        return NULL;
    if (a->question.metres) {
        far /= METRES_A_DEGREE;
        double most = fmax(fabs(y0), fabs(y1)) + far;
        wide = most < 89 ? far / cos(most * M_PI / 180) * 1.01 : 720;
        if (x0 - wide < -180 || x1 + wide > 180)
            wide = 720;
    }
    return GEOSGeom_createRectangle_r(a->geos, x0 - wide, y0 - far, x1 + wide,
                                      y1 + far);
}

static elc_status ask_tree(elc_asker *a, GEOSSTRtree *tree, elc_error *err) {
    bool near = a->question.predicate == ELC_NEAR;
    GEOSGeometry *box = near ? box_around(a) : NULL;
    if (near && box == NULL)
        return elc_places_fail(a->said, ELC_E_MEMORY, err);
    a->found.count = 0;
    a->found.status = ELC_OK;
    GEOSSTRtree_query_r(a->geos, tree, near ? box : a->left, take_candidate, &a->found);
    GEOSGeom_destroy_r(a->geos, box);
    if (a->found.status != ELC_OK)
        return elc_fail(err, ELC_E_MEMORY, "no memory for the places near another");
    if (a->found.count >= WORTH_PREPARING && !a->plain && a->prepared == NULL &&
        !near && asks[a->question.predicate].left != NULL)
        a->prepared = GEOSPrepare_r(a->geos, a->left);
    for (size_t i = 0; i < a->found.count; i++) {
        char answer = ask_pair(a, a->found.items[i]);
        a->unaskable |= answer == 2;
        bool unlike = answer == 2 && a->question.predicate == ELC_DISJOINT;
        if (answer == 1 || unlike) /* which turning round leaves out */
            ELC_TRY(add_row(a, a->found.items[i]->row, err));
    }
    return ELC_OK;
}

/* ---- points ------------------------------------------------------------------------
 */

/* A point is no larger than itself: it contains, crosses, overlaps no polygon. */
static bool takes_hit(elc_predicate predicate, bool border) {
    switch (predicate) {
    case ELC_INTERSECTS:
    case ELC_COVERED_BY:
    case ELC_DISJOINT:
        return true;
    case ELC_WITHIN:
        return !border;
    case ELC_TOUCHES:
        return border;
    default:
        return false;
    }
}

/* The hits of a point: borrowed, foreseen or asked now. */
static elc_status find_zones(elc_asker *a, elc_point p, elc_zone_hits *hits,
                             elc_error *err) {
    foreseen *next = &a->next;
    while (next->at < next->n &&
           (next->points[next->at].x != p.x || next->points[next->at].y != p.y))
        next->at++;
    if (next->at == next->n) {
        ELC_TRY(elc_zones_find(a->places->zones, p, &a->hits, err));
        *hits = a->hits;
        return ELC_OK;
    }
    size_t first = next->at == 0 ? 0 : next->ends[next->at - 1];
    *hits = (elc_zone_hits){.items = next->hits.items + first,
                            .count = next->ends[next->at++] - first};
    return ELC_OK;
}

static elc_status ask_zones(elc_asker *a, elc_point p, elc_error *err) {
    elc_zone_hits hits;
    if (a->places->n_zones == 0)
        return ELC_OK;
    ELC_TRY(find_zones(a, p, &hits, err));
    if (a->question.owner)
        return hits.count > 0
                   ? add_row(a, elc_zones_owner(a->places->zones, p, &hits), err)
                   : ELC_OK;
    for (size_t i = 0; i < hits.count; i++)
        if (takes_hit(a->question.predicate, hits.items[i].border))
            ELC_TRY(add_row(a, hits.items[i].zone, err));
    return ELC_OK;
}

/* x and y of the plainest WKB of a point. */
static bool read_point(const void *wkb, size_t size, elc_point *p) {
    const uint8_t *b = wkb;
    uint32_t type;
    if (size < 21 || b[0] != 1)
        return false;
    memcpy(&type, b + 1, 4);
    if (type != 1 || size != 21)
        return false;
    memcpy(&p->x, b + 5, 8);
    memcpy(&p->y, b + 13, 8);
    return true;
}

/* ---- the answer --------------------------------------------------------------------
 */

static int compare_rows(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Those that do not intersect: all that have a shape, less those found. */
static elc_status turn_round(elc_asker *a, elc_error *err) {
    size_t found = a->n, at = 0;
    for (size_t i = 0; i < a->places->count; i++) {
        bool meets = at < found && a->rows[at] == i;
        at += meets;
        if (!meets && a->places->items[i].shape != NULL)
            ELC_TRY(add_row(a, (uint32_t)i, err));
    }
    memmove(a->rows, a->rows + found, (a->n - found) * sizeof *a->rows);
    a->n -= found;
    return ELC_OK;
}

static elc_status finish(elc_asker *a, elc_error *err) {
    bool sorted = true;
    for (size_t i = 1; i < a->n; i++)
        sorted &= a->rows[i - 1] < a->rows[i];
    if (!sorted)
        qsort(a->rows, a->n, sizeof *a->rows, compare_rows);
    ELC_TRY(elc_reserve(&a->rows, &a->capacity, a->n + 1, sizeof *a->rows, err));
    return a->question.predicate == ELC_DISJOINT ? turn_round(a, err) : ELC_OK;
}

static elc_status ask_trees(elc_asker *a, bool zones, elc_error *err) {
    if (a->question.owner)
        return ELC_OK;
    if (zones && a->places->n_zones > 0)
        ELC_TRY(ask_tree(a, a->places->zone_tree, err));
    return a->places->n_others > 0 ? ask_tree(a, a->places->other_tree, err) : ELC_OK;
}

/* Takes the left shape. */
static elc_status ask_shape(elc_asker *a, GEOSGeometry *left, bool zones,
                            elc_error *err) {
    a->left = left;
    a->prepared = NULL;
    elc_status status = left != NULL ? ask_trees(a, zones, err)
                                     : elc_places_fail(a->said, ELC_E_MEMORY, err);
    GEOSPreparedGeom_destroy_r(a->geos, a->prepared);
    GEOSGeom_destroy_r(a->geos, left);
    return status;
}

static void begin(elc_asker *a, elc_place_state *state) {
    a->n = 0;
    a->said[0] = '\0';
    a->plain = a->unaskable = false;
    *state = ELC_PLACE_SOUND;
}

/* What was found; the next question takes it away. */
static elc_status answer(elc_asker *a, elc_place_state *state, const uint32_t **rows,
                         size_t *n, elc_error *err) {
    ELC_TRY(finish(a, err));
    if (a->unaskable)
        *state = ELC_PLACE_UNASKABLE;
    *rows = a->rows;
    *n = a->n;
    return ELC_OK;
}

/* In the right places' CRS. */
static elc_status ask_point(elc_asker *a, elc_point p, elc_place_state *state,
                            elc_error *err) {
    bool near = a->question.predicate == ELC_NEAR;
    if (!isfinite(p.x) || !isfinite(p.y)) {
        *state = ELC_PLACE_NOWHERE;
        return ELC_OK;
    }
    if (!near)
        ELC_TRY(ask_zones(a, p, err));
    if (!near && (a->places->n_others == 0 || a->question.owner))
        return ELC_OK;
    return ask_shape(a, GEOSGeom_createPointFromXY_r(a->geos, p.x, p.y), near, err);
}

elc_status elc_asker_find_point(elc_asker *a, elc_point p, elc_place_state *state,
                                const uint32_t **rows, size_t *n, elc_error *err) {
    begin(a, state);
    if (a->question.transform != NULL)
        elc_transform_points(a->question.transform, &p, 1);
    ELC_TRY(ask_point(a, p, state, err));
    if (*state == ELC_PLACE_NOWHERE) {
        *n = 0;
        return ELC_OK;
    }
    return answer(a, state, rows, n, err);
}

/* Takes the left shape. */
static elc_status ask_any(elc_asker *a, GEOSGeometry *left, elc_place_state *state,
                          elc_error *err) {
    elc_point p;
    if (GEOSGeomTypeId_r(a->geos, left) != GEOS_POINT)
        return ask_shape(a, left, true, err);
    GEOSGeomGetX_r(a->geos, left, &p.x);
    GEOSGeomGetY_r(a->geos, left, &p.y);
    GEOSGeom_destroy_r(a->geos, left);
    return ask_point(a, p, state, err);
}

elc_status elc_asker_find(elc_asker *a, const void *wkb, size_t size,
                          elc_place_state *state, const uint32_t **rows, size_t *n,
                          elc_error *err) {
    elc_point p;
    GEOSGeometry *left;
    /* an empty point is written as one of NaN */
    if (wkb != NULL && read_point(wkb, size, &p) && !(isnan(p.x) && isnan(p.y)))
        return elc_asker_find_point(a, p, state, rows, n, err);
    begin(a, state);
    *n = 0;
    ELC_TRY(elc_places_read(a->geos, a->reader, a->said, wkb, size,
                            a->question.transform, &left, state, err));
    if (left == NULL)
        return ELC_OK;
    a->plain = elc_places_plain(a->geos, left, *state);
    ELC_TRY(ask_any(a, left, state, err));
    return answer(a, state, rows, n, err);
}

void elc_asker_expect(elc_asker *a, const elc_point *points, size_t n) {
    foreseen *next = &a->next;
    next->n = next->at = 0;
    if (a->question.transform != NULL || a->places->n_zones == 0 ||
        a->question.predicate == ELC_NEAR || n == 0)
        return;
    n = n < ELC_ZONES_EXPECTED ? n : ELC_ZONES_EXPECTED;
    memcpy(next->points, points, n * sizeof *points);
    if (elc_zones_find_all(a->places->zones, points, n, &next->hits, next->ends,
                           NULL) == ELC_OK)
        next->n = n;
}
