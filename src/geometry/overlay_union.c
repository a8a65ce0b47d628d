/* overlay_union.c - the union of many members: of groups that lie together, then of
   their unions, and so on, by threads. The groups depend on the members alone, so that
   the bytes are the same for any number of threads. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "geometry/overlay.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { FIRST_GROUP = 256, NEXT_GROUP = 2, ORDER_BITS = 16 };

/* A geometry to be united, and where it lies on a curve through all of them. */
typedef struct {
    GEOSGeometry *shape;
    uint32_t place;
    size_t number;
} piece;

/* One level: groups of consecutive pieces, each to be one shape. */
typedef struct {
    elc_overlay *const *all;
    const elc_context *context;
    piece *pieces;       /* NULL: taken */
    GEOSGeometry **made; /* one a group */
    size_t n, group, n_groups;
    bool borrowed; /* the pieces are members, and stay */
    int dimension;
    atomic_size_t next;
    atomic_bool failed;
} level;

/* ---- one group --------------------------------------------------------------------
 */

/* GEOS's cascade would take unions apart again, and two of them are united as they
   are. */
static GEOSGeometry *unite_two(GEOSContextHandle_t geos, GEOSGeometry **items) {
    GEOSGeometry *one = GEOSUnion_r(geos, items[0], items[1]);
    GEOSGeom_destroy_r(geos, items[0]);
    GEOSGeom_destroy_r(geos, items[1]);
    return one;
}

/* Takes the items, members or unions. A valid polygon by itself is united; a line may
   cross itself. */
static GEOSGeometry *unite_items(GEOSContextHandle_t geos, GEOSGeometry **items,
                                 size_t n, bool members, int dimension) {
    if (n == 1 && (dimension == 2 || !members))
        return items[0];
    if (n == 2 && !members)
        return unite_two(geos, items);
    GEOSGeometry *all =
        GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, items, (unsigned)n);
    GEOSGeometry *one = all != NULL ? GEOSUnaryUnion_r(geos, all) : NULL;
    GEOSGeom_destroy_r(geos, all);
    return one;
}

/* The shape of a piece, or a copy of a member. */
static GEOSGeometry *take(level *l, GEOSContextHandle_t geos, size_t at) {
    GEOSGeometry *shape = l->pieces[at].shape;
    if (l->borrowed)
        return GEOSGeom_clone_r(geos, shape);
    l->pieces[at].shape = NULL;
    return shape;
}

static elc_status unite_group(level *l, elc_geos *geos, size_t number, elc_error *err) {
    size_t first = number * l->group, n = l->n - first, have = 0;
    GEOSGeometry **items;
    n = n < l->group ? n : l->group;
    ELC_TRY(elc_alloc(n, sizeof *items, &items, err));
    geos->said[0] = '\0';
    while (have < n && (items[have] = take(l, geos->handle, first + have)) != NULL)
        have++;
    if (have == n)
        l->made[number] =
            unite_items(geos->handle, items, n, l->borrowed, l->dimension);
    else
        while (have > 0)
            GEOSGeom_destroy_r(geos->handle, items[--have]);
    free(items);
    return l->made[number] != NULL
               ? ELC_OK
               : elc_geos_fail(geos, "geometries cannot be united", err);
}

static elc_status unite_some(void *arg, int index, elc_error *err) {
    level *l = arg;
    size_t number;
    elc_status status = ELC_OK;
    while (status == ELC_OK && !atomic_load(&l->failed) &&
           (number = atomic_fetch_add(&l->next, 1)) < l->n_groups) {
        status = elc_check_cancel(l->context, err);
        if (status == ELC_OK)
            status = unite_group(l, &l->all[index]->geos, number, err);
    }
    if (status != ELC_OK)
        atomic_store(&l->failed, true);
    return status;
}

/* ---- levels -----------------------------------------------------------------------
 */

static void destroy_all(level *l) {
    GEOSContextHandle_t geos = l->all[0]->geos.handle;
    for (size_t i = 0; l->made != NULL && i < l->n_groups; i++)
        GEOSGeom_destroy_r(geos, l->made[i]);
    for (size_t i = 0; !l->borrowed && i < l->n; i++)
        GEOSGeom_destroy_r(geos, l->pieces[i].shape);
}

static elc_status run_level(level *l, int threads, elc_error *err) {
    l->n_groups = (l->n + l->group - 1) / l->group;
    if ((size_t)threads > l->n_groups)
        threads = (int)l->n_groups;
    ELC_TRY(elc_alloc(l->n_groups, sizeof(GEOSGeometry *), &l->made, err));
    return elc_threads_run(threads, unite_some, l, err);
}

/* The pieces become the next level's; none is left where it fails. */
static elc_status unite_level(level *l, int threads, elc_error *err) {
    elc_status status = run_level(l, threads, err);
    if (status != ELC_OK) {
        destroy_all(l);
        free(l->made);
        return status;
    }
    for (size_t i = 0; i < l->n_groups; i++)
        l->pieces[i].shape = l->made[i];
    free(l->made);
    l->made = NULL;
    l->n = l->n_groups;
    l->group = NEXT_GROUP;
    l->borrowed = false;
    atomic_store(&l->next, 0);
    return ELC_OK;
}

/* ---- the order of members ---------------------------------------------------------
 */

static uint32_t spread(uint32_t v) {
    v = (v | v << 8) & 0x00ff00ff;
    v = (v | v << 4) & 0x0f0f0f0f;
    v = (v | v << 2) & 0x33333333;
    return (v | v << 1) & 0x55555555;
}

static uint32_t share(double v, double low, double high) {
    /* halves, since what lies between them may be more than numbers hold */
    double part = high > low ? (v / 2 - low / 2) / (high / 2 - low / 2) : 0;
    return (uint32_t)(part * ((1 << ORDER_BITS) - 1));
}

static int by_place(const void *a, const void *b) {
    const piece *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static elc_point middle(GEOSContextHandle_t geos, const GEOSGeometry *shape) {
    double box[4] = {0};
    GEOSGeom_getXMin_r(geos, shape, &box[0]);
    GEOSGeom_getYMin_r(geos, shape, &box[1]);
    GEOSGeom_getXMax_r(geos, shape, &box[2]);
    GEOSGeom_getYMax_r(geos, shape, &box[3]);
    return (elc_point){box[0] / 2 + box[2] / 2, box[1] / 2 + box[3] / 2};
}

/* Along a z-order curve over the middles of all. */
static void put_in_order(GEOSContextHandle_t geos, piece *pieces, size_t n) {
    elc_point low = middle(geos, pieces[0].shape), high = low;
    for (size_t i = 1; i < n; i++) {
        elc_point p = middle(geos, pieces[i].shape);
        low.x = p.x < low.x ? p.x : low.x;
        low.y = p.y < low.y ? p.y : low.y;
        high.x = p.x > high.x ? p.x : high.x;
        high.y = p.y > high.y ? p.y : high.y;
    }
    for (size_t i = 0; i < n; i++) {
        elc_point p = middle(geos, pieces[i].shape);
        pieces[i].place =
            spread(share(p.x, low.x, high.x)) | spread(share(p.y, low.y, high.y)) << 1;
    }
    qsort(pieces, n, sizeof *pieces, by_place);
}

/* ---- all --------------------------------------------------------------------------
 */

static size_t gather(const elc_overlay *o, const size_t *members, size_t n,
                     int dimension, piece *pieces) {
    size_t made = 0;
    for (size_t i = 0; i < n; i++) {
        GEOSGeometry *shape = o->members->items[members[i]];
        if (shape != NULL &&
            GEOSGeom_getDimensions_r(o->geos.handle, shape) == dimension)
            pieces[made++] = (piece){shape, 0, i};
    }
    return made;
}

elc_status elc_overlay_unite(elc_overlay *const *all, int threads,
                             const elc_context *context, const size_t *members,
                             size_t n, int dimension, GEOSGeometry **out,
                             elc_error *err) {
    piece *pieces;
    *out = NULL;
    ELC_TRY(elc_alloc(n, sizeof *pieces, &pieces, err));
    size_t left = gather(all[0], members, n, dimension, pieces);
    if (left == 0) {
        free(pieces);
        return ELC_OK;
    }
    if (left > FIRST_GROUP)
        put_in_order(all[0]->geos.handle, pieces, left);
    level l = {.all = all,
               .context = context,
               .pieces = pieces,
               .n = left,
               .group = FIRST_GROUP,
               .borrowed = true,
               .dimension = dimension};
    elc_status status = unite_level(&l, threads, err);
    while (status == ELC_OK && l.n > 1)
        status = unite_level(&l, threads, err);
    if (status == ELC_OK)
        *out = pieces[0].shape;
    free(pieces);
    return status;
}

elc_status elc_overlay_union_by(elc_overlay *const *all, int threads,
                                const elc_context *context, const size_t *members,
                                size_t n, elc_string *out, elc_error *err) {
    GEOSContextHandle_t geos = all[0]->geos.handle;
    GEOSGeometry *found[3];
    unsigned made = 0;
    elc_status status = ELC_OK;
    for (int of = 0; of <= 2 && status == ELC_OK; of++) {
        GEOSGeometry *one = NULL;
        status = elc_overlay_unite(all, threads, context, members, n, of, &one, err);
        if (status == ELC_OK && one != NULL)
            found[made++] = one;
    }
    if (status == ELC_OK && made > 0) {
        GEOSGeometry *whole =
            made == 1 ? found[0]
                      : GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION,
                                                    found, made);
        status = whole != NULL ? elc_geos_write(&all[0]->geos, whole, out, err)
                               : elc_fail(err, ELC_E_MEMORY, "no memory for a union");
        GEOSGeom_destroy_r(geos, whole);
        return status;
    }
    while (made > 0)
        GEOSGeom_destroy_r(geos, found[--made]);
    return status;
}

elc_status elc_overlay_union(elc_overlay *o, const size_t *members, size_t n,
                             elc_string *out, elc_error *err) {
    return elc_overlay_union_by(&o, 1, NULL, members, n, out, err);
}
