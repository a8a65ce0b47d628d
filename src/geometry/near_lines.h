/* near_lines.h - pieces of lines: their tree, and their grids, made when asked for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_LINES_H
#define ELCANO_SRC_GEOMETRY_NEAR_LINES_H

#include <pthread.h>
#include <stdatomic.h>

#include "geometry/near_reach.h"
#include "geometry/near_tree.h"

/* Threads read what is made; the lock is of those who make it. */
typedef struct near_lines {
    size_t n;
    bool metres;
    double largest; /* of all coordinates, without its sign */
    pthread_mutex_t lock;
    near_set added;  /* in the order of adding; the tree takes it where no grid has */
    near_set sorted; /* in the order of the tree */
    near_tree tree;
    atomic_bool has_tree;
    near_reach *reaches; /* of each distance that was asked for */
} near_lines;

/* Takes the pieces, also where it fails. */
elc_status elc_near_lines_create(near_piece *pieces, size_t n, bool metres,
                                 double largest, near_lines **out, elc_error *err);
/* Makes the tree, unless it is made. */
elc_status elc_near_lines_need_tree(near_lines *lines, elc_error *err);
static inline bool elc_near_lines_has_tree(near_lines *lines) {
    return atomic_load_explicit(&lines->has_tree, memory_order_acquire);
}
/* *out = the grid of a distance, borrowed, made now unless it is; it may be one that
   answers nothing. */
elc_status elc_near_lines_need_reach(near_lines *lines, double distance,
                                     const near_reach **out, elc_error *err);
/* Bytes of all that is kept now. */
size_t elc_near_lines_bytes(near_lines *lines);
void elc_near_lines_free(near_lines *lines);

void elc_near_chord_of(const near_piece *piece, near_chord *out);

#endif
