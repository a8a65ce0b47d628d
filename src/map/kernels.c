/* kernels.c - loops over rows of a raster, compiled for plain and for wide processors.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/kernels.h"

#include <elcano/base.h>

#include <string.h>

#include "map/window.h"

#define INLINE static inline __attribute__((always_inline))

typedef double lanes __attribute__((vector_size(ELC_WINDOW_LANES * sizeof(double))));
/* A register of so many bytes, each: what is wider than the processor's, gcc keeps in
   memory. */
#define DEFINE_TYPES(bytes)                                                            \
    typedef double doubles_##bytes                                                     \
        __attribute__((vector_size(bytes), aligned(8), may_alias));                    \
    typedef float floats_##bytes                                                       \
        __attribute__((vector_size(bytes), aligned(4), may_alias));
DEFINE_TYPES(16)
DEFINE_TYPES(32)
DEFINE_TYPES(64)

INLINE void add(double *restrict row, const double *restrict values, double factor,
                size_t n) {
    for (size_t i = 0; i < n; i++)
        row[i] += factor * values[i];
}

/* ---- numbers ----------------------------------------------------------------------
 */

INLINE void narrow(float *restrict out, const double *restrict in, size_t n) {
    for (size_t i = 0; i < n; i++)
        out[i] = (float)in[i];
}

INLINE void widen(double *restrict out, const float *restrict in, double factor,
                  size_t n) {
    for (size_t i = 0; i < n; i++)
        out[i] = (double)in[i] * factor;
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

/* Eight weights of a window at once, or four and four. */
#define DEFINE_WEIGH(bytes, floats)                                                    \
    INLINE void weigh_##bytes(const float *coefficients, float t,                      \
                              float out[ELC_BESSEL_NODES]) {                           \
        enum { LANES = sizeof(floats) / sizeof(float) };                               \
        for (size_t i = 0; i < ELC_BESSEL_NODES; i += LANES) {                         \
            const float *at = coefficients + i;                                        \
            floats sum =                                                               \
                *(const floats *)(at + (ELC_BESSEL_TERMS - 1) * ELC_BESSEL_NODES);     \
            for (size_t k = ELC_BESSEL_TERMS - 1; k-- > 0;)                            \
                sum = sum * t + *(const floats *)(at + k * ELC_BESSEL_NODES);          \
            *(floats *)(out + i) = sum;                                                \
        }                                                                              \
    }
DEFINE_WEIGH(16, floats_16)
DEFINE_WEIGH(32, floats_32)
DEFINE_WEIGH(64, floats_32)

enum { SOME = 32 }; /* points whose weights are found before any is added */

/* The rows are as many registers wide as hold the nodes. */
#define DEFINE_ADD(bytes)                                                              \
    INLINE void add_bessel_##bytes(double *rows, size_t stride, const double *across,  \
                                   const double *down) {                               \
        enum { LANES = (bytes) / sizeof(double) };                                     \
        for (size_t r = 0; r < ELC_BESSEL_NODES; r++, rows += stride)                  \
            for (size_t i = 0; i < ELC_BESSEL_NODES; i += LANES)                       \
                *(doubles_##bytes *)(rows + i) +=                                      \
                    down[r] * *(const doubles_##bytes *)(across + i);                  \
    }                                                                                  \
    INLINE void add_bessels_##bytes(                                                   \
        double *rows, size_t stride, const double *coefficients,                       \
        const elc_spot *points, const double *weights, size_t n) {                     \
        float terms[ELC_BESSEL_TERMS * ELC_BESSEL_NODES], x[ELC_BESSEL_NODES];         \
        double across[SOME * ELC_BESSEL_NODES], down[SOME * ELC_BESSEL_NODES];         \
        narrow(terms, coefficients, ELC_BESSEL_TERMS *ELC_BESSEL_NODES);               \
        for (size_t from = 0; from < n; from += SOME) {                                \
            size_t end = n - from < SOME ? n : from + SOME;                            \
            for (size_t i = from; i < end; i++) {                                      \
                size_t at = (i - from) * ELC_BESSEL_NODES;                             \
                double factor = weights != NULL ? weights[i] : 1;                      \
                weigh_##bytes(terms, points[i].x, x);                                  \
                widen(across + at, x, 1, ELC_BESSEL_NODES);                            \
                weigh_##bytes(terms, points[i].y, x);                                  \
                widen(down + at, x, factor, ELC_BESSEL_NODES);                         \
            }                                                                          \
            for (size_t i = from; i < end; i++) {                                      \
                size_t at = (i - from) * ELC_BESSEL_NODES;                             \
                add_bessel_##bytes(rows + points[i].column, stride, across + at,       \
                                   down + at);                                         \
            }                                                                          \
        }                                                                              \
    }
DEFINE_ADD(16)
DEFINE_ADD(32)
DEFINE_ADD(64)

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

/* As many values as stay in registers while all taps go over them: eight registers.
   From both ends, where taps are small, to the middle: so the sums of floats lose
   least. */
enum { PARTS = 8 };

#define DEFINE_SUM(bytes)                                                              \
    /* The taps' sums from the first on, each `by` after the last. */                  \
    INLINE void sum_part_##bytes(floats_##bytes sums[PARTS], const float *in,          \
                                 ptrdiff_t step, const float *taps, ptrdiff_t by,      \
                                 size_t count) {                                       \
        enum { LANES = (bytes) / sizeof(float) };                                      \
        floats_##bytes a = {0}, b = a, c = a, d = a, e = a, f = a, g = a, h = a;       \
        for (size_t k = 0; k < count; k++, in += by * step, taps += by) {              \
            const floats_##bytes *next = (const floats_##bytes *)in;                   \
            a += *taps * next[0];                                                      \
            b += *taps * next[1];                                                      \
            c += *taps * next[2];                                                      \
            d += *taps * next[3];                                                      \
            e += *taps * next[4];                                                      \
            f += *taps * next[5];                                                      \
            g += *taps * next[6];                                                      \
            h += *taps * next[7];                                                      \
        }                                                                              \
        sums[0] = a, sums[1] = b, sums[2] = c, sums[3] = d;                            \
        sums[4] = e, sums[5] = f, sums[6] = g, sums[7] = h;                            \
    }                                                                                  \
    INLINE void sum_block_##bytes(float *out, const float *in, size_t step,            \
                                  const float *taps, size_t n_taps) {                  \
        floats_##bytes left[PARTS], right[PARTS];                                      \
        size_t half = n_taps / 2, last = n_taps - 1;                                   \
        sum_part_##bytes(left, in, (ptrdiff_t)step, taps, 1, half);                    \
        sum_part_##bytes(right, in + last * step, (ptrdiff_t)step, taps + last, -1,    \
                         n_taps - half);                                               \
        for (int p = 0; p < PARTS; p++)                                                \
            ((floats_##bytes *)out)[p] = left[p] + right[p];                           \
    }                                                                                  \
    /* The last block may go over values of the one before it again. */                \
    INLINE void sum_##bytes(float *out, const float *in, size_t step,                  \
                            const float *taps, size_t n_taps, size_t n) {              \
        enum { BLOCK = PARTS * (bytes) / sizeof(float) };                              \
        for (size_t i = 0; n >= BLOCK && i < n; i += BLOCK) {                          \
            size_t at = i + BLOCK <= n ? i : n - BLOCK;                                \
            sum_block_##bytes(out + at, in + at, step, taps, n_taps);                  \
        }                                                                              \
        for (size_t i = 0; n < BLOCK && i < n; i++)                                    \
            out[i] = sum_one(in + i, step, taps, n_taps);                              \
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

DEFINE_SUM(16)
DEFINE_SUM(32)
DEFINE_SUM(64)

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

#define DEFINE(name, attribute, bytes)                                                 \
    attribute static void evaluate_##name(const double *coefficients, size_t terms,    \
                                          size_t n, double t, double *out) {           \
        evaluate(coefficients, terms, n, t, out);                                      \
    }                                                                                  \
    attribute static void add_product_##name(                                          \
        double *rows, size_t stride, const double *across, size_t n,                   \
        const double *down, size_t n_rows, double factor) {                            \
        add_rows(rows, stride, across, n, down, n_rows, factor);                       \
    }                                                                                  \
    attribute static void add_bessels_##name(                                          \
        double *rows, size_t stride, const double *coefficients,                       \
        const elc_spot *points, const double *weights, size_t n) {                     \
        add_bessels_##bytes(rows, stride, coefficients, points, weights, n);           \
    }                                                                                  \
    attribute static void add_round_##name(double *row, double x, double s,            \
                                           double rest, double factor, int power,      \
                                           size_t n) {                                 \
        add_round(row, x, s, rest, factor, power, n);                                  \
    }                                                                                  \
    attribute static void sum_##name(float *out, const float *in, size_t step,         \
                                     const float *taps, size_t n_taps, size_t n) {     \
        sum_##bytes(out, in, step, taps, n_taps, n);                                   \
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
        evaluate_##name, add_product_##name, add_bessels_##name, add_round_##name,     \
        sum_##name,      weave_##name,       narrow_##name};

DEFINE(plain, , 16)
DEFINE(wide, ELC_WIDE, 32)
DEFINE(widest, ELC_WIDEST, 64)

const elc_row_loops *elc_row_loops_choose(void) {
    return elc_cpu_is_widest() ? &elc_row_loops_widest
           : elc_cpu_is_wide() ? &elc_row_loops_wide
                               : &elc_row_loops_plain;
}
