/* overlay.h - the members that geometries are laid over, and one thread's way to ask
   them (private). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_OVERLAY_H
#define ELCANO_SRC_GEOMETRY_OVERLAY_H

#include <elcano/geometry.h>

#include "geometry/geos.h"

/* Threads that share it only read, once it is ready. */
typedef struct overlay_members {
    GEOSGeometry **items; /* NULL: nothing there */
    size_t count, capacity, in_tree;
    GEOSSTRtree *tree;
} overlay_members;

struct elc_overlay {
    elc_geos geos;
    bool globe, owner;
    overlay_members *members;
    const GEOSGeometry *asked; /* NULL: nothing */
    GEOSGeometry *own;         /* the same where it is not a member */
    double narrow;
    size_t *met; /* those that intersect what was asked */
    size_t n_met, met_capacity;
    elc_status found; /* of the tree's answers */
};

/* *out = the union of those members that have a dimension, NULL without one; the caller
   destroys it. By up to so many threads, each through its own of `all`; the same bytes
   for any number. */
elc_status elc_overlay_unite(elc_overlay *const *all, int threads,
                             const elc_context *context, const size_t *members,
                             size_t n, int dimension, GEOSGeometry **out,
                             elc_error *err);

#endif
