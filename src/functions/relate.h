/* relate.h - predicates of two arguments, one of which may stay the same (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_FUNCTIONS_RELATE_H
#define ELCANO_SRC_FUNCTIONS_RELATE_H

#include "functions/shape.h"

/* What a predicate is to GEOS; the function's `detail`. */
typedef struct elc_relation {
    elc_predicate predicate, turned; /* of (a, b); the same said of (b, a) */
    char (*plain)(GEOSContextHandle_t, const GEOSGeometry *, const GEOSGeometry *);
    bool inverse; /* the answer is the other one */
} elc_relation;

/* The row's answer, the same as `elcano join`'s: false where a place is empty or has
   coordinates that are no numbers, whatever the predicate. */
elc_status elc_relate_row(elc_frame *f, size_t row, elc_error *err);

#endif
