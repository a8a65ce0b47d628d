/* area_box.c - whether a box of an image's pixels lies outside of an area. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>

/* Points along each side of a box that are compared with the area. */
enum { SIDE_POINTS = 8 };

static size_t ring_of(const double box[4], elc_point *ring) {
    const elc_point corner[5] = {{box[0], box[1]},
                                 {box[2], box[1]},
                                 {box[2], box[3]},
                                 {box[0], box[3]},
                                 {box[0], box[1]}};
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
static bool wraps(const elc_crs *crs, const elc_point *ring, size_t n) {
    double low = ring[0].x, high = ring[0].x;
    if (crs && !elc_crs_is_geographic(crs))
        return false;
    for (size_t i = 1; i < n; i++) {
        low = fmin(low, ring[i].x);
        high = fmax(high, ring[i].x);
    }
    return high - low > 180;
}

elc_status elc_area_misses_box(const elc_area_way *way, elc_locator *locator,
                               const double box[4], bool *out, elc_error *err) {
    elc_point ring[4 * SIDE_POINTS];
    bool meets = true;
    *out = false;
    if (!way->area)
        return ELC_OK;
    size_t n = ring_of(box, ring);
    elc_locator_lonlat(locator, ring, n);
    elc_transform_points(way->to_area, ring, n);
    if (wraps(way->crs, ring, n))
        return ELC_OK;
    ELC_TRY(elc_area_meets_ring(way->area, ring, n, &meets, err));
    *out = !meets;
    return ELC_OK;
}
