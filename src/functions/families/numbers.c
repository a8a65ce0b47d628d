/* numbers.c - cells as whole numbers, so that what is near is equal: halves of the
   world (z-order), tiles of the web map, and squares of a plane. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "functions/cell.h"

#include <stdlib.h>

/* ---- numbers that hold their level ------------------------------------------------
 */

/* A cell's bits behind a 1, which says how many they are. */
static int64_t number_of(int64_t code, int bits) {
    return (int64_t)(UINT64_C(1) << bits | (uint64_t)code);
}

/* -1: it is no cell of at most `most` bits. */
static int bits_of(int64_t number, int most) {
    if (number < 1)
        return -1;
    int bits = 63 - __builtin_clzll((unsigned long long)number);
    return bits <= most ? bits : -1;
}

static int64_t code_of(int64_t number, int bits) {
    return number ^ (int64_t)(UINT64_C(1) << bits);
}

static elc_status zcell_of(int64_t number, elc_zcell *out, elc_error *err) {
    int bits = bits_of(number, ELC_ZCELL_BITS);
    if (bits < 1)
        return elc_fail(err, ELC_E_ARGUMENT, "%lld is no cell: st_zcell gives them",
                        (long long)number);
    *out = (elc_zcell){(uint64_t)code_of(number, bits), bits};
    return ELC_OK;
}

static int64_t number_of_zcell(elc_zcell cell) {
    return number_of((int64_t)cell.code, cell.bits);
}

static elc_status quad_of(int64_t number, elc_quad *out, elc_error *err) {
    int bits = bits_of(number, 2 * ELC_QUAD_ZOOM);
    if (bits < 0 || bits % 2 != 0)
        return elc_fail(err, ELC_E_ARGUMENT, "%lld is no tile: st_quadcell gives them",
                        (long long)number);
    *out = elc_quad_of_code(bits / 2, code_of(number, bits));
    return ELC_OK;
}

static int64_t number_of_quad(elc_quad quad) {
    return number_of(elc_quad_code(quad), 2 * quad.zoom);
}

/* ---- halves of the world ----------------------------------------------------------
 */

static elc_status zcell(elc_frame *f, size_t row, elc_error *err) {
    elc_point p;
    elc_zcell cell;
    bool empty;
    ELC_TRY(elc_frame_place(f, row, &p, &empty, err));
    if (empty)
        return ELC_OK;
    ELC_TRY(elc_zcell_at(p, elc_frame_small(f, 1, row), &cell, err));
    return elc_give_int(f, number_of_zcell(cell), err);
}

static elc_status zcell_boundary(elc_frame *f, size_t row, elc_error *err) {
    elc_zcell cell;
    elc_point low, high;
    ELC_TRY(zcell_of(elc_frame_int(f, 0, row), &cell, err));
    elc_zcell_bounds(cell, &low, &high);
    return elc_give_box(f, low, high, err);
}

static elc_status zcell_parent(elc_frame *f, size_t row, elc_error *err) {
    elc_zcell cell;
    ELC_TRY(zcell_of(elc_frame_int(f, 0, row), &cell, err));
    ELC_TRY(elc_zcell_parent(cell, elc_frame_small(f, 1, row), &cell, err));
    return elc_give_int(f, number_of_zcell(cell), err);
}

static elc_status zcell_neighbours(elc_frame *f, size_t row, elc_error *err) {
    elc_zcell cell, near[8];
    int64_t numbers[8];
    ELC_TRY(zcell_of(elc_frame_int(f, 0, row), &cell, err));
    size_t n = elc_zcell_neighbours(cell, near);
    for (size_t i = 0; i < n; i++)
        numbers[i] = number_of_zcell(near[i]);
    return elc_give_list(f, numbers, n, err);
}

/* ---- tiles ------------------------------------------------------------------------
 */

static elc_status quad(elc_frame *f, size_t row, elc_error *err) {
    elc_point p;
    elc_quad tile;
    bool empty;
    ELC_TRY(elc_frame_place(f, row, &p, &empty, err));
    if (empty)
        return ELC_OK;
    ELC_TRY(elc_quad_at(p, elc_frame_small(f, 1, row), &tile, err));
    return elc_give_int(f, number_of_quad(tile), err);
}

static elc_status quad_boundary(elc_frame *f, size_t row, elc_error *err) {
    elc_quad tile;
    elc_point low, high;
    ELC_TRY(quad_of(elc_frame_int(f, 0, row), &tile, err));
    elc_quad_bounds(tile, &low, &high);
    return elc_give_box(f, low, high, err);
}

static elc_status quad_parent(elc_frame *f, size_t row, elc_error *err) {
    elc_quad tile;
    int zoom = elc_frame_small(f, 1, row);
    ELC_TRY(quad_of(elc_frame_int(f, 0, row), &tile, err));
    if (zoom < 0 || zoom > tile.zoom)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "a tile of zoom %d has no parent of zoom %d: give 0 to %d",
                        tile.zoom, zoom, tile.zoom);
    while (tile.zoom > zoom)
        ELC_TRY(elc_quad_parent(tile, &tile, err));
    return elc_give_int(f, number_of_quad(tile), err);
}

static elc_status quad_neighbours(elc_frame *f, size_t row, elc_error *err) {
    elc_quad tile, near[8];
    int64_t numbers[8];
    ELC_TRY(quad_of(elc_frame_int(f, 0, row), &tile, err));
    size_t n = elc_quad_neighbours(tile, near);
    for (size_t i = 0; i < n; i++)
        numbers[i] = number_of_quad(near[i]);
    return elc_give_list(f, numbers, n, err);
}

/* ---- covers -----------------------------------------------------------------------
 */

/* A kind of cells, each level of which adds `bits` to their numbers. */
typedef struct {
    elc_status (*cover)(const void *wkb, size_t size, int level, size_t most,
                        elc_cover *out, elc_error *err);
    int bits;
    bool relation; /* not the cells, but what each is to the geometry */
} kind;
static const kind zcells = {elc_cover_zcells, 1, false},
                  quads = {elc_cover_quads, 2, false},
                  zcell_relations = {elc_cover_zcells, 1, true},
                  quad_relations = {elc_cover_quads, 2, true};

static elc_status too_many(int level, elc_error *err) {
    return elc_fail(err, ELC_E_ARGUMENT,
                    "the geometry lies in more than %d cells of level %d: give a "
                    "lower one, or how many there may be",
                    ELC_CELLS_MOST, level);
}

/* How many cells of a level the cells are. A smaller level on the border means that
   there are too many of the level. */
static elc_status count_all(const elc_cover *cover, const kind *k, int level,
                            size_t *out, elc_error *err) {
    uint64_t n = 0;
    for (size_t i = 0; i < cover->count; i++) {
        const elc_cover_cell *c = &cover->cells[i];
        int more = k->bits * (level - c->level);
        if ((more > 0 && c->relation != ELC_COVER_WITHIN) || more > 30)
            return too_many(level, err);
        n += UINT64_C(1) << more;
        if (n > ELC_CELLS_MOST)
            return too_many(level, err);
    }
    *out = (size_t)n;
    return ELC_OK;
}

static elc_status give_all(elc_frame *f, const elc_cover *cover, const kind *k,
                           int level, elc_error *err) {
    int64_t *cells;
    size_t n = 0, count = 0;
    ELC_TRY(count_all(cover, k, level, &count, err));
    ELC_TRY(elc_alloc(count, sizeof *cells, &cells, err));
    for (size_t i = 0; i < cover->count; i++) {
        const elc_cover_cell *c = &cover->cells[i];
        int more = k->bits * (level - c->level);
        int64_t first = number_of(c->cell << more, k->bits * level);
        for (int64_t child = 0; child < INT64_C(1) << more; child++)
            cells[n++] = k->relation ? elc_relation_number(c) : first + child;
    }
    elc_status status = elc_give_list(f, cells, n, err);
    free(cells);
    return status;
}

static elc_status give_found(elc_frame *f, const elc_cover *cover, const kind *k,
                             elc_error *err) {
    int64_t *cells;
    ELC_TRY(elc_alloc(cover->count, sizeof *cells, &cells, err));
    for (size_t i = 0; i < cover->count; i++)
        cells[i] = k->relation ? elc_relation_number(&cover->cells[i])
                               : number_of(cover->cells[i].cell,
                                           k->bits * cover->cells[i].level);
    elc_status status = elc_give_list(f, cells, cover->count, err);
    free(cells);
    return status;
}

/* All cells of one level; or, with a third argument, larger ones inside. */
static elc_status cover(elc_frame *f, size_t row, elc_error *err) {
    const kind *k = f->function->detail;
    bool all = f->n_arguments == 2;
    int level = elc_frame_small(f, 1, row);
    int64_t most = all ? ELC_CELLS_MOST : elc_frame_int(f, 2, row);
    elc_bytes wkb;
    elc_cover found = {0};
    ELC_TRY(elc_frame_wkb(f, 0, row, &wkb, err));
    if (most < 4 || most > ELC_CELLS_MOST)
        return elc_fail(err, ELC_E_ARGUMENT, "%lld cells at most: give 4 to %d",
                        (long long)most, ELC_CELLS_MOST);
    elc_status status = k->cover(wkb.data, wkb.size, level, (size_t)most, &found, err);
    if (status == ELC_OK)
        status =
            all ? give_all(f, &found, k, level, err) : give_found(f, &found, k, err);
    free(found.cells);
    return status;
}

#define BOX  "st_makebbox(11, 48, 12, 49)"
#define WIDE "st_makebbox(0, 40, 30, 60)"

static const elc_function functions[] = {
    {.name = "st_quadboundary",
     .arguments = {ARG_CELL},
     .result = ELC_GEOMETRY,
     .summary = "a tile of st_quadcell as a polygon of longitude and latitude",
     .example = "st_quadboundary(1)",
     .gives = "POLYGON ((-180 -85.0511287798066, 180 -85.0511287798066, 180 "
              "85.0511287798066, -180 85.0511287798066, -180 -85.0511287798066))",
     .row = quad_boundary},
    {.name = "st_quadcell",
     .arguments = {ARG_GEOM, ARG_INT("zoom")},
     .result = ELC_INT64,
     .summary = "the web map's tile of a point, or of a point on it, of longitude and "
                "latitude, at a zoom of 0 to 30: its quadkey to base four behind a 1",
     .example = "st_quadcell(st_point(11.5, 48.1), 8)",
     .gives = "90816",
     .row = quad},
    {.name = "st_quadcover",
     .arguments = {ARG_GEOM, ARG_INT("zoom")},
     .result = ELC_INT64,
     .list = true,
     .summary = "all tiles of a zoom, at most 100,000, that share a point with a "
                "geometry of longitude and latitude, in the order of their quadkeys",
     .example = "st_quadcover(" BOX ", 7)",
     .gives = "[22671, 22682, 22693, 22704]",
     .row = cover,
     .detail = &quads},
    {.name = "st_quadcover",
     .arguments = {ARG_GEOM, ARG_INT("zoom"), ARG_INT("most")},
     .result = ELC_INT64,
     .list = true,
     .summary = "so many tiles at most, 4 to 100,000, of at most a zoom, that hold a "
                "geometry: large ones inside of it and small ones on its border",
     .example = "st_quadcover(" BOX ", 10, 4)",
     .gives = "[90687, 90730, 90773, 90816]",
     .row = cover,
     .detail = &quads},
    {.name = "st_quadcoverrelation",
     .arguments = {ARG_GEOM, ARG_INT("zoom")},
     .result = ELC_INT64,
     .list = true,
     .summary = RELATION("st_quadcover"),
     .example = "st_quadcoverrelation(" WIDE ", 5)",
     .gives = "[0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0]",
     .row = cover,
     .detail = &quad_relations},
    {.name = "st_quadcoverrelation",
     .arguments = {ARG_GEOM, ARG_INT("zoom"), ARG_INT("most")},
     .result = ELC_INT64,
     .list = true,
     .summary = "the same for st_quadcover of so many tiles at most",
     .example = "st_quadcoverrelation(" BOX ", 10, 16)",
     .gives = "[0, 0, 0, 0, 0, 1, 0, 0, 0]",
     .row = cover,
     .detail = &quad_relations},
    {.name = "st_quadneighbours",
     .aliases = "st_quadneighbors",
     .arguments = {ARG_CELL},
     .result = ELC_INT64,
     .list = true,
     .summary = "the tiles that share an edge or a corner with one, across the "
                "antimeridian too",
     .example = "st_quadneighbours(st_quadcell(st_point(11.5, 48.1), 2))",
     .gives = "[17, 20, 21, 19, 23, 25, 28, 29]",
     .row = quad_neighbours},
    {.name = "st_quadparent",
     .arguments = {ARG_CELL, ARG_INT("zoom")},
     .result = ELC_INT64,
     .summary = "the tile of a lower zoom that holds one",
     .example = "st_quadparent(st_quadcell(st_point(11.5, 48.1), 8), 2)",
     .gives = "22",
     .row = quad_parent},
    {.name = "st_zcell",
     .arguments = {ARG_GEOM, ARG_INT("bits")},
     .result = ELC_INT64,
     .summary = "the cell of so many bits, 1 to 60, that a point, or a point on it, of "
                "longitude and latitude is in: the bits of its geohash behind a 1",
     .example = "st_zcell(st_point(11.5, 48.1), 30)",
     .gives = "1948518200",
     .row = zcell},
    {.name = "st_zcellboundary",
     .arguments = {ARG_CELL},
     .result = ELC_GEOMETRY,
     .summary = "a cell of st_zcell as a polygon",
     .example = "st_zcellboundary(st_zcell(st_point(11.5, 48.1), 5))",
     .gives = "POLYGON ((0 45, 45 45, 45 90, 0 90, 0 45))",
     .row = zcell_boundary},
    {.name = "st_zcellcover",
     .aliases = "st_cellcover",
     .arguments = {ARG_GEOM, ARG_INT("bits")},
     .result = ELC_INT64,
     .list = true,
     .summary = "all cells of so many bits, at most 100,000, that share a point with a "
                "geometry of longitude and latitude, in the order of their curve",
     .example = "st_zcellcover(" BOX ", 12)",
     .gives = "[7427, 7433]",
     .row = cover,
     .detail = &zcells},
    {.name = "st_zcellcover",
     .aliases = "st_cellcover",
     .arguments = {ARG_GEOM, ARG_INT("bits"), ARG_INT("most")},
     .result = ELC_INT64,
     .list = true,
     .summary =
         "so many cells at most, 4 to 100,000, of at most so many bits, that hold "
         "a geometry: large ones inside of it and small ones on its border",
     .example = "st_zcellcover(" BOX ", 20, 4)",
     .gives = "[118842, 118843, 118928, 118929]",
     .row = cover,
     .detail = &zcells},
    {.name = "st_zcellcoverrelation",
     .arguments = {ARG_GEOM, ARG_INT("bits")},
     .result = ELC_INT64,
     .list = true,
     .summary = RELATION("st_zcellcover"),
     .example = "st_zcellcoverrelation(" WIDE ", 10)",
     .gives = "[0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0]",
     .row = cover,
     .detail = &zcell_relations},
    {.name = "st_zcellcoverrelation",
     .arguments = {ARG_GEOM, ARG_INT("bits"), ARG_INT("most")},
     .result = ELC_INT64,
     .list = true,
     .summary = "the same for st_zcellcover of so many cells at most",
     .example = "st_zcellcoverrelation(" BOX ", 5, 8)",
     .gives = "[2]",
     .row = cover,
     .detail = &zcell_relations},
    {.name = "st_zcellneighbours",
     .aliases = "st_zcellneighbors",
     .arguments = {ARG_CELL},
     .result = ELC_INT64,
     .list = true,
     .summary = "the cells that share an edge or a corner with one, across the "
                "antimeridian too",
     .example = "st_zcellneighbours(st_zcell(st_point(11.5, 48.1), 4))",
     .gives = "[23, 31, 22, 28, 30]",
     .row = zcell_neighbours},
    {.name = "st_zcellparent",
     .arguments = {ARG_CELL, ARG_INT("bits")},
     .result = ELC_INT64,
     .summary = "the cell of fewer bits that holds one",
     .example = "st_zcellparent(st_zcell(st_point(11.5, 48.1), 30), 5)",
     .gives = "58",
     .row = zcell_parent},
    {0},
};

const elc_function_family elc_function_family_numbers = {
    .name = "numbers",
    .summary = "cells as whole numbers, by which near things are equal",
    .functions = functions,
};
