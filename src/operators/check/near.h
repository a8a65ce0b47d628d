/* near.h - what a map has round a detection. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_NEAR_H
#define ELCANO_SRC_OPERATORS_CHECK_NEAR_H

#include <elcano/geo.h>
#include <elcano/table.h>

#include "map.h"
#include "rules.h"

/* Objects are looked for so far, though a rule asks for less: for people who look at
   the doubt. */
#define CHECK_SIGHT_M 1000.0
double elc_check_reach(const check_rule *rule);

/* The nearest object of a theme and kind; INFINITY: none in reach. */
typedef struct check_hit {
    double distance;
    uint32_t object;
} check_hit;

typedef enum check_state {
    CHECK_PLACED,
    CHECK_MISSING, /* NULL or empty */
    CHECK_NOWHERE  /* no numbers, or off the map */
} check_state;

/* One thread's. */
typedef struct check_asker check_asker;

/* `crs` is that of the detections, NULL for OGC:CRS84; borrowed, as the map is. */
elc_status elc_check_asker_create(const check_map *map, const elc_crs *crs,
                                  check_asker **out, elc_error *err);
/* Sets hits[CHECK_KINDS * theme + kind] for the middle of a geometry: a point's own
   place, else the centroid in the plane of its CRS. `wkb` may be NULL. */
elc_status elc_check_ask(check_asker *asker, const void *wkb, size_t size,
                         check_state *state, check_hit *hits, elc_error *err);
void elc_check_asker_free(check_asker *asker);

#endif
