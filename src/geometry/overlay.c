/* overlay.c - what a geometry has in common with those of a table, and what not. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdlib.h>

#include "geometry/mend.h"

#define TREE_NODE 10
#define NARROW    1e-12 /* of the largest ordinate: what rounding makes */

struct elc_overlay {
    elc_geos geos;
    bool globe;
    GEOSGeometry **members; /* NULL: nothing there */
    size_t count, capacity, in_tree;
    GEOSSTRtree *tree;
    GEOSGeometry *asked; /* NULL: nothing */
    double narrow;
    size_t *met; /* those that intersect what was asked */
    size_t n_met, met_capacity;
    elc_status found; /* of the tree's answers */
};

elc_status elc_overlay_create(const elc_crs *crs, bool stated, elc_overlay **out,
                              elc_error *err) {
    elc_overlay *o;
    ELC_TRY(elc_alloc(1, sizeof *o, &o, err));
    o->globe = stated && (crs == NULL || elc_crs_is_geographic(crs));
    elc_status status = elc_geos_open(&o->geos, err);
    if (status != ELC_OK) {
        elc_overlay_free(o);
        return status;
    }
    *out = o;
    return ELC_OK;
}

void elc_overlay_free(elc_overlay *o) {
    if (o == NULL)
        return;
    if (o->tree != NULL)
        GEOSSTRtree_destroy_r(o->geos.handle, o->tree);
    for (size_t i = 0; i < o->count; i++)
        GEOSGeom_destroy_r(o->geos.handle, o->members[i]);
    GEOSGeom_destroy_r(o->geos.handle, o->asked);
    elc_geos_close(&o->geos);
    free(o->members);
    free(o->met);
    free(o);
}

/* ---- adding --------------------------------------------------------------------- */

elc_status elc_overlay_add(elc_overlay *o, const void *wkb, size_t size,
                           elc_transform *way, elc_taken *taken, elc_error *err) {
    GEOSGeometry *shape = NULL;
    *taken = ELC_TAKEN_SOUND;
    ELC_TRY(
        elc_reserve(&o->members, &o->capacity, o->count + 1, sizeof *o->members, err));
    if (wkb != NULL)
        ELC_TRY(elc_geos_mend(&o->geos, wkb, size, way, o->globe, &shape, taken, err));
    o->members[o->count++] = shape;
    return ELC_OK;
}

/* A tree takes no more once it was asked. */
static elc_status build_tree(elc_overlay *o, elc_error *err) {
    GEOSContextHandle_t geos = o->geos.handle;
    if (o->tree != NULL && o->in_tree == o->count)
        return ELC_OK;
    if (o->tree != NULL)
        GEOSSTRtree_destroy_r(geos, o->tree);
    o->tree = GEOSSTRtree_create_r(geos, TREE_NODE);
    if (o->tree == NULL)
        return elc_fail(err, ELC_E_MEMORY, "no memory for a tree of geometries");
    for (size_t i = 0; i < o->count; i++)
        if (o->members[i] != NULL)
            GEOSSTRtree_insert_r(geos, o->tree, o->members[i], &o->members[i]);
    o->in_tree = o->count;
    return ELC_OK;
}

/* ---- asking --------------------------------------------------------------------- */

static void keep_near(void *item, void *data) {
    elc_overlay *o = data;
    if (o->found == ELC_OK)
        o->found =
            elc_reserve(&o->met, &o->met_capacity, o->n_met + 1, sizeof *o->met, NULL);
    if (o->found == ELC_OK)
        o->met[o->n_met++] = (size_t)((GEOSGeometry **)item - o->members);
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
        answer = GEOSPreparedIntersects_r(geos, asked, o->members[o->met[i]]);
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

elc_status elc_overlay_ask(elc_overlay *o, const void *wkb, size_t size,
                           elc_transform *way, const size_t **met, size_t *n,
                           elc_taken *taken, elc_error *err) {
    GEOSGeom_destroy_r(o->geos.handle, o->asked);
    o->asked = NULL;
    o->n_met = *n = 0;
    *taken = ELC_TAKEN_SOUND;
    if (wkb != NULL)
        ELC_TRY(
            elc_geos_mend(&o->geos, wkb, size, way, o->globe, &o->asked, taken, err));
    if (o->asked == NULL)
        return ELC_OK;
    o->narrow = NARROW * largest_ordinate(&o->geos, o->asked);
    ELC_TRY(build_tree(o, err));
    o->found = ELC_OK;
    GEOSSTRtree_query_r(o->geos.handle, o->tree, o->asked, keep_near, o);
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
    const GEOSGeometry *other = o->members[member];
    int a = dimension(o, o->asked), b = dimension(o, other);
    o->geos.said[0] = '\0';
    return write_take(o, GEOSIntersection_r(o->geos.handle, o->asked, other),
                      a < b ? a : b, out, err);
}

/* The union of some members of a dimension; NULL without one. */
static elc_status unite(elc_overlay *o, const size_t *members, size_t n, int of,
                        GEOSGeometry **out, elc_error *err) {
    GEOSContextHandle_t geos = o->geos.handle;
    GEOSGeometry **items;
    size_t made = 0;
    *out = NULL;
    ELC_TRY(elc_alloc(n, sizeof *items, &items, err));
    for (size_t i = 0; i < n; i++) {
        const GEOSGeometry *member = o->members[members[i]];
        if (member != NULL && dimension(o, member) == of)
            items[made++] = GEOSGeom_clone_r(geos, member);
    }
    if (made > 0) {
        GEOSGeometry *all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION,
                                                        items, (unsigned)made);
        *out = all != NULL ? GEOSUnaryUnion_r(geos, all) : NULL;
        GEOSGeom_destroy_r(geos, all);
    }
    free(items);
    return made == 0 || *out != NULL
               ? ELC_OK
               : elc_geos_fail(&o->geos, "geometries cannot be united", err);
}

/* What has a lower dimension takes nothing away. */
elc_status elc_overlay_rest(elc_overlay *o, elc_string *out, elc_error *err) {
    GEOSContextHandle_t geos = o->geos.handle;
    int own = dimension(o, o->asked);
    elc_status status = ELC_OK;
    GEOSGeometry *rest = GEOSGeom_clone_r(geos, o->asked);
    for (int of = own; of <= 2 && status == ELC_OK && rest != NULL; of++) {
        GEOSGeometry *others = NULL, *less = NULL;
        status = unite(o, o->met, o->n_met, of, &others, err);
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

elc_status elc_overlay_union(elc_overlay *o, const size_t *members, size_t n,
                             elc_string *out, elc_error *err) {
    GEOSContextHandle_t geos = o->geos.handle;
    GEOSGeometry *found[3];
    unsigned made = 0;
    elc_status status = ELC_OK;
    for (int of = 0; of <= 2 && status == ELC_OK; of++) {
        GEOSGeometry *one = NULL;
        status = unite(o, members, n, of, &one, err);
        if (status == ELC_OK && one != NULL)
            found[made++] = one;
    }
    if (status == ELC_OK && made > 0) {
        GEOSGeometry *all = made == 1 ? found[0]
                                      : GEOSGeom_createCollection_r(
                                            geos, GEOS_GEOMETRYCOLLECTION, found, made);
        status = elc_geos_write(&o->geos, all, out, err);
        GEOSGeom_destroy_r(geos, all);
        return status;
    }
    while (made > 0)
        GEOSGeom_destroy_r(geos, found[--made]);
    return status;
}
