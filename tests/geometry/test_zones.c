/* test_zones.c - the zones that a point lies in are those that GEOS says. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <geos_c.h>

enum { CORNERS_MOST = 40, SHAPES_MOST = 4000 };

/* ---- chance --------------------------------------------------------------------- */

static uint64_t state = 1;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static int below(int n) {
    return (int)(unit() * n);
}

/* ---- a scene: shapes for GEOS and for the index -----------------------------------
 */

/* Numbers are x0 + x * scale, where x are whole up to `lattice`, or any for 0. */
typedef struct scene {
    double x0, y0, scale;
    int lattice;
    GEOSContextHandle_t geos;
    GEOSGeometry *shapes[SHAPES_MOST];
    size_t n;
    elc_zones *zones;
    elc_point *corners;
    size_t n_corners, corner_capacity;
} scene;

static void quiet(const char *message, void *arg) {
    (void)message;
    (void)arg;
}

static void scene_begin(scene *s) {
    s->geos = GEOS_init_r();
    GEOSContext_setErrorMessageHandler_r(s->geos, quiet, NULL);
    assert_int_equal(elc_zones_create(&s->zones, NULL), ELC_OK);
}

static elc_point place(const scene *s, double x, double y) {
    if (s->lattice) {
        x = floor(x * s->lattice + 0.5) / s->lattice;
        y = floor(y * s->lattice + 0.5) / s->lattice;
    }
    return (elc_point){s->x0 + x * s->scale, s->y0 + y * s->scale};
}

/* Takes the shape; only valid ones are zones. */
static bool scene_add(scene *s, GEOSGeometry *shape) {
    size_t size;
    if (shape == NULL || GEOSisValid_r(s->geos, shape) != 1 ||
        GEOSisEmpty_r(s->geos, shape)) {
        GEOSGeom_destroy_r(s->geos, shape);
        return false;
    }
    assert_true(s->n < SHAPES_MOST);
    unsigned char *wkb = GEOSGeomToWKB_buf_r(s->geos, shape, &size);
    assert_int_equal(elc_zones_add(s->zones, wkb, size, (uint32_t)s->n, NULL), ELC_OK);
    assert_int_equal(elc_wkb_points(wkb, size, &s->corners, &s->n_corners,
                                    &s->corner_capacity, NULL),
                     ELC_OK);
    GEOSFree_r(s->geos, wkb);
    s->shapes[s->n++] = shape;
    return true;
}

static void scene_end(scene *s) {
    for (size_t i = 0; i < s->n; i++)
        GEOSGeom_destroy_r(s->geos, s->shapes[i]);
    elc_zones_free(s->zones);
    GEOS_finish_r(s->geos);
    free(s->corners);
}

static GEOSGeometry *ring_of(const scene *s, const elc_point *p, int n) {
    GEOSCoordSequence *c = GEOSCoordSeq_create_r(s->geos, (unsigned)n + 1, 2);
    for (int i = 0; i <= n; i++)
        GEOSCoordSeq_setXY_r(s->geos, c, (unsigned)i, p[i % n].x, p[i % n].y);
    return GEOSGeom_createLinearRing_r(s->geos, c);
}

static GEOSGeometry *star(const scene *s, double x, double y, double r, int n) {
    elc_point p[CORNERS_MOST];
    for (int i = 0; i < n; i++) {
        double angle = 2 * M_PI * (i + 0.8 * unit()) / n, d = r * (0.3 + 0.7 * unit());
        p[i] = place(s, x + d * cos(angle), y + d * sin(angle));
    }
    return ring_of(s, p, n);
}

/* A star, at times with a hole, whose corners may touch it. */
static GEOSGeometry *blob(const scene *s, double x, double y, double r) {
    GEOSGeometry *outer = star(s, x, y, r, 3 + below(CORNERS_MOST - 3));
    if (unit() < 0.5)
        return GEOSGeom_createPolygon_r(s->geos, outer, NULL, 0);
    GEOSGeometry *hole = star(s, x, y, r * 0.35, 3 + below(6));
    return GEOSGeom_createPolygon_r(s->geos, outer, &hole, 1);
}

static GEOSGeometry *blobs(const scene *s, double x, double y, double r) {
    GEOSGeometry *parts[2] = {blob(s, x - r, y, r), blob(s, x + r, y, r)};
    return GEOSGeom_createCollection_r(s->geos, GEOS_MULTIPOLYGON, parts, 2);
}

static void add_blobs(scene *s, int n, double r) {
    for (int i = 0; i < n; i++) {
        double x = unit(), y = unit(), size = r * (0.2 + unit());
        scene_add(s, unit() < 0.3 ? blobs(s, x, y, size / 2) : blob(s, x, y, size));
    }
}

/* ---- points that are hard to tell --------------------------------------------------
 */

/* Beside 0 there are numbers whose products are nothing, which mislead GEOS. */
static double near(double v) {
    int way = v == 0 ? 2 : below(5);
    return way == 0 ? nextafter(v, INFINITY) : way == 1 ? nextafter(v, -INFINITY) : v;
}

static elc_point hard_point(const scene *s) {
    elc_point a = s->corners[below((int)s->n_corners)];
    size_t at = (size_t)below((int)s->n_corners - 1);
    elc_point b = s->corners[at], c = s->corners[at + 1];
    switch (below(6)) {
    case 0:
        return (elc_point){near(a.x), near(a.y)};
    case 1: {
        double t = below(2) ? 0.5 : unit();
        return (elc_point){near(b.x + t * (c.x - b.x)), near(b.y + t * (c.y - b.y))};
    }
    case 2: /* level with a corner */
        return (elc_point){near(a.x), place(s, 0, unit()).y};
    case 3:
        return (elc_point){place(s, unit(), 0).x, near(a.y)};
    case 4:
        return (elc_point){near(a.x), near(b.y)};
    default:
        return place(s, 1.2 * unit() - 0.1, 1.2 * unit() - 0.1);
    }
}

/* ---- asking ------------------------------------------------------------------------
 */

static void ask_geos(const scene *s, const GEOSPreparedGeometry *const *prepared,
                     elc_point p, const elc_zone_hits *hits) {
    GEOSGeometry *point = GEOSGeom_createPointFromXY_r(s->geos, p.x, p.y);
    size_t at = 0;
    for (size_t i = 0; i < s->n; i++) {
        bool covers = GEOSPreparedIntersects_r(s->geos, prepared[i], point) == 1;
        bool has = at < hits->count && hits->items[at].zone == i;
        if (covers != has)
            fail_msg("zone %zu and %.17g %.17g: %d, not %d", i, p.x, p.y, has, covers);
        if (!has)
            continue;
        bool inside = GEOSPreparedContains_r(s->geos, prepared[i], point) == 1;
        if (inside == hits->items[at++].border)
            fail_msg("zone %zu and %.17g %.17g: inside %d", i, p.x, p.y, inside);
    }
    assert_int_equal(at, hits->count);
    GEOSGeom_destroy_r(s->geos, point);
}

/* Many points asked at once have the hits that each has alone. */
static void asked_at_once_agree(const elc_zones *zones, const elc_zones *others,
                                const elc_point *points, size_t n) {
    elc_zone_hits hits = {0}, alone = {0};
    size_t *ends = calloc(n, sizeof *ends), at = 0;
    assert_int_equal(elc_zones_find_all(zones, points, n, &hits, ends, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(elc_zones_find(others, points[i], &alone, NULL), ELC_OK);
        assert_int_equal(ends[i] - at, alone.count);
        for (size_t k = 0; k < alone.count; k++, at++) {
            assert_int_equal(hits.items[at].zone, alone.items[k].zone);
            assert_int_equal(hits.items[at].border, alone.items[k].border);
        }
    }
    assert_int_equal(at, hits.count);
    free(ends);
    free(hits.items);
    free(alone.items);
}

static void hard_points_at_once_agree(const scene *s, const elc_zones *others) {
    enum { POINTS = 1000 };
    elc_point points[POINTS];
    for (int i = 0; i < POINTS; i++)
        points[i] = hard_point(s);
    points[POINTS / 2] = (elc_point){NAN, INFINITY};
    asked_at_once_agree(s->zones, others, points, POINTS);
    asked_at_once_agree(s->zones, others, points, 1);
}

/* Builds the index and compares about `pairs` answers. */
static void scene_agrees(scene *s, size_t pairs) {
    const GEOSPreparedGeometry *prepared[SHAPES_MOST];
    elc_zone_hits hits = {0};
    assert_true(s->n > 0);
    assert_int_equal(elc_zones_build(s->zones, NULL), ELC_OK);
    for (size_t i = 0; i < s->n; i++)
        prepared[i] = GEOSPrepare_r(s->geos, s->shapes[i]);
    for (size_t i = 0; i < pairs / s->n; i++) {
        elc_point p = hard_point(s);
        assert_int_equal(elc_zones_find(s->zones, p, &hits, NULL), ELC_OK);
        ask_geos(s, prepared, p, &hits);
    }
    hard_points_at_once_agree(s, s->zones);
    for (size_t i = 0; i < s->n; i++)
        GEOSPreparedGeom_destroy_r(s->geos, prepared[i]);
    free(hits.items);
}

static void blobs_agree(scene s, int n, double r, size_t pairs) {
    scene_begin(&s);
    add_blobs(&s, n, r);
    scene_agrees(&s, pairs);
    scene_end(&s);
}

/* ---- tests --------------------------------------------------------------------------
 */

static void test_zones_agree_with_geos_on_blobs_of_any_numbers(void **unused) {
    (void)unused;
    blobs_agree((scene){.scale = 1}, 100, 0.2, 400000);
    blobs_agree((scene){.x0 = -180, .y0 = -90, .scale = 360}, 60, 0.3, 200000);
    blobs_agree((scene){.x0 = 5e5, .y0 = 5.4e6, .scale = 100}, 60, 0.3, 200000);
}

static void test_zones_agree_with_geos_on_a_coarse_lattice(void **unused) {
    (void)unused;
    for (int round = 0; round < 40; round++)
        blobs_agree((scene){.scale = 1024, .lattice = 8 + 8 * below(8)}, 40, 0.3,
                    20000);
}

static void
test_zones_agree_with_geos_where_numbers_are_hardly_fine_enough(void **unused) {
    (void)unused;
    for (int round = 0; round < 30; round++) {
        blobs_agree((scene){.x0 = 1, .y0 = 7, .scale = 0x1p-44}, 20, 0.4, 10000);
        blobs_agree((scene){.x0 = 1, .y0 = 1e-3, .scale = 0x1p-48}, 20, 0.4, 10000);
    }
    blobs_agree((scene){.scale = 0x1p-300}, 40, 0.3, 40000);
    blobs_agree((scene){.scale = 0x1p300}, 40, 0.3, 40000);
}

static void test_zones_agree_with_geos_on_large_zones_beside_tiny_ones(void **unused) {
    (void)unused;
    scene s = {.x0 = 2, .y0 = 40, .scale = 58};
    scene_begin(&s);
    add_blobs(&s, 10, 0.8);
    for (int i = 0; i < 150; i++)
        scene_add(&s, blob(&s, 0.5 + 1e-4 * unit(), 0.5 + 1e-4 * unit(), 1e-5));
    scene_agrees(&s, 400000);
    scene_end(&s);
}

/* Many edges of many zones in each cell, and one that holds most cells. */
static void test_zones_agree_with_geos_where_cells_are_crowded(void **unused) {
    (void)unused;
    scene s = {.x0 = 2, .y0 = 40, .scale = 58};
    scene_begin(&s);
    add_blobs(&s, 3, 0.9);
    for (int i = 0; i < 1000; i++)
        scene_add(&s, blob(&s, 0.5 + 2e-3 * unit(), 0.5 + 2e-3 * unit(), 1e-3));
    scene_agrees(&s, 2000000);
    scene_end(&s);
}

/* A grid in a grid in a grid: a thousand million times as small as what lies beside. */
static void test_zones_agree_with_geos_on_clusters_in_clusters(void **unused) {
    (void)unused;
    scene s = {.x0 = 2, .y0 = 40, .scale = 58};
    scene_begin(&s);
    add_blobs(&s, 3, 0.9);
    for (int i = 0; i < 1500; i++) {
        double size = pow(10, -3 * (1 + i % 3));
        scene_add(&s, blob(&s, 0.5 + size * unit(), 0.5 + size * unit(), size / 30));
    }
    scene_agrees(&s, 2000000);
    scene_end(&s);
}

static void built_by_threads_is_the_same(const scene *s, int threads) {
    elc_zones *zones;
    size_t size;
    assert_int_equal(elc_zones_create(&zones, NULL), ELC_OK);
    for (size_t i = 0; i < s->n; i++) {
        unsigned char *wkb = GEOSGeomToWKB_buf_r(s->geos, s->shapes[i], &size);
        assert_int_equal(elc_zones_add(zones, wkb, size, (uint32_t)i, NULL), ELC_OK);
        GEOSFree_r(s->geos, wkb);
    }
    assert_int_equal(elc_zones_build_by(zones, threads, NULL), ELC_OK);
    assert_int_equal(elc_zones_bytes(zones), elc_zones_bytes(s->zones));
    for (int i = 0; i < 50; i++)
        hard_points_at_once_agree(s, zones);
    elc_zones_free(zones);
}

static void test_zones_are_the_same_for_any_number_of_threads(void **unused) {
    (void)unused;
    scene s = {.x0 = -180, .y0 = -90, .scale = 360};
    scene_begin(&s);
    add_blobs(&s, 3000, 0.1);
    for (int i = 0; i < 500; i++)
        scene_add(&s, blob(&s, 0.2, 0.7 + 1e-3 * unit(), 1e-3));
    assert_int_equal(elc_zones_build(s.zones, NULL), ELC_OK);
    for (int threads = 1; threads < 8; threads += 2)
        built_by_threads_is_the_same(&s, threads);
    scene_end(&s);
}

/* Triangles of a bent lattice, each side shared. */
static void add_mesh(scene *s, int n, bool reversed) {
    elc_point *p = calloc((size_t)(n + 1) * (size_t)(n + 1), sizeof *p);
    for (int i = 0; i < (n + 1) * (n + 1); i++)
        p[i] = place(s, (i % (n + 1) + 0.4 * unit()) / n,
                     (double)(i / (n + 1)) / n + 0.4 * unit() / n);
    for (int i = 0; i < 2 * n * n; i++) {
        int t = reversed ? 2 * n * n - 1 - i : i, at = t / 2 / n * (n + 1) + t / 2 % n;
        elc_point corner[3] = {p[at + 1], p[at + n + 1], p[t % 2 ? at + n + 2 : at]};
        assert_true(scene_add(
            s, GEOSGeom_createPolygon_r(s->geos, ring_of(s, corner, 3), NULL, 0)));
    }
    free(p);
}

static void test_zones_agree_with_geos_on_shared_borders(void **unused) {
    (void)unused;
    int sizes[] = {1, 3, 10, 40};
    for (int i = 0; i < 4; i++) {
        scene s = {.x0 = -74, .y0 = 40, .scale = 0.5};
        scene_begin(&s);
        add_mesh(&s, sizes[i], false);
        scene_agrees(&s, 400000);
        scene_end(&s);
    }
}

static bool is_inner(const elc_zone_hits *hits, elc_point p, const scene *s) {
    double x = (p.x - s->x0) / s->scale, y = (p.y - s->y0) / s->scale;
    return hits->count > 0 && x > 0.2 && x < 0.9 && y > 0.2 && y < 0.9;
}

static void test_zones_own_each_point_of_a_coverage_once_in_any_order(void **unused) {
    (void)unused;
    scene s = {.x0 = -74, .y0 = 40, .scale = 0.5}, r = s;
    elc_zone_hits hits = {0}, others = {0};
    scene_begin(&s);
    scene_begin(&r);
    state = 7;
    add_mesh(&s, 12, false);
    state = 7;
    add_mesh(&r, 12, true);
    assert_int_equal(elc_zones_build(s.zones, NULL), ELC_OK);
    assert_int_equal(elc_zones_build(r.zones, NULL), ELC_OK);
    for (int i = 0; i < 200000; i++) {
        elc_point p = hard_point(&s);
        elc_zones_find(s.zones, p, &hits, NULL);
        elc_zones_find(r.zones, p, &others, NULL);
        assert_int_equal(hits.count, others.count);
        if (is_inner(&hits, p, &s))
            assert_int_equal(elc_zones_owner(s.zones, p, &hits),
                             s.n - 1 - elc_zones_owner(r.zones, p, &others));
    }
    free(hits.items);
    free(others.items);
    scene_end(&s);
    scene_end(&r);
}

static void add_wkt(scene *s, const char *text) {
    assert_true(scene_add(s, GEOSGeomFromWKT_r(s->geos, text)));
}

static void test_zones_agree_with_geos_where_holes_touch(void **unused) {
    (void)unused;
    scene s = {.scale = 12, .lattice = 24};
    scene_begin(&s);
    add_wkt(&s, "POLYGON ((0 0, 12 0, 12 12, 0 12, 0 0), (0 6, 3 3, 6 6, 3 9, 0 6), "
                "(6 6, 9 3, 11 6, 9 9, 6 6))");
    add_wkt(&s, "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((4 4, 8 4, 8 8, 4 8, 4 "
                "4)), ((8 8, 12 8, 12 12, 8 12, 8 8)))");
    add_wkt(&s, "MULTIPOLYGON (((0 0, 12 0, 12 12, 0 12, 0 0), (2 2, 10 2, 10 10, 2 "
                "10, 2 2)), ((2 6, 6 4, 10 6, 6 8, 2 6)))");
    scene_agrees(&s, 100000);
    scene_end(&s);
}

static void test_zones_have_no_point_that_is_no_place(void **unused) {
    (void)unused;
    scene s = {.scale = 1};
    elc_zone_hits hits = {0};
    double odd[] = {NAN, INFINITY, -INFINITY};
    scene_begin(&s);
    add_wkt(&s, "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))");
    assert_int_equal(elc_zones_build(s.zones, NULL), ELC_OK);
    for (int i = 0; i < 3; i++) {
        elc_zones_find(s.zones, (elc_point){odd[i], 0.5}, &hits, NULL);
        assert_int_equal(hits.count, 0);
        elc_zones_find(s.zones, (elc_point){0.5, odd[i]}, &hits, NULL);
        assert_int_equal(hits.count, 0);
    }
    elc_zones_find(s.zones, (elc_point){4e-324, 0.5}, &hits, NULL);
    assert_int_equal(hits.count, 1);
    assert_false(hits.items[0].border);
    elc_zones_find(s.zones, (elc_point){-4e-324, 0.5}, &hits, NULL);
    assert_int_equal(hits.count, 0);
    free(hits.items);
    scene_end(&s);
}

static void test_zones_refuse_a_polygon_that_is_no_place(void **unused) {
    (void)unused;
    elc_error err;
    elc_string wkb = {0};
    elc_point ring[] = {{0, 0}, {1, 0}, {0x1p401, 1}};
    scene s = {.scale = 1};
    elc_zone_hits hits = {0};
    scene_begin(&s);
    assert_int_equal(elc_wkb_polygon(ring, 3, &wkb, NULL), ELC_OK);
    assert_int_equal(elc_zones_add(s.zones, wkb.data, wkb.size, 0, &err),
                     ELC_E_ARGUMENT);
    assert_int_equal(elc_zones_build(s.zones, NULL), ELC_OK);
    assert_int_equal(elc_zones_find(s.zones, (elc_point){0, 0}, &hits, NULL), ELC_OK);
    assert_int_equal(hits.count, 0);
    elc_string_free(&wkb);
    scene_end(&s);
}

static void test_zones_take_what_has_no_inside(void **unused) {
    (void)unused;
    const char *texts[] = {"POINT (3 4)", "LINESTRING (0 0, 3 3, 1 5)", "POLYGON EMPTY",
                           "MULTIPOINT (1 1, 2 3)"};
    scene s = {.scale = 1};
    elc_zone_hits hits = {0};
    scene_begin(&s);
    for (int i = 0; i < 4; i++)
        scene_add(&s, GEOSGeomFromWKT_r(s.geos, texts[i]));
    assert_int_equal(elc_zones_build_by(s.zones, 3, NULL), ELC_OK);
    assert_int_equal(elc_zones_find(s.zones, (elc_point){3, 4}, &hits, NULL), ELC_OK);
    free(hits.items);
    scene_end(&s);
}

static double bytes_a_vertex(int n, double size) {
    scene s = {.scale = 1};
    scene_begin(&s);
    add_blobs(&s, n, size);
    assert_int_equal(elc_zones_build(s.zones, NULL), ELC_OK);
    double each =
        (double)elc_zones_bytes(s.zones) / (double)elc_zones_vertices(s.zones);
    scene_end(&s);
    return each;
}

/* Teeth as long as the polygon is high. */
static void test_zones_of_many_long_edges_take_little_memory(void **unused) {
    (void)unused;
    enum { TEETH = 100000 };
    scene s = {.scale = 1};
    elc_zone_hits hits = {0};
    elc_string wkb = {0};
    elc_point *p = calloc(2 * TEETH + 2, sizeof *p);
    for (int i = 0; i < 2 * TEETH; i++)
        p[i] = (elc_point){i, i % 2 ? 1e5 : 1};
    p[2 * TEETH] = (elc_point){2 * TEETH, 0};
    p[2 * TEETH + 1] = (elc_point){0, 0};
    scene_begin(&s);
    assert_int_equal(elc_wkb_polygon(p, 2 * TEETH + 2, &wkb, NULL), ELC_OK);
    assert_int_equal(elc_zones_add(s.zones, wkb.data, wkb.size, 0, NULL), ELC_OK);
    assert_int_equal(elc_zones_build(s.zones, NULL), ELC_OK);
    assert_true(elc_zones_bytes(s.zones) < 800 * elc_zones_vertices(s.zones));
    for (int i = 1; i < 100; i++) {
        elc_zones_find(s.zones, (elc_point){1000 * i + 1, 99000}, &hits, NULL);
        assert_int_equal(hits.count, 1);
        elc_zones_find(s.zones, (elc_point){1000 * i, 99000}, &hits, NULL);
        assert_int_equal(hits.count, 0);
    }
    free(p);
    free(hits.items);
    elc_string_free(&wkb);
    scene_end(&s);
}

/* A few edges a cell, and each in the cells that it crosses; lists of large zones that
   lie over each other a thousand times must not outgrow that by much. */
static void test_zones_take_little_memory_for_a_vertex(void **unused) {
    (void)unused;
    assert_true(bytes_a_vertex(3000, 0.02) < 300);
    assert_true(bytes_a_vertex(3000, 0.5) < 1300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zones_agree_with_geos_on_blobs_of_any_numbers),
        cmocka_unit_test(test_zones_agree_with_geos_on_a_coarse_lattice),
        cmocka_unit_test(
            test_zones_agree_with_geos_where_numbers_are_hardly_fine_enough),
        cmocka_unit_test(test_zones_agree_with_geos_on_large_zones_beside_tiny_ones),
        cmocka_unit_test(test_zones_agree_with_geos_where_cells_are_crowded),
        cmocka_unit_test(test_zones_agree_with_geos_on_clusters_in_clusters),
        cmocka_unit_test(test_zones_are_the_same_for_any_number_of_threads),
        cmocka_unit_test(test_zones_agree_with_geos_on_shared_borders),
        cmocka_unit_test(test_zones_own_each_point_of_a_coverage_once_in_any_order),
        cmocka_unit_test(test_zones_agree_with_geos_where_holes_touch),
        cmocka_unit_test(test_zones_have_no_point_that_is_no_place),
        cmocka_unit_test(test_zones_refuse_a_polygon_that_is_no_place),
        cmocka_unit_test(test_zones_take_what_has_no_inside),
        cmocka_unit_test(test_zones_of_many_long_edges_take_little_memory),
        cmocka_unit_test(test_zones_take_little_memory_for_a_vertex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
