/* shape.h - outlines on a plane, cut where an image ends. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DEDUPE_SHAPE_H
#define ELCANO_SRC_OPERATORS_DEDUPE_SHAPE_H

#include "ground.h"

/* A line that ends half of the plane: `a` to `b`, and what is kept lies to its left. */
typedef struct half_plane {
    elc_point a, b;
} half_plane;

/* A growing list. Start with {0}. */
typedef struct shape_points {
    elc_point *items;
    size_t n, capacity;
} shape_points;

/* How far to the left of a line a point lies; negative: to the right. */
double elc_shape_side(const half_plane *line, elc_point p);
/* Cuts a ring (Sutherland and Hodgman 1974), `spare` being room for it. */
elc_status elc_shape_cut(shape_points *ring, const half_plane *line,
                         shape_points *spare, elc_error *err);
/* The centre of its area, of its points where that is nothing; NaN of no points. */
elc_point elc_shape_centre(const shape_points *ring);

#endif
