/* places.h - the right places of a spatial question, from within. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELCANO_SRC_GEOMETRY_PLACES_H
#define ELCANO_SRC_GEOMETRY_PLACES_H

#include "geometry/edges.h"

#include <pthread.h>
#include <stdatomic.h>

#include <geos_c.h>

enum { PLACES_LOCKS = 64 };

typedef struct place {
    GEOSGeometry *shape; /* NULL: matches nothing */
    GEOSGeometry *uncut; /* as it came, where `shape` is what was cut at 180 degrees */
    const GEOSPreparedGeometry *prepared; /* made by the first who asks */
    elc_box box;
    uint32_t row, n_edge_points; /* 0: its edges are GEOS's to know */
    size_t edge_points;          /* where they are in those of all */
    elc_sketch_kind kind;
    bool point;
    bool zone;  /* a sound polygon, which goes into the zones for points */
    bool plain; /* GEOS's prepared answers differ from its plain ones, which count */
} place;

struct elc_places {
    GEOSContextHandle_t geos;
    GEOSWKBReader *reader;
    char said[300];
    place *items;
    size_t count, capacity;
    bool globe; /* what is 360 degrees apart is one place */
    elc_sketch sketch;
    elc_string moved; /* a shape's bytes */
    elc_point *edge_points;
    size_t n_edge_points, edge_capacity;
    elc_boxes zone_boxes, other_boxes;
    elc_box reach;    /* of all, uncut */
    elc_zones *zones; /* made by the first point that asks */
    int threads;      /* to make them with */
    bool tried;       /* to make them, under zones_lock */
    bool refused;     /* not all of those that should be in the zones are */
    atomic_bool has_zones;
    elc_nearby *near[2]; /* on the plane, and in metres: made by who asks first */
    pthread_mutex_t zones_lock;
    pthread_mutex_t
        locks[PLACES_LOCKS]; /* of a place by its row: answers build indexes */
};

/* Zones of points that are asked next. */
typedef struct foreseen {
    elc_point points[ELC_ZONES_EXPECTED];
    size_t ends[ELC_ZONES_EXPECTED];
    size_t n, at;
    elc_zone_hits hits;
} foreseen;

struct elc_asker {
    elc_places *places;
    elc_question question;
    GEOSContextHandle_t geos;
    GEOSWKBReader *reader;
    char said[300];
    elc_sketch sketch;
    elc_string moved; /* a shape's bytes */
    elc_zone_hits hits;
    foreseen next;
    elc_nearby_asker *near; /* of ELC_NEAR only, which asks nothing else */
    uint32_t *rows;
    size_t n, capacity;
    elc_boxes_found found;
    /* of the question */
    const GEOSGeometry *left;
    const GEOSPreparedGeometry *prepared;
    elc_sketch_kind kind;
    elc_box box;
    GEOSGeometry *uncut; /* a sound polygon as it came; NULL: `left` is that */
    elc_box reach;       /* of that */
    bool plain, unaskable;
};

/* A context that keeps what GEOS says in `said`, of 300 bytes. NULL: no memory. */
GEOSContextHandle_t elc_places_geos(char *said);
elc_status elc_places_fail(const char *said, elc_status status, elc_error *err);
/* Whether GEOS gives no shape for what the bytes say, and not for want of memory. */
bool elc_places_is_broken(const char *said);
/* Reads a geometry, whose WKB is sound and whose kind is known, and says its state;
 *out is NULL where it matches nothing. */
elc_status elc_places_read(GEOSContextHandle_t geos, GEOSWKBReader *reader,
                           const char *said, const void *wkb, size_t size,
                           elc_sketch_kind kind, GEOSGeometry **out,
                           elc_place_state *state, elc_error *err);
/* Brings a shape in longitude and latitude to within [-180, 180]: true when it is
   another now. *uncut, which may be NULL, gets the shape that was cut. */
bool elc_places_settle(GEOSContextHandle_t geos, GEOSGeometry **shape,
                       GEOSGeometry **uncut);
/* Moves a geometry into `moved`, where *wkb is then; `way` NULL: it stays. The state is
   SOUND, or says why it has no place. */
elc_status elc_places_move(elc_transform *way, const void **wkb, size_t *size,
                           elc_string *moved, elc_place_state *state, elc_error *err);
/* A longitude within [-180, 180]; a remainder of doubles is exact. */
double elc_places_turn(double x);
elc_box elc_places_box(GEOSContextHandle_t geos, const GEOSGeometry *shape);
/* Whether a polygon, or several, answers points as it came, and not as it was cut. */
bool elc_places_zone(GEOSContextHandle_t geos, const GEOSGeometry *shape, bool plain);
/* Whether GEOS's prepared answers may differ from its plain ones. */
bool elc_places_plain(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                      elc_place_state state);
/* Makes the zones be there, once. */
elc_status elc_places_zones(elc_places *places, elc_error *err);

/* The index of what is near, made once; under zones_lock. */
elc_status elc_places_near(elc_places *places, bool metres, const elc_nearby **out,
                           elc_error *err);

/* What boxes, and the edges of plain shapes, say of a pair: 1 and 0 as GEOS would, 2
   where it must be asked. ELC_DISJOINT is answered as ELC_INTERSECTS, and turned round
   later. */
char elc_asker_glance(const elc_asker *asker, const place *item);
/* GEOS's answer; 2: it has none. */
char elc_asker_pair(const elc_asker *asker, place *item);
/* Whether left, no point, reaches so far that right points are to be asked for where
   they are and a turn further to either side, as left ones are. */
bool elc_asker_turns(const elc_asker *asker);
/* Whether GEOS has a prepared form of what is asked. */
bool elc_asker_prepares(const elc_asker *asker);

#endif
