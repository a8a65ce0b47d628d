/* near_lines.c - pieces of lines: their tree, and their grids, made when asked for. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/near_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geometry/near_space.h"

/* ---- the set ---------------------------------------------------------------------
 */

void elc_near_chord_of(const near_piece *piece, near_chord *out) {
    elc_space_point(piece->a, out->a);
    elc_space_point(piece->b, out->b);
    out->sag = elc_space_sag(piece->a, piece->b);
}

static void set_free(near_set *set) {
    free(set->pieces);
    free(set->chords);
    *set = (near_set){0};
}

static elc_status place_pieces(near_lines *lines, elc_error *err) {
    near_set *set = &lines->added;
    ELC_TRY(elc_alloc(lines->n, sizeof *set->chords, &set->chords, err));
    for (size_t i = 0; i < lines->n; i++)
        elc_near_chord_of(&set->pieces[i], &set->chords[i]);
    return ELC_OK;
}

elc_status elc_near_lines_create(near_piece *pieces, size_t n, bool metres,
                                 double largest, near_lines **out, elc_error *err) {
    near_lines *lines;
    elc_status status = elc_alloc(1, sizeof *lines, &lines, err);
    if (status != ELC_OK) {
        free(pieces);
        return status;
    }
    /* what was reserved for more */
    near_piece *fitting = n > 0 ? realloc(pieces, n * sizeof *pieces) : NULL;
    lines->added.pieces = fitting != NULL ? fitting : pieces;
    lines->n = n;
    lines->metres = metres;
    lines->largest = largest;
    pthread_mutex_init(&lines->lock, NULL);
    atomic_init(&lines->has_tree, false);
    status = metres ? place_pieces(lines, err) : ELC_OK;
    if (status == ELC_OK)
        *out = lines;
    else
        elc_near_lines_free(lines);
    return status;
}

void elc_near_lines_free(near_lines *lines) {
    if (lines == NULL)
        return;
    while (lines->reaches != NULL) {
        near_reach *next = lines->reaches->next;
        elc_nearby_reach_free(lines->reaches);
        lines->reaches = next;
    }
    set_free(&lines->added);
    set_free(&lines->sorted);
    elc_nearby_tree_free(&lines->tree);
    pthread_mutex_destroy(&lines->lock);
    free(lines);
}

/* ---- the tree ---------------------------------------------------------------------
 */

static elc_point least(elc_point a, elc_point b) {
    return (elc_point){fmin(a.x, b.x), fmin(a.y, b.y)};
}

static elc_point greatest(elc_point a, elc_point b) {
    return (elc_point){fmax(a.x, b.x), fmax(a.y, b.y)};
}

static void piece_box(const void *items, size_t number, double *box) {
    const near_piece *piece = (const near_piece *)items + number;
    elc_point low = least(piece->a, piece->b), high = greatest(piece->a, piece->b);
    box[0] = low.x;
    box[1] = low.y;
    box[2] = high.x;
    box[3] = high.y;
}

static void piece_space_box(const void *items, size_t number, double *box) {
    const near_piece *piece = (const near_piece *)items + number;
    elc_space_box(least(piece->a, piece->b), greatest(piece->a, piece->b), box);
}

/* Moves the set as it was added, or copies it where a grid knows it so. */
static elc_status sort_set(near_lines *lines, elc_error *err) {
    size_t pieces = lines->n * sizeof *lines->sorted.pieces;
    size_t chords = lines->n * sizeof *lines->sorted.chords;
    near_set *sorted = &lines->sorted;
    if (lines->reaches == NULL) {
        *sorted = lines->added;
        lines->added = (near_set){0};
    } else {
        ELC_TRY(elc_alloc(lines->n, sizeof *sorted->pieces, &sorted->pieces, err));
        memcpy(sorted->pieces, lines->added.pieces, pieces);
        if (lines->metres) {
            ELC_TRY(elc_alloc(lines->n, sizeof *sorted->chords, &sorted->chords, err));
            memcpy(sorted->chords, lines->added.chords, chords);
        }
    }
    ELC_TRY(elc_nearby_tree_order(&lines->tree, &sorted->pieces, sizeof *sorted->pieces,
                                  err));
    return lines->metres ? elc_nearby_tree_order(&lines->tree, &sorted->chords,
                                                 sizeof *sorted->chords, err)
                         : ELC_OK;
}

static elc_status make_tree(near_lines *lines, elc_error *err) {
    near_tree *tree = &lines->tree;
    int dims = lines->metres ? 3 : 2;
    near_boxer boxer = lines->metres ? piece_space_box : piece_box;
    if (lines->added.pieces == NULL && lines->n > 0)
        return elc_fail(err, ELC_E_MEMORY, "no index of the lines could be made");
    elc_status status =
        elc_nearby_tree_build(tree, dims, boxer, lines->added.pieces, lines->n, err);
    if (status == ELC_OK)
        status = sort_set(lines, err);
    free(tree->order);
    tree->order = NULL;
    if (status != ELC_OK) {
        set_free(&lines->sorted);
        elc_nearby_tree_free(tree);
    }
    return status;
}

elc_status elc_near_lines_need_tree(near_lines *lines, elc_error *err) {
    if (lines->n == 0 || elc_near_lines_has_tree(lines))
        return ELC_OK;
    pthread_mutex_lock(&lines->lock);
    elc_status status = ELC_OK;
    if (!atomic_load_explicit(&lines->has_tree, memory_order_relaxed))
        status = make_tree(lines, err);
    if (status == ELC_OK)
        atomic_store_explicit(&lines->has_tree, true, memory_order_release);
    pthread_mutex_unlock(&lines->lock);
    return status;
}

/* ---- grids -----------------------------------------------------------------------
 */

static elc_status make_reach(near_lines *lines, double distance, near_reach **out,
                             elc_error *err) {
    bool sorted = atomic_load_explicit(&lines->has_tree, memory_order_relaxed);
    const near_set *set = sorted ? &lines->sorted : &lines->added;
    if (set->pieces == NULL && lines->n > 0)
        return elc_fail(err, ELC_E_MEMORY, "no index of the lines could be made");
    ELC_TRY(elc_nearby_reach_create(set, lines->n, lines->metres, lines->largest,
                                    distance, out, err));
    (*out)->next = lines->reaches;
    lines->reaches = *out;
    return ELC_OK;
}

elc_status elc_near_lines_need_reach(near_lines *lines, double distance,
                                     const near_reach **out, elc_error *err) {
    elc_status status = ELC_OK;
    pthread_mutex_lock(&lines->lock);
    near_reach *reach = lines->reaches;
    while (reach != NULL && reach->distance != distance)
        reach = reach->next;
    if (reach == NULL)
        status = make_reach(lines, distance, &reach, err);
    pthread_mutex_unlock(&lines->lock);
    if (status == ELC_OK)
        *out = reach;
    return status;
}

/* ---- bytes-----------------------------------------------------------------------
 */

size_t elc_near_lines_bytes(near_lines *lines) {
    size_t size = sizeof *lines, one = sizeof(near_piece);
    pthread_mutex_lock(&lines->lock);
    one += lines->metres ? sizeof(near_chord) : 0;
    size += lines->added.pieces != NULL ? lines->n * one : 0;
    size += lines->sorted.pieces != NULL ? lines->n * one : 0;
    size += elc_nearby_tree_bytes(&lines->tree);
    for (near_reach *r = lines->reaches; r != NULL; r = r->next)
        size += elc_nearby_reach_bytes(r);
    pthread_mutex_unlock(&lines->lock);
    return size;
}
