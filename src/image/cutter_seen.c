/* cutter_seen.c - windows of an image as bytes, stretched alike in all of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cutter.h"

#include <stdlib.h>
#include <string.h>

/* ---- creating ------------------------------------------------------------------- */

/* Alpha is no value to be stretched: it is in the mask. */
static elc_status choose_bands(elc_cutter *c, const int *bands, int n, elc_error *err) {
    const elc_image_info *info = &c->image->info;
    int most = n > 0 ? n : info->bands;
    ELC_TRY(elc_alloc((size_t)most, sizeof *c->bands, &c->bands, err));
    for (int i = 0; i < most; i++) {
        int band = n > 0 ? bands[i] : i + 1;
        if (n > 0 || band != info->alpha_band)
            c->bands[c->n++] = band;
    }
    if (c->n >= 1 && c->n <= ELC_BANDS_MAX)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_UNSUPPORTED,
        "%s: %d bands to stretch: from 1 to %d can be; choose some (--bands)",
        c->image->path, c->n, ELC_BANDS_MAX);
}

static elc_status check_palette(const elc_cutter *c, elc_error *err) {
    GDALRasterBandH first = GDALGetRasterBand(c->image->dataset, 1);
    if (!GDALGetRasterColorTable(first))
        return ELC_OK;
    return elc_fail(
        err, ELC_E_UNSUPPORTED,
        "%s: band 1 holds numbers of a colour table, of which a stretch "
        "makes no sense; leave it out, or convert the image: gdal_translate "
        "-expand rgb %s converted.tif",
        c->image->path, c->image->path);
}

static elc_status make_view(elc_cutter *c, int64_t rows, const elc_stretch_wish *wish,
                            elc_stretch *stretch, elc_error *err) {
    ELC_TRY(elc_cutter_create(c->image, c->bands, c->n, rows, &c->native, err));
    ELC_TRY(check_palette(c, err));
    ELC_TRY(elc_stretch_decide(c->image, c->bands, c->n, wish, stretch, err));
    elc_view_options options = {
        .bands = c->bands, .n = c->n, .stretch = *stretch, .step_x = 1, .step_y = 1};
    c->type = GDT_Byte;
    c->value = 1;
    c->pixel = (size_t)c->n;
    c->has_mask = c->image->mask || c->native->has_blank;
    return elc_view_create(c->image, &options, &c->view, err);
}

elc_status elc_cutter_create_stretched(elc_image *image, const int *bands, int n,
                                       int64_t rows, const elc_stretch_wish *wish,
                                       elc_stretch *stretch, elc_cutter **out,
                                       elc_error *err) {
    elc_cutter *c = NULL;
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    c->image = image;
    elc_status status = choose_bands(c, bands, n, err);
    if (status == ELC_OK)
        status = make_view(c, rows, wish, stretch, err);
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

elc_status elc_cutter_read_seen(elc_cutter *c, elc_window w, elc_error *err) {
    ELC_TRY(elc_cutter_read(c->native, w, err));
    size_t n = (size_t)w.width * (size_t)w.height;
    ELC_TRY(elc_cutter_room(&c->data, &c->capacity, n * c->pixel, err));
    if (c->has_mask)
        ELC_TRY(fill_mask(c, w, err));
    c->window = w;
    return elc_view_read(c->view, w, 0, c->data, NULL, err);
}
