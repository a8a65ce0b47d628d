/* place.h - a row's place as WKB, and what is said of places that are not sound. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_JOIN_PLACE_H
#define ELC_OPERATORS_JOIN_PLACE_H

#include "spatial.h"

/* `bytes` is NULL where the row has none; it may point into `point`. */
typedef struct join_wkb {
    const void *bytes;
    size_t size;
    unsigned char point[21];
} join_wkb;

/* ELC_E_ARGUMENT for a value in a column of text. */
elc_status elc_join_wkb_read(const join_place *place, const elc_rows *rows, size_t row,
                             join_wkb *out, elc_error *err);

/* The places of `n` rows from `row` on that are plain points of finite numbers, which
   is what is[i] says: of the others the WKB has to be read. */
void elc_join_points_read(const join_place *place, const elc_rows *rows, size_t row,
                          size_t n, elc_point *points, bool *is);

/* How many right places are in which state, and that a left one is. */
void elc_join_place_report(const uint64_t *states, const elc_context *context);
void elc_join_place_tell(const elc_context *context, elc_place_state state);

#endif
