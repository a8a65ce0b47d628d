/* strip.c - rows of the whole width kept in memory, from which chips are cut. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <stdlib.h>
#include <string.h>

#include "image/view.h"

struct elc_strip {
    elc_image *image;
    elc_view *view; /* whose bytes these are; NULL: the image's own */
    uint8_t pad;    /* of a view's nodata */
    int *bands;
    int n;
    elc_image_info size;    /* width and height of what is read */
    int64_t capacity;       /* rows */
    int64_t y, height;      /* rows that are filled */
    size_t line, mask_line; /* bytes of a row */
    uint8_t *pixels, *mask; /* mask: NULL where the image has none */
};

bool elc_image_wants_strips(const elc_image *image) {
    return image->info.block_width >= image->info.width;
}

bool elc_view_wants_strips(const elc_view *view, int64_t height) {
    const double most = 256 << 20; /* bytes */
    int n = 0;
    elc_view_bands(view, &n);
    double bytes = (double)elc_view_width(view) * (double)height * (n + 1);
    return elc_image_wants_strips(elc_view_image(view)) &&
           (elc_view_is_direct(view) || bytes <= most);
}

static elc_status alloc_rows(elc_strip *s, elc_error *err) {
    s->line = (size_t)s->size.width * (size_t)s->n;
    s->mask_line = (size_t)s->size.width;
    ELC_TRY(elc_alloc((size_t)s->capacity, s->line, &s->pixels, err));
    if (s->view || s->image->blank == ELC_BLANK_MASK)
        ELC_TRY(elc_alloc((size_t)s->capacity, s->mask_line, &s->mask, err));
    return ELC_OK;
}

/* `view` may be NULL; its image and bands are the others. */
static elc_status create(elc_image *image, elc_view *view, const int *bands, int n,
                         int64_t height, elc_strip **out, elc_error *err) {
    int64_t width = view ? elc_view_width(view) : image->info.width;
    int64_t rows = view ? elc_view_height(view) : image->info.height;
    ELC_TRY(elc_window_check(image, (elc_window){0, 0, width, height}, n, err));
    elc_strip *s = NULL;
    ELC_TRY(elc_alloc(1, sizeof *s, &s, err));
    s->image = image;
    s->view = view;
    s->n = n;
    s->size.width = width;
    s->size.height = rows;
    s->capacity = height < rows ? height : rows;
    elc_status status = elc_alloc((size_t)n, sizeof *s->bands, &s->bands, err);
    if (status == ELC_OK) {
        memcpy(s->bands, bands, (size_t)n * sizeof *bands);
        status = alloc_rows(s, err);
    }
    if (status != ELC_OK) {
        elc_strip_free(s);
        return status;
    }
    *out = s;
    return ELC_OK;
}

elc_status elc_strip_create(elc_image *image, const int *bands, int n, int64_t height,
                            elc_strip **out, elc_error *err) {
    ELC_TRY(elc_image_check_bands(image, bands, n, err));
    return create(image, NULL, bands, n, height, out, err);
}

elc_status elc_view_strip(elc_view *view, int64_t height, uint8_t pad, elc_strip **out,
                          elc_error *err) {
    int n = 0;
    elc_image *image = elc_view_image(view);
    const int *bands = elc_view_bands(view, &n);
    bool direct = elc_view_is_direct(view);
    ELC_TRY(create(image, direct ? NULL : view, bands, n, height, out, err));
    (*out)->pad = pad;
    return ELC_OK;
}

/* Moves the rows from `y` on to the top; the count of rows that stay. */
static int64_t keep_rows(elc_strip *s, int64_t y, int64_t end) {
    if (y < s->y || y >= s->y + s->height)
        return 0;
    int64_t kept = s->y + s->height - y;
    if (kept > end - y)
        kept = end - y;
    size_t from = (size_t)(y - s->y), rows = (size_t)kept;
    memmove(s->pixels, s->pixels + from * s->line, rows * s->line);
    if (s->mask)
        memmove(s->mask, s->mask + from * s->mask_line, rows * s->mask_line);
    return kept;
}

static elc_status fetch_slice(elc_strip *s, int64_t y, int64_t at, int64_t rows,
                              elc_error *err) {
    elc_window w = {0, y + at, s->size.width, rows};
    uint8_t *pixels = s->pixels + (size_t)at * s->line;
    uint8_t *mask = s->mask ? s->mask + (size_t)at * s->mask_line : NULL;
    int64_t line = (int64_t)s->line, mask_line = (int64_t)s->mask_line;
    if (s->view)
        return elc_view_fetch(s->view, w, s->pad, pixels, line, mask, mask_line, err);
    ELC_TRY(elc_image_fetch(s->image, w, s->bands, s->n, pixels, line, err));
    if (!mask)
        return ELC_OK;
    return elc_image_fetch(s->image, w, NULL, 1, mask, mask_line, err);
}

/* GDAL takes memory of its own for what one call reads: a few rows at a time. */
static elc_status fetch_rows(elc_strip *s, int64_t y, int64_t kept, int64_t end,
                             elc_error *err) {
    enum { SLICE = 64 };
    for (int64_t at = kept; at < end - y; at += SLICE) {
        int64_t left = end - y - at;
        elc_status status = fetch_slice(s, y, at, left < SLICE ? left : SLICE, err);
        if (status == ELC_E_IO)
            return elc_image_fail_rows(s->image, y, end - y, err);
        ELC_TRY(status);
    }
    return ELC_OK;
}

elc_status elc_strip_fill(elc_strip *strip, int64_t y, int64_t height, elc_error *err) {
    int64_t rows = strip->size.height;
    if (y < 0 || y >= rows || height < 1)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: rows %lld to %lld: the image has %lld", strip->image->path,
                        (long long)y, (long long)y + height, (long long)rows);
    int64_t end = height < rows - y ? y + height : rows;
    if (end - y > strip->capacity)
        return elc_fail(
            err, ELC_E_ARGUMENT, "%s: %lld rows do not fit into a strip of %lld",
            strip->image->path, (long long)(end - y), (long long)strip->capacity);
    int64_t kept = keep_rows(strip, y, end);
    strip->height = 0;
    if (kept < end - y)
        ELC_TRY(fetch_rows(strip, y, kept, end, err));
    strip->y = y;
    strip->height = end - y;
    return ELC_OK;
}

static void copy_rows(const elc_strip *s, elc_window window, elc_window inside,
                      uint8_t *out) {
    size_t n = (size_t)s->n, line = (size_t)window.width * n;
    out += (size_t)(inside.y - window.y) * line + (size_t)(inside.x - window.x) * n;
    const uint8_t *from =
        s->pixels + (size_t)(inside.y - s->y) * s->line + (size_t)inside.x * n;
    for (int64_t row = 0; row < inside.height; row++)
        memcpy(out + (size_t)row * line, from + (size_t)row * s->line,
               (size_t)inside.width * n);
}

static bool any_data(const elc_strip *s, elc_window inside) {
    size_t row = (size_t)(inside.y - s->y), col = (size_t)inside.x;
    if (s->mask)
        return elc_any_not_zero(s->mask + row * s->mask_line + col, inside.width,
                                inside.height, (int64_t)s->mask_line);
    if (s->image->blank == ELC_BLANK_NODATA)
        return elc_any_not_nodata(s->image,
                                  s->pixels + row * s->line + col * (size_t)s->n,
                                  inside, s->bands, s->n, (int64_t)s->line);
    return true;
}

elc_status elc_strip_cut(const elc_strip *strip, elc_window window, uint8_t pad,
                         uint8_t *out, bool *valid, elc_error *err) {
    ELC_TRY(elc_window_check(strip->image, window, strip->n, err));
    elc_window inside = elc_window_inside(&strip->size, window);
    bool any = inside.width > 0 && inside.height > 0;
    if (any &&
        (inside.y < strip->y || inside.y + inside.height > strip->y + strip->height))
        return elc_fail(
            err, ELC_E_ARGUMENT,
            "%s: rows %lld to %lld are cut, rows %lld to %lld are in the strip",
            strip->image->path, (long long)inside.y,
            (long long)(inside.y + inside.height), (long long)strip->y,
            (long long)(strip->y + strip->height));
    elc_window_pad(window, inside, strip->n, pad, out);
    if (any) {
        copy_rows(strip, window, inside, out);
        any = !valid || any_data(strip, inside);
    }
    if (valid)
        *valid = any;
    return ELC_OK;
}

void elc_strip_mask(const elc_strip *s, elc_window window, uint8_t *out) {
    elc_window inside = elc_window_inside(&s->size, window);
    memset(out, 0, (size_t)window.width * (size_t)window.height);
    out += (inside.y - window.y) * window.width + (inside.x - window.x);
    const uint8_t *from = s->mask + (size_t)(inside.y - s->y) * s->mask_line + inside.x;
    for (int64_t row = 0; row < inside.height && inside.width > 0; row++)
        memcpy(out + row * window.width, from + (size_t)row * s->mask_line,
               (size_t)inside.width);
}

void elc_strip_free(elc_strip *strip) {
    if (!strip)
        return;
    free(strip->bands);
    free(strip->pixels);
    free(strip->mask);
    free(strip);
}
