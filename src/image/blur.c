/* blur.c - a Gaussian blur of chips, the same wherever a chip begins. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A wider one would read more than a usual chip beside each. */
#define SIGMA_MAX 100.0

/* Every sum goes over the kernel in one order, and what is not there adds nothing to it
   or to its weight: a pixel's value depends on those around it, not on its chip. */
struct elc_blur {
    int64_t reach, width, height; /* of the chip, without margins */
    size_t n;
    float *kernel; /* 2 x reach + 1 */
    float *line;   /* a row with its margins */
    float *rows;   /* of the chip and its margins above and below, blurred along x */
    float *weight, *sum; /* of a row of the chip, along x and down */
};

elc_status elc_blur_reach(double sigma, int64_t *out, elc_error *err) {
    if (!(sigma > 0 && sigma <= SIGMA_MAX))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "blur of %g px: give a standard deviation over 0 and up to %g",
                        sigma, SIGMA_MAX);
    *out = (int64_t)ceil(3 * sigma);
    return ELC_OK;
}

static void fill_kernel(elc_blur *b, double sigma) {
    for (int64_t i = -b->reach; i <= b->reach; i++) {
        double at = (double)i / sigma;
        b->kernel[i + b->reach] = (float)exp(-at * at / 2);
    }
}

static elc_status alloc_blur(elc_blur *b, elc_error *err) {
    size_t margins = 2 * (size_t)b->reach, row = (size_t)b->width * b->n;
    ELC_TRY(elc_alloc(margins + 1, sizeof(float), &b->kernel, err));
    ELC_TRY(elc_alloc(row + margins * b->n, sizeof(float), &b->line, err));
    ELC_TRY(elc_alloc((size_t)b->height + margins, row * sizeof(float), &b->rows, err));
    ELC_TRY(elc_alloc(row, sizeof(float), &b->weight, err));
    return elc_alloc(row, sizeof(float), &b->sum, err);
}

elc_status elc_blur_create(double sigma, int64_t width, int64_t height, int n,
                           elc_blur **out, elc_error *err) {
    elc_blur *b = NULL;
    int64_t reach = 0;
    ELC_TRY(elc_blur_reach(sigma, &reach, err));
    if (width < 1 || height < 1 || width > INT32_MAX || height > INT32_MAX || n < 1 ||
        n > ELC_BANDS_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "blur of %lld x %lld px of %d bands: sides from 1 to %d and up "
                        "to %d bands are possible",
                        (long long)width, (long long)height, n, INT32_MAX,
                        ELC_BANDS_MAX);
    ELC_TRY(elc_alloc(1, sizeof *b, &b, err));
    *b = (elc_blur){.reach = reach, .width = width, .height = height, .n = (size_t)n};
    elc_status status = alloc_blur(b, err);
    if (status != ELC_OK) {
        elc_blur_free(b);
        return status;
    }
    fill_kernel(b, sigma);
    *out = b;
    return ELC_OK;
}

void elc_blur_free(elc_blur *blur) {
    if (!blur)
        return;
    free(blur->kernel);
    free(blur->line);
    free(blur->rows);
    free(blur->weight);
    free(blur->sum);
    free(blur);
}

/* sum[i] += factor * from[i]: all that takes time here. */
static void add_times(float *restrict sum, float factor, const float *restrict from,
                      size_t n) {
    for (size_t i = 0; i < n; i++)
        sum[i] += factor * from[i];
}

static void widen(const uint8_t *restrict from, float *restrict to, size_t n) {
    for (size_t i = 0; i < n; i++)
        to[i] = from[i];
}

static void divide(float *restrict sum, const float *restrict weight, size_t n) {
    for (size_t i = 0; i < n; i++)
        sum[i] /= weight[i];
}

/* Rounded; a mean of bytes is within their range. */
static void put(const float *restrict sum, float weight, uint8_t *restrict out,
                size_t n) {
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(sum[i] / weight + 0.5f);
}

/* The kernel over a line that is 0 where nothing is: sum[0] is the value whose kernel
   begins at from[0]. */
static void sum_along(const elc_blur *b, const float *from, float *sum, size_t n) {
    memset(sum, 0, n * sizeof *sum);
    for (int64_t k = 0; k <= 2 * b->reach; k++)
        add_times(sum, b->kernel[k], from + (size_t)k * b->n, n);
}

/* Rows of `inside`, blurred along x where they stand in the `columns` values from value
   `first` of the chip's rows on. */
static void blur_along(elc_blur *b, const uint8_t *pixels, elc_window inside,
                       size_t first, size_t columns) {
    size_t row = (size_t)b->width * b->n, all = row + 2 * (size_t)b->reach * b->n;
    size_t left = (size_t)inside.x * b->n, used = (size_t)inside.width * b->n;
    memset(b->line, 0, all * sizeof *b->line);
    for (size_t i = 0; i < used; i++)
        b->line[left + i] = 1;
    sum_along(b, b->line + first, b->weight, columns);
    for (int64_t y = inside.y; y < inside.y + inside.height; y++) {
        float *out = b->rows + (size_t)y * row + first;
        widen(pixels + (size_t)y * all + left, b->line + left, used);
        sum_along(b, b->line + first, out, columns);
        divide(out, b->weight, columns);
    }
}

/* A row of the chip from the rows above and below it. */
static void blur_down(elc_blur *b, elc_window inside, int64_t y, size_t first,
                      size_t columns, uint8_t *out) {
    size_t row = (size_t)b->width * b->n;
    float weight = 0;
    memset(b->sum, 0, columns * sizeof *b->sum);
    for (int64_t k = 0; k <= 2 * b->reach; k++) {
        if (y + k < inside.y || y + k >= inside.y + inside.height)
            continue;
        add_times(b->sum, b->kernel[k], b->rows + (size_t)(y + k) * row + first,
                  columns);
        weight += b->kernel[k];
    }
    put(b->sum, weight, out + (size_t)y * row + first, columns);
}

/* The part [*from, *to) of a side of the chip that is in [start, start + size), which
   is counted from the margin on. */
static void clip_side(int64_t reach, int64_t side, int64_t start, int64_t size,
                      int64_t *from, int64_t *to) {
    int64_t low = start - reach, high = start + size - reach;
    *from = low > 0 ? low : 0;
    *to = high < side ? high : side;
}

static void copy_chip(const elc_blur *b, const uint8_t *pixels, uint8_t *out) {
    size_t row = (size_t)b->width * b->n, margin = (size_t)b->reach * b->n;
    for (int64_t y = 0; y < b->height; y++)
        memcpy(out + (size_t)y * row,
               pixels + (size_t)(y + b->reach) * (row + 2 * margin) + margin, row);
}

void elc_blur_chip(elc_blur *blur, const uint8_t *pixels, elc_window inside,
                   uint8_t *out) {
    int64_t x0, x1, y0, y1;
    copy_chip(blur, pixels, out);
    clip_side(blur->reach, blur->width, inside.x, inside.width, &x0, &x1);
    clip_side(blur->reach, blur->height, inside.y, inside.height, &y0, &y1);
    if (x0 >= x1 || y0 >= y1)
        return;
    size_t first = (size_t)x0 * blur->n, columns = (size_t)(x1 - x0) * blur->n;
    blur_along(blur, pixels, inside, first, columns);
    for (int64_t y = y0; y < y1; y++)
        blur_down(blur, inside, y, first, columns, out);
}
