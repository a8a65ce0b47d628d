/* geos_cases.h - what GEOS's own XML cases ask, answered by Elcano. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_TESTS_GEOMETRY_GEOS_CASES_H
#define ELCANO_TESTS_GEOMETRY_GEOS_CASES_H

#include <elcano/geometry.h>

#include <geos_c.h>

/* A geometry of a case, as bytes and as GEOS has it. */
typedef struct operand {
    elc_string wkb;
    GEOSGeometry *shape;
} operand;

typedef enum verdict { AGREES, DIFFERS, PASSED_OVER } verdict;

/* Whether b lies in a relation to a, and a in its converse to b; -1: the two orders
   say different things. */
int cases_ask(const operand *a, const operand *b, elc_predicate p, double distance);
/* What a full matrix of OGC 06-103r4 6.1.15 says of places of such dimensions. */
bool cases_matrix_says(const char *matrix, int dim_a, int dim_b, elc_predicate p);

/* "intersection", "difference", "union" or "symdifference"; `wanted` is the result. */
verdict cases_overlay(const char *name, const operand *a, const operand *b,
                      const operand *wanted);
/* What two have in common and the rest of the first are as large as the first. */
verdict cases_areas(const operand *a, const operand *b);
verdict cases_centroid(const operand *a, const operand *wanted);
verdict cases_hull(const operand *a, const operand *wanted);
verdict cases_validity(const operand *a, bool wanted);

#endif
