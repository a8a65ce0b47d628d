/* test_cut.c - labels cut to windows, against arithmetic and GEOS. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <geos_c.h>

typedef struct result {
    elc_cut_label *items;
    size_t n;
} result;

/* One label, cut. */
static result cut(elc_point *ring, size_t n, double x, double y, double width,
                  double height) {
    elc_label label = {.class_name = "a", .ring = ring, .n = n};
    elc_labels labels = {.items = &label, .count = 1};
    result r = {0};
    elc_error err = {0};
    if (elc_labels_cut(&labels, NULL, 1, x, y, width, height, &r.items, &r.n, &err) !=
        ELC_OK)
        fail_msg("%s", err.message);
    return r;
}

static void assert_cut(result r, double xmin, double ymin, double xmax, double ymax,
                       double visible) {
    assert_int_equal(r.n, 1);
    written_assert_near(r.items[0].xmin, xmin);
    written_assert_near(r.items[0].ymin, ymin);
    written_assert_near(r.items[0].xmax, xmax);
    written_assert_near(r.items[0].ymax, ymax);
    written_assert_near(r.items[0].visible, visible);
    elc_cut_labels_free(r.items, r.n);
}

static void assert_none(result r) {
    assert_int_equal(r.n, 0);
    elc_cut_labels_free(r.items, r.n);
}

#define BOX(a, b, c, d)                                                                \
    (elc_point[]) {                                                                    \
        {a, b}, {c, b}, {c, d}, {                                                      \
            a, d                                                                       \
        }                                                                              \
    }

static void test_cut_of_a_box_is_arithmetic(void **state) {
    (void)state;
    assert_cut(cut(BOX(10, 10, 30, 20), 4, 0, 0, 100, 100), 10, 10, 30, 20, 1);
    assert_cut(cut(BOX(10, 10, 30, 20), 4, 25, 5, 100, 100), 0, 5, 5, 15, 0.25);
    assert_cut(cut(BOX(-10, -10, 10, 10), 4, 0, 0, 8, 100), 0, 0, 8, 10, 0.2);
    assert_none(cut(BOX(10, 10, 30, 20), 4, 30, 0, 10, 100)); /* they only touch */
    assert_none(cut(BOX(10, 10, 10, 20), 4, 0, 0, 100, 100)); /* it has no area */
}

static void test_cut_of_boxes_in_tiles_sums_to_one(void **state) {
    (void)state;
    double sum = 0;
    for (int i = 0; i < 100; i++) {
        result r = cut(BOX(3.7, 11.1, 68.3, 42.9), 4, i % 10 * 8, i / 10 * 8, 8, 8);
        sum += r.n > 0 ? r.items[0].visible : 0;
        elc_cut_labels_free(r.items, r.n);
    }
    written_assert_near(sum, 1);
}

static void test_cut_gives_a_point_to_one_tile(void **state) {
    (void)state;
    elc_point p = {8, 8};
    assert_none(cut(&p, 1, 0, 0, 8, 8));
    assert_none(cut(&p, 1, 8, 0, 8, 8));
    assert_cut(cut(&p, 1, 8, 8, 8, 8), 0, 0, 0, 0, 1);
}

static void test_cut_of_a_triangle_is_its_share(void **state) {
    (void)state;
    elc_point ring[] = {{0, 0}, {10, 0}, {0, 10}};
    assert_cut(cut(ring, 3, 5, 0, 10, 10), 0, 0, 5, 5, 0.25);
    assert_cut(cut(ring, 3, 0, 0, 10, 10), 0, 0, 10, 10, 1);
    assert_none(cut(ring, 3, 6, 6, 10, 10)); /* its bounds meet, it does not */
}

static void test_cut_keeps_the_points_of_what_is_whole_inside(void **state) {
    (void)state;
    elc_point ring[] = {{15, 12}, {18, 15}, {15, 18}, {12, 15}};
    result r = cut(ring, 4, 10, 10, 20, 20);
    assert_int_equal(r.items[0].n, 4);
    for (int i = 0; i < 4; i++) {
        written_assert_near(r.items[0].ring[i].x, ring[i].x - 10);
        written_assert_near(r.items[0].ring[i].y, ring[i].y - 10);
    }
    elc_cut_labels_free(r.items, r.n);
}

/* A bow tie of two triangles of 25 square pixels each. */
static void test_cut_makes_crossing_shapes_valid(void **state) {
    (void)state;
    elc_point ring[] = {{0, 0}, {10, 10}, {10, 0}, {0, 10}};
    assert_cut(cut(ring, 4, 0, 0, 5, 10), 0, 0, 5, 10, 0.5);
    assert_cut(cut(ring, 4, 0, 0, 10, 10), 0, 0, 10, 10, 1);
}

/* A square of 10 with a hole of 4, joined to its first point there and back. */
static void test_cut_respects_holes(void **state) {
    (void)state;
    elc_point ring[] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0},
                        {3, 3}, {3, 7},  {7, 7},   {7, 3},  {3, 3}};
    assert_cut(cut(ring, 10, 0, 0, 5, 10), 0, 0, 5, 10, 0.5);
    assert_none(cut(ring, 10, 4, 4, 2, 2));
    result r = cut(ring, 10, 0, 0, 9, 10);
    written_assert_near(r.items[0].visible, 74.0 / 84);
    elc_cut_labels_free(r.items, r.n);
}

/* A U whose arms are seen and whose back is not: one label of two parts. */
static void test_cut_joins_parts_to_one_outline(void **state) {
    (void)state;
    elc_point ring[] = {{0, 0}, {2, 0},  {2, 8},   {8, 8},
                        {8, 0}, {10, 0}, {10, 10}, {0, 10}};
    result r = cut(ring, 8, 0, 0, 10, 5), again;
    assert_int_equal(r.n, 1);
    written_assert_near(r.items[0].visible, 20.0 / 52);
    again = cut(r.items[0].ring, r.items[0].n, 0, 0, 5, 10);
    written_assert_near(again.items[0].visible, 0.5);
    elc_cut_labels_free(again.items, again.n);
    elc_cut_labels_free(r.items, r.n);
}

/* Of what has no area, and of what is on the map. */
static void test_cut_passes_over_what_has_no_area(void **state) {
    (void)state;
    elc_point line[] = {{0, 0}, {10, 10}, {5, 5}};
    assert_none(cut(line, 3, 0, 0, 100, 100));
    assert_none(cut(line, 2, 0, 0, 100, 100));
    elc_label label = {
        .class_name = "a", .on_map = true, .ring = BOX(1, 1, 2, 2), .n = 4};
    elc_labels labels = {.items = &label, .count = 1};
    result r = {0};
    assert_int_equal(elc_labels_cut(&labels, NULL, 1, 0, 0, 9, 9, &r.items, &r.n, NULL),
                     ELC_OK);
    assert_none(r);
}

static void test_cut_refuses_windows_and_points_that_are_nowhere(void **state) {
    (void)state;
    elc_point ring[] = {{0, 0}, {NAN, 10}, {5, 5}};
    elc_label label = {.class_name = "a", .ring = ring, .n = 3};
    elc_labels labels = {.items = &label, .count = 1};
    result r = {0};
    elc_error err = {0};
    assert_int_equal(elc_labels_cut(&labels, NULL, 1, 0, 0, 9, 9, &r.items, &r.n, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "finite"));
    assert_int_equal(elc_labels_cut(&labels, NULL, 0, 0, 0, 0, 9, &r.items, &r.n, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "no area"));
}

/* ---- GEOS, asked in another way: WKT and an intersection ------------------- */

static GEOSGeometry *from_ring(GEOSContextHandle_t geos, const elc_point *ring,
                               size_t n) {
    elc_string wkt = {0};
    assert_int_equal(elc_string_printf(&wkt, NULL, "POLYGON(("), ELC_OK);
    for (size_t i = 0; i <= n; i++)
        assert_int_equal(elc_string_printf(&wkt, NULL, "%s%.17g %.17g",
                                           i > 0 ? "," : "", ring[i % n].x,
                                           ring[i % n].y),
                         ELC_OK);
    assert_int_equal(elc_string_printf(&wkt, NULL, "))"), ELC_OK);
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKTReader_read_r(geos, reader, wkt.data);
    GEOSWKTReader_destroy_r(geos, reader);
    elc_string_free(&wkt);
    return shape;
}

static double area_in(GEOSContextHandle_t geos, const GEOSGeometry *shape, double x,
                      double y, double side) {
    double area = 0;
    GEOSGeometry *window = from_ring(geos, BOX(x, y, x + side, y + side), 4);
    GEOSGeometry *part = GEOSIntersection_r(geos, shape, window);
    assert_int_equal(GEOSArea_r(geos, part, &area), 1);
    GEOSGeom_destroy_r(geos, part);
    GEOSGeom_destroy_r(geos, window);
    return area;
}

/* A star of `n` points round (50, 50), its radii by a fixed sequence. */
static void make_star(elc_point *ring, size_t n, unsigned seed) {
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1103515245u + 12345u;
        double radius = 10 + (seed >> 16) % 300 / 10.0;
        double angle = 2 * acos(-1) * (double)i / (double)n;
        ring[i] = (elc_point){50 + radius * cos(angle), 50 + radius * sin(angle)};
    }
}

static void check_star(GEOSContextHandle_t geos, unsigned seed) {
    elc_point ring[23];
    double whole = 0;
    make_star(ring, 23, seed);
    GEOSGeometry *shape = from_ring(geos, ring, 23);
    GEOSArea_r(geos, shape, &whole);
    for (int i = 0; i < 9; i++) {
        double x = 5 + i % 3 * 30, y = 5 + i / 3 * 30;
        result r = cut(ring, 23, x, y, 30, 30);
        double seen = r.n > 0 ? r.items[0].visible * whole : 0;
        written_assert_near(seen, area_in(geos, shape, x, y, 30));
        elc_cut_labels_free(r.items, r.n);
    }
    GEOSGeom_destroy_r(geos, shape);
}

static void test_cut_shares_are_those_of_geos(void **state) {
    (void)state;
    GEOSContextHandle_t geos = GEOS_init_r();
    for (unsigned seed = 0; seed < 40; seed++)
        check_star(geos, seed);
    GEOS_finish_r(geos);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_of_a_box_is_arithmetic),
        cmocka_unit_test(test_cut_of_boxes_in_tiles_sums_to_one),
        cmocka_unit_test(test_cut_gives_a_point_to_one_tile),
        cmocka_unit_test(test_cut_of_a_triangle_is_its_share),
        cmocka_unit_test(test_cut_keeps_the_points_of_what_is_whole_inside),
        cmocka_unit_test(test_cut_makes_crossing_shapes_valid),
        cmocka_unit_test(test_cut_respects_holes),
        cmocka_unit_test(test_cut_joins_parts_to_one_outline),
        cmocka_unit_test(test_cut_passes_over_what_has_no_area),
        cmocka_unit_test(test_cut_refuses_windows_and_points_that_are_nowhere),
        cmocka_unit_test(test_cut_shares_are_those_of_geos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
