/* columns.h - arrays of tests, and callers of functions by name. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_FUNCTIONS_COLUMNS_H
#define ELCANO_TESTS_FUNCTIONS_COLUMNS_H

#include "expression.h"

elc_caller *caller_of(const char *name, const elc_type *types, size_t n);
/* Of WKTs; NULL for a missing one. */
struct ArrowArray shapes_of(const char *const *wkts, size_t n);
/* NaN is NULL. */
struct ArrowArray reals_of(const double *values, size_t n);

#endif
