/* window.c - what a point adds to the cells round it, as polynomials of its place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/window.h"

#include <math.h>
#include <stdlib.h>

#include "map/kernels.h"

enum { MOST = 10 }; /* terms */

static const double PI = 3.14159265358979323846;
/* In units of sigma: exp(-5.9^2 / 2) is under 4e-8. */
static const double REACH = 5.9;

/* The polynomial through f(j - t) at Chebyshev's nodes in |t| <= 1/2: by divided
   differences, then multiplied out. `every` doubles lie between its terms. */
static void fit(double (*f)(double d, double sigma), double sigma, double j, int n,
                double *out, size_t every) {
    double t[MOST], d[MOST];
    for (int i = 0; i < n; i++) {
        t[i] = cos(PI * (i + 0.5) / n) / 2;
        d[i] = f(j - t[i], sigma);
    }
    for (int k = 1; k < n; k++)
        for (int i = n - 1; i >= k; i--)
            d[i] = (d[i] - d[i - 1]) / (t[i] - t[i - k]);
    for (int k = n - 2; k >= 0; k--)
        for (int i = k; i < n - 1; i++)
            d[i] -= t[k] * d[i + 1];
    for (int i = 0; i < n; i++)
        out[(size_t)i * every] = d[i];
}

static elc_status create(double (*f)(double d, double sigma), double sigma,
                         int32_t radius, int terms, elc_window *out, elc_error *err) {
    elc_window w = {
        .radius = radius, .count = 2 * (size_t)radius + 1, .terms = (size_t)terms};
    w.room = (w.count + ELC_WINDOW_LANES - 1) / ELC_WINDOW_LANES * ELC_WINDOW_LANES;
    ELC_TRY(elc_alloc(w.room * w.terms, sizeof(double), &w.coefficients, err));
    for (size_t i = 0; i < w.count; i++)
        fit(f, sigma, (double)i - radius, terms, w.coefficients + i, w.room);
    *out = w;
    return ELC_OK;
}

static double gauss(double d, double sigma) {
    return exp(-d * d / (2 * sigma * sigma));
}

/* The nearest cell that is left out is radius + 1/2 away from any place. */
elc_status elc_window_gauss(double sigma, elc_window *out, elc_error *err) {
    return create(gauss, sigma, (int32_t)ceil(REACH * sigma - 0.5), MOST, out, err);
}

/* Schoenberg 1946: the sum over i of (-1)^i C(7, i) max(0, d + 7/2 - i)^6 / 6!. */
static double spline(double d, double unused) {
    static const double signed_choices[] = {1, -7, 21, -35, 35, -21, 7, -1};
    double sum = 0;
    (void)unused;
    for (int i = 0; i < 8; i++)
        if (d + 3.5 - i > 0)
            sum += signed_choices[i] * pow(d + 3.5 - i, 6) / 720;
    return sum;
}

elc_status elc_window_spline(elc_window *out, elc_error *err) {
    return create(spline, 0, 3, 7, out, err);
}

void elc_window_at(const elc_window *w, double x, double *out) {
    elc_row_loops_plain.evaluate(w->coefficients, w->terms, w->room,
                                 x - 0.5 - (double)(int64_t)x, out);
}

void elc_window_free(elc_window *w) {
    free(w->coefficients);
    *w = (elc_window){0};
}
