/* metres_pieces.h - metres between points and short straight pieces of lines. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_METRES_PIECES_H
#define ELCANO_SRC_GEOMETRY_METRES_PIECES_H

#include <elcano/geo.h>

#include <geodesic.h>

/* The geodesics of WGS 84, as elc_distance_m has them. */
void elc_metres_globe(struct geod_geodesic *globe);

/* Pieces are straight in longitude and latitude, as lines are for all predicates, and a
   degree at most, or a point (a = b). The least distance is where the geodesic meets a
   piece at a right angle, else at an end: found to a nanometre. */
double elc_metres_to_piece(const struct geod_geodesic *globe, elc_point p, elc_point a,
                           elc_point b);
double elc_metres_pieces(const struct geod_geodesic *globe, const elc_point one[2],
                         const elc_point other[2]);

#endif
