/* asker.c - which right places stand in a relation to a left one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/places.h"

#include "geometry/wkb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A left place that many boxes meet is worth GEOS's index of its edges. */
enum { WORTH_PREPARING = 4 };

/* On the globe left places are moved, turned and cut before they are asked for. */
static elc_status begin_near(elc_asker *a, elc_error *err) {
    const elc_nearby *near;
    elc_nearby_question q = {.k = 1, .most = a->question.distance};
    q.way = a->places->globe ? NULL : a->question.transform;
    ELC_TRY(elc_places_near(a->places, a->question.metres, &near, err));
    return elc_nearby_asker_create(near, &q, &a->near, err);
}

elc_status elc_asker_create(elc_places *places, const elc_question *question,
                            elc_asker **out, elc_error *err) {
    elc_asker *a;
    ELC_TRY(elc_alloc(1, sizeof *a, &a, err));
    a->places = places;
    a->question = *question;
    a->geos = elc_places_geos(a->said);
    a->reader = a->geos != NULL ? GEOSWKBReader_create_r(a->geos) : NULL;
    elc_status status =
        a->reader != NULL ? ELC_OK : elc_places_fail("", ELC_E_MEMORY, err);
    if (status == ELC_OK && question->predicate == ELC_NEAR)
        status = begin_near(a, err);
    if (status != ELC_OK) {
        elc_asker_free(a);
        return status;
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
    elc_sketch_free(&a->sketch);
    elc_string_free(&a->moved);
    elc_nearby_asker_free(a->near);
    free(a);
}

static elc_status add_row(elc_asker *a, uint32_t row, elc_error *err) {
    ELC_TRY(elc_reserve(&a->rows, &a->capacity, a->n + 1, sizeof *a->rows, err));
    a->rows[a->n++] = row;
    return ELC_OK;
}

/* ---- shapes ---------------------------------------------------------------------- */

/* Those that a glance does not settle are moved to the front of what was found. */
static elc_status glance_at_all(elc_asker *a, elc_error *err) {
    size_t left = 0;
    for (size_t i = 0; i < a->found.count; i++) {
        uint32_t row = a->found.items[i];
        char answer = elc_asker_glance(a, &a->places->items[row]);
        if (answer == 1)
            ELC_TRY(add_row(a, row, err));
        else if (answer == 2)
            a->found.items[left++] = row;
    }
    a->found.count = left;
    return ELC_OK;
}

/* `zones`: also those that are in the zones. */
static elc_status find_boxes(elc_asker *a, bool zones, elc_error *err) {
    const elc_places *p = a->places;
    a->found.count = 0;
    ELC_TRY(elc_boxes_find(&p->other_boxes, &a->box, &a->found, err));
    if (zones || p->refused)
        ELC_TRY(elc_boxes_find(&p->zone_boxes, &a->box, &a->found, err));
    size_t left = 0;
    for (size_t i = 0; i < a->found.count && !zones; i++)
        if (!p->items[a->found.items[i]].zone)
            a->found.items[left++] = a->found.items[i];
    if (!zones)
        a->found.count = left;
    return glance_at_all(a, err);
}

/* Right points that are met a turn further only, beside those that were found. */
static elc_status find_turned(elc_asker *a, elc_error *err) {
    const elc_places *p = a->places;
    size_t left = a->found.count;
    for (double turn = -360; turn <= 360 && elc_asker_turns(a); turn += 360) {
        elc_box box = a->reach;
        box.xmin += turn;
        box.xmax += turn;
        if (box.xmin <= 180 && box.xmax >= -180)
            ELC_TRY(elc_boxes_find(&p->other_boxes, &box, &a->found, err));
    }
    for (size_t i = left; i < a->found.count; i++)
        if (p->items[a->found.items[i]].point)
            a->found.items[left++] = a->found.items[i];
    a->found.count = left;
    return ELC_OK;
}

/* Of those that were found; takes the left shape. */
static elc_status ask_found(elc_asker *a, GEOSGeometry *left, elc_error *err) {
    elc_status status = ELC_OK;
    if (left == NULL)
        return elc_places_fail(a->said, ELC_E_MEMORY, err);
    a->left = left;
    a->prepared = NULL;
    if (a->found.count >= WORTH_PREPARING && !a->plain && elc_asker_prepares(a))
        a->prepared = GEOSPrepare_r(a->geos, left);
    for (size_t i = 0; i < a->found.count && status == ELC_OK; i++) {
        char answer = elc_asker_pair(a, &a->places->items[a->found.items[i]]);
        a->unaskable |= answer == 2;
        bool unlike = answer == 2 && a->question.predicate == ELC_DISJOINT;
        if (answer == 1 || unlike) /* which turning round leaves out */
            status = add_row(a, a->found.items[i], err);
    }
    GEOSPreparedGeom_destroy_r(a->geos, a->prepared);
    GEOSGeom_destroy_r(a->geos, left);
    return status;
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

/* Where a point is among those foreseen, from the next one on; n when it is none. */
static size_t foreseen_at(const foreseen *next, elc_point p) {
    size_t i = next->at;
    while (i < next->n && (next->points[i].x != p.x || next->points[i].y != p.y))
        i++;
    return i;
}

/* The hits of a point: borrowed, foreseen or asked now. */
static elc_status find_zones(elc_asker *a, elc_point p, elc_zone_hits *hits,
                             elc_error *err) {
    foreseen *next = &a->next;
    size_t at = foreseen_at(next, p);
    if (at == next->n) {
        ELC_TRY(elc_zones_find(a->places->zones, p, &a->hits, err));
        *hits = a->hits;
        return ELC_OK;
    }
    size_t first = at == 0 ? 0 : next->ends[at - 1];
    *hits = (elc_zone_hits){.items = next->hits.items + first,
                            .count = next->ends[at] - first};
    next->at = at + 1;
    return ELC_OK;
}

static elc_status ask_zones(elc_asker *a, elc_point p, elc_error *err) {
    elc_zone_hits hits;
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

/* All but the zones. */
static elc_status ask_others(elc_asker *a, elc_point p, elc_error *err) {
    if (a->places->other_boxes.count == 0 && !a->places->refused)
        return ELC_OK;
    a->box = (elc_box){p.x, p.y, p.x, p.y};
    a->kind = ELC_SKETCH_POINT;
    ELC_TRY(find_boxes(a, false, err));
    if (a->found.count == 0)
        return ELC_OK;
    return ask_found(a, GEOSGeom_createPointFromXY_r(a->geos, p.x, p.y), err);
}

static elc_status add_rows(elc_asker *a, const uint32_t *rows, size_t n,
                           elc_error *err) {
    for (size_t i = 0; i < n; i++)
        ELC_TRY(add_row(a, rows[i], err));
    return ELC_OK;
}

static elc_status ask_near(elc_asker *a, elc_point p, elc_error *err) {
    elc_place_state state;
    const uint32_t *rows;
    size_t n;
    ELC_TRY(elc_nearby_within_point(a->near, p, &state, &rows, &n, err));
    return add_rows(a, rows, n, err);
}

static elc_status ask_there(elc_asker *a, elc_point p, elc_error *err) {
    if (a->near != NULL)
        return ask_near(a, p, err);
    if (a->places->zone_boxes.count > 0)
        ELC_TRY(ask_zones(a, p, err));
    return a->question.owner ? ELC_OK : ask_others(a, p, err);
}

/* Whether a point there may meet any place. */
static bool is_in_reach(const elc_asker *a, double x) {
    double far = a->near != NULL ? a->question.distance : 0;
    return x >= a->places->reach.xmin - far && x <= a->places->reach.xmax + far;
}

/* The first zone of the table owns a point; on the antimeridian it is one that is east
   of it, if any. */
static void keep_owner(elc_asker *a, bool on_border) {
    for (size_t i = 1; i < a->n && !on_border; i++)
        if (a->rows[i] < a->rows[0])
            a->rows[0] = a->rows[i];
    a->n = a->n > 0 ? 1 : 0;
}

/* Where it is, and a turn further to either side; -180 comes before 180. */
static elc_status ask_round(elc_asker *a, elc_point p, elc_error *err) {
    static const double turns[] = {-360, 0, 360};
    for (int i = 0; i < 3; i++) {
        double x = p.x + turns[i];
        if (turns[i] == 0 || is_in_reach(a, x))
            ELC_TRY(ask_there(a, (elc_point){x, p.y}, err));
    }
    if (a->question.owner)
        keep_owner(a, fabs(p.x) == 180);
    return ELC_OK;
}

/* ---- the answer --------------------------------------------------------------------
 */

static int compare_rows(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Each once: a place may be met from both sides of the antimeridian. */
static void sort_rows(elc_asker *a) {
    size_t n = 0;
    qsort(a->rows, a->n, sizeof *a->rows, compare_rows);
    for (size_t i = 0; i < a->n; i++)
        if (n == 0 || a->rows[n - 1] != a->rows[i])
            a->rows[n++] = a->rows[i];
    a->n = n;
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
        sort_rows(a);
    ELC_TRY(elc_reserve(&a->rows, &a->capacity, a->n + 1, sizeof *a->rows, err));
    return a->question.predicate == ELC_DISJOINT ? turn_round(a, err) : ELC_OK;
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
    if (!isfinite(p.x) || !isfinite(p.y) || (a->places->globe && fabs(p.y) > 90)) {
        *state = ELC_PLACE_NOWHERE;
        return ELC_OK;
    }
    if (a->places->zone_boxes.count > 0 && a->near == NULL)
        ELC_TRY(elc_places_zones(a->places, err));
    if (!a->places->globe)
        return ask_there(a, p, err);
    return ask_round(a, (elc_point){elc_places_turn(p.x), p.y}, err);
}

elc_status elc_asker_find_point(elc_asker *a, elc_point p, elc_place_state *state,
                                const uint32_t **rows, size_t *n, elc_error *err) {
    if (a->near != NULL && !a->places->globe)
        return elc_nearby_within_point(a->near, p, state, rows, n, err);
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

/* The shape was cut at 180 degrees; of what is no zone the pieces count. */
static void settle_whole(elc_asker *a, const GEOSGeometry *cut) {
    a->kind = ELC_SKETCH_OTHER;
    a->box = elc_places_box(a->geos, cut);
    if (elc_places_zone(a->geos, a->uncut, a->plain))
        return;
    GEOSGeom_destroy_r(a->geos, a->uncut);
    a->uncut = NULL;
    a->reach = a->box;
}

/* A line, a polygon or several, where it is compared. */
static elc_status read_shape(elc_asker *a, const void *wkb, size_t size,
                             GEOSGeometry **left, elc_place_state *state,
                             elc_error *err) {
    ELC_TRY(elc_places_read(a->geos, a->reader, a->said, wkb, size, a->kind, left,
                            state, err));
    if (*left == NULL)
        return ELC_OK;
    a->plain = elc_places_plain(a->geos, *left, *state);
    a->reach = elc_places_box(a->geos, *left);
    if (a->places->globe && elc_places_settle(a->geos, left, &a->uncut))
        settle_whole(a, *left);
    else
        a->box = a->reach;
    return ELC_OK;
}

/* Most are near nothing, or settled at a glance: they are not even read by GEOS. */
static bool is_plain_to_see(const elc_asker *a) {
    const elc_sketch *o = &a->sketch;
    bool wide = a->places->globe && (o->box.xmin < -180 || o->box.xmax > 180 ||
                                     o->box.xmax - o->box.xmin > 180);
    return o->finite && o->n > 0 && o->type <= ELC_WKB_COLLECTION && !wide &&
           !elc_sketch_is_doubtful(o);
}

/* Takes the left shape, which is where the right ones are. */
static elc_status ask_near_there(elc_asker *a, GEOSGeometry *left,
                                 elc_place_state *state, elc_error *err) {
    const uint32_t *rows;
    size_t size = 0, n;
    unsigned char *wkb = GEOSGeomToWKB_buf_r(a->geos, left, &size);
    GEOSGeom_destroy_r(a->geos, left);
    if (wkb == NULL)
        return elc_places_fail(a->said, ELC_E_MEMORY, err);
    elc_status status = elc_nearby_within(a->near, wkb, size, state, &rows, &n, err);
    GEOSFree_r(a->geos, wkb);
    return status == ELC_OK ? add_rows(a, rows, n, err) : status;
}

static int turn_point(double *x, double *y, void *turn) {
    (void)y;
    *x += *(const double *)turn;
    return 1;
}

/* Where it is, and a turn further to either side, as points are; takes the shape. */
static elc_status ask_near_shape(elc_asker *a, GEOSGeometry *left,
                                 elc_place_state *state, elc_error *err) {
    const elc_box *reach = &a->places->reach;
    double far = a->question.distance;
    elc_status status = ELC_OK;
    for (double turn = -360; turn <= 360 && status == ELC_OK; turn += 720)
        if (a->box.xmax + turn >= reach->xmin - far &&
            a->box.xmin + turn <= reach->xmax + far)
            status = ask_near_there(
                a, GEOSGeom_transformXY_r(a->geos, left, turn_point, &turn), state,
                err);
    if (status == ELC_OK)
        return ask_near_there(a, left, state, err);
    GEOSGeom_destroy_r(a->geos, left);
    return status;
}

/* What is no point is owned as one of its points is, one that lies inside of it; takes
   the shape. */
static elc_status ask_for_owner(elc_asker *a, GEOSGeometry *left,
                                elc_place_state *state, elc_error *err) {
    elc_point p = {NAN, NAN};
    GEOSGeometry *inside = GEOSPointOnSurface_r(a->geos, left);
    GEOSGeom_destroy_r(a->geos, left);
    bool got = inside != NULL && GEOSGeomGetX_r(a->geos, inside, &p.x) == 1 &&
               GEOSGeomGetY_r(a->geos, inside, &p.y) == 1;
    GEOSGeom_destroy_r(a->geos, inside);
    if (got)
        return ask_point(a, p, state, err);
    a->unaskable = true;
    return ELC_OK;
}

static bool is_beyond_poles(const elc_asker *a) {
    return a->places->globe && (a->box.ymin > 90 || a->box.ymax < -90);
}

static elc_status ask_shape(elc_asker *a, const void *wkb, size_t size,
                            elc_place_state *state, elc_error *err) {
    GEOSGeometry *left = NULL;
    bool plain = a->near == NULL && !a->question.owner && is_plain_to_see(a);
    a->box = a->reach = a->sketch.box;
    if (a->sketch.n > 0 && is_beyond_poles(a)) {
        *state = ELC_PLACE_NOWHERE;
        return ELC_OK;
    }
    a->kind = elc_sketch_kind_of(&a->sketch);
    if (!plain)
        ELC_TRY(read_shape(a, wkb, size, &left, state, err));
    if (!plain && left == NULL)
        return ELC_OK;
    if (a->near != NULL)
        return ask_near_shape(a, left, state, err);
    if (a->question.owner)
        return ask_for_owner(a, left, state, err);
    elc_status status = find_boxes(a, true, err);
    if (status == ELC_OK)
        status = find_turned(a, err);
    if (status == ELC_OK && a->found.count > 0 && plain)
        status = read_shape(a, wkb, size, &left, state, err);
    if (status == ELC_OK && a->found.count > 0 && left != NULL)
        return ask_found(a, left, err);
    GEOSGeom_destroy_r(a->geos, left);
    return status;
}

elc_status elc_asker_find(elc_asker *a, const void *wkb, size_t size,
                          elc_place_state *state, const uint32_t **rows, size_t *n,
                          elc_error *err) {
    elc_point p;
    if (a->near != NULL && !a->places->globe)
        return elc_nearby_within(a->near, wkb, size, state, rows, n, err);
    /* an empty point is written as one of NaN */
    if (elc_wkb_plain_point(wkb, size, &p) && !(isnan(p.x) && isnan(p.y)))
        return elc_asker_find_point(a, p, state, rows, n, err);
    begin(a, state);
    *n = 0;
    if (wkb == NULL) {
        *state = ELC_PLACE_MISSING;
        return ELC_OK;
    }
    ELC_TRY(elc_places_move(a->question.transform, &wkb, &size, &a->moved, state, err));
    if (*state != ELC_PLACE_SOUND)
        return ELC_OK;
    ELC_TRY(elc_sketch_read(&a->sketch, wkb, size, err));
    bool point = elc_sketch_kind_of(&a->sketch) == ELC_SKETCH_POINT;
    elc_status status = point ? ask_point(a, a->sketch.points[0], state, err)
                              : ask_shape(a, wkb, size, state, err);
    GEOSGeom_destroy_r(a->geos, a->uncut);
    a->uncut = NULL;
    ELC_TRY(status);
    if (*state == ELC_PLACE_EMPTY || *state == ELC_PLACE_NOWHERE ||
        *state == ELC_PLACE_BROKEN)
        return ELC_OK;
    return answer(a, state, rows, n, err);
}

void elc_asker_expect(elc_asker *a, const elc_point *points, size_t n) {
    foreseen *next = &a->next;
    bool turns = a->places->globe && a->question.transform == NULL;
    n = n < ELC_ZONES_EXPECTED ? n : ELC_ZONES_EXPECTED;
    next->n = next->at = 0;
    for (size_t i = 0; i < n; i++)
        next->points[i] = (elc_point){
            turns ? elc_places_turn(points[i].x) : points[i].x, points[i].y};
    if (a->near != NULL) {
        elc_nearby_expect(a->near, next->points, n);
        return;
    }
    if (a->question.transform != NULL || n == 0 || a->places->zone_boxes.count == 0 ||
        elc_places_zones(a->places, NULL) != ELC_OK)
        return;
    if (elc_zones_find_all(a->places->zones, next->points, n, &next->hits, next->ends,
                           NULL) == ELC_OK)
        next->n = n;
}
