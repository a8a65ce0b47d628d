/* canvas.c - a picture that is drawn on, and a PNG of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "map/canvas.h"

#include <stdio.h>
#include <stdlib.h>

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>

elc_status elc_canvas_create(int32_t width, int32_t height, elc_colour ground,
                             elc_canvas *out, elc_error *err) {
    elc_canvas c = {.width = width, .height = height};
    ELC_TRY(
        elc_alloc((size_t)width * (size_t)height, sizeof *c.pixels, &c.pixels, err));
    *out = c;
    elc_canvas_fill(out, 0, 0, width, height, ground);
    return ELC_OK;
}

void elc_canvas_fill(elc_canvas *c, int32_t x, int32_t y, int32_t width, int32_t height,
                     elc_colour colour) {
    int32_t left = x > 0 ? x : 0, top = y > 0 ? y : 0;
    int32_t right = x + width < c->width ? x + width : c->width;
    int32_t bottom = y + height < c->height ? y + height : c->height;
    for (int32_t row = top; row < bottom; row++)
        for (int32_t column = left; column < right; column++)
            c->pixels[(size_t)row * (size_t)c->width + (size_t)column] = colour;
}

void elc_canvas_free(elc_canvas *c) {
    free(c->pixels);
    *c = (elc_canvas){0};
}

/* ---- PNG ------------------------------------------------------------------------- */

static bool add_bands(const elc_canvas *c, GDALDatasetH dataset) {
    for (int i = 0; i < 4; i++) {
        char pointer[64] = {0}, text[3][96],
             *options[] = {text[0], text[1], text[2], NULL};
        pointer[CPLPrintPointer(pointer, (uint8_t *)c->pixels + i,
                                sizeof pointer - 1)] = 0;
        snprintf(text[0], sizeof text[0], "DATAPOINTER=%s", pointer);
        snprintf(text[1], sizeof text[1], "PIXELOFFSET=4");
        snprintf(text[2], sizeof text[2], "LINEOFFSET=%zu", 4 * (size_t)c->width);
        if (GDALAddBand(dataset, GDT_Byte, options) != CE_None)
            return false;
        static const GDALColorInterp kinds[] = {GCI_RedBand, GCI_GreenBand,
                                                GCI_BlueBand, GCI_AlphaBand};
        GDALSetRasterColorInterpretation(GDALGetRasterBand(dataset, i + 1), kinds[i]);
    }
    return true;
}

static elc_status take_bytes(const char *path, elc_string *out, elc_error *err) {
    vsi_l_offset size = 0;
    GByte *bytes = VSIGetMemFileBuffer(path, &size, FALSE);
    if (bytes == NULL)
        return elc_fail(err, ELC_E_INTERNAL, "a picture was made and is not there");
    return elc_string_append(out, bytes, (size_t)size, err);
}

static elc_status encode(GDALDatasetH from, elc_string *out, elc_error *err) {
    char path[80];
    snprintf(path, sizeof path, "/vsimem/elcano-canvas-%p.png", (void *)out);
    GDALDriverH driver = GDALGetDriverByName("PNG");
    GDALDatasetH copy =
        driver == NULL ? NULL
                       : GDALCreateCopy(driver, path, from, FALSE, NULL, NULL, NULL);
    if (copy == NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED, "GDAL cannot write a PNG: %s",
                        CPLGetLastErrorMsg());
    GDALClose(copy);
    elc_status status = take_bytes(path, out, err);
    VSIUnlink(path);
    return status;
}

elc_status elc_canvas_png(const elc_canvas *c, elc_string *out, elc_error *err) {
    elc_gdal_ready();
    GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("MEM"), "", c->width,
                                      c->height, 0, GDT_Byte, NULL);
    if (dataset == NULL || !add_bands(c, dataset)) {
        if (dataset != NULL)
            GDALClose(dataset);
        return elc_fail(err, ELC_E_MEMORY, "no memory for a picture of %d x %d",
                        (int)c->width, (int)c->height);
    }
    elc_status status = encode(dataset, out, err);
    GDALClose(dataset);
    return status;
}
