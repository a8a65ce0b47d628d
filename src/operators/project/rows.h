/* rows.h - the rows of a slice of a table, in another CRS. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PROJECT_ROWS_H
#define ELC_OPERATORS_PROJECT_ROWS_H

#include "shared.h"

/* When it succeeds, `shape` and `in` are the stream's. */
elc_status elc_project_rows(const elc_call *call, project_shared *shared,
                            project_shape *shape, struct ArrowArrayStream *in,
                            struct ArrowArrayStream *out, elc_error *err);

#endif
