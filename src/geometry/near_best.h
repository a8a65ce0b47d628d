/* near_best.h - the nearest places so far, and all that are near. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_BEST_H
#define ELCANO_SRC_GEOMETRY_NEAR_BEST_H

#include <math.h>
#include <string.h>

#include "geometry/near.h"
#include "geometry/near_space.h"

/* The k nearest so far, nearest first, by rising number where they are as near. */
typedef struct near_best {
    elc_nearby_hit *hits;
    size_t n, k;
    double most;   /* what is farther does not count */
    bool shared;   /* a place may come more than once */
    bool metres;   /* the walk is in space, along straight lines */
    double margin; /* on the plane: how far rounding may move a distance */
    double limit;  /* boxes whose bound is more have nothing that counts */
} near_best;

/* What is as far as the last that counts. */
static inline double elc_nearby_worst(const near_best *b) {
    return b->n == b->k ? b->hits[b->n - 1].distance : b->most;
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
                       : elc_nearby_before(distance, place, &b->hits[b->k - 1]);
}

static inline size_t elc_nearby_find_place(const near_best *b, uint32_t place) {
    size_t i = 0;
    while (i < b->n && b->hits[i].place != place)
        i++;
    return i;
}

static inline void elc_nearby_take(near_best *b, double distance, uint32_t place) {
    if (!elc_nearby_counts(b, distance, place))
        return;
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
