/* edit.h - what buffers and simplifications of one CRS share (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_EDIT_H
#define ELCANO_SRC_GEOMETRY_EDIT_H

#include "geometry/mend.h"

struct elc_edit {
    elc_geos geos;
    bool globe;                        /* its plane is longitude and latitude */
    elc_transform *to_lonlat, *to_crs; /* NULL: it is OGC:CRS84 */
    double error;
};

/* The longer of the metres that a small step along x and along y makes at the middle of
   a shape, and the latitude there; NaN where that is nowhere. */
double elc_edit_scale(elc_edit *e, const GEOSGeometry *shape, double *lat);

/* A buffer in metres of a valid geometry; NULL where nothing is left. */
elc_status elc_edit_buffer_metres(elc_edit *e, const GEOSGeometry *shape,
                                  double distance, GEOSGeometry **out, elc_error *err);

#endif
