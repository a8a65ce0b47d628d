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
static void fit(double (*f)(double d, double shape), double shape, double j, int n,
                double *out, size_t every) {
    double t[MOST], d[MOST];
    for (int i = 0; i < n; i++) {
        t[i] = cos(PI * (i + 0.5) / n) / 2;
        d[i] = f(j - t[i], shape);
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

/* `first` is how far the first node is from the middle of a point's cell. */
static elc_status create(double (*f)(double d, double shape), double shape,
                         double first, size_t count, int terms, elc_window *out,
                         elc_error *err) {
    elc_window w = {.before = (int32_t)-first, .count = count, .terms = (size_t)terms};
    w.room = (w.count + ELC_WINDOW_LANES - 1) / ELC_WINDOW_LANES * ELC_WINDOW_LANES;
    ELC_TRY(elc_alloc(w.room * w.terms, sizeof(double), &w.coefficients, err));
    for (size_t i = 0; i < w.count; i++)
        fit(f, shape, first + (double)i, terms, w.coefficients + i, w.room);
    *out = w;
    return ELC_OK;
}

static double gauss(double d, double sigma) {
    return exp(-d * d / (2 * sigma * sigma));
}

/* The nearest cell that is left out is radius + 1/2 away from any place. */
elc_status elc_window_gauss(double sigma, elc_window *out, elc_error *err) {
    double radius = ceil(REACH * sigma - 0.5);
    return create(gauss, sigma, -radius, 2 * (size_t)radius + 1, MOST, out, err);
}

/* I0(x), by its series. */
static double bessel(double x) {
    double sum = 1, term = 1;
    for (int k = 1; term > sum * 1e-17; k++) {
        term *= x * x / (4.0 * k * k);
        sum += term;
    }
    return sum;
}

static double kaiser(double d, double beta) {
    double u = 2 * d / ELC_BESSEL_NODES;
    return bessel(beta * sqrt(fmax(0, 1 - u * u))) / bessel(beta);
}

elc_status elc_window_bessel(double beta, elc_window *out, elc_error *err) {
    return create(kaiser, beta, (1 - ELC_BESSEL_NODES) / 2.0, ELC_BESSEL_NODES,
                  ELC_BESSEL_TERMS, out, err);
}

/* Kaiser and Schafer 1980. */
double elc_window_bessel_at(double beta, double f) {
    double g = PI * ELC_BESSEL_NODES * f, z = sqrt(beta * beta - g * g);
    return ELC_BESSEL_NODES * sinh(z) / (z * bessel(beta));
}

void elc_window_at(const elc_window *w, double x, double *out) {
    elc_row_loops_plain.evaluate(w->coefficients, w->terms, w->room,
                                 x - 0.5 - (double)(int64_t)x, out);
}

void elc_window_free(elc_window *w) {
    free(w->coefficients);
    *w = (elc_window){0};
}
