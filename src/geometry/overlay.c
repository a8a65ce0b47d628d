/* overlay.c - what a geometry has in common with those of a table, and what not. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/overlay.h"

#include <math.h>
#include <stdlib.h>

#include "geometry/mend.h"

#define TREE_NODE 10
#define NARROW    1e-12 /* of the largest ordinate: what rounding makes */

/* ---- life ----------------------------------------------------------------------- */

static elc_status create(overlay_members *members, bool globe, elc_overlay **out,
                         elc_error *err) {
    elc_overlay *o;
    ELC_TRY(elc_alloc(1, sizeof *o, &o, err));
    o->globe = globe;
    o->members = members;
    elc_status status = elc_geos_open(&o->geos, err);
    if (status != ELC_OK) {
        elc_overlay_free(o);
        return status;
    }
    *out = o;
    return ELC_OK;
}

elc_status elc_overlay_create(const elc_crs *crs, bool stated, elc_overlay **out,
                              elc_error *err) {
    overlay_members *members;
    bool globe = stated && (crs == NULL || elc_crs_is_geographic(crs));
    ELC_TRY(elc_alloc(1, sizeof *members, &members, err));
    elc_status status = create(members, globe, out, err);
    if (status == ELC_OK)
        (*out)->owner = true;
    else
        free(members);
    return status;
}

elc_status elc_overlay_share(elc_overlay *of, elc_overlay **out, elc_error *err) {
    return create(of->members, of->globe, out, err);
}

static void free_members(GEOSContextHandle_t geos, overlay_members *m) {
    if (m->tree != NULL)
        GEOSSTRtree_destroy_r(geos, m->tree);
    for (size_t i = 0; i < m->count; i++)
        GEOSGeom_destroy_r(geos, m->items[i]);
    free(m->items);
    free(m);
}

void elc_overlay_free(elc_overlay *o) {
    if (o == NULL)
        return;
    if (o->owner)
        free_members(o->geos.handle, o->members);
    if (o->geos.handle != NULL)
        GEOSGeom_destroy_r(o->geos.handle, o->own);
    elc_geos_close(&o->geos);
    free(o->met);
    free(o);
}

/* ---- adding --------------------------------------------------------------------- */

elc_status elc_overlay_extend(elc_overlay *o, size_t n, elc_error *err) {
    overlay_members *m = o->members;
    ELC_TRY(elc_reserve(&m->items, &m->capacity, m->count + n, sizeof *m->items, err));
    for (size_t i = 0; i < n; i++)
        m->items[m->count + i] = NULL;
    m->count += n;
    return ELC_OK;
}

/* GEOS keeps the box of each ring once it was asked for, which threads that read the
   same shape must not do at once: all boxes are asked for here. */
static void settle(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    double x;
    if (GEOSGeomTypeId_r(geos, shape) >= GEOS_MULTIPOINT) {
        for (int i = 0; i < GEOSGetNumGeometries_r(geos, shape); i++)
            settle(geos, GEOSGetGeometryN_r(geos, shape, i));
    } else if (GEOSGeomTypeId_r(geos, shape) == GEOS_POLYGON) {
        GEOSGeom_getXMin_r(geos, GEOSGetExteriorRing_r(geos, shape), &x);
        for (int i = 0; i < GEOSGetNumInteriorRings_r(geos, shape); i++)
            GEOSGeom_getXMin_r(geos, GEOSGetInteriorRingN_r(geos, shape, i), &x);
    }
    GEOSGeom_getXMin_r(geos, shape, &x);
}

elc_status elc_overlay_set(elc_overlay *o, size_t member, const void *wkb, size_t size,
                           elc_transform *way, elc_taken *taken, elc_error *err) {
    GEOSGeometry *shape = NULL;
    *taken = ELC_TAKEN_SOUND;
    if (wkb != NULL)
        ELC_TRY(elc_geos_mend(&o->geos, wkb, size, way, o->globe, &shape, taken, err));
    if (shape != NULL)
        settle(o->geos.handle, shape);
    o->members->items[member] = shape;
    return ELC_OK;
}

elc_status elc_overlay_add(elc_overlay *o, const void *wkb, size_t size,
                           elc_transform *way, elc_taken *taken, elc_error *err) {
    size_t member = o->members->count;
    ELC_TRY(elc_overlay_extend(o, 1, err));
    elc_status status = elc_overlay_set(o, member, wkb, size, way, taken, err);
    if (status != ELC_OK)
        o->members->count--;
    return status;
}

void elc_overlay_keep(elc_overlay *o, elc_overlay *to, size_t member) {
    if (o->own != NULL)
        settle(o->geos.handle, o->own);
    to->members->items[member] = o->own;
    o->asked = o->own = NULL;
}

static void ignore(void *item, void *data) {
    (void)item;
    (void)data;
}

/* A tree takes no more once it was asked, which builds it. */
elc_status elc_overlay_ready(elc_overlay *o, elc_error *err) {
    GEOSContextHandle_t geos = o->geos.handle;
    overlay_members *m = o->members;
    const GEOSGeometry *some = NULL;
    if (m->tree != NULL && m->in_tree == m->count)
        return ELC_OK;
    if (m->tree != NULL)
        GEOSSTRtree_destroy_r(geos, m->tree);
    m->tree = GEOSSTRtree_create_r(geos, TREE_NODE);
    if (m->tree == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for a tree of geometries");
    for (size_t i = 0; i < m->count; i++)
        if (m->items[i] != NULL) {
            some = m->items[i];
            GEOSSTRtree_insert_r(geos, m->tree, some, &m->items[i]);
        }
    if (some != NULL)
        GEOSSTRtree_query_r(geos, m->tree, some, ignore, NULL);
    m->in_tree = m->count;
    return ELC_OK;
}

/* ---- asking --------------------------------------------------------------------- */

static void keep_near(void *item, void *data) {
    elc_overlay *o = data;
    if (o->found == ELC_OK)
        o->found =
            elc_reserve(&o->met, &o->met_capacity, o->n_met + 1, sizeof *o->met, NULL);
    if (o->found == ELC_OK)
        o->met[o->n_met++] = (size_t)((GEOSGeometry **)item - o->members->items);
}

static int by_number(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Of those that are near, the ones that share a point. */
static elc_status keep_met(elc_overlay *o, elc_error *err) {
    GEOSContextHandle_t geos = o->geos.handle;
    size_t n = 0;
    char answer = 0;
    const GEOSPreparedGeometry *asked = GEOSPrepare_r(geos, o->asked);
    if (asked == NULL)
        return elc_geos_fail(&o->geos, "a geometry cannot be prepared", err);
    for (size_t i = 0; i < o->n_met && answer != 2; i++) {
        answer = GEOSPreparedIntersects_r(geos, asked, o->members->items[o->met[i]]);
        if (answer == 1)
            o->met[n++] = o->met[i];
    }
    GEOSPreparedGeom_destroy_r(geos, asked);
    o->n_met = n;
    return answer != 2 ? ELC_OK
                       : elc_geos_fail(&o->geos, "geometries cannot be compared", err);
}

static double largest_ordinate(elc_geos *g, const GEOSGeometry *shape) {
    double box[4] = {0};
    GEOSGeom_getXMin_r(g->handle, shape, &box[0]);
    GEOSGeom_getYMin_r(g->handle, shape, &box[1]);
    GEOSGeom_getXMax_r(g->handle, shape, &box[2]);
    GEOSGeom_getYMax_r(g->handle, shape, &box[3]);
    return fmax(fmax(fabs(box[0]), fabs(box[1])), fmax(fabs(box[2]), fabs(box[3])));
}

static void forget(elc_overlay *o) {
    GEOSGeom_destroy_r(o->geos.handle, o->own);
    o->asked = o->own = NULL;
    o->n_met = 0;
}

/* Finds what `asked` meets. */
static elc_status find(elc_overlay *o, const size_t **met, size_t *n, elc_error *err) {
    if (o->asked == NULL)
        return ELC_OK;
    o->narrow = NARROW * largest_ordinate(&o->geos, o->asked);
    ELC_TRY(elc_overlay_ready(o, err));
    o->found = ELC_OK;
    GEOSSTRtree_query_r(o->geos.handle, o->members->tree, o->asked, keep_near, o);
    if (o->found != ELC_OK)
        return elc_fail(err, o->found, "no memory for the geometries that meet");
    if (o->n_met > 0) {
        qsort(o->met, o->n_met, sizeof *o->met, by_number);
        ELC_TRY(keep_met(o, err));
    }
    *met = o->met;
    *n = o->n_met;
    return ELC_OK;
}

elc_status elc_overlay_ask(elc_overlay *o, const void *wkb, size_t size,
                           elc_transform *way, const size_t **met, size_t *n,
                           elc_taken *taken, elc_error *err) {
    forget(o);
    *n = 0;
    *taken = ELC_TAKEN_SOUND;
    if (wkb != NULL)
        ELC_TRY(elc_geos_mend(&o->geos, wkb, size, way, o->globe, &o->own, taken, err));
    o->asked = o->own;
    return find(o, met, n, err);
}

elc_status elc_overlay_ask_member(elc_overlay *o, const elc_overlay *of, size_t member,
                                  const size_t **met, size_t *n, elc_error *err) {
    forget(o);
    *n = 0;
    o->asked = of->members->items[member];
    return find(o, met, n, err);
}

bool elc_overlay_has_asked(const elc_overlay *o) {
    return o->asked != NULL;
}

/* ---- answers -------------------------------------------------------------------- */

static int dimension(elc_overlay *o, const GEOSGeometry *shape) {
    return GEOSGeom_getDimensions_r(o->geos.handle, shape);
}

/* Appends the parts of a dimension; takes the shape. */
static elc_status write_take(elc_overlay *o, GEOSGeometry *shape, int parts_of,
                             elc_string *out, elc_error *err) {
    GEOSGeometry *kept = NULL;
    if (shape == NULL)
        return elc_geos_fail(&o->geos, "geometries cannot be laid over each other",
                             err);
    elc_status status =
        elc_geos_parts(&o->geos, shape, parts_of, o->narrow, &kept, err);
    if (status == ELC_OK && kept != NULL)
        status = elc_geos_write(&o->geos, kept, out, err);
    GEOSGeom_destroy_r(o->geos.handle, kept);
    GEOSGeom_destroy_r(o->geos.handle, shape);
    return status;
}

elc_status elc_overlay_common(elc_overlay *o, size_t member, elc_string *out,
                              elc_error *err) {
    const GEOSGeometry *other = o->members->items[member];
    int a = dimension(o, o->asked), b = dimension(o, other);
    o->geos.said[0] = '\0';
    return write_take(o, GEOSIntersection_r(o->geos.handle, o->asked, other),
                      a < b ? a : b, out, err);
}

/* What has a lower dimension takes nothing away. */
elc_status elc_overlay_rest(elc_overlay *o, elc_string *out, elc_error *err) {
    GEOSContextHandle_t geos = o->geos.handle;
    int own = dimension(o, o->asked);
    elc_status status = ELC_OK;
    GEOSGeometry *rest = GEOSGeom_clone_r(geos, o->asked);
    for (int of = own; of <= 2 && status == ELC_OK && rest != NULL; of++) {
        GEOSGeometry *others = NULL, *less = NULL;
        status = elc_overlay_unite(&o, 1, NULL, o->met, o->n_met, of, &others, err);
        if (status != ELC_OK || others == NULL)
            continue;
        less = GEOSDifference_r(geos, rest, others);
        GEOSGeom_destroy_r(geos, others);
        GEOSGeom_destroy_r(geos, rest);
        rest = less;
    }
    if (status == ELC_OK)
        return write_take(o, rest, own, out, err);
    GEOSGeom_destroy_r(geos, rest);
    return status;
}
