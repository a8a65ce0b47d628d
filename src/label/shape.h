/* shape.h - outlines of one ring, whatever parts and holes a shape has. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_SHAPE_H
#define ELCANO_SRC_LABEL_SHAPE_H

#include <elcano/geo.h>

#include <geos_c.h>

typedef struct elc_label_ring {
    elc_point *points;
    size_t n, capacity;
} elc_label_ring;

/* Joins a part or a hole, not closed, to the ring's first point by a line there and
   back. */
elc_status elc_label_ring_join(elc_label_ring *ring, const elc_point *part, size_t n,
                               elc_error *err);
/* Joins all rings of all polygons of a shape, in order; what has no area is left out.
 */
elc_status elc_label_ring_of(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                             elc_label_ring *ring, elc_error *err);
/* The polygon of a ring of n points; NULL when GEOS fails. */
GEOSGeometry *elc_label_polygon(GEOSContextHandle_t geos, const elc_point *ring,
                                size_t n);

#endif
