/* places.c - the right places of a spatial question: read, sorted and indexed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/places.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TREE_NODE 10 /* GEOS's own default */

static void keep_message(const char *message, void *data) {
    snprintf(data, 300, "%s", message);
}

GEOSContextHandle_t elc_places_geos(char *said) {
    GEOSContextHandle_t geos = GEOS_init_r();
    if (geos != NULL)
        GEOSContext_setErrorMessageHandler_r(geos, keep_message, said);
    return geos;
}

elc_status elc_places_fail(const char *said, elc_status status, elc_error *err) {
    return elc_fail(err, status, "geometry: %s",
                    *said ? said : "GEOS gives no reason; there may be no memory");
}

elc_status elc_places_create(elc_places **out, elc_error *err) {
    elc_places *p;
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    for (int i = 0; i < PLACES_LOCKS; i++)
        pthread_mutex_init(&p->locks[i], NULL);
    elc_status status = elc_zones_create(&p->zones, err);
    p->geos = elc_places_geos(p->said);
    p->reader = p->geos != NULL ? GEOSWKBReader_create_r(p->geos) : NULL;
    if (status == ELC_OK && p->reader == NULL)
        status = elc_places_fail("", ELC_E_MEMORY, err);
    if (status != ELC_OK) {
        elc_places_free(p);
        return status;
    }
    *out = p;
    return ELC_OK;
}

static void free_places(elc_places *p) {
    for (size_t i = 0; i < p->count; i++) {
        GEOSPreparedGeom_destroy_r(p->geos, p->items[i].prepared);
        GEOSGeom_destroy_r(p->geos, p->items[i].shape);
    }
    if (p->zone_tree != NULL)
        GEOSSTRtree_destroy_r(p->geos, p->zone_tree);
    if (p->other_tree != NULL)
        GEOSSTRtree_destroy_r(p->geos, p->other_tree);
    if (p->reader != NULL)
        GEOSWKBReader_destroy_r(p->geos, p->reader);
    GEOS_finish_r(p->geos);
}

void elc_places_free(elc_places *p) {
    if (p == NULL)
        return;
    if (p->geos != NULL)
        free_places(p);
    for (int i = 0; i < PLACES_LOCKS; i++)
        pthread_mutex_destroy(&p->locks[i]);
    elc_zones_free(p->zones);
    free(p->items);
    free(p);
}

/* ---- reading --------------------------------------------------------------------- */

static int move_point(double *x, double *y, void *arg) {
    elc_transform *transform = arg;
    elc_point p = {*x, *y};
    if (transform != NULL)
        elc_transform_points(transform, &p, 1);
    *x = p.x;
    *y = p.y;
    return isfinite(p.x) && isfinite(p.y);
}

elc_status elc_places_read(GEOSContextHandle_t geos, GEOSWKBReader *reader,
                           const char *said, const void *wkb, size_t size,
                           elc_transform *transform, GEOSGeometry **out,
                           elc_place_state *state, elc_error *err) {
    *out = NULL;
    *state = ELC_PLACE_MISSING;
    if (wkb == NULL)
        return ELC_OK;
    ELC_TRY(elc_wkb_check(wkb, size, err));
    GEOSGeometry *shape = GEOSWKBReader_read_r(geos, reader, wkb, size);
    if (shape == NULL)
        return elc_places_fail(said, ELC_E_UNSUPPORTED, err);
    *state = ELC_PLACE_EMPTY;
    if (GEOSisEmpty_r(geos, shape) == 0) {
        *out = GEOSGeom_transformXY_r(geos, shape, move_point, transform);
        *state = *out == NULL ? ELC_PLACE_NOWHERE : ELC_PLACE_SOUND;
    }
    GEOSGeom_destroy_r(geos, shape);
    if (*out != NULL && GEOSGeom_getDimensions_r(geos, *out) > 0 &&
        GEOSisValid_r(geos, *out) != 1)
        *state = ELC_PLACE_INVALID;
    return ELC_OK;
}

bool elc_places_plain(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                      elc_place_state state) {
    return state == ELC_PLACE_INVALID ||
           GEOSGeomTypeId_r(geos, shape) == GEOS_GEOMETRYCOLLECTION;
}

/* The zones refuse coordinates of sizes beyond use; GEOS takes them. */
static bool add_zone(elc_places *p, const place *item) {
    int type = GEOSGeomTypeId_r(p->geos, item->shape);
    if (item->plain || (type != GEOS_POLYGON && type != GEOS_MULTIPOLYGON))
        return false;
    size_t size = 0;
    unsigned char *wkb = GEOSGeomToWKB_buf_r(p->geos, item->shape, &size);
    bool added =
        wkb != NULL && elc_zones_add(p->zones, wkb, size, item->row, NULL) == ELC_OK;
    GEOSFree_r(p->geos, wkb);
    return added;
}

elc_status elc_places_add(elc_places *p, const void *wkb, size_t size,
                          elc_transform *transform, elc_place_state *state,
                          elc_error *err) {
    if (p->count >= 1u << 30)
        return elc_fail(err, ELC_E_MEMORY,
                        "more than 2^30 places; split the table, or use Spark");
    ELC_TRY(elc_reserve(&p->items, &p->capacity, p->count + 1, sizeof *p->items, err));
    place item = {.row = (uint32_t)p->count};
    ELC_TRY(elc_places_read(p->geos, p->reader, p->said, wkb, size, transform,
                            &item.shape, state, err));
    item.plain = item.shape != NULL && elc_places_plain(p->geos, item.shape, *state);
    item.zone = item.shape != NULL && add_zone(p, &item);
    p->n_zones += item.zone;
    p->n_others += item.shape != NULL && !item.zone;
    p->items[p->count++] = item;
    return ELC_OK;
}

/* ---- indexing -------------------------------------------------------------------- */

static void pass_over(void *item, void *arg) {
    (void)item;
    (void)arg;
}

/* A tree is built by its first question, which threads must not ask at once; so are the
   bounds of shapes. */
static elc_status build_tree(elc_places *p, bool zones, GEOSSTRtree **out,
                             elc_error *err) {
    const GEOSGeometry *last = NULL;
    *out = GEOSSTRtree_create_r(p->geos, TREE_NODE);
    if (*out == NULL)
        return elc_places_fail(p->said, ELC_E_MEMORY, err);
    for (size_t i = 0; i < p->count; i++) {
        place *item = &p->items[i];
        if (item->shape == NULL || item->zone != zones)
            continue;
        GEOSSTRtree_insert_r(p->geos, *out, item->shape, item);
        last = item->shape;
    }
    if (last != NULL)
        GEOSSTRtree_query_r(p->geos, *out, last, pass_over, NULL);
    return ELC_OK;
}

elc_status elc_places_build(elc_places *p, int threads, elc_error *err) {
    ELC_TRY(elc_zones_build_by(p->zones, threads, err));
    ELC_TRY(build_tree(p, true, &p->zone_tree, err));
    return build_tree(p, false, &p->other_tree, err);
}
