/* scan.h - what heads share to find the cells that score, and to give their boxes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_SCAN_H
#define ELC_MODEL_SCAN_H

#include "heads/head.h"

typedef struct elc_hit {
    size_t cell;
    float score;
    int32_t class_id;
} elc_hit;

/* Gives the box of a hit, most often by elc_scan_add(). */
typedef elc_status (*elc_scan_box)(const elc_head_input *in, const elc_hit *hit,
                                   elc_head_boxes *out, elc_error *err);

/* Calls box() for each cell whose best class scores at least min_score, in the order of
   the cells; of equal classes the first. The box is in features 0 to 3, then an
   objectness that multiplies the scores if there is one, then the classes. A score that
   is NaN or infinite is ELC_E_MODEL: any of them, or with objectness those that it lets
   pass. */
elc_status elc_scan(const elc_head_input *in, bool objectness, elc_scan_box box,
                    elc_head_boxes *out, elc_error *err);

/* Number k of a cell. */
float elc_scan_at(const elc_head_input *in, size_t cell, size_t k);

/* Adds a box; counts it as flat instead when it has no width or height; ELC_E_MODEL
   when it is not finite or its score is over 1. */
elc_status elc_scan_add(elc_head_boxes *out, const elc_hit *hit,
                        const double corners[4], elc_error *err);

/* Features 0 to 3 are centre, width and height. */
elc_status elc_scan_centred(const elc_head_input *in, const elc_hit *hit,
                            elc_head_boxes *out, elc_error *err);

/* Adds a turned box with its envelope; as elc_scan_add. */
elc_status elc_scan_add_turned(elc_head_boxes *out, const elc_hit *hit,
                               const elc_turned *turned, elc_error *err);

elc_status elc_scan_not_finite(const char *what, size_t cell, elc_error *err);

#endif
