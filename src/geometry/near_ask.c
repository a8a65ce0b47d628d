/* near_ask.c - the places that are nearest to another, or near to it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_asker.h"

#include <math.h>
#include <stdlib.h>

/* Questions for all within a distance, of one who asks, after which a grid is made
   although there is a tree: what it costs rises with the pieces. */
enum { WORTH_A_GRID = 1000, PIECES_A_QUESTION = 16 };

/* Places that are sorted as cards are. */
enum { FEW = 32 };

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
    elc_nearby_begin(&a->best);
    elc_nearby_set_limit(&a->best);
}

static void look_around(elc_nearby_asker *a) {
    for (size_t i = 0; i < a->n_pieces && a->status == ELC_OK; i++) {
        elc_nearby_begin_piece(a, &a->pieces[i]);
        elc_nearby_look_at_spots(a);
        elc_nearby_look_at_pieces(a);
    }
}

/* Straight lines in space say how far the nearest are at most, so that geodesics are
   looked for to few. What is inside, at 0, is known. */
static void bound_roughly(elc_nearby_asker *a) {
    near_best *best = &a->best;
    a->rough = true;
    look_around(a);
    a->rough = false;
    best->most = fmin(best->most, elc_nearby_worst(best));
    for (size_t n = best->n; n > 0 && best->hits[n - 1].distance > 0; n--)
        best->n--;
    elc_nearby_set_limit(best);
}

static elc_status ask(elc_nearby_asker *a, elc_error *err) {
    a->n_pieces = 0;
    a->status = ELC_OK;
    ELC_TRY(elc_near_lines_need_tree(a->near->lines, err));
    begin_margin(a);
    ELC_TRY(elc_nearby_shape_pieces(&a->left, 0, a->near->metres, &a->pieces,
                                    &a->n_pieces, &a->piece_capacity, err));
    ELC_TRY(begin_areas(a, err));
    ELC_TRY(elc_nearby_look_inside(a, err));
    if (a->near->metres && !a->all && a->best.shared && elc_nearby_worst(&a->best) > 0)
        bound_roughly(a);
    look_around(a);
    return a->status == ELC_OK
               ? ELC_OK
               : elc_fail(err, a->status, "no memory for the places near another");
}

static elc_status ask_nearest(elc_nearby_asker *a, bool sound,
                              const elc_nearby_hit **hits, size_t *n, elc_error *err) {
    a->all = false;
    a->best.k = a->question.k;
    a->best.most = a->question.most;
    a->best.shared = a->near->shared || a->near->n_pieces > 0 || a->left.n_points > 1;
    a->best.n = 0;
    if (sound)
        ELC_TRY(ask(a, err));
    elc_nearby_sort(&a->best);
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

/* Most have few. */
static void sort_places(uint32_t *places, size_t n) {
    if (n > FEW) {
        qsort(places, n, sizeof *places, compare_places);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        uint32_t place = places[i];
        size_t at = i;
        for (; at > 0 && places[at - 1] > place; at--)
            places[at] = places[at - 1];
        places[at] = place;
    }
}

static elc_status begin_within(elc_nearby_asker *a, elc_error *err) {
    if (a->has == NULL)
        ELC_TRY(elc_alloc(a->near->count, sizeof *a->has, &a->has, err));
    a->all = true;
    a->n_places = 0;
    a->best.n = 0;
    a->best.most = a->question.most;
    a->best.k = SIZE_MAX; /* never reached: the limit stays */
    return ELC_OK;
}

static void finish_within(elc_nearby_asker *a, const uint32_t **places, size_t *n) {
    for (size_t i = 0; i < a->n_places; i++)
        a->has[a->places[i]] = 0;
    sort_places(a->places, a->n_places);
    *places = a->places;
    *n = a->n_places;
}

static elc_status ask_within(elc_nearby_asker *a, bool sound, const uint32_t **places,
                             size_t *n, elc_error *err) {
    ELC_TRY(begin_within(a, err));
    elc_status status = sound ? ask(a, err) : ELC_OK;
    finish_within(a, places, n);
    return status;
}

elc_status elc_nearby_within(elc_nearby_asker *a, const void *wkb, size_t size,
                             elc_place_state *state, const uint32_t **places, size_t *n,
                             elc_error *err) {
    ELC_TRY(elc_nearby_shape_read(&a->left, &a->reader, wkb, size, a->question.way,
                                  state, err));
    return ask_within(a, *state == ELC_PLACE_SOUND, places, n, err);
}

/* ---- points that ask a grid --------------------------------------------------------
 */

/* What has no tree gets a grid first, which takes less time and may be all that is
   asked for. */
static elc_status need_reach(elc_nearby_asker *a, elc_error *err) {
    near_lines *lines = a->near->lines;
    size_t worth = WORTH_A_GRID + lines->n / PIECES_A_QUESTION;
    if (a->reach != NULL || lines->n == 0)
        return ELC_OK;
    if (elc_near_lines_has_tree(lines) && ++a->n_within <= worth)
        return ELC_OK;
    return elc_near_lines_need_reach(lines, a->question.most, &a->reach, err);
}

static elc_status ask_cell(elc_nearby_asker *a, elc_point p, size_t cell,
                           elc_error *err) {
    const near_piece piece = {p, p, 0, true};
    a->status = ELC_OK;
    begin_margin(a);
    elc_nearby_begin_piece(a, &piece);
    if (a->near->areas.zones != NULL)
        ELC_TRY(elc_nearby_look_around(a, p, err));
    elc_nearby_look_at_spots(a);
    if (cell != SIZE_MAX)
        elc_nearby_look_at_cell(a, cell);
    return a->status == ELC_OK
               ? ELC_OK
               : elc_fail(err, a->status, "no memory for the places near another");
}

static elc_status ask_reach(elc_nearby_asker *a, elc_point p, const uint32_t **places,
                            size_t *n, elc_error *err) {
    size_t cell = elc_nearby_reach_cell(a->reach, p);
    *places = a->places;
    *n = 0;
    if (cell == SIZE_MAX && a->near->n_spots == 0 && a->near->areas.zones == NULL)
        return ELC_OK;
    ELC_TRY(begin_within(a, err));
    elc_status status = ask_cell(a, p, cell, err);
    finish_within(a, places, n);
    return status;
}

elc_status elc_nearby_within_point(elc_nearby_asker *a, elc_point p,
                                   elc_place_state *state, const uint32_t **places,
                                   size_t *n, elc_error *err) {
    ELC_TRY(need_reach(a, err));
    ELC_TRY(elc_nearby_shape_point(&a->left, p, a->near->metres, a->question.way, state,
                                   err));
    bool sound = *state == ELC_PLACE_SOUND;
    if (sound && a->reach != NULL && a->reach->made)
        return ask_reach(a, a->left.points[0], places, n, err);
    return ask_within(a, sound, places, n, err);
}

void elc_nearby_expect(elc_nearby_asker *a, const elc_point *points, size_t n) {
    if (a->question.way == NULL && a->reach != NULL)
        elc_nearby_reach_expect(a->reach, points, n);
}

/* ---- life -------------------------------------------------------------------------
 */

static elc_status fill(elc_nearby_asker *a, elc_error *err) {
    size_t count = a->near->count, spots = a->near->n_spots;
    size_t most = count < a->question.k ? count : a->question.k;
    a->question.k = most > 0 ? most : 1;
    a->squares = elc_near_squares_choose();
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
