/* test_cover.c - covers of geometries by cells: exact, with holes, bounded. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geometry.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <geos_c.h>

static GEOSContextHandle_t geos;

static int open_geos(void **state) {
    (void)state;
    geos = GEOS_init_r();
    return geos == NULL;
}

static int close_geos(void **state) {
    (void)state;
    GEOS_finish_r(geos);
    return 0;
}

/* ---- helpers ----------------------------------------------------------------------
 */

static GEOSGeometry *shape_of(const char *wkt) {
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKTReader_read_r(geos, reader, wkt);
    GEOSWKTReader_destroy_r(geos, reader);
    assert_non_null(shape);
    return shape;
}

typedef elc_status (*coverer)(const void *wkb, size_t size, int level, size_t most,
                              elc_cover *out, elc_error *err);

static elc_cover cover_of(const GEOSGeometry *shape, coverer make, int level,
                          size_t most) {
    size_t size = 0;
    elc_cover cover = {0};
    elc_error err = {0};
    unsigned char *wkb = GEOSGeomToWKB_buf_r(geos, shape, &size);
    if (make(wkb, size, level, most, &cover, &err) != ELC_OK)
        fail_msg("%s", err.message);
    GEOSFree_r(geos, wkb);
    return cover;
}

static GEOSGeometry *outline_of(coverer make, elc_cover_cell cell) {
    elc_point low, high;
    if (make == elc_cover_zcells)
        elc_zcell_bounds((elc_zcell){(uint64_t)cell.cell, cell.level}, &low, &high);
    else
        elc_quad_bounds(elc_quad_of_code(cell.level, cell.cell), &low, &high);
    return GEOSGeom_createRectangle_r(geos, low.x, low.y, high.x, high.y);
}

/* All cells stand in their relation to the shape, none lies over another, and together
   they hold it, by GEOS without its prepared geometries. */
static void is_exact(const GEOSGeometry *shape, coverer make, elc_cover cover) {
    GEOSGeometry **outlines = calloc(cover.count + 1, sizeof *outlines);
    double area = 0, sum = 0;
    for (size_t i = 0; i < cover.count; i++) {
        outlines[i] = outline_of(make, cover.cells[i]);
        elc_cover_relation relation = cover.cells[i].relation;
        assert_int_equal(GEOSIntersects_r(geos, shape, outlines[i]), 1);
        assert_int_equal(GEOSCovers_r(geos, shape, outlines[i]),
                         relation == ELC_COVER_WITHIN);
        if (relation == ELC_COVER_CONTAINS)
            assert_int_equal(GEOSCovers_r(geos, outlines[i], shape), 1);
        GEOSArea_r(geos, outlines[i], &area);
        sum += area;
    }
    GEOSGeometry *all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION,
                                                    outlines, (unsigned)cover.count);
    GEOSGeometry *whole = GEOSUnaryUnion_r(geos, all);
    GEOSArea_r(geos, whole, &area);
    assert_true(fabs(area - sum) <= 1e-9 * sum);
    assert_int_equal(GEOSCovers_r(geos, whole, shape), 1);
    GEOSGeom_destroy_r(geos, whole);
    GEOSGeom_destroy_r(geos, all);
    free(outlines);
}

static void covers_exactly(const char *wkt, coverer make, int level, size_t most) {
    GEOSGeometry *shape = shape_of(wkt);
    elc_cover cover = cover_of(shape, make, level, most);
    assert_true(cover.count > 0 && cover.count <= most);
    is_exact(shape, make, cover);
    free(cover.cells);
    GEOSGeom_destroy_r(geos, shape);
}

static const char *const SHAPES[] = {
    "POINT (13.4 52.5)",
    "POINT (0 0)",
    "POINT (180 85)",
    "MULTIPOINT ((-10 20), (170 -30), (0 0))",
    "LINESTRING (0 0, 45 45)",
    "LINESTRING (-180 0, 180 0)",
    "POLYGON ((1 1, 2 1, 1.5 2, 1 1))",
    "POLYGON ((0 0, 45 0, 45 22.5, 0 22.5, 0 0))",
    "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 8, 8 8, 8 2, 2 2))",
    "MULTIPOLYGON (((170 -10, 180 -10, 180 10, 170 10, 170 -10)), ((-180 -10, -170 "
    "-10, "
    "-170 10, -180 10, -180 -10)))",
    "GEOMETRYCOLLECTION (POINT (3 3), POLYGON ((20 20, 30 20, 25 30, 20 20)), "
    "LINESTRING "
    "(5 5, 6 7))",
    "POLYGON ((-100 -60, 100 -60, 100 60, -100 60, -100 -60))"};
enum { N_SHAPES = sizeof SHAPES / sizeof *SHAPES };

/* ---- cells that divide ------------------------------------------------------------
 */

static void test_cover_of_any_shape_is_exact(void **state) {
    (void)state;
    for (int i = 0; i < N_SHAPES; i++) {
        covers_exactly(SHAPES[i], elc_cover_zcells, 20, 64);
        covers_exactly(SHAPES[i], elc_cover_zcells, 1, 4);
        covers_exactly(SHAPES[i], elc_cover_zcells, 12, 100000);
        covers_exactly(SHAPES[i], elc_cover_quads, 10, 64);
        covers_exactly(SHAPES[i], elc_cover_quads, 6, 100000);
    }
}

static void test_cover_does_not_fill_a_hole_within_one_cell(void **state) {
    (void)state;
    GEOSGeometry *shape = shape_of("POLYGON ((-1 -1, 50 -1, 50 30, -1 30, -1 -1), "
                                   "(20 10, 20.1 10, 20.1 10.1, 20 10.1, 20 10))");
    elc_cover cover = cover_of(shape, elc_cover_zcells, 6, 1000);
    elc_zcell at;
    elc_zcell_at((elc_point){20.05, 10.05}, 6, &at, NULL);
    for (size_t i = 0; i < cover.count; i++)
        if (cover.cells[i].level == 6 && cover.cells[i].cell == (int64_t)at.code)
            assert_int_equal(cover.cells[i].relation, ELC_COVER_MEETS);
    is_exact(shape, elc_cover_zcells, cover);
    free(cover.cells);
    GEOSGeom_destroy_r(geos, shape);
}

static void test_cover_of_a_wide_polygon_at_30_bits_is_small(void **state) {
    (void)state;
    covers_exactly("POLYGON ((-10 35, 48 35, 47 60, -9 60, -10 35))", elc_cover_zcells,
                   30, 500);
}

static void test_cover_takes_one_cell_where_all_lies_in_it(void **state) {
    (void)state;
    GEOSGeometry *shape = shape_of("POLYGON ((1 1, 1.001 1, 1.001 1.001, 1 1))");
    elc_cover cover = cover_of(shape, elc_cover_zcells, 10, 100);
    assert_int_equal(cover.count, 1);
    assert_int_equal(cover.cells[0].level, 10);
    assert_int_equal(cover.cells[0].relation, ELC_COVER_CONTAINS);
    free(cover.cells);
    GEOSGeom_destroy_r(geos, shape);
}

static void test_cover_of_nothing_is_nothing(void **state) {
    (void)state;
    GEOSGeometry *shape = shape_of("POLYGON EMPTY");
    elc_cover cover = cover_of(shape, elc_cover_zcells, 10, 100);
    assert_int_equal(cover.count, 0);
    GEOSGeom_destroy_r(geos, shape);
    shape = shape_of("POINT (200 0)");
    cover = cover_of(shape, elc_cover_quads, 10, 100);
    assert_int_equal(cover.count, 0);
    GEOSGeom_destroy_r(geos, shape);
}

static void test_cover_refuses_what_has_no_cells(void **state) {
    (void)state;
    elc_cover cover = {0};
    elc_error err = {0};
    assert_int_equal(elc_cover_zcells("x", 1, 10, 10, &cover, &err), ELC_E_FORMAT);
    assert_int_equal(elc_cover_quads("x", 1, 31, 10, &cover, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_cover_zcells("x", 1, 61, 10, &cover, &err), ELC_E_ARGUMENT);
    unsigned char line[9 + 4 * sizeof(double)] = {1, 2, 0, 0, 0, 2};
    const double numbers[4] = {0, 0, INFINITY, 1};
    memcpy(line + 9, numbers, sizeof numbers);
    assert_int_equal(elc_cover_zcells(line, sizeof line, 10, 10, &cover, &err),
                     ELC_E_UNSUPPORTED);
    assert_int_equal(cover.count, 0);
}

/* ---- hexagons ---------------------------------------------------------------------
 */

static double size_m;

static elc_status hexes(const void *wkb, size_t size, int level, size_t most,
                        elc_cover *out, elc_error *err) {
    elc_hex_grid grid;
    (void)level;
    ELC_TRY(elc_hex_grid_create(size_m, &grid, err));
    return elc_cover_hexes(wkb, size, grid, most, out, err);
}

static bool has(elc_cover cover, int64_t cell) {
    for (size_t i = 0; i < cover.count; i++)
        if (cover.cells[i].cell == cell)
            return true;
    return false;
}

/* Every point of the shape is in one of its cells, or where lines are bent in the
   next one. */
static void has_points_of(const GEOSGeometry *shape, elc_cover cover,
                          elc_hex_grid grid) {
    for (int i = 0; i < 20000; i++) {
        elc_point p = {drand48() * 360 - 180, drand48() * 180 - 90};
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(geos, p.x, p.y);
        int64_t cell, near[6];
        size_t n = 0;
        bool found = GEOSIntersects_r(geos, shape, point) == 0;
        elc_hex_at(grid, &p, 1, &cell);
        found = found || has(cover, cell);
        assert_int_equal(elc_hex_neighbours(grid, cell, near, &n, NULL), ELC_OK);
        for (size_t k = 0; k < n && !found; k++)
            found = has(cover, near[k]);
        assert_true(found);
        GEOSGeom_destroy_r(geos, point);
    }
}

static void test_cover_by_hexagons_holds_every_point(void **state) {
    (void)state;
    srand48(3);
    size_m = 500e3;
    elc_hex_grid grid;
    assert_int_equal(elc_hex_grid_create(size_m, &grid, NULL), ELC_OK);
    for (int i = 0; i < N_SHAPES; i++) {
        GEOSGeometry *shape = shape_of(SHAPES[i]);
        elc_cover cover = cover_of(shape, hexes, 0, 100000);
        assert_true(cover.count > 0);
        has_points_of(shape, cover, grid);
        free(cover.cells);
        GEOSGeom_destroy_r(geos, shape);
    }
}

static void test_cover_by_hexagons_of_the_world_is_all_of_them(void **state) {
    (void)state;
    size_m = 1000e3;
    elc_hex_grid grid;
    assert_int_equal(elc_hex_grid_create(size_m, &grid, NULL), ELC_OK);
    GEOSGeometry *shape =
        shape_of("POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))");
    elc_cover cover = cover_of(shape, hexes, 0, 100000);
    assert_int_equal(cover.count, elc_hex_count(grid));
    free(cover.cells);
    GEOSGeom_destroy_r(geos, shape);
}

/* Of equal areas: as many as fit, and those on the border. */
static void test_cover_by_hexagons_tells_those_inside(void **state) {
    (void)state;
    size_m = 100;
    GEOSGeometry *shape = shape_of("POLYGON ((13.40 52.50, 13.43 52.50, 13.43 52.52, "
                                   "13.40 52.52, 13.40 52.50))"); /* 2.04 x 2.23 km */
    elc_cover cover = cover_of(shape, hexes, 0, 100000);
    size_t within = 0;
    for (size_t i = 0; i < cover.count; i++)
        within += cover.cells[i].relation == ELC_COVER_WITHIN;
    double fits = 2037.0 * 2225.5 / 8660.3;
    assert_true((double)within < fits && (double)within > fits - 110);
    assert_true((double)cover.count > fits && (double)cover.count < fits + 110);
    free(cover.cells);
    GEOSGeom_destroy_r(geos, shape);
}

static void test_cover_by_hexagons_stops_at_too_many(void **state) {
    (void)state;
    elc_cover cover = {0};
    elc_error err = {0};
    elc_hex_grid grid;
    elc_string wkb = {0};
    const elc_point ring[4] = {{0, 0}, {50, 0}, {50, 50}, {0, 50}};
    assert_int_equal(elc_hex_grid_create(1, &grid, NULL), ELC_OK);
    assert_int_equal(elc_wkb_polygon(ring, 4, &wkb, NULL), ELC_OK);
    assert_int_equal(elc_cover_hexes(wkb.data, wkb.size, grid, 1000, &cover, &err),
                     ELC_E_UNSUPPORTED);
    assert_int_equal(cover.count, 0);
    assert_non_null(strstr(err.message, "larger ones are fewer"));
    elc_string_free(&wkb);
    free(cover.cells);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cover_of_any_shape_is_exact),
        cmocka_unit_test(test_cover_does_not_fill_a_hole_within_one_cell),
        cmocka_unit_test(test_cover_of_a_wide_polygon_at_30_bits_is_small),
        cmocka_unit_test(test_cover_takes_one_cell_where_all_lies_in_it),
        cmocka_unit_test(test_cover_of_nothing_is_nothing),
        cmocka_unit_test(test_cover_refuses_what_has_no_cells),
        cmocka_unit_test(test_cover_by_hexagons_holds_every_point),
        cmocka_unit_test(test_cover_by_hexagons_of_the_world_is_all_of_them),
        cmocka_unit_test(test_cover_by_hexagons_tells_those_inside),
        cmocka_unit_test(test_cover_by_hexagons_stops_at_too_many),
    };
    return cmocka_run_group_tests(tests, open_geos, close_geos);
}
