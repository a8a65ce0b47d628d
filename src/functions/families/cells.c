/* cells.c - geohashes and the web map's tiles. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/cell.h"

/* ---- geohashes ------------------------------------------------------------------- */

static elc_status geohash(elc_frame *f, size_t row, elc_error *err) {
    elc_point p;
    elc_zcell cell;
    bool empty;
    char text[ELC_ZCELL_TEXT];
    ELC_TRY(elc_frame_place(f, row, &p, &empty, err));
    if (empty)
        return ELC_OK;
    ELC_TRY(elc_zcell_at(p, elc_frame_small(f, 1, row), &cell, err));
    elc_zcell_text(cell, text);
    return elc_give_text(f, text, err);
}

static elc_status read_geohash(elc_frame *f, size_t row, elc_zcell *out,
                               elc_error *err) {
    const char *text;
    ELC_TRY(elc_frame_text(f, 0, row, &text, err));
    ELC_TRY(elc_zcell_parse(text, out, err));
    if (f->n_arguments == 1)
        return ELC_OK;
    return elc_zcell_parent(*out, elc_frame_small(f, 1, row), out, err);
}

static elc_status box_of_geohash(elc_frame *f, size_t row, elc_error *err) {
    elc_zcell cell;
    elc_point low, high;
    ELC_TRY(read_geohash(f, row, &cell, err));
    elc_zcell_bounds(cell, &low, &high);
    return elc_give_box(f, low, high, err);
}

static elc_status point_of_geohash(elc_frame *f, size_t row, elc_error *err) {
    elc_zcell cell;
    elc_point low, high;
    ELC_TRY(read_geohash(f, row, &cell, err));
    elc_zcell_bounds(cell, &low, &high);
    elc_point middle = {(low.x + high.x) / 2, (low.y + high.y) / 2};
    ELC_TRY(elc_wkb_point(middle, &f->made, err));
    return elc_give_made(f, err);
}

/* ---- tiles ----------------------------------------------------------------------- */

static elc_status quadkey(elc_frame *f, size_t row, elc_error *err) {
    elc_point p;
    elc_quad quad;
    bool empty;
    char text[ELC_QUAD_TEXT];
    ELC_TRY(elc_frame_place(f, row, &p, &empty, err));
    if (empty)
        return ELC_OK;
    ELC_TRY(elc_quad_at(p, elc_frame_small(f, 1, row), &quad, err));
    elc_quad_text(quad, text);
    return elc_give_text(f, text, err);
}

static elc_status box_of_quadkey(elc_frame *f, size_t row, elc_error *err) {
    const char *text;
    elc_quad quad;
    elc_point low, high;
    ELC_TRY(elc_frame_text(f, 0, row, &text, err));
    ELC_TRY(elc_quad_parse(text, &quad, err));
    elc_quad_bounds(quad, &low, &high);
    return elc_give_box(f, low, high, err);
}

static const elc_function functions[] = {
    {.name = "st_geohash",
     .arguments = {ARG_GEOM, {"bits", ELC_INT32, "60"}},
     .result = ELC_UTF8,
     .summary =
         "the geohash of a point, or of a point on it, of longitude and latitude, "
         "five bits (1 to 60) a letter; of other bits as 0 and 1",
     .example = "st_geohash(st_point(11.5, 48.1), 30)",
     .gives = "u281ts",
     .row = geohash},
    {.name = "st_geomfromgeohash",
     .aliases = "st_box2dfromgeohash",
     .arguments = {ARG_TEXT("geohash")},
     .result = ELC_GEOMETRY,
     .summary = "the cell of a geohash as a polygon",
     .example = "st_geomfromgeohash('s')",
     .gives = "POLYGON ((0 0, 45 0, 45 45, 0 45, 0 0))",
     .row = box_of_geohash},
    {.name = "st_geomfromgeohash",
     .aliases = "st_box2dfromgeohash",
     .arguments = {ARG_TEXT("geohash"), ARG_INT("bits")},
     .result = ELC_GEOMETRY,
     .summary = "the cell of a geohash's first bits as a polygon",
     .example = "st_geomfromgeohash('s00', 5)",
     .gives = "POLYGON ((0 0, 45 0, 45 45, 0 45, 0 0))",
     .row = box_of_geohash},
    {.name = "st_geomfromquadkey",
     .arguments = {ARG_TEXT("quadkey")},
     .result = ELC_GEOMETRY,
     .summary = "a tile of the web map as a polygon of longitude and latitude",
     .example = "st_geomfromquadkey('3')",
     .gives = "POLYGON ((0 -85.051128779806589, 180 -85.051128779806589, 180 0, 0 0, "
              "0 -85.051128779806589))",
     .row = box_of_quadkey},
    {.name = "st_pointfromgeohash",
     .arguments = {ARG_TEXT("geohash")},
     .result = ELC_GEOMETRY,
     .summary = "the middle of a geohash's cell",
     .example = "st_pointfromgeohash('s')",
     .gives = "POINT (22.5 22.5)",
     .row = point_of_geohash},
    {.name = "st_pointfromgeohash",
     .arguments = {ARG_TEXT("geohash"), ARG_INT("bits")},
     .result = ELC_GEOMETRY,
     .summary = "the middle of the cell of a geohash's first bits",
     .example = "st_pointfromgeohash('s00', 5)",
     .gives = "POINT (22.5 22.5)",
     .row = point_of_geohash},
    {.name = "st_quadkey",
     .arguments = {ARG_GEOM, ARG_INT("zoom")},
     .result = ELC_UTF8,
     .summary = "the web map's tile of a point, or of a point on it, of longitude and "
                "latitude, at a zoom of 0 to 30, a digit a zoom",
     .example = "st_quadkey(st_point(11.5, 48.1), 8)",
     .gives = "12023000",
     .row = quadkey},
    {0},
};

const elc_function_family elc_function_family_cells = {
    .name = "cells",
    .summary = "geohashes and the web map's tiles",
    .functions = functions,
};
