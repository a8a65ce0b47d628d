/* box_loops.c - products of a block of cells, compiled for each kind of processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "learn/box_loops.h"

#include <elcano/base.h>

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* Sums are of one output each and in one order, so that all processors give the same
   bits. Four rows share what is loaded of the weights. */
typedef float lanes __attribute__((vector_size(ELC_BOX_LANES * sizeof(float))));

INLINE void load(lanes *to, const float *from) {
    memcpy(to, from, sizeof *to);
}

INLINE void store(float *to, const lanes *from) {
    memcpy(to, from, sizeof *from);
}

INLINE void dense_rows(const float *restrict x, size_t rows, size_t n_in,
                       const float *restrict w, const float *restrict bias,
                       size_t n_out, float *restrict out) {
    lanes sum[4], start = {0}, weights;
    if (bias != NULL)
        load(&start, bias);
    for (size_t r = 0; r < rows; r++)
        sum[r] = start;
    for (size_t c = 0; c < n_in; c++) {
        load(&weights, w + c * n_out);
        for (size_t r = 0; r < rows; r++)
            sum[r] += x[r * n_in + c] * weights;
    }
    for (size_t r = 0; r < rows; r++)
        store(out + r * n_out, &sum[r]);
}

INLINE void dense(const float *x, size_t cells, size_t n_in, const float *w,
                  const float *bias, size_t n_out, float *out) {
    for (size_t o = 0; o < n_out; o += ELC_BOX_LANES) {
        const float *b = bias != NULL ? bias + o : NULL;
        size_t i = 0;
        for (; i + 4 <= cells; i += 4)
            dense_rows(x + i * n_in, 4, n_in, w + o, b, n_out, out + i * n_out + o);
        for (; i < cells; i++)
            dense_rows(x + i * n_in, 1, n_in, w + o, b, n_out, out + i * n_out + o);
    }
}

INLINE void outer_rows(const float *restrict x, size_t cells, size_t n_in, size_t rows,
                       const float *restrict d, size_t n_out, float *restrict w) {
    lanes sum[4], change;
    for (size_t r = 0; r < rows; r++)
        load(&sum[r], w + r * n_out);
    for (size_t i = 0; i < cells; i++) {
        load(&change, d + i * n_out);
        for (size_t r = 0; r < rows; r++)
            sum[r] += x[i * n_in + r] * change;
    }
    for (size_t r = 0; r < rows; r++)
        store(w + r * n_out, &sum[r]);
}

INLINE void outer(const float *x, size_t cells, size_t n_in, const float *d,
                  size_t n_out, float *w) {
    for (size_t o = 0; o < n_out; o += ELC_BOX_LANES) {
        size_t c = 0;
        for (; c + 4 <= n_in; c += 4)
            outer_rows(x + c, cells, n_in, 4, d + o, n_out, w + c * n_out + o);
        for (; c < n_in; c++)
            outer_rows(x + c, cells, n_in, 1, d + o, n_out, w + c * n_out + o);
    }
}

#define DEFINE(name, target)                                                           \
    target static void dense_##name(const float *x, size_t cells, size_t n_in,         \
                                    const float *w, const float *bias, size_t n_out,   \
                                    float *out) {                                      \
        dense(x, cells, n_in, w, bias, n_out, out);                                    \
    }                                                                                  \
    target static void outer_##name(const float *x, size_t cells, size_t n_in,         \
                                    const float *d, size_t n_out, float *w) {          \
        outer(x, cells, n_in, d, n_out, w);                                            \
    }

DEFINE(plain, )
DEFINE(wide, ELC_WIDE)
DEFINE(widest, ELC_WIDEST)

void elc_box_dense(const float *x, size_t cells, size_t n_in, const float *w,
                   const float *bias, size_t n_out, float *out) {
    if (elc_cpu_is_widest())
        dense_widest(x, cells, n_in, w, bias, n_out, out);
    else if (elc_cpu_is_wide())
        dense_wide(x, cells, n_in, w, bias, n_out, out);
    else
        dense_plain(x, cells, n_in, w, bias, n_out, out);
}

void elc_box_outer(const float *x, size_t cells, size_t n_in, const float *d,
                   size_t n_out, float *w) {
    if (elc_cpu_is_widest())
        outer_widest(x, cells, n_in, d, n_out, w);
    else if (elc_cpu_is_wide())
        outer_wide(x, cells, n_in, d, n_out, w);
    else
        outer_plain(x, cells, n_in, d, n_out, w);
}
