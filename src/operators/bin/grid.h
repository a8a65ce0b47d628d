/* grid.h - the cells that rows are counted by: hexagons, tiles or geohashes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_BIN_GRID_H
#define ELCANO_SRC_OPERATORS_BIN_GRID_H

#include <elcano/geometry.h>
#include <elcano/run.h>

typedef enum bin_kind { BIN_HEX, BIN_QUAD, BIN_GEOHASH, BIN_ZONES } bin_kind;

typedef struct bin_grid {
    bin_kind kind;
    elc_hex_grid hex;
    int level; /* zoom, or bits */
} bin_grid;

/* What --hex, --quad, --geohash or --zones ask for: exactly one of them. */
elc_status elc_bin_grid_read(const elc_options *options, bin_grid *out, elc_error *err);
/* The cells of n points of longitude and latitude, which are brought within [-180,
   180]; -1: of none. */
elc_status elc_bin_grid_cells(const bin_grid *grid, elc_point *lonlat, size_t n,
                              int64_t *out, elc_error *err);
/* The cell's name, and its outline as WKB in longitude and latitude; appended. */
elc_status elc_bin_grid_name(const bin_grid *grid, int64_t cell, elc_string *out,
                             elc_error *err);
elc_status elc_bin_grid_outline(const bin_grid *grid, int64_t cell, elc_string *out,
                                elc_error *err);

/* What is done with a cell that a geometry meets; `within`: the cell lies in it. */
typedef elc_status (*bin_meet)(void *state, int64_t cell, bool within, elc_error *err);
/* All cells that a geometry in longitude and latitude, of so many square metres, meets.
   ELC_E_UNSUPPORTED for more than a million. */
elc_status elc_bin_grid_cover(const bin_grid *grid, const void *wkb, size_t size,
                              double area_m2, bin_meet meet, void *state,
                              elc_error *err);

#endif
