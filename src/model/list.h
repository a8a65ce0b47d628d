/* list.h - what heads share whose networks give boxes, scores and classes apart. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_LIST_H
#define ELC_MODEL_LIST_H

#include "heads/head.h"

/* The outputs that a list head reads, in the order of its layout. */
enum { ELC_LIST_BOXES, ELC_LIST_SCORES, ELC_LIST_CLASSES, ELC_LIST_COUNT };

/* Takes boxes [.., k, 4], scores and classes [.., k] into the layout: boxes have `rank`
   dimensions. Classes are told from scores by their type or by name; outputs that the
   names say are raw are passed over. False, with the reason, when they are not found.
 */
bool elc_list_find(const elc_head_case *network, size_t rank, elc_head_layout *layout);

/* Sets the classes of a list, whose ids the network gives: as many as are named. */
void elc_list_classes(const elc_head_case *network, elc_head_layout *layout);

/* The corners in input pixels of the four numbers of a box. */
typedef void (*elc_list_corners)(const elc_head_input *in, const float *box,
                                 double corners[4]);

/* Adds the first n boxes that reach the score; n may be all cells. ELC_E_MODEL when an
   output has other than `cells` rows, and as elc_scan_add. */
elc_status elc_list_decode(const elc_head_input *in, size_t n, elc_list_corners corners,
                           elc_head_boxes *out, elc_error *err);

/* Adds the cells that reach the score: x1 y1 x2 y2 score class, and what a head has
   after them. As elc_scan_add. */
elc_status elc_list_rows(const elc_head_input *in, elc_head_boxes *out, elc_error *err);

/* The class id of a number that a network gave as class. */
elc_status elc_list_class(const elc_head_input *in, float given, int32_t *out,
                          elc_error *err);

#endif
