/* run.h - a part's rows counted by the right rows they belong to, and parts together.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_AGGREGATE_RUN_H
#define ELC_OPERATORS_AGGREGATE_RUN_H

#include <elcano/run.h>

/* Refuses options and tables that cannot be meant; tables that are not there yet may be
   NULL. Takes no rows. */
elc_status elc_aggregate_check(const elc_call *call, struct ArrowArrayStream *left,
                               struct ArrowArrayStream *right, elc_error *err);
/* Leaves out columns of the left table that are not looked at, and rows that are far
   from all right ones. */
elc_status elc_aggregate_narrow(const elc_call *call, struct ArrowArrayStream *in,
                                struct ArrowArrayStream *left, elc_error *err);
/* A part: a row for each right row that its left rows belong to; of a part without left
   rows all right rows, with a count of 0. The call's `prepared` is a part_right_shared.
 */
elc_status elc_aggregate_part(const elc_call *call, struct ArrowArrayStream *in,
                              struct ArrowArrayStream *out, elc_error *err);
/* Rows of the same right rows, and the same values of --by, become one. */
elc_status elc_aggregate_combine(const elc_call *call, struct ArrowArrayStream *group,
                                 struct ArrowArrayStream *out, elc_error *err);

#endif
