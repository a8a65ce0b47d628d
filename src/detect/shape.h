/* shape.h - what chips see of an object by its true shape: plain, turned, or a mask. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_DETECT_SHAPE_H
#define ELCANO_SRC_DETECT_SHAPE_H

#include <elcano/detect.h>

/* As elc_box_iou, of what a window shows of each; NULL: all. The order of the two may
   change the last bit. */
double elc_box_iou_seen(const elc_box *a, const elc_window *a_in, const elc_box *b,
                        const elc_window *b_in);

/* Corners of the smallest box around both. */
void elc_box_widen(elc_box *all, const elc_box *box);

/* The smallest turned box of one direction around what is seen of others: start with
   the direction, add them, make it. */
typedef struct elc_spread {
    double angle, x, y; /* measured from x, y */
    double low[2], high[2];
} elc_spread;

void elc_spread_start(elc_spread *spread, const elc_turned *like);
void elc_spread_add(elc_spread *spread, const elc_box *box);
elc_turned elc_spread_turned(const elc_spread *spread);

/* Pixels of either mask. */
elc_status elc_mask_join(const elc_mask *a, const elc_mask *b, elc_mask **out,
                         elc_error *err);

#endif
