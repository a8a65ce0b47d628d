/* rehearse.h - what a run of detect will come to, without running it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_DETECT_REHEARSE_H
#define ELCANO_SRC_OPERATORS_DETECT_REHEARSE_H

#include "job.h"

#include "operators/pixels/outside.h"

/* What the run will find outside of the crop and the area, by the same questions. The
   steps of `at` are known. */
elc_status elc_detect_outside(const elc_call *call, elc_image *image,
                              const elc_detect_image *at, pixels_outside *out,
                              elc_error *err);

/* The operator's rehearse. */
elc_status elc_detect_rehearse(const elc_call *call, const elc_plan *plan,
                               double *seconds, elc_error *err);

#endif
