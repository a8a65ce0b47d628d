/* globe.h - shapes in longitude and latitude, cut where the plane of them ends. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_GLOBE_H
#define ELCANO_SRC_GEOMETRY_GLOBE_H

#include <elcano/base.h>

#include <geos_c.h>

/* True when a shape in lon/lat leaves [-180, 180], or spans more than half of it. */
bool elc_globe_wraps(GEOSContextHandle_t geos, const GEOSGeometry *shape);

/* The same (multi)polygon with each ring led round the globe as elc_wkb_polygon_lonlat
   leads it. */
elc_status elc_globe_cut(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                         GEOSGeometry **out, elc_error *err);

/* True when a shape leaves [-180, 180]. */
bool elc_globe_leaves(GEOSContextHandle_t geos, const GEOSGeometry *shape);

/* The same shape with what is beyond [-180, 180] put where it is in there: cut at the
   antimeridian, and moved by whole turns. NULL where GEOS cannot, or there are more
   than a few turns. */
GEOSGeometry *elc_globe_fold(GEOSContextHandle_t geos, const GEOSGeometry *shape);

#endif
