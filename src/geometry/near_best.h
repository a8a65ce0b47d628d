/* near_best.h - the nearest places so far, and all that are near. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_BEST_H
#define ELCANO_SRC_GEOMETRY_NEAR_BEST_H

#include <math.h>
#include <string.h>

#include "geometry/near.h"
#include "geometry/near_space.h"

/* From so many on the nearest are a heap: each that comes moves half of a list, which
   in shorter ones takes less time than a heap's branches. */
enum { NEAR_HEAP = 320 };

/* The k nearest so far, nearest first, by rising number where they are as near. In a
   heap the farthest is first once there are k, until then they lie as they came. */
typedef struct near_best {
    elc_nearby_hit *hits;
    size_t n, k;
    bool heap;
    double most;   /* what is farther does not count */
    bool shared;   /* a place may come more than once */
    bool metres;   /* the walk is in space, along straight lines */
    double margin; /* on the plane: how far rounding may move a distance */
    double limit;  /* boxes whose bound is more have nothing that counts */
} near_best;

/* What is as far as the last that counts. */
static inline const elc_nearby_hit *elc_nearby_last(const near_best *b) {
    return &b->hits[b->heap ? 0 : b->k - 1];
}

static inline double elc_nearby_worst(const near_best *b) {
    return b->n == b->k ? elc_nearby_last(b)->distance : b->most;
}

static inline void elc_nearby_set_limit(near_best *b) {
    double line = elc_nearby_worst(b);
    line = b->metres ? elc_space_line_most(line) : line + b->margin;
    b->limit = line * line * (1 + 0x1p-48); /* the roots of more are longer */
}

static inline bool elc_nearby_before(double distance, uint32_t place,
                                     const elc_nearby_hit *hit) {
    return distance < hit->distance ||
           (distance == hit->distance && place < hit->place);
}

/* Whether a place so far away would count now. */
static inline bool elc_nearby_counts(const near_best *b, double distance,
                                     uint32_t place) {
    return b->n < b->k ? distance <= b->most
                       : elc_nearby_before(distance, place, elc_nearby_last(b));
}

/* Begins anew; a place that may come twice is looked for in a list. */
static inline void elc_nearby_begin(near_best *b) {
    b->n = 0;
    b->heap = !b->shared && b->k >= NEAR_HEAP;
}

void elc_nearby_heap_take(near_best *b, elc_nearby_hit hit);
/* Makes a list of a heap. */
void elc_nearby_sort(near_best *b);

static inline size_t elc_nearby_find_place(const near_best *b, uint32_t place) {
    size_t i = 0;
    while (i < b->n && b->hits[i].place != place)
        i++;
    return i;
}

static inline void elc_nearby_take(near_best *b, double distance, uint32_t place) {
    if (!elc_nearby_counts(b, distance, place))
        return;
    if (b->heap) {
        elc_nearby_heap_take(b, (elc_nearby_hit){distance, place});
        return;
    }
    size_t at = b->shared ? elc_nearby_find_place(b, place) : b->n;
    if (at < b->n && distance >= b->hits[at].distance)
        return;
    if (at == b->n && b->n == b->k)
        at--;
    else if (at == b->n)
        b->n++;
    for (; at > 0 && elc_nearby_before(distance, place, &b->hits[at - 1]); at--)
        b->hits[at] = b->hits[at - 1];
    b->hits[at] = (elc_nearby_hit){distance, place};
    if (b->n == b->k)
        elc_nearby_set_limit(b);
}

#endif
