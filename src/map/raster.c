/* raster.c - rasters as GeoTIFF. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/map.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_srs_api.h>

enum { TILE = 256 }; /* GDAL's */

static void set_place(GDALDatasetH dataset, const elc_raster_grid *g) {
    double t[6] = {g->x, g->cell, 0, g->y, 0, -g->cell};
    GDALSetGeoTransform(dataset, t);
}

/* ---- GeoTIFF -----------------------------------------------------------------------
 */

static elc_status fail_write(const char *path, elc_error *err) {
    const char *why = CPLGetLastErrorMsg();
    return elc_fail(err, ELC_E_IO, "%s: cannot be written: %s", path,
                    *why ? why : "is there room, and may it be written?");
}

static elc_status set_crs(GDALDatasetH dataset, const elc_crs *crs, elc_error *err) {
    OGRSpatialReferenceH reference = OSRNewSpatialReference(elc_crs_wkt(crs));
    if (reference == NULL)
        return elc_fail(err, ELC_E_UNSUPPORTED, "GDAL does not know the CRS %s",
                        elc_crs_label(crs));
    GDALSetSpatialRef(dataset, reference);
    OSRDestroySpatialReference(reference);
    return ELC_OK;
}

/* Whole rows of tiles, so that none is written twice. */
static elc_status write_rows(GDALRasterBandH to, const char *path,
                             const elc_raster_grid *g, const float *values,
                             const elc_context *context, elc_error *err) {
    for (int32_t row = 0; row < g->height; row += TILE) {
        int32_t n = g->height - row < TILE ? g->height - row : TILE;
        /* GDAL reads them, and has no const. */
        float *from = (float *)(uintptr_t)(values + (size_t)row * (size_t)g->width);
        ELC_TRY(elc_check_cancel(context, err));
        if (GDALRasterIO(to, GF_Write, 0, row, g->width, n, from, g->width, n,
                         GDT_Float32, 0, 0) != CE_None)
            return fail_write(path, err);
    }
    return ELC_OK;
}

static elc_status write_band(GDALDatasetH dataset, const char *path,
                             const elc_raster_grid *g, int band,
                             const elc_raster_band *from, const elc_context *context,
                             elc_error *err) {
    GDALRasterBandH to = GDALGetRasterBand(dataset, band);
    if (from->name != NULL)
        GDALSetDescription(to, from->name);
    GDALSetRasterNoDataValue(to, (double)NAN);
    return write_rows(to, path, g, from->values, context, err);
}

static elc_status fill(GDALDatasetH dataset, const char *path, const elc_raster_grid *g,
                       const elc_crs *crs, const elc_raster_band *bands, size_t n,
                       const elc_context *context, elc_error *err) {
    set_place(dataset, g);
    ELC_TRY(set_crs(dataset, crs, err));
    for (size_t i = 0; i < n; i++)
        ELC_TRY(write_band(dataset, path, g, (int)i + 1, &bands[i], context, err));
    return ELC_OK;
}

/* What is on the disk is known once the file is closed. */
static elc_status write_part(const char *part, const char *path,
                             const elc_raster_grid *g, const elc_crs *crs,
                             const elc_raster_band *bands, size_t n,
                             const elc_context *context, elc_error *err) {
    static const char *const options[] = {"TILED=YES",        "COMPRESS=DEFLATE",
                                          "PREDICTOR=3",      "INTERLEAVE=BAND",
                                          "BIGTIFF=IF_SAFER", NULL};
    char **list = CSLDuplicate((char **)(uintptr_t)options);
    CPLErrorReset();
    GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("GTiff"), part, g->width,
                                      g->height, (int)n, GDT_Float32, list);
    CSLDestroy(list);
    if (dataset == NULL)
        return fail_write(path, err);
    elc_status status = fill(dataset, path, g, crs, bands, n, context, err);
    CPLErrorReset();
    GDALClose(dataset);
    if (status == ELC_OK && CPLGetLastErrorType() >= CE_Failure)
        status = fail_write(path, err);
    if (status == ELC_OK && rename(part, path) != 0)
        status = elc_fail(err, ELC_E_IO, "%s: cannot be written: %m", path);
    return status;
}

elc_status elc_raster_write(const char *path, const elc_raster_grid *g,
                            const elc_crs *crs, const elc_raster_band *bands,
                            size_t n_bands, bool overwrite, const elc_context *context,
                            elc_error *err) {
    elc_string part = {0};
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path) + 1 : 0;
    if (n_bands < 1 || n_bands > 65535)
        return elc_fail(err, ELC_E_ARGUMENT,
                        "%s: a GeoTIFF has 1 to 65,535 bands, and not %zu", path,
                        n_bands);
    if (!overwrite && access(path, F_OK) == 0)
        return elc_fail(err, ELC_E_EXISTS, "%s: is there already", path);
    elc_gdal_ready();
    ELC_TRY(elc_string_printf(&part, err, "%.*s.%s.part-%ld.tif", folder, path,
                              path + folder, (long)getpid()));
    CPLPushErrorHandler(CPLQuietErrorHandler);
    elc_status status =
        write_part(part.data, path, g, crs, bands, n_bands, context, err);
    CPLPopErrorHandler();
    if (status != ELC_OK)
        unlink(part.data);
    elc_string_free(&part);
    return status;
}

elc_status elc_raster_check_crs(const elc_crs *crs, elc_error *err) {
    OGRSpatialReferenceH reference = OSRNewSpatialReference(elc_crs_wkt(crs));
    double metres = reference != NULL && OSRIsProjected(reference)
                        ? OSRGetLinearUnits(reference, NULL)
                        : 0;
    if (reference != NULL)
        OSRDestroySpatialReference(reference);
    if (metres >= 1 && metres <= 1)
        return ELC_OK;
    return elc_fail(err, ELC_E_ARGUMENT,
                    "--crs %s: a heatmap needs a CRS in metres, as EPSG:32633 or "
                    "EPSG:3035",
                    elc_crs_label(crs));
}
