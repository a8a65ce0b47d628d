/* place_fit.c - the affine through points known in pixels and on the ground. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/place.h"

#include <math.h>

/* Points spread across their main direction by less than this share of their spread
   along it say nothing of the second axis. */
#define LEAST_SPREAD 1e-3

static elc_point mean_of(const elc_point *points, size_t n) {
    elc_point mean = {0, 0};
    for (size_t i = 0; i < n; i++) {
        mean.x += points[i].x / (double)n;
        mean.y += points[i].y / (double)n;
    }
    return mean;
}

/* Second moments about the mean. */
typedef struct moments {
    double xx, xy, yy;
} moments;

static moments moments_of(const elc_point *points, size_t n, elc_point mean) {
    moments m = {0, 0, 0};
    for (size_t i = 0; i < n; i++) {
        double x = points[i].x - mean.x, y = points[i].y - mean.y;
        m.xx += x * x;
        m.xy += x * y;
        m.yy += y * y;
    }
    return m;
}

/* The eigenvalues of the moments are the spreads along and across. */
static bool spreads(moments m) {
    double middle = (m.xx + m.yy) / 2, reach = hypot((m.xx - m.yy) / 2, m.xy);
    return isfinite(middle) && middle > 0 &&
           middle - reach > LEAST_SPREAD * LEAST_SPREAD * (middle + reach);
}

/* About their means the points need no constant term, and two equations are left for
   each axis of the ground. */
static void fit_axis(const elc_point *pixels, elc_point mean, const double *values,
                     size_t stride, size_t n, moments m, double *a) {
    double level = 0, xv = 0, yv = 0;
    for (size_t i = 0; i < n; i++)
        level += values[i * stride] / (double)n;
    for (size_t i = 0; i < n; i++) {
        double v = values[i * stride] - level;
        xv += (pixels[i].x - mean.x) * v;
        yv += (pixels[i].y - mean.y) * v;
    }
    double det = m.xx * m.yy - m.xy * m.xy;
    a[1] = (xv * m.yy - yv * m.xy) / det;
    a[2] = (yv * m.xx - xv * m.xy) / det;
    a[0] = level - a[1] * mean.x - a[2] * mean.y;
}

bool elc_fit_affine(const elc_point *pixels, const elc_point *ground, size_t n,
                    elc_affine *out) {
    if (n < 3)
        return false;
    elc_point mean = mean_of(pixels, n);
    moments m = moments_of(pixels, n, mean);
    if (!spreads(m) || !spreads(moments_of(ground, n, mean_of(ground, n))))
        return false;
    elc_affine fit, inverse;
    fit_axis(pixels, mean, &ground->x, 2, n, m, fit.a);
    fit_axis(pixels, mean, &ground->y, 2, n, m, fit.a + 3);
    if (elc_affine_invert(&fit, &inverse, NULL) != ELC_OK)
        return false;
    *out = fit;
    return true;
}

double elc_fit_rms_m(const elc_affine *affine, const elc_point *pixels,
                     const elc_point *ground, size_t n, elc_transform *to_lonlat) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        elc_point pair[2] = {elc_affine_apply(affine, pixels[i]), ground[i]};
        elc_transform_points(to_lonlat, pair, 2);
        double off = elc_distance_m(pair[0], pair[1]);
        sum += off * off / (double)n;
    }
    return sqrt(sum);
}

double elc_fit_rms_px(const elc_affine *affine, const elc_point *pixels,
                      const elc_point *ground, size_t n) {
    elc_affine inverse;
    double sum = 0;
    if (elc_affine_invert(affine, &inverse, NULL) != ELC_OK)
        return NAN;
    for (size_t i = 0; i < n; i++) {
        elc_point p = elc_affine_apply(&inverse, ground[i]);
        double off = hypot(p.x - pixels[i].x, p.y - pixels[i].y);
        sum += off * off / (double)n;
    }
    return sqrt(sum);
}
