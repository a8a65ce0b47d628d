/* grid.c - the cells that rows are counted by: hexagons, tiles or geohashes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "grid.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_CELLS = 1 << 20, LETTER_BITS = 5 };

/* ---- options --------------------------------------------------------------------- */

static elc_status read_hex(const elc_options *options, bin_grid *out, elc_error *err) {
    elc_length size = elc_options_length(options, "hex");
    if (!size.metres)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "--hex has no unit; hexagons have one size on the ground: write "
            "100m or 1km");
    out->kind = BIN_HEX;
    return elc_hex_grid_create(size.value, &out->hex, err);
}

elc_status elc_bin_grid_read(const elc_options *options, bin_grid *out,
                             elc_error *err) {
    static const char *const kinds[] = {"hex", "quad", "geohash", "zones"};
    int given = 0;
    for (int i = 0; i < 4; i++)
        given += elc_options_given(options, kinds[i]);
    if (given != 1)
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "%s of --hex, --quad, --geohash and --zones %s given; give one, "
            "as in --hex 100m",
            given == 0 ? "none" : "more than one", given == 0 ? "is" : "are");
    if (elc_options_given(options, "hex"))
        return read_hex(options, out, err);
    if (elc_options_given(options, "quad"))
        *out = (bin_grid){.kind = BIN_QUAD,
                          .level = (int)elc_options_int(options, "quad")};
    else if (elc_options_given(options, "geohash"))
        *out =
            (bin_grid){.kind = BIN_GEOHASH,
                       .level = LETTER_BITS * (int)elc_options_int(options, "geohash")};
    else
        *out = (bin_grid){.kind = BIN_ZONES};
    return ELC_OK;
}

/* ---- cells ----------------------------------------------------------------------- */

static void find_geohashes(int bits, const elc_point *lonlat, size_t n, int64_t *out) {
    for (size_t i = 0; i < n; i++) {
        elc_zcell cell;
        bool is = elc_zcell_at(lonlat[i], bits, &cell, NULL) == ELC_OK;
        out[i] = is ? (int64_t)cell.code : -1;
    }
}

elc_status elc_bin_grid_cells(const bin_grid *grid, elc_point *lonlat, size_t n,
                              int64_t *out, elc_error *err) {
    for (size_t i = 0; i < n; i++)
        if (fabs(lonlat[i].x) > 180)
            lonlat[i].x = remainder(lonlat[i].x, 360);
    if (grid->kind == BIN_QUAD)
        return elc_quad_codes(lonlat, n, grid->level, out, err);
    if (grid->kind == BIN_HEX)
        elc_hex_at(grid->hex, lonlat, n, out);
    else
        find_geohashes(grid->level, lonlat, n, out);
    return ELC_OK;
}

elc_status elc_bin_grid_name(const bin_grid *grid, int64_t cell, elc_string *out,
                             elc_error *err) {
    char text[ELC_ZCELL_TEXT]; /* the longer of both */
    if (grid->kind == BIN_HEX)
        return elc_string_printf(out, err, "%lld", (long long)cell);
    if (grid->kind == BIN_QUAD)
        elc_quad_text(elc_quad_of_code(grid->level, cell), text);
    else
        elc_zcell_text((elc_zcell){(uint64_t)cell, grid->level}, text);
    return elc_string_printf(out, err, "%s", text);
}

elc_status elc_bin_grid_outline(const bin_grid *grid, int64_t cell, elc_string *out,
                                elc_error *err) {
    elc_point ring[6], low, high;
    size_t n;
    if (grid->kind == BIN_HEX) {
        ELC_TRY(elc_hex_corners(grid->hex, cell, ring, &n, err));
        return elc_wkb_polygon_lonlat(ring, n, out, err);
    }
    if (grid->kind == BIN_QUAD)
        elc_quad_bounds(elc_quad_of_code(grid->level, cell), &low, &high);
    else
        elc_zcell_bounds((elc_zcell){(uint64_t)cell, grid->level}, &low, &high);
    const elc_point box[] = {low, {high.x, low.y}, high, {low.x, high.y}};
    return elc_wkb_polygon(box, 4, out, err);
}

/* ---- covers ---------------------------------------------------------------------- */

static elc_status fail_many(elc_error *err) {
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "an image shows more than %d cells; take larger ones", MOST_CELLS);
}

/* A cell of a coarser level stands for all below it, where these lie in the geometry.
 */
static elc_status meet_below(const bin_grid *grid, const elc_cover_cell *cell,
                             size_t *left, bin_meet meet, void *state, elc_error *err) {
    int bits = (grid->kind == BIN_QUAD ? 2 : 1) * (grid->level - cell->level);
    bool within = cell->relation == ELC_COVER_WITHIN;
    if (bits >= 62 || (size_t)1 << bits > *left || (bits > 0 && !within))
        return fail_many(err);
    *left -= (size_t)1 << bits;
    for (int64_t i = 0; i < INT64_C(1) << bits; i++)
        ELC_TRY(meet(state, (int64_t)((uint64_t)cell->cell << bits | (uint64_t)i),
                     within, err));
    return ELC_OK;
}

elc_status elc_bin_grid_cover(const bin_grid *grid, const void *wkb, size_t size,
                              double area_m2, bin_meet meet, void *state,
                              elc_error *err) {
    elc_cover cover = {0};
    size_t left = MOST_CELLS;
    elc_status status;
    if (grid->kind == BIN_HEX && area_m2 > MOST_CELLS * elc_hex_area_m2(grid->hex))
        return fail_many(err); /* early: to find them all takes long */
    if (grid->kind == BIN_HEX)
        status = elc_cover_hexes(wkb, size, grid->hex, MOST_CELLS, &cover, err);
    else if (grid->kind == BIN_QUAD)
        status = elc_cover_quads(wkb, size, grid->level, MOST_CELLS, &cover, err);
    else
        status = elc_cover_zcells(wkb, size, grid->level, MOST_CELLS, &cover, err);
    for (size_t i = 0; i < cover.count && status == ELC_OK; i++) {
        const elc_cover_cell *cell = &cover.cells[i];
        status = grid->kind == BIN_HEX
                     ? meet(state, cell->cell, cell->relation == ELC_COVER_WITHIN, err)
                     : meet_below(grid, cell, &left, meet, state, err);
    }
    free(cover.cells);
    return status;
}
