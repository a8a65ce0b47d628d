/* combine.h - the rows of a group to those that `combine` makes of them (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_COMBINE_H
#define ELCANO_RUN_COMBINE_H

#include "frame.h"
#include "groups.h"

/* All is borrowed. */
typedef struct elc_combiner {
    const elc_call *call;
    const elc_frame *frame;
    elc_batch *group;   /* all columns, no rows: room for those of a group */
    const int64_t *all; /* 0, 1, 2, ... for each column */
} elc_combiner;

/* Adds what the operator's `combine` makes of the group's rows to `whole`, which has
   all columns of the frame. `folding`: as rows of the group, for more of it may come.
   `from` has room for a number a column. */
elc_status elc_combine_group(const elc_combiner *combiner, const elc_groups *groups,
                             const elc_group *group, bool folding, int64_t *from,
                             elc_batch *whole, elc_error *err);

#endif
