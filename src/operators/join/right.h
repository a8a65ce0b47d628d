/* right.h - the right table of a join: read once, its rows found by their keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_JOIN_RIGHT_H
#define ELC_OPERATORS_JOIN_RIGHT_H

#include "index.h"
#include "spatial.h"

typedef struct join_right join_right;

/* Reads the stream to its end. What is needed of the others is copied. */
elc_status elc_join_right_read(struct ArrowArrayStream *stream, const join_keys *keys,
                               const join_spatial *spatial,
                               const struct ArrowSchema schemas[JOIN_SIDES],
                               const elc_context *context, join_right **out,
                               elc_error *err);
/* Refuses a table that makes the process take more memory than it may. */
elc_status elc_join_right_fits(const elc_context *context, elc_error *err);
void elc_join_right_free(join_right *right);

/* Refuses keys that it was not read for: a part that is of another join. */
elc_status elc_join_right_check(const join_right *right, const join_keys *keys,
                                elc_error *err);

/* True when a row can be matched: none of its keys is NULL or NaN. */
bool elc_join_right_has_keys(const join_right *right);

/* The first match of a key written for the left side, and the one after a match;
   JOIN_NONE at the end. Any thread may ask. */
size_t elc_join_right_find(const join_right *right, const elc_string *key);
size_t elc_join_right_next(const join_right *right, size_t match);
/* The number of the row of a match, and where a row is. */
size_t elc_join_right_number(const join_right *right, size_t match);
size_t elc_join_right_rows(const join_right *right);
const elc_rows *elc_join_right_row(const join_right *right, size_t number, size_t *row);

/* One who asks for the rows whose places match, by their numbers; freed with
   elc_asker_free and then `transform` with elc_transform_free. */
elc_status elc_join_right_asker(join_right *right, const join_spatial *spatial,
                                elc_transform **transform, elc_asker **out,
                                elc_error *err);
/* Tells the left table's stream that rows far from all right places are not needed:
   those that match something do not lie there. */
elc_status elc_join_right_narrow(const join_right *right, const join_spatial *spatial,
                                 struct ArrowArrayStream *left, elc_error *err);
/* Warns of a left place's state, once for each. Any thread may tell. */
void elc_join_right_tell(join_right *right, const elc_context *context,
                         elc_place_state state);

#endif
