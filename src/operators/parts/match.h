/* match.h - the right rows that belong to a left one, by keys or by place. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELC_OPERATORS_PARTS_MATCH_H
#define ELC_OPERATORS_PARTS_MATCH_H

#include "right.h"

/* One part's. Start with {0}. */
typedef struct part_match {
    const elc_context *context;
    const part_keys *keys;
    const part_spatial *spatial;
    part_right *right;
    elc_string key;
    elc_asker *asker; /* NULL: rows meet by their keys */
    elc_transform *transform;
    elc_point
        points[ELC_ZONES_EXPECTED]; /* of the rows that come, where they are such */
    bool is_point[ELC_ZONES_EXPECTED];
    const uint32_t *found; /* rows whose places match; a match is one's place here */
    size_t n_found;
} part_match;

/* Borrows all. */
elc_status elc_part_match_create(const elc_context *context, const part_keys *keys,
                                 const part_spatial *spatial, part_right *right,
                                 part_match *out, elc_error *err);
/* The first match of a left row, to be asked for one row after the other, and the one
   after a match; PART_NONE at the end. */
elc_status elc_part_match_find(part_match *m, const elc_rows *rows, size_t row,
                               size_t *match, elc_error *err);
size_t elc_part_match_next(const part_match *m, size_t match);
/* The number of the right row of a match. */
size_t elc_part_match_number(const part_match *m, size_t match);
void elc_part_match_free(part_match *m);

#endif
