/* run.h - the whole of a training: from labels to a file, and the rows that tell of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_RUN_H
#define ELCANO_SRC_OPERATORS_TRAIN_DETECTOR_RUN_H

#include <elcano/run.h>

enum { TRAIN_N_COLUMNS = 9 };
extern const elc_column elc_train_columns[TRAIN_N_COLUMNS];

/* Refuses what can be told before the work. */
elc_status elc_train_check(const elc_options *options, elc_error *err);
/* The stream of one batch, which does all of the work. */
elc_status elc_train_run(const elc_call *call, struct ArrowArrayStream *out,
                         elc_error *err);

#endif
