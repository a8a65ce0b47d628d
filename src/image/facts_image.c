/* facts_image.c - what an open image says of itself, by its tags and through GDAL. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "image/facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cpl_string.h>
#include <ogr_srs_api.h>

#include "image/image.h"
#include "image/metadata/camera.h"
#include "image/metadata/format.h"
#include "image/sidecars.h"

/* The domains of GDAL's metadata that facts are in, as the first part of a path. */
static const elc_rule rules[] = {
    {ELC_FACT_PLATFORM, ELC_RULE_TEXT, "IMAGERY/SATELLITEID"},
    {ELC_FACT_ACQUIRED, ELC_RULE_TIME, "IMAGERY/ACQUISITIONDATETIME"},
    {ELC_FACT_CLOUD, ELC_RULE_PERCENT, "IMAGERY/CLOUDCOVER"},
    {0}};

static const char *const domains[] = {"", "IMAGERY", "IMD", "RPC", "EXIF", NULL};

static elc_status take_domain(GDALDatasetH dataset, const char *domain,
                              elc_record *record, elc_error *err) {
    char path[256];
    for (char **item = GDALGetMetadata(dataset, domain); item != NULL && *item != NULL;
         item++) {
        const char *equals = strchr(*item, '=');
        if (equals == NULL)
            continue;
        snprintf(path, sizeof path, "%s%s%.*s", domain, domain[0] ? "/" : "",
                 (int)(equals - *item), *item);
        ELC_TRY(elc_record_add(record, path, equals + 1, err));
    }
    return ELC_OK;
}

/* A camera's XMP; one that is broken is as good as none. */
static elc_status take_xmp(GDALDatasetH dataset, elc_record *record, elc_error *err) {
    char **items = GDALGetMetadata(dataset, "xml:XMP");
    if (items == NULL || items[0] == NULL)
        return ELC_OK;
    elc_status status = elc_record_xml(record, "XMP", items[0], strlen(items[0]), NULL);
    return status == ELC_E_MEMORY
               ? elc_fail(err, status, "memory: none left for an image's XMP")
               : ELC_OK;
}

/* ---- pixels ---------------------------------------------------------------------- */

static double bits_of(GDALRasterBandH band) {
    const char *bits = GDALGetMetadataItem(band, "NBITS", "IMAGE_STRUCTURE");
    double value;
    if (bits != NULL && elc_text_real(bits, &value))
        return value;
    return 8.0 * GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band));
}

static elc_status find_bands(GDALDatasetH dataset, int n, elc_findings *f,
                             elc_error *err) {
    elc_string list = {0};
    elc_status status = ELC_OK;
    bool named = false;
    for (int i = 1; i <= n && status == ELC_OK; i++) {
        GDALRasterBandH band = GDALGetRasterBand(dataset, i);
        const char *name = GDALGetDescription(band);
        GDALColorInterp colour = GDALGetRasterColorInterpretation(band);
        named = named || name[0] != '\0' || colour != GCI_Undefined;
        if (name[0] == '\0')
            name = GDALGetColorInterpretationName(colour);
        size_t from = list.size;
        status = elc_string_printf(&list, err, "%s%s", i > 1 ? "," : "", name);
        for (size_t c = from + 1; status == ELC_OK && c < list.size; c++)
            list.data[c] = list.data[c] == ',' ? ' ' : list.data[c];
    }
    if (status == ELC_OK && named && elc_utf8_valid(list.data, list.size))
        status = elc_findings_text(f, ELC_FACT_BANDS, list.data, "bands", err);
    elc_string_free(&list);
    return status;
}

static elc_status find_pixels(elc_image *image, elc_findings *f, elc_error *err) {
    const elc_image_info *info = &image->info;
    double bits = bits_of(GDALGetRasterBand(image->dataset, 1));
    ELC_TRY(elc_findings_real(f, ELC_FACT_WIDTH, (double)info->width, "size", err));
    ELC_TRY(elc_findings_real(f, ELC_FACT_HEIGHT, (double)info->height, "size", err));
    ELC_TRY(elc_findings_real(f, ELC_FACT_BIT_DEPTH, bits, "type", err));
    return find_bands(image->dataset, info->bands, f, err);
}

/* ---- RPCs ------------------------------------------------------------------------ */

static elc_status find_rpc(const elc_record *record, elc_findings *f, elc_error *err) {
    static const char *const scalars[] = {
        "LINE_OFF",   "SAMP_OFF",   "LAT_OFF",   "LONG_OFF",   "HEIGHT_OFF",
        "LINE_SCALE", "SAMP_SCALE", "LAT_SCALE", "LONG_SCALE", "HEIGHT_SCALE"};
    static const char *const lists[] = {"LINE_NUM_COEFF", "LINE_DEN_COEFF",
                                        "SAMP_NUM_COEFF", "SAMP_DEN_COEFF"};
    double rpc[92] = {-1, -1};
    char path[40];
    elc_record_real(record, "RPC/ERR_BIAS", &rpc[0]);
    elc_record_real(record, "RPC/ERR_RAND", &rpc[1]);
    for (size_t i = 0; i < 10; i++) {
        snprintf(path, sizeof path, "RPC/%s", scalars[i]);
        if (!elc_record_real(record, path, &rpc[2 + i]))
            return ELC_OK;
    }
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "RPC/%s", lists[i]);
        const char *text = elc_record_get(record, path);
        if (text == NULL || elc_text_reals(text, &rpc[12 + 20 * i], 20) != 20)
            return ELC_OK;
    }
    return elc_findings_list(f, ELC_FACT_RPC, rpc, 92, "RPC", err);
}

/* ---- place ----------------------------------------------------------------------- */

static elc_status find_lonlat(const double map[8], const elc_crs *crs,
                              const char *where, elc_findings *f, elc_error *err) {
    elc_transform *transform = NULL;
    elc_point points[4];
    if (elc_transform_create(crs, NULL, &transform, NULL) != ELC_OK)
        return ELC_OK;
    memcpy(points, map, sizeof points);
    size_t failed = elc_transform_points(transform, points, 4);
    elc_transform_free(transform);
    double numbers[8];
    memcpy(numbers, points, sizeof points);
    return failed > 0
               ? ELC_OK
               : elc_findings_list(f, ELC_FACT_CORNERS_LONLAT, numbers, 8, where, err);
}

static elc_status find_gsd(const elc_affine *affine, const elc_crs *crs,
                           elc_point centre, const char *where, elc_findings *f,
                           elc_error *err) {
    elc_locator *locator = NULL;
    double x = 0, y = 0;
    if (elc_locator_create(affine, crs, &locator, NULL) != ELC_OK)
        return ELC_OK;
    elc_locator_pixel_size_m(locator, centre, &x, &y);
    elc_locator_free(locator);
    return elc_findings_real(f, ELC_FACT_GSD, sqrt(x * y), where, err);
}

elc_status elc_facts_of_affine(const elc_affine *affine, const elc_crs *crs,
                               double width, double height, const char *where,
                               elc_findings *f, elc_error *err) {
    const elc_point pixels[] = {{0, 0}, {width, 0}, {width, height}, {0, height}};
    double map[8];
    for (size_t i = 0; i < 4; i++) {
        elc_point at = elc_affine_apply(affine, pixels[i]);
        map[2 * i] = at.x;
        map[2 * i + 1] = at.y;
    }
    ELC_TRY(elc_findings_list(f, ELC_FACT_AFFINE, affine->a, 6, where, err));
    if (crs == NULL)
        return ELC_OK;
    ELC_TRY(elc_findings_list(f, ELC_FACT_CORNERS_MAP, map, 8, where, err));
    const char *label = elc_crs_label(crs);
    bool code = strchr(label, ':') != NULL && strchr(label, ' ') == NULL;
    ELC_TRY(elc_findings_text(f, ELC_FACT_CRS, code ? label : elc_crs_wkt(crs), where,
                              err));
    /* Longitude comes first in both, and from one to itself costs PROJ nothing. */
    if (strcmp(label, "EPSG:4326") == 0)
        crs = NULL;
    ELC_TRY(find_lonlat(map, crs, where, f, err));
    return find_gsd(affine, crs, (elc_point){width / 2, height / 2}, where, f, err);
}

/* The world file that GDAL took the affine from; NULL: the image's own tags. */
static const char *world_file(char **files) {
    static const char *const endings[] = {"tfw", "tifw", "tiffw", "jgw", "jpgw", "jpw",
                                          "pgw", "pngw", "j2w",   "wld", NULL};
    for (; files != NULL && *files != NULL; files++) {
        const char *dot = strrchr(*files, '.');
        for (const char *const *e = endings; dot != NULL && *e != NULL; e++) {
            if (strcasecmp(dot + 1, *e) == 0)
                return *files;
        }
    }
    return NULL;
}

/* An affine without a CRS: the file beside it with the CRS, where there is one. */
static elc_status find_place_with(elc_image *image, const char *prj, const char *where,
                                  elc_findings *f, elc_error *err) {
    static const double unset[6] = {0, 1, 0, 0, 0, 1};
    elc_affine affine, inverse;
    elc_string text = {0};
    elc_crs *crs = NULL;
    if (GDALGetSpatialRef(image->dataset) != NULL || /* tied to nothing on Earth */
        GDALGetGeoTransform(image->dataset, affine.a) != CE_None ||
        memcmp(affine.a, unset, sizeof unset) == 0 ||
        elc_affine_invert(&affine, &inverse, NULL) != ELC_OK)
        return ELC_OK;
    if (prj != NULL && elc_sidecar_text(prj, &text, NULL) == ELC_OK)
        elc_crs_create(text.data, &crs, NULL);
    elc_status status = elc_facts_of_affine(&affine, crs, (double)image->info.width,
                                            (double)image->info.height, where, f, err);
    elc_string_free(&text);
    elc_crs_free(crs);
    return status;
}

static elc_status find_place(elc_image *image, const char *prj, elc_findings *f,
                             elc_error *err) {
    const elc_image_info *info = &image->info;
    char **files = image->alone ? NULL : GDALGetFileList(image->dataset);
    const char *world = world_file(files);
    char where[300];
    snprintf(where, sizeof where, "%s%s%s",
             info->has_place ? "affine and CRS" : "affine", world != NULL ? " of " : "",
             world != NULL ? elc_name_of(world) : "");
    if (!elc_utf8_valid(where, strlen(where)))
        strcpy(where, "affine");
    CSLDestroy(files);
    if (info->has_place)
        return elc_facts_of_affine(&info->affine, info->crs, (double)info->width,
                                   (double)info->height, where, f, err);
    return find_place_with(image, prj, where, f, err);
}

/* ---- public ---------------------------------------------------------------------- */

static elc_status find_all(elc_image *image, const char *prj, elc_record *record,
                           elc_findings *f, elc_error *err) {
    for (const char *const *domain = domains; *domain != NULL; domain++)
        ELC_TRY(take_domain(image->dataset, *domain, record, err));
    ELC_TRY(take_xmp(image->dataset, record, err));
    ELC_TRY(elc_rules_apply(rules, record, f, err));
    ELC_TRY(elc_camera_find(record, f, err));
    ELC_TRY(find_pixels(image, f, err));
    ELC_TRY(find_rpc(record, f, err));
    return find_place(image, prj, f, err);
}

elc_status elc_facts_of_image(elc_image *image, const char *prj, elc_record *record,
                              elc_findings *f, elc_error *err) {
    elc_gdal_log log;
    elc_gdal_begin(&log);
    elc_status status = find_all(image, prj, record, f, err);
    elc_gdal_end();
    return status;
}
