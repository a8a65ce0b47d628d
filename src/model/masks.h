/* masks.h - what heads share whose networks make masks of prototypes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_MASKS_H
#define ELC_MODEL_MASKS_H

#include "heads/head.h"

/* Sets box->mask: the pixels of the input whose middles lie in the box and where the
   sum of the prototypes (the second output), each times its coefficient of the box's
   cell (from number `first` on), interpolated between their cells, is over 0: so is the
   sigmoid of it over one half. ELC_E_MODEL where a sum is not finite. */
elc_status elc_mask_decode(const elc_head_input *in, size_t first, elc_box *box,
                           elc_error *err);

#endif
