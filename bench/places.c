/* places.c - seconds to find which shapes meet which others, and GEOS's.
 *
 *   bench-places LEFT RIGHT PREDICATE N
 *
 * LEFT and RIGHT: boxes, blobs (polygons of 20 corners) or lines (of 5 points), N of
 * each, about as large as they lie apart, from one seed, as WKB. GEOS: a tree of the
 * right shapes' bounds and their prepared geometries. Both times have the reading of
 * WKB and the index's build; one thread. The numbers of pairs are compared. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <geos_c.h>

typedef struct shapes {
    unsigned char **wkb;
    size_t *sizes, n;
} shapes;

static GEOSContextHandle_t geos;
static uint64_t state = 1;

static double seconds(void) {
    return (double)clock() / CLOCKS_PER_SEC;
}

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

/* ---- shapes ---------------------------------------------------------------------- */

static GEOSGeometry *make_box(double x, double y) {
    double w = unit(), h = unit();
    return GEOSGeom_createRectangle_r(geos, x, y, x + w, y + h);
}

static GEOSGeometry *make_points(double x, double y, const char *kind) {
    bool blob = strcmp(kind, "blobs") == 0;
    unsigned n = blob ? 21 : 5;
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, n, 2);
    double turn = 2 * M_PI / 20, first = 0.3 + 0.3 * unit();
    for (unsigned i = 0; i < n; i++) {
        double far = i % 20 == 0 ? first : 0.3 + 0.3 * unit(), at = i % 20 * turn;
        if (!blob) {
            x += unit() - 0.5;
            y += unit() - 0.5;
        }
        GEOSCoordSeq_setXY_r(geos, points, i, blob ? x + far * cos(at) : x,
                             blob ? y + far * sin(at) : y);
    }
    return blob ? GEOSGeom_createPolygon_r(
                      geos, GEOSGeom_createLinearRing_r(geos, points), NULL, 0)
                : GEOSGeom_createLineString_r(geos, points);
}

static shapes make_shapes(const char *kind, size_t n) {
    shapes s = {calloc(n, sizeof *s.wkb), calloc(n, sizeof *s.sizes), n};
    double side = sqrt((double)n);
    for (size_t i = 0; i < n; i++) {
        double x = unit() * side, y = unit() * side;
        GEOSGeometry *shape =
            strcmp(kind, "boxes") == 0 ? make_box(x, y) : make_points(x, y, kind);
        s.wkb[i] = GEOSGeomToWKB_buf_r(geos, shape, &s.sizes[i]);
        GEOSGeom_destroy_r(geos, shape);
    }
    return s;
}

static void free_shapes(shapes *s) {
    for (size_t i = 0; i < s->n; i++)
        GEOSFree_r(geos, s->wkb[i]);
    free(s->wkb);
    free(s->sizes);
}

/* ---- Elcano ---------------------------------------------------------------------- */

static const char *const words[] = {"intersects", "within",     "contains",
                                    "covers",     "covered_by", "touches",
                                    "crosses",    "overlaps",   "equals"};

static elc_predicate predicate_named(const char *word) {
    size_t i = 0;
    while (i < sizeof words / sizeof *words && strcmp(words[i], word) != 0)
        i++;
    if (i == sizeof words / sizeof *words)
        exit(2);
    return (elc_predicate)i;
}

static size_t ask_elcano(const shapes *left, const shapes *right, elc_predicate what) {
    elc_places *places = NULL;
    elc_asker *asker = NULL;
    elc_question question = {.predicate = what};
    elc_place_state state_of;
    const uint32_t *rows;
    size_t n, pairs = 0;
    elc_places_create(&places, NULL);
    for (size_t i = 0; i < right->n; i++)
        elc_places_add(places, right->wkb[i], right->sizes[i], NULL, &state_of, NULL);
    elc_places_build(places, NULL);
    elc_asker_create(places, &question, &asker, NULL);
    for (size_t i = 0; i < left->n; i++) {
        elc_asker_find(asker, left->wkb[i], left->sizes[i], &state_of, &rows, &n, NULL);
        pairs += n;
    }
    elc_asker_free(asker);
    elc_places_free(places);
    return pairs;
}

/* ---- GEOS ------------------------------------------------------------------------ */

typedef char (*prepared_ask)(GEOSContextHandle_t, const GEOSPreparedGeometry *,
                             const GEOSGeometry *);

/* Of a prepared right shape to a left one, in the order of `words`. */
static const prepared_ask asks[] = {
    GEOSPreparedIntersects_r, GEOSPreparedContains_r, GEOSPreparedWithin_r,
    GEOSPreparedCoveredBy_r,  GEOSPreparedCovers_r,   GEOSPreparedTouches_r,
    GEOSPreparedCrosses_r,    GEOSPreparedOverlaps_r, NULL};

typedef struct item {
    GEOSGeometry *shape;
    const GEOSPreparedGeometry *prepared;
} item;

typedef struct query {
    const GEOSGeometry *left;
    elc_predicate what;
    size_t pairs;
} query;

static void ask_item(void *found, void *arg) {
    item *i = found;
    query *q = arg;
    if (asks[q->what] == NULL) {
        q->pairs += GEOSEquals_r(geos, i->shape, q->left) == 1;
        return;
    }
    if (i->prepared == NULL)
        i->prepared = GEOSPrepare_r(geos, i->shape);
    q->pairs += asks[q->what](geos, i->prepared, q->left) == 1;
}

static size_t ask_geos(const shapes *left, const shapes *right, elc_predicate what) {
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSSTRtree *tree = GEOSSTRtree_create_r(geos, 10);
    item *items = calloc(right->n, sizeof *items);
    query q = {.what = what};
    for (size_t i = 0; i < right->n; i++) {
        items[i].shape =
            GEOSWKBReader_read_r(geos, reader, right->wkb[i], right->sizes[i]);
        GEOSSTRtree_insert_r(geos, tree, items[i].shape, &items[i]);
    }
    for (size_t i = 0; i < left->n; i++) {
        GEOSGeometry *shape =
            GEOSWKBReader_read_r(geos, reader, left->wkb[i], left->sizes[i]);
        q.left = shape;
        GEOSSTRtree_query_r(geos, tree, shape, ask_item, &q);
        GEOSGeom_destroy_r(geos, shape);
    }
    for (size_t i = 0; i < right->n; i++) {
        GEOSPreparedGeom_destroy_r(geos, items[i].prepared);
        GEOSGeom_destroy_r(geos, items[i].shape);
    }
    free(items);
    GEOSSTRtree_destroy_r(geos, tree);
    GEOSWKBReader_destroy_r(geos, reader);
    return q.pairs;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: bench-places LEFT RIGHT PREDICATE N\n");
        return 2;
    }
    geos = GEOS_init_r();
    elc_predicate what = predicate_named(argv[3]);
    size_t n = (size_t)strtoull(argv[4], NULL, 10);
    shapes left = make_shapes(argv[1], n), right = make_shapes(argv[2], n);
    double start = seconds();
    size_t ours = ask_elcano(&left, &right, what);
    double middle = seconds();
    size_t theirs = ask_geos(&left, &right, what);
    double a = middle - start, b = seconds() - middle;
    printf("%s %s %s, %zu of each: Elcano %.3f s, GEOS %.3f s, ratio %.2f, %zu pairs\n",
           argv[1], argv[3], argv[2], n, a, b, b / a, ours);
    free_shapes(&left);
    free_shapes(&right);
    GEOS_finish_r(geos);
    if (ours != theirs)
        fprintf(stderr, "GEOS finds %zu pairs\n", theirs);
    return ours != theirs;
}
