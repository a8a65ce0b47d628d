/* boxes.h - which of many boxes meet another (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_BOXES_H
#define ELCANO_SRC_GEOMETRY_BOXES_H

#include <elcano/base.h>

typedef struct elc_box {
    double xmin, ymin, xmax, ymax;
} elc_box;

static inline bool elc_box_meets(const elc_box *a, const elc_box *b) {
    return a->xmin <= b->xmax && a->xmax >= b->xmin && a->ymin <= b->ymax &&
           a->ymax >= b->ymin;
}

/* A tree without pointers: each 16 boxes that lie together have one above them, packed
   by columns and then rows (Leutenegger, Lopez, Edgington 1997, "STR"). Start with {0}.
 */
typedef struct elc_boxes {
    elc_box *boxes; /* those that were added, then each level over the one below */
    uint32_t *numbers;
    size_t count, capacity, number_capacity;
    size_t levels[12]; /* where each begins in `boxes`, and the end */
    int n_levels;
} elc_boxes;

/* Numbers found, a growing array; start with {0}. */
typedef struct elc_boxes_found {
    uint32_t *items;
    size_t count, capacity;
} elc_boxes_found;

/* Adds a box of finite numbers; 2^30 boxes at most. */
elc_status elc_boxes_add(elc_boxes *boxes, const elc_box *box, uint32_t number,
                         elc_error *err);
/* To be called once, after the last; then any thread may ask. */
elc_status elc_boxes_build(elc_boxes *boxes, elc_error *err);
/* Adds the numbers of the boxes that share a point with one, in no order. */
elc_status elc_boxes_find(const elc_boxes *boxes, const elc_box *box,
                          elc_boxes_found *found, elc_error *err);
void elc_boxes_free(elc_boxes *boxes);

#endif
