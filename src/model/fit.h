/* fit.h - what heads share to recognise their outputs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_FIT_H
#define ELC_MODEL_FIT_H

#include "heads/head.h"

/* Writes the reason and gives `fit` back. */
elc_head_fit elc_fit_say(elc_head_layout *layout, elc_head_fit fit, const char *format,
                         ...) __attribute__((format(printf, 3, 4)));

/* NO, for outputs that are of another number or shape altogether: in the same words for
   all heads, so that a message says them once. */
elc_head_fit elc_fit_foreign(elc_head_layout *layout);

/* Output `index` of the network becomes the k-th that the head reads, of its rank. */
void elc_fit_take(elc_head_layout *layout, const elc_head_case *network, size_t k,
                  size_t index);

/* True when the metadata say this task or none, or the head is forced; else the reason
   is written. */
bool elc_fit_task(const elc_head_case *network, const char *task,
                  elc_head_layout *layout);

/* The only output of rank 3 of a network whose task is to detect; when forced, the
   first. NULL after the reason is written. */
const elc_output_shape *elc_fit_output(const elc_head_case *network,
                                       elc_head_layout *layout);

/* "output0 [N, 84, 8400]", with A for a size that grows with the chip. */
const char *elc_fit_print(const elc_output_shape *shape, char text[64]);

/* How many anchors a cell `anchors` is on grids of stride 8, 16, 32 (and 64, or 4 to
   32) over the input: 1, 3, or 0 for none of these. */
int elc_fit_anchors(const elc_head_case *network, int64_t anchors);

/* Which dimension holds the features, 1 or 2, when a cell has `fixed` numbers and one
   for each class; 0 when it cannot be told. */
int elc_fit_features(const elc_head_case *network, const elc_output_shape *shape,
                     int64_t fixed);

/* True for [N, k, 6] with a k that no grid has, and for [N, 300, 4 + classes], as
   RT-DETR gives its queries in one output. */
bool elc_fit_is_list(const elc_head_case *network, const elc_output_shape *shape);

/* True for rows that may be a transformer's queries: at most 1000, and no grid. */
bool elc_fit_is_queries(const elc_head_case *network, const elc_output_shape *shape);

/* As elc_fit_output, for another task. */
const elc_output_shape *elc_fit_output_of(const elc_head_case *network,
                                          const char *task, elc_head_layout *layout);

/* Takes cells or a list of boxes [N, .., ..] and prototypes [N, n, h, w] of masks, the
   two outputs of a network that segments. NULL after the reason is written. */
const elc_output_shape *elc_fit_masks(const elc_head_case *network,
                                      elc_head_layout *layout);

/* Sets features, classes and orientation of the layout for cells of `fixed` numbers and
   one a class. False, with the reason, when the named classes do not fit. */
bool elc_fit_classes(const elc_head_case *network, const elc_output_shape *shape,
                     int axis, int64_t fixed, elc_head_layout *layout);

#endif
