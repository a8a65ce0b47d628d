/* pairs.h - the rows of a slice of the left table with those that match them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_JOIN_PAIRS_H
#define ELC_OPERATORS_JOIN_PAIRS_H

#include "operators/parts/right.h"
#include "shape.h"

/* A stream of joined rows: the left ones in their order, the right ones of each in
   theirs, in batches of a few thousand rows however many match. `shape` and `left` are
   moved in on success; `right` and `call` are borrowed and outlive the stream. */
elc_status elc_join_pairs(const elc_call *call, join_shape *shape, part_right *right,
                          struct ArrowArrayStream *left, struct ArrowArrayStream *out,
                          elc_error *err);

#endif
