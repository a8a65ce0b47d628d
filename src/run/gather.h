/* gather.h - the rows of parts, in plan order, to the rows of a table (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_GATHER_H
#define ELCANO_RUN_GATHER_H

#include "sides.h"

/* The part whose batches come next. */
typedef struct elc_turn {
    bool end;   /* there is none */
    bool alone; /* the only one of its scope */
    uint64_t scope;
    const struct ArrowSchema *schema; /* lives as long as the turn */
} elc_turn;

/* Where parts come from: `part` turns to the next one, `batch` gives its next batch,
   and at its end one whose release is NULL. */
typedef struct elc_feed {
    elc_status (*part)(void *state, elc_turn *turn, elc_error *err);
    elc_status (*batch)(void *state, struct ArrowArray *out, elc_error *err);
    void *state;
} elc_feed;

/* What the local runner and elc_run_finish_scope share, so that they give the same rows
   in the same order. */
typedef struct elc_gather elc_gather;

/* Turns to the first part, whose stream says which columns there are. All is borrowed.
   Without `with_sides` rows of side tables are left out. */
elc_status elc_gather_create(const elc_call *call, elc_feed feed, bool with_sides,
                             elc_gather **out, elc_error *err);
void elc_gather_free(elc_gather *gather);

/* The columns of the table, without hidden ones. */
elc_status elc_gather_schema(const elc_gather *gather, struct ArrowSchema *out,
                             elc_error *err);

/* The next batch of the table; out->release NULL at its end. Not called after a
 * failure. */
elc_status elc_gather_next(elc_gather *gather, struct ArrowArray *out, elc_error *err);

bool elc_gather_ended(const elc_gather *gather);
/* NULL when made without. Borrowed. */
elc_sides *elc_gather_sides(const elc_gather *gather);

#endif
