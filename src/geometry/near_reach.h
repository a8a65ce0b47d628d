/* near_reach.h - which pieces are within a distance of a cell of a grid. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_NEAR_REACH_H
#define ELCANO_SRC_GEOMETRY_NEAR_REACH_H

#include "geometry/near.h"

/* Start with {0}. Columns and rows rise with x and y however they are rounded, so that
   the cells between those of a box's corners hold all of its points. */
typedef struct near_reach {
    bool tried, made; /* made: asks answer */
    double box[4];    /* of all that is within the distance */
    double to_column, to_row;
    uint32_t side;    /* columns, and rows */
    uint32_t *starts; /* of each cell, and the end */
    uint32_t *pieces; /* numbers of pieces, cell by cell */
} near_reach;

/* Makes it for the pieces of an index and a distance, unless cells would have many, or,
   in metres, the distance goes over a pole or the antimeridian: walks answer those. */
elc_status elc_nearby_reach_build(near_reach *reach, const elc_nearby *near,
                                  double distance, elc_error *err);
/* The pieces that may be within the distance of a point; false where walks answer. */
bool elc_nearby_reach_ask(const near_reach *reach, elc_point p, const uint32_t **pieces,
                          size_t *n);
/* Fetches the memory of what these points ask for. */
void elc_nearby_reach_expect(const near_reach *reach, const elc_nearby *near,
                             const elc_point *points, size_t n);
void elc_nearby_reach_free(near_reach *reach);

#endif
