/* coco.h - masks of COCO, of which their boxes are wanted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_LABEL_COCO_H
#define ELCANO_SRC_LABEL_COCO_H

#include "label/build.h"

#include <jansson.h>

/* The box of a mask's set pixels, {xmin, ymin, xmax, ymax}, from its run lengths down
   the columns, plain or packed into a text; all 0 for an empty one. */
elc_status elc_label_rle_box(const elc_label_build *b, const json_t *mask,
                             double box[4], elc_error *err);

#endif
