/* raster.c - the town as a GeoTIFF, tile by tile. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <gdal.h>
#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_srs_api.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct sheet {
    GDALDatasetH dataset;
    elc_town *town;
    elc_tile *tile;
    uint8_t *pixels; /* a tile, or for strips a row of tiles; bands interleaved */
    int bands;
    size_t line; /* bytes */
} sheet;

/* GDAL's order; columns run along the turned x axis, rows 90 degrees clockwise. */
void elc_raster_affine(const elc_scene_options *options, double affine[6]) {
    double turn = options->rotation_deg * M_PI / 180, g = options->gsd_m;
    double c = options->rotation_deg == 0 ? 1 : cos(turn), s = sin(turn);
    affine[0] = options->origin_e;
    affine[1] = g * c;
    affine[2] = g * s;
    affine[3] = options->origin_n;
    affine[4] = g * s;
    affine[5] = -g * c;
}

static char **creation_options(const elc_scene_options *options) {
    char **list = NULL;
    list = CSLSetNameValue(list, "INTERLEAVE", "PIXEL");
    list = CSLSetNameValue(list, "BIGTIFF", "IF_SAFER");
    list = CSLSetNameValue(list, "PHOTOMETRIC", options->rgb ? "RGB" : "MINISBLACK");
    list = CSLSetNameValue(list, "ALPHA", "NO");
    if (!options->rgb)
        list = CSLSetNameValue(list, "SPARSE_OK", "TRUE");
    if (strcmp(options->compress, "none") != 0)
        list = CSLSetNameValue(list, "COMPRESS", options->compress);
    if (!options->strips) {
        list = CSLSetNameValue(list, "TILED", "YES");
        list = CSLSetNameValue(list, "BLOCKXSIZE", "512");
        list = CSLSetNameValue(list, "BLOCKYSIZE", "512");
    }
    return list;
}

static bool set_place(const sheet *s, elc_scene_error *err) {
    const elc_scene_options *options = s->town->options;
    double affine[6];
    elc_raster_affine(options, affine);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    bool ok = OSRImportFromEPSG(srs, options->epsg) == OGRERR_NONE &&
              OSRIsProjected(srs) && OSRGetLinearUnits(srs, NULL) == 1;
    if (!ok)
        elc_scene_fail(err, "--epsg %d: give a projected CRS in metres, such as 32633",
                       options->epsg);
    else if (GDALSetSpatialRef(s->dataset, srs) != CE_None ||
             GDALSetGeoTransform(s->dataset, affine) != CE_None)
        ok = elc_scene_fail(err, "%s: %s", options->out, CPLGetLastErrorMsg());
    OSRDestroySpatialReference(srs);
    return ok;
}

static bool describe_bands(const sheet *s) {
    static const char *const names[] = {"red", "green", "blue",   "left",
                                        "top", "right", "bottom", "class + 1"};
    int first = s->town->options->rgb ? 0 : 3;
    for (int i = 0; i < s->bands; i++)
        GDALSetDescription(GDALGetRasterBand(s->dataset, i + 1), names[first + i]);
    return true;
}

static void copy_tile(const sheet *s, uint8_t *to) {
    const elc_tile *tile = s->tile;
    size_t bands = (size_t)s->bands, colours = s->town->options->rgb ? 3 : 0;
    for (int y = 0; y < tile->height; y++) {
        uint8_t *out = to + (size_t)y * s->line;
        const uint8_t *rgb = &tile->rgb[(size_t)y * ELC_TILE * 3];
        const uint8_t *code = &tile->code[(size_t)y * ELC_TILE * ELC_CODE_BANDS];
        if (bands == colours || colours == 0) {
            memcpy(out, colours ? rgb : code, (size_t)tile->width * bands);
            continue;
        }
        for (int x = 0; x < tile->width; x++, out += bands, rgb += 3) {
            memcpy(out, rgb, 3);
            memcpy(out + 3, code, ELC_CODE_BANDS);
            code += ELC_CODE_BANDS;
        }
    }
}

static bool send(const sheet *s, int x, int y, int width, int height,
                 elc_scene_error *err) {
    if (GDALDatasetRasterIOEx(s->dataset, GF_Write, x, y, width, height, s->pixels,
                              width, height, GDT_Byte, s->bands, NULL, s->bands,
                              (GSpacing)s->line, 1, NULL) == CE_None)
        return true;
    return elc_scene_fail(err, "%s: %s", s->town->options->out, CPLGetLastErrorMsg());
}

static bool paint_strip(sheet *s, int y, elc_scene_error *err) {
    const elc_scene_options *options = s->town->options;
    elc_tile *tile = s->tile;
    tile->y = y;
    tile->height = options->height - y < ELC_TILE ? options->height - y : ELC_TILE;
    for (int x = 0; x < options->width; x += ELC_TILE) {
        tile->x = x;
        tile->width = options->width - x < ELC_TILE ? options->width - x : ELC_TILE;
        if (!elc_tile_paint(tile, s->town, err))
            return false;
        size_t skip = options->strips ? (size_t)x * (size_t)s->bands : 0;
        copy_tile(s, s->pixels + skip);
        if (!options->strips && !send(s, x, y, tile->width, tile->height, err))
            return false;
    }
    return !options->strips || send(s, 0, y, options->width, tile->height, err);
}

static bool paint_all(sheet *s, elc_scene_error *err) {
    const elc_scene_options *options = s->town->options;
    int width = options->strips ? options->width : ELC_TILE;
    s->line = (size_t)width * (size_t)s->bands;
    s->tile = calloc(1, sizeof *s->tile);
    s->pixels = malloc(s->line * ELC_TILE);
    if (s->tile == NULL || s->pixels == NULL)
        return elc_scene_fail(err, "out of memory for a row of %d px", options->width);
    s->tile->gsd_m = options->gsd_m;
    for (int y = 0; y < options->height; y += ELC_TILE)
        if (!paint_strip(s, y, err))
            return false;
    return true;
}

static bool close_sheet(sheet *s, const char *path, bool ok, elc_scene_error *err) {
    free(s->tile);
    free(s->pixels);
    CPLErrorReset();
    GDALFlushCache(s->dataset);
    if (ok && CPLGetLastErrorType() >= CE_Failure)
        ok = elc_scene_fail(err, "%s: %s", path, CPLGetLastErrorMsg());
    CPLErrorReset();
    GDALClose(s->dataset);
    if (ok && CPLGetLastErrorType() >= CE_Failure)
        ok = elc_scene_fail(err, "%s: %s", path, CPLGetLastErrorMsg());
    return ok;
}

static bool write_part(elc_town *town, const char *part, elc_scene_error *err) {
    const elc_scene_options *options = town->options;
    sheet s = {.town = town};
    s.bands = (options->rgb ? 3 : 0) + (options->code ? ELC_CODE_BANDS : 0);
    char **list = creation_options(options);
    s.dataset = GDALCreate(GDALGetDriverByName("GTiff"), part, options->width,
                           options->height, s.bands, GDT_Byte, list);
    CSLDestroy(list);
    if (s.dataset == NULL)
        return elc_scene_fail(err, "%s: cannot be created: %s", options->out,
                              CPLGetLastErrorMsg());
    bool ok = set_place(&s, err) && describe_bands(&s) && paint_all(&s, err);
    return close_sheet(&s, options->out, ok, err);
}

bool elc_raster_write(elc_town *town, const char *path, elc_scene_error *err) {
    size_t room = strlen(path) + sizeof ".part";
    char *part = malloc(room);
    if (part == NULL)
        return elc_scene_fail(err, "%s: out of memory", path);
    snprintf(part, room, "%s.part", path);
    GDALAllRegister();
    GDALSetCacheMax64((GIntBig)64 << 20);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    bool ok = write_part(town, part, err);
    CPLPopErrorHandler();
    if (ok && rename(part, path) != 0)
        ok = elc_scene_fail(err, "%s: cannot be renamed from %s", path, part);
    if (!ok)
        remove(part);
    free(part);
    return ok;
}
