/* cut.h - the chips of a part, one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_CUT_H
#define ELCANO_SRC_OPERATORS_CHIPS_CUT_H

#include "job.h"

/* The operator's open. */
elc_status elc_chips_open(const elc_call *call, const elc_part *part,
                          struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                          elc_error *err);

#endif
