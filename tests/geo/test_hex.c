/* test_hex.c - hexagons over the world: numbers, shapes, neighbours, areas. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define WORLD_M2           510065621724088.5
#define RADIANS_PER_DEGREE 0.017453292519943295

static const int64_t SMALL_GRIDS[] = {1, 2, 3, 4, 7, 16};
enum { GRIDS = sizeof SMALL_GRIDS / sizeof *SMALL_GRIDS };

/* Of equal chance for equal areas, near enough. */
static elc_point anywhere(void) {
    return (elc_point){drand48() * 360 - 180,
                       asin(2 * drand48() - 1) / RADIANS_PER_DEGREE};
}

static int64_t cell_of(elc_hex_grid grid, elc_point p) {
    int64_t cell;
    elc_hex_at(grid, &p, 1, &cell);
    return cell;
}

static elc_point centre_of(elc_hex_grid grid, int64_t cell) {
    elc_point p = {0};
    assert_int_equal(elc_hex_centre(grid, cell, &p, NULL), ELC_OK);
    return p;
}

static size_t corners_of(elc_hex_grid grid, int64_t cell, elc_point out[6]) {
    size_t n = 0;
    assert_int_equal(elc_hex_corners(grid, cell, out, &n, NULL), ELC_OK);
    return n;
}

static size_t neighbours_of(elc_hex_grid grid, int64_t cell, int64_t out[6]) {
    size_t n = 0;
    assert_int_equal(elc_hex_neighbours(grid, cell, out, &n, NULL), ELC_OK);
    return n;
}

static elc_hex_grid grid_of(double size_m) {
    elc_hex_grid grid = {0};
    assert_int_equal(elc_hex_grid_create(size_m, &grid, NULL), ELC_OK);
    return grid;
}

static void test_hex_is_the_cell_of_its_centre(void **state) {
    (void)state;
    for (int g = 0; g < GRIDS; g++) {
        elc_hex_grid grid = {SMALL_GRIDS[g]};
        assert_int_equal(elc_hex_count(grid), 10 * grid.steps * grid.steps + 2);
        for (int64_t cell = 0; cell < elc_hex_count(grid); cell++)
            assert_int_equal(cell_of(grid, centre_of(grid, cell)), cell);
    }
}

static void test_hex_of_any_size_is_the_cell_of_its_centre(void **state) {
    (void)state;
    const double sizes[] = {0.1, 1, 25, 100, 1234.5, 1e5, 7674457};
    srand48(4);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int i = 0; i < 20000; i++) {
            elc_hex_grid grid = grid_of(sizes[s]);
            int64_t cell = (int64_t)(drand48() * (double)elc_hex_count(grid));
            assert_int_equal(cell_of(grid, centre_of(grid, cell)), cell);
        }
}

static void test_hex_has_neighbours_that_have_it(void **state) {
    (void)state;
    for (int g = 0; g < GRIDS; g++) {
        elc_hex_grid grid = {SMALL_GRIDS[g]};
        for (int64_t cell = 0; cell < elc_hex_count(grid); cell++) {
            int64_t near[6], back[6];
            size_t n = neighbours_of(grid, cell, near);
            assert_int_equal(n, cell < 12 ? 5 : 6);
            for (size_t i = 0; i < n; i++) {
                size_t m = neighbours_of(grid, near[i], back), found = 0;
                for (size_t k = 0; k < m; k++)
                    found += back[k] == cell;
                assert_int_equal(found, 1);
            }
        }
    }
}

/* An edge is shared by a cell and one neighbour, which has it the other way round. */
static void test_hex_shares_each_edge_with_one_neighbour(void **state) {
    (void)state;
    elc_hex_grid grid = {9};
    for (int64_t cell = 0; cell < elc_hex_count(grid); cell++) {
        elc_point mine[6], theirs[6];
        int64_t near[6];
        size_t n = corners_of(grid, cell, mine), shared = 0;
        assert_int_equal(neighbours_of(grid, cell, near), n);
        for (size_t i = 0; i < n; i++) {
            size_t m = corners_of(grid, near[i], theirs);
            for (size_t a = 0; a < n; a++)
                for (size_t b = 0; b < m; b++)
                    shared += elc_distance_m(mine[a], theirs[(b + 1) % m]) < 1e-3 &&
                              elc_distance_m(mine[(a + 1) % n], theirs[b]) < 1e-3;
        }
        assert_int_equal(shared, n);
    }
}

/* By geodesic areas; where Snyder's map has a bend, at most 5 % are lost to straight
   edges. */
static void test_hex_has_the_area_of_all_others(void **state) {
    (void)state;
    elc_hex_grid grid = grid_of(1000);
    int bent = 0;
    srand48(5);
    double all = elc_hex_area_m2(grid) * (double)(elc_hex_count(grid) - 2);
    assert_true(fabs(all - WORLD_M2) <= 1);
    for (int i = 0; i < 20000; i++) {
        elc_point corners[6];
        size_t n = corners_of(grid, cell_of(grid, anywhere()), corners);
        double area = elc_ring_area_m2(corners, n, NULL) / elc_hex_area_m2(grid);
        assert_true(fabs(area - (1)) <= 0.05);
        bent += fabs(area - 1) > 1e-5;
    }
    assert_true(bent < 20);
}

static void test_hex_is_as_wide_as_asked(void **state) {
    (void)state;
    elc_hex_grid grid = grid_of(100);
    double sum = 0, least = INFINITY, most = 0;
    srand48(6);
    for (int i = 0; i < 10000; i++) {
        int64_t cell = cell_of(grid, anywhere()), near[6];
        size_t n = neighbours_of(grid, cell, near);
        for (size_t k = 0; k < n; k++) {
            double d = elc_distance_m(centre_of(grid, cell), centre_of(grid, near[k]));
            sum += d / (double)n / 10000;
            least = fmin(least, d);
            most = fmax(most, d);
        }
    }
    assert_true(fabs(sum - (100)) <= 1);
    assert_true(least > 84 && most < 117);
}

/* Equal areas have equal numbers of points, as far as chance allows: chi squared of 91
   degrees of freedom is under 150 but for one time in ten thousand. */
static void test_hex_holds_what_falls_on_its_area(void **state) {
    (void)state;
    elc_hex_grid grid = {3};
    int counts[92] = {0};
    double e2 = (2 - 1 / 298.257223563) / 298.257223563, chi = 0;
    srand48(7);
    for (int i = 0; i < 300000; i++) { /* by the ellipsoid's own areas, by refusal */
        elc_point p;
        double s;
        do {
            p = anywhere();
            s = sin(p.y * RADIANS_PER_DEGREE);
        } while (drand48() > (1 - e2) * (1 - e2) / pow(1 - e2 * s * s, 2));
        counts[cell_of(grid, p)]++;
    }
    for (int i = 0; i < 92; i++) {
        double expected = 300000.0 / 90 * (i < 12 ? 5.0 / 6 : 1);
        chi += pow(counts[i] - expected, 2) / expected;
    }
    assert_true(chi < 150);
}

/* On which side of each edge a point lies, on a plane that is narrow enough. */
static bool lies_in(const elc_point *corners, size_t n, elc_point p, double slack) {
    for (size_t i = 0; i < n; i++) {
        elc_point a = corners[i], b = corners[(i + 1) % n];
        double x = p.x - 360 * floor((p.x - a.x + 180) / 360);
        double side = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (x - a.x);
        if (side < -slack * hypot(b.x - a.x, b.y - a.y))
            return false;
    }
    return true;
}

static void test_hex_outlines_hold_their_points(void **state) {
    (void)state;
    elc_hex_grid grid = grid_of(50);
    srand48(8);
    for (int i = 0; i < 20000; i++) {
        elc_point p = anywhere(), corners[6];
        if (fabs(p.y) > 85)
            continue;
        size_t n = corners_of(grid, cell_of(grid, p), corners);
        assert_true(lies_in(corners, n, p, 5 / 111320.0)); /* the bends: 5 m of 50 */
    }
}

static void test_hex_goes_on_across_the_antimeridian_and_the_poles(void **state) {
    (void)state;
    elc_hex_grid grid = grid_of(1000);
    elc_point corners[6];
    assert_int_equal(cell_of(grid, (elc_point){180, 10}),
                     cell_of(grid, (elc_point){-180, 10}));
    assert_int_equal(cell_of(grid, (elc_point){540, 10}),
                     cell_of(grid, (elc_point){-180, 10}));
    assert_int_equal(cell_of(grid, (elc_point){0, 90}),
                     cell_of(grid, (elc_point){123, 90}));
    size_t n = corners_of(grid, cell_of(grid, (elc_point){180, 10}), corners);
    for (size_t i = 1; i < n; i++)
        assert_true(fabs(corners[i].x - corners[0].x) < 1);
}

static void test_hex_parent_holds_the_centre(void **state) {
    (void)state;
    elc_hex_grid fine = grid_of(100), coarse = grid_of(1000);
    int64_t cell = cell_of(fine, (elc_point){13.4, 52.5}), parent;
    assert_int_equal(elc_hex_parent(fine, cell, coarse, &parent, NULL), ELC_OK);
    assert_int_equal(parent, cell_of(coarse, centre_of(fine, cell)));
}

static void test_hex_refuses_what_is_no_place_and_no_cell(void **state) {
    (void)state;
    elc_hex_grid grid = grid_of(100);
    elc_point p;
    elc_error err = {0};
    assert_int_equal(cell_of(grid, (elc_point){NAN, 0}), -1);
    assert_int_equal(cell_of(grid, (elc_point){0, 90.1}), -1);
    assert_int_equal(cell_of(grid, (elc_point){INFINITY, 0}), -1);
    assert_int_equal(elc_hex_centre(grid, -1, &p, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_hex_centre(grid, elc_hex_count(grid), &p, &err),
                     ELC_E_ARGUMENT);
    assert_int_equal(elc_hex_grid_create(0.09, &grid, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_hex_grid_create(NAN, &grid, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_hex_grid_create(1e7, &grid, &err), ELC_E_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hex_is_the_cell_of_its_centre),
        cmocka_unit_test(test_hex_of_any_size_is_the_cell_of_its_centre),
        cmocka_unit_test(test_hex_has_neighbours_that_have_it),
        cmocka_unit_test(test_hex_shares_each_edge_with_one_neighbour),
        cmocka_unit_test(test_hex_has_the_area_of_all_others),
        cmocka_unit_test(test_hex_is_as_wide_as_asked),
        cmocka_unit_test(test_hex_holds_what_falls_on_its_area),
        cmocka_unit_test(test_hex_outlines_hold_their_points),
        cmocka_unit_test(test_hex_goes_on_across_the_antimeridian_and_the_poles),
        cmocka_unit_test(test_hex_parent_holds_the_centre),
        cmocka_unit_test(test_hex_refuses_what_is_no_place_and_no_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
