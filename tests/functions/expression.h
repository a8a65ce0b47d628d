/* expression.h - SQL expressions of functions, run over arrays of any length. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_FUNCTIONS_EXPRESSION_H
#define ELCANO_TESTS_FUNCTIONS_EXPRESSION_H

#include <elcano/function.h>

/* What an expression gives: NULL, or a value of a type. */
typedef struct value {
    elc_type type;
    bool null, list; /* a list's numbers are its bytes */
    double real;
    int64_t whole;
    elc_string bytes;
} value;

void value_free(value *v);
/* A column of n rows of one value. */
void value_array(const value *v, elc_type type, size_t n, struct ArrowArray *out);
/* A row of a column. */
value value_at(struct ArrowArray *array, elc_type type, size_t row);
/* A row of what a function gave. */
value result_at(const elc_function *function, struct ArrowArray *result, size_t row);

/* "st_x(st_point(1, 2))": calls, numbers, 'texts' (WKT where a geometry is wanted),
   unhex('00ff'), true, false, NULL, and NULL::float64 for one of another type than
   geometry. Fails the test where it is none. */
elc_status expression_run(const char *text, value *out, elc_error *err);
/* "NULL", "true", "4.5", "POINT (1 2)", "[1, 2]", …; the caller frees it. */
char *value_text(const value *v);
/* The same but for how numbers are written, and their last digits. */
bool texts_agree(const char *a, const char *b, double tolerance);

/* WKB of a WKT, by GEOS. */
elc_string wkb_of(const char *wkt);

#endif
