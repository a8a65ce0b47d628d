/* bounds.c - the points of a geometry, moved, and from where to where they lie. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/bounds.h"

#include <stdlib.h>

elc_status elc_serve_bounds(serve_bounder *b, const char *wkb, size_t size,
                            double box[4], bool *found, bool *wide, elc_error *err) {
    size_t n = 0, n_ends = 0;
    bool turned;
    ELC_TRY(elc_wkb_rings(wkb, size, &b->points, &n, &b->capacity, &b->ends, &n_ends,
                          &b->end_capacity, err));
    if (b->way != NULL)
        elc_transform_points(b->way, b->points, n);
    *found = elc_lonlat_bounds(b->points, n, b->ends, n_ends, box, &turned) &&
             box[1] <= 90 && box[3] >= -90;
    *wide = turned && b->way == NULL;
    return ELC_OK;
}

void elc_serve_bounder_free(serve_bounder *b) {
    free(b->points);
    free(b->ends);
    *b = (serve_bounder){.way = b->way};
}
