/* zones_band.h - a part of the index in the making. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_ZONES_BAND_H
#define ELCANO_SRC_GEOMETRY_ZONES_BAND_H

#include "geometry/zones_walk.h"

/* The root, and how often a cell of it may be split, into so many columns at most. */
enum { ZONES_LEVELS = 4, ZONES_CHILD_SHIFT = 9, ZONES_CHILD_MOST = 512 };

/* The root, or the grid of the cell that is being split in the level above. */
typedef struct zones_level {
    zones_grid grid;
    uint32_t column, row; /* of that cell */
    zones_walk walk;
    double *reference_x, *reference_y; /* NULL for the root, whose own are used */
    zones_found *pieces;               /* of a cell of this level */
    size_t n_pieces, piece_capacity;
} zones_level;

/* Rows of the root, and what is made of them. */
typedef struct zones_band {
    elc_zones *z;
    double most;
    zones_level levels[ZONES_LEVELS];
    uint32_t *words; /* records and nodes */
    size_t n_words, word_capacity;
} zones_band;

/* That each reference point is in its own cell, as far as numbers are fine enough. */
bool elc_zones_is_sound(const zones_grid *grid);
/* Memory for levels below the root. */
elc_status elc_zones_begin_levels(zones_band *band, elc_error *err);
/* Makes records and nodes of what the root's walk found. */
elc_status elc_zones_add_cells(zones_band *band, elc_error *err);
void elc_zones_free_levels(zones_band *band);

#endif
