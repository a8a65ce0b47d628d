/* near_ask.c - the places that are nearest to another, or near to it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near.h"

#include <math.h>
#include <stdlib.h>

#include "geometry/near_best.h"
#include "geometry/near_space.h"

/* Straight metres from which on it pays to measure how far a box is. */
#define FAR_AWAY 100000.0

struct elc_nearby_asker {
    const elc_nearby *near;
    elc_nearby_question question;
    near_reader reader;
    near_shape left;
    near_piece *pieces; /* of the left place */
    size_t n_pieces, piece_capacity;
    near_areas areas;
    elc_zone_hits hits;
    near_best best, lines; /* lines: spots by straight lines in space */
    /* all that are within: which have come, and marks of those */
    bool all;
    uint32_t *places;
    size_t n_places, place_capacity;
    uint8_t *has;
    elc_status status;
    /* of the piece that asks */
    elc_point q[2];
    near_chord chord;
    double box[6];
    bool point, covered;
};

/* ---- what counts ------------------------------------------------------------------
 */

static void add_place(elc_nearby_asker *a, uint32_t place) {
    if (a->has[place] || a->status != ELC_OK)
        return;
    a->status = elc_reserve(&a->places, &a->place_capacity, a->n_places + 1,
                            sizeof *a->places, NULL);
    if (a->status != ELC_OK)
        return;
    a->has[place] = 1;
    a->places[a->n_places++] = place;
}

static bool counts(const elc_nearby_asker *a, double distance, uint32_t place) {
    return a->all ? distance <= a->best.most
                  : elc_nearby_counts(&a->best, distance, place);
}

static void take(elc_nearby_asker *a, double distance, uint32_t place) {
    if (!a->all)
        elc_nearby_take(&a->best, distance, place);
    else if (distance <= a->best.most)
        add_place(a, place);
}

static double distance_to(const elc_nearby_asker *a, const elc_point other[2]) {
    return a->near->metres ? elc_nearby_metres(&a->near->globe, a->q, other)
                           : elc_nearby_plane(a->q, other, a->best.margin);
}

/* ---- leaves -----------------------------------------------------------------------
 */

/* The plainest: a point among points of the plane. */
static void look_at_points(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    const elc_nearby *near = a->near;
    near_best *best = &a->best;
    elc_point q = a->q[0];
    for (size_t i = low; i < high; i++) {
        double x = near->points[i].x - q.x, y = near->points[i].y - q.y;
        double square = x * x + y * y;
        if (square <= best->limit)
            elc_nearby_take(best, sqrt(square), near->places[i]);
        if (same && !elc_nearby_counts(best, sqrt(square), near->places[i]))
            return; /* nor do the others, whose numbers are higher */
    }
}

/* The same in space, with the numbers of spots for places. */
static void look_at_lines(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    near_best *lines = &a->lines;
    for (size_t i = low; i < high; i++) {
        double square = elc_space_distance2(a->near->space[i], a->chord.a);
        if (square <= lines->limit)
            elc_nearby_take(lines, sqrt(square), (uint32_t)i);
        if (same && !elc_nearby_counts(lines, sqrt(square), (uint32_t)i))
            return;
    }
}

static bool line_is_long(const elc_nearby_asker *a, const double to[3]) {
    return a->point && elc_space_distance2(to, a->chord.a) > a->best.limit;
}

static void look_at_spots(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    double distance = NAN;
    for (size_t i = low; i < high; i++) {
        uint32_t place = a->near->places[i];
        elc_point at[2] = {a->near->points[i], a->near->points[i]};
        if (a->near->metres && line_is_long(a, a->near->space[i]))
            continue;
        if (!same || i == low)
            distance = distance_to(a, at);
        if (same && !counts(a, distance, place))
            return; /* nor do the others, whose numbers are higher */
        take(a, distance, place);
    }
}

/* Whether no place of a piece can be near enough, by lines in space. */
static bool chord_is_far(const elc_nearby_asker *a, const near_chord *to) {
    double low[3], high[3], box[6], sag = to->sag;
    if (a->point) {
        double line = elc_space_to_piece(a->chord.a, to->a, to->b) - sag;
        return line > 0 && line * line > a->best.limit;
    }
    for (int i = 0; i < 3; i++) {
        box[i] = fmin(to->a[i], to->b[i]) - sag;
        box[3 + i] = fmax(to->a[i], to->b[i]) + sag;
        low[i] = fmin(a->chord.a[i], a->chord.b[i]) - a->chord.sag;
        high[i] = fmax(a->chord.a[i], a->chord.b[i]) + a->chord.sag;
    }
    return elc_nearby_bound(box, low, high, 3) > a->best.limit;
}

static void look_at_pieces(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    (void)same;
    for (size_t i = low; i < high; i++) {
        const near_piece *piece = &a->near->pieces[i];
        elc_point at[2] = {piece->a, piece->b};
        if (a->all && a->has[piece->place])
            continue;
        if (a->near->metres && chord_is_far(a, &a->near->chords[i]))
            continue;
        take(a, distance_to(a, at), piece->place);
    }
}

/* A box that is far, whose places all are within a circle round one of them: what the
   straight line to the box leaves open, the triangle's inequality decides. */
static bool circle_is_far(const elc_nearby_asker *a, const near_node *node,
                          const near_tree *tree, elc_point centre,
                          const double space[3]) {
    const double *box = tree->boxes + node->node * 6;
    double square = 0, worst = a->all ? a->best.most : elc_nearby_worst(&a->best),
           metres;
    if (!a->point || node->bound < FAR_AWAY * FAR_AWAY || isinf(worst))
        return false;
    for (int i = 0; i < 3; i++) {
        double side = fmax(space[i] - box[i], box[3 + i] - space[i]);
        square += side * side;
    }
    double radius = elc_space_geodesic_most(sqrt(square));
    geod_inverse(&a->near->globe, a->q[0].y, a->q[0].x, centre.y, centre.x, &metres,
                 NULL, NULL);
    return metres - radius - NEAR_SPACE_ROUNDING > worst;
}

static bool spots_are_far(void *state, const near_node *node) {
    const elc_nearby_asker *a = state;
    size_t low, high;
    elc_nearby_items(&a->near->spot_tree, node->node, &low, &high);
    return circle_is_far(a, node, &a->near->spot_tree, a->near->points[low],
                         a->near->space[low]);
}

static bool pieces_are_far(void *state, const near_node *node) {
    const elc_nearby_asker *a = state;
    size_t low, high;
    elc_nearby_items(&a->near->piece_tree, node->node, &low, &high);
    return circle_is_far(a, node, &a->near->piece_tree, a->near->pieces[low].a,
                         a->near->chords[low].a);
}

/* ---- walks ------------------------------------------------------------------------
 */

static void walk_plane(elc_nearby_asker *a, const near_tree *tree,
                       void (*look)(void *, size_t, size_t, bool)) {
    near_walker w = {look, NULL, a, &a->best.limit, NULL, 0};
    elc_nearby_walk(tree, 2, a->box, a->box + 2, w);
}

static void walk_space(elc_nearby_asker *a, const near_tree *tree,
                       void (*look)(void *, size_t, size_t, bool),
                       bool (*hopeless)(void *, const near_node *)) {
    near_walker w = {look, hopeless, a, &a->best.limit, NULL, 0};
    elc_nearby_walk(tree, 3, a->box, a->box + 3, w);
}

static void walk_points(elc_nearby_asker *a) {
    const elc_nearby *near = a->near;
    near_walker w = {look_at_points, NULL,         a,
                     &a->best.limit, near->points, sizeof *near->points};
    elc_nearby_walk(&near->spot_tree, 2, a->box, a->box + 2, w);
}

/* By straight lines one more than asked for: where that one is too far for the metres
   of the others, no other spot can be nearer. */
static bool walk_lines(elc_nearby_asker *a) {
    const elc_nearby *near = a->near;
    near_best *lines = &a->lines;
    near_walker w = {look_at_lines, NULL,        a,
                     &lines->limit, near->space, sizeof *near->space};
    lines->n = 0;
    lines->most = elc_space_line_most(a->question.most);
    elc_nearby_set_limit(lines);
    elc_nearby_walk(&near->spot_tree, 3, a->box, a->box + 3, w);
    for (size_t i = 0; i < lines->n && i < a->question.k; i++) {
        uint32_t spot = lines->hits[i].place;
        elc_point to = near->points[spot];
        double metres;
        geod_inverse(&near->globe, a->q[0].y, a->q[0].x, to.y, to.x, &metres, NULL,
                     NULL);
        elc_nearby_take(&a->best, metres, near->places[spot]);
    }
    double last = lines->n < lines->k ? INFINITY : lines->hits[lines->n - 1].distance;
    if (last * last > a->best.limit)
        return true;
    a->best.n = 0;
    elc_nearby_set_limit(&a->best);
    return false;
}

static void walk_spots(elc_nearby_asker *a) {
    const elc_nearby *near = a->near;
    bool plain = a->point && !a->all && !a->best.shared;
    if (near->n_spots == 0 || (plain && near->metres && walk_lines(a)))
        return;
    if (near->metres)
        walk_space(a, &near->spot_tree, look_at_spots, spots_are_far);
    else if (plain)
        walk_points(a);
    else
        walk_plane(a, &near->spot_tree, look_at_spots);
}

static void walk_pieces(elc_nearby_asker *a) {
    const elc_nearby *near = a->near;
    if (near->metres)
        walk_space(a, &near->piece_tree, look_at_pieces, pieces_are_far);
    else
        walk_plane(a, &near->piece_tree, look_at_pieces);
}

/* ---- insides ----------------------------------------------------------------------
 */

static elc_status take_area(void *state, uint32_t number, elc_error *err) {
    elc_nearby_asker *a = state;
    (void)err;
    take(a, 0, a->near->area_places[number]);
    return ELC_OK;
}

/* The right areas that what begins at a left point is in. */
static elc_status find_around(elc_nearby_asker *a, elc_error *err) {
    for (size_t i = 0; i < a->n_pieces; i++)
        if (a->pieces[i].first)
            ELC_TRY(elc_nearby_areas_find(&a->near->areas, a->near->metres,
                                          a->pieces[i].a, &a->hits, take_area, a, err));
    return ELC_OK;
}

static elc_status cover(void *state, uint32_t number, elc_error *err) {
    elc_nearby_asker *a = state;
    (void)number;
    (void)err;
    a->covered = true;
    return ELC_OK;
}

static void look_inside(elc_nearby_asker *a, elc_point p, uint32_t place) {
    if (!counts(a, 0, place) || (a->all && a->has[place]) || a->status != ELC_OK)
        return;
    a->covered = false;
    a->status =
        elc_nearby_areas_find(&a->areas, a->near->metres, p, &a->hits, cover, a, NULL);
    if (a->covered)
        take(a, 0, place);
}

static void look_at_spots_inside(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    (void)same;
    for (size_t i = low; i < high; i++)
        look_inside(a, a->near->points[i], a->near->places[i]);
}

static void look_at_pieces_inside(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    (void)same;
    for (size_t i = low; i < high; i++)
        if (a->near->pieces[i].first)
            look_inside(a, a->near->pieces[i].a, a->near->pieces[i].place);
}

/* The right places that begin inside of the left polygons. */
static elc_status find_inside(elc_nearby_asker *a, elc_error *err) {
    const elc_nearby *near = a->near;
    const double here = 0;
    int dims = near->metres ? 3 : 2;
    near_walker spots = {look_at_spots_inside, NULL, a, &here, NULL, 0};
    near_walker pieces = {look_at_pieces_inside, NULL, a, &here, NULL, 0};
    if (a->areas.zones == NULL)
        return ELC_OK;
    if (near->metres)
        elc_space_box(a->areas.low, a->areas.high, a->box);
    else
        memcpy(a->box,
               (double[]){a->areas.low.x, a->areas.low.y, a->areas.high.x,
                          a->areas.high.y},
               4 * sizeof *a->box);
    elc_nearby_walk(&near->spot_tree, dims, a->box, a->box + dims, spots);
    elc_nearby_walk(&near->piece_tree, dims, a->box, a->box + dims, pieces);
    return a->status == ELC_OK ? ELC_OK
                               : elc_fail(err, a->status,
                                          "places inside of another "
                                          "cannot be found");
}

/* ---- a question -------------------------------------------------------------------
 */

static void begin_piece(elc_nearby_asker *a, const near_piece *piece) {
    elc_point p = piece->a, q = piece->b;
    a->q[0] = p;
    a->q[1] = q;
    a->point = p.x == q.x && p.y == q.y;
    if (!a->near->metres) {
        a->box[0] = fmin(p.x, q.x);
        a->box[1] = fmin(p.y, q.y);
        a->box[2] = fmax(p.x, q.x);
        a->box[3] = fmax(p.y, q.y);
        return;
    }
    if (a->point) {
        elc_space_point(p, a->chord.a);
        memcpy(a->box, a->chord.a, sizeof a->chord.a);
        memcpy(a->box + 3, a->chord.a, sizeof a->chord.a);
        return;
    }
    elc_nearby_chord_of(piece, &a->chord);
    elc_space_box((elc_point){fmin(p.x, q.x), fmin(p.y, q.y)},
                  (elc_point){fmax(p.x, q.x), fmax(p.y, q.y)}, a->box);
}

static elc_status begin_areas(elc_nearby_asker *a, elc_error *err) {
    elc_zones_free(a->areas.zones);
    a->areas = (near_areas){0};
    if (!elc_nearby_shape_is_area(&a->left))
        return ELC_OK;
    ELC_TRY(elc_nearby_areas_add(&a->areas, &a->left, err));
    return elc_zones_build(a->areas.zones, err);
}

/* How far rounding may move a distance: some units of the last place of the numbers
   that it is made of. */
static void begin_margin(elc_nearby_asker *a) {
    double largest = a->near->largest;
    largest = fmax(largest, fmax(fabs(a->left.low.x), fabs(a->left.low.y)));
    largest = fmax(largest, fmax(fabs(a->left.high.x), fabs(a->left.high.y)));
    bool exact = a->left.n_points == 1 && a->near->n_pieces == 0;
    a->best.margin = exact ? 0 : largest * 0x1p-48;
    a->best.n = 0;
    elc_nearby_set_limit(&a->best);
}

static elc_status ask(elc_nearby_asker *a, elc_error *err) {
    a->n_pieces = 0;
    a->status = ELC_OK;
    begin_margin(a);
    ELC_TRY(elc_nearby_shape_pieces(&a->left, 0, a->near->metres, &a->pieces,
                                    &a->n_pieces, &a->piece_capacity, err));
    ELC_TRY(begin_areas(a, err));
    ELC_TRY(find_around(a, err));
    ELC_TRY(find_inside(a, err));
    for (size_t i = 0; i < a->n_pieces && a->status == ELC_OK; i++) {
        begin_piece(a, &a->pieces[i]);
        walk_spots(a);
        walk_pieces(a);
    }
    return a->status == ELC_OK
               ? ELC_OK
               : elc_fail(err, a->status, "no memory for the places near another");
}

static elc_status ask_nearest(elc_nearby_asker *a, bool sound,
                              const elc_nearby_hit **hits, size_t *n, elc_error *err) {
    a->all = false;
    a->best.k = a->question.k;
    a->best.shared = a->near->shared || a->near->n_pieces > 0 || a->left.n_points > 1;
    a->best.n = 0;
    if (sound)
        ELC_TRY(ask(a, err));
    *hits = a->best.hits;
    *n = a->best.n;
    return ELC_OK;
}

elc_status elc_nearby_find(elc_nearby_asker *a, const void *wkb, size_t size,
                           elc_place_state *state, const elc_nearby_hit **hits,
                           size_t *n, elc_error *err) {
    ELC_TRY(elc_nearby_shape_read(&a->left, &a->reader, wkb, size, a->question.way,
                                  state, err));
    return ask_nearest(a, *state == ELC_PLACE_SOUND, hits, n, err);
}

elc_status elc_nearby_find_point(elc_nearby_asker *a, elc_point p,
                                 elc_place_state *state, const elc_nearby_hit **hits,
                                 size_t *n, elc_error *err) {
    ELC_TRY(elc_nearby_shape_point(&a->left, p, a->near->metres, a->question.way, state,
                                   err));
    return ask_nearest(a, *state == ELC_PLACE_SOUND, hits, n, err);
}

static int compare_places(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static elc_status ask_within(elc_nearby_asker *a, bool sound, const uint32_t **places,
                             size_t *n, elc_error *err) {
    if (a->has == NULL)
        ELC_TRY(elc_alloc(a->near->count, sizeof *a->has, &a->has, err));
    a->all = true;
    a->n_places = 0;
    a->best.n = 0;
    a->best.k = SIZE_MAX; /* never reached: the limit stays */
    elc_status status = sound ? ask(a, err) : ELC_OK;
    for (size_t i = 0; i < a->n_places; i++)
        a->has[a->places[i]] = 0;
    if (a->n_places > 1)
        qsort(a->places, a->n_places, sizeof *a->places, compare_places);
    *places = a->places;
    *n = a->n_places;
    return status;
}

elc_status elc_nearby_within(elc_nearby_asker *a, const void *wkb, size_t size,
                             elc_place_state *state, const uint32_t **places, size_t *n,
                             elc_error *err) {
    ELC_TRY(elc_nearby_shape_read(&a->left, &a->reader, wkb, size, a->question.way,
                                  state, err));
    return ask_within(a, *state == ELC_PLACE_SOUND, places, n, err);
}

elc_status elc_nearby_within_point(elc_nearby_asker *a, elc_point p,
                                   elc_place_state *state, const uint32_t **places,
                                   size_t *n, elc_error *err) {
    ELC_TRY(elc_nearby_shape_point(&a->left, p, a->near->metres, a->question.way, state,
                                   err));
    return ask_within(a, *state == ELC_PLACE_SOUND, places, n, err);
}

/* ---- life -------------------------------------------------------------------------
 */

static elc_status fill(elc_nearby_asker *a, elc_error *err) {
    size_t count = a->near->count, spots = a->near->n_spots;
    size_t most = count < a->question.k ? count : a->question.k;
    a->question.k = most > 0 ? most : 1;
    ELC_TRY(elc_alloc(a->question.k, sizeof *a->best.hits, &a->best.hits, err));
    a->best.most = a->question.most;
    a->best.metres = a->near->metres;
    a->lines.k = (spots < a->question.k ? spots : a->question.k) + 1;
    ELC_TRY(elc_alloc(a->lines.k, sizeof *a->lines.hits, &a->lines.hits, err));
    return elc_nearby_reader_open(&a->reader, a->near->metres, err);
}

elc_status elc_nearby_asker_create(const elc_nearby *near,
                                   const elc_nearby_question *question,
                                   elc_nearby_asker **out, elc_error *err) {
    elc_nearby_asker *a;
    ELC_TRY(elc_alloc(1, sizeof *a, &a, err));
    a->near = near;
    a->question = *question;
    elc_status status = fill(a, err);
    if (status != ELC_OK) {
        elc_nearby_asker_free(a);
        return status;
    }
    *out = a;
    return ELC_OK;
}

void elc_nearby_asker_free(elc_nearby_asker *a) {
    if (a == NULL)
        return;
    elc_nearby_reader_close(&a->reader);
    elc_nearby_shape_free(&a->left);
    elc_zones_free(a->areas.zones);
    free(a->pieces);
    free(a->hits.items);
    free(a->best.hits);
    free(a->lines.hits);
    free(a->places);
    free(a->has);
    free(a);
}
