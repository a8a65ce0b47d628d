/* kernels.c - loops over rows of a raster, compiled for plain and for wide processors.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/kernels.h"

#include <elcano/base.h>

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE void add(double *restrict row, const double *restrict values, double factor,
                size_t n) {
    for (size_t i = 0; i < n; i++)
        row[i] += factor * values[i];
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
INLINE void convolve(double *restrict out, const double *restrict in,
                     const double *restrict taps, size_t n_taps, size_t n) {
    enum { BLOCK = 512 };
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
    attribute static void add_round_##name(double *row, double x, double s,            \
                                           double rest, double factor, int power,      \
                                           size_t n) {                                 \
        add_round(row, x, s, rest, factor, power, n);                                  \
    }                                                                                  \
    attribute static void convolve_##name(                                             \
        double *out, const double *in, const double *taps, size_t n_taps, size_t n) {  \
        convolve(out, in, taps, n_taps, n);                                            \
    }                                                                                  \
    const elc_row_loops elc_row_loops_##name = {add_##name, add_round_##name,          \
                                                convolve_##name};

DEFINE(plain, )
DEFINE(wide, ELC_WIDE)

const elc_row_loops *elc_row_loops_choose(void) {
    return elc_cpu_is_wide() ? &elc_row_loops_wide : &elc_row_loops_plain;
}
