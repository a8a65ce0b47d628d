/* layout_end.h - the file of a whole training set, from what its parts have told. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_LAYOUT_END_H
#define ELCANO_SRC_OPERATORS_CHIPS_LAYOUT_END_H

#include <elcano/run.h>

/* The operator's combine: writes data.yaml or annotations.json; gives no rows. */
elc_status elc_chips_layout_end(const elc_call *call, struct ArrowArrayStream *group,
                                struct ArrowArrayStream *out, elc_error *err);

#endif
