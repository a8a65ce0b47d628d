/* crossings.h - how often a ring crosses itself. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_CROSSINGS_H
#define ELCANO_SRC_GEOMETRY_CROSSINGS_H

#include <elcano/geo.h>

/* Counts the pairs of sides of a ring of n points, not closed, that cross inside of both,
   up to `most`. */
elc_status elc_ring_crossings(const elc_point *ring, size_t n, size_t most, size_t *out,
                              elc_error *err);

#endif
