/* places.h - the right places of a spatial question, from within. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_PLACES_H
#define ELCANO_SRC_GEOMETRY_PLACES_H

#include <elcano/geometry.h>

#include <pthread.h>

#include <geos_c.h>

enum { PLACES_LOCKS = 64 };

typedef struct place {
    GEOSGeometry *shape;                  /* NULL: matches nothing */
    const GEOSPreparedGeometry *prepared; /* made by the first who asks */
    uint32_t row;
    bool zone;  /* in the zones */
    bool plain; /* GEOS's prepared answers differ from its plain ones, which count */
} place;

struct elc_places {
    GEOSContextHandle_t geos;
    GEOSWKBReader *reader;
    char said[300];
    place *items;
    size_t count, capacity, n_shapes;
    elc_zones *zones;
    GEOSSTRtree *zone_tree, *other_tree; /* of those in the zones, of the others */
    size_t n_zones, n_others;
    pthread_mutex_t
        locks[PLACES_LOCKS]; /* of a place by its row: answers build indexes */
};

/* A context that keeps what GEOS says in `said`, of 300 bytes. NULL: no memory. */
GEOSContextHandle_t elc_places_geos(char *said);
elc_status elc_places_fail(const char *said, elc_status status, elc_error *err);
/* Reads a geometry and says its state; *out is NULL where it matches nothing. */
elc_status elc_places_read(GEOSContextHandle_t geos, GEOSWKBReader *reader,
                           const char *said, const void *wkb, size_t size,
                           elc_transform *transform, GEOSGeometry **out,
                           elc_place_state *state, elc_error *err);
/* Whether GEOS's prepared answers may differ from its plain ones. */
bool elc_places_plain(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                      elc_place_state state);
/* Metres between a point and a place in longitude and latitude. */
elc_status elc_places_metres(GEOSContextHandle_t geos, const GEOSGeometry *a,
                             const GEOSGeometry *b, double *out);

#endif
