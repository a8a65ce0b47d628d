/* polynomials.h - elementary functions in the ranges that projections need: no libm, so
   that loops over them are vectorised, and the same bits on every processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEO_POLYNOMIALS_H
#define ELCANO_SRC_GEO_POLYNOMIALS_H

#include <math.h>

#define ELC_INLINE static inline __attribute__((always_inline))

#define RADIANS_PER_DEGREE 0.017453292519943295
#define DEGREES_PER_RADIAN 57.29577951308232
#define HALF_PI            1.5707963267948966
/* Of 50 degrees: a third and two thirds of it. */
#define TAN_THIRD      0.2993803470957405
#define TAN_TWO_THIRDS 0.6577103466554505
#define TWO_THIRDS     0.5817764173314431

/* Minimax, in x squared, by tools/minimax.py. */
/* |x| <= 1.5708, error 1.1e-16 */
static const double SIN[] = {-0.1666666666666581,     0.008333333333262876,
                             -0.000198412698200936,   2.75573160769521e-06,
                             -2.5051851494348337e-08, 1.6047301132230917e-10,
                             -7.364645829338464e-13};
/* |x| <= 1.5708, error 5.7e-18 */
static const double COS[] = {0.04166666666666583,   -0.001388888888883005,
                             2.480158728578421e-05, -2.7557317068538993e-07,
                             2.087659259383283e-09, -1.1463635468449381e-11,
                             4.6161353324116066e-14};
/* |x| <= 0.6600, error 1.2e-19 */
static const double SINH[] = {0.16666666666666657,    0.008333333333336336,
                              0.00019841269837402622, 2.755732160686922e-06,
                              2.5051347599225344e-08, 1.6180456174572885e-10};
/* |x| <= 0.6600, error 6.9e-18 */
static const double COSH[] = {0.04166666666667815, 0.0013888888886210587,
                              2.4801589561101417e-05, 2.7556434956845685e-07,
                              2.1039937880170955e-09};
/* |x| <= 0.2994, error 1.8e-17 */
static const double ATAN[] = {-0.33333333333304765, 0.19999999991783496,
                              -0.14285713412539064, 0.11111064154975231,
                              -0.09089468010657159, 0.076658666341177,
                              -0.06377311369582038, 0.040994704569807666};
/* |x| <= 0.5800, error 3.2e-17 */
static const double ATANH[] = {
    0.3333333333330465,   0.20000000005760346, 0.1428571384654283,  0.11111128819834405,
    0.0909047368983682,   0.07699360795854028, 0.0658787927456532,  0.0650528748168488,
    0.017364892907816405, 0.19033152271486892, -0.3622201559933756, 0.8177556989873823,
    -0.8840929510256462,  0.5728133917678935};

/* |x| <= 0.3334, error 9.4e-18 */
static const double ATANH_THIRD[] = {
    0.3333333333334756,  0.1999999999602697,  0.14285714698209415,
    0.11111089211913905, 0.09091583221250955, 0.07679602328113681,
    0.06814775961782463, 0.04851710017799362, 0.09062524931000741};

#define POLYNOMIAL(table, z)                                                           \
    elc_polynomial(table, (int)(sizeof(table) / sizeof *(table)), z)

/* Horner's rule for the even and the odd powers side by side, which halves the wait for
   each step's result. Unrolled, since n is known; at least 2. */
ELC_INLINE double elc_polynomial(const double *table, int n, double z) {
    double w = z * z, odd = table[n - 1], even = table[n - 2];
    for (int i = n - 3; i > 0; i -= 2) {
        odd = odd * w + table[i];
        even = even * w + table[i - 1];
    }
    double sum = even + odd * z;
    return n % 2 ? table[0] + sum * z : sum;
}

/* The nearest whole number, for |x| < 2^51: what adding 1.5 * 2^52 rounds to. */
ELC_INLINE double elc_nearest(double x) {
    return (x + 6755399441055744.0) - 6755399441055744.0;
}

/* |x| <= pi / 2 */
ELC_INLINE double elc_sin(double x) {
    double z = x * x;
    return x + x * z * POLYNOMIAL(SIN, z);
}

ELC_INLINE double elc_cos(double x) {
    double z = x * x;
    return 1 - z * (0.5 - z * POLYNOMIAL(COS, z));
}

/* |x| <= 0.66 */
ELC_INLINE void elc_sinh_cosh(double x, double *sinh_x, double *cosh_x) {
    double z = x * x;
    *sinh_x = x + x * z * POLYNOMIAL(SINH, z);
    *cosh_x = 1 + z * (0.5 + z * POLYNOMIAL(COSH, z));
}

/* (sin, cos) of an angle becomes that of the angle plus d, from sin d and 1 - cos d. */
ELC_INLINE void elc_turn(double *sine, double *cosine, double sin_d, double versin_d) {
    double s = *sine, c = *cosine;
    *sine = s + (c * sin_d - s * versin_d);
    *cosine = c - (s * sin_d + c * versin_d);
}

/* sinh(x + d) of sinh x and cosh x, |d| <= 0.002. */
ELC_INLINE double elc_turn_sinh(double sinh_x, double cosh_x, double d) {
    double z = d * d;
    return sinh_x +
           (cosh_x * (d + d * z * (1.0 / 6)) + sinh_x * (z * (0.5 + z * (1.0 / 24))));
}

/* |x| <= 0.299 */
ELC_INLINE double elc_atan(double x) {
    double z = x * x;
    return x + x * z * POLYNOMIAL(ATAN, z);
}

/* |x| <= 0.58 */
ELC_INLINE double elc_atanh(double x) {
    double z = x * x;
    return x + x * z * POLYNOMIAL(ATANH, z);
}

/* |x| <= 0.3334 */
ELC_INLINE double elc_atanh_third(double x) {
    double z = x * x;
    return x + x * z * POLYNOMIAL(ATANH_THIRD, z);
}

/* The angle of (x, y), x >= 0, as far as 50 degrees: from 0, or from 100 / 3 degrees.
   0 at the origin. */
ELC_INLINE double elc_angle(double y, double x) {
    double a = fabs(y);
    int far = a > TAN_THIRD * x;
    double over = a - (far ? TAN_TWO_THIRDS * x : 0);
    double under = x + (far ? TAN_TWO_THIRDS * a : 1e-300);
    double angle = elc_atan(over / under) + (far ? TWO_THIRDS : 0);
    return copysign(angle, y);
}

#endif
