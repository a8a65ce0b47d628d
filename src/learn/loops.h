/* loops.h - products of rows of float features with doubles, for any processor. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LEARN_LOOPS_H
#define ELCANO_SRC_LEARN_LOOPS_H

#include <elcano/base.h>

/* Rows that products take at once. */
enum { LEARN_TILE = 4 };

/* n rounded up to whole tiles; one row stays one. */
size_t elc_learn_padded(size_t n);

/* out[i * tall + k] = sum over j of x[i][j] * w[k * stride + j], for n rows of d
   features and `tall` rows of w, padded; fastest where each row of w
   begins at a multiple of 64 bytes. The order of a sum is the same everywhere. */
typedef struct learn_products {
    const float *const *x; /* one a row */
    size_t n, d;
    const double *w;
    size_t stride, tall;
    double *out;
} learn_products;
void elc_learn_products(const learn_products *p);

/* sum[k * stride + j] += sum over i of r[i * tall + k] * x[i][j] for the LEARN_TILE
   rows k from `first` on and columns j below `width`; x has n rows, `d` apart. */
typedef struct learn_outer {
    const float *const *x; /* one a row */
    size_t n;
    const double *r;
    size_t tall;
    double *sum;
    size_t stride;
} learn_outer;
void elc_learn_outer(const learn_outer *from, size_t first, size_t width);

#endif
