/* outside.c - which chips lie outside of an area of interest. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "outside.h"

#include <math.h>

/* Points along each side of a chip that are compared with the area. */
enum { SIDE_POINTS = 8 };

/* The outline of a box, in pixels. */
static size_t ring_of(const elc_box *b, elc_point *ring) {
    const elc_point corner[5] = {{b->xmin, b->ymin},
                                 {b->xmax, b->ymin},
                                 {b->xmax, b->ymax},
                                 {b->xmin, b->ymax},
                                 {b->xmin, b->ymin}};
    size_t n = 0;
    for (int side = 0; side < 4; side++)
        for (int i = 0; i < SIDE_POINTS; i++) {
            double t = (double)i / SIDE_POINTS;
            elc_point a = corner[side], z = corner[side + 1];
            ring[n++] = (elc_point){a.x + t * (z.x - a.x), a.y + t * (z.y - a.y)};
        }
    return n;
}

/* A ring that spans more than half of the globe crosses the antimeridian, where lon/lat
   is no plane: nothing is known of it. */
static bool wraps(const chips_area *area, const elc_point *ring, size_t n) {
    double low = ring[0].x, high = ring[0].x;
    if (area->crs && !elc_crs_is_geographic(area->crs))
        return false;
    for (size_t i = 1; i < n; i++) {
        low = fmin(low, ring[i].x);
        high = fmax(high, ring[i].x);
    }
    return high - low > 180;
}

elc_status elc_chips_outside(const chips_area *area, elc_locator *locator,
                             const elc_box *box, bool *out, elc_error *err) {
    elc_point ring[4 * SIDE_POINTS];
    bool meets = true;
    *out = false;
    if (!area->area)
        return ELC_OK;
    size_t n = ring_of(box, ring);
    elc_locator_lonlat(locator, ring, n);
    elc_transform_points(area->to_area, ring, n);
    if (wraps(area, ring, n))
        return ELC_OK;
    ELC_TRY(elc_area_meets_ring(area->area, ring, n, &meets, err));
    *out = !meets;
    return ELC_OK;
}
