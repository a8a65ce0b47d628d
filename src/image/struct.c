/* struct.c - Spark's image struct: windows to it, and from it back to an image. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cutter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>

enum { CHANNELS_MAX = 512 }; /* OpenCV's CV_CN_MAX: all that `mode` can say */

/* OpenCV's depths by their numbers. */
static const struct {
    GDALDataType type;
    bool is_signed_byte;
} DEPTHS[] = {
    {GDT_Byte, false},  {GDT_Byte, true},     {GDT_UInt16, false},  {GDT_Int16, false},
    {GDT_Int32, false}, {GDT_Float32, false}, {GDT_Float64, false},
};
enum { N_DEPTHS = sizeof DEPTHS / sizeof *DEPTHS };

void elc_image_struct_clear(elc_image_struct *data) {
    free(data->data);
    *data = (elc_image_struct){0};
}

/* Blue comes before red where there are three or four channels: swaps them, both ways.
 */
static void swap_red_and_blue(uint8_t *pixels, size_t n, size_t value, int channels) {
    if (channels != 3 && channels != 4)
        return;
    uint8_t kept[8];
    for (size_t i = 0; i < n; i++) {
        uint8_t *first = pixels + i * value * (size_t)channels;
        memcpy(kept, first, value);
        memcpy(first, first + 2 * value, value);
        memcpy(first + 2 * value, kept, value);
    }
}

/* ---- from an image ----------------------------------------------------------------
 */

static elc_status find_depth(const elc_cutter *c, int *out, elc_error *err) {
    for (int i = 0; i < N_DEPTHS; i++)
        if (DEPTHS[i].type == c->type &&
            DEPTHS[i].is_signed_byte == c->is_signed_byte) {
            *out = i;
            return ELC_OK;
        }
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: %s pixels have no place in Spark's image struct. Convert it: "
                    "gdal_translate -ot Float64 %s converted.tif",
                    c->image->path, GDALGetDataTypeName(c->type), c->image->path);
}

static elc_status check_size(const char *name, int64_t width, int64_t height,
                             size_t pixel, elc_error *err) {
    int64_t bytes = 0;
    if (!__builtin_mul_overflow(width * height, (int64_t)pixel, &bytes) &&
        bytes <= INT32_MAX)
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: %lld x %lld px of %zu bytes are more than the 2 GiB that an "
                    "image struct holds: cut it into smaller chips",
                    name, (long long)width, (long long)height, pixel);
}

elc_status elc_cutter_struct(const elc_cutter *c, elc_image_struct *out,
                             elc_error *err) {
    int depth = 0;
    size_t size = elc_cutter_size(c);
    uint8_t *data = NULL;
    ELC_TRY(find_depth(c, &depth, err));
    ELC_TRY(
        check_size(c->image->path, c->window.width, c->window.height, c->pixel, err));
    if (c->n > CHANNELS_MAX)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: %d bands, an image struct has at most %d: choose some "
                        "(--bands)",
                        c->image->path, c->n, CHANNELS_MAX);
    ELC_TRY(elc_alloc(size, 1, &data, err));
    memcpy(data, c->data, size);
    swap_red_and_blue(data, size / c->pixel, c->value, c->n);
    *out = (elc_image_struct){.height = (int32_t)c->window.height,
                              .width = (int32_t)c->window.width,
                              .channels = c->n,
                              .mode = depth + ((c->n - 1) << 3),
                              .data = data,
                              .size = size};
    return ELC_OK;
}

elc_status elc_image_struct_read(elc_image *image, elc_window window, const int *bands,
                                 int n, elc_image_struct *out, elc_error *err) {
    elc_cutter *cutter = NULL;
    int depth = 0;
    ELC_TRY(elc_cutter_create(image, bands, n, 0, &cutter, err));
    elc_status status = find_depth(cutter, &depth, err);
    if (status == ELC_OK)
        status = elc_window_check(image, window, cutter->n, err);
    if (status == ELC_OK)
        status =
            check_size(image->path, window.width, window.height, cutter->pixel, err);
    if (status == ELC_OK)
        status = elc_cutter_read(cutter, window, err);
    if (status == ELC_OK)
        status = elc_cutter_struct(cutter, out, err);
    elc_cutter_free(cutter);
    return status;
}

/* ---- back to an image -------------------------------------------------------------
 */

static elc_status check_struct(const elc_image_struct *s, const char *name,
                               elc_error *err) {
    int depth = s->mode & 7, channels = (s->mode >> 3) + 1;
    if (s->width == -1 && s->height == -1)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: an invalid image: Spark could not decode it", name);
    if (s->width < 1 || s->height < 1)
        return elc_fail(err, ELC_E_FORMAT, "%s: an image struct of %d x %d px", name,
                        (int)s->width, (int)s->height);
    if (s->mode < 0 || depth >= N_DEPTHS || channels != s->channels ||
        channels > CHANNELS_MAX)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: an image struct of mode %d and %d channels, which do not "
                        "go together",
                        name, (int)s->mode, (int)s->channels);
    size_t value = (size_t)GDALGetDataTypeSizeBytes(DEPTHS[depth].type);
    size_t pixel = value * (size_t)channels;
    ELC_TRY(check_size(name, s->width, s->height, pixel, err));
    size_t wanted = (size_t)s->width * (size_t)s->height * pixel;
    if (s->size != wanted || !s->data)
        return elc_fail(err, ELC_E_FORMAT,
                        "%s: %zu bytes of pixels, %d x %d px of mode %d take %zu", name,
                        s->size, (int)s->width, (int)s->height, (int)s->mode, wanted);
    return ELC_OK;
}

static GDALColorInterp colour_of(int channels, int i) {
    static const GDALColorInterp COLOURS[] = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand,
                                              GCI_AlphaBand};
    if (channels == 3 || channels == 4)
        return COLOURS[i];
    return channels == 1 ? GCI_GrayIndex : GCI_Undefined;
}

static void describe_band(GDALRasterBandH band, const elc_image_struct *s, int i) {
    GDALSetRasterColorInterpretation(band, colour_of(s->channels, i));
    if (DEPTHS[s->mode & 7].is_signed_byte)
        GDALSetMetadataItem(band, "PIXELTYPE", "SIGNEDBYTE", "IMAGE_STRUCTURE");
}

/* Bands in memory that own their pixels. */
static bool fill_dataset(GDALDatasetH memory, const elc_image_struct *s,
                         const uint8_t *pixels) {
    GDALDataType type = DEPTHS[s->mode & 7].type;
    int value = GDALGetDataTypeSizeBytes(type);
    GSpacing pixel = (GSpacing)value * s->channels;
    for (int i = 0; i < s->channels; i++)
        describe_band(GDALGetRasterBand(memory, i + 1), s, i);
    return GDALDatasetRasterIOEx(memory, GF_Write, 0, 0, s->width, s->height,
                                 (void *)(uintptr_t)pixels, s->width, s->height, type,
                                 s->channels, NULL, pixel, pixel * s->width, value,
                                 NULL) == CE_None;
}

static elc_status make_dataset(const elc_image_struct *s, const char *name,
                               GDALDatasetH *out, elc_error *err) {
    uint8_t *pixels = NULL;
    GDALDataType type = DEPTHS[s->mode & 7].type;
    size_t value = (size_t)GDALGetDataTypeSizeBytes(type);
    ELC_TRY(elc_alloc(s->size, 1, &pixels, err));
    memcpy(pixels, s->data, s->size);
    swap_red_and_blue(pixels, (size_t)s->width * (size_t)s->height, value, s->channels);
    elc_gdal_log log;
    elc_gdal_begin(&log);
    GDALDatasetH memory = GDALCreate(GDALGetDriverByName("MEM"), "", s->width,
                                     s->height, s->channels, type, NULL);
    bool made = memory && fill_dataset(memory, s, pixels);
    elc_gdal_end();
    free(pixels);
    if (made) {
        *out = memory;
        return ELC_OK;
    }
    if (memory)
        GDALClose(memory);
    return elc_fail(err, ELC_E_MEMORY, "%s: no memory for %zu bytes of pixels", name,
                    s->size);
}

elc_status elc_image_struct_open(const elc_image_struct *from, const char *name,
                                 elc_image **out, elc_error *err) {
    GDALDatasetH memory = NULL;
    elc_gdal_ready();
    ELC_TRY(check_struct(from, name, err));
    ELC_TRY(make_dataset(from, name, &memory, err));
    return elc_image_adopt(memory, name, out, err);
}
