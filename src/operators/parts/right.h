/* right.h - the right table of a join: read once, its rows found by their keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_RIGHT_H
#define ELC_OPERATORS_PARTS_RIGHT_H

#include "index.h"
#include "spatial.h"

typedef struct part_right part_right;

/* Reads the stream to its end. What is needed of the others is copied. */
elc_status elc_part_right_read(struct ArrowArrayStream *stream, const part_keys *keys,
                               const part_spatial *spatial,
                               const struct ArrowSchema schemas[PART_SIDES],
                               const elc_context *context, part_right **out,
                               elc_error *err);
/* Refuses a table that makes the process take more memory than it may. */
elc_status elc_part_right_fits(const elc_context *context, elc_error *err);
void elc_part_right_free(part_right *right);

/* Refuses keys that it was not read for: a part that is of another join. */
elc_status elc_part_right_check(const part_right *right, const part_keys *keys,
                                elc_error *err);

/* True when a row can be matched: none of its keys is NULL or NaN. */
bool elc_part_right_has_keys(const part_right *right);

/* The first match of a key written for the left side, and the one after a match;
   PART_NONE at the end. Any thread may ask. */
size_t elc_part_right_find(const part_right *right, const elc_string *key);
size_t elc_part_right_next(const part_right *right, size_t match);
/* The number of the row of a match, and where a row is. */
size_t elc_part_right_number(const part_right *right, size_t match);
size_t elc_part_right_rows(const part_right *right);
const elc_rows *elc_part_right_row(const part_right *right, size_t number, size_t *row);

/* One who asks for the rows whose places match, by their numbers; freed with
   elc_asker_free and then `transform` with elc_transform_free. */
elc_status elc_part_right_asker(part_right *right, const part_spatial *spatial,
                                elc_transform **transform, elc_asker **out,
                                elc_error *err);
/* Tells the left table's stream that rows far from all right places are not needed:
   those that match something do not lie there. */
elc_status elc_part_right_narrow(const part_right *right, const part_spatial *spatial,
                                 struct ArrowArrayStream *left, elc_error *err);
/* Warns of a left place's state, once for each. Any thread may tell. */
void elc_part_right_tell(part_right *right, const elc_context *context,
                         elc_place_state state);

#endif
