/* near_look.c - what a point or a piece is near to: walks through the trees. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_asker.h"

#include <math.h>

#include "geometry/near_space.h"

/* Straight metres from which on it pays to measure how far a box is. */
#define FAR_AWAY 100000.0

enum { AT_ONCE = 64 };

/* Squares from which on no digit of theirs is lost. */
#define LEAST_SQUARE 1e-290

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

/* Whether no place of a piece can be near enough, by its box. */
static bool piece_is_far(const elc_nearby_asker *a, const near_piece *piece) {
    elc_point p = piece->a, q = piece->b;
    double box[4] = {p.x < q.x ? p.x : q.x, p.y < q.y ? p.y : q.y,
                     p.x < q.x ? q.x : p.x, p.y < q.y ? q.y : p.y};
    return elc_nearby_bound(box, a->box, a->box + 2, 2) > a->best.limit;
}

/* The straight line in space to a chord, or to a spot (NULL: b), and how far what asks
   and what is asked are from their chords at most. */
static double line_to(const elc_nearby_asker *a, const double to_a[3],
                      const double to_b[3]) {
    if (a->point)
        return to_b == NULL ? sqrt(elc_space_distance2(a->chord.a, to_a))
                            : elc_space_to_piece(a->chord.a, to_a, to_b);
    return to_b == NULL ? elc_space_to_piece(to_a, a->chord.a, a->chord.b)
                        : elc_space_between(a->chord.a, a->chord.b, to_a, to_b);
}

/* Metres to a chord or a spot, that the straight line may decide: more than all that
   counts, surely near enough (all), or as much as they can be (rough). */
static double metres_to(const elc_nearby_asker *a, const elc_point at[2],
                        const double to_a[3], const double to_b[3], double sag) {
    double line = line_to(a, to_a, to_b), open = sag + (a->point ? 0 : a->chord.sag);
    double least = line - open - NEAR_SPACE_ROUNDING;
    if (least > 0 && least * least > a->best.limit)
        return INFINITY;
    if (a->rough)
        return elc_space_geodesic_most(line + open);
    if (a->all && elc_space_geodesic_most(line + open) <= a->best.most)
        return a->best.most;
    return distance_to(a, at);
}

static void look_at_spots(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    const elc_nearby *near = a->near;
    double distance = NAN;
    for (size_t i = low; i < high; i++) {
        elc_point at[2] = {near->points[i], near->points[i]};
        if (!same || i == low)
            distance = near->metres ? metres_to(a, at, near->space[i], NULL, 0)
                                    : distance_to(a, at);
        if (same && !elc_nearby_would_count(a, distance, near->places[i]))
            return; /* nor do the others, whose numbers are higher */
        elc_nearby_offer(a, distance, near->places[i]);
    }
}

static void look_at_piece(elc_nearby_asker *a, const near_set *set, size_t i) {
    const near_piece *piece = &set->pieces[i];
    const near_chord *chord = a->near->metres ? &set->chords[i] : NULL;
    elc_point at[2] = {piece->a, piece->b};
    if ((chord == NULL && piece_is_far(a, piece)) || (a->all && a->has[piece->place]))
        return;
    elc_nearby_offer(a,
                     chord == NULL ? distance_to(a, at)
                                   : metres_to(a, at, chord->a, chord->b, chord->sag),
                     piece->place);
}

static void look_at_pieces(void *state, size_t low, size_t high, bool same) {
    elc_nearby_asker *a = state;
    (void)same;
    for (size_t i = low; i < high; i++)
        look_at_piece(a, &a->near->lines->sorted, i);
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
    const near_lines *lines = a->near->lines;
    size_t low, high;
    elc_nearby_items(&lines->tree, node->node, &low, &high);
    return circle_is_far(a, node, &lines->tree, lines->sorted.pieces[low].a,
                         lines->sorted.chords[low].a);
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
    elc_nearby_begin(lines);
    lines->most = elc_space_line_most(a->question.most);
    elc_nearby_set_limit(lines);
    elc_nearby_walk(&near->spot_tree, 3, a->box, a->box + 3, w);
    elc_nearby_sort(lines);
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
    elc_nearby_begin(&a->best);
    elc_nearby_set_limit(&a->best);
    return false;
}

void elc_nearby_look_at_spots(elc_nearby_asker *a) {
    const elc_nearby *near = a->near;
    bool plain = a->point && !a->all && !a->rough && !a->best.shared;
    if (near->n_spots == 0 || (plain && near->metres && walk_lines(a)))
        return;
    if (near->metres)
        walk_space(a, &near->spot_tree, look_at_spots, spots_are_far);
    else if (plain)
        walk_points(a);
    else
        walk_plane(a, &near->spot_tree, look_at_spots);
}

void elc_nearby_look_at_pieces(elc_nearby_asker *a) {
    const elc_nearby *near = a->near;
    if (near->metres)
        walk_space(a, &near->lines->tree, look_at_pieces, pieces_are_far);
    else
        walk_plane(a, &near->lines->tree, look_at_pieces);
}

/* ---- grids ------------------------------------------------------------------------
 */

/* What squares say of nearness beyond what rounding makes of them. */
typedef struct verdict {
    double within, beyond;
} verdict;

static verdict verdict_of(const near_best *best) {
    double near = best->most - 4 * best->margin, far = best->most + 4 * best->margin;
    double within = near * fabs(near) * (1 - 0x1p-46);
    return (verdict){within > LEAST_SQUARE ? within : -1,
                     fmax(far * far * (1 + 0x1p-46), LEAST_SQUARE)};
}

/* Few are neither within nor beyond: those are looked at as others are. */
static void look_at_some_of_plane(elc_nearby_asker *a, const uint32_t *numbers,
                                  size_t n, verdict v) {
    const near_set *set = &a->reach->set;
    double squares[AT_ONCE];
    a->squares(set->pieces, numbers, n, a->q[0], squares);
    for (size_t i = 0; i < n; i++)
        if (squares[i] <= v.within)
            elc_nearby_note(a, set->pieces[numbers[i]].place);
        else if (squares[i] <= v.beyond)
            look_at_piece(a, set, numbers[i]);
}

static void look_at_cell_of_plane(elc_nearby_asker *a, const uint32_t *numbers,
                                  size_t n) {
    verdict v = verdict_of(&a->best);
    for (size_t i = 0; i < n; i += AT_ONCE)
        look_at_some_of_plane(a, numbers + i, n - i < AT_ONCE ? n - i : AT_ONCE, v);
}

void elc_nearby_look_at_cell(elc_nearby_asker *a, size_t cell) {
    const near_reach *r = a->reach;
    const uint32_t *pieces = r->pieces + r->starts[cell];
    size_t n = r->starts[cell + 1] - r->starts[cell];
    if (!a->near->metres)
        look_at_cell_of_plane(a, pieces, n);
    else
        for (size_t i = 0; i < n; i++)
            look_at_piece(a, &r->set, pieces[i]);
}

/* ---- for others ------------------------------------------------------------------ */

void elc_nearby_begin_piece(elc_nearby_asker *a, const near_piece *piece) {
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
    elc_near_chord_of(piece, &a->chord);
    elc_space_box((elc_point){fmin(p.x, q.x), fmin(p.y, q.y)},
                  (elc_point){fmax(p.x, q.x), fmax(p.y, q.y)}, a->box);
}
