/* bounds.h - the bounds of a row's geometry in longitude and latitude. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_SERVE_BOUNDS_H
#define ELCANO_SRC_SERVE_BOUNDS_H

#include "serve/layer.h"

/* Start with {0}. One thread's. */
typedef struct serve_bounder {
    elc_transform *way; /* to longitude and latitude; NULL: it is that. Borrowed */
    elc_point *points;  /* scratch */
    size_t *ends;
    size_t capacity, end_capacity;
} serve_bounder;

/* West, south, east and north of WKB as elc_lonlat_bounds has them. `*found` false: it
   is nowhere. `*wide`: it is asked as it lies on the plane, all round the globe, though
   its bounds are taken the short way across the antimeridian. */
elc_status elc_serve_bounds(serve_bounder *b, const char *wkb, size_t size,
                            double box[4], bool *found, bool *wide, elc_error *err);
void elc_serve_bounder_free(serve_bounder *b);

#endif
