/* mercator.c - the numbers of a transverse Mercator projection. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/mercator.h"

#include "geo/polynomials.h"

/* Row j has the factors of n^j, n^(j + 1), … */
typedef double series[ELC_TM_ORDER][ELC_TM_ORDER];

/* Karney 2011, equations (35) and (36). */
static const series alpha = {
    {1.0 / 2, -2.0 / 3, 5.0 / 16, 41.0 / 180, -127.0 / 288, 7891.0 / 37800},
    {13.0 / 48, -3.0 / 5, 557.0 / 1440, 281.0 / 630, -1983433.0 / 1935360},
    {61.0 / 240, -103.0 / 140, 15061.0 / 26880, 167603.0 / 181440},
    {49561.0 / 161280, -179.0 / 168, 6601661.0 / 7257600},
    {34729.0 / 80640, -3418889.0 / 1995840},
    {212378941.0 / 319334400},
};
static const series beta = {
    {1.0 / 2, -2.0 / 3, 37.0 / 96, -1.0 / 360, -81.0 / 512, 96199.0 / 604800},
    {1.0 / 48, 1.0 / 15, -437.0 / 1440, 46.0 / 105, -1118711.0 / 3870720},
    {17.0 / 480, -37.0 / 840, -209.0 / 4480, 5569.0 / 90720},
    {4397.0 / 161280, -11.0 / 504, -830251.0 / 7257600},
    {4583.0 / 161280, -108847.0 / 3991680},
    {20648693.0 / 638668800},
};

/* Geodetic latitude to conformal latitude and back (König and Weise 1951, pages 186 to
   191; the sixth order from Engsager and Poder, ICC 2007). */
static const series to_conformal = {
    {-2, 2.0 / 3, 4.0 / 3, -82.0 / 45, 32.0 / 45, 4642.0 / 4725},
    {5.0 / 3, -16.0 / 15, -13.0 / 9, 904.0 / 315, -1522.0 / 945},
    {-26.0 / 15, 34.0 / 21, 8.0 / 5, -12686.0 / 2835},
    {1237.0 / 630, -12.0 / 5, -24832.0 / 14175},
    {-734.0 / 315, 109598.0 / 31185},
    {444337.0 / 155925},
};
static const series to_geodetic = {
    {2, -2.0 / 3, -2, 116.0 / 45, 26.0 / 45, -2854.0 / 675},
    {7.0 / 3, -8.0 / 5, -227.0 / 45, 2704.0 / 315, 2323.0 / 945},
    {56.0 / 15, -136.0 / 35, -1262.0 / 105, 73814.0 / 2835},
    {4279.0 / 630, -332.0 / 35, -399572.0 / 14175},
    {4174.0 / 315, -144838.0 / 6237},
    {601676.0 / 22275},
};

/* sin(2jx) = sin(2x) U(cos(2x)), with Chebyshev's polynomials of the second kind: U of
   j - 1 by the powers of its argument. */
static const double chebyshev[ELC_TM_ORDER][ELC_TM_ORDER] = {
    {1}, {0, 2}, {-1, 0, 4}, {0, -4, 0, 8}, {1, 0, -12, 0, 16}, {0, 6, 0, -32, 0, 32},
};

/* The sum of a_j U, with a_j the rows of a table for n; smallest first. */
static void evaluate(const series table, double n, double out[ELC_TM_ORDER]) {
    for (int k = 0; k < ELC_TM_ORDER; k++)
        out[k] = 0;
    for (int j = ELC_TM_ORDER - 1; j >= 0; j--) {
        double sum = 0;
        for (int i = ELC_TM_ORDER - 1 - j; i >= 0; i--)
            sum = sum * n + table[j][i];
        for (int i = 0; i <= j; i++)
            sum *= n;
        for (int k = 0; k < ELC_TM_ORDER; k++)
            out[k] += sum * chebyshev[j][k];
    }
}

void elc_tm_create(elc_tm *tm, double a, double f, double lon0, double k0,
                   double easting, double northing) {
    double n = f / (2 - f), n2 = n * n;
    /* Karney's (14). */
    double radius = a / (1 + n) * (1 + n2 * (1.0 / 4 + n2 * (1.0 / 64 + n2 / 256)));
    *tm = (elc_tm){.lon0 = lon0, .easting = easting, .northing = northing};
    tm->radian = k0 * radius;
    tm->radians = 1 / tm->radian;
    tm->degree = tm->radian / DEGREES_PER_RADIAN;
    tm->degree_rest =
        -fma(tm->degree, DEGREES_PER_RADIAN, -tm->radian) / DEGREES_PER_RADIAN;
    tm->degrees = 1 / tm->degree;
    tm->degrees_rest =
        -fma(tm->degrees, tm->degree, -1 + tm->degrees * tm->degree_rest) / tm->degree;
    evaluate(alpha, n, tm->alpha);
    evaluate(beta, n, tm->beta);
    evaluate(to_conformal, n, tm->to_conformal);
    evaluate(to_geodetic, n, tm->to_geodetic);
}

const elc_tm_loops *elc_tm_choose(void) {
    return elc_cpu_is_widest() ? &elc_tm_widest
           : elc_cpu_is_wide() ? &elc_tm_wide
                               : &elc_tm_plain;
}
