/* match.c - the right rows that belong to a left one, by keys or by place. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "match.h"

#include "wkb.h"

elc_status elc_part_match_create(const elc_context *context, const part_keys *keys,
                                 const part_spatial *spatial, part_right *right,
                                 part_match *out, elc_error *err) {
    *out = (part_match){
        .context = context, .keys = keys, .spatial = spatial, .right = right};
    if (!spatial->asked)
        return ELC_OK;
    return elc_part_right_asker(right, spatial, &out->transform, &out->asker, err);
}

void elc_part_match_free(part_match *m) {
    elc_string_free(&m->key);
    elc_asker_free(m->asker);
    elc_transform_free(m->transform);
    *m = (part_match){0};
}

/* The points of the next rows. */
static void expect_points(part_match *m, const elc_rows *rows, size_t from) {
    elc_point points[ELC_ZONES_EXPECTED];
    size_t n = 0, left = elc_rows_count(rows) - from;
    size_t next = left < ELC_ZONES_EXPECTED ? left : ELC_ZONES_EXPECTED;
    elc_part_points_read(&m->spatial->place[PART_LEFT], rows, from, next, m->points,
                         m->is_point);
    for (size_t i = 0; i < next; i++)
        if (m->is_point[i])
            points[n++] = m->points[i];
    elc_asker_expect(m->asker, points, n);
}

static elc_status find_place(part_match *m, const elc_rows *rows, size_t row,
                             size_t *match, elc_error *err) {
    elc_place_state state;
    size_t at = row % ELC_ZONES_EXPECTED;
    if (at == 0)
        expect_points(m, rows, row);
    if (m->is_point[at]) {
        ELC_TRY(elc_asker_find_point(m->asker, m->points[at], &state, &m->found,
                                     &m->n_found, err));
    } else {
        part_wkb wkb;
        ELC_TRY(elc_part_wkb_read(&m->spatial->place[PART_LEFT], rows, row, &wkb, err));
        ELC_TRY(elc_asker_find(m->asker, wkb.bytes, wkb.size, &state, &m->found,
                               &m->n_found, err));
    }
    elc_part_right_tell(m->right, m->context, state);
    *match = m->n_found > 0 ? 0 : PART_NONE;
    return ELC_OK;
}

elc_status elc_part_match_find(part_match *m, const elc_rows *rows, size_t row,
                               size_t *match, elc_error *err) {
    bool whole;
    if (row == 0) /* of a batch; indexes grow as they are asked */
        ELC_TRY(elc_part_right_fits(m->context, err));
    if (m->asker != NULL)
        return find_place(m, rows, row, match, err);
    *match = PART_NONE;
    ELC_TRY(elc_part_key_write(m->keys, PART_LEFT, rows, row, &m->key, &whole, err));
    if (!whole || !elc_part_right_has_keys(m->right))
        return ELC_OK;
    ELC_TRY(elc_part_keys_meet(m->keys, err));
    *match = elc_part_right_find(m->right, &m->key);
    return ELC_OK;
}

size_t elc_part_match_next(const part_match *m, size_t match) {
    if (m->asker == NULL)
        return elc_part_right_next(m->right, match);
    return match + 1 < m->n_found ? match + 1 : PART_NONE;
}

size_t elc_part_match_number(const part_match *m, size_t match) {
    return m->asker != NULL ? m->found[match] : elc_part_right_number(m->right, match);
}
