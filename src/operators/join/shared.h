/* shared.h - the right table of a call, read by the first part that comes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_JOIN_SHARED_H
#define ELC_OPERATORS_JOIN_SHARED_H

#include "right.h"

typedef struct join_shared join_shared;

elc_status elc_join_shared_create(join_shared **out, elc_error *err);
/* The table, which stays the shared one's; `stream` is read by the first who asks.
   Refuses keys of other types than those that it was read for. */
elc_status elc_join_shared_right(join_shared *shared, struct ArrowArrayStream *stream,
                                 const join_keys *keys, const join_spatial *spatial,
                                 const struct ArrowSchema schemas[JOIN_SIDES],
                                 const elc_context *context, join_right **out,
                                 elc_error *err);
void elc_join_shared_free(join_shared *shared);

#endif
