/* open.c - an image opened: what it is, and why it cannot be opened. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include "image/image.h"

#define BLOCK_MAX (INT64_C(1) << 30) /* GDAL reads whole blocks: what one may take */

/* ---- bytes without a file ----------------------------------------------------------
 */

/* Formats that hold their pixels themselves. Others may name further files and
   addresses, which GDAL would read for bytes that come from anywhere. */
static const char *const holding[] = {
    "GTiff", "PNG",  "JPEG", "GIF",    "BMP",    "PNM",    "WEBP",     "JP2OpenJPEG",
    "NITF",  "AVIF", "HEIF", "JPEGXL", "JP2ECW", "JP2KAK", "JP2MrSID", NULL};

/* NULL: every format. */
static const char *const *formats_of(const char *path) {
    bool bytes = strncmp(path, ELC_IMAGE_MEMORY, sizeof ELC_IMAGE_MEMORY - 1) == 0;
    return bytes ? holding : NULL;
}

/* ---- why not ------------------------------------------------------------------------
 */

/* Says what is the matter with a path that GDAL did not open. */
static elc_status explain(const char *path, const elc_gdal_log *log, elc_error *err) {
    VSIStatBufL about;
    errno = 0;
    bool there = VSIStatL(path, &about) == 0;
    int why = errno;
    bool remote = !elc_path_is_local(path);
    if (!there && (why == EACCES || why == EPERM))
        return elc_fail(err, ELC_E_IO, "%s: no permission to reach it", path);
    if (!there && remote && (log->failure[0] || log->warning[0]))
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: not there: %s", path,
                        elc_gdal_reason(log));
    if (!there)
        return elc_fail(err, ELC_E_NOT_FOUND, "%s: no such file", path);
    if (VSI_ISDIR(about.st_mode))
        return elc_fail(err, ELC_E_FORMAT, "%s: a folder, not an image", path);
    VSILFILE *file = VSIFOpenL(path, "rb");
    if (!file)
        return elc_fail(err, ELC_E_IO, "%s: no permission to read it", path);
    VSIFCloseL(file);
    if (about.st_size == 0)
        return elc_fail(err, ELC_E_FORMAT, "%s: the file is empty", path);
    GDALDriverH driver = GDALIdentifyDriverEx(path, GDAL_OF_RASTER, NULL, NULL);
    if (!driver)
        return elc_fail(err, ELC_E_FORMAT, "%s: not an image that GDAL %s can read",
                        path, GDALVersionInfo("RELEASE_NAME"));
    if (GDALIdentifyDriverEx(path, GDAL_OF_RASTER, formats_of(path), NULL) == NULL)
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "%s: bytes of a %s, which may name other files; give its path, or "
            "bytes of a format that holds its pixels, as GeoTIFF does",
            path, GDALGetDriverShortName(driver));
    return elc_fail(err, ELC_E_FORMAT, "%s: broken or truncated %s: %s", path,
                    GDALGetDriverShortName(driver), elc_gdal_reason(log));
}

bool elc_path_is_local(const char *path) {
    return strncmp(path, "/vsi", 4) != 0;
}

/* Uncompressed local TIFFs are read without the block cache: a chip takes less than
   half the time. Over a network that would be many small requests. The driver looks at
   the setting as it opens. */
static GDALDatasetH open_raster(const char *path, const elc_opening *opening) {
    static const char option[] = "GTIFF_DIRECT_IO";
    bool local = elc_path_is_local(path) && !CPLGetConfigOption(option, NULL);
    if (local)
        CPLSetThreadLocalConfigOption(option, "YES");
    GDALDatasetH dataset =
        GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                   formats_of(path), NULL, opening ? opening->siblings : NULL);
    if (local)
        CPLSetThreadLocalConfigOption(option, NULL);
    return dataset;
}

static elc_status open_dataset(const char *path, const elc_opening *opening,
                               GDALDatasetH *out, elc_error *err) {
    elc_gdal_log log;
    elc_gdal_begin(&log);
    *out = open_raster(path, opening);
    elc_status status = *out ? ELC_OK : explain(path, &log, err);
    elc_gdal_end();
    return status;
}

static elc_status check_bands(const elc_image *image, elc_error *err) {
    if (GDALGetRasterCount(image->dataset) > 0)
        return ELC_OK;
    char **parts = GDALGetMetadata(image->dataset, "SUBDATASETS");
    const char *first = CSLFetchNameValue(parts, "SUBDATASET_1_NAME");
    if (first)
        return elc_fail(
            err, ELC_E_UNSUPPORTED,
            "%s: holds several images and no pixels itself: give one, such as %s",
            image->path, first);
    return elc_fail(err, ELC_E_FORMAT, "%s: an image without bands", image->path);
}

/* ---- pixels
 * --------------------------------------------------------------------------- */

/* Before GDAL 3.7 a signed byte is a Byte with a note. */
static const char *type_name(GDALRasterBandH band) {
    const char *note = GDALGetMetadataItem(band, "PIXELTYPE", "IMAGE_STRUCTURE");
    if (note && !strcmp(note, "SIGNEDBYTE"))
        return "Int8";
    return GDALGetDataTypeName(GDALGetRasterDataType(band));
}

static void describe_types(elc_image *image) {
    elc_image_info *info = &image->info;
    info->is_byte = true;
    for (int b = 1; b <= info->bands; b++) {
        GDALRasterBandH band = GDALGetRasterBand(image->dataset, b);
        const char *name = type_name(band);
        if (info->is_byte)
            info->type_name = name;
        info->is_byte = info->is_byte && !strcmp(name, "Byte");
        if (!info->alpha_band &&
            GDALGetRasterColorInterpretation(band) == GCI_AlphaBand)
            info->alpha_band = b;
    }
}

/* The alpha band, or the mask of the dataset, or none. */
static GDALRasterBandH find_mask(GDALDatasetH dataset, int alpha_band) {
    GDALRasterBandH first = GDALGetRasterBand(dataset, 1);
    if (alpha_band)
        return GDALGetRasterBand(dataset, alpha_band);
    return GDALGetMaskFlags(first) == GMF_PER_DATASET ? GDALGetMaskBand(first) : NULL;
}

static elc_status describe_blanks(elc_image *image, elc_error *err) {
    elc_image_info *info = &image->info;
    ELC_TRY(elc_alloc((size_t)info->bands, sizeof *image->nodata, &image->nodata, err));
    for (int b = info->bands; b >= 1; b--) {
        int has = 0;
        GDALRasterBandH band = GDALGetRasterBand(image->dataset, b);
        double value = GDALGetRasterNoDataValue(band, &has);
        bool in_byte = has && value >= 0 && value <= 255 && value == floor(value);
        image->nodata[b - 1] = in_byte ? (int16_t)value : -1;
        if (in_byte)
            image->blank = ELC_BLANK_NODATA;
        if (b == 1 && has) {
            info->has_nodata = true;
            info->nodata = value;
        }
    }
    image->mask = find_mask(image->dataset, info->alpha_band);
    if (image->mask)
        image->blank = ELC_BLANK_MASK;
    return ELC_OK;
}

/* GDAL takes memory for whole blocks, whatever part of one is asked for. */
static elc_status check_block(const elc_image *image, elc_error *err) {
    const elc_image_info *info = &image->info;
    GDALRasterBandH band = GDALGetRasterBand(image->dataset, 1);
    const char *order =
        GDALGetMetadataItem(image->dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
    int64_t bytes = GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band));
    if (order && !strcmp(order, "PIXEL"))
        bytes *= info->bands;
    double size = (double)bytes * info->block_width * info->block_height;
    if (size <= (double)BLOCK_MAX)
        return ELC_OK;
    return elc_fail(
        err, ELC_E_UNSUPPORTED,
        "%s: one block is %d x %d px and takes %.1f GiB of memory, 1 GiB is the "
        "limit: rewrite it in tiles (gdal_translate -co TILED=YES)",
        image->path, info->block_width, info->block_height, size / (double)BLOCK_MAX);
}

/* The drivers that are made like GDAL's Arc/Info ASCII Grid. */
static bool is_text_grid(const char *driver) {
    return !strcmp(driver, "AAIGrid") || !strcmp(driver, "GRASSASCIIGrid") ||
           !strcmp(driver, "ISG");
}

static elc_status describe_pixels(elc_image *image, elc_error *err) {
    elc_image_info *info = &image->info;
    info->width = GDALGetRasterXSize(image->dataset);
    info->height = GDALGetRasterYSize(image->dataset);
    info->bands = GDALGetRasterCount(image->dataset);
    info->driver = GDALGetDriverShortName(GDALGetDatasetDriver(image->dataset));
    GDALGetBlockSize(GDALGetRasterBand(image->dataset, 1), &info->block_width,
                     &info->block_height);
    image->one_stream = !strcmp(info->driver, "JPEG");
    image->by_lines = is_text_grid(info->driver);
    image->damaged_from = INT64_MAX;
    describe_types(image);
    ELC_TRY(check_block(image, err));
    return describe_blanks(image, err);
}

/* ---- public
 * --------------------------------------------------------------------------- */

static elc_status describe(elc_image *image, elc_opening *opening, elc_error *err) {
    elc_gdal_log log;
    elc_gdal_begin(&log);
    elc_status status = check_bands(image, err);
    if (status == ELC_OK)
        status = describe_pixels(image, err);
    if (status == ELC_OK)
        status = elc_image_describe_place(image, opening, err);
    elc_gdal_end();
    return status;
}

static elc_status adopt(GDALDatasetH dataset, const char *name, elc_opening *opening,
                        elc_image **out, elc_error *err) {
    elc_image *image = NULL;
    elc_status status = elc_alloc(1, sizeof *image, &image, err);
    if (status != ELC_OK) {
        GDALClose(dataset);
        return status;
    }
    image->dataset = dataset;
    ELC_TRY_GOTO(elc_strdup(name, &image->path, err), status, done);
    ELC_TRY_GOTO(describe(image, opening, err), status, done);
    *out = image;
    return ELC_OK;
done:
    elc_image_free(image);
    return status;
}

elc_status elc_image_adopt(GDALDatasetH dataset, const char *name, elc_image **out,
                           elc_error *err) {
    return adopt(dataset, name, NULL, out, err);
}

elc_status elc_image_open_with(const char *path, elc_opening *opening, elc_image **out,
                               elc_error *err) {
    if (!path || !*path)
        return elc_fail(err, ELC_E_ARGUMENT, "image \"\": give the path of a file");
    GDALDatasetH dataset = NULL;
    elc_gdal_ready();
    ELC_TRY(open_dataset(path, opening, &dataset, err));
    return adopt(dataset, path, opening, out, err);
}

elc_status elc_image_open(const char *path, elc_image **out, elc_error *err) {
    return elc_image_open_with(path, NULL, out, err);
}

static bool is_still(const elc_image *image, GDALDatasetH dataset) {
    const elc_image_info *info = &image->info;
    if (GDALGetRasterXSize(dataset) != info->width ||
        GDALGetRasterYSize(dataset) != info->height ||
        GDALGetRasterCount(dataset) != info->bands)
        return false;
    return (find_mask(dataset, info->alpha_band) != NULL) == (image->mask != NULL);
}

bool elc_image_renew(elc_image *image) {
    GDALDatasetH dataset = NULL;
    elc_gdal_log log;
    if (open_dataset(image->path, NULL, &dataset, NULL) != ELC_OK)
        return false;
    elc_gdal_begin(&log);
    bool still = is_still(image, dataset);
    GDALClose(still ? image->dataset : dataset);
    if (still) {
        image->dataset = dataset;
        image->mask = find_mask(dataset, image->info.alpha_band);
        image->was_read = image->spoilt = false;
        image->lines = 0;
    }
    elc_gdal_end();
    return still;
}

const elc_image_info *elc_image_info_at(const elc_image *image) {
    return &image->info;
}

/* GDAL lists overviews only once it was asked for them. */
elc_status elc_image_files(const elc_image *image, elc_names *out, elc_error *err) {
    elc_status status = ELC_OK;
    elc_gdal_log log;
    elc_gdal_begin(&log);
    GDALGetOverviewCount(GDALGetRasterBand(image->dataset, 1));
    char **files = GDALGetFileList(image->dataset);
    for (char **file = files; file && *file && status == ELC_OK; file++)
        status = elc_names_add(out, *file, err);
    CSLDestroy(files);
    elc_gdal_end();
    return status;
}

void elc_image_free(elc_image *image) {
    if (!image)
        return;
    elc_gdal_log log;
    elc_gdal_begin(&log);
    if (image->dataset)
        GDALClose(image->dataset);
    elc_gdal_end();
    elc_crs_free(image->info.crs);
    free(image->nodata);
    free(image->path);
    free(image);
}
