/* mercator_loops.c - transverse Mercator both ways, compiled for each kind of
 * processor.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/mercator.h"

#include "geo/polynomials.h"

#define SIN_35    0.5735764363510462
#define ETA_LIMIT 0.6548 /* 4,169 km: of the grid, 35 degrees of arc */
#define XI_LIMIT  (HALF_PI + 1e-15)
#define REACH     50  /* degrees of longitude from the central meridian */
#define TURNS     540 /* the same before whole turns are taken off */

/* ---- series ------------------------------------------------------------------------
 */

/* The sum of a_j sin(2jx), from the sine and cosine of 2x: sin(2jx) is sin(2x) times a
   polynomial in cos(2x), so that the sum is too; elc_tm_create made `table` of it. */
ELC_INLINE double sine_series(const double *table, double sin2, double cos2) {
    return sin2 * elc_polynomial(table, ELC_TM_ORDER, cos2);
}

typedef struct {
    double sin, cos, sinh, cosh; /* of 2 xi, and of 2 eta */
} doubled;

/* The same of the complex number xi + i eta: a polynomial with real factors divided by
   the quadratic of its argument (Knuth, TAOCP 4.6.4, equation 3). */
ELC_INLINE void complex_series(const double *table, doubled d, double *real,
                               double *imaginary) {
    double r = d.cos * d.cosh, i = -(d.sin * d.sinh);
    double twice = 2 * r, norm = r * r + i * i;
    double b2 = table[5], b1 = table[4] + twice * b2;
    for (int k = 3; k > 0; k--) {
        double b = (table[k] - norm * b2) + twice * b1;
        b2 = b1;
        b1 = b;
    }
    double p = (table[0] - norm * b2) + r * b1, q = i * b1;
    double s = d.sin * d.cosh, c = d.cos * d.sinh;
    *real = s * p - c * q;
    *imaginary = s * q + c * p;
}

/* ---- a point -----------------------------------------------------------------------
 */

/* Karney's (7) to (11), with xi' as the latitude and small angles added to it, so that
   only those carry rounding: tan(xi' - chi) = sin chi cos chi v / (1 - v cos^2 chi),
   v = 1 - cos lambda. One division gives both quotients. */
ELC_INLINE void forward_point(const elc_tm *tm, double *x, double *y) {
    double lambda = *x - tm->lon0, phi = *y;
    int inside = (fabs(lambda) <= TURNS) & (fabs(phi) <= 90);
    lambda -= 360 * elc_nearest(lambda * (1.0 / 360));
    double l = lambda * RADIANS_PER_DEGREE, sl = elc_sin(l), cl = elc_cos(l);
    double f = phi * RADIANS_PER_DEGREE, s = elc_sin(f), c = elc_cos(f);
    inside &= (fabs(lambda) <= REACH) & (fabs(c * sl) <= SIN_35);
    double delta = sine_series(tm->to_conformal, 2 * s * c, 1 - 2 * s * s);
    double z = delta * delta;
    elc_turn(&s, &c, delta - delta * z * (1.0 / 6 - z * (1.0 / 120)),
             z * (0.5 - z * (1.0 / 24)));
    double w = c * sl, p = c * cl, v = c * (1 - cl);
    double below = 1 - c * v, square = (1 - w) * (1 + w);
    double reciprocal = 1 / (below * square);
    double two = 2 * (below * reciprocal);
    doubled d = {s * p * two, p * p * two - 1, w * two, two - 1};
    double xi, eta;
    complex_series(tm->alpha, d, &xi, &eta);
    xi += delta + elc_atan(s * v * (square * reciprocal));
    eta += elc_atanh(w);
    double north = phi * tm->degree + (phi * tm->degree_rest + xi * tm->radian);
    double outside = inside ? 0 : NAN;
    *x = tm->easting + eta * tm->radian + outside;
    *y = tm->northing + north + outside;
}

/* The way back: h is the length of (sinh eta', cos xi'), so that tan chi = sin xi' / h.
 */
ELC_INLINE void inverse_point(const elc_tm *tm, double *x, double *y) {
    double east = *x - tm->easting, north = *y - tm->northing;
    double eta = east * tm->radians, xi = north * tm->radians;
    int inside = (fabs(eta) <= ETA_LIMIT) & (fabs(xi) <= XI_LIMIT);
    double s = elc_sin(xi), c = elc_cos(xi), sh, ch, d_xi, d_eta;
    elc_sinh_cosh(eta, &sh, &ch);
    doubled d = {2 * s * c, 1 - 2 * s * s, 2 * sh * ch, 1 + 2 * sh * sh};
    complex_series(tm->beta, d, &d_xi, &d_eta);
    double z = d_xi * d_xi;
    elc_turn(&s, &c, d_xi * z * (1.0 / 6) - d_xi, z * (0.5 - z * (1.0 / 24)));
    sh = elc_turn_sinh(sh, ch, -d_eta);
    double h = sqrt(sh * sh + c * c);
    double below = c * h + s * s, square = 1 + sh * sh; /* cosh^2 eta' */
    double reciprocal = 1 / (below * square);
    double to_chi = elc_atan(s * (h - c) * (square * reciprocal));
    double twice = 2 * s * (below * reciprocal);
    double to_phi = sine_series(tm->to_geodetic, twice * h, 1 - twice * s);
    double rest = ((to_phi - to_chi) - d_xi) * DEGREES_PER_RADIAN;
    double lambda = elc_angle(sh, c) * DEGREES_PER_RADIAN;
    inside &= fabs(lambda) <= REACH;
    double outside = inside ? 0 : NAN;
    *x = tm->lon0 + lambda + outside;
    *y = north * tm->degrees + (north * tm->degrees_rest + rest) + outside;
}

/* ---- arrays ------------------------------------------------------------------------
 */

enum { BLOCK = 256 };

/* Longitudes within -180 and 180. Few zones can have others. */
ELC_INLINE void wrap(const elc_tm *tm, double *x, size_t n) {
    if (fabs(tm->lon0) > 180 - REACH)
        for (size_t i = 0; i < n; i++)
            x[i] -= 360 * elc_nearest(x[i] * (1.0 / 360));
}

/* Columns are what vectors are loaded from: a block at a time, on the stack. */
#define LOOP(direction, name, attribute, end)                                          \
    attribute static void direction##_##name(const elc_tm *tm, elc_point *points,      \
                                             size_t n) {                               \
        const elc_tm copy = *tm;                                                       \
        double x[BLOCK], y[BLOCK];                                                     \
        for (; n > 0;) {                                                               \
            size_t m = n < BLOCK ? n : BLOCK;                                          \
            for (size_t i = 0; i < m; i++)                                             \
                x[i] = points[i].x, y[i] = points[i].y;                                \
            for (size_t i = 0; i < m; i++)                                             \
                direction##_point(&copy, &x[i], &y[i]);                                \
            end;                                                                       \
            for (size_t i = 0; i < m; i++)                                             \
                points[i] = (elc_point){x[i], y[i]};                                   \
            points += m, n -= m;                                                       \
        }                                                                              \
    }

#define DEFINE(name, attribute)                                                        \
    LOOP(forward, name, attribute, (void)0)                                            \
    LOOP(inverse, name, attribute, wrap(&copy, x, m))                                  \
    const elc_tm_loops elc_tm_##name = {forward_##name, inverse_##name};

DEFINE(plain, )
DEFINE(wide, ELC_WIDE)
DEFINE(widest, ELC_WIDEST)
