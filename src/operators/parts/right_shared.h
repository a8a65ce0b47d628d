/* right_shared.h - the right table of a call, read by the first part that comes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_RIGHT_SHARED_H
#define ELC_OPERATORS_PARTS_RIGHT_SHARED_H

#include "right.h"

typedef struct part_right_shared part_right_shared;

elc_status elc_part_right_shared_create(part_right_shared **out, elc_error *err);
/* The table, which stays the shared one's; `stream` is read by the first who asks.
   Refuses keys of other types than those that it was read for. */
elc_status elc_part_right_shared_take(
    part_right_shared *shared, struct ArrowArrayStream *stream, const part_keys *keys,
    const part_spatial *spatial, const struct ArrowSchema schemas[PART_SIDES],
    const elc_context *context, part_right **out, elc_error *err);
void elc_part_right_shared_free(part_right_shared *shared);

#endif
