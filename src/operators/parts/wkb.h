/* wkb.h - a row's place as WKB, and what is said of places that are not sound. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_WKB_H
#define ELC_OPERATORS_PARTS_WKB_H

#include "spatial.h"

/* `bytes` is NULL where the row has none; it may point into `point`. */
typedef struct part_wkb {
    const void *bytes;
    size_t size;
    unsigned char point[21];
} part_wkb;

/* ELC_E_ARGUMENT for a value in a column of text. */
elc_status elc_part_wkb_read(const part_side *place, const elc_rows *rows, size_t row,
                             part_wkb *out, elc_error *err);

/* The places of `n` rows from `row` on that are plain points of finite numbers, which
   is what is[i] says: of the others the WKB has to be read. */
void elc_part_points_read(const part_side *place, const elc_rows *rows, size_t row,
                          size_t n, elc_point *points, bool *is);

/* How many right places are in which state, and that a left one is. */
void elc_part_wkb_report(const uint64_t *states, const elc_context *context);
void elc_part_wkb_tell(const elc_context *context, elc_place_state state);

#endif
