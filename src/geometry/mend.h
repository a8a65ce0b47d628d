/* mend.h - geometries from outside made fit for overlay: valid, of one dimension, cut
   at the antimeridian (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_MEND_H
#define ELCANO_SRC_GEOMETRY_MEND_H

#include <elcano/geometry.h>

#include "geometry/geos.h"

/* *out = the geometry, moved by `way` where it is not NULL; NULL where there is
   nothing: it is empty, or nowhere. Of a collection what has the highest dimension
   counts. Where the plane is that of longitude and latitude (`globe`), polygons with an
   edge of more than half of the globe are cut at the antimeridian. ELC_E_FORMAT for
   what is no WKB. */
elc_status elc_geos_mend(elc_geos *g, const void *wkb, size_t size, elc_transform *way,
                         bool globe, GEOSGeometry **out, elc_taken *taken,
                         elc_error *err);

/* The parts of a dimension, polygons narrower than `narrow` left out; NULL where there
   are none. */
elc_status elc_geos_parts(elc_geos *g, const GEOSGeometry *shape, int dimension,
                          double narrow, GEOSGeometry **out, elc_error *err);

/* Replaces each ring that wraps round the globe; takes the shape, and gives another. */
elc_status elc_geos_cut(elc_geos *g, GEOSGeometry **shape, elc_error *err);

/* Moves all points; *out is NULL where one is nowhere then. */
elc_status elc_geos_move(elc_geos *g, const GEOSGeometry *shape, elc_transform *way,
                         GEOSGeometry **out, elc_error *err);

#endif
