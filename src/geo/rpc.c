/* rpc.c - rational polynomials: places to pixels, and back by Newton's method. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>

enum { TERMS = 20, STEPS = 50 };

/* What the inverse aims at, and what still counts: pixels. */
#define GOAL_PX   1e-10
#define ENOUGH_PX 1e-6

static bool all_finite(const double *numbers, int n) {
    for (int i = 0; i < n; i++)
        if (!isfinite(numbers[i]))
            return false;
    return true;
}

elc_status elc_rpc_check(const elc_rpc *rpc, elc_error *err) {
    const double scales[] = {rpc->line_scale, rpc->samp_scale, rpc->lat_scale,
                             rpc->lon_scale, rpc->height_scale};
    const double offsets[] = {rpc->line_off, rpc->samp_off, rpc->lat_off, rpc->lon_off,
                              rpc->height_off};
    for (int i = 0; i < 5; i++)
        if (!isfinite(scales[i]) || scales[i] == 0)
            return elc_fail(err, ELC_E_ARGUMENT,
                            "RPC: a scale is %g: it must be a number other than 0",
                            scales[i]);
    if (all_finite(offsets, 5) && all_finite(rpc->line_num, TERMS) &&
        all_finite(rpc->line_den, TERMS) && all_finite(rpc->samp_num, TERMS) &&
        all_finite(rpc->samp_den, TERMS))
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT, "RPC: an offset or coefficient is not finite");
}

/* The terms of RPC00B (STDI-0002, appendix E) at normalised longitude, latitude and
   height, and their derivatives by the first two. */
typedef struct terms {
    double value[TERMS], by_lon[TERMS], by_lat[TERMS];
} terms;

static void terms_at(double l, double p, double h, terms *t) {
    *t = (terms){
        .value = {1,         l,         p,         h,         l * p,
                  l * h,     p * h,     l * l,     p * p,     h * h,
                  p * l * h, l * l * l, l * p * p, l * h * h, l * l * p,
                  p * p * p, p * h * h, l * l * h, p * p * h, h * h * h},
        .by_lon = {[1] = 1,
                   [4] = p,
                   [5] = h,
                   [7] = 2 * l,
                   [10] = p * h,
                   [11] = 3 * l * l,
                   [12] = p * p,
                   [13] = h * h,
                   [14] = 2 * l * p,
                   [17] = 2 * l * h},
        .by_lat = {[2] = 1,
                   [4] = l,
                   [6] = h,
                   [8] = 2 * p,
                   [10] = l * h,
                   [12] = 2 * l * p,
                   [14] = l * l,
                   [15] = 3 * p * p,
                   [16] = h * h,
                   [18] = 2 * p * h},
    };
}

static double sum(const double *coefficients, const double *values) {
    double total = 0;
    for (int i = 0; i < TERMS; i++)
        total += coefficients[i] * values[i];
    return total;
}

/* A quotient of two polynomials, and its derivatives. */
typedef struct quotient {
    double value, by_lon, by_lat;
} quotient;

static quotient divide(const double *num, const double *den, const terms *t) {
    double n = sum(num, t->value), d = sum(den, t->value);
    return (quotient){
        n / d,
        (sum(num, t->by_lon) * d - n * sum(den, t->by_lon)) / (d * d),
        (sum(num, t->by_lat) * d - n * sum(den, t->by_lat)) / (d * d),
    };
}

elc_point elc_rpc_pixel(const elc_rpc *rpc, elc_point lonlat, double height_m) {
    terms t;
    terms_at(remainder(lonlat.x - rpc->lon_off, 360) / rpc->lon_scale,
             (lonlat.y - rpc->lat_off) / rpc->lat_scale,
             (height_m - rpc->height_off) / rpc->height_scale, &t);
    quotient line = divide(rpc->line_num, rpc->line_den, &t);
    quotient samp = divide(rpc->samp_num, rpc->samp_den, &t);
    elc_point pixel = {samp.value * rpc->samp_scale + rpc->samp_off + 0.5,
                       line.value * rpc->line_scale + rpc->line_off + 0.5};
    bool known = isfinite(pixel.x) && isfinite(pixel.y);
    return known ? pixel : (elc_point){NAN, NAN};
}

/* One step towards the normalised place of a normalised pixel; how far it was, in
   pixels. */
static double step(const elc_rpc *rpc, elc_point pixel, double h, elc_point *place) {
    terms t;
    terms_at(place->x, place->y, h, &t);
    quotient line = divide(rpc->line_num, rpc->line_den, &t);
    quotient samp = divide(rpc->samp_num, rpc->samp_den, &t);
    double dx = pixel.x - samp.value, dy = pixel.y - line.value;
    double det = samp.by_lon * line.by_lat - samp.by_lat * line.by_lon;
    place->x += (dx * line.by_lat - dy * samp.by_lat) / det;
    place->y += (dy * samp.by_lon - dx * line.by_lon) / det;
    return hypot(dx * rpc->samp_scale, dy * rpc->line_scale);
}

/* Degrees of a normalised place; NaN where Earth has none. */
static elc_point degrees(const elc_rpc *rpc, elc_point place) {
    elc_point lonlat = {rpc->lon_off + place.x * rpc->lon_scale,
                        rpc->lat_off + place.y * rpc->lat_scale};
    if (!isfinite(lonlat.x) || !(fabs(lonlat.y) <= 90))
        return (elc_point){NAN, NAN};
    if (fabs(lonlat.x) > 180)
        lonlat.x = remainder(lonlat.x, 360);
    return lonlat;
}

elc_point elc_rpc_lonlat(const elc_rpc *rpc, elc_point pixel, double height_m) {
    elc_point wanted = {(pixel.x - 0.5 - rpc->samp_off) / rpc->samp_scale,
                        (pixel.y - 0.5 - rpc->line_off) / rpc->line_scale};
    double h = (height_m - rpc->height_off) / rpc->height_scale;
    elc_point place = {0, 0}, before = place;
    double off = INFINITY, least = INFINITY;
    for (int i = 0; i < STEPS && !(off <= GOAL_PX); i++) {
        before = place;
        off = step(rpc, wanted, h, &place);
        if (isnan(off) || (off >= least && least <= ENOUGH_PX))
            break; /* rounding leaves no more */
        least = fmin(least, off);
    }
    return off <= ENOUGH_PX ? degrees(rpc, before) : (elc_point){NAN, NAN};
}
