/* locator.c - pixels to longitude and latitude, and what a pixel measures there. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <stdlib.h>

struct elc_locator {
    bool by_rpc;
    elc_affine affine;
    elc_transform *transform; /* NULL with RPCs */
    elc_rpc rpc;
    elc_ground ground;
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

elc_status elc_locator_create_rpc(const elc_rpc *rpc, const elc_ground *ground,
                                  elc_locator **out, elc_error *err) {
    elc_locator *l = NULL;
    ELC_TRY(elc_rpc_check(rpc, err));
    if (!isfinite(ground->height_m))
        return elc_fail(err, ELC_E_ARGUMENT, "height of the ground: %g m is no height",
                        ground->height_m);
    ELC_TRY(elc_alloc(1, sizeof *l, &l, err));
    l->by_rpc = true;
    l->rpc = *rpc;
    l->ground = *ground;
    *out = l;
    return ELC_OK;
}

/* ---- the line of sight meets the ground ------------------------------------------ */

enum { SIGHT_STEPS = 80 };
#define SIGHT_M 1e-6 /* between the line and the ground */

/* A search along a line of sight for the height at which it meets the ground. */
typedef struct sight {
    double height, rise;   /* of the line here, and the ground's above it */
    double height0, rise0; /* one step before */
    double low, high;      /* known to be below and above the ground */
} sight;

/* Where the line through the last two heights meets the ground; that fails where the
   ground jumps, and then the middle does. */
static double next_height(const sight *s, int step) {
    double ground = s->height + s->rise;
    double guess =
        s->height - s->rise * (s->height - s->height0) / (s->rise - s->rise0);
    bool bracketed = isfinite(s->low) && isfinite(s->high);
    if (bracketed && (step % 3 == 2 || !(guess > s->low && guess < s->high)))
        return s->low + (s->high - s->low) / 2;
    if (!bracketed && !(fabs(guess - s->height) <= 100 * fabs(s->rise)))
        return ground;
    return guess;
}

static double height_at(const elc_ground *ground, elc_point lonlat) {
    double height = ground->height_at(ground->arg, lonlat);
    return isfinite(height) ? height : ground->height_m;
}

static elc_point meet_ground(const elc_locator *l, elc_point pixel) {
    sight s = {.height = l->ground.height_m,
               .height0 = NAN,
               .rise0 = NAN,
               .low = -INFINITY,
               .high = INFINITY};
    elc_point place = elc_rpc_lonlat(&l->rpc, pixel, s.height);
    for (int i = 0; i < SIGHT_STEPS && !isnan(place.x); i++) {
        s.rise = height_at(&l->ground, place) - s.height;
        if (fabs(s.rise) <= SIGHT_M || s.high - s.low <= SIGHT_M)
            break;
        if (s.rise > 0)
            s.low = s.height;
        else
            s.high = s.height;
        double next = next_height(&s, i);
        s.height0 = s.height, s.rise0 = s.rise;
        s.height = next;
        place = elc_rpc_lonlat(&l->rpc, pixel, s.height);
    }
    return place;
}

static size_t rpc_points(const elc_locator *l, elc_point *pixels, size_t n) {
    size_t failed = 0;
    for (size_t i = 0; i < n; i++) {
        pixels[i] = l->ground.height_at
                        ? meet_ground(l, pixels[i])
                        : elc_rpc_lonlat(&l->rpc, pixels[i], l->ground.height_m);
        failed += isnan(pixels[i].x) ? 1 : 0;
    }
    return failed;
}

/* ---- both ------------------------------------------------------------------------ */

size_t elc_locator_lonlat(elc_locator *l, elc_point *pixels, size_t n) {
    if (l->by_rpc)
        return rpc_points(l, pixels, n);
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
    if (l->ground.release)
        l->ground.release(l->ground.arg);
    free(l);
}
