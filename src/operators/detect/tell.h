/* tell.h - what the user should know of all chips of a run, told once. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DETECT_TELL_H
#define ELCANO_SRC_OPERATORS_DETECT_TELL_H

#include "job.h"

/* Adds what a part, or the combining of an image's parts, came to. The last one that
   was planned in this process tells; where parts come from another process's plan, each
   does. */
void elc_detect_tell(detect_job *job, const elc_context *context,
                     const elc_detect_totals *totals);

#endif
