/* rows.h - the rows of a slice of the left table with the right rows nearest to them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_NEAREST_ROWS_H
#define ELCANO_SRC_OPERATORS_NEAREST_ROWS_H

#include "shape.h"
#include "shared.h"

/* The stream of a part, which takes shape and table when it succeeds. */
elc_status elc_nearest_rows(const elc_call *call, nearest_shape *shape,
                            nearest_shared *shared, struct ArrowArrayStream *left,
                            struct ArrowArrayStream *out, elc_error *err);

#endif
