/* outside.c - which chips lie outside of an area of interest. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "outside.h"

#include <math.h>

/* Points along each side of a chip that are compared with the area. */
enum { SIDE_POINTS = 8 };

/* The outline of a window, clipped to the image, in pixels. */
static size_t ring_of(elc_window w, int64_t width, int64_t height, elc_point *ring) {
    double x0 = (double)w.x, y0 = (double)w.y;
    double x1 = fmin((double)(w.x + w.width), (double)width);
    double y1 = fmin((double)(w.y + w.height), (double)height);
    const elc_point corner[5] = {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}};
    size_t n = 0;
    for (int side = 0; side < 4; side++)
        for (int i = 0; i < SIDE_POINTS; i++) {
            double t = (double)i / SIDE_POINTS;
            elc_point a = corner[side], b = corner[side + 1];
            ring[n++] = (elc_point){a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
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
                             elc_window window, int64_t width, int64_t height,
                             bool *out, elc_error *err) {
    elc_point ring[4 * SIDE_POINTS];
    bool meets = true;
    *out = false;
    if (!area->area)
        return ELC_OK;
    size_t n = ring_of(window, width, height, ring);
    elc_locator_lonlat(locator, ring, n);
    elc_transform_points(area->to_area, ring, n);
    if (wraps(area, ring, n))
        return ELC_OK;
    ELC_TRY(elc_area_meets_ring(area->area, ring, n, &meets, err));
    *out = !meets;
    return ELC_OK;
}
