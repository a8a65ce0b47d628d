/* dots.c - products of vectors, many at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "dots.h"

/* Sums side by side: what a processor has no register for, the compiler cuts. */
typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));
typedef float sixteen __attribute__((vector_size(64), aligned(4), may_alias));

#define DEFINE(name, attribute, lanes, type)                                           \
    attribute static void dots_##name(const float *const queries[NEAREST_QUERIES],     \
                                      const float *row, size_t n,                      \
                                      float out[NEAREST_QUERIES]) {                    \
        type a = {0}, b = {0}, c = {0}, d = {0};                                       \
        size_t i = 0;                                                                  \
        for (; i + (lanes) <= n; i += (lanes)) {                                       \
            type r = *(const type *)(row + i);                                         \
            a += r * *(const type *)(queries[0] + i);                                  \
            b += r * *(const type *)(queries[1] + i);                                  \
            c += r * *(const type *)(queries[2] + i);                                  \
            d += r * *(const type *)(queries[3] + i);                                  \
        }                                                                              \
        out[0] = out[1] = out[2] = out[3] = 0;                                         \
        for (size_t k = 0; k < (lanes); k++) {                                         \
            out[0] += a[k];                                                            \
            out[1] += b[k];                                                            \
            out[2] += c[k];                                                            \
            out[3] += d[k];                                                            \
        }                                                                              \
        for (; i < n; i++)                                                             \
            for (size_t q = 0; q < NEAREST_QUERIES; q++)                               \
                out[q] += row[i] * queries[q][i];                                      \
    }

DEFINE(plain, , 8, eight)
DEFINE(wide, ELC_WIDE, 8, eight)
DEFINE(widest, ELC_WIDEST, 16, sixteen)

nearest_dots elc_nearest_dots_choose(void) {
    return elc_cpu_is_widest() ? dots_widest
           : elc_cpu_is_wide() ? dots_wide
                               : dots_plain;
}

double elc_nearest_dot(const float *a, const float *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

double elc_nearest_apart(const float *a, const float *b, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double d = (double)a[i] - (double)b[i];
        sum += d * d;
    }
    return sum;
}
