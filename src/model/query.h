/* query.h - what the heads of DETR and its kin share: one box a query, as shares. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_MODEL_QUERY_H
#define ELC_MODEL_QUERY_H

#include "heads/head.h"
#include "scan.h"

/* Takes class numbers [N, q, c] as the first and boxes [N, q, 4] as the second output
   of the layout. False, with the reason, when they are not there. */
bool elc_query_find(const elc_head_case *network, elc_head_layout *layout);

/* Adds a query's box, four shares of the chip: centre, width, height. */
elc_status elc_query_add(const elc_head_input *in, const elc_hit *hit, const float *box,
                         elc_head_boxes *out, elc_error *err);

/* The greatest of n numbers and its place; ELC_E_MODEL where any is not finite. */
elc_status elc_query_best(const float *numbers, size_t n, elc_hit *hit, elc_error *err);

#endif
