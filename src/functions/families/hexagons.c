/* hexagons.c - the world's hexagons of one area, by the distance of their centres. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/cell.h"

#include <stdlib.h>

static elc_status grid_of(const elc_frame *f, size_t argument, size_t row,
                          elc_hex_grid *out, elc_error *err) {
    return elc_hex_grid_create(elc_frame_real(f, argument, row), out, err);
}

static elc_status cell_at(elc_frame *f, size_t row, elc_error *err) {
    elc_point p;
    elc_hex_grid grid;
    int64_t cell;
    bool empty;
    ELC_TRY(elc_frame_place(f, row, &p, &empty, err));
    ELC_TRY(grid_of(f, 1, row, &grid, err));
    if (empty)
        return ELC_OK;
    elc_hex_at(grid, &p, 1, &cell);
    if (cell < 0)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "the place %g, %g is in no hexagon: give longitude and latitude", p.x, p.y);
    return elc_give_int(f, cell, err);
}

static elc_status centre(elc_frame *f, size_t row, elc_error *err) {
    elc_hex_grid grid;
    elc_point p;
    ELC_TRY(grid_of(f, 1, row, &grid, err));
    ELC_TRY(elc_hex_centre(grid, elc_frame_int(f, 0, row), &p, err));
    ELC_TRY(elc_wkb_point(p, &f->made, err));
    return elc_give_made(f, err);
}

static elc_status boundary(elc_frame *f, size_t row, elc_error *err) {
    elc_hex_grid grid;
    elc_point ring[6];
    size_t n = 0;
    ELC_TRY(grid_of(f, 1, row, &grid, err));
    ELC_TRY(elc_hex_corners(grid, elc_frame_int(f, 0, row), ring, &n, err));
    ELC_TRY(elc_wkb_polygon_lonlat(ring, n, &f->made, err));
    return elc_give_made(f, err);
}

static elc_status neighbours(elc_frame *f, size_t row, elc_error *err) {
    elc_hex_grid grid;
    int64_t near[6];
    size_t n = 0;
    ELC_TRY(grid_of(f, 1, row, &grid, err));
    ELC_TRY(elc_hex_neighbours(grid, elc_frame_int(f, 0, row), near, &n, err));
    return elc_give_list(f, near, n, err);
}

static elc_status parent(elc_frame *f, size_t row, elc_error *err) {
    elc_hex_grid grid, coarser;
    int64_t out;
    ELC_TRY(grid_of(f, 1, row, &grid, err));
    ELC_TRY(grid_of(f, 2, row, &coarser, err));
    ELC_TRY(elc_hex_parent(grid, elc_frame_int(f, 0, row), coarser, &out, err));
    return elc_give_int(f, out, err);
}

static elc_status area(elc_frame *f, size_t row, elc_error *err) {
    elc_hex_grid grid;
    ELC_TRY(grid_of(f, 0, row, &grid, err));
    return elc_give_real(f, elc_hex_area_m2(grid), err);
}

static const bool says_relation = true; /* the detail of what gives no cells */

static elc_status give_cells(elc_frame *f, const elc_cover *cover, elc_error *err) {
    int64_t *cells;
    ELC_TRY(elc_alloc(cover->count, sizeof *cells, &cells, err));
    bool relation = f->function->detail != NULL;
    for (size_t i = 0; i < cover->count; i++)
        cells[i] =
            relation ? elc_relation_number(&cover->cells[i]) : cover->cells[i].cell;
    elc_status status = elc_give_list(f, cells, cover->count, err);
    free(cells);
    return status;
}

static elc_status cover(elc_frame *f, size_t row, elc_error *err) {
    elc_hex_grid grid;
    elc_bytes wkb;
    elc_cover found = {0};
    ELC_TRY(elc_frame_wkb(f, 0, row, &wkb, err));
    ELC_TRY(grid_of(f, 1, row, &grid, err));
    elc_status status =
        elc_cover_hexes(wkb.data, wkb.size, grid, ELC_CELLS_MOST, &found, err);
    if (status == ELC_OK)
        status = give_cells(f, &found, err);
    free(found.cells);
    return status;
}

static const elc_function functions[] = {
    {.name = "st_hexarea",
     .arguments = {ARG("size_m")},
     .result = ELC_FLOAT64,
     .summary = "the square metres of each hexagon of a size; twelve pentagons have "
                "five sixths of it",
     .example = "st_hexarea(1000)",
     .gives = "866128.7675474446",
     .row = area},
    {.name = "st_hexboundary",
     .arguments = {ARG_CELL, ARG("size_m")},
     .result = ELC_GEOMETRY,
     .summary = "a hexagon as a polygon of longitude and latitude, in pieces where the "
                "antimeridian cuts it",
     .example = "st_hexboundary(0, 1000000)",
     .gives = "POLYGON ((19.564999583275686 56.63213631489989, 17.288728737888462 "
              "62.15334884325512, 5.211271262111535 62.1533488432551, "
              "2.9350004167243027 56.632136314899896, 11.25 53.59269186380336, "
              "19.564999583275686 56.63213631489989))",
     .row = boundary},
    {.name = "st_hexcell",
     .arguments = {ARG_GEOM, ARG("size_m")},
     .result = ELC_INT64,
     .summary =
         "the hexagon of a point, or of a point on it, of longitude and latitude; "
         "the centres of hexagons are about so many metres (0.1 to 7,674,000) "
         "apart, and a number means one of its own size only",
     .example = "st_hexcell(st_point(11.5, 48.1), 1000)",
     .gives = "87573375",
     .row = cell_at},
    {.name = "st_hexcentre",
     .aliases = "st_hexcenter",
     .arguments = {ARG_CELL, ARG("size_m")},
     .result = ELC_GEOMETRY,
     .summary = "the centre of a hexagon",
     .example = "st_hexcentre(0, 1000000)",
     .gives = "POINT (11.250000000000004 58.39714590743121)",
     .row = centre},
    {.name = "st_hexcover",
     .arguments = {ARG_GEOM, ARG("size_m")},
     .result = ELC_INT64,
     .list = true,
     .summary =
         "the hexagons that share a point with a geometry of longitude and "
         "latitude, by rising numbers, at most 100,000; their sides are straight "
         "lines here",
     .example = "st_hexcover(st_makebbox(11, 48, 12, 49), 100000)",
     .gives = "[10757, 10758, 10769, 10770, 10781]",
     .row = cover},
    {.name = "st_hexcoverrelation",
     .arguments = {ARG_GEOM, ARG("size_m")},
     .result = ELC_INT64,
     .list = true,
     .summary = RELATION("st_hexcover"),
     .example = "st_hexcoverrelation(st_makebbox(11, 48, 12, 49), 50000)",
     .gives = "[0, 0, 0, 1, 0, 0, 0, 0, 0]",
     .row = cover,
     .detail = &says_relation},
    {.name = "st_hexneighbours",
     .aliases = "st_hexneighbors",
     .arguments = {ARG_CELL, ARG("size_m")},
     .result = ELC_INT64,
     .list = true,
     .summary = "the five or six hexagons round one, counter-clockwise",
     .example = "st_hexneighbours(0, 1000000)",
     .gives = "[26, 19, 12, 40, 33]",
     .row = neighbours},
    {.name = "st_hexparent",
     .arguments = {ARG_CELL, ARG("size_m"), ARG("parent_size_m")},
     .result = ELC_INT64,
     .summary = "the hexagon of a larger size that holds the centre of one",
     .example = "st_hexparent(st_hexcell(st_point(11.5, 48.1), 1000), 1000, 100000)",
     .gives = "10757",
     .row = parent},
    {0},
};

const elc_function_family elc_function_family_hexagons = {
    .name = "hexagons",
    .summary = "the world in hexagons of one area, at any size",
    .functions = functions,
};
