/* wkb.h - the points of a geometry moved, and all else of it kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PROJECT_WKB_H
#define ELC_OPERATORS_PROJECT_WKB_H

#include <elcano/geometry.h>

typedef enum project_fate {
    PROJECT_MOVED,
    PROJECT_BARE, /* without a place: empty, or a coordinate is NaN; kept */
    PROJECT_LOST, /* a point lies where the other CRS has none */
    PROJECT_ROUND /* a line or ring goes round a pole; elc_wkb_move takes most */
} project_fate;

/* A geometry's points in the order of elc_wkb_points, before and after
   elc_transform_points moved them: NaN for those that it could not. */
typedef struct project_points {
    const elc_point *was;
    elc_point *moved; /* elc_transform_unroll changes them */
    elc_transform *way;
} project_points;

/* Appends WKB whose points are those that were moved; those of one part of it stay
   together. Those that were NaN before stay as they are, as do Z and M;
   an EWKB's SRID becomes 0, since it is that of the points before. The bytes have
   passed elc_wkb_points. */
elc_status elc_project_wkb(const void *wkb, size_t size, project_points *points,
                           project_fate *fate, elc_string *out, elc_error *err);

#endif
