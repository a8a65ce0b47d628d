/* area.c - the union of polygons, asked whether it meets rings and points. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include <geos_c.h>

#include "geometry/geos.h"

#define TREE_NODE 10 /* GEOS's own default */

/* A polygon, and its index of edges once somebody has asked for it. */
typedef struct member {
    GEOSGeometry *shape;
    const GEOSPreparedGeometry *prepared;
} member;

struct elc_area {
    pthread_mutex_t lock; /* of the questions: answers build indexes */
    GEOSContextHandle_t geos;
    char said[ELC_GEOS_SAID];
    member *members;
    size_t count, capacity;
    GEOSSTRtree *tree; /* of all members; NULL until the next question */
};

static elc_status fail_geos(const elc_area *area, elc_status status, elc_error *err) {
    return elc_fail(err, status, "area: %s", elc_geos_said(area->said));
}

elc_status elc_area_create(elc_area **out, elc_error *err) {
    elc_area *area = NULL;
    ELC_TRY(elc_alloc(1, sizeof *area, &area, err));
    area->geos = elc_geos_context(area->said);
    if (!area->geos) {
        free(area);
        return elc_fail(err, ELC_E_MEMORY, "area: no memory for GEOS");
    }
    pthread_mutex_init(&area->lock, NULL);
    *out = area;
    return ELC_OK;
}

/* ---- adding
 * ------------------------------------------------------------------------------- */

static void drop_tree(elc_area *area) {
    if (area->tree)
        GEOSSTRtree_destroy_r(area->geos, area->tree);
    area->tree = NULL;
}

static elc_status add_polygon(elc_area *area, const GEOSGeometry *polygon,
                              elc_error *err) {
    ELC_TRY(elc_reserve(&area->members, &area->capacity, area->count + 1,
                        sizeof *area->members, err));
    GEOSGeometry *copy = GEOSGeom_clone_r(area->geos, polygon);
    if (!copy)
        return fail_geos(area, ELC_E_MEMORY, err);
    area->members[area->count++] = (member){copy, NULL};
    return ELC_OK;
}

/* Adds the polygons of a shape; what making it valid left over, lines and points, has
   no area and is passed over. */
static elc_status add_polygons(elc_area *area, const GEOSGeometry *shape,
                               elc_error *err) {
    int type = GEOSGeomTypeId_r(area->geos, shape);
    if (GEOSisEmpty_r(area->geos, shape) == 1)
        return ELC_OK;
    if (type == GEOS_POLYGON)
        return add_polygon(area, shape, err);
    if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION)
        return ELC_OK;
    int n = GEOSGetNumGeometries_r(area->geos, shape);
    for (int i = 0; i < n; i++)
        ELC_TRY(add_polygons(area, GEOSGetGeometryN_r(area->geos, shape, i), err));
    return ELC_OK;
}

/* That a shape is made of polygons, before anything is changed. */
static elc_status check_polygons(elc_area *area, const GEOSGeometry *shape,
                                 elc_error *err) {
    int type = GEOSGeomTypeId_r(area->geos, shape);
    if (type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON)
        return ELC_OK;
    if (type != GEOS_GEOMETRYCOLLECTION) {
        char *name = GEOSGeomType_r(area->geos, shape);
        elc_fail(err, ELC_E_UNSUPPORTED, "area: a %s has no area: give polygons",
                 name ? name : "shape");
        GEOSFree_r(area->geos, name);
        return ELC_E_UNSUPPORTED;
    }
    int n = GEOSGetNumGeometries_r(area->geos, shape);
    for (int i = 0; i < n; i++)
        ELC_TRY(check_polygons(area, GEOSGetGeometryN_r(area->geos, shape, i), err));
    return ELC_OK;
}

static int is_finite(double *x, double *y, void *arg) {
    (void)arg;
    return isfinite(*x) && isfinite(*y);
}

/* GEOS 3.11's MakeValid never ends on some shapes with NaN among their ordinates. */
static elc_status check_finite(elc_area *area, const GEOSGeometry *shape,
                               elc_error *err) {
    GEOSGeometry *same = GEOSGeom_transformXY_r(area->geos, shape, is_finite, NULL);
    GEOSGeom_destroy_r(area->geos, same);
    return same ? ELC_OK
                : elc_fail(err, ELC_E_FORMAT,
                           "area: a polygon has ordinates that are no finite numbers");
}

static elc_status add_shape(elc_area *area, const GEOSGeometry *shape, elc_error *err) {
    ELC_TRY(check_polygons(area, shape, err));
    ELC_TRY(check_finite(area, shape, err));
    char valid = GEOSisValid_r(area->geos, shape);
    if (valid == 1)
        return add_polygons(area, shape, err);
    GEOSGeometry *made = valid == 0 ? GEOSMakeValid_r(area->geos, shape) : NULL;
    if (!made)
        return fail_geos(area, ELC_E_FORMAT, err);
    elc_status status = add_polygons(area, made, err);
    GEOSGeom_destroy_r(area->geos, made);
    return status;
}

elc_status elc_area_add(elc_area *area, const void *wkb, size_t size, elc_error *err) {
    ELC_TRY(elc_wkb_check(wkb, size, err));
    area->said[0] = 0;
    GEOSWKBReader *reader = GEOSWKBReader_create_r(area->geos);
    GEOSGeometry *shape =
        reader ? GEOSWKBReader_read_r(area->geos, reader, wkb, size) : NULL;
    if (reader)
        GEOSWKBReader_destroy_r(area->geos, reader);
    if (!shape)
        return fail_geos(area, ELC_E_UNSUPPORTED, err);
    drop_tree(area);
    elc_status status = add_shape(area, shape, err);
    GEOSGeom_destroy_r(area->geos, shape);
    return status;
}

/* ---- asking
 * ------------------------------------------------------------------------------- */

static elc_status build_tree(elc_area *area, elc_error *err) {
    if (area->tree)
        return ELC_OK;
    area->tree = GEOSSTRtree_create_r(area->geos, TREE_NODE);
    if (!area->tree)
        return fail_geos(area, ELC_E_MEMORY, err);
    for (size_t i = 0; i < area->count; i++)
        GEOSSTRtree_insert_r(area->geos, area->tree, area->members[i].shape,
                             &area->members[i]);
    return ELC_OK;
}

typedef struct question {
    elc_area *area;
    const GEOSGeometry *shape;
    bool met, failed;
} question;

/* Called for each member whose bounds meet the shape's. */
static void ask_member(void *item, void *data) {
    member *m = item;
    question *q = data;
    if (q->met || q->failed)
        return;
    if (!m->prepared)
        m->prepared = GEOSPrepare_r(q->area->geos, m->shape);
    char answer = m->prepared
                      ? GEOSPreparedIntersects_r(q->area->geos, m->prepared, q->shape)
                      : 2;
    q->met = answer == 1;
    q->failed = answer == 2;
}

/* Takes the shape. */
static elc_status ask_take(elc_area *area, GEOSGeometry *shape, bool *out,
                           elc_error *err) {
    if (!shape)
        return fail_geos(area, ELC_E_MEMORY, err);
    question q = {.area = area, .shape = shape};
    elc_status status = build_tree(area, err);
    if (status == ELC_OK)
        GEOSSTRtree_query_r(area->geos, area->tree, shape, ask_member, &q);
    GEOSGeom_destroy_r(area->geos, shape);
    if (status != ELC_OK)
        return status;
    if (q.failed)
        return fail_geos(area, ELC_E_INTERNAL, err);
    *out = q.met;
    return ELC_OK;
}

static bool all_finite(const elc_point *ring, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(ring[i].x) || !isfinite(ring[i].y))
            return false;
    return true;
}

static GEOSGeometry *polygon_of(elc_area *area, const elc_point *ring, size_t n) {
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(area->geos, (unsigned)n + 1, 2);
    if (!points)
        return NULL;
    for (size_t i = 0; i <= n; i++)
        GEOSCoordSeq_setXY_r(area->geos, points, (unsigned)i, ring[i % n].x,
                             ring[i % n].y);
    GEOSGeometry *line = GEOSGeom_createLinearRing_r(area->geos, points);
    return line ? GEOSGeom_createPolygon_r(area->geos, line, NULL, 0) : NULL;
}

elc_status elc_area_meets_ring(elc_area *area, const elc_point *ring, size_t n,
                               bool *out, elc_error *err) {
    if (n < 3 || n >= INT32_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "area: a ring of %zu points cannot be asked", n);
    if (!all_finite(ring, n)) {
        *out = true;
        return ELC_OK;
    }
    pthread_mutex_lock(&area->lock);
    area->said[0] = 0;
    elc_status status = ask_take(area, polygon_of(area, ring, n), out, err);
    pthread_mutex_unlock(&area->lock);
    return status;
}

elc_status elc_area_covers_point(elc_area *area, elc_point p, bool *out,
                                 elc_error *err) {
    if (!isfinite(p.x) || !isfinite(p.y)) {
        *out = false;
        return ELC_OK;
    }
    pthread_mutex_lock(&area->lock);
    area->said[0] = 0;
    elc_status status =
        ask_take(area, GEOSGeom_createPointFromXY_r(area->geos, p.x, p.y), out, err);
    pthread_mutex_unlock(&area->lock);
    return status;
}

size_t elc_area_polygons(const elc_area *area) {
    return area->count;
}

void elc_area_free(elc_area *area) {
    if (!area)
        return;
    drop_tree(area);
    for (size_t i = 0; i < area->count; i++) {
        if (area->members[i].prepared)
            GEOSPreparedGeom_destroy_r(area->geos, area->members[i].prepared);
        GEOSGeom_destroy_r(area->geos, area->members[i].shape);
    }
    GEOS_finish_r(area->geos);
    pthread_mutex_destroy(&area->lock);
    free(area->members);
    free(area);
}
