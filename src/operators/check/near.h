/* near.h - what a map has round a detection. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_OPERATORS_CHECK_NEAR_H
#define ELCANO_SRC_OPERATORS_CHECK_NEAR_H

#include <elcano/geo.h>
#include <elcano/table.h>

#include "map.h"
#include "operators/parts/place.h"
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
    CHECK_MISSING, /* NULL */
    CHECK_NOWHERE  /* empty, no numbers, or off the map */
} check_state;

/* One thread's. */
typedef struct check_asker check_asker;

/* `place` is that of the detections, in a CRS; borrowed, as the map is. */
elc_status elc_check_asker_create(const check_map *map, const part_place *place,
                                  check_asker **out, elc_error *err);
/* Sets hits[CHECK_KINDS * theme + kind] for the point of a row (elc_part_spot). */
elc_status elc_check_ask(check_asker *asker, const elc_rows *rows, size_t row,
                         check_state *state, check_hit *hits, elc_error *err);
void elc_check_asker_free(check_asker *asker);

#endif
