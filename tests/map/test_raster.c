/* test_raster.c - rasters as files and pictures. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/map.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <cpl_vsi.h>
#include <gdal.h>

enum { WIDTH = 300, HEIGHT = 200, CELLS = WIDTH * HEIGHT };

static const elc_raster_grid GRID = {500000, 5400000, 10, WIDTH, HEIGHT};

static float value_at(int i) {
    return i % 7 == 0 ? NAN : (float)i;
}

static void fill(float *values) {
    for (int i = 0; i < CELLS; i++)
        values[i] = value_at(i);
}

static void write_raster(const char *path, bool overwrite, elc_status wanted) {
    static float values[CELLS];
    elc_raster_band bands[] = {{"all", values}, {"car", values}};
    elc_crs *crs;
    elc_error err = {0};
    fill(values);
    assert_int_equal(elc_crs_create("EPSG:32633", &crs, NULL), ELC_OK);
    elc_status status =
        elc_raster_write(path, &GRID, crs, bands, 2, overwrite, NULL, &err);
    if (status != wanted)
        fail_msg("%d: %s", (int)status, err.message);
    elc_crs_free(crs);
}

static void test_raster_is_read_by_gdal_as_it_was(void **state) {
    static float back[CELLS];
    double t[6];
    int has = 0;
    (void)state;
    unlink("map_raster.tif");
    write_raster("map_raster.tif", false, ELC_OK);
    write_raster("map_raster.tif", false, ELC_E_EXISTS);
    write_raster("map_raster.tif", true, ELC_OK);
    GDALDatasetH dataset = GDALOpen("map_raster.tif", GA_ReadOnly);
    assert_non_null(dataset);
    assert_int_equal(GDALGetRasterCount(dataset), 2);
    GDALGetGeoTransform(dataset, t);
    assert_true(fabs(t[0] - GRID.x) + fabs(t[3] - GRID.y) + fabs(t[1] - 10) < 1e-9);
    GDALRasterBandH band = GDALGetRasterBand(dataset, 2);
    assert_string_equal(GDALGetDescription(band), "car");
    assert_true(isnan(GDALGetRasterNoDataValue(band, &has)) && has);
    assert_int_equal(GDALRasterIO(band, GF_Read, 0, 0, WIDTH, HEIGHT, back, WIDTH,
                                  HEIGHT, GDT_Float32, 0, 0),
                     CE_None);
    for (int i = 0; i < CELLS; i++)
        assert_true(isnan(value_at(i)) ? isnan(back[i])
                                       : fabsf(back[i] - value_at(i)) < 1);
    GDALClose(dataset);
    unlink("map_raster.tif");
}

static void test_raster_leaves_nothing_where_it_cannot_be_written(void **state) {
    (void)state;
    write_raster("no/such/folder/map.tif", false, ELC_E_IO);
    write_raster("/dev/full/map.tif", false, ELC_E_IO);
}

static void test_raster_leaves_nothing_where_it_is_cancelled(void **state) {
    static float values[CELLS];
    elc_raster_band band = {"all", values};
    volatile int cancel = 1;
    elc_context context = {.cancel = &cancel};
    elc_crs *crs;
    (void)state;
    mkdir("map_raster_cancelled", 0755);
    assert_int_equal(elc_crs_create("EPSG:32633", &crs, NULL), ELC_OK);
    assert_int_equal(elc_raster_write("map_raster_cancelled/map.tif", &GRID, crs, &band,
                                      1, false, &context, NULL),
                     ELC_E_CANCELLED);
    assert_int_equal(rmdir("map_raster_cancelled"), 0);
    elc_crs_free(crs);
}

/* Red, green, blue and alpha of a pixel of a PNG, and its size. */
static void look(const elc_string *png, int x, int y, uint8_t out[4], int size[2]) {
    VSIFCloseL(
        VSIFileFromMemBuffer("/vsimem/map.png", (GByte *)png->data, png->size, 0));
    GDALAllRegister();
    GDALDatasetH dataset = GDALOpen("/vsimem/map.png", GA_ReadOnly);
    assert_non_null(dataset);
    size[0] = GDALGetRasterXSize(dataset), size[1] = GDALGetRasterYSize(dataset);
    assert_int_equal(GDALDatasetRasterIO(dataset, GF_Read, x, y, 1, 1, out, 1, 1,
                                         GDT_Byte, 4, NULL, 4, 4, 1),
                     CE_None);
    GDALClose(dataset);
    VSIUnlink("/vsimem/map.png");
}

static void test_picture_is_darkest_at_the_highest_value(void **state) {
    static float values[CELLS];
    elc_picture wish = {"places per km2", "per km2", 8};
    elc_string png = {0};
    uint8_t pixel[4];
    int size[2];
    (void)state;
    for (int i = 0; i < CELLS; i++)
        values[i] = i % WIDTH < 100 ? 8 : i % WIDTH < 200 ? 0 : NAN;
    assert_int_equal(elc_raster_picture(&GRID, values, &wish, &png, NULL), ELC_OK);
    look(&png, 16 + 50, 46 + 100, pixel, size);
    assert_true(pixel[0] < 60 && pixel[1] < 30 && pixel[3] == 255);
    look(&png, 16 + 150, 46 + 100, pixel, size);
    assert_true(pixel[0] == 255 && pixel[1] == 255 && pixel[2] == 255);
    look(&png, 16 + 250, 46 + 100, pixel, size);
    assert_true(pixel[0] == 225 && pixel[1] == 225);
    assert_true(size[0] > WIDTH + 100 && size[1] > HEIGHT + 50);
    /* The legend says what is grey. */
    look(&png, WIDTH + 35, 46 + 224 + 15, pixel, size);
    assert_true(pixel[0] == 225 && pixel[1] == 225);
    elc_string_free(&png);
}

/* Whether all of so many columns from the right are white. */
static bool is_blank(const elc_string *png, int columns) {
    static uint8_t red[64 * 4096];
    VSIFCloseL(
        VSIFileFromMemBuffer("/vsimem/map.png", (GByte *)png->data, png->size, 0));
    GDALDatasetH dataset = GDALOpen("/vsimem/map.png", GA_ReadOnly);
    assert_non_null(dataset);
    int width = GDALGetRasterXSize(dataset), height = GDALGetRasterYSize(dataset);
    assert_true(columns <= 64 && height <= 4096);
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Read,
                                  width - columns, 0, columns, height, red, columns,
                                  height, GDT_Byte, 0, 0),
                     CE_None);
    GDALClose(dataset);
    VSIUnlink("/vsimem/map.png");
    for (int i = 0; i < columns * height; i++)
        if (red[i] < 255)
            return false;
    return true;
}

static void test_picture_has_room_for_the_words_of_its_legend(void **state) {
    static const double highest[] = {9e-9, 0.00012, 3.7, 499999, 1234567, 9e9, 4e12};
    static float values[CELLS];
    (void)state;
    for (size_t i = 0; i < sizeof highest / sizeof *highest; i++) {
        elc_picture wish = {"places", "per km2", highest[i]};
        elc_string png = {0};
        assert_int_equal(elc_raster_picture(&GRID, values, &wish, &png, NULL), ELC_OK);
        assert_true(is_blank(&png, 15) && !is_blank(&png, 60));
        elc_string_free(&png);
    }
}

static void test_picture_of_a_large_raster_is_shrunk(void **state) {
    elc_raster_grid grid = {0, 0, 1, 5000, 3};
    elc_picture wish = {"x", "y", 1};
    elc_string png = {0};
    uint8_t pixel[4];
    int size[2];
    float *values = calloc(15000, sizeof *values);
    (void)state;
    assert_non_null(values);
    assert_int_equal(elc_raster_picture(&grid, values, &wish, &png, NULL), ELC_OK);
    look(&png, 0, 0, pixel, size);
    assert_in_range(size[0], 1667, 2048 + 200);
    elc_string_free(&png);
    free(values);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raster_is_read_by_gdal_as_it_was),
        cmocka_unit_test(test_raster_leaves_nothing_where_it_cannot_be_written),
        cmocka_unit_test(test_raster_leaves_nothing_where_it_is_cancelled),
        cmocka_unit_test(test_picture_is_darkest_at_the_highest_value),
        cmocka_unit_test(test_picture_has_room_for_the_words_of_its_legend),
        cmocka_unit_test(test_picture_of_a_large_raster_is_shrunk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
