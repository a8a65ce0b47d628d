/* test_shapes_internal.c - overlaps, cuts and unions of turned boxes against GEOS, and
   of masks against grids of pixels. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/shape.h"
#include "simulate.h"

#include <geos_c.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROUNDS = 4000 };

static double between(uint64_t *seed, double low, double high) {
    return low + (high - low) * sim_unit(seed);
}

static void envelope(elc_box *box) {
    double c[4][2];
    elc_turned_corners(&box->turned, c);
    box->xmin = fmin(fmin(c[0][0], c[1][0]), fmin(c[2][0], c[3][0]));
    box->xmax = fmax(fmax(c[0][0], c[1][0]), fmax(c[2][0], c[3][0]));
    box->ymin = fmin(fmin(c[0][1], c[1][1]), fmin(c[2][1], c[3][1]));
    box->ymax = fmax(fmax(c[0][1], c[1][1]), fmax(c[2][1], c[3][1]));
}

static elc_box any_turned(uint64_t *seed, double x, double y) {
    elc_box box = {.score = 0.5f};
    box.turned = (elc_turned){x + between(seed, -30, 30), y + between(seed, -30, 30),
                              between(seed, 0.5, 60), between(seed, 0.5, 60),
                              between(seed, -7, 7)};
    if (sim_next(seed) % 8 == 0) /* sides that lie on each other */
        box.turned.angle = M_PI / 2 * (double)(sim_next(seed) % 5);
    if (sim_next(seed) % 16 == 0) {
        box.turned.x = x;
        box.turned.y = y;
    }
    envelope(&box);
    return box;
}

/* What a box shows, as GEOS has it: the rectangle, cut to the corners. */
static GEOSGeometry *shape_of(GEOSContextHandle_t geos, const elc_box *box) {
    double c[4][2];
    elc_turned_corners(&box->turned, c);
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(geos, 5, 2);
    for (unsigned i = 0; i < 5; i++)
        GEOSCoordSeq_setXY_r(geos, points, i, c[i % 4][0], c[i % 4][1]);
    GEOSGeometry *ring = GEOSGeom_createLinearRing_r(geos, points);
    GEOSGeometry *whole = GEOSGeom_createPolygon_r(geos, ring, NULL, 0);
    GEOSGeometry *frame =
        GEOSGeom_createRectangle_r(geos, box->xmin, box->ymin, box->xmax, box->ymax);
    GEOSGeometry *seen = GEOSIntersection_r(geos, whole, frame);
    GEOSGeom_destroy_r(geos, whole);
    GEOSGeom_destroy_r(geos, frame);
    return seen;
}

static double area_of(GEOSContextHandle_t geos, GEOSGeometry *shape) {
    double area = 0;
    GEOSArea_r(geos, shape, &area);
    GEOSGeom_destroy_r(geos, shape);
    return area;
}

static double iou_by_geos(GEOSContextHandle_t geos, const elc_box *a,
                          const elc_box *b) {
    GEOSGeometry *p = shape_of(geos, a), *q = shape_of(geos, b);
    double common = area_of(geos, GEOSIntersection_r(geos, p, q));
    double of_p = area_of(geos, p), of_q = area_of(geos, q);
    return common > 0 ? common / (of_p + of_q - common) : 0;
}

static void test_turned_boxes_overlap_as_geos_says(void **state) {
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    uint64_t seed = 5;
    size_t touching = 0;
    for (int i = 0; i < ROUNDS; i++) {
        double x = i % 2 ? 0 : 2e5, y = i % 2 ? 0 : 1e5;
        elc_box a = any_turned(&seed, x, y), b = any_turned(&seed, x, y);
        if (i % 3 == 0)
            elc_box_clip(&a, (elc_window){(int64_t)x - 10, (int64_t)y - 20, 30, 25});
        if (!(a.xmax > a.xmin && a.ymax > a.ymin))
            continue;
        double expected = iou_by_geos(geos, &a, &b), got = elc_box_iou(&a, &b);
        touching += expected > 0;
        if (!(fabs(got - expected) <= 1e-7))
            fail_msg("round %d: %.12g, GEOS says %.12g", i, got, expected);
    }
    assert_true(touching > ROUNDS / 3);
    GEOS_finish_r(geos);
}

static void test_a_turned_box_is_cut_to_what_a_window_shows(void **state) {
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    uint64_t seed = 6;
    for (int i = 0; i < ROUNDS; i++) {
        elc_box whole = any_turned(&seed, 0, 0), cut = whole;
        elc_window w = {-20, -10, 25, 40}, second = {-10, -30, 90, 45};
        elc_box_clip(&cut, w);
        elc_box_clip(&cut, second);
        GEOSGeometry *shape = shape_of(geos, &whole);
        GEOSGeometry *frame = GEOSGeom_createRectangle_r(geos, -10, -10, 5, 15);
        GEOSGeometry *seen = GEOSIntersection_r(geos, shape, frame);
        double x0, y0, x1, y1;
        if (GEOSGeom_getXMin_r(geos, seen, &x0) &&
            GEOSGeom_getYMin_r(geos, seen, &y0) &&
            GEOSGeom_getXMax_r(geos, seen, &x1) &&
            GEOSGeom_getYMax_r(geos, seen, &y1) && x1 - x0 > 1e-6 && y1 - y0 > 1e-6) {
            assert_true(fabs(cut.xmin - x0) < 1e-6 && fabs(cut.ymin - y0) < 1e-6);
            assert_true(fabs(cut.xmax - x1) < 1e-6 && fabs(cut.ymax - y1) < 1e-6);
        } else {
            assert_false(cut.xmax - cut.xmin > 1e-6 && cut.ymax - cut.ymin > 1e-6);
        }
        GEOSGeom_destroy_r(geos, seen);
        GEOSGeom_destroy_r(geos, frame);
        GEOSGeom_destroy_r(geos, shape);
    }
    GEOS_finish_r(geos);
}

static void test_halves_of_a_turned_box_make_it_whole(void **state) {
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < ROUNDS; i++) {
        elc_box whole = any_turned(&seed, 0, 0), left = whole, right = whole;
        elc_box_clip(&left, (elc_window){-200, -200, 203, 400});
        elc_box_clip(&right, (elc_window){-3, -200, 203, 400});
        elc_spread spread;
        elc_spread_start(&spread, &whole.turned);
        elc_spread_add(&spread, &left);
        elc_spread_add(&spread, &right);
        elc_turned t = elc_spread_turned(&spread), u = whole.turned;
        assert_true(fabs(t.x - u.x) < 1e-9 && fabs(t.y - u.y) < 1e-9);
        assert_true(fabs(t.width - u.width) < 1e-9);
        assert_true(fabs(t.height - u.height) < 1e-9);
    }
}

/* ---- masks -------------------------------------------------------------------------
 */

enum { GRID = 24 };
typedef struct grid {
    bool on[GRID][GRID];
} grid;

static grid any_grid(uint64_t *seed) {
    grid g = {0};
    uint64_t dense = 1 + sim_next(seed) % 7;
    for (int y = 0; y < GRID; y++)
        for (int x = 0; x < GRID; x++)
            g.on[y][x] = sim_next(seed) % 8 < dense;
    return g;
}

static elc_box mask_of(const grid *g) {
    size_t most = GRID * GRID;
    elc_box box = {.xmin = 0, .ymin = 0, .xmax = GRID, .ymax = GRID};
    box.mask = calloc(1, sizeof *box.mask + most * sizeof *box.mask->runs);
    for (int y = 0; y < GRID; y++)
        for (int x = 0; x < GRID; x++) {
            if (!g->on[y][x])
                continue;
            if (x > 0 && g->on[y][x - 1])
                box.mask->runs[box.mask->n - 1].end++;
            else
                box.mask->runs[box.mask->n++] = (elc_run){y, x, x + 1};
        }
    return box;
}

static void assert_is(const elc_mask *mask, const grid *g) {
    elc_box expected = mask_of(g);
    assert_int_equal(mask->n, expected.mask->n);
    assert_memory_equal(mask->runs, expected.mask->runs, mask->n * sizeof *mask->runs);
    elc_box_clear(&expected);
}

static bool in_window(elc_window w, int x, int y) {
    return x >= w.x && x < w.x + w.width && y >= w.y && y < w.y + w.height;
}

static double iou_by_pixels(const grid *a, elc_window a_in, const grid *b,
                            elc_window b_in) {
    double both = 0, either = 0;
    for (int y = 0; y < GRID; y++)
        for (int x = 0; x < GRID; x++) {
            bool p = a->on[y][x] && in_window(a_in, x, y);
            bool q = b->on[y][x] && in_window(b_in, x, y);
            both += p && q;
            either += p || q;
        }
    return either > 0 ? both / either : 0;
}

static elc_window any_window(uint64_t *seed) {
    return (elc_window){
        (int64_t)(sim_next(seed) % GRID) - 4, (int64_t)(sim_next(seed) % GRID) - 4,
        1 + (int64_t)(sim_next(seed) % GRID), 1 + (int64_t)(sim_next(seed) % GRID)};
}

static void test_masks_do_what_their_pixels_do(void **state) {
    (void)state;
    uint64_t seed = 8;
    for (int i = 0; i < ROUNDS; i++) {
        grid g = any_grid(&seed), h = any_grid(&seed), both = {0}, part = {0};
        elc_box a = mask_of(&g), b = mask_of(&h), copy = {0};
        elc_window v = any_window(&seed), w = any_window(&seed);
        elc_mask *joint = NULL;
        assert_float_equal(elc_box_iou_seen(&a, &v, &b, &w),
                           iou_by_pixels(&g, v, &h, w), 1e-12);
        assert_int_equal(elc_mask_join(a.mask, b.mask, &joint, NULL), ELC_OK);
        assert_int_equal(elc_box_copy(&a, &copy, NULL), ELC_OK);
        elc_box_clip(&copy, v);
        for (int y = 0; y < GRID; y++)
            for (int x = 0; x < GRID; x++) {
                both.on[y][x] = g.on[y][x] || h.on[y][x];
                part.on[y][x] = g.on[y][x] && in_window(v, x, y);
            }
        assert_is(joint, &both);
        assert_is(copy.mask, &part);
        assert_is(a.mask, &g);
        free(joint);
        elc_box_clear(&a);
        elc_box_clear(&b);
        elc_box_clear(&copy);
    }
}

static GEOSGeometry *read_wkb(GEOSContextHandle_t geos, const elc_string *wkb) {
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *shape =
        GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb->data, wkb->size);
    GEOSWKBReader_destroy_r(geos, reader);
    assert_non_null(shape);
    return shape;
}

/* The union of the pixels by GEOS. */
static GEOSGeometry *pixels_by_geos(GEOSContextHandle_t geos, const grid *g) {
    GEOSGeometry *cells[GRID * GRID];
    unsigned n = 0;
    for (int y = 0; y < GRID; y++)
        for (int x = 0; x < GRID; x++)
            if (g->on[y][x])
                cells[n++] = GEOSGeom_createRectangle_r(geos, x, y, x + 1, y + 1);
    GEOSGeometry *all =
        GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, cells, n);
    GEOSGeometry *joint = GEOSUnaryUnion_r(geos, all);
    GEOSGeom_destroy_r(geos, all);
    return joint;
}

static void assert_traced(GEOSContextHandle_t geos, const grid *g) {
    elc_box box = mask_of(g);
    elc_outline outline = {0};
    elc_string wkb = {0};
    elc_error err = {0};
    if (box.mask->n > 0) {
        if (elc_mask_outline(box.mask, &outline, &err) != ELC_OK ||
            elc_wkb_outline(&outline, &wkb, &err) != ELC_OK)
            fail_msg("%s", err.message);
        GEOSGeometry *traced = read_wkb(geos, &wkb), *joint = pixels_by_geos(geos, g);
        assert_int_equal(GEOSisValid_r(geos, traced), 1);
        assert_int_equal(GEOSEquals_r(geos, traced, joint), 1);
        assert_int_equal(GEOSGetNumGeometries_r(geos, traced),
                         GEOSGetNumGeometries_r(geos, joint));
        GEOSGeom_destroy_r(geos, traced);
        GEOSGeom_destroy_r(geos, joint);
    }
    elc_string_free(&wkb);
    elc_outline_free(&outline);
    elc_box_clear(&box);
}

static void test_the_outline_of_a_mask_is_the_union_of_its_pixels(void **state) {
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    uint64_t seed = 9;
    for (int i = 0; i < 60; i++) {
        grid g = any_grid(&seed);
        assert_traced(geos, &g);
    }
    grid chess = {0}, ring = {0};
    for (int y = 0; y < GRID; y++)
        for (int x = 0; x < GRID; x++) {
            chess.on[y][x] = (x + y) % 2;
            ring.on[y][x] = x == 0 || y == 0 || x == GRID - 1 || y == GRID - 1;
        }
    assert_traced(geos, &chess);
    assert_traced(geos, &ring);
    GEOS_finish_r(geos);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turned_boxes_overlap_as_geos_says),
        cmocka_unit_test(test_a_turned_box_is_cut_to_what_a_window_shows),
        cmocka_unit_test(test_halves_of_a_turned_box_make_it_whole),
        cmocka_unit_test(test_the_outline_of_a_mask_is_the_union_of_its_pixels),
        cmocka_unit_test(test_masks_do_what_their_pixels_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
