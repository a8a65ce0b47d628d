/* crew.h - threads that take rows one by one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_OVERLAY_CREW_H
#define ELCANO_SRC_OPERATORS_OVERLAY_CREW_H

#include <elcano/base.h>

/* Works on row `number` as worker `worker`, from 0 on. */
typedef elc_status (*part_task)(void *arg, int worker, size_t number, elc_error *err);

/* Does rows 0 to n - 1 by up to so many threads, and gives the failure of the first row
   that fails, whoever was faster. Each looks for a cancel. */
elc_status elc_part_crew(const elc_context *context, int threads, size_t n,
                         part_task task, void *arg, elc_error *err);

#endif
