/* match.h - the right rows that belong to a left one, by keys or by place. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_JOIN_MATCH_H
#define ELC_OPERATORS_JOIN_MATCH_H

#include "right.h"

/* One part's. Start with {0}. */
typedef struct join_match {
    const elc_context *context;
    const join_keys *keys;
    const join_spatial *spatial;
    join_right *right;
    elc_string key;
    elc_asker *asker; /* NULL: rows meet by their keys */
    elc_transform *transform;
    elc_point
        points[ELC_ZONES_EXPECTED]; /* of the rows that come, where they are such */
    bool is_point[ELC_ZONES_EXPECTED];
    const uint32_t *found; /* rows whose places match; a match is one's place here */
    size_t n_found;
} join_match;

/* Borrows all. */
elc_status elc_join_match_create(const elc_context *context, const join_keys *keys,
                                 const join_spatial *spatial, join_right *right,
                                 join_match *out, elc_error *err);
/* The first match of a left row, to be asked for one row after the other, and the one
   after a match; JOIN_NONE at the end. */
elc_status elc_join_match_find(join_match *m, const elc_rows *rows, size_t row,
                               size_t *match, elc_error *err);
size_t elc_join_match_next(const join_match *m, size_t match);
/* The number of the right row of a match. */
size_t elc_join_match_number(const join_match *m, size_t match);
void elc_join_match_free(join_match *m);

#endif
