/* window.c - windows against an image's edges, and whether pixels hold anything. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "image/image.h"

static int64_t clamp(int64_t v, int64_t low, int64_t high) {
    return v < low ? low : v > high ? high : v;
}

/* Where a side ends; not before it starts, and not beyond the largest number. */
static int64_t end_of(int64_t start, int64_t size) {
    int64_t end = 0;
    if (size < 0)
        return start;
    return __builtin_add_overflow(start, size, &end) ? INT64_MAX : end;
}

/* The common part of two sides, each from a start on. */
static void common(int64_t a, int64_t a_size, int64_t b, int64_t b_size, int64_t *start,
                   int64_t *size) {
    int64_t a_end = end_of(a, a_size), b_end = end_of(b, b_size);
    int64_t end = a_end < b_end ? a_end : b_end;
    *start = a > b ? a : b;
    *size = end > *start ? end - *start : 0;
}

elc_window elc_window_common(elc_window a, elc_window b) {
    elc_window w;
    common(a.x, a.width, b.x, b.width, &w.x, &w.width);
    common(a.y, a.height, b.y, b.height, &w.y, &w.height);
    return w;
}

elc_window elc_window_inside(const elc_image_info *info, elc_window w) {
    int64_t x0 = clamp(w.x, 0, info->width), x1 = clamp(w.x + w.width, 0, info->width);
    int64_t y0 = clamp(w.y, 0, info->height),
            y1 = clamp(w.y + w.height, 0, info->height);
    return (elc_window){x0, y0, x1 - x0, y1 - y0};
}

elc_status elc_window_check(const elc_image *image, elc_window w, int n,
                            elc_error *err) {
    int64_t pixels = 0, bytes = 0, end = 0;
    if (w.width < 1 || w.height < 1 || w.width > INT32_MAX || w.height > INT32_MAX)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: window of %lld x %lld px: from 1 to %d can be read",
                        image->path, (long long)w.width, (long long)w.height,
                        INT32_MAX);
    if (__builtin_add_overflow(w.x, w.width, &end) ||
        __builtin_add_overflow(w.y, w.height, &end))
        return elc_fail(err, ELC_E_ARGUMENT, "%s: window at %lld, %lld is out of range",
                        image->path, (long long)w.x, (long long)w.y);
    if (__builtin_mul_overflow(w.width, w.height, &pixels) || n < 1 ||
        __builtin_mul_overflow(pixels, (int64_t)n, &bytes))
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: %d bands of %lld x %lld px cannot be read at once",
                        image->path, n, (long long)w.width, (long long)w.height);
    return ELC_OK;
}

void elc_window_pad(elc_window window, elc_window inside, int n, uint8_t pad,
                    uint8_t *out) {
    size_t line = (size_t)(window.width * n);
    size_t left = (size_t)((inside.x - window.x) * n);
    size_t used = (size_t)(inside.width * n);
    for (int64_t row = 0; row < window.height; row++) {
        uint8_t *at = out + (size_t)row * line;
        int64_t y = window.y + row;
        if (inside.width == 0 || y < inside.y || y >= inside.y + inside.height) {
            memset(at, pad, line);
            continue;
        }
        memset(at, pad, left);
        memset(at + left + used, pad, line - left - used);
    }
}

bool elc_any_not_zero(const uint8_t *mask, int64_t width, int64_t height,
                      int64_t line) {
    for (int64_t row = 0; row < height; row++)
        for (int64_t col = 0; col < width; col++)
            if (mask[row * line + col])
                return true;
    return false;
}

static bool any_but(const uint8_t *pixels, int64_t width, int n, const int16_t *nodata,
                    const int *bands) {
    for (int64_t col = 0; col < width; col++)
        for (int i = 0; i < n; i++)
            if (pixels[col * n + i] != nodata[bands[i] - 1])
                return true;
    return false;
}

bool elc_any_not_nodata(const elc_image *image, const uint8_t *pixels, elc_window size,
                        const int *bands, int n, int64_t line) {
    for (int64_t row = 0; row < size.height; row++)
        if (any_but(pixels + row * line, size.width, n, image->nodata, bands))
            return true;
    return false;
}
