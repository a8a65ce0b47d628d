/* places.c - the right places of a spatial question: read, sorted and indexed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/places.h"

#include "geometry/geos.h"
#include "geometry/globe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Points are asked a turn beyond [-180, 180]. */
static const double FARTHEST = 540;

GEOSContextHandle_t elc_places_geos(char *said) {
    return elc_geos_context(said);
}

elc_status elc_places_fail(const char *said, elc_status status, elc_error *err) {
    return elc_fail(err, status, "geometry: %s",
                    *said ? said : "GEOS gives no reason; there may be no memory");
}

bool elc_places_is_broken(const char *said) {
    static const char *const faults[] = {"IllegalArgumentException", "ParseException"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strncmp(said, faults[i], strlen(faults[i])) == 0)
            return true;
    return false;
}

elc_status elc_places_create(elc_places **out, elc_error *err) {
    elc_places *p;
    ELC_TRY(elc_alloc(1, sizeof *p, &p, err));
    for (int i = 0; i < PLACES_LOCKS; i++)
        pthread_mutex_init(&p->locks[i], NULL);
    pthread_mutex_init(&p->zones_lock, NULL);
    p->reach = (elc_box){INFINITY, INFINITY, -INFINITY, -INFINITY};
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
        GEOSGeom_destroy_r(p->geos, p->items[i].uncut);
    }
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
    pthread_mutex_destroy(&p->zones_lock);
    elc_sketch_free(&p->sketch);
    elc_string_free(&p->moved);
    free(p->edge_points);
    elc_boxes_free(&p->zone_boxes);
    elc_boxes_free(&p->other_boxes);
    elc_zones_free(p->zones);
    elc_nearby_free(p->near[false]);
    elc_nearby_free(p->near[true]);
    free(p->items);
    free(p);
}

void elc_places_globe(elc_places *p) {
    p->globe = true;
}

/* ---- reading --------------------------------------------------------------------- */

static int is_finite(double *x, double *y, void *arg) {
    (void)arg;
    return isfinite(*x) && isfinite(*y);
}

elc_status elc_places_read(GEOSContextHandle_t geos, GEOSWKBReader *reader,
                           const char *said, const void *wkb, size_t size,
                           elc_sketch_kind kind, GEOSGeometry **out,
                           elc_place_state *state, elc_error *err) {
    *out = NULL;
    *state = ELC_PLACE_EMPTY;
    GEOSGeometry *shape = GEOSWKBReader_read_r(geos, reader, wkb, size);
    shape = elc_geos_drop_empty(geos, shape);
    if (shape == NULL && elc_places_is_broken(said)) {
        *state = ELC_PLACE_BROKEN;
        return ELC_OK;
    }
    if (shape == NULL)
        return elc_places_fail(said, ELC_E_MEMORY, err);
    if (GEOSisEmpty_r(geos, shape) == 0 && kind != ELC_SKETCH_OTHER) {
        *out = shape;
        *state = ELC_PLACE_SOUND;
        return ELC_OK;
    }
    if (GEOSisEmpty_r(geos, shape) == 0) {
        *out = GEOSGeom_transformXY_r(geos, shape, is_finite, NULL);
        *state = *out == NULL ? ELC_PLACE_NOWHERE : ELC_PLACE_SOUND;
    }
    GEOSGeom_destroy_r(geos, shape);
    if (*out != NULL && kind == ELC_SKETCH_OTHER &&
        GEOSGeom_getDimensions_r(geos, *out) > 0 && GEOSisValid_r(geos, *out) != 1)
        *state = ELC_PLACE_INVALID;
    return ELC_OK;
}

bool elc_places_settle(GEOSContextHandle_t geos, GEOSGeometry **shape,
                       GEOSGeometry **uncut) {
    GEOSGeometry *folded = NULL;
    if (elc_globe_leaves(geos, *shape))
        folded = elc_globe_fold(geos, *shape);
    if (folded == NULL)
        return false;
    if (uncut != NULL)
        *uncut = *shape;
    else
        GEOSGeom_destroy_r(geos, *shape);
    *shape = folded;
    return true;
}

elc_status elc_places_move(elc_transform *way, const void **wkb, size_t *size,
                           elc_string *moved, elc_place_state *state, elc_error *err) {
    *state = ELC_PLACE_SOUND;
    if (way == NULL)
        return ELC_OK;
    moved->size = 0;
    elc_status status = elc_wkb_move(*wkb, *size, way, moved, err);
    if (status == ELC_E_ARGUMENT)
        *state = ELC_PLACE_NOWHERE;
    if (status == ELC_E_UNSUPPORTED)
        *state = ELC_PLACE_BROKEN;
    *wkb = moved->data;
    *size = moved->size;
    return *state == ELC_PLACE_SOUND ? status : ELC_OK;
}

bool elc_places_plain(GEOSContextHandle_t geos, const GEOSGeometry *shape,
                      elc_place_state state) {
    return state == ELC_PLACE_INVALID ||
           GEOSGeomTypeId_r(geos, shape) == GEOS_GEOMETRYCOLLECTION;
}

bool elc_places_zone(GEOSContextHandle_t geos, const GEOSGeometry *shape, bool plain) {
    int type = GEOSGeomTypeId_r(geos, shape);
    return !plain && (type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON);
}

double elc_places_turn(double x) {
    return fabs(x) > 180 ? remainder(x, 360) : x;
}

elc_box elc_places_box(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    elc_box box = {0};
    GEOSGeom_getExtent_r(geos, shape, &box.xmin, &box.ymin, &box.xmax, &box.ymax);
    return box;
}

static void reach_to(elc_places *p, const elc_box *box) {
    p->reach.xmin = fmin(p->reach.xmin, box->xmin);
    p->reach.ymin = fmin(p->reach.ymin, box->ymin);
    p->reach.xmax = fmax(p->reach.xmax, box->xmax);
    p->reach.ymax = fmax(p->reach.ymax, box->ymax);
}

bool elc_places_reach(const elc_places *p, double box[4]) {
    const elc_box *all = &p->reach;
    box[0] = all->xmin;
    box[1] = all->ymin;
    box[2] = all->xmax;
    box[3] = all->ymax;
    return all->xmin <= all->xmax && all->ymin <= all->ymax;
}

/* Lines may be long: those of more points are asked of GEOS. */
static elc_status keep_edges(elc_places *p, place *item, elc_error *err) {
    enum { POINTS_MOST = 256 };
    const elc_sketch *s = &p->sketch;
    if (item->kind == ELC_SKETCH_OTHER || item->kind == ELC_SKETCH_POINT ||
        s->n > POINTS_MOST)
        return ELC_OK;
    ELC_TRY(elc_reserve(&p->edge_points, &p->edge_capacity, p->n_edge_points + s->n,
                        sizeof *p->edge_points, err));
    item->edge_points = p->n_edge_points;
    item->n_edge_points = (uint32_t)s->n;
    for (size_t i = 0; i < s->n; i++)
        p->edge_points[p->n_edge_points++] = s->points[i];
    return ELC_OK;
}

static elc_status read_item(elc_places *p, const void *wkb, size_t size,
                            elc_transform *transform, place *item,
                            elc_place_state *state, elc_error *err) {
    p->said[0] = '\0';
    ELC_TRY(elc_places_move(transform, &wkb, &size, &p->moved, state, err));
    if (*state != ELC_PLACE_SOUND)
        return ELC_OK;
    ELC_TRY(elc_sketch_read(&p->sketch, wkb, size, err));
    item->kind = elc_sketch_kind_of(&p->sketch);
    ELC_TRY(keep_edges(p, item, err));
    ELC_TRY(elc_places_read(p->geos, p->reader, p->said, wkb, size, item->kind,
                            &item->shape, state, err));
    if (item->shape == NULL)
        return ELC_OK;
    item->box = elc_places_box(p->geos, item->shape);
    if (p->globe && (item->box.ymin > 90 || item->box.ymax < -90)) {
        GEOSGeom_destroy_r(p->geos, item->shape);
        item->shape = NULL;
        *state = ELC_PLACE_NOWHERE;
        return ELC_OK;
    }
    item->plain = elc_places_plain(p->geos, item->shape, *state);
    item->zone = elc_places_zone(p->geos, item->shape, item->plain);
    item->point = GEOSGeomTypeId_r(p->geos, item->shape) == GEOS_POINT;
    reach_to(p, &item->box);
    if (!p->globe || !elc_places_settle(p->geos, &item->shape, &item->uncut))
        return ELC_OK;
    if (item->box.xmin < -FARTHEST || item->box.xmax > FARTHEST) {
        GEOSGeom_destroy_r(p->geos, item->uncut);
        item->uncut = NULL;
    }
    item->kind = ELC_SKETCH_OTHER;
    item->n_edge_points = 0;
    item->box = elc_places_box(p->geos, item->shape);
    reach_to(p, &item->box);
    return ELC_OK;
}

/* Takes the item's shapes. */
static elc_status add_item(elc_places *p, const place *item, elc_error *err) {
    elc_boxes *boxes = item->zone ? &p->zone_boxes : &p->other_boxes;
    p->items[p->count++] = *item;
    return item->shape == NULL ? ELC_OK
                               : elc_boxes_add(boxes, &item->box, item->row, err);
}

elc_status elc_places_add(elc_places *p, const void *wkb, size_t size,
                          elc_transform *transform, elc_place_state *state,
                          elc_error *err) {
    if (p->count >= 1u << 30)
        return elc_fail(err, ELC_E_MEMORY,
                        "more than 2^30 places; split the table, or use Spark");
    ELC_TRY(elc_reserve(&p->items, &p->capacity, p->count + 1, sizeof *p->items, err));
    place item = {.row = (uint32_t)p->count};
    *state = ELC_PLACE_MISSING;
    if (wkb != NULL)
        ELC_TRY(read_item(p, wkb, size, transform, &item, state, err));
    return add_item(p, &item, err);
}

/* ---- indexing -------------------------------------------------------------------- */

/* Threads must not be the first to ask for the bounds of shapes, which are kept; that
   was done as they were added. */
elc_status elc_places_build(elc_places *p, int threads, elc_error *err) {
    p->threads = threads;
    ELC_TRY(elc_boxes_build(&p->zone_boxes, err));
    return elc_boxes_build(&p->other_boxes, err);
}

/* The zones refuse coordinates of sizes beyond use; GEOS takes them. */
static elc_status add_zone(elc_places *p, place *item, elc_error *err) {
    size_t size = 0;
    const GEOSGeometry *shape = item->uncut != NULL ? item->uncut : item->shape;
    unsigned char *wkb = GEOSGeomToWKB_buf_r(p->geos, shape, &size);
    if (wkb == NULL)
        return elc_places_fail(p->said, ELC_E_MEMORY, err);
    elc_status status = elc_zones_add(p->zones, wkb, size, item->row, err);
    GEOSFree_r(p->geos, wkb);
    if (status != ELC_E_ARGUMENT)
        return status;
    item->zone = false;
    p->refused = true;
    return ELC_OK;
}

static elc_status build_zones(elc_places *p, elc_error *err) {
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].zone)
            ELC_TRY(add_zone(p, &p->items[i], err));
    return elc_zones_build_by(p->zones, p->threads, err);
}

/* What failed once fails for all: the zones are half made. */
elc_status elc_places_zones(elc_places *p, elc_error *err) {
    if (atomic_load_explicit(&p->has_zones, memory_order_acquire))
        return ELC_OK;
    pthread_mutex_lock(&p->zones_lock);
    elc_status status = ELC_OK;
    if (p->tried && !atomic_load_explicit(&p->has_zones, memory_order_relaxed))
        status = elc_fail(err, ELC_E_MEMORY, "no index of the zones could be made");
    else if (!p->tried)
        status = build_zones(p, err);
    p->tried = true;
    if (status == ELC_OK)
        atomic_store_explicit(&p->has_zones, true, memory_order_release);
    pthread_mutex_unlock(&p->zones_lock);
    return status;
}

/* ---- what is near ---------------------------------------------------------------- */

static elc_status add_near(const elc_places *p, const place *item, elc_nearby *near,
                           elc_error *err) {
    elc_place_state state;
    size_t size = 0;
    if (item->shape == NULL)
        return elc_nearby_add(near, NULL, 0, NULL, &state, err);
    unsigned char *wkb = GEOSGeomToWKB_buf_r(p->geos, item->shape, &size);
    if (wkb == NULL)
        return elc_places_fail(p->said, ELC_E_MEMORY, err);
    elc_status status = elc_nearby_add(near, wkb, size, NULL, &state, err);
    GEOSFree_r(p->geos, wkb);
    return status;
}

static elc_status build_near(const elc_places *p, bool metres, elc_nearby **out,
                             elc_error *err) {
    elc_nearby *near = NULL;
    elc_status status = elc_nearby_create(metres, &near, err);
    for (size_t i = 0; i < p->count && status == ELC_OK; i++)
        status = add_near(p, &p->items[i], near, err);
    if (status == ELC_OK)
        status = elc_nearby_build(near, err);
    if (status == ELC_OK)
        *out = near;
    else
        elc_nearby_free(near);
    return status;
}

elc_status elc_places_near(elc_places *p, bool metres, const elc_nearby **out,
                           elc_error *err) {
    elc_status status = ELC_OK;
    pthread_mutex_lock(&p->zones_lock);
    if (p->near[metres] == NULL)
        status = build_near(p, metres, &p->near[metres], err);
    *out = p->near[metres];
    pthread_mutex_unlock(&p->zones_lock);
    return status;
}
