/* cutter.c - windows of an image read in its own type. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cutter.h"
#include "image/gdal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX   (INT64_C(256) << 20) /* beyond, rows are not kept in memory */
#define WINDOW_MAX (INT64_C(2) << 30)   /* beyond, a window is refused */

/* ---- creating ------------------------------------------------------------------- */

static elc_status choose_bands(elc_cutter *c, const int *bands, int n, elc_error *err) {
    const elc_image_info *info = &c->image->info;
    c->n = n > 0 ? n : info->bands;
    ELC_TRY(elc_alloc((size_t)c->n, sizeof *c->bands, &c->bands, err));
    for (int i = 0; i < c->n; i++) {
        c->bands[i] = n > 0 ? bands[i] : i + 1;
        if (c->bands[i] < 1 || c->bands[i] > info->bands)
            return elc_fail(err, ELC_E_NOT_FOUND,
                            "%s: band %d asked for, the image has %d", c->image->path,
                            c->bands[i], info->bands);
    }
    return ELC_OK;
}

static GDALRasterBandH band_of(const elc_cutter *c, int i) {
    return GDALGetRasterBand(c->image->dataset, c->bands[i]);
}

/* One type that holds the values of all bands. */
static void choose_type(elc_cutter *c) {
    c->type = GDALGetRasterDataType(band_of(c, 0));
    for (int i = 1; i < c->n; i++)
        c->type = GDALDataTypeUnion(c->type, GDALGetRasterDataType(band_of(c, i)));
    c->is_signed_byte = c->type == GDT_Byte && elc_gdal_is_signed_byte(band_of(c, 0));
    c->value = (size_t)GDALGetDataTypeSizeBytes(c->type);
    c->pixel = c->value * (size_t)c->n;
}

/* The same for signed bytes, which GDAL copies as if they were not. */
static bool put_signed(double value, uint8_t *out) {
    bool holds = value >= INT8_MIN && value <= INT8_MAX && value == floor(value);
    *out = holds ? (uint8_t)(int8_t)value : 0;
    return holds;
}

/* Writes the nodata value of a band as the type holds it; false when it cannot. */
static bool put_nodata(const elc_cutter *c, int i, uint8_t *out) {
    int has = 0;
    double value = GDALGetRasterNoDataValue(band_of(c, i), &has), back = 0;
    if (!has || GDALDataTypeIsComplex(c->type))
        return false;
    if (c->is_signed_byte)
        return put_signed(value, out);
    GDALCopyWords(&value, GDT_Float64, 0, out, c->type, 0, 1);
    GDALCopyWords(out, c->type, 0, &back, GDT_Float64, 0, 1);
    if (c->type == GDT_Float32)
        value = (double)(float)value;
    bool same = memcmp(&value, &back, sizeof value) == 0 || back == value ||
                (isnan(value) && isnan(back));
    if (!same)
        memset(out, 0, c->value);
    return same;
}

static elc_status choose_blank(elc_cutter *c, elc_error *err) {
    ELC_TRY(elc_alloc(1, c->pixel, &c->blank, err));
    c->has_blank = true;
    for (int i = 0; i < c->n; i++)
        if (!put_nodata(c, i, c->blank + (size_t)i * c->value))
            c->has_blank = false;
    return ELC_OK;
}

/* Where blocks span the width a row of windows is read once, and cut from memory. */
static void choose_rows(elc_cutter *c, int64_t rows) {
    const elc_image_info *info = &c->image->info;
    int64_t height = rows < info->height ? rows : info->height;
    double size = (double)height * (double)info->width * (double)c->pixel;
    c->wants_rows = rows > 0 && info->width > 1 && elc_image_wants_strips(c->image) &&
                    size <= (double)ROWS_MAX;
}

elc_status elc_cutter_create(elc_image *image, const int *bands, int n, int64_t rows,
                             elc_cutter **out, elc_error *err) {
    elc_cutter *c = NULL;
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    c->image = image;
    c->step_x = c->step_y = 1;
    elc_status status = choose_bands(c, bands, n, err);
    if (status == ELC_OK) {
        choose_type(c);
        choose_rows(c, rows);
        c->has_mask = image->mask && !image->info.alpha_band;
        status = choose_blank(c, err);
    }
    if (status != ELC_OK) {
        elc_cutter_free(c);
        return status;
    }
    *out = c;
    return ELC_OK;
}

void elc_cutter_free(elc_cutter *cutter) {
    if (!cutter)
        return;
    elc_cutter_free(cutter->native);
    elc_strip_free(cutter->strip);
    elc_view_free(cutter->view);
    free(cutter->bands);
    free(cutter->blank);
    free(cutter->data);
    free(cutter->mask);
    free(cutter->rows.bytes);
    elc_tiff_template_clear(&cutter->tiff);
    free(cutter);
}

int elc_cutter_bands(const elc_cutter *cutter) {
    return cutter->n;
}

static elc_status fetch(elc_cutter *c, elc_window w, uint8_t *out, size_t line,
                        elc_error *err) {
    return elc_image_fetch_as(c->image, w, c->bands, c->n, c->type, out, (int64_t)line,
                              err);
}

/* ---- rows ----------------------------------------------------------------------- */

/* Rows that are there already move to the top; how many. */
static int64_t keep_rows(cutter_rows *r, int64_t y, int64_t end, size_t line) {
    if (y < r->y || y >= r->y + r->height)
        return 0;
    int64_t kept = r->y + r->height - y;
    kept = kept < end - y ? kept : end - y;
    memmove(r->bytes, r->bytes + (size_t)(y - r->y) * line, (size_t)kept * line);
    return kept;
}

/* Once for all windows of these rows, each of which would begin at the top again. */
static elc_status fail_rows(elc_cutter *c, elc_window inside, elc_error *err) {
    c->rows.failed_y = inside.y;
    c->rows.failed_height = inside.height;
    return elc_image_fail_rows(c->image, inside.y, inside.height, err);
}

static elc_status fill_rows(elc_cutter *c, elc_window inside, elc_error *err) {
    enum { SLICE = 64 }; /* GDAL takes memory of its own for what one call reads */
    cutter_rows *r = &c->rows;
    int64_t width = c->image->info.width, end = inside.y + inside.height;
    size_t line = (size_t)width * c->pixel;
    if (inside.y >= r->y && end <= r->y + r->height)
        return ELC_OK;
    if (inside.y == r->failed_y && inside.height == r->failed_height)
        return elc_image_fail_rows(c->image, inside.y, inside.height, err);
    ELC_TRY(elc_reserve(&r->bytes, &r->capacity, (size_t)inside.height * line, 1, err));
    int64_t kept = keep_rows(r, inside.y, end, line);
    r->height = 0;
    for (int64_t at = inside.y + kept; at < end; at += SLICE) {
        elc_window w = {0, at, width, end - at < SLICE ? end - at : SLICE};
        if (fetch(c, w, r->bytes + (size_t)(at - inside.y) * line, line, err) != ELC_OK)
            return fail_rows(c, inside, err);
    }
    r->y = inside.y;
    r->height = inside.height;
    return ELC_OK;
}

static void cut_rows(const elc_cutter *c, elc_window inside, uint8_t *out,
                     size_t line) {
    size_t from_line = (size_t)c->image->info.width * c->pixel;
    const uint8_t *from = c->rows.bytes + (size_t)(inside.y - c->rows.y) * from_line +
                          (size_t)inside.x * c->pixel;
    for (int64_t row = 0; row < inside.height; row++)
        memcpy(out + (size_t)row * line, from + (size_t)row * from_line,
               (size_t)inside.width * c->pixel);
}

/* ---- a window ------------------------------------------------------------------- */

size_t elc_cutter_size(const elc_cutter *c) {
    return (size_t)c->window.width * (size_t)c->window.height * c->pixel;
}

static void fill_blank(const elc_cutter *c, uint8_t *out, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        memcpy(out + (size_t)i * c->pixel, c->blank, c->pixel);
}

static elc_status read_pixels(elc_cutter *c, elc_window w, elc_window inside,
                              elc_error *err) {
    size_t line = (size_t)w.width * c->pixel;
    if (inside.width < w.width || inside.height < w.height)
        fill_blank(c, c->data, w.width * w.height);
    if (inside.width == 0 || inside.height == 0)
        return ELC_OK;
    uint8_t *first =
        c->data + (size_t)(inside.y - w.y) * line + (size_t)(inside.x - w.x) * c->pixel;
    if (!c->wants_rows)
        return fetch(c, inside, first, line, err);
    ELC_TRY(fill_rows(c, inside, err));
    cut_rows(c, inside, first, line);
    return ELC_OK;
}

static elc_status read_mask(elc_cutter *c, elc_window w, elc_window inside,
                            elc_error *err) {
    size_t size = (size_t)w.width * (size_t)w.height;
    ELC_TRY(elc_cutter_room(&c->mask, &c->mask_capacity, size, err));
    memset(c->mask, 0, size);
    if (inside.width == 0 || inside.height == 0)
        return ELC_OK;
    uint8_t *first = c->mask + (inside.y - w.y) * w.width + (inside.x - w.x);
    return elc_image_fetch(c->image, inside, NULL, 1, first, w.width, err);
}

/* What a window takes is known, and the same for most: room for exactly that. */
elc_status elc_cutter_room(uint8_t **bytes, size_t *capacity, size_t need,
                           elc_error *err) {
    if (need <= *capacity)
        return ELC_OK;
    free(*bytes);
    *bytes = NULL;
    *capacity = 0;
    ELC_TRY(elc_alloc(need, 1, bytes, err));
    *capacity = need;
    return ELC_OK;
}

/* A header may state any number of bands: what they take is asked first. */
elc_status elc_cutter_reserve(elc_cutter *c, elc_window w, elc_error *err) {
    int64_t bytes = 0;
    ELC_TRY(elc_window_check(c->image, w, c->n, err));
    if (__builtin_mul_overflow(w.width * w.height, (int64_t)c->pixel, &bytes) ||
        bytes > WINDOW_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: %lld x %lld px of %zu bytes take more than 2 GiB: choose "
                        "bands (--bands 1,2,3), or give a smaller --chip",
                        c->image->path, (long long)w.width, (long long)w.height,
                        c->pixel);
    return elc_cutter_room(&c->data, &c->capacity, (size_t)bytes, err);
}

elc_status elc_cutter_read(elc_cutter *c, elc_window window, elc_error *err) {
    if (c->view)
        return elc_cutter_read_seen(c, window, err);
    ELC_TRY(elc_cutter_reserve(c, window, err));
    elc_window inside = elc_window_inside(&c->image->info, window);
    ELC_TRY(read_pixels(c, window, inside, err));
    if (c->image->mask)
        ELC_TRY(read_mask(c, window, inside, err));
    c->window = window;
    return ELC_OK;
}

/* ---- nodata --------------------------------------------------------------------- */

static bool is_real(GDALDataType type) {
    return type == GDT_Float32 || type == GDT_Float64;
}

/* NaN equals NaN here, and -0 equals 0. */
static bool same_real(const elc_cutter *c, const uint8_t *pixel) {
    double got[2] = {0, 0};
    for (int i = 0; i < c->n; i++) {
        const uint8_t *at = pixel + (size_t)i * c->value;
        GDALCopyWords(at, c->type, 0, &got[0], GDT_Float64, 0, 1);
        GDALCopyWords(c->blank + (size_t)i * c->value, c->type, 0, &got[1], GDT_Float64,
                      0, 1);
        if (!(got[0] <= got[1] && got[0] >= got[1]) &&
            !(isnan(got[0]) && isnan(got[1])))
            return false;
    }
    return true;
}

int64_t elc_cutter_blanks(const elc_cutter *c, const uint8_t *pixels, int64_t n) {
    int64_t count = 0;
    if (is_real(c->type))
        for (int64_t i = 0; i < n; i++)
            count += same_real(c, pixels + (size_t)i * c->pixel);
    else
        for (int64_t i = 0; i < n; i++)
            count += !memcmp(pixels + (size_t)i * c->pixel, c->blank, c->pixel);
    return count;
}

static int64_t count_masked(const uint8_t *mask, int64_t n) {
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++)
        count += mask[i] == 0;
    return count;
}

double elc_cutter_nodata_share(const elc_cutter *c) {
    if (c->native)
        return elc_cutter_nodata_share(c->native);
    elc_window w = c->window, inside = elc_window_inside(&c->image->info, w);
    int64_t n = w.width * w.height, used = inside.width * inside.height;
    if (c->view || c->image->mask)
        return (double)count_masked(c->mask, n) / (double)n;
    int64_t blank = 0;
    if (!c->has_blank)
        return (double)(n - used) / (double)n;
    size_t line = (size_t)w.width * c->pixel;
    for (int64_t row = inside.y; row < inside.y + inside.height; row++)
        blank += elc_cutter_blanks(c,
                                   c->data + (size_t)(row - w.y) * line +
                                       (size_t)(inside.x - w.x) * c->pixel,
                                   inside.width);
    return (double)(n - used + blank) / (double)n;
}
