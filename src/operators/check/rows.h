/* rows.h - detections held against the map, a row for each rule that one violates. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_ROWS_H
#define ELCANO_SRC_OPERATORS_CHECK_ROWS_H

#include "job.h"

/* The stream of doubts, and of the side table after them. Takes the detections when it
   succeeds; reads the map before its first row. */
elc_status elc_check_rows(const elc_call *call, struct ArrowArrayStream *detections,
                          struct ArrowArrayStream *out, elc_error *err);

#endif
