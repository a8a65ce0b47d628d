/* kernels.c - loops over rows of a raster, compiled for plain and for wide processors.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/kernels.h"

#include <elcano/base.h>

#include <string.h>

#include "map/window.h"

#define INLINE static inline __attribute__((always_inline))

typedef double lanes __attribute__((vector_size(ELC_WINDOW_LANES * sizeof(double))));
typedef double eight __attribute__((vector_size(8 * sizeof(double))));
typedef float sixteen __attribute__((vector_size(16 * sizeof(float))));

INLINE void add(double *restrict row, const double *restrict values, double factor,
                size_t n) {
    for (size_t i = 0; i < n; i++)
        row[i] += factor * values[i];
}

/* ---- windows ----------------------------------------------------------------------
 */

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

INLINE void add_spline(double *rows, size_t stride, const eight terms[7], double x,
                       double y, double factor) {
    double down[8];
    eight across = terms[6], weights = terms[6], cells;
    for (size_t k = 6; k-- > 0;) {
        across = across * x + terms[k];
        weights = weights * y + terms[k];
    }
    weights *= factor;
    memcpy(down, &weights, sizeof down);
    for (size_t r = 0; r < 7; r++) {
        memcpy(&cells, rows + r * stride, sizeof cells);
        cells += down[r] * across;
        memcpy(rows + r * stride, &cells, sizeof cells);
    }
}

INLINE void add_splines(double *rows, size_t stride, const double *coefficients,
                        const elc_spot *points, const double *weights, size_t n) {
    eight terms[7];
    memcpy(terms, coefficients, sizeof terms);
    for (size_t i = 0; i < n; i++)
        add_spline(rows + points[i].column, stride, terms, (double)points[i].x,
                   (double)points[i].y, weights != NULL ? weights[i] : 1);
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

/* ---- sums of neighbours -----------------------------------------------------------
 */

/* As many values as stay in registers while all taps go over them. */
enum { PARTS = 4, BLOCK = 16 * PARTS };

/* sums[p] = the taps' from `first` on, each `by` after the last, `count` of them. */
INLINE void sum_part(sixteen sums[PARTS], const float *restrict in, size_t step,
                     const float *restrict taps, ptrdiff_t first, ptrdiff_t by,
                     size_t count) {
    sixteen a = {0}, b = {0}, c = {0}, d = {0}, next[PARTS];
    for (size_t k = 0; k < count; k++) {
        ptrdiff_t j = first + by * (ptrdiff_t)k;
        memcpy(next, in + j * (ptrdiff_t)step, sizeof next);
        a += taps[j] * next[0];
        b += taps[j] * next[1];
        c += taps[j] * next[2];
        d += taps[j] * next[3];
    }
    sums[0] = a, sums[1] = b, sums[2] = c, sums[3] = d;
}

/* From both ends, where taps are small, to the middle: so the sums of floats lose
 * least. */
INLINE void sum_block(float *restrict out, const float *restrict in, size_t step,
                      const float *restrict taps, size_t n_taps) {
    sixteen left[PARTS], right[PARTS];
    size_t half = n_taps / 2;
    sum_part(left, in, step, taps, 0, 1, half);
    sum_part(right, in, step, taps, (ptrdiff_t)n_taps - 1, -1, n_taps - half);
    for (int p = 0; p < PARTS; p++)
        left[p] += right[p];
    memcpy(out, left, sizeof left);
}

INLINE float sum_one(const float *restrict in, size_t step, const float *restrict taps,
                     size_t n_taps) {
    size_t half = n_taps / 2;
    float left = 0, right = 0;
    for (size_t j = 0; j < half; j++)
        left += taps[j] * in[j * step];
    for (size_t j = n_taps; j-- > half;)
        right += taps[j] * in[j * step];
    return left + right;
}

/* The last block may go over values of the one before it again. */
INLINE void sum(float *restrict out, const float *restrict in, size_t step,
                const float *restrict taps, size_t n_taps, size_t n) {
    for (size_t i = 0; n >= BLOCK && i < n; i += BLOCK) {
        size_t at = i + BLOCK <= n ? i : n - BLOCK;
        sum_block(out + at, in + at, step, taps, n_taps);
    }
    for (size_t i = 0; n < BLOCK && i < n; i++)
        out[i] = sum_one(in + i, step, taps, n_taps);
}

INLINE void narrow(float *restrict out, const double *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++)
        out[i] = (float)in[i];
}

/* `ways` is a constant where it is small. */
INLINE void weave_ways(float *restrict out, const float *restrict in, size_t stride,
                       size_t ways, size_t n, float factor, float least) {
    size_t i = 0;
    for (; (i + 1) * ways <= n; i++)
        for (size_t w = 0; w < ways; w++) {
            float v = in[w * stride + i];
            out[i * ways + w] = v > least ? v * factor : 0;
        }
    for (size_t w = 0; i * ways + w < n; w++) {
        float v = in[w * stride + i];
        out[i * ways + w] = v > least ? v * factor : 0;
    }
}

INLINE void weave(float *out, const float *in, size_t stride, size_t ways, size_t n,
                  float factor, float least) {
    switch (ways) {
    case 1:
        weave_ways(out, in, stride, 1, n, factor, least);
        return;
    case 2:
        weave_ways(out, in, stride, 2, n, factor, least);
        return;
    case 3:
        weave_ways(out, in, stride, 3, n, factor, least);
        return;
    case 4:
        weave_ways(out, in, stride, 4, n, factor, least);
        return;
    default:
        weave_ways(out, in, stride, ways, n, factor, least);
    }
}

/* ---- for each processor -----------------------------------------------------------
 */

#define DEFINE(name, attribute)                                                        \
    attribute static void evaluate_##name(const double *coefficients, size_t terms,    \
                                          size_t n, double t, double *out) {           \
        evaluate(coefficients, terms, n, t, out);                                      \
    }                                                                                  \
    attribute static void add_product_##name(                                          \
        double *rows, size_t stride, const double *across, size_t n,                   \
        const double *down, size_t n_rows, double factor) {                            \
        add_rows(rows, stride, across, n, down, n_rows, factor);                       \
    }                                                                                  \
    attribute static void add_splines_##name(                                          \
        double *rows, size_t stride, const double *coefficients,                       \
        const elc_spot *points, const double *weights, size_t n) {                     \
        add_splines(rows, stride, coefficients, points, weights, n);                   \
    }                                                                                  \
    attribute static void add_round_##name(double *row, double x, double s,            \
                                           double rest, double factor, int power,      \
                                           size_t n) {                                 \
        add_round(row, x, s, rest, factor, power, n);                                  \
    }                                                                                  \
    attribute static void sum_##name(float *out, const float *in, size_t step,         \
                                     const float *taps, size_t n_taps, size_t n) {     \
        sum(out, in, step, taps, n_taps, n);                                           \
    }                                                                                  \
    attribute static void weave_##name(float *out, const float *in, size_t stride,     \
                                       size_t ways, size_t n, float factor,            \
                                       float least) {                                  \
        weave(out, in, stride, ways, n, factor, least);                                \
    }                                                                                  \
    attribute static void narrow_##name(float *out, const double *in, size_t n) {      \
        narrow(out, in, n);                                                            \
    }                                                                                  \
    const elc_row_loops elc_row_loops_##name = {                                       \
        evaluate_##name, add_product_##name, add_splines_##name, add_round_##name,     \
        sum_##name,      weave_##name,       narrow_##name};

DEFINE(plain, )
DEFINE(wide, ELC_WIDE)
DEFINE(widest, ELC_WIDEST)

const elc_row_loops *elc_row_loops_choose(void) {
    return elc_cpu_is_widest() ? &elc_row_loops_widest
           : elc_cpu_is_wide() ? &elc_row_loops_wide
                               : &elc_row_loops_plain;
}
