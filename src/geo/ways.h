/* ways.h - transforms to longitude and latitude that wait for their next use. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEO_WAYS_H
#define ELCANO_SRC_GEO_WAYS_H

#include <elcano/geo.h>

/* PROJ takes a millisecond and more to find the way from a CRS, and a folder may hold
   thousands of images in one. So a CRS and its copies keep the few transforms to
   OGC:CRS84 that were freed last, for whoever wants one next, in any thread. */
typedef struct elc_ways elc_ways;

elc_status elc_ways_create(elc_ways **out, elc_error *err);
/* One reference more, and one less; the last one frees all that wait. */
elc_ways *elc_ways_share(elc_ways *ways);
void elc_ways_free(elc_ways *ways);
/* A transform that waits, or NULL. */
elc_transform *elc_ways_take(elc_ways *ways);
/* True when the transform now waits here; else it is still the caller's. */
bool elc_ways_give(elc_ways *ways, elc_transform *transform);

/* Those of a CRS; borrowed. */
elc_ways *elc_crs_ways(const elc_crs *crs);
/* Frees a transform that shall not wait. */
void elc_transform_destroy(elc_transform *t);

#endif
