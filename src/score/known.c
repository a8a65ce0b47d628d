/* known.c - pairs whose overlap somebody else has reckoned. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "score/score.h"

#include <stdlib.h>

static int by_truth(const void *a, const void *b) {
    const score_pair *x = a, *y = b;
    return (x->truth > y->truth) - (x->truth < y->truth);
}

void elc_score_sort_pairs(score_pair *pairs, size_t n) {
    if (n > 1)
        qsort(pairs, n, sizeof *pairs, by_truth);
}

static elc_status check(const elc_score_set *set, const elc_score_overlap *o, size_t i,
                        elc_error *err) {
    if (o->found < set->n_found && o->truth < set->n_truth && o->iou > 0 &&
        o->iou <= 1 && set->found[o->found].image == set->truth[o->truth].image)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "overlap %zu (found %u, true %u, IoU %g): no such boxes of one "
                    "image, or no IoU from 0 to 1",
                    i + 1, o->found, o->truth, o->iou);
}

/* The place of each found box in by_image. */
static elc_status find_places(const elc_score *s, uint32_t **out, elc_error *err) {
    ELC_TRY(elc_alloc(s->set.n_found, sizeof **out, out, err));
    for (size_t i = 0; i < s->set.n_found; i++)
        (*out)[s->by_image[i]] = (uint32_t)i;
    return ELC_OK;
}

/* Counts those of each place, and makes starts of the counts. */
static elc_status count_pairs(elc_score *s, const elc_score_overlap *overlaps, size_t n,
                              double least, const uint32_t *places, elc_error *err) {
    for (size_t i = 0; i < n; i++) {
        ELC_TRY(check(&s->set, &overlaps[i], i, err));
        s->pair_start[places[overlaps[i].found] + 1] += overlaps[i].iou >= least;
    }
    for (size_t i = 0; i < s->set.n_found; i++)
        s->pair_start[i + 1] += s->pair_start[i];
    return ELC_OK;
}

static void put_pairs(elc_score *s, const elc_score_overlap *overlaps, size_t n,
                      double least, const uint32_t *places, size_t *next) {
    for (size_t i = 0; i < n; i++) {
        const elc_score_overlap *o = &overlaps[i];
        if (o->iou < least)
            continue;
        bool same = s->set.found[o->found].class_id == s->set.truth[o->truth].class_id;
        size_t place = places[o->found];
        s->pairs[s->pair_start[place] + next[place]++] =
            (score_pair){o->iou, o->truth, same};
    }
    for (size_t i = 0; i < s->set.n_found; i++)
        elc_score_sort_pairs(s->pairs + s->pair_start[i], next[i]);
}

elc_status elc_score_take_pairs(elc_score *s, const elc_score_overlap *overlaps,
                                size_t n, double least, elc_error *err) {
    size_t found = s->set.n_found, *next = NULL;
    uint32_t *places = NULL;
    ELC_TRY(elc_alloc(found + 1, sizeof(size_t), &s->pair_start, err));
    ELC_TRY(find_places(s, &places, err));
    elc_status status = elc_alloc(found, sizeof *next, &next, err);
    if (status == ELC_OK)
        status = count_pairs(s, overlaps, n, least, places, err);
    if (status == ELC_OK)
        status = elc_alloc(s->pair_start[found], sizeof *s->pairs, &s->pairs, err);
    if (status == ELC_OK)
        put_pairs(s, overlaps, n, least, places, next);
    free(places);
    free(next);
    return status;
}
