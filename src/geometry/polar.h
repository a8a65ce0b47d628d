/* polar.h - polygons of longitude and latitude whose rings go round a pole (private).
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_POLAR_H
#define ELCANO_SRC_GEOMETRY_POLAR_H

#include <elcano/geo.h>

/* Turns a ring's n points of `dims` doubles, moved from `was`, round where those go
   clockwise: what lies inside is on the left then. */
void elc_polar_face(const elc_point *was, void *points, size_t n, size_t dims);

/* Appends a geometry of elc_wkb_move whose polygons' rings end a turn from where they
   began where they go round a pole, and have their inside on the left: such polygons
   are opened at the antimeridian and led along the pole. Holes that lie across where
   they are opened become part of their outline, as does one round the pole. Other
   bytes are kept. ELC_E_UNSUPPORTED for triangles, for holes round a pole in what does
   not go round it, and for thousands of holes that lie across. */
elc_status elc_polar_lead(const void *wkb, elc_string *out, elc_error *err);

#endif
