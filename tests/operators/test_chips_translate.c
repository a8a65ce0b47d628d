/* test_chips_translate.c - chips as files equal gdal_translate -srcwin, of real images
 * and of made ones. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chipping.h"
#include "support/planted.h"

#include <cpl_string.h>
#include <gdal_utils.h>
#include <ogr_srs_api.h>

/* ---- the oracle -------------------------------------------------------------------
 */

/* What gdal_translate -srcwin gives of a chip's window, in memory. */
static GDALDatasetH translate(const char *image, const char *rows, size_t n) {
    char window[128], *words[] = {(char[]){"-of"}, (char[]){"MEM"}, NULL};
    GDALDatasetH from = raster_open(image);
    snprintf(window, sizeof window, "-srcwin %s %s %s %s", chip_value(rows, n, "x_px"),
             chip_value(rows, n, "y_px"), chip_value(rows, n, "width_px"),
             chip_value(rows, n, "height_px"));
    char **all = CSLMerge(CSLDuplicate(words), NULL),
         **more = CSLTokenizeString(window);
    for (int i = 0; more[i]; i++)
        all = CSLAddString(all, more[i]);
    GDALTranslateOptions *options = GDALTranslateOptionsNew(all, NULL);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    GDALDatasetH to = GDALTranslate("", from, options, NULL);
    CPLPopErrorHandler();
    assert_non_null(to);
    GDALTranslateOptionsFree(options);
    CSLDestroy(more);
    CSLDestroy(all);
    GDALClose(from);
    return to;
}

static void assert_same_pixels(GDALDatasetH got, GDALDatasetH wanted) {
    size_t n = 0, m = 0;
    void *a = raster_pixels(got, &n), *b = raster_pixels(wanted, &m);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
    free(a);
    free(b);
}

static void assert_same_mask(GDALRasterBandH got, GDALRasterBandH wanted) {
    size_t n =
        (size_t)GDALGetRasterBandXSize(got) * (size_t)GDALGetRasterBandYSize(got);
    int width = GDALGetRasterBandXSize(got), height = GDALGetRasterBandYSize(got);
    GByte *a = malloc(n), *b = malloc(n);
    assert_int_equal(GDALGetMaskFlags(got), GDALGetMaskFlags(wanted));
    assert_int_equal(GDALRasterIO(GDALGetMaskBand(got), GF_Read, 0, 0, width, height, a,
                                  width, height, GDT_Byte, 0, 0),
                     CE_None);
    assert_int_equal(GDALRasterIO(GDALGetMaskBand(wanted), GF_Read, 0, 0, width, height,
                                  b, width, height, GDT_Byte, 0, 0),
                     CE_None);
    assert_memory_equal(a, b, n);
    free(a);
    free(b);
}

/* What the type cannot hold gdal_translate makes something that it can: -10000 becomes
   0 in a byte, which then means nodata. Chips keep what the image says. */
static bool is_held(GDALDataType type, double value) {
    return type != GDT_Byte || (value >= 0 && value <= 255);
}

static void assert_same_bands(GDALDatasetH got, GDALDatasetH wanted) {
    assert_int_equal(GDALGetRasterCount(got), GDALGetRasterCount(wanted));
    for (int i = 1; i <= GDALGetRasterCount(got); i++) {
        GDALRasterBandH a = GDALGetRasterBand(got, i), b = GDALGetRasterBand(wanted, i);
        int has = 0, had = 0;
        double nodata = GDALGetRasterNoDataValue(a, &has);
        double other = GDALGetRasterNoDataValue(b, &had);
        assert_int_equal(GDALGetRasterDataType(a), GDALGetRasterDataType(b));
        assert_int_equal(GDALGetRasterColorInterpretation(a),
                         GDALGetRasterColorInterpretation(b));
        assert_int_equal(has, had);
        if (has && is_held(GDALGetRasterDataType(a), nodata) &&
            memcmp(&nodata, &other, sizeof nodata) != 0)
            fail_msg("nodata %.17g is not %.17g", nodata, other);
        GDALColorTableH x = GDALGetRasterColorTable(a), y = GDALGetRasterColorTable(b);
        assert_int_equal(x ? GDALGetColorEntryCount(x) : 0,
                         y ? GDALGetColorEntryCount(y) : 0);
        if (!has || is_held(GDALGetRasterDataType(a), nodata))
            assert_same_mask(a, b);
    }
}

/* Corner for corner: the same affine, to the last bit but one, and the same CRS. */
static void assert_same_place(GDALDatasetH got, GDALDatasetH wanted) {
    double a[6], b[6];
    CPLErr has = GDALGetGeoTransform(got, a), had = GDALGetGeoTransform(wanted, b);
    assert_int_equal(has, had);
    for (int i = 0; i < 6 && has == CE_None; i++)
        assert_true(fabs(a[i] - b[i]) <= 4e-16 * fabs(b[i]));
    OGRSpatialReferenceH s = GDALGetSpatialRef(got), t = GDALGetSpatialRef(wanted);
    assert_int_equal(s != NULL, t != NULL);
    assert_true(!s || OSRIsSame(s, t));
}

static void assert_same_points(GDALDatasetH got, GDALDatasetH wanted) {
    int n = GDALGetGCPCount(wanted);
    assert_int_equal(GDALGetGCPCount(got), n);
    const GDAL_GCP *a = GDALGetGCPs(got), *b = GDALGetGCPs(wanted);
    for (int i = 0; i < n; i++) {
        assert_true(fabs(a[i].dfGCPPixel - b[i].dfGCPPixel) < 1e-9);
        assert_true(fabs(a[i].dfGCPLine - b[i].dfGCPLine) < 1e-9);
        assert_true(fabs(a[i].dfGCPX - b[i].dfGCPX) < 1e-9);
    }
    char **x = GDALGetMetadata(got, "RPC"), **y = GDALGetMetadata(wanted, "RPC");
    const char *const names[] = {"LINE_OFF", "SAMP_OFF", "LAT_OFF"};
    for (int i = 0; i < 3 && y; i++)
        assert_true(fabs(CPLAtof(CSLFetchNameValueDef(x, names[i], "nan")) -
                         CPLAtof(CSLFetchNameValue(y, names[i]))) < 1e-6);
}

/* ---- the chips --------------------------------------------------------------------
 */

static void check_chip(const char *image, const char *folder, const char *rows,
                       size_t n) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, chip_value(rows, n, "path"));
    GDALDatasetH got = raster_open(path), wanted = translate(image, rows, n);
    assert_same_pixels(got, wanted);
    assert_same_bands(got, wanted);
    assert_same_place(got, wanted);
    assert_same_points(got, wanted);
    GDALClose(wanted);
    GDALClose(got);
}

/* All chips of an image, and their count. */
static size_t check_image(const char *image, const char *chip) {
    char size[32], out[600], folder[512];
    snprintf(folder, sizeof folder, "%s", chips_folder("translated"));
    snprintf(size, sizeof size, "chip=%s", chip);
    snprintf(out, sizeof out, "out_dir=%s", folder);
    const char *options[] = {size, "overlap=0.2", "pixels=tif", "nodata_share=1",
                             out,  NULL};
    char *rows = chips_of(image, options);
    size_t n = chip_count(rows);
    for (size_t i = 0; i < n; i++)
        check_chip(image, folder, rows, i);
    free(rows);
    return n;
}

static void test_chips_equal_gdal_translate_for_real_images(void **state) {
    (void)state;
    const struct {
        const char *name, *chip;
        size_t count;
    } images[] = {
        {"imagery/rasterio/RGB.byte.tif", "256", 16},
        {"imagery/rasterio/cogeo.tif", "512", 9},
        {"imagery/rio-tiler/cog.tif", "1000", 16},
        {"imagery/rio-tiler/cog_dateline.tif", "1200", 9},
        {"imagery/rio-tiler/mosaic_cog1.tif", "300", 12},
        {"imagery/rio-tiler/pix4d_alpha_nodata.tif", "300", 9},
        {"imagery/solaris/ms1.tif", "128", 9},
        {"imagery/solaris/sample_geotiff.tif", "512", 4},
        {"imagery/gdal/erdas_foo.jp2", "200", 9},
        {"imagery/rasterframes/B01.jp2", "1000", 9},
        {"imagery/kit_ais/MOS155.png", "300", 16},
        {"imagery/qgis-plugin-deepness/dummy_fotomap_small.tif", "640", 6},
        {"metadata/gdal/md_dg.tif", "16", 16},
    };
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        const char *path = planted_data(images[i].name);
        if (path)
            assert_int_equal(check_image(path, images[i].chip), images[i].count);
        else
            skip();
    }
}

static void check_made(const raster *r) {
    char path[600];
    snprintf(path, sizeof path, "%s", raster_make(r));
    assert_true(check_image(path, "64") >= 4);
}

static const double ROTATED[6] = {500000.3, 0.4, 0.3, 5200000.7, 0.3, -0.4};
static const double SOUTH[6] = {312000, 0.5, 0, 7150000, 0, -0.5};
static const double DEGREES[6] = {11.123456789, 1e-5 / 3, 0,
                                  -33.87654321, 0,        -1e-5 / 3};

static void test_chips_of_rotated_southern_and_geographic_images_equal_it(void **s) {
    (void)s;
    check_made(&(raster){.name = "rotated.tif",
                         .width = 150,
                         .height = 130,
                         .bands = 3,
                         .affine = ROTATED,
                         .crs = "EPSG:32632"});
    check_made(&(raster){.name = "south.tif",
                         .width = 150,
                         .height = 130,
                         .bands = 1,
                         .type = GDT_Int16,
                         .affine = SOUTH,
                         .crs = "EPSG:32733",
                         .has_nodata = true,
                         .nodata = -32768});
    check_made(&(raster){.name = "degrees.tif",
                         .width = 150,
                         .height = 130,
                         .bands = 2,
                         .type = GDT_Float32,
                         .affine = DEGREES,
                         .crs = "EPSG:4326",
                         .options = {"TILED=YES", "COMPRESS=DEFLATE"}});
}

static void test_chips_of_palettes_complex_and_big_endian_images_equal_it(void **s) {
    (void)s;
    check_made(&(raster){.name = "palette.tif",
                         .width = 150,
                         .height = 130,
                         .bands = 1,
                         .palette = true,
                         .affine = SOUTH,
                         .crs = "EPSG:32733"});
    check_made(&(raster){.name = "complex.tif",
                         .width = 150,
                         .height = 130,
                         .bands = 1,
                         .type = GDT_CFloat32});
    check_made(&(raster){.name = "big.tif",
                         .width = 150,
                         .height = 130,
                         .bands = 9,
                         .type = GDT_UInt32,
                         .affine = SOUTH,
                         .crs = "EPSG:32733",
                         .options = {"ENDIANNESS=BIG", "INTERLEAVE=BAND"}});
}

static void test_chips_keep_control_points_and_rpcs(void **state) {
    (void)state;
    char path[600];
    raster_make(
        &(raster){.name = "plain.tif", .width = 150, .height = 130, .bands = 1});
    planted_run("gdal_translate -q -a_srs EPSG:4326 -gcp 0 0 11 48 -gcp 150 0 11.1 48 "
                "-gcp 0 130 11 47.9 -gcp 75 65 11.05 47.95 plain.tif points.tif");
    snprintf(path, sizeof path, "%s", planted_path("points.tif"));
    assert_int_equal(check_image(path, "64"), 9);
}

static void test_chips_of_an_image_smaller_than_a_chip_equal_it(void **state) {
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s",
             raster_make(&(raster){.name = "small.tif",
                                   .width = 40,
                                   .height = 30,
                                   .bands = 2,
                                   .affine = SOUTH,
                                   .crs = "EPSG:32733",
                                   .has_nodata = true,
                                   .nodata = 9}));
    assert_int_equal(check_image(path, "64"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chips_equal_gdal_translate_for_real_images),
        cmocka_unit_test(test_chips_of_rotated_southern_and_geographic_images_equal_it),
        cmocka_unit_test(test_chips_of_palettes_complex_and_big_endian_images_equal_it),
        cmocka_unit_test(test_chips_keep_control_points_and_rpcs),
        cmocka_unit_test(test_chips_of_an_image_smaller_than_a_chip_equal_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
