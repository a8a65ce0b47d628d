/* test_overlap.c - the areas that outlines share are those that GEOS gives. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <geos_c.h>

enum { POINTS = 12, OUTLINES = 160, GROUPS = 3 };

/* ---- the oracle ----------------------------------------------------------------- */

static GEOSGeometry *geos_polygon(GEOSContextHandle_t geos, const elc_shape *o) {
    GEOSCoordSequence *s = GEOSCoordSeq_create_r(geos, (unsigned)o->n + 1, 2);
    for (size_t i = 0; i <= o->n; i++)
        GEOSCoordSeq_setXY_r(geos, s, (unsigned)i, o->ring[i % o->n].x,
                             o->ring[i % o->n].y);
    GEOSGeometry *raw =
        GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, s), NULL, 0);
    GEOSGeometry *valid = GEOSMakeValid_r(geos, raw);
    GEOSGeom_destroy_r(geos, raw);
    return valid;
}

static double geos_area(GEOSContextHandle_t geos, const elc_shape *o) {
    GEOSGeometry *p = geos_polygon(geos, o);
    double area = 0;
    GEOSArea_r(geos, p, &area);
    GEOSGeom_destroy_r(geos, p);
    return area;
}

static double geos_common(GEOSContextHandle_t geos, const elc_shape *a,
                          const elc_shape *b) {
    GEOSGeometry *p = geos_polygon(geos, a), *q = geos_polygon(geos, b);
    GEOSGeometry *part = GEOSIntersection_r(geos, p, q);
    double area = 0;
    GEOSArea_r(geos, part, &area);
    GEOSGeom_destroy_r(geos, part);
    GEOSGeom_destroy_r(geos, p);
    GEOSGeom_destroy_r(geos, q);
    return area;
}

/* ---- outlines ------------------------------------------------------------------- */

static uint64_t state = 1;

static double unit(void) { /* SplitMix64 */
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

typedef struct set {
    elc_point points[OUTLINES][POINTS];
    elc_shape items[OUTLINES];
} set;

/* A rectangle, turned or not, on a grid or not. */
static size_t rectangle(elc_point *r, double angle) {
    double x = 60 * unit(), y = 60 * unit(), w = 2 + 20 * unit(), h = 2 + 8 * unit();
    for (int i = 0; i < 4; i++) {
        double dx = i == 0 || i == 3 ? -w : w, dy = i < 2 ? -h : h;
        r[i] = (elc_point){x + dx * cos(angle) - dy * sin(angle),
                           y + dx * sin(angle) + dy * cos(angle)};
    }
    return 4;
}

static size_t box(elc_point *r) {
    double x = floor(60 * unit()), y = floor(60 * unit());
    double w = 1 + floor(20 * unit()), h = 1 + floor(20 * unit());
    elc_point p[] = {{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}};
    memcpy(r, p, sizeof p);
    return 4;
}

/* Round a centre, near or far in turn: a star. */
static size_t star(elc_point *r) {
    double x = 60 * unit(), y = 60 * unit();
    size_t n = 5 + (size_t)(7 * unit());
    for (size_t i = 0; i < n; i++) {
        double angle = 2 * 3.141592653589793 * (double)i / (double)n;
        double far = i % 2 ? 4 + 12 * unit() : 16;
        r[i] = (elc_point){x + far * cos(angle), y + far * sin(angle)};
    }
    return n;
}

/* Any points: they cross themselves. */
static size_t scrawl(elc_point *r) {
    size_t n = 3 + (size_t)(5 * unit());
    double x = 50 * unit(), y = 50 * unit();
    for (size_t i = 0; i < n; i++)
        r[i] = (elc_point){x + floor(20 * unit()), y + floor(20 * unit())};
    return n;
}

static void fill(set *s, uint64_t seed) {
    state = seed;
    for (size_t i = 0; i < OUTLINES; i++) {
        elc_point *r = s->points[i];
        size_t n = i % 4 == 0   ? rectangle(r, 6.3 * unit())
                   : i % 4 == 1 ? box(r)
                   : i % 4 == 2 ? star(r)
                                : scrawl(r);
        if (i % 3 == 0) /* the other way round */
            for (size_t k = 0; k < n / 2; k++) {
                elc_point swap = r[k];
                r[k] = r[n - 1 - k];
                r[n - 1 - k] = swap;
            }
        s->items[i] = (elc_shape){r, n, (uint32_t)(GROUPS * unit())};
    }
}

/* ---- against GEOS --------------------------------------------------------------- */

static void assert_near(double got, double wanted) {
    if (!(fabs(got - wanted) <= 1e-9 * (1 + wanted)))
        fail_msg("%.17g, and GEOS says %.17g", got, wanted);
}

static void compare(const set *a, const set *b, double least) {
    GEOSContextHandle_t geos = GEOS_init_r();
    elc_overlap *found = NULL;
    size_t n = 0, at = 0;
    assert_int_equal(elc_shapes_overlap(a->items, OUTLINES, b->items, OUTLINES, least,
                                        &found, &n, NULL),
                     ELC_OK);
    for (uint32_t i = 0; i < OUTLINES; i++)
        for (uint32_t k = 0; k < OUTLINES; k++) {
            const elc_shape *p = &a->items[i], *q = &b->items[k];
            double common = p->group == q->group ? geos_common(geos, p, q) : 0;
            double limit = least * fmin(geos_area(geos, p), geos_area(geos, q));
            bool given = at < n && found[at].a == i && found[at].b == k;
            if (common > 1e-6 && common > limit * (1 + 1e-8))
                assert_true(given);
            if (given)
                assert_near(found[at++].common, common);
        }
    assert_int_equal(at, n);
    free(found);
    GEOS_finish_r(geos);
}

static void test_shared_areas_are_those_of_geos(void **unused) {
    (void)unused;
    static set a, b;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        fill(&a, seed);
        fill(&b, seed + 100);
        compare(&a, &b, seed == 3 ? 0.5 : 0);
    }
}

static void test_areas_are_those_of_geos(void **unused) {
    (void)unused;
    static set a;
    double areas[OUTLINES];
    GEOSContextHandle_t geos = GEOS_init_r();
    fill(&a, 7);
    assert_int_equal(elc_shape_areas(a.items, OUTLINES, areas, NULL), ELC_OK);
    for (size_t i = 0; i < OUTLINES; i++)
        assert_near(areas[i], geos_area(geos, &a.items[i]));
    GEOS_finish_r(geos);
}

/* ---- what is odd ---------------------------------------------------------------- */

static double shared(const elc_point *a, size_t n_a, const elc_point *b, size_t n_b) {
    elc_shape p = {a, n_a, 0}, q = {b, n_b, 0};
    elc_overlap *found = NULL;
    size_t n = 0;
    assert_int_equal(elc_shapes_overlap(&p, 1, &q, 1, 0, &found, &n, NULL), ELC_OK);
    double common = n > 0 ? found[0].common : 0;
    free(found);
    return common;
}

static const elc_point square[] = {{0, 0}, {8, 0}, {8, 8}, {0, 8}};

static void test_what_has_no_area_shares_none(void **unused) {
    (void)unused;
    const elc_point line[] = {{0, 0}, {4, 4}, {8, 8}, {2, 2}};
    const elc_point same[] = {{3, 3}, {3, 3}, {3, 3}, {3, 3}};
    const elc_point flat[] = {{0, 1}, {8, 1}, {8, 1}, {0, 1}};
    assert_true(shared(line, 4, square, 4) == 0);
    assert_true(shared(same, 4, square, 4) == 0);
    assert_true(shared(flat, 4, square, 4) == 0);
    assert_true(shared(square, 2, square, 4) == 0);
    assert_true(shared(NULL, 0, square, 4) == 0);
}

static void test_a_bow_tie_has_its_two_halves(void **unused) {
    (void)unused;
    const elc_point tie[] = {{0, 0}, {8, 8}, {8, 0}, {0, 8}};
    assert_near(shared(tie, 4, square, 4), 32);
}

static void test_equal_outlines_share_all_of_it(void **unused) {
    (void)unused;
    const elc_point turned[] = {{5, 0.1}, {9.7, 4}, {5.2, 9}, {0.3, 4.4}};
    double area;
    assert_int_equal(elc_shape_areas(&(elc_shape){turned, 4, 0}, 1, &area, NULL),
                     ELC_OK);
    assert_true(shared(turned, 4, turned, 4) == area);
}

static void test_neighbours_that_touch_share_nothing(void **unused) {
    (void)unused;
    const elc_point beside[] = {{8, 0}, {16, 0}, {16, 8}, {8, 8}};
    const elc_point corner[] = {{8, 8}, {12, 4}, {16, 8}, {12, 12}};
    assert_true(shared(square, 4, beside, 4) == 0);
    assert_true(shared(square, 4, corner, 4) == 0);
}

static void test_what_is_no_number_or_too_far_is_refused(void **unused) {
    (void)unused;
    const double odd[] = {NAN, INFINITY, -INFINITY, 1e300, 2e9};
    for (size_t i = 0; i < 5; i++) {
        elc_error err = {0};
        elc_point r[] = {{0, 0}, {8, 0}, {8, odd[i]}, {0, 8}};
        elc_shape o = {r, 4, 0}, good = {square, 4, 0};
        elc_overlap *found = NULL;
        size_t n;
        assert_int_equal(elc_shapes_overlap(&good, 1, &o, 1, 0, &found, &n, &err),
                         ELC_E_FORMAT);
        assert_non_null(strstr(err.message, "outline 1 has a point (8, "));
        assert_null(found);
    }
}

/* ---- WKB ------------------------------------------------------------------------ */

static double area_of_wkt(const char *wkt) {
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKTReader_read_r(geos, reader, wkt);
    size_t size, n = 0, capacity = 0;
    unsigned char *wkb = GEOSGeomToWKB_buf_r(geos, shape, &size);
    elc_point *points = NULL;
    double area;
    assert_int_equal(elc_wkb_shape(wkb, size, &points, &n, &capacity, NULL), ELC_OK);
    assert_int_equal(elc_shape_areas(&(elc_shape){points, n, 0}, 1, &area, NULL),
                     ELC_OK);
    free(points);
    GEOSFree_r(geos, wkb);
    GEOSGeom_destroy_r(geos, shape);
    GEOSWKTReader_destroy_r(geos, reader);
    GEOS_finish_r(geos);
    return area;
}

static void test_holes_and_parts_of_wkb_are_in_its_outline(void **unused) {
    (void)unused;
    assert_near(area_of_wkt("POLYGON((0 0,8 0,8 8,0 8,0 0))"), 64);
    assert_near(area_of_wkt("POLYGON((0 0,8 0,8 8,0 8,0 0),(2 2,4 2,4 4,2 4,2 2))"),
                60);
    assert_near(area_of_wkt("MULTIPOLYGON(((0 0,8 0,8 8,0 8,0 0),(1 1,1 2,2 2,2 1,1 1),"
                            "(5 5,5 7,7 7,7 5,5 5)),((20 0,24 0,24 4,20 0)))"),
                67);
    assert_near(area_of_wkt("POLYGON EMPTY"), 0);
    assert_near(area_of_wkt("POINT(1 2)"), 0);
    assert_near(area_of_wkt("LINESTRING(0 0,5 5,9 9)"), 0);
}

static void test_outlines_that_cross_themselves_everywhere_are_refused(void **unused) {
    (void)unused;
    enum { TANGLED = 5000 };
    elc_point *ring = calloc(TANGLED, sizeof *ring);
    for (int i = 0; i < TANGLED; i++)
        ring[i] = (elc_point){i * 7919 % 10007, i * 104729 % 10007};
    elc_shape tangle = {.ring = ring, .n = TANGLED};
    elc_error err = {0};
    double area = 0;
    assert_int_equal(elc_shape_areas(&tangle, 1, &area, &err), ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "crosses itself"));
    free(ring);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outlines_that_cross_themselves_everywhere_are_refused),
        cmocka_unit_test(test_shared_areas_are_those_of_geos),
        cmocka_unit_test(test_areas_are_those_of_geos),
        cmocka_unit_test(test_what_has_no_area_shares_none),
        cmocka_unit_test(test_a_bow_tie_has_its_two_halves),
        cmocka_unit_test(test_equal_outlines_share_all_of_it),
        cmocka_unit_test(test_neighbours_that_touch_share_nothing),
        cmocka_unit_test(test_what_is_no_number_or_too_far_is_refused),
        cmocka_unit_test(test_holes_and_parts_of_wkb_are_in_its_outline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
