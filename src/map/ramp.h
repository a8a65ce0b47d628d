/* ramp.h - colours of values. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_MAP_RAMP_H
#define ELCANO_SRC_MAP_RAMP_H

#include "map/canvas.h"

/* From 0, white, to 1, nearly black, each step darker: so that it is read without
   colours too. What lies beyond is as its end. */
elc_colour elc_ramp_at(double share);

#endif
