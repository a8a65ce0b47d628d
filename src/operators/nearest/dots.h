/* dots.h - products of vectors, many at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NEAREST_DOTS_H
#define ELCANO_SRC_OPERATORS_NEAREST_DOTS_H

#include <elcano/base.h>

/* How many queries a row meets at once. */
enum { NEAREST_QUERIES = 4 };

/* out[i] = the product of queries[i] and `row`, of n floats each, in float32: the order
   of the sum is the processor's, so that it tells who may be near, and no distance. */
typedef void (*nearest_dots)(const float *const queries[NEAREST_QUERIES],
                             const float *row, size_t n, float out[NEAREST_QUERIES]);
nearest_dots elc_nearest_dots_choose(void);

/* In double, where each product is exact, from the first number to the last: the same
   bits everywhere. */
double elc_nearest_dot(const float *a, const float *b, size_t n);
/* The sum of the squared differences, likewise. */
double elc_nearest_apart(const float *a, const float *b, size_t n);

#endif
