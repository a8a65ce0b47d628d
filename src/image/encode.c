/* encode.c - a window that was cut, as the bytes of an image file. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/cutter.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

/* ---- what a format can hold ----------------------------------------------------- */

static elc_status refuse(const elc_cutter *c, const char *format, const char *limit,
                         elc_error *err) {
    return elc_fail(err, ELC_E_UNSUPPORTED,
                    "%s: %d bands of %s: %s holds %s; choose bands (--bands 1,2,3), "
                    "make bytes of the values (--stretch p2-98), or write tif",
                    c->image->path, c->n,
                    c->is_signed_byte ? "Int8" : GDALGetDataTypeName(c->type), format,
                    limit);
}

static bool has_palette(const elc_cutter *c) {
    GDALRasterBandH band = GDALGetRasterBand(c->image->dataset, c->bands[0]);
    return GDALGetRasterColorTable(band) != NULL;
}

static elc_status check_kind(const elc_cutter *c, elc_file_kind kind, elc_error *err) {
    bool byte = c->type == GDT_Byte && !c->is_signed_byte;
    if (kind == ELC_FILE_PNG && (c->n > 4 || (!byte && c->type != GDT_UInt16)))
        return refuse(c, "PNG", "1 to 4 bands of Byte or UInt16", err);
    if (kind != ELC_FILE_JPEG)
        return ELC_OK;
    if (!byte || (c->n != 1 && c->n != 3))
        return refuse(c, "JPEG", "1 or 3 bands of Byte", err);
    if (has_palette(c))
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "%s: band %d holds numbers of a colour table, which JPEG cannot "
            "keep; write png or tif",
            c->image->path, c->bands[0]);
    return ELC_OK;
}

/* ---- a dataset in memory --------------------------------------------------------- */

static bool add_band(const elc_cutter *c, int i, GDALDatasetH to) {
    char pointer[64] = {0}, text[3][96], *options[] = {text[0], text[1], text[2], NULL};
    uint8_t *at = c->data + (size_t)i * c->value;
    pointer[CPLPrintPointer(pointer, at, sizeof pointer - 1)] = 0;
    snprintf(text[0], sizeof text[0], "DATAPOINTER=%s", pointer);
    snprintf(text[1], sizeof text[1], "PIXELOFFSET=%zu", c->pixel);
    snprintf(text[2], sizeof text[2], "LINEOFFSET=%zu",
             c->pixel * (size_t)c->window.width);
    return GDALAddBand(to, c->type, options) == CE_None;
}

static void describe_scale(GDALRasterBandH from, GDALRasterBandH to) {
    int has = 0;
    double value = GDALGetRasterScale(from, &has);
    if (has && !(value >= 1 && value <= 1))
        GDALSetRasterScale(to, value);
    value = GDALGetRasterOffset(from, &has);
    if (has && (value < 0 || value > 0))
        GDALSetRasterOffset(to, value);
}

/* What a band says of itself besides its pixels. */
static void describe_band(const elc_cutter *c, int i, GDALDatasetH dataset) {
    static const char STRUCTURE[] = "IMAGE_STRUCTURE";
    GDALRasterBandH from = GDALGetRasterBand(c->image->dataset, c->bands[i]);
    GDALRasterBandH to = GDALGetRasterBand(dataset, i + 1);
    int has = 0;
    GDALSetRasterColorInterpretation(to, GDALGetRasterColorInterpretation(from));
    if (*GDALGetDescription(from))
        GDALSetDescription(to, GDALGetDescription(from));
    if (c->view)
        return; /* the rest is of values that are not these */
    double nodata = GDALGetRasterNoDataValue(from, &has);
    if (has)
        GDALSetRasterNoDataValue(to, nodata);
    GDALColorTableH table = GDALGetRasterColorTable(from);
    if (table)
        GDALSetRasterColorTable(to, table);
    const char *bits = GDALGetMetadataItem(from, "NBITS", STRUCTURE);
    if (bits)
        GDALSetMetadataItem(to, "NBITS", bits, STRUCTURE);
    if (c->is_signed_byte)
        GDALSetMetadataItem(to, "PIXELTYPE", "SIGNEDBYTE", STRUCTURE);
    describe_scale(from, to);
}

static elc_status describe_points(const elc_cutter *c, GDALDatasetH to,
                                  elc_error *err) {
    int n = GDALGetGCPCount(c->image->dataset);
    if (n == 0)
        return ELC_OK;
    GDAL_GCP *points = GDALDuplicateGCPs(n, GDALGetGCPs(c->image->dataset));
    if (!points)
        return elc_fail(err, ELC_E_MEMORY, "%s: no memory for %d control points",
                        c->image->path, n);
    for (int i = 0; i < n; i++) {
        points[i].dfGCPPixel = points[i].dfGCPPixel / c->step_x - (double)c->window.x;
        points[i].dfGCPLine = points[i].dfGCPLine / c->step_y - (double)c->window.y;
    }
    GDALSetGCPs2(to, n, points, GDALGetGCPSpatialRef(c->image->dataset));
    GDALDeinitGCPs(n, points);
    CPLFree(points);
    return ELC_OK;
}

static char **put_number(char **list, const char *name, double value) {
    char text[40];
    CPLsnprintf(text, sizeof text, "%.15g", value);
    return CSLSetNameValue(list, name, text);
}

/* Along one side, from where the window starts on. Of a pixel they count the middle. */
static char **move_rpc(char **rpc, const char *off, const char *scale, double start,
                       double step) {
    const char *length = CSLFetchNameValue(rpc, scale);
    double at = CPLAtof(CSLFetchNameValue(rpc, off));
    if (step != 1) {
        at = (at + 0.5) / step - 0.5;
        if (length)
            rpc = put_number(rpc, scale, CPLAtof(length) / step);
    }
    return put_number(rpc, off, at - start);
}

/* RPCs count pixels of the whole image: their offsets move with the window, and they
   shrink with what is resampled. */
static void describe_rpc(const elc_cutter *c, GDALDatasetH to) {
    char **rpc = CSLDuplicate(GDALGetMetadata(c->image->dataset, "RPC"));
    if (CSLFetchNameValue(rpc, "LINE_OFF") && CSLFetchNameValue(rpc, "SAMP_OFF")) {
        rpc = move_rpc(rpc, "LINE_OFF", "LINE_SCALE", (double)c->window.y, c->step_y);
        rpc = move_rpc(rpc, "SAMP_OFF", "SAMP_SCALE", (double)c->window.x, c->step_x);
        GDALSetMetadata(to, rpc, "RPC");
    }
    CSLDestroy(rpc);
}

/* The affine of the window; false when the image has none. */
static bool affine_of(const elc_cutter *c, double t[6]) {
    double x = (double)c->window.x * c->step_x, y = (double)c->window.y * c->step_y;
    if (GDALGetGeoTransform(c->image->dataset, t) != CE_None)
        return false;
    t[0] += x * t[1] + y * t[2];
    t[3] += x * t[4] + y * t[5];
    t[1] *= c->step_x;
    t[4] *= c->step_x;
    t[2] *= c->step_y;
    t[5] *= c->step_y;
    return true;
}

static elc_status describe_place(const elc_cutter *c, GDALDatasetH to, elc_error *err) {
    double t[6];
    OGRSpatialReferenceH srs = GDALGetSpatialRef(c->image->dataset);
    if (srs)
        GDALSetSpatialRef(to, srs);
    if (affine_of(c, t))
        GDALSetGeoTransform(to, t);
    describe_rpc(c, to);
    return describe_points(c, to, err);
}

/* A mask of its own, where alpha is not one of the bands. */
static bool add_mask(const elc_cutter *c, GDALDatasetH to) {
    int width = (int)c->window.width, height = (int)c->window.height;
    if (!c->has_mask)
        return true;
    if (GDALCreateDatasetMaskBand(to, GMF_PER_DATASET) != CE_None)
        return false;
    return GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(to, 1)), GF_Write, 0, 0,
                        width, height, c->mask, width, height, GDT_Byte, 0,
                        0) == CE_None;
}

static elc_status make_dataset(const elc_cutter *c, elc_file_kind kind,
                               GDALDatasetH *out, elc_error *err) {
    GDALDatasetH memory =
        GDALCreate(GDALGetDriverByName("MEM"), "", (int)c->window.width,
                   (int)c->window.height, 0, c->type, NULL);
    bool made = memory != NULL;
    for (int i = 0; i < c->n && made; i++) {
        made = add_band(c, i, memory);
        if (made)
            describe_band(c, i, memory);
    }
    if (made && kind == ELC_FILE_TIF)
        made = add_mask(c, memory);
    *out = memory;
    if (!made)
        return elc_fail(err, ELC_E_MEMORY, "%s: no memory for a chip of %lld x %lld px",
                        c->image->path, (long long)c->window.width,
                        (long long)c->window.height);
    return describe_place(c, memory, err);
}

/* ---- files ------------------------------------------------------------------------
 */

static const struct {
    const char *driver, *ending;
} FORMATS[] = {
    [ELC_FILE_TIF] = {"GTiff", "tif"},
    [ELC_FILE_PNG] = {"PNG", "png"},
    [ELC_FILE_JPEG] = {"JPEG", "jpg"},
};

/* GDAL makes up a driver's list of options when it is first asked for it, with no lock:
   so one thread asks, before any writes. */
static void list_options(void) {
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++) {
        GDALDriverH driver = GDALGetDriverByName(FORMATS[i].driver);
        if (driver)
            GDALGetMetadataItem(driver, GDAL_DMD_CREATIONOPTIONLIST, NULL);
    }
}

/* Strips of about this size: few of them, and none that a reader has to hold whole. */
enum { STRIP_BYTES = 1 << 20 };

static char **creation_options(const elc_cutter *c, elc_file_kind kind) {
    char **options = NULL;
    if (kind == ELC_FILE_JPEG)
        return CSLSetNameValue(options, "QUALITY", "95");
    if (kind == ELC_FILE_PNG) /* of 6, the default: a third of the time, 3 % larger */
        return CSLSetNameValue(options, "ZLEVEL", "3");
    size_t line = c->pixel * (size_t)c->window.width;
    size_t rows = line < STRIP_BYTES ? STRIP_BYTES / line : 1;
    if (rows > (size_t)c->window.height)
        rows = (size_t)c->window.height;
    char text[24];
    snprintf(text, sizeof text, "%zu", rows);
    options = CSLSetNameValue(options, "BLOCKYSIZE", text);
    options = CSLSetNameValue(options, "INTERLEAVE", "PIXEL");
    if (c->is_signed_byte)
        options = CSLSetNameValue(options, "PIXELTYPE", "SIGNEDBYTE");
    return options;
}

/* Moves a file of GDAL's memory to the end of a string; false when it is not there. */
static bool take_file(const char *path, elc_string *out, elc_status *status,
                      elc_error *err) {
    vsi_l_offset size = 0;
    GByte *bytes = VSIGetMemFileBuffer(path, &size, TRUE);
    if (!bytes)
        return false;
    *status = elc_string_append(out, bytes, (size_t)size, err);
    CPLFree(bytes);
    return true;
}

static elc_status write_copy(const elc_cutter *c, GDALDatasetH memory,
                             elc_file_kind kind, const char *path, elc_error *err) {
    static const char INTERNAL[] = "GDAL_TIFF_INTERNAL_MASK";
    char **options = creation_options(c, kind);
    elc_gdal_log log;
    elc_gdal_begin(&log);
    CPLSetThreadLocalConfigOption(INTERNAL, "YES");
    GDALDatasetH copy = GDALCreateCopy(GDALGetDriverByName(FORMATS[kind].driver), path,
                                       memory, FALSE, options, NULL, NULL);
    bool made = copy != NULL;
    if (copy)
        GDALClose(copy);
    CPLSetThreadLocalConfigOption(INTERNAL, NULL);
    elc_gdal_end();
    CSLDestroy(options);
    if (made && !log.failure[0])
        return ELC_OK;
    return elc_fail(err, ELC_E_IO, "%s: a chip cannot be written as %s: %s",
                    c->image->path, FORMATS[kind].driver, elc_gdal_reason(&log));
}

static elc_status write_files(const elc_cutter *c, GDALDatasetH memory,
                              elc_file_kind kind, elc_string *file, elc_string *beside,
                              elc_error *err) {
    char path[96], aux[112];
    snprintf(path, sizeof path, "/vsimem/elcano-%p.%s", (const void *)c,
             FORMATS[kind].ending);
    snprintf(aux, sizeof aux, "%s.aux.xml", path);
    elc_status status = write_copy(c, memory, kind, path, err);
    if (status == ELC_OK && !take_file(path, file, &status, err))
        status = elc_fail(err, ELC_E_IO, "%s: GDAL wrote no %s", c->image->path,
                          FORMATS[kind].driver);
    if (status == ELC_OK)
        take_file(aux, beside, &status, err);
    elc_gdal_log log;
    elc_gdal_begin(&log);
    VSIUnlink(path);
    VSIUnlink(aux);
    elc_gdal_end();
    return status;
}

static elc_status write_by_gdal(elc_cutter *c, elc_file_kind kind, elc_string *file,
                                elc_string *beside, elc_error *err) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    GDALDatasetH memory = NULL;
    elc_gdal_log log;
    pthread_once(&once, list_options);
    elc_gdal_begin(&log);
    elc_status status = make_dataset(c, kind, &memory, err);
    elc_gdal_end();
    if (status == ELC_OK)
        status = write_files(c, memory, kind, file, beside, err);
    if (memory)
        GDALClose(memory);
    return status;
}

/* ---- GeoTIFFs that differ in pixels and place alone -------------------------------
 */

/* A mask, control points and RPCs are not of that kind. */
static bool is_simple(const elc_cutter *c) {
    GDALDatasetH dataset = c->image->dataset;
    return !c->has_mask && GDALGetGCPCount(dataset) == 0 &&
           !GDALGetMetadata(dataset, "RPC");
}

/* GDAL writes the first chip of a size; the next take its header, with their place. */
static elc_status write_tiff(elc_cutter *c, elc_string *file, elc_string *beside,
                             elc_error *err) {
    double affine[6] = {0};
    size_t size = elc_cutter_size(c), before = file->size, aside = beside->size;
    bool has = affine_of(c, affine);
    if (c->tiff.head && c->tiff.width == c->window.width &&
        c->tiff.height == c->window.height)
        return elc_tiff_template_fill(&c->tiff, c->data, affine, file, err);
    ELC_TRY(write_by_gdal(c, ELC_FILE_TIF, file, beside, err));
    if (is_simple(c) && beside->size == aside &&
        elc_tiff_template_make(file->data + before, file->size - before, c->data, size,
                               has ? affine : NULL, &c->tiff)) {
        c->tiff.width = c->window.width;
        c->tiff.height = c->window.height;
    }
    return ELC_OK;
}

elc_status elc_cutter_encode(elc_cutter *c, elc_file_kind kind, elc_string *file,
                             elc_string *beside, elc_error *err) {
    ELC_TRY(check_kind(c, kind, err));
    return kind == ELC_FILE_TIF ? write_tiff(c, file, beside, err)
                                : write_by_gdal(c, kind, file, beside, err);
}
