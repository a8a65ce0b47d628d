/* cell.h - what functions of cells share: the place that is asked for, a cell's
   outline, and lists of cells (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_FUNCTIONS_CELL_H
#define ELCANO_SRC_FUNCTIONS_CELL_H

#include <elcano/geometry.h>

#include "functions/frame.h"

/* The point that argument 0 is, or one that surely lies on a geometry of another type;
 *empty where it has no place. */
elc_status elc_frame_place(elc_frame *f, size_t row, elc_point *out, bool *empty,
                           elc_error *err);
/* A number that is used as bits or a zoom: what is beyond int stays beyond what any
   cell takes. */
int elc_frame_small(const elc_frame *f, size_t argument, size_t row);
elc_status elc_give_box(elc_frame *f, elc_point low, elc_point high, elc_error *err);

/* A geometry argument as the WKB that covers are asked with, kept in `made`. */
elc_status elc_frame_wkb(elc_frame *f, size_t argument, size_t row, elc_bytes *out,
                         elc_error *err);
/* So many cells a function gives for one geometry at most. */
enum { ELC_CELLS_MOST = 100000 };

/* What a cell is to the geometry that it covers, as functions say it: 1, it lies in the
   geometry; 2, the geometry lies in it; 0, they share a point. */
int64_t elc_relation_number(const elc_cover_cell *cell);
/* The summary of a function that says it. */
#define RELATION(cover)                                                                \
    "for each cell of " cover ", in its order, what it is to the geometry: 1 it lies " \
    "in it, 2 the geometry lies in the cell, 0 they share a point"

#endif
