/* steps.h - the steps at which an image is seen, in the JSON of parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_PARTS_STEPS_H
#define ELCANO_SRC_OPERATORS_PARTS_STEPS_H

#include <elcano/base.h>

#include <jansson.h>

/* As "steps"; those that nobody has found, which are 0, put nothing. */
void elc_part_put_steps(json_t *object, double step_x, double step_y);
/* ELC_E_FORMAT, after `whose`, for steps that no image has. */
elc_status elc_part_take_steps(const json_t *object, const char *whose, double *step_x,
                               double *step_y, elc_error *err);

#endif
