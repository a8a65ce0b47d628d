/* like.h - rows with those of another table whose vectors are nearest to theirs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NEAREST_LIKE_H
#define ELCANO_SRC_OPERATORS_NEAREST_LIKE_H

#include "shape.h"

/* What is asked of the tables, and the columns that it gives. */
typedef struct like_shape like_shape;

/* ELC_E_NOT_FOUND where a table has not the column, ELC_E_ARGUMENT where it is none of
   vectors. */
elc_status elc_like_shape_create(const elc_options *options,
                                 struct ArrowArrayStream *left,
                                 struct ArrowArrayStream *right, like_shape **out,
                                 elc_error *err);
void elc_like_shape_free(like_shape *shape);

/* The right table, which the first part reads for all. */
typedef struct like_shared like_shared;

elc_status elc_like_shared_create(like_shared **out, elc_error *err);
/* After a failure the next part tries again. */
elc_status elc_like_shared_read(like_shared *shared, const elc_call *call,
                                const like_shape *shape, struct ArrowArrayStream *right,
                                elc_error *err);
void elc_like_shared_free(like_shared *shared);

/* The stream of a part, which takes shape and table when it succeeds. */
elc_status elc_like_rows(const elc_call *call, like_shape *shape, like_shared *shared,
                         struct ArrowArrayStream *left, struct ArrowArrayStream *out,
                         elc_error *err);

#endif
