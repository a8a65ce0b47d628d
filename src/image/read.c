/* read.c - a window of an image, pixel interleaved. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"

/* ---- through GDAL
 * --------------------------------------------------------------------- */

static bool all_equal(const int *bands, int n) {
    for (int i = 1; i < n; i++)
        if (bands[i] != bands[0])
            return false;
    return true;
}

/* Copies the first value of each pixel to its others. */
static void spread(uint8_t *out, elc_window w, int n, size_t size, int64_t line) {
    size_t step = (size_t)n * size;
    for (int64_t row = 0; row < w.height; row++)
        for (int64_t col = 0; col < w.width; col++) {
            uint8_t *pixel = out + row * line + col * (int64_t)step;
            if (size == 1)
                memset(pixel + 1, pixel[0], step - 1);
            for (size_t i = size; size > 1 && i < step; i += size)
                memcpy(pixel + i, pixel, size);
        }
}

/* Bytes from one pixel, row and band to the next. */
typedef struct spacing {
    int64_t pixel, line, band;
} spacing;

static CPLErr read_raster(elc_image *image, elc_window w, const int *bands, int n,
                          GDALDataType type, void *out, spacing by) {
    int x = (int)w.x, y = (int)w.y, width = (int)w.width, height = (int)w.height;
    if (!bands)
        return GDALRasterIOEx(image->mask, GF_Read, x, y, width, height, out, width,
                              height, type, by.pixel, by.line, NULL);
    int *list = (int *)(uintptr_t)bands; /* GDAL only reads it */
    return GDALDatasetRasterIOEx(image->dataset, GF_Read, x, y, width, height, out,
                                 width, height, type, n, list, by.pixel, by.line,
                                 by.band, NULL);
}

static elc_status tell_window(const elc_image *image, elc_window w, elc_error *err) {
    return elc_fail(err, ELC_E_IO, "%s: window %lld, %lld of %lld x %lld px: %s",
                    image->path, (long long)w.x, (long long)w.y, (long long)w.width,
                    (long long)w.height, image->reason);
}

static elc_status fail_window(elc_image *image, elc_window w, const char *reason,
                              elc_error *err) {
    snprintf(image->reason, sizeof image->reason, "%s", reason);
    return tell_window(image, w, err);
}

elc_status elc_image_fail_rows(const elc_image *image, int64_t y, int64_t height,
                               elc_error *err) {
    return elc_fail(err, ELC_E_IO, "%s: rows %lld to %lld: %s", image->path,
                    (long long)y, (long long)(y + height - 1), image->reason);
}

/* From this row on the image is not to be trusted. */
static void damage_from(elc_image *image, int64_t y, const char *reason) {
    if (y >= image->damaged_from)
        return;
    image->damaged_from = y;
    snprintf(image->damage, sizeof image->damage, "%s", reason);
}

/* What was decoded beside the damage must not be found in the cache as if it were well.
 */
static void forget_damaged(elc_image *image, elc_window w, const elc_gdal_log *log) {
    GDALFlushCache(image->dataset);
    if (image->one_stream && log->damaged)
        damage_from(image, w.y, log->warning);
}

static elc_status fail_read(elc_image *image, elc_window w, const int *bands, int n,
                            const elc_gdal_log *log, elc_error *err) {
    char reason[80];
    uint64_t size = 0;
    bool cut_short = elc_image_ends_before(image, w, bands, n, &size);
    image->spoilt = !cut_short;
    if (!cut_short)
        return fail_window(image, w, elc_gdal_reason(log), err);
    snprintf(reason, sizeof reason, "it is cut short: the file ends after %llu bytes",
             (unsigned long long)size);
    return fail_window(image, w, reason, err);
}

static CPLErr read_line(elc_image *image, int y) {
    uint8_t pixel = 0;
    return GDALRasterIO(GDALGetRasterBand(image->dataset, 1), GF_Read, 0, y, 1, 1,
                        &pixel, 1, 1, GDT_Byte, 0, 0);
}

static void read_lines(elc_image *image, int64_t end) {
    for (; image->lines < end && image->lines < image->damaged_from; image->lines++) {
        elc_gdal_log log;
        elc_gdal_begin(&log);
        if (read_line(image, (int)image->lines) != CE_None || log.failure[0])
            damage_from(image, image->lines, elc_gdal_reason(&log));
        elc_gdal_end();
    }
}

/* How a read lays its pixels out. */
typedef struct layout {
    const int *bands;
    int n;
    GDALDataType type;
    spacing by;
} layout;

static elc_status fetch_once(elc_image *image, elc_window w, const layout *l, void *out,
                             elc_error *err) {
    if (image->by_lines)
        read_lines(image, w.y + w.height);
    if (w.y + w.height > image->damaged_from)
        return fail_window(image, w, image->damage, err);
    elc_gdal_log log;
    elc_gdal_begin(&log);
    CPLErr result = read_raster(image, w, l->bands, l->n, l->type, out, l->by);
    bool well = result == CE_None && !log.failure[0] && !log.damaged;
    if (!well)
        forget_damaged(image, w, &log);
    elc_gdal_end();
    return well ? ELC_OK : fail_read(image, w, l->bands, l->n, &log, err);
}

/* After a failure GDAL may say something else of the same pixels, or even invent them;
   and whether a read fails may depend on what was read before. So the last word has a
   handle that has read nothing. */
static elc_status fetch(elc_image *image, elc_window w, const layout *l, void *out,
                        elc_error *err) {
    if (image->spoilt && !elc_image_renew(image))
        return tell_window(image, w, err);
    bool fresh = !image->was_read;
    image->was_read = true;
    elc_status status = fetch_once(image, w, l, out, err);
    if (!image->spoilt || fresh || !elc_image_renew(image))
        return status;
    image->was_read = true;
    return fetch_once(image, w, l, out, err);
}

elc_status elc_image_fetch_as(elc_image *image, elc_window w, const int *bands, int n,
                              GDALDataType type, void *out, int64_t line,
                              elc_error *err) {
    int64_t size = GDALGetDataTypeSizeBytes(type);
    bool once = bands && n > 1 && all_equal(bands, n);
    layout l = {bands, once ? 1 : n, type, {n * size, line, size}};
    ELC_TRY(fetch(image, w, &l, out, err));
    if (once)
        spread(out, w, n, (size_t)size, line);
    return ELC_OK;
}

elc_status elc_image_fetch_planes(elc_image *image, elc_window w, const int *bands,
                                  int n, GDALDataType type, void *out, elc_error *err) {
    int64_t size = GDALGetDataTypeSizeBytes(type), line = w.width * size;
    size_t plane = (size_t)(line * w.height);
    bool once = all_equal(bands, n);
    layout l = {bands, once ? 1 : n, type, {size, line, (int64_t)plane}};
    ELC_TRY(fetch(image, w, &l, out, err));
    for (int i = 1; once && i < n; i++)
        memcpy((uint8_t *)out + (size_t)i * plane, out, plane);
    return ELC_OK;
}

elc_status elc_image_fetch(elc_image *image, elc_window w, const int *bands, int n,
                           uint8_t *out, int64_t line, elc_error *err) {
    return elc_image_fetch_as(image, w, bands, n, GDT_Byte, out, line, err);
}

/* ---- what can be read
 * ------------------------------------------------------------------ */

elc_status elc_image_check_bands(const elc_image *image, const int *bands, int n,
                                 elc_error *err) {
    const elc_image_info *info = &image->info;
    if (!info->is_byte)
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "%s: %s pixels, where bytes are read: see them through a view, "
            "or convert it: gdal_translate -ot Byte -scale %s converted.tif",
            image->path, info->type_name, image->path);
    for (int i = 0; i < n; i++)
        if (bands[i] < 1 || bands[i] > info->bands)
            return elc_fail(err, ELC_E_NOT_FOUND,
                            "%s: band %d asked for, the image has %d", image->path,
                            bands[i], info->bands);
    return ELC_OK;
}

static elc_status any_unmasked(elc_image *image, elc_window inside, bool *out,
                               elc_error *err) {
    uint8_t *mask = NULL;
    ELC_TRY(elc_alloc((size_t)inside.width, (size_t)inside.height, &mask, err));
    elc_status status =
        elc_image_fetch(image, inside, NULL, 1, mask, inside.width, err);
    if (status == ELC_OK)
        *out = elc_any_not_zero(mask, inside.width, inside.height, inside.width);
    free(mask);
    return status;
}

elc_status elc_image_read(elc_image *image, elc_window window, const int *bands, int n,
                          uint8_t pad, uint8_t *out, bool *valid, elc_error *err) {
    ELC_TRY(elc_window_check(image, window, n, err));
    ELC_TRY(elc_image_check_bands(image, bands, n, err));
    elc_window inside = elc_window_inside(&image->info, window);
    elc_window_pad(window, inside, n, pad, out);
    bool any = inside.width > 0 && inside.height > 0;
    int64_t line = window.width * n;
    if (any) {
        uint8_t *first = out + (inside.y - window.y) * line + (inside.x - window.x) * n;
        ELC_TRY(elc_image_fetch(image, inside, bands, n, first, line, err));
        if (valid && image->blank == ELC_BLANK_NODATA)
            any = elc_any_not_nodata(image, first, inside, bands, n, line);
        else if (valid && image->blank == ELC_BLANK_MASK)
            ELC_TRY(any_unmasked(image, inside, &any, err));
    }
    if (valid)
        *valid = any;
    return ELC_OK;
}
