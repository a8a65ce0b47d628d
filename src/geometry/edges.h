/* edges.h - what the edges of two plain shapes say of how they lie (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_EDGES_H
#define ELCANO_SRC_GEOMETRY_EDGES_H

#include "geometry/sketch.h"

/* A line, or a ring with its first point again at its end. */
typedef struct elc_edges {
    const elc_point *points;
    size_t n; /* of points; 0: it is neither */
    elc_sketch_kind kind;
} elc_edges;

/* Whether `left` stands in a relation to `right`, exactly: 1, 0, or 2 where GEOS must
   be asked, for their edges touch, or are too many. Their boxes meet. ELC_DISJOINT is
   answered as ELC_INTERSECTS, and ELC_NEAR not at all. */
char elc_edges_ask(elc_predicate predicate, const elc_edges *left,
                   const elc_edges *right);

#endif
