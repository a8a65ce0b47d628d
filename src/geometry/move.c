/* move.c - a geometry in another CRS, point by point. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include "geometry/polar.h"
#include "geometry/wkb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The points of a geometry that elc_wkb_from_ewkb wrote: little endian, so that their
   bytes are those of this processor's doubles wherever Elcano runs. */
typedef struct mover {
    elc_transform *way;
    uint8_t *at; /* the cursor's place, to be written */
    elc_point *points, *was;
    size_t n_points, n_was; /* that there is memory for */
    double middle;          /* of the part's longitudes; NaN: not known yet */
    size_t failed;
    bool round; /* a ring goes round a pole */
} mover;

static elc_status move_points(mover *m, size_t n, size_t dims, bool ring,
                              elc_error *err) {
    bool round = false;
    ELC_TRY(elc_reserve(&m->points, &m->n_points, n, sizeof *m->points, err));
    ELC_TRY(elc_reserve(&m->was, &m->n_was, n, sizeof *m->was, err));
    for (size_t i = 0; i < n; i++) {
        memcpy(&m->was[i], m->at + i * dims * 8, sizeof *m->was);
        m->points[i] = m->was[i];
    }
    size_t failed = elc_transform_points(m->way, m->points, n);
    if (failed == 0)
        round = !elc_transform_unroll(m->way, m->was, m->points, n, &m->middle) && ring;
    m->failed += failed;
    for (size_t i = 0; i < n; i++)
        memcpy(m->at + i * dims * 8, &m->points[i], sizeof *m->points);
    if (round)
        elc_polar_face(m->was, m->at, n, dims);
    m->round |= round;
    m->at += n * dims * 8;
    return ELC_OK;
}

static elc_status move_rings(mover *m, uint32_t count, size_t dims, elc_error *err) {
    for (uint32_t i = 0; i < count; i++) {
        elc_wkb_cursor ring = {.at = m->at};
        uint32_t n = elc_wkb_number(&ring);
        m->at += 4;
        ELC_TRY(move_points(m, n, dims, true, err));
    }
    return ELC_OK;
}

/* What begins at the mover's place; it is left after it. */
static elc_status move_geometry(mover *m, elc_error *err) {
    elc_wkb_cursor cursor = {.at = m->at};
    elc_wkb_head head = elc_wkb_begin(&cursor);
    size_t dims = elc_wkb_dims(head.z, head.m);
    m->at += cursor.at - m->at;
    m->middle = NAN;
    switch (head.kind->build) {
    case ELC_BUILT_AS_POINT:
        if (!head.nothing)
            return move_points(m, 1, dims, false, err);
        m->at += dims * 8;
        return ELC_OK;
    case ELC_BUILT_AS_LINE:
        return move_points(m, head.count, dims, false, err);
    case ELC_BUILT_OF_RINGS:
        return move_rings(m, head.count, dims, err);
    default:
        for (uint32_t i = 0; i < head.count; i++)
            ELC_TRY(move_geometry(m, err));
        return ELC_OK;
    }
}

static elc_status judge(const mover *m, elc_error *err) {
    if (m->failed == 0)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "%zu of the geometry's points are nowhere in the CRS that it is "
                    "moved to",
                    m->failed);
}

/* Rings round a pole make others of the polygons that they are of. */
static elc_status lead(elc_string *out, size_t before, elc_error *err) {
    elc_string led = {0};
    elc_status status = elc_polar_lead(out->data + before, &led, err);
    out->size = before;
    if (status == ELC_OK)
        status = elc_string_append(out, led.data, led.size, err);
    elc_string_free(&led);
    return status;
}

elc_status elc_wkb_move(const void *wkb, size_t size, elc_transform *way,
                        elc_string *out, elc_error *err) {
    size_t before = out->size;
    ELC_TRY(elc_wkb_from_ewkb(wkb, size, out, NULL, err));
    if (way == NULL)
        return ELC_OK;
    mover m = {.way = way, .at = (uint8_t *)out->data + before};
    elc_status status = move_geometry(&m, err);
    if (status == ELC_OK)
        status = judge(&m, err);
    if (status == ELC_OK && m.round)
        status = lead(out, before, err);
    free(m.points);
    free(m.was);
    return elc_wkb_keep_or_undo(out, before, status);
}
