/* isea.h - the world on the twenty faces of an icosahedron, equal in area. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEO_ISEA_H
#define ELCANO_SRC_GEO_ISEA_H

#include <elcano/geo.h>

/* Snyder's icosahedral equal-area projection (1992, "An equal-area map projection for
   polyhedral globes") of WGS 84 by authalic latitudes, with the icosahedron turned as
   is usual: a vertex at 11.25 E, 58.28 N, alike on both sides of the equator, so that
   all vertices but one lie in the sea. */
enum { ELC_ISEA_FACES = 20, ELC_ISEA_EDGES = 30, ELC_ISEA_VERTICES = 12 };

/* The length of a face's edge on the map, and the surface of WGS 84. */
#define ELC_ISEA_EDGE_M  7674457.948373635
#define ELC_ISEA_AREA_M2 510065621724088.5

/* Corners of the faces and ends of the edges (the lower one first), as vertices. */
extern const signed char elc_isea_corners[ELC_ISEA_FACES][3];
extern const signed char elc_isea_ends[ELC_ISEA_EDGES][2];

/* A place on a face by the weights of its corners, which sum to 1. */
typedef struct elc_isea {
    int face;
    double weights[3];
} elc_isea;

/* Longitude and latitude in degrees; finite, a latitude of -90 to 90. */
elc_isea elc_isea_from_lonlat(elc_point lonlat);
elc_point elc_isea_to_lonlat(elc_isea place);

#endif
