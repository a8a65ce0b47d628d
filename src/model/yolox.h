/* yolox.h - what raw and decoded YOLOX share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_YOLOX_H
#define ELC_MODEL_YOLOX_H

#include "heads/head.h"

/* [N, cells of strides 8, 16 and 32, 5 + classes], with the end of the graph that says
   whether boxes are decoded. */
elc_head_fit elc_yolox_fit(const elc_head_case *network, elc_tail tail, const char *how,
                           elc_head_layout *layout);

/* Cells of the grids of stride 8, 16 and 32 over an input. */
int64_t elc_yolox_cells(int64_t width, int64_t height);

#endif
