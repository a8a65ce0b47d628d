/* move.c - a geometry in another CRS, point by point. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include "geometry/wkb.h"

#include <string.h>

enum { AT_ONCE = 256 };

/* The points of a geometry that elc_wkb_from_ewkb wrote: little endian, so that their
   bytes are those of this processor's doubles wherever Elcano runs. */
typedef struct mover {
    elc_transform *way;
    uint8_t *at; /* the cursor's place, to be written */
    size_t failed;
} mover;

static void move_points(mover *m, size_t n, size_t dims) {
    elc_point points[AT_ONCE];
    for (size_t done = 0; done < n;) {
        size_t k = n - done < AT_ONCE ? n - done : AT_ONCE;
        uint8_t *first = m->at + done * dims * 8;
        for (size_t i = 0; i < k; i++)
            memcpy(&points[i], first + i * dims * 8, sizeof points[i]);
        m->failed += elc_transform_points(m->way, points, k);
        for (size_t i = 0; i < k; i++)
            memcpy(first + i * dims * 8, &points[i], sizeof points[i]);
        done += k;
    }
    m->at += n * dims * 8;
}

/* What begins at the mover's place; it is left after it. */
static void move_geometry(mover *m) {
    elc_wkb_cursor cursor = {.at = m->at};
    elc_wkb_head head = elc_wkb_begin(&cursor);
    size_t dims = elc_wkb_dims(head.z, head.m);
    m->at += cursor.at - m->at;
    switch (head.kind->build) {
    case ELC_BUILT_AS_POINT:
        if (head.nothing)
            m->at += dims * 8;
        else
            move_points(m, 1, dims);
        break;
    case ELC_BUILT_AS_LINE:
        move_points(m, head.count, dims);
        break;
    case ELC_BUILT_OF_RINGS:
        for (uint32_t i = 0; i < head.count; i++) {
            elc_wkb_cursor ring = {.at = m->at};
            uint32_t n = elc_wkb_number(&ring);
            m->at += 4;
            move_points(m, n, dims);
        }
        break;
    default:
        for (uint32_t i = 0; i < head.count; i++)
            move_geometry(m);
    }
}

elc_status elc_wkb_move(const void *wkb, size_t size, elc_transform *way,
                        elc_string *out, elc_error *err) {
    size_t before = out->size;
    ELC_TRY(elc_wkb_from_ewkb(wkb, size, out, NULL, err));
    if (way == NULL)
        return ELC_OK;
    mover m = {.way = way, .at = (uint8_t *)out->data + before};
    move_geometry(&m);
    if (m.failed == 0)
        return ELC_OK;
    return elc_wkb_keep_or_undo(out, before,
                                elc_fail(err, ELC_E_ARGUMENT,
                                         "%zu of the geometry's points are nowhere in "
                                         "the CRS that it is moved to",
                                         m.failed));
}
