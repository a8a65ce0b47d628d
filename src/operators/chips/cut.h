/* cut.h - the chips of a part, one after another. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_CUT_H
#define ELCANO_SRC_OPERATORS_CHIPS_CUT_H

#include "job.h"

/* The operator's open. */
elc_status elc_chips_open(const elc_call *call, const elc_part *part,
                          struct ArrowArrayStream *in, struct ArrowArrayStream *out,
                          elc_error *err);

/* ELC_E_MEMORY where the process takes more than the context allows, with what rows of
   many bytes can do about it: to be asked for each batch of them. */
elc_status elc_chips_check_memory(const elc_context *context, elc_error *err);

#endif
