/* kernels.h - loops over rows of a raster, compiled for plain and for wide processors.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_KERNELS_H
#define ELCANO_SRC_MAP_KERNELS_H

#include <stddef.h>

#include "map/buckets.h"

/* Loops with the same bits on each processor. */
typedef struct elc_row_loops {
    /* out[i] = the sum over k < terms of coefficients[k * n + i] * t^k; n is a multiple
       of ELC_WINDOW_LANES */
    void (*evaluate)(const double *coefficients, size_t terms, size_t n, double t,
                     double *out);
    /* rows[r * stride + i] += factor * down[r] * across[i], of n_rows rows and n
     * columns */
    void (*add_product)(double *rows, size_t stride, const double *across, size_t n,
                        const double *down, size_t n_rows, double factor);
    /* Both, for n points of one row and elc_window_bessel(), whose coefficients these
       are; rows[0] is the first of the eight by eight nodes of a point in column 0.
       `weights` may be NULL: 1 each. */
    void (*add_bessels)(double *rows, size_t stride, const double *coefficients,
                        const elc_spot *points, const double *weights, size_t n);
    /* row[i] += factor * max(0, 1 - (i - x)^2 * s - rest)^power; power is 1 or 2 */
    void (*add_round)(double *row, double x, double s, double rest, double factor,
                      int power, size_t n);
    /* out[i] = the sum over j < n_taps of taps[j] * in[i + j * step] */
    void (*sum)(float *out, const float *in, size_t step, const float *taps,
                size_t n_taps, size_t n);
    /* out[i * ways + w] = in[w * stride + i] * factor, 0 where that of `in` is not over
       `least`; n values of `out` */
    void (*weave)(float *out, const float *in, size_t stride, size_t ways, size_t n,
                  float factor, float least);
    void (*narrow)(float *out, const double *in, size_t n);
} elc_row_loops;

const elc_row_loops *elc_row_loops_choose(void);
/* Each, for tests; wide ones only where the processor is. */
extern const elc_row_loops elc_row_loops_plain, elc_row_loops_wide,
    elc_row_loops_widest;

#endif
