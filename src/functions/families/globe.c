/* globe.c - geometries of longitude and latitude, made with the ellipsoid in mind. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/antimeridian.h"
#include "functions/head.h"
#include "functions/shape.h"

#include <math.h>

/* ---- buffers in metres ----------------------------------------------------------- */

static void release_edit(void *kept) {
    elc_edit_free(kept);
}

static elc_status edit_of(elc_frame *f, elc_edit **out, elc_error *err) {
    if (f->kept == NULL) {
        elc_edit *made;
        ELC_TRY(elc_edit_create(NULL, true, &made, err));
        f->kept = made;
        f->release = release_edit;
    }
    *out = f->kept;
    return ELC_OK;
}

/* "POLYGON EMPTY" where nothing is left. */
static elc_status give_polygon(elc_frame *f, elc_error *err) {
    static const unsigned char none[9] = {1, HEAD_POLYGON};
    return f->made.size > 0 ? elc_give_made(f, err)
                            : elc_give_bytes(f, none, sizeof none, err);
}

static elc_status nowhere(elc_taken taken, elc_error *err) {
    if (taken != ELC_TAKEN_NOWHERE)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_ARGUMENT,
        "geom cannot be read, or has a coordinate that is no finite number");
}

static elc_status buffer_metres(elc_frame *f, size_t row, elc_error *err) {
    elc_edit *edit;
    elc_taken taken;
    double metres = elc_frame_real(f, 1, row);
    elc_bytes wkb = elc_frame_bytes(f, 0, row);
    if (!isfinite(metres))
        return elc_fail(err, ELC_E_ARGUMENT, "metres is no finite number");
    ELC_TRY(edit_of(f, &edit, err));
    ELC_TRY(
        elc_edit_buffer(edit, wkb.data, wkb.size, metres, true, &f->made, &taken, err));
    ELC_TRY(nowhere(taken, err));
    return give_polygon(f, err);
}

/* ---- cut at the antimeridian ----------------------------------------------------- */

static elc_status cut_polygon(elc_frame *f, size_t row, elc_error *err) {
    elc_edit *edit;
    elc_taken taken;
    elc_bytes wkb = elc_frame_bytes(f, 0, row);
    ELC_TRY(edit_of(f, &edit, err));
    ELC_TRY(elc_edit_valid(edit, wkb.data, wkb.size, &f->made, &taken, err));
    ELC_TRY(nowhere(taken, err));
    return give_polygon(f, err);
}

/* Lines by their turns of the globe, points by their longitude. */
static elc_status cut_other(elc_frame *f, size_t row, elc_error *err) {
    const GEOSGeometry *shape;
    GEOSGeometry *cut = NULL;
    ELC_TRY(elc_frame_finite(f, 0, row, &shape, err));
    ELC_TRY(elc_antimeridian_cut(f, shape, &cut, err));
    return elc_give_shape(f, cut, "the parts", err);
}

static elc_status antimeridian_safe(elc_frame *f, size_t row, elc_error *err) {
    elc_head head;
    ELC_TRY(elc_frame_head(f, 0, row, &head, err));
    bool polygon = head.type == HEAD_POLYGON || head.type == HEAD_MULTIPOLYGON;
    return polygon ? cut_polygon(f, row, err) : cut_other(f, row, err);
}

static const elc_function functions[] = {
    {.name = "st_antimeridiansafegeom",
     .aliases = "st_idlsafegeom",
     .arguments = {ARG_GEOM},
     .result = ELC_GEOMETRY,
     .summary = "a geometry of longitude and latitude, cut at 180 degrees where it "
                "crosses them or its numbers go beyond; polygons come out valid",
     .example = "st_antimeridiansafegeom(st_makeline(st_point(170, 0), "
                "st_point(-170, 0)))",
     .gives = "MULTILINESTRING ((170 0, 180 0), (-180 0, -170 0))",
     .row = antimeridian_safe},
    {.name = "st_bufferpoint",
     .aliases = "st_buffermetres",
     .arguments = {ARG_GEOM, ARG("metres")},
     .result = ELC_GEOMETRY,
     .summary = "all that is at most so many metres from a geometry of longitude and "
                "latitude, as a polygon of 64 corners a circle, cut at 180 degrees",
     .example = "st_bufferpoint(st_point(11.5, 48.1), -1)",
     .gives = "POLYGON EMPTY",
     .row = buffer_metres},
    {0},
};

const elc_function_family elc_function_family_globe = {
    .name = "globe",
    .summary = "geometries of longitude and latitude, made with the ellipsoid in mind",
    .functions = functions,
};
