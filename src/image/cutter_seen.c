/* cutter_seen.c - windows of an image as bytes, stretched alike in all of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cutter.h"

#include <stdlib.h>
#include <string.h>

/* ---- creating ------------------------------------------------------------------- */

static elc_status check_palette(const elc_image *image, elc_error *err) {
    GDALRasterBandH first = GDALGetRasterBand(image->dataset, 1);
    if (!GDALGetRasterColorTable(first))
        return ELC_OK;
    return elc_fail(
        err, ELC_E_UNSUPPORTED,
        "%s: band 1 holds numbers of a colour table, of which a stretch "
        "makes no sense; leave it out, or convert the image: gdal_translate "
        "-expand rgb %s converted.tif",
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
            "%s: %d bands to stretch: from 1 to %d can be; choose some (--bands)",
            image->path, chosen, ELC_BANDS_MAX);
    ELC_TRY(check_palette(image, err));
    *count = chosen;
    return ELC_OK;
}

static elc_status make_view(elc_cutter *c, const elc_view_options *seen, int64_t rows,
                            elc_error *err) {
    ELC_TRY(elc_alloc((size_t)seen->n, sizeof *c->bands, &c->bands, err));
    memcpy(c->bands, seen->bands, (size_t)seen->n * sizeof *c->bands);
    c->n = seen->n;
    c->type = GDT_Byte;
    c->value = 1;
    c->pixel = (size_t)c->n;
    ELC_TRY(elc_cutter_create(c->image, c->bands, c->n, rows, &c->native, err));
    c->has_mask = c->image->mask || c->native->has_blank;
    return elc_view_create(c->image, seen, &c->view, err);
}

elc_status elc_cutter_create_seen(elc_image *image, const elc_view_options *seen,
                                  int64_t rows, elc_cutter **out, elc_error *err) {
    elc_cutter *c = NULL;
    if (seen->step_x != 1 || seen->step_y != 1)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: cut at steps of %g x %g px: only 1 x 1 can be",
                        image->path, seen->step_x, seen->step_y);
    ELC_TRY(elc_alloc(1, sizeof *c, &c, err));
    c->image = image;
    elc_status status = make_view(c, seen, rows, err);
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
