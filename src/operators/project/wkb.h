/* wkb.h - the points of a geometry moved, and all else of it kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PROJECT_WKB_H
#define ELC_OPERATORS_PROJECT_WKB_H

#include <elcano/geometry.h>

typedef enum project_fate {
    PROJECT_MOVED,
    PROJECT_BARE, /* without a place: empty, or a coordinate is NaN; kept */
    PROJECT_LOST  /* a point lies where the other CRS has none */
} project_fate;

/* Appends WKB whose points, in the order of elc_wkb_points, are `points`: NaN for those
   that could not be moved. Those that were NaN before stay as they are, as do Z and M;
   an EWKB's SRID becomes 0, since it is that of the points before. The bytes have
   passed elc_wkb_points. */
elc_status elc_project_wkb(const void *wkb, size_t size, const elc_point *points,
                           project_fate *fate, elc_string *out, elc_error *err);

#endif
