/* locator.c - pixels to longitude and latitude, and what a pixel measures there. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <stdlib.h>

struct elc_locator {
    elc_affine affine;
    elc_transform *transform;
};

elc_status elc_locator_create(const elc_affine *affine, const elc_crs *crs,
                              elc_locator **out, elc_error *err) {
    elc_locator *l = NULL;
    elc_affine inverse; /* a grid without one lies nowhere */
    ELC_TRY(elc_affine_invert(affine, &inverse, err));
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->affine = *affine;
    elc_status status = elc_transform_create(crs, NULL, &l->transform, err);
    if (status != ELC_OK) {
        free(l);
        return status;
    }
    *out = l;
    return ELC_OK;
}

size_t elc_locator_lonlat(elc_locator *l, elc_point *pixels, size_t n) {
    for (size_t i = 0; i < n; i++)
        pixels[i] = elc_affine_apply(&l->affine, pixels[i]);
    return elc_transform_points(l->transform, pixels, n);
}

void elc_locator_pixel_size_m(elc_locator *l, elc_point pixel, double *x_m,
                              double *y_m) {
    elc_point ends[4] = {{pixel.x - 0.5, pixel.y},
                         {pixel.x + 0.5, pixel.y},
                         {pixel.x, pixel.y - 0.5},
                         {pixel.x, pixel.y + 0.5}};
    elc_locator_lonlat(l, ends, 4);
    *x_m = elc_distance_m(ends[0], ends[1]);
    *y_m = elc_distance_m(ends[2], ends[3]);
}

void elc_locator_free(elc_locator *l) {
    if (!l)
        return;
    elc_transform_free(l->transform);
    free(l);
}
