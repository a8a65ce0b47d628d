/* test_density.c - sums of kernels over a grid, beside the plain sum of each kernel. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/map.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { N = 300, WIDTH = 83, HEIGHT = 61, CELLS = WIDTH * HEIGHT };

static const double PI = 3.14159265358979323846;
static const elc_raster_grid GRID = {1000, 5000, 2.5, WIDTH, HEIGHT};

/* Over the grid and far around it, the same each time. */
static void scatter(elc_point *points, double *weights, size_t n, double around) {
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < 3 * n; i++) {
        state ^= state << 13, state ^= state >> 7, state ^= state << 17;
        double share = (double)(state >> 11) / (double)(1ull << 53);
        if (i % 3 == 0)
            points[i / 3].x =
                GRID.x + (share * (1 + 2 * around) - around) * 2.5 * WIDTH;
        else if (i % 3 == 1)
            points[i / 3].y =
                GRID.y - (share * (1 + 2 * around) - around) * 2.5 * HEIGHT;
        else
            weights[i / 3] = share;
    }
}

static double kernel_at(elc_kernel kernel, double d2, double h) {
    double u = d2 / (h * h);
    if (kernel == ELC_KERNEL_GAUSSIAN)
        return exp(-u / 2) / (2 * PI * h * h);
    if (u >= 1)
        return 0;
    return kernel == ELC_KERNEL_QUARTIC ? 3 / (PI * h * h) * (1 - u) * (1 - u)
                                        : 2 / (PI * h * h) * (1 - u);
}

static double direct(const elc_density *d, const elc_point *points,
                     const double *weights, size_t n, int column, int row) {
    double x = d->grid.x + (column + 0.5) * d->grid.cell, sum = 0;
    double y = d->grid.y - (row + 0.5) * d->grid.cell;
    for (size_t i = 0; i < n; i++) {
        double dx = x - points[i].x, dy = y - points[i].y;
        sum += (weights ? weights[i] : 1) *
               kernel_at(d->kernel, dx * dx + dy * dy, d->bandwidth);
    }
    return sum;
}

/* The greatest difference, as a share of the highest value. */
static double worst_of(const elc_density *d, const elc_point *points,
                       const double *weights, size_t n, const float *found) {
    double worst = 0, highest = 0;
    for (int i = 0; i < CELLS; i++) {
        double wanted = direct(d, points, weights, n, i % WIDTH, i / WIDTH);
        worst = fmax(worst, fabs(found[i] - wanted));
        highest = fmax(highest, wanted);
    }
    return highest > 0 ? worst / highest : worst;
}

static void sum(const elc_density *d, const elc_point *points, const double *weights,
                size_t n, int threads, float *out) {
    elc_error err = {0};
    elc_context context = {.threads = threads};
    if (elc_density_sum(d, points, weights, n, &context, out, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void is_as_a_direct_sum(elc_kernel kernel, double cells) {
    elc_density d = {GRID, kernel, cells * GRID.cell};
    elc_point points[N];
    double weights[N];
    static float found[CELLS];
    scatter(points, weights, N, cells < 50 ? 0.3 : 3);
    sum(&d, points, weights, N, 2, found);
    double worst = worst_of(&d, points, weights, N, found);
    if (!(worst < 5e-7))
        fail_msg("kernel %d of %g cells: %g of the highest", (int)kernel, cells, worst);
}

static void test_density_is_a_direct_sum(void **state) {
    static const double cells[] = {1,   1.37, 1.99, 2,    2.3,  2.99, 3,
                                   3.5, 3.99, 4,    4.99, 5.99, 6,    7.4,
                                   8,   9,    13,   31.7, 100,  333.3};
    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        for (int kernel = 0; kernel < 3; kernel++)
            is_as_a_direct_sum((elc_kernel)kernel, cells[i]);
}

/* So many that all is about as high: the sums of floats are at their worst. */
static void test_density_of_many_points_is_a_direct_sum(void **state) {
    enum { MANY = 100000 };
    static elc_point points[MANY];
    static double weights[MANY];
    static float found[CELLS];
    (void)state;
    scatter(points, weights, MANY, 0.5);
    for (double cells = 3; cells < 20; cells *= 1.41) {
        elc_density d = {GRID, ELC_KERNEL_GAUSSIAN, cells * GRID.cell};
        double worst = 0, highest = 0;
        sum(&d, points, NULL, MANY, 2, found);
        for (int i = 0; i < CELLS; i += 211) {
            double wanted = direct(&d, points, NULL, MANY, i % WIDTH, i / WIDTH);
            worst = fmax(worst, fabs(found[i] - wanted));
            highest = fmax(highest, wanted);
        }
        if (!(worst < 5e-7 * highest))
            fail_msg("%g cells: %g of the highest", cells, worst / highest);
    }
}

/* Where no other point's errors have another sign. */
static void test_density_of_one_point_is_its_gaussian(void **state) {
    static float found[CELLS];
    (void)state;
    for (double cells = 2; cells < 16; cells += 0.5)
        for (int i = 0; i < 5; i++) {
            elc_point at = {GRID.x + (40 + 0.23 * i) * GRID.cell,
                            GRID.y - (30 + 0.17 * i) * GRID.cell};
            elc_density d = {GRID, ELC_KERNEL_GAUSSIAN, cells * GRID.cell};
            sum(&d, &at, NULL, 1, 1, found);
            double worst = worst_of(&d, &at, NULL, 1, found);
            if (!(worst < 1e-6))
                fail_msg("%g cells: %g of the highest", cells, worst);
        }
}

static void test_density_of_one_point_holds_one(void **state) {
    static float found[CELLS];
    elc_point middle = {GRID.x + 41.3 * GRID.cell, GRID.y - 30.1 * GRID.cell};
    (void)state;
    for (int kernel = 0; kernel < 3; kernel++) {
        elc_density d = {GRID, (elc_kernel)kernel, 4.5 * GRID.cell};
        double held = 0;
        sum(&d, &middle, NULL, 1, 1, found);
        for (int i = 0; i < CELLS; i++)
            held += found[i] * GRID.cell * GRID.cell;
        assert_true(fabs(held - 1) < 2e-3);
    }
}

static void test_density_is_never_under_nothing_unless_weights_are(void **state) {
    static float found[CELLS];
    elc_point points[] = {{GRID.x + 20, GRID.y - 20}, {GRID.x + 150, GRID.y - 90}};
    double weights[] = {3, -2}, lowest = 0;
    elc_density d = {GRID, ELC_KERNEL_GAUSSIAN, 9 * GRID.cell};
    (void)state;
    sum(&d, points, NULL, 2, 1, found);
    for (int i = 0; i < CELLS; i++)
        assert_false(found[i] < 0 || signbit(found[i]));
    sum(&d, points, weights, 2, 1, found);
    for (int i = 0; i < CELLS; i++)
        lowest = fmin(lowest, found[i]);
    assert_true(lowest < 0);
    assert_true(worst_of(&d, points, weights, 2, found) < 1e-6);
}

static void test_density_is_the_same_for_any_number_of_threads(void **state) {
    static float one[CELLS], many[CELLS];
    elc_point points[N];
    double weights[N];
    (void)state;
    scatter(points, weights, N, 0.2);
    for (int kernel = 0; kernel < 3; kernel++)
        for (double cells = 1.5; cells < 40; cells *= 2.5) {
            elc_density d = {GRID, (elc_kernel)kernel, cells * GRID.cell};
            sum(&d, points, weights, N, 1, one);
            sum(&d, points, weights, N, 7, many);
            assert_memory_equal(one, many, sizeof one);
        }
}

static void test_density_of_no_points_is_nothing(void **state) {
    static float found[CELLS];
    elc_point nowhere[] = {{NAN, 0}, {INFINITY, 5000}, {1010, NAN}, {1e300, -1e300}};
    (void)state;
    for (int kernel = 0; kernel < 3; kernel++) {
        elc_density d = {GRID, (elc_kernel)kernel, 8 * GRID.cell};
        memset(found, 1, sizeof found);
        sum(&d, nowhere, NULL, 4, 2, found);
        for (int i = 0; i < CELLS; i++)
            assert_true(!(found[i] < 0) && !(found[i] > 0));
    }
}

static void is_refused(elc_density d, const char *why) {
    static float found[CELLS];
    elc_point point = {1010, 4990};
    double weight = NAN;
    elc_error err = {0};
    assert_int_equal(elc_density_sum(&d, &point, &weight, 1, NULL, found, &err),
                     ELC_E_ARGUMENT);
    if (strstr(err.message, why) == NULL)
        fail_msg("%s", err.message);
}

static void test_density_refuses_what_is_no_grid(void **state) {
    (void)state;
    is_refused((elc_density){{0, 0, 0, 5, 5}, 0, 1}, "is none");
    is_refused((elc_density){{0, 0, NAN, 5, 5}, 0, 1}, "is none");
    is_refused((elc_density){{0, INFINITY, 1, 5, 5}, 0, 1}, "is none");
    is_refused((elc_density){{0, 0, 1, 0, 5}, 0, 1}, "is none");
    is_refused((elc_density){{0, 0, 1, 100000, 100000}, 0, 1}, "larger cells");
    is_refused((elc_density){GRID, 0, 2}, "1 to 100000 cells");
    is_refused((elc_density){GRID, 0, NAN}, "1 to 100000 cells");
    is_refused((elc_density){GRID, 0, 1e9}, "1 to 100000 cells");
    is_refused((elc_density){GRID, 0, 10}, "weight 1");
    is_refused((elc_density){GRID, 1, 10}, "weight 1");
}

static void test_density_ends_when_it_is_cancelled(void **state) {
    static float found[CELLS];
    elc_point points[N];
    double weights[N];
    volatile int cancel = 1;
    elc_context context = {.threads = 2, .cancel = &cancel};
    (void)state;
    scatter(points, weights, N, 0);
    for (int kernel = 0; kernel < 3; kernel++) {
        elc_density d = {GRID, (elc_kernel)kernel, 20};
        assert_int_equal(elc_density_sum(&d, points, weights, N, &context, found, NULL),
                         ELC_E_CANCELLED);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_density_is_a_direct_sum),
        cmocka_unit_test(test_density_of_many_points_is_a_direct_sum),
        cmocka_unit_test(test_density_of_one_point_is_its_gaussian),
        cmocka_unit_test(test_density_of_one_point_holds_one),
        cmocka_unit_test(test_density_is_never_under_nothing_unless_weights_are),
        cmocka_unit_test(test_density_is_the_same_for_any_number_of_threads),
        cmocka_unit_test(test_density_of_no_points_is_nothing),
        cmocka_unit_test(test_density_refuses_what_is_no_grid),
        cmocka_unit_test(test_density_ends_when_it_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
