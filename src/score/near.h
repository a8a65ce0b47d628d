/* near.h - an order of boxes in which neighbours follow each other (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SCORE_NEAR_H
#define ELCANO_SRC_SCORE_NEAR_H

#include <elcano/score.h>

typedef struct near_key {
    uint32_t z; /* 16 bits of each axis, in turn (Morton 1966) */
    uint32_t i; /* number of the box among those that were given */
} near_key;

/* Fills `keys` for boxes[ids[0]] … boxes[ids[n - 1]], and sorts them. Memory is read
   far fewer times from afar when boxes are looked up in this order. */
void elc_score_near(const elc_score_box *boxes, const uint32_t *ids, size_t n,
                    near_key *keys);

#endif
