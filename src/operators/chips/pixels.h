/* pixels.h - how chips see an image: at which steps, and by which stretch. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHIPS_PIXELS_H
#define ELCANO_SRC_OPERATORS_CHIPS_PIXELS_H

#include "job.h"

/* The steps at which an image is cut: 1, 1 without --gsd. */
elc_status elc_chips_steps(const chips_job *job, elc_image *image, const char *name,
                           double *step_x, double *step_y, elc_error *err);

/* Resampled pixels are bytes: refuses those of an image of other types, unless it is
   said how values become bytes. */
elc_status elc_chips_check_bytes(const chips_job *job, const elc_image *image,
                                 const char *name, elc_error *err);

/* What reads the chips of an image. `*stretch` is what rows say of it, the caller's;
   NULL where values are not scaled. */
elc_status elc_chips_cutter(const chips_job *job, elc_image *image, const char *name,
                            const elc_sight *sight, char **stretch, elc_cutter **out,
                            elc_error *err);

#endif
