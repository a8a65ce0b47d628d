/* settle.h - the rows of a scope's parts to the rows of the table (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_RUN_SETTLE_H
#define ELCANO_RUN_SETTLE_H

#include "frame.h"
#include "sides.h"

/* Takes the batches of one scope after another, in plan order. Rows of side tables are
   put aside. Rows of operators without `combine`, and of a scope of one part until one
   of its rows carries a `_group`, leave at once; all others are held until the scope
   ends, when groups go to `combine` and all held rows are put in order. */
typedef struct elc_settler elc_settler;

/* All is borrowed; `sides` NULL: rows of side tables are left out. */
elc_status elc_settler_create(const elc_call *call, const elc_frame *frame,
                              elc_sides *sides, elc_settler **out, elc_error *err);
void elc_settler_free(elc_settler *settler);

/* A new scope; `alone`: it has one part. */
void elc_settler_begin(elc_settler *settler, bool alone);

/* Consumes a batch; `out` gets the seen columns of rows that leave at once, if any. */
elc_status elc_settler_add(elc_settler *settler, struct ArrowArray *batch,
                           struct ArrowArray *out, elc_error *err);

/* The scope has no more batches. */
elc_status elc_settler_end(elc_settler *settler, elc_error *err);

/* After the end: the next of the held rows; out->release NULL when there are none. */
elc_status elc_settler_next(elc_settler *settler, struct ArrowArray *out,
                            elc_error *err);

#endif
