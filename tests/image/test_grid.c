/* test_grid.c - chips cover an image, their cores tile it, and owners agree. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

typedef struct grid_case {
    int64_t width, height, chip_width, chip_height, overlap, stride;
    bool exact;
} grid_case;

static const grid_case CASES[] = {
    {9973, 10007, 640, 640, 128, 32, false},
    {9973, 10007, 640, 640, 128, 32, true},
    {9973, 10007, 640, 480, 100, 32, false},
    {9973, 10007, 640, 480, 101, 32, true},
    {9973, 10007, 512, 512, 0, 32, false},
    {9973, 10007, 512, 512, 0, 32, true},
    {9973, 10007, 256, 256, 180, 32, false},
    {9973, 10007, 256, 256, 200, 32, true},
    {9973, 10007, 1024, 1024, 1023, 64, false},
    {9973, 10007, 1023, 999, 300, 1, false},
    {9973, 10007, 300, 300, 30, 17, false},
    {9973, 10007, 12000, 256, 25, 8, false},
    {9973, 10007, 40, 40, 5, 32, true},
    {9973, 10007, 33, 33, 30, 32, false},
    {641, 639, 640, 640, 64, 32, false},
    {640, 640, 640, 640, 64, 32, false},
    {1, 1, 640, 640, 64, 32, false},
    {1, 9973, 64, 64, 63, 1, true},
    {65, 64, 64, 64, 60, 64, false},
    {700, 700, 40, 40, 39, 32, true},
};

enum { CASE_COUNT = sizeof CASES / sizeof CASES[0] };

static elc_grid grid_of(const grid_case *c) {
    elc_grid grid;
    elc_error err = {0};
    if (elc_grid_create(c->width, c->height, c->chip_width, c->chip_height, c->overlap,
                        c->overlap < c->chip_height ? c->overlap : 0, c->stride,
                        c->exact, &grid, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return grid;
}

/* Calls `check` with the grid of every case and of every case lying on its side. */
static void for_all(void (*check)(const elc_grid *grid)) {
    for (size_t i = 0; i < CASE_COUNT; i++) {
        grid_case c = CASES[i];
        elc_grid grid = grid_of(&c);
        check(&grid);
        c.width = CASES[i].height, c.height = CASES[i].width;
        grid = grid_of(&c);
        check(&grid);
    }
}

/* The column of a chip, as a chip of the first row: what x is about. */
static void pixels_covered(const elc_grid *grid) {
    int64_t covered = 0;
    for (int64_t col = 0; col < grid->cols; col++) {
        elc_window w = elc_grid_window(grid, col);
        assert_true(w.x <= covered);
        assert_true(w.y == 0 && w.width == grid->chip_width);
        covered = w.x + w.width;
    }
    assert_true(covered >= grid->width);
}

static void test_every_pixel_is_covered(void **state) {
    (void)state;
    for_all(pixels_covered);
}

static void starts_in_step(const elc_grid *grid) {
    for (int64_t col = 0; col + 1 < grid->cols; col++)
        assert_true(elc_grid_window(grid, col).x == col * grid->step_x);
    elc_window last = elc_grid_window(grid, grid->cols - 1);
    assert_true(last.x % grid->stride == 0);
    if (grid->width > grid->chip_width)
        assert_true(last.x + last.width - grid->width < grid->stride);
    else
        assert_true(grid->cols == 1 && last.x == 0);
}

static void test_starts_are_steps_and_less_than_a_stride_is_padded(void **state) {
    (void)state;
    for_all(starts_in_step);
}

static void test_steps_are_multiples_of_the_stride_unless_exact(void **state) {
    (void)state;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        elc_grid grid = grid_of(&CASES[i]);
        int64_t step = CASES[i].chip_width - CASES[i].overlap;
        if (CASES[i].exact)
            assert_true(grid.step_x == step);
        else
            assert_true(grid.step_x % grid.stride == 0 &&
                        (grid.step_x <= step || grid.step_x == grid.stride));
        assert_true(grid.step_x > 0 && grid.step_x <= grid.chip_width);
    }
}

static void cores_tile(const elc_grid *grid) {
    int64_t end = 0;
    for (int64_t col = 0; col < grid->cols; col++) {
        elc_core core = elc_grid_core(grid, col);
        elc_window w = elc_grid_window(grid, col);
        assert_true(core.x0 == end && core.x1 >= core.x0);
        assert_true(core.x0 >= 2 * w.x || core.x0 == 2 * grid->width);
        assert_true(core.x1 <= 2 * (w.x + w.width));
        end = core.x1;
    }
    assert_true(end == 2 * grid->width);
}

static void test_cores_tile_the_image_without_gaps(void **state) {
    (void)state;
    for_all(cores_tile);
}

static void cores_midway(const elc_grid *grid) {
    for (int64_t col = 0; col + 1 < grid->cols; col++) {
        elc_window a = elc_grid_window(grid, col), b = elc_grid_window(grid, col + 1);
        int64_t twice = b.x + a.x + a.width;
        if (twice > 2 * grid->width)
            twice = 2 * grid->width;
        assert_true(elc_grid_core(grid, col).x1 == twice);
    }
}

static void test_cores_end_midway_in_the_overlap(void **state) {
    (void)state;
    for_all(cores_midway);
}

/* A counter over all doubled pixels of a small image: each is in one core. */
static void test_cores_tile_a_small_image_pixel_by_pixel(void **state) {
    (void)state;
    elc_grid grid = grid_of(&(grid_case){150, 131, 48, 40, 19, 8, false});
    static unsigned char hits[300][262];
    memset(hits, 0, sizeof hits);
    for (int64_t i = 0; i < elc_grid_count(&grid); i++) {
        elc_core core = elc_grid_core(&grid, i);
        for (int64_t x = core.x0; x < core.x1; x++)
            for (int64_t y = core.y0; y < core.y1; y++)
                hits[x][y]++;
    }
    for (size_t i = 0; i < sizeof hits; i++)
        assert_int_equal(((unsigned char *)hits)[i], 1);
}

static void owners_agree(const elc_grid *grid) {
    for (int64_t i = 0; i < 2 * grid->width; i += 1 + i % 7) {
        int64_t owner = elc_grid_owner(grid, (double)i / 2, 0);
        elc_core core = elc_grid_core(grid, owner);
        assert_true(owner < grid->cols && core.x0 <= i && i < core.x1);
    }
}

static void test_owner_is_the_chip_whose_core_holds_the_point(void **state) {
    (void)state;
    for_all(owners_agree);
}

static void test_owner_of_a_row_counts_rows(void **state) {
    (void)state;
    elc_grid grid = grid_of(&CASES[0]);
    for (int64_t i = 0; i < elc_grid_count(&grid); i++) {
        elc_core core = elc_grid_core(&grid, i);
        double x = (double)(core.x0 + core.x1) / 4, y = (double)(core.y0 + core.y1) / 4;
        assert_true(elc_grid_owner(&grid, x, y) == i);
    }
}

static void test_owner_clamps_points_outside_the_image(void **state) {
    (void)state;
    elc_grid grid = grid_of(&CASES[0]);
    assert_true(elc_grid_owner(&grid, -5, -1e300) == 0);
    assert_true(elc_grid_owner(&grid, NAN, NAN) == 0);
    assert_true(elc_grid_owner(&grid, INFINITY, 1e300) == elc_grid_count(&grid) - 1);
    assert_true(elc_grid_owner(&grid, 9973, 0) == grid.cols - 1);
}

/* What a loop over all columns says meets [low, high]. */
static void meeting_by_loop(const elc_grid *grid, double low, double high, int64_t *c0,
                            int64_t *c1) {
    *c0 = grid->cols;
    *c1 = -1;
    for (int64_t col = grid->cols - 1; col >= 0; col--)
        if ((double)(elc_grid_window(grid, col).x + grid->chip_width) >= low)
            *c0 = col;
    for (int64_t col = 0; col < grid->cols; col++)
        if ((double)elc_grid_window(grid, col).x <= high)
            *c1 = col;
}

static void meeting_agrees(const elc_grid *grid) {
    unsigned seed = 7;
    for (int i = 0; i < 300; i++) {
        double low = (double)(rand_r(&seed) % (int)(2 * grid->width + 400)) / 2 - 100;
        double high = low + (double)(rand_r(&seed) % 900) / 4;
        int64_t c0, c1, r0, r1, want0, want1;
        elc_grid_meeting(grid, low, 0, high, 1, &c0, &r0, &c1, &r1);
        meeting_by_loop(grid, low, high, &want0, &want1);
        assert_true(c0 == want0 && c1 == want1 && r0 == 0 && r1 >= 0);
        if (high >= 0 && low <= (double)grid->width)
            assert_true(c0 <= c1);
    }
}

static void test_meeting_agrees_with_a_loop(void **state) {
    (void)state;
    for_all(meeting_agrees);
}

static void test_meeting_touches_windows_that_only_share_a_side(void **state) {
    (void)state;
    elc_grid grid = grid_of(&(grid_case){1000, 1000, 100, 100, 0, 1, false});
    int64_t c0, r0, c1, r1;
    elc_grid_meeting(&grid, 200, 300, 200, 350, &c0, &r0, &c1, &r1);
    assert_true(c0 == 1 && c1 == 2 && r0 == 2 && r1 == 3);
}

static void test_meeting_nothing_is_an_empty_range(void **state) {
    (void)state;
    elc_grid grid = grid_of(&CASES[0]);
    int64_t c0, r0, c1, r1;
    elc_grid_meeting(&grid, -9, 1e300, -1, INFINITY, &c0, &r0, &c1, &r1);
    assert_true(c0 > c1 && r0 > r1);
    elc_grid_meeting(&grid, NAN, NAN, NAN, NAN, &c0, &r0, &c1, &r1);
    assert_true(c0 > c1 && r0 > r1);
}

static void test_huge_images_count_without_overflow(void **state) {
    (void)state;
    elc_grid grid = grid_of(&(grid_case){100000, 100000, 640, 640, 128, 32, false});
    assert_true(elc_grid_count(&grid) == 196 * 196);
    grid = grid_of(&(grid_case){INT32_MAX, INT32_MAX, 1, 1, 0, 1, false});
    assert_true(elc_grid_count(&grid) == (int64_t)INT32_MAX * INT32_MAX);
    elc_window w = elc_grid_window(&grid, elc_grid_count(&grid) - 1);
    assert_true(w.x == INT32_MAX - 1 && w.y == INT32_MAX - 1);
    assert_true(elc_grid_owner(&grid, 1e9 + 0.75, 3) ==
                INT64_C(3) * INT32_MAX + 1000000000);
}

static void refuses(grid_case c, const char *says) {
    elc_grid grid;
    elc_error err = {0};
    assert_int_equal(elc_grid_create(c.width, c.height, c.chip_width, c.chip_height,
                                     c.overlap, c.overlap, c.stride, c.exact, &grid,
                                     &err),
                     ELC_E_ARGUMENT);
    if (!strstr(err.message, says))
        fail_msg("\"%s\" does not say \"%s\"", err.message, says);
}

static void test_sizes_that_cannot_be_meant_are_refused(void **state) {
    (void)state;
    refuses((grid_case){0, 10, 64, 64, 0, 1, false}, "image width 0 px");
    refuses((grid_case){10, INT64_MAX, 64, 64, 0, 1, false}, "image height");
    refuses((grid_case){10, 10, 0, 64, 0, 1, false}, "chip width 0 px");
    refuses((grid_case){10, 10, 64, INT64_MAX, 0, 1, false}, "chip height");
    refuses((grid_case){10, 10, 64, 64, 64, 1, false}, "overlap 64 px");
    refuses((grid_case){10, 10, 64, 64, -1, 1, false}, "overlap -1 px");
    refuses((grid_case){10, 10, 20, 20, 0, 32, false}, "stride, 32 px");
    refuses((grid_case){10, 10, 20, 20, 0, 0, false}, "stride 0 px");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pixel_is_covered),
        cmocka_unit_test(test_starts_are_steps_and_less_than_a_stride_is_padded),
        cmocka_unit_test(test_steps_are_multiples_of_the_stride_unless_exact),
        cmocka_unit_test(test_cores_tile_the_image_without_gaps),
        cmocka_unit_test(test_cores_end_midway_in_the_overlap),
        cmocka_unit_test(test_cores_tile_a_small_image_pixel_by_pixel),
        cmocka_unit_test(test_owner_is_the_chip_whose_core_holds_the_point),
        cmocka_unit_test(test_owner_of_a_row_counts_rows),
        cmocka_unit_test(test_owner_clamps_points_outside_the_image),
        cmocka_unit_test(test_meeting_agrees_with_a_loop),
        cmocka_unit_test(test_meeting_touches_windows_that_only_share_a_side),
        cmocka_unit_test(test_meeting_nothing_is_an_empty_range),
        cmocka_unit_test(test_huge_images_count_without_overflow),
        cmocka_unit_test(test_sizes_that_cannot_be_meant_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
