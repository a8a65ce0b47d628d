/* kernels.c - loops over rows of a raster, compiled for plain and for wide processors.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/kernels.h"

#include <elcano/base.h>

#include <string.h>

#include "map/window.h"

#define INLINE static inline __attribute__((always_inline))

INLINE void add(double *restrict row, const double *restrict values, double factor,
                size_t n) {
    for (size_t i = 0; i < n; i++)
        row[i] += factor * values[i];
}

typedef double lanes __attribute__((vector_size(ELC_WINDOW_LANES * sizeof(double))));

/* Horner's rule, for some places at once. */
INLINE void evaluate_lanes(const double *coefficients, size_t terms, size_t n, double t,
                           double *out) {
    lanes sum = {0}, next;
    for (size_t k = terms; k-- > 0;) {
        memcpy(&next, coefficients + k * n, sizeof next);
        sum = sum * t + next;
    }
    memcpy(out, &sum, sizeof sum);
}

INLINE void evaluate(const double *coefficients, size_t terms, size_t n, double t,
                     double *out) {
    for (size_t i = 0; i < n; i += ELC_WINDOW_LANES)
        evaluate_lanes(coefficients + i, terms, n, t, out + i);
}

INLINE void add_rows(double *restrict rows, size_t stride,
                     const double *restrict across, size_t n,
                     const double *restrict down, size_t n_rows, double factor) {
    for (size_t r = 0; r < n_rows; r++)
        add(rows + r * stride, across, factor * down[r], n);
}

INLINE void add_spline(double *rows, size_t stride, const double *coefficients,
                       double x, double y, double factor) {
    double across[8], down[8];
    evaluate(coefficients, 7, 8, x, across);
    evaluate(coefficients, 7, 8, y, down);
    add_rows(rows, stride, across, 8, down, 7, factor);
}

/* The power is a constant in each loop. Columns count as int, which vectorises. */
INLINE void add_power(double *restrict row, double x, double s, double top,
                      double factor, int power, int n) {
    for (int i = 0; i < n; i++) {
        double d = (double)i - x, v = top - d * d * s;
        v = v > 0 ? v : 0;
        row[i] += factor * (power == 2 ? v * v : v);
    }
}

INLINE void add_round(double *row, double x, double s, double rest, double factor,
                      int power, size_t n) {
    if (power == 2)
        add_power(row, x, s, 1 - rest, factor, 2, (int)n);
    else
        add_power(row, x, s, 1 - rest, factor, 1, (int)n);
}

/* Blocks of the row stay in the nearest cache while all taps go over them. */
/* All of the spline's taps at once, in registers. */
INLINE void convolve_7(double *restrict out, const double *restrict in,
                       const double *restrict taps, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < 7; j++)
            sum += taps[j] * in[i + j];
        out[i] = sum;
    }
}

INLINE void convolve(double *restrict out, const double *restrict in,
                     const double *restrict taps, size_t n_taps, size_t n) {
    enum { BLOCK = 512 };
    if (n_taps == 7) {
        convolve_7(out, in, taps, n);
        return;
    }
    memset(out, 0, n * sizeof *out);
    for (size_t start = 0; start < n; start += BLOCK) {
        size_t count = n - start < BLOCK ? n - start : BLOCK;
        for (size_t j = 0; j < n_taps; j++)
            add(out + start, in + start + j, taps[j], count);
    }
}

#define DEFINE(name, attribute)                                                        \
    attribute static void add_##name(double *row, const double *values, double factor, \
                                     size_t n) {                                       \
        add(row, values, factor, n);                                                   \
    }                                                                                  \
    attribute static void evaluate_##name(const double *coefficients, size_t terms,    \
                                          size_t n, double t, double *out) {           \
        evaluate(coefficients, terms, n, t, out);                                      \
    }                                                                                  \
    attribute static void add_product_##name(                                          \
        double *rows, size_t stride, const double *across, size_t n,                   \
        const double *down, size_t n_rows, double factor) {                            \
        add_rows(rows, stride, across, n, down, n_rows, factor);                       \
    }                                                                                  \
    attribute static void add_spline_##name(double *rows, size_t stride,               \
                                            const double *coefficients, double x,      \
                                            double y, double factor) {                 \
        add_spline(rows, stride, coefficients, x, y, factor);                          \
    }                                                                                  \
    attribute static void add_round_##name(double *row, double x, double s,            \
                                           double rest, double factor, int power,      \
                                           size_t n) {                                 \
        add_round(row, x, s, rest, factor, power, n);                                  \
    }                                                                                  \
    attribute static void convolve_##name(                                             \
        double *out, const double *in, const double *taps, size_t n_taps, size_t n) {  \
        convolve(out, in, taps, n_taps, n);                                            \
    }                                                                                  \
    const elc_row_loops elc_row_loops_##name = {add_##name,         evaluate_##name,   \
                                                add_product_##name, add_spline_##name, \
                                                add_round_##name,   convolve_##name};

DEFINE(plain, )
DEFINE(wide, ELC_WIDE)
DEFINE(widest, ELC_WIDEST)

const elc_row_loops *elc_row_loops_choose(void) {
    return elc_cpu_is_widest() ? &elc_row_loops_widest
           : elc_cpu_is_wide() ? &elc_row_loops_wide
                               : &elc_row_loops_plain;
}
