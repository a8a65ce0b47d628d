/* put.h - groups as rows of aggregate's columns. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_AGGREGATE_PUT_H
#define ELC_OPERATORS_AGGREGATE_PUT_H

#include "layout.h"
#include "operators/parts/groups.h"

/* Sets a row's cells of a group but those of right columns, _whole and _group; `room`
   is for text. */
elc_status elc_aggregate_put(const aggregate_layout *layout, part_groups *groups,
                             size_t group, elc_batch *out, elc_string *room,
                             elc_error *err);
/* Sets _group, by which zones that lie together in the table are combined at once. */
elc_status elc_aggregate_put_group(const aggregate_layout *layout, size_t zone,
                                   elc_batch *out, elc_error *err);

#endif
