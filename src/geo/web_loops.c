/* web_loops.c - Web Mercator both ways, compiled for each kind of processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/web.h"

#include "geo/polynomials.h"

#define RADIUS        6378137.0        /* EPSG:3857 */
#define MOST_LATITUDE 85.0511287798066 /* where the map's square ends */
#define MOST_NORTH    20037508.342789251
#define TURNS         540 /* degrees of longitude */
#define LOG_4         1.3862943611198906

/* ---- a point ----------------------------------------------------------------------
 */

/* The logarithm of a / b within 1 and 32, b > 0, in two steps, between which arrays may
   wait, so that no step has to wait long for the one before: the fourth or the
   sixteenth of a / b is within a half and 2, and one division is all that this takes.
 */
typedef struct quotient {
    double log, tangent; /* the logarithm is log + 2 atanh(tangent) */
} quotient;

ELC_INLINE quotient quotient_of(double a, double b) {
    double more = a > 8 * b ? 2 * LOG_4 : a > 2 * b ? LOG_4 : 0;
    a *= a > 8 * b ? 1.0 / 16 : a > 2 * b ? 1.0 / 4 : 1;
    return (quotient){more, (a - b) / (a + b)};
}

ELC_INLINE double log_of(quotient q) {
    return q.log + 2 * elc_atanh_third(q.tangent);
}

ELC_INLINE double wrapped(double degrees) {
    return degrees - 360 * elc_nearest(degrees * (1.0 / 360));
}

ELC_INLINE void forward_point(double *x, double *y) {
    int inside = (fabs(*x) <= TURNS) & (fabs(*y) <= MOST_LATITUDE);
    double phi = fabs(*y) * RADIANS_PER_DEGREE, outside = inside ? 0 : NAN;
    double north = RADIUS * log_of(quotient_of(1 + elc_sin(phi), elc_cos(phi)));
    *x = wrapped(*x) * (RADIUS * RADIANS_PER_DEGREE) + outside;
    *y = copysign(north, *y) + outside;
}

/* tan(phi / 2) = tanh(y / 2), from a quarter of that and doubled twice. */
ELC_INLINE void inverse_point(double *x, double *y) {
    double lon = *x * (DEGREES_PER_RADIAN / RADIUS), s, c;
    int inside = (fabs(lon) <= TURNS) & (fabs(*y) <= MOST_NORTH);
    double outside = inside ? 0 : NAN;
    elc_sinh_cosh(*y * (0.125 / RADIUS), &s, &c);
    double s2 = 2 * s * c, c2 = 1 + 2 * s * s;
    double s4 = 2 * s2 * c2, c4 = 1 + 2 * s2 * s2;
    *x = wrapped(lon) + outside;
    *y = elc_angle(s4, c4) * (2 * DEGREES_PER_RADIAN) + outside;
}

/* atanh(sin(phi)) = log((1 + t) / (1 - t)), t = tan(phi / 2): its continued fraction
   (Lambert 1761) cut after eight steps is off by 1e-16 at 86 degrees. */
ELC_INLINE quotient north_of(double degrees) {
    double x = fabs(degrees) * (0.5 * RADIANS_PER_DEGREE), z = x * x;
    double over = x * (2027025 + z * (-270270 + z * (6930 - 36 * z)));
    double under = 2027025 + z * (-945945 + z * (51975 + z * (-630 + z)));
    return quotient_of(under + over, under - over);
}

/* Shares of the map, from its north-west corner. NaN where longitudes are off it. */
ELC_INLINE double share_along(double x, double y) {
    int inside = (fabs(x) <= TURNS) & (fabs(y) <= MOST_LATITUDE);
    double metres = wrapped(x) * (RADIUS * RADIANS_PER_DEGREE);
    return 0.5 + metres * (0.5 / MOST_NORTH) + (inside ? 0 : NAN);
}

ELC_INLINE double share_down(double degrees, quotient q) {
    return 0.5 - copysign(log_of(q), degrees) * (RADIUS * 0.5 / MOST_NORTH);
}

/* A column or row of a share of the map, cut at its edges; of NaN the first. */
ELC_INLINE int32_t index_of(double share, double side) {
    double v = share * side;
    v = v > 0 ? v : 0;
    return (int32_t)(v < side - 1 ? v : side - 1);
}

/* ---- arrays -----------------------------------------------------------------------
 */

enum { BLOCK = 256, SHORT_ZOOM = 16 };

/* Columns are what vectors are loaded from: a block at a time, on the stack. */
#define LOOP(direction, name, attribute)                                               \
    attribute static void direction##_##name(elc_point *points, size_t n) {            \
        double x[BLOCK], y[BLOCK];                                                     \
        while (n > 0) {                                                                \
            size_t m = n < BLOCK ? n : BLOCK;                                          \
            for (size_t i = 0; i < m; i++)                                             \
                x[i] = points[i].x, y[i] = points[i].y;                                \
            for (size_t i = 0; i < m; i++)                                             \
                direction##_point(&x[i], &y[i]);                                       \
            for (size_t i = 0; i < m; i++)                                             \
                points[i] = (elc_point){x[i], y[i]};                                   \
            points += m, n -= m;                                                       \
        }                                                                              \
    }

#define CODES(name, attribute)                                                         \
    attribute static void codes_##name(const elc_point *lonlat, size_t n, int zoom,    \
                                       int64_t *out) {                                 \
        double x[BLOCK], y[BLOCK], log[BLOCK], tangent[BLOCK];                         \
        double side = (double)(INT64_C(1) << zoom);                                    \
        int32_t column[BLOCK], row[BLOCK];                                             \
        while (n > 0) {                                                                \
            size_t m = n < BLOCK ? n : BLOCK;                                          \
            for (size_t i = 0; i < m; i += 4) /* the next block's */                   \
                __builtin_prefetch(&lonlat[BLOCK + i]);                                \
            for (size_t i = 0; i < m; i++)                                             \
                x[i] = lonlat[i].x, y[i] = lonlat[i].y;                                \
            for (size_t i = 0; i < m; i++) {                                           \
                quotient q = north_of(y[i]);                                           \
                x[i] = share_along(x[i], y[i]);                                        \
                log[i] = q.log, tangent[i] = q.tangent;                                \
            }                                                                          \
            for (size_t i = 0; i < m; i++)                                             \
                y[i] = share_down(y[i], (quotient){log[i], tangent[i]});               \
            for (size_t i = 0; i < m; i++) {                                           \
                column[i] = index_of(x[i], side);                                      \
                row[i] = index_of(y[i], side);                                         \
            }                                                                          \
            if (zoom <= SHORT_ZOOM)                                                    \
                for (size_t i = 0; i < m; i++)                                         \
                    out[i] = elc_web_short_code(column[i], row[i]) |                   \
                             -(int64_t)(x[i] != x[i]);                                 \
            else                                                                       \
                for (size_t i = 0; i < m; i++)                                         \
                    out[i] =                                                           \
                        elc_web_code(column[i], row[i]) | -(int64_t)(x[i] != x[i]);    \
            lonlat += m, out += m, n -= m;                                             \
        }                                                                              \
    }

#define DEFINE(name, attribute)                                                        \
    LOOP(forward, name, attribute)                                                     \
    LOOP(inverse, name, attribute)                                                     \
    CODES(name, attribute)                                                             \
    const elc_web_loops elc_web_##name = {forward_##name, inverse_##name, codes_##name};

DEFINE(plain, )
DEFINE(wide, ELC_WIDE)
DEFINE(widest, ELC_WIDEST)
