/* lists.h - results that are lists of whole numbers (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_FUNCTIONS_LISTS_H
#define ELCANO_SRC_FUNCTIONS_LISTS_H

#include "functions/frame.h"

/* The frame's results become where each row's list ends, and `items` what they hold. */
elc_status elc_lists_create(elc_frame *f, elc_error *err);
/* Moves all rows so far to an Arrow array "+l" of "l". */
elc_status elc_lists_finish(elc_frame *f, struct ArrowArray *out, elc_error *err);

#endif
