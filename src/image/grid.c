/* grid.c - chips over an image: windows, cores, and which chip a place belongs to. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>

#define SIDE_MAX  INT32_MAX /* GDAL's own limit; keeps all sums within int64 */
#define COUNT_MAX 100000000

/* One direction of the grid: columns or rows. */
typedef struct axis {
    int64_t extent, chip, step, stride, count;
} axis;

static axis axis_x(const elc_grid *g) {
    return (axis){g->width, g->chip_width, g->step_x, g->stride, g->cols};
}

static axis axis_y(const elc_grid *g) {
    return (axis){g->height, g->chip_height, g->step_y, g->stride, g->rows};
}

/* The least multiple of the stride whose chip still covers the last pixel. */
static int64_t last_start(const axis *a) {
    if (a->extent <= a->chip)
        return 0;
    return (a->extent - a->chip + a->stride - 1) / a->stride * a->stride;
}

static int64_t start_at(const axis *a, int64_t i) {
    return i == a->count - 1 ? last_start(a) : i * a->step;
}

/* Twice the line between chips i - 1 and i: the middle of what both see. An exact step
   can put the middle of the last two beyond the image, where nothing is. */
static int64_t boundary_at(const axis *a, int64_t i) {
    if (i <= 0)
        return 0;
    if (i >= a->count)
        return 2 * a->extent;
    int64_t twice = start_at(a, i - 1) + start_at(a, i) + a->chip;
    return twice < 2 * a->extent ? twice : 2 * a->extent;
}

static int64_t owner_at(const axis *a, double at) {
    double twice = 2 * fmin(fmax(at, 0), (double)a->extent);
    double guess = (twice - (double)(a->chip - a->step)) / (2 * (double)a->step);
    int64_t i = (int64_t)fmin(fmax(floor(guess), 0), (double)(a->count - 1));
    while (i > 0 && twice < (double)boundary_at(a, i))
        i--;
    while (i < a->count - 1 && twice >= (double)boundary_at(a, i + 1))
        i++;
    return i;
}

/* The first chip that ends at or after `low`; count when none does. */
static int64_t first_reaching(const axis *a, double low) {
    if (!((double)(last_start(a) + a->chip) >= low))
        return a->count;
    double guess = ceil((low - (double)a->chip) / (double)a->step);
    int64_t i = (int64_t)fmin(fmax(guess, 0), (double)(a->count - 1));
    while (i > 0 && (double)(start_at(a, i - 1) + a->chip) >= low)
        i--;
    while ((double)(start_at(a, i) + a->chip) < low)
        i++;
    return i;
}

/* The last chip that starts at or before `high`; -1 when none does. */
static int64_t last_starting(const axis *a, double high) {
    if (!(high >= 0))
        return -1;
    double guess = floor(high / (double)a->step);
    int64_t i = (int64_t)fmin(guess, (double)(a->count - 1));
    while (i < a->count - 1 && (double)start_at(a, i + 1) <= high)
        i++;
    while ((double)start_at(a, i) > high)
        i--;
    return i;
}

static elc_status check_axis(const char *side, int64_t extent, int64_t chip,
                             int64_t overlap, int64_t stride, elc_error *err) {
    if (extent < 1 || extent > SIDE_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "image %s %lld px: from 1 to %d can be cut", side,
                        (long long)extent, SIDE_MAX);
    if (chip < 1 || chip > SIDE_MAX)
        return elc_fail(err, ELC_E_ARGUMENT, "chip %s %lld px: give from 1 to %d", side,
                        (long long)chip, SIDE_MAX);
    if (overlap < 0 || overlap >= chip)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "overlap %lld px: give from 0 to less than the chip's %s, %lld",
                        (long long)overlap, side, (long long)chip);
    if (stride < 1)
        return elc_fail(err, ELC_E_ARGUMENT, "stride %lld px: give at least 1",
                        (long long)stride);
    if (stride > chip)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "chip %s %lld px: give at least the network's stride, %lld px",
                        side, (long long)chip, (long long)stride);
    return ELC_OK;
}

static int64_t step_for(int64_t chip, int64_t overlap, int64_t stride, bool exact) {
    int64_t step = chip - overlap;
    if (exact)
        return step;
    return step < stride ? stride : step / stride * stride;
}

static int64_t count_for(int64_t extent, int64_t chip, int64_t step, int64_t stride) {
    int64_t last = last_start(&(axis){extent, chip, step, stride, 0});
    return (last + step - 1) / step + 1;
}

elc_status elc_grid_create(int64_t width, int64_t height, int64_t chip_width,
                           int64_t chip_height, int64_t overlap_x, int64_t overlap_y,
                           int64_t stride, bool exact_step, elc_grid *out,
                           elc_error *err) {
    ELC_TRY(check_axis("width", width, chip_width, overlap_x, stride, err));
    ELC_TRY(check_axis("height", height, chip_height, overlap_y, stride, err));
    elc_grid g = {.width = width,
                  .height = height,
                  .chip_width = chip_width,
                  .chip_height = chip_height,
                  .stride = stride};
    g.step_x = step_for(chip_width, overlap_x, stride, exact_step);
    g.step_y = step_for(chip_height, overlap_y, stride, exact_step);
    g.cols = count_for(width, chip_width, g.step_x, stride);
    g.rows = count_for(height, chip_height, g.step_y, stride);
    *out = g;
    return ELC_OK;
}

int64_t elc_grid_count(const elc_grid *grid) {
    return grid->cols * grid->rows;
}

elc_status elc_grid_check_count(const elc_grid *grid, const char *name,
                                elc_error *err) {
    if (elc_grid_count(grid) <= COUNT_MAX)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: %lld x %lld px are %lld chips, and at most %d are cut of an "
                    "image; give a larger --chip",
                    name, (long long)grid->width, (long long)grid->height,
                    (long long)elc_grid_count(grid), COUNT_MAX);
}

elc_window elc_grid_window(const elc_grid *grid, int64_t index) {
    axis x = axis_x(grid), y = axis_y(grid);
    return (elc_window){start_at(&x, index % grid->cols),
                        start_at(&y, index / grid->cols), grid->chip_width,
                        grid->chip_height};
}

elc_core elc_grid_core(const elc_grid *grid, int64_t index) {
    axis x = axis_x(grid), y = axis_y(grid);
    int64_t col = index % grid->cols, row = index / grid->cols;
    return (elc_core){boundary_at(&x, col), boundary_at(&y, row),
                      boundary_at(&x, col + 1), boundary_at(&y, row + 1)};
}

int64_t elc_grid_owner(const elc_grid *grid, double x, double y) {
    axis ax = axis_x(grid), ay = axis_y(grid);
    return owner_at(&ay, y) * grid->cols + owner_at(&ax, x);
}

void elc_grid_meeting(const elc_grid *grid, double xmin, double ymin, double xmax,
                      double ymax, int64_t *c0, int64_t *r0, int64_t *c1, int64_t *r1) {
    axis x = axis_x(grid), y = axis_y(grid);
    *c0 = first_reaching(&x, xmin);
    *c1 = last_starting(&x, xmax);
    *r0 = first_reaching(&y, ymin);
    *r1 = last_starting(&y, ymax);
}
