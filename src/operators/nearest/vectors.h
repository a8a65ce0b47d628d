/* vectors.h - which vectors of a table are nearest to others. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NEAREST_VECTORS_H
#define ELCANO_SRC_OPERATORS_NEAREST_VECTORS_H

#include "operators/parts/held.h"

typedef struct vectors_near {
    double distance;
    size_t row;
} vectors_near;

/* Vectors, all of `width` numbers, of the rows that have one. They are borrowed. Start
   with {0}. */
typedef struct nearest_vectors {
    bool cosine; /* the distance is 1 less the cosine; else Euclid's */
    size_t width, count, capacity, norms_capacity, rows_capacity;
    const float **items;
    double *norms;
    size_t *rows; /* of the table; rising */
} nearest_vectors;

/* Adds those of a batch whose first row has number `first`. NULLs are passed over, and
   with `cosine` vectors of length 0, which have no direction; `*without` counts those.
   ELC_E_ARGUMENT for another width, and for numbers that are not finite. `what` names
   the table. */
elc_status elc_nearest_vectors_add(nearest_vectors *v, const elc_rows *rows,
                                   size_t column, size_t first, const char *what,
                                   uint64_t *without, elc_error *err);
void elc_nearest_vectors_free(nearest_vectors *v);

/* Of each of the queries from `from` to `end` the k nearest, at most `most` away, by
   distance and then row: near[(i - from) * k + j], and how many in counts[i - from]. The
   distances are exact to the rounding of a sum in double. */
typedef struct vectors_question {
    size_t from, end, k;
    double most;
} vectors_question;

elc_status elc_nearest_vectors_find(const nearest_vectors *in,
                                    const nearest_vectors *queries,
                                    const vectors_question *question,
                                    const elc_context *context, vectors_near *near,
                                    size_t *counts, elc_error *err);

#endif
