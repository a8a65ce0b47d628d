/* view_source.c - values of bands of any type, and which pixels hold any. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/gdal.h"
#include "image/loops.h"
#include "image/view.h"

/* ---- what an image has
 * ---------------------------------------------------------------
 */

static GDALRasterBandH band_at(const elc_image *image, int band) {
    return GDALGetRasterBand(image->dataset, band);
}

elc_colours elc_colours_of(const elc_image *image) {
    GDALRasterBandH first = band_at(image, 1);
    GDALColorInterp colour = GDALGetRasterColorInterpretation(first);
    if (colour == GCI_PaletteIndex && GDALGetRasterColorTable(first))
        return ELC_COLOURS_TABLE;
    if (colour == GCI_CyanBand && image->info.bands >= 4)
        return ELC_COLOURS_CMYK;
    if (colour == GCI_YCbCr_YBand && image->info.bands >= 3)
        return ELC_COLOURS_YCBCR;
    return ELC_COLOURS_PLAIN;
}

/* Bits of a byte pixel; 8 where it does not say. */
static int64_t bits_of(GDALRasterBandH band) {
    const char *note = GDALGetMetadataItem(band, "NBITS", "IMAGE_STRUCTURE");
    int64_t bits = 8;
    if (note && (elc_parse_int(note, "NBITS", &bits, NULL) != ELC_OK || bits < 1))
        bits = 8;
    return bits < 8 ? bits : 8;
}

static elc_status check_type(const elc_image *image, GDALRasterBandH band,
                             elc_error *err) {
    GDALDataType type = GDALGetRasterDataType(band);
    if (!GDALDataTypeIsComplex(type))
        return ELC_OK;
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: %s pixels have no one brightness. Take their amplitude: "
                    "gdal_translate DERIVED_SUBDATASET:AMPLITUDE:%s amplitude.tif",
                    image->path, GDALGetDataTypeName(type), image->path);
}

/* ---- opening
 * ---------------------------------------------------------------------------
 */

static elc_status check_bands(const elc_source *s, int n, elc_error *err) {
    bool plain = s->colours == ELC_COLOURS_PLAIN;
    int most = plain ? s->image->info.bands : 3;
    for (int i = 0; i < n; i++)
        if (s->bands[i] < 1 || s->bands[i] > most)
            return elc_fail(err, ELC_E_NOT_FOUND, "%s: band %d asked for, the image %s",
                            s->image->path, s->bands[i],
                            plain ? "has fewer, or counts from 1"
                                  : "has red, green and blue: 1, 2, 3");
    return ELC_OK;
}

static void choose_raw(elc_source *s) {
    static const int raw_of[] = {
        [ELC_COLOURS_TABLE] = 1, [ELC_COLOURS_CMYK] = 4, [ELC_COLOURS_YCBCR] = 3};
    s->n_raw = s->colours == ELC_COLOURS_PLAIN ? s->n : raw_of[s->colours];
    for (int i = 0; i < s->n_raw; i++)
        s->raw[i] = s->colours == ELC_COLOURS_PLAIN ? s->bands[i] : i + 1;
}

static elc_status load_table(elc_source *s, elc_error *err) {
    GDALColorTableH table = GDALGetRasterColorTable(band_at(s->image, 1));
    GDALPaletteInterp kind = GDALGetPaletteInterpretation(table);
    if (kind != GPI_RGB && kind != GPI_Gray)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: a colour table of %s. Convert it: gdal_translate -expand "
                        "rgb %s converted.tif",
                        s->image->path, GDALGetPaletteInterpretationName(kind),
                        s->image->path);
    s->table_size = (size_t)GDALGetColorEntryCount(table);
    ELC_TRY(elc_alloc(s->table_size, sizeof *s->table, &s->table, err));
    for (size_t i = 0; i < s->table_size; i++) {
        const GDALColorEntry *e = GDALGetColorEntry(table, (int)i);
        bool grey = kind == GPI_Gray;
        s->table[i][0] = e->c1;
        s->table[i][1] = grey ? e->c1 : e->c2;
        s->table[i][2] = grey ? e->c1 : e->c3;
        s->table[i][3] = grey ? 255 : e->c4;
    }
    return ELC_OK;
}

/* A nodata value as pixels of the band can have it. */
static double nodata_of(GDALRasterBandH band, bool *has) {
    int found = 0;
    double value = GDALGetRasterNoDataValue(band, &found);
    *has = found && isfinite(value);
    if (GDALGetRasterDataType(band) == GDT_Float32 && fabs(value) <= 3.4028235e38)
        value = (double)(float)value;
    return value;
}

static elc_status describe_raw(elc_source *s, elc_error *err) {
    s->nodata_everywhere = s->image->blank != ELC_BLANK_MASK;
    s->all_bytes = true;
    s->blanks = s->image->blank == ELC_BLANK_MASK;
    for (int i = 0; i < s->n_raw; i++) {
        GDALRasterBandH band = band_at(s->image, s->raw[i]);
        GDALDataType type = GDALGetRasterDataType(band);
        bool has = false;
        ELC_TRY(check_type(s->image, band, err));
        s->nodata[i] = nodata_of(band, &has);
        s->nodata_everywhere = s->nodata_everywhere && has;
        s->signed_bytes = s->signed_bytes || elc_gdal_is_signed_byte(band);
        s->all_bytes =
            s->all_bytes && type == GDT_Byte && !elc_gdal_is_signed_byte(band);
        if (type == GDT_Float32 || type == GDT_Float64)
            s->blanks = true;
    }
    s->blanks = s->blanks || s->nodata_everywhere;
    return ELC_OK;
}

/* The file's own type where all bands have it and there are loops for it; else
   doubles. */
static GDALDataType type_of(const elc_source *s) {
    GDALDataType type = GDALGetRasterDataType(band_at(s->image, s->raw[0]));
    bool known = type == GDT_Byte || type == GDT_UInt16 || type == GDT_Int16 ||
                 type == GDT_Float32;
    for (int i = 1; i < s->n_raw; i++)
        known = known && GDALGetRasterDataType(band_at(s->image, s->raw[i])) == type;
    if (s->colours != ELC_COLOURS_PLAIN || s->signed_bytes || s->spread > 1)
        known = false;
    return known ? type : GDT_Float64;
}

static elc_status describe(elc_source *s, elc_error *err) {
    ELC_TRY(describe_raw(s, err));
    s->spread = 1;
    int64_t bits = bits_of(band_at(s->image, s->raw[0]));
    if (s->colours == ELC_COLOURS_TABLE) {
        s->all_bytes = s->blanks = true;
        return load_table(s, err);
    }
    if (s->colours != ELC_COLOURS_PLAIN && !s->all_bytes)
        return elc_fail(err, ELC_E_UNSUPPORTED,
                        "%s: CMYK or YCbCr of more than 8 bits. Convert it: "
                        "gdal_translate -ot Byte -scale %s converted.tif",
                        s->image->path, s->image->path);
    if (s->all_bytes && bits < 8)
        s->spread = 255 / (double)((1 << bits) - 1);
    return ELC_OK;
}

static elc_status open_source(elc_source *s, const int *bands, int n, elc_error *err) {
    if (n < 1 || n > ELC_BANDS_MAX)
        return elc_fail(err, ELC_E_ARGUMENT, "%s: %d bands, from 1 to %d can be seen",
                        s->image->path, n, ELC_BANDS_MAX);
    memcpy(s->bands, bands, (size_t)n * sizeof *bands);
    ELC_TRY(check_bands(s, n, err));
    bool one = true;
    for (int i = 1; i < n; i++)
        one = one && bands[i] == bands[0];
    s->n = one ? 1 : n;
    choose_raw(s);
    ELC_TRY(describe(s, err));
    s->type = type_of(s);
    return ELC_OK;
}

elc_status elc_source_open(elc_image *image, const int *bands, int n, elc_source *out,
                           elc_error *err) {
    const elc_image_info *info = &image->info;
    elc_source s = {.image = image,
                    .overview = -1,
                    .colours = elc_colours_of(image),
                    .width = info->width,
                    .height = info->height,
                    .block_width = info->block_width,
                    .block_height = info->block_height};
    elc_gdal_log log;
    elc_gdal_begin(&log);
    elc_status status = open_source(&s, bands, n, err);
    elc_gdal_end();
    if (status == ELC_OK)
        *out = s;
    else
        elc_source_clear(&s);
    return status;
}

void elc_source_clear(elc_source *s) {
    free(s->table);
    free(s->values);
    *s = (elc_source){0};
}

/* ---- overviews
 * -------------------------------------------------------------------------
 */

static GDALRasterBandH overview_of(GDALRasterBandH band, int level, int64_t width,
                                   int64_t height) {
    if (level >= GDALGetOverviewCount(band))
        return NULL;
    GDALRasterBandH o = GDALGetOverview(band, level);
    bool same =
        o && GDALGetRasterBandXSize(o) == width && GDALGetRasterBandYSize(o) == height;
    return same ? o : NULL;
}

/* The mask of an overview: that of the alpha band, or of the dataset. */
static GDALRasterBandH overview_mask(const elc_image *image, int level, int64_t width,
                                     int64_t height) {
    if (image->info.alpha_band)
        return overview_of(image->mask, level, width, height);
    GDALRasterBandH o = overview_of(band_at(image, 1), level, width, height);
    return o && GDALGetMaskFlags(o) == GMF_PER_DATASET ? GDALGetMaskBand(o) : NULL;
}

static bool level_is_whole(const elc_source *s, int level, int64_t width,
                           int64_t height) {
    for (int i = 0; i < s->n_raw; i++)
        if (!overview_of(band_at(s->image, s->raw[i]), level, width, height))
            return false;
    return s->image->blank != ELC_BLANK_MASK ||
           overview_mask(s->image, level, width, height);
}

static void consider(elc_source *s, int level, int64_t enough) {
    GDALRasterBandH o = GDALGetOverview(band_at(s->image, s->raw[0]), level);
    int64_t width = o ? GDALGetRasterBandXSize(o) : 0;
    int64_t height = o ? GDALGetRasterBandYSize(o) : 0;
    if (width * height < enough || width * height >= s->width * s->height ||
        !level_is_whole(s, level, width, height))
        return;
    s->overview = level;
    s->width = width;
    s->height = height;
    GDALGetBlockSize(o, &s->block_width, &s->block_height);
}

void elc_source_use_overview(elc_source *s, int64_t enough) {
    elc_gdal_log log;
    elc_gdal_begin(&log);
    int levels = GDALGetOverviewCount(band_at(s->image, s->raw[0]));
    for (int level = 0; level < levels; level++)
        consider(s, level, enough);
    elc_gdal_end();
}

void elc_source_leave_overview(elc_source *s) {
    const elc_image_info *info = &s->image->info;
    s->overview = -1;
    s->width = info->width;
    s->height = info->height;
    s->block_width = info->block_width;
    s->block_height = info->block_height;
}

static elc_status fetch_band(const elc_source *s, GDALRasterBandH band, elc_window w,
                             GDALDataType type, void *out, elc_error *err) {
    elc_gdal_log log;
    int width = (int)w.width, height = (int)w.height;
    elc_gdal_begin(&log);
    CPLErr result = GDALRasterIOEx(band, GF_Read, (int)w.x, (int)w.y, width, height,
                                   out, width, height, type, 0, 0, NULL);
    elc_gdal_end();
    if (result == CE_None && !log.failure[0] && !log.damaged)
        return ELC_OK;
    s->image->spoilt = true; /* what was invented must not be found again */
    snprintf(s->image->reason, sizeof s->image->reason, "%s", elc_gdal_reason(&log));
    return elc_fail(err, ELC_E_IO, "%s: overview %d: %s", s->image->path,
                    s->overview + 1, s->image->reason);
}

/* ---- reading
 * ---------------------------------------------------------------------------
 */

static elc_status fetch_raw(const elc_source *s, elc_window w, void *out,
                            elc_error *err) {
    if (s->overview < 0)
        return elc_image_fetch_planes(s->image, w, s->raw, s->n_raw, s->type, out, err);
    size_t size = (size_t)GDALGetDataTypeSizeBytes(s->type);
    size_t plane = (size_t)w.width * (size_t)w.height * size;
    for (int i = 0; i < s->n_raw; i++) {
        GDALRasterBandH band =
            GDALGetOverview(band_at(s->image, s->raw[i]), s->overview);
        ELC_TRY(
            fetch_band(s, band, w, s->type, (uint8_t *)out + (size_t)i * plane, err));
    }
    return ELC_OK;
}

static elc_status fetch_mask(const elc_source *s, elc_window w, uint8_t *mask,
                             elc_error *err) {
    size_t n = (size_t)w.width * (size_t)w.height;
    memset(mask, 1, n);
    if (s->image->blank != ELC_BLANK_MASK)
        return ELC_OK;
    if (s->overview < 0)
        ELC_TRY(elc_image_fetch(s->image, w, NULL, 1, mask, w.width, err));
    else
        ELC_TRY(fetch_band(s, overview_mask(s->image, s->overview, s->width, s->height),
                           w, GDT_Byte, mask, err));
    for (size_t i = 0; i < n; i++)
        mask[i] = mask[i] != 0;
    return ELC_OK;
}

/* A pixel holds something where its raw values are finite numbers and, if all bands
   have nodata values, not all of them those. */
static void find_blanks(const elc_source *s, const void *raw, uint8_t *mask,
                        size_t pixels) {
    enum { PART = 4096 };
    const elc_loops *loops = elc_loops_choose();
    uint8_t other[PART];
    size_t size = (size_t)GDALGetDataTypeSizeBytes(s->type);
    for (size_t at = 0; at < pixels; at += PART) {
        size_t n = pixels - at < PART ? pixels - at : PART;
        memset(other, !s->nodata_everywhere, n);
        for (int c = 0; c < s->n_raw; c++)
            loops->check(s->type,
                         (const uint8_t *)raw + ((size_t)c * pixels + at) * size, n,
                         s->nodata[c], mask + at, other);
        for (size_t i = 0; i < n; i++)
            mask[at + i] &= other[i];
    }
}

static void unsign(double *raw, size_t n) {
    for (size_t i = 0; i < n; i++)
        raw[i] -= raw[i] > 127 ? 256 : 0;
}

static bool look_up(const elc_source *s, const double *raw, double *rgb) {
    if (!(raw[0] >= 0 && raw[0] < (double)s->table_size))
        return false;
    const double *entry = s->table[(size_t)raw[0]];
    memcpy(rgb, entry, 3 * sizeof *rgb);
    return entry[3] > 0;
}

/* Of the raw values to red, green and blue; false where there are none. */
static bool to_rgb(const elc_source *s, const double *raw, double *rgb) {
    if (s->colours == ELC_COLOURS_TABLE)
        return look_up(s, raw, rgb);
    if (s->colours == ELC_COLOURS_CMYK) {
        for (int i = 0; i < 3; i++)
            rgb[i] = (255 - raw[i]) * (255 - raw[3]) / 255;
        return true;
    }
    /* ITU-R T.871 (JFIF), section 7. */
    double y = raw[0], cb = raw[1] - 128, cr = raw[2] - 128;
    rgb[0] = fmin(fmax(y + 1.402 * cr, 0), 255);
    rgb[1] = fmin(fmax(y - 0.344136 * cb - 0.714136 * cr, 0), 255);
    rgb[2] = fmin(fmax(y + 1.772 * cb, 0), 255);
    return true;
}

static void finish_plain(const elc_source *s, void *values, uint8_t *mask,
                         size_t pixels) {
    double *wide = values; /* where these two are set */
    size_t n = (size_t)s->n * pixels;
    if (s->signed_bytes)
        unsign(wide, n);
    if (s->blanks)
        find_blanks(s, values, mask, pixels);
    for (size_t i = 0; s->spread > 1 && i < n; i++)
        wide[i] *= s->spread;
}

static void finish_colours(const elc_source *s, const double *raw, double *values,
                           uint8_t *mask, size_t pixels) {
    if (s->blanks)
        find_blanks(s, raw, mask, pixels);
    for (size_t i = 0; i < pixels; i++) {
        double from[ELC_BANDS_MAX], rgb[3] = {0};
        for (int c = 0; c < s->n_raw; c++)
            from[c] = raw[(size_t)c * pixels + i];
        mask[i] = mask[i] && to_rgb(s, from, rgb);
        for (int c = 0; c < s->n; c++)
            values[(size_t)c * pixels + i] = rgb[s->bands[c] - 1];
    }
}

elc_status elc_source_read(elc_source *s, elc_window w, void *values, uint8_t *mask,
                           elc_error *err) {
    size_t pixels = (size_t)w.width * (size_t)w.height;
    ELC_TRY(fetch_mask(s, w, mask, err));
    if (s->colours == ELC_COLOURS_PLAIN) {
        ELC_TRY(fetch_raw(s, w, values, err));
        finish_plain(s, values, mask, pixels);
        return ELC_OK;
    }
    ELC_TRY(elc_reserve(&s->values, &s->capacity, pixels * (size_t)s->n_raw,
                        sizeof *s->values, err));
    ELC_TRY(fetch_raw(s, w, s->values, err));
    finish_colours(s, s->values, values, mask, pixels);
    return ELC_OK;
}
