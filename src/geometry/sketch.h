/* sketch.h - the points of a geometry and what they say of it at a glance (private).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_SKETCH_H
#define ELCANO_SRC_GEOMETRY_SKETCH_H

#include "geometry/boxes.h"

#include <elcano/geometry.h>

/* What can be said without GEOS. */
typedef enum elc_sketch_kind {
    ELC_SKETCH_OTHER, /* which may be anything */
    ELC_SKETCH_POINT,
    ELC_SKETCH_LINE, /* one, of two different points at least: valid */
    ELC_SKETCH_RING, /* a polygon without holes, valid */
    ELC_SKETCH_BOX   /* the same along the axes */
} elc_sketch_kind;

/* Start with {0}; the arrays are used again by the next. */
typedef struct elc_sketch {
    elc_point *points;
    size_t *ends;
    size_t n, n_ends, capacity, end_capacity;
    uint32_t type; /* of WKB */
    bool finite;
    elc_box box; /* where all points are finite, and there are any */
} elc_sketch;

/* ELC_E_FORMAT for what is no WKB. */
elc_status elc_sketch_read(elc_sketch *sketch, const void *wkb, size_t size,
                           elc_error *err);
/* Looks for a line, or a ring whose edges do not meet but at its corners. */
elc_sketch_kind elc_sketch_kind_of(const elc_sketch *sketch);
/* Whether a ring is open or a line has one point, so that GEOS may not read it; what
   has parts of several types is doubtful too. */
bool elc_sketch_is_doubtful(const elc_sketch *sketch);
void elc_sketch_free(elc_sketch *sketch);

#endif
