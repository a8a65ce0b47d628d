/* cutter_seen.c - windows of an image as bytes, stretched and resampled alike in all of
   it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cutter.h"
#include "image/view.h"

#include <stdlib.h>
#include <string.h>

/* ---- creating ------------------------------------------------------------------- */

static elc_status check_palette(const elc_image *image, elc_error *err) {
    GDALRasterBandH first = GDALGetRasterBand(image->dataset, 1);
    if (!GDALGetRasterColorTable(first))
        return ELC_OK;
    return elc_fail(
        err, ELC_E_UNSUPPORTED,
        "%s: band 1 holds numbers of a colour table, which cannot be stretched or "
        "resampled; leave --stretch and --gsd out, or convert the image: "
        "gdal_translate -expand rgb %s converted.tif",
        image->path, image->path);
}

/* Alpha is no value to be stretched: it is in the mask. */
elc_status elc_cutter_seen_bands(const elc_image *image, const int *bands, int n,
                                 int out[ELC_BANDS_MAX], int *count, elc_error *err) {
    const elc_image_info *info = &image->info;
    int most = n > 0 ? n : info->bands, chosen = 0;
    for (int i = 0; i < most; i++) {
        int band = n > 0 ? bands[i] : i + 1;
        if (n == 0 && band == info->alpha_band)
            continue;
        if (chosen < ELC_BANDS_MAX)
            out[chosen] = band;
        chosen++;
    }
    if (chosen < 1 || chosen > ELC_BANDS_MAX)
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "%s: %d bands as bytes: from 1 to %d can be; choose some (--bands)",
            image->path, chosen, ELC_BANDS_MAX);
    ELC_TRY(check_palette(image, err));
    *count = chosen;
    return ELC_OK;
}

static elc_status set_up(elc_cutter *c, const elc_view_options *seen, int64_t rows,
                         elc_error *err) {
    bool resampled = seen->step_x != 1 || seen->step_y != 1;
    ELC_TRY(elc_alloc((size_t)seen->n, sizeof *c->bands, &c->bands, err));
    memcpy(c->bands, seen->bands, (size_t)seen->n * sizeof *c->bands);
    c->n = seen->n;
    c->type = GDT_Byte;
    c->value = 1;
    c->pixel = (size_t)c->n;
    c->step_x = seen->step_x;
    c->step_y = seen->step_y;
    if (!resampled)
        ELC_TRY(elc_cutter_create(c->image, c->bands, c->n, rows, &c->native, err));
    ELC_TRY(elc_view_create(c->image, seen, &c->view, err));
    c->has_mask = resampled ? elc_view_has_blanks(c->view)
                            : c->image->mask || c->native->has_blank;
    if (!resampled || !elc_view_wants_strips(c->view, rows))
        return ELC_OK;
    return elc_view_strip(c->view, rows, 0, &c->strip, err);
}

elc_status elc_cutter_create_seen(elc_image *image, const elc_view_options *seen,
                                  int64_t rows, elc_cutter **out, elc_error *err) {
    elc_cutter *c = NULL;
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    c->image = image;
    elc_status status = set_up(c, seen, rows, err);
    if (status != ELC_OK) {
        elc_cutter_free(c);
        return status;
    }
    *out = c;
    return ELC_OK;
}

/* ---- a window ------------------------------------------------------------------- */

/* 255 where a pixel holds something, by the native ones. */
static elc_status fill_mask(elc_cutter *c, elc_window w, elc_error *err) {
    const elc_cutter *native = c->native;
    size_t n = (size_t)w.width * (size_t)w.height;
    ELC_TRY(elc_cutter_room(&c->mask, &c->mask_capacity, n, err));
    if (c->image->mask) {
        memcpy(c->mask, native->mask, n);
        return ELC_OK;
    }
    for (size_t i = 0; i < n; i++)
        c->mask[i] =
            elc_cutter_blanks(native, native->data + i * native->pixel, 1) ? 0 : 255;
    return ELC_OK;
}

static elc_status read_plain(elc_cutter *c, elc_window w, elc_error *err) {
    ELC_TRY(elc_cutter_read(c->native, w, err));
    if (c->has_mask)
        ELC_TRY(fill_mask(c, w, err));
    return elc_view_read(c->view, w, 0, c->data, NULL, err);
}

/* ---- a resampled window -----------------------------------------------------------
 */

/* Rows that cannot be read are told once for all windows of them. */
static elc_status fill_strip(elc_cutter *c, elc_window inside, elc_error *err) {
    cutter_rows *r = &c->rows;
    if (inside.y == r->y && inside.height == r->height)
        return ELC_OK;
    if (inside.y == r->failed_y && inside.height == r->failed_height)
        return elc_image_fail_rows(c->image, inside.y, inside.height, err);
    r->height = 0;
    elc_status status = elc_strip_fill(c->strip, inside.y, inside.height, err);
    if (status == ELC_E_IO) {
        r->failed_y = inside.y;
        r->failed_height = inside.height;
    }
    ELC_TRY(status);
    r->y = inside.y;
    r->height = inside.height;
    return ELC_OK;
}

static elc_status read_pixels(elc_cutter *c, elc_window w, elc_error *err) {
    elc_window view = {0, 0, elc_view_width(c->view), elc_view_height(c->view)};
    elc_window inside = elc_window_common(w, view);
    memset(c->mask, 0, (size_t)w.width * (size_t)w.height);
    memset(c->data, 0, (size_t)w.width * (size_t)w.height * c->pixel);
    if (inside.width == 0 || inside.height == 0)
        return ELC_OK;
    if (c->strip) {
        ELC_TRY(fill_strip(c, inside, err));
        elc_strip_mask(c->strip, w, c->mask);
        return elc_strip_cut(c->strip, w, 0, c->data, NULL, err);
    }
    int64_t first = (inside.y - w.y) * w.width + (inside.x - w.x);
    return elc_view_fetch(c->view, inside, 0, c->data + first * c->n, w.width * c->n,
                          c->mask + first, w.width, err);
}

static elc_status read_resampled(elc_cutter *c, elc_window w, elc_error *err) {
    size_t n = (size_t)w.width * (size_t)w.height;
    ELC_TRY(elc_cutter_room(&c->mask, &c->mask_capacity, n, err));
    ELC_TRY(read_pixels(c, w, err));
    for (size_t i = 0; i < n; i++)
        c->mask[i] = c->mask[i] ? 255 : 0;
    return ELC_OK;
}

elc_status elc_cutter_read_seen(elc_cutter *c, elc_window w, elc_error *err) {
    ELC_TRY(elc_cutter_reserve(c, w, err));
    ELC_TRY(c->native ? read_plain(c, w, err) : read_resampled(c, w, err));
    c->window = w;
    return ELC_OK;
}
