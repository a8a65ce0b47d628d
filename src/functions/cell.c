/* cell.c - what functions of cells share. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/cell.h"
#include "functions/head.h"
#include "functions/shape.h"

#include <math.h>

elc_status elc_frame_place(elc_frame *f, size_t row, elc_point *out, bool *empty,
                           elc_error *err) {
    elc_head head;
    const GEOSGeometry *shape;
    ELC_TRY(elc_frame_head(f, 0, row, &head, err));
    *out = head.at;
    *empty = head.type == HEAD_POINT && isnan(head.at.x) && isnan(head.at.y);
    if (head.type == HEAD_POINT)
        return ELC_OK;
    ELC_TRY(elc_frame_usable(f, 0, row, &shape, err));
    GEOSContextHandle_t geos = f->shapes->geos;
    *empty = GEOSisEmpty_r(geos, shape) == 1;
    if (*empty)
        return ELC_OK;
    GEOSGeometry *inside = GEOSPointOnSurface_r(geos, shape);
    bool got = inside != NULL && GEOSGeomGetX_r(geos, inside, &out->x) == 1 &&
               GEOSGeomGetY_r(geos, inside, &out->y) == 1;
    GEOSGeom_destroy_r(geos, inside);
    return got ? ELC_OK : elc_frame_fail(f, "a point on it", err);
}

int elc_frame_small(const elc_frame *f, size_t argument, size_t row) {
    int64_t n = elc_frame_int(f, argument, row);
    return n < -1000 ? -1000 : n > 1000 ? 1000 : (int)n;
}

elc_status elc_give_box(elc_frame *f, elc_point low, elc_point high, elc_error *err) {
    const elc_point ring[] = {
        {low.x, low.y}, {high.x, low.y}, {high.x, high.y}, {low.x, high.y}};
    ELC_TRY(elc_wkb_polygon(ring, 4, &f->made, err));
    return elc_give_made(f, err);
}

int64_t elc_relation_number(const elc_cover_cell *cell) {
    return cell->relation == ELC_COVER_WITHIN     ? 1
           : cell->relation == ELC_COVER_CONTAINS ? 2
                                                  : 0;
}

elc_status elc_frame_wkb(elc_frame *f, size_t argument, size_t row, elc_bytes *out,
                         elc_error *err) {
    elc_bytes given = elc_frame_bytes(f, argument, row);
    ELC_TRY(elc_wkb_from_ewkb(given.data, given.size, &f->made, NULL, err));
    *out = (elc_bytes){f->made.data, f->made.size};
    return ELC_OK;
}
