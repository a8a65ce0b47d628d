/* antimeridian.h - points and lines of longitude and latitude within one turn of the
   globe (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_FUNCTIONS_ANTIMERIDIAN_H
#define ELCANO_SRC_FUNCTIONS_ANTIMERIDIAN_H

#include "functions/shape.h"

/* *out = the same points with longitudes of -180 to 180; lines are cut where they cross
   180 degrees, neighbours more than 180 degrees apart being meant the short way.
   ELC_E_ARGUMENT for longitudes beyond 360 and latitudes beyond 90, ELC_E_UNSUPPORTED
   for collections and for lines of more than eight turns. */
elc_status elc_antimeridian_cut(elc_frame *f, const GEOSGeometry *shape,
                                GEOSGeometry **out, elc_error *err);

#endif
