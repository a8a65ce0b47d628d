/* test_chips_stretch.c - chips of stretched pixels: one scale for the whole image. */
/* SPDX-License-Identifier: Apache-2.0 */
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

static const double NORTH[6] = {500000, 0.5, 0, 5300000, 0, -0.5};

static const char *make_deep(void) {
    static char path[512];
    snprintf(path, sizeof path, "%s",
             raster_make(&(raster){.name = "deep.tif",
                                   .width = 150,
                                   .height = 130,
                                   .bands = 4,
                                   .type = GDT_UInt16,
                                   .affine = NORTH,
                                   .crs = "EPSG:32632",
                                   .has_nodata = true}));
    raster_fill(path, 0, 0, 20, 20, 0);
    return path;
}

static char *stretched(const char *wish, const char *pixels, const char *chip) {
    char out[600], s[64], p[32], c[32], path[512];
    snprintf(path, sizeof path, "%s", make_deep());
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    snprintf(s, sizeof s, "stretch=%s", wish);
    snprintf(p, sizeof p, "pixels=%s", pixels);
    snprintf(c, sizeof c, "chip=%s", chip);
    const char *const options[] = {c, "overlap=0.25", s, p, out, NULL};
    return chips_of(path, options);
}

static GDALDatasetH open_chip(const char *rows, size_t n) {
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", planted_path("files"),
             chip_value(rows, n, "path"));
    return raster_open(path);
}

/* Values from 1 to 120; 0 is nodata. */
static void test_stretched_chips_are_the_values_scaled(void **state) {
    (void)state;
    char *rows = stretched("20-100", "tif", "64");
    GDALDatasetH source = raster_open(planted_path("deep.tif"));
    for (size_t i = 0; i < chip_count(rows); i++) {
        GDALDatasetH chip = open_chip(rows, i);
        int x = (int)chip_number(rows, i, "x_px"),
            y = (int)chip_number(rows, i, "y_px");
        GByte got[64 * 64];
        uint16_t from[64 * 64];
        assert_int_equal(GDALGetRasterCount(chip), 4);
        assert_int_equal(GDALRasterIO(GDALGetRasterBand(chip, 3), GF_Read, 0, 0, 64, 64,
                                      got, 64, 64, GDT_Byte, 0, 0),
                         CE_None);
        assert_int_equal(GDALRasterIO(GDALGetRasterBand(source, 3), GF_Read, x, y, 64,
                                      64, from, 64, 64, GDT_UInt16, 0, 0),
                         CE_None);
        for (int k = 0; k < 64 * 64; k++) {
            double v = (from[k] - 20.0) * 255 / 80;
            v = v < 0 ? 0 : v > 255 ? 255 : v;
            assert_in_range(got[k] + 1, (int)(v + 0.499) + 1, (int)(v + 0.501) + 1);
        }
        GDALClose(chip);
    }
    GDALClose(source);
    free(rows);
}

static void test_stretched_chips_mask_what_holds_nothing(void **state) {
    (void)state;
    char *rows = stretched("20-100", "tif", "64");
    GDALDatasetH chip = open_chip(rows, 0);
    GDALRasterBandH band = GDALGetRasterBand(chip, 1);
    GByte mask[64 * 64];
    int has = 0;
    GDALGetRasterNoDataValue(band, &has);
    assert_false(has);
    assert_int_equal(GDALGetMaskFlags(band), GMF_PER_DATASET);
    assert_int_equal(GDALRasterIO(GDALGetMaskBand(band), GF_Read, 0, 0, 64, 64, mask,
                                  64, 64, GDT_Byte, 0, 0),
                     CE_None);
    for (int i = 0; i < 64 * 64; i++)
        assert_int_equal(mask[i], i % 64 < 20 && i / 64 < 20 ? 0 : 255);
    assert_string_not_equal(chip_value(rows, 0, "nodata_share"), "0");
    GDALClose(chip);
    free(rows);
}

/* Decided for the image, not for a chip: each row says the same. */
static void test_stretched_chips_say_one_stretch(void **state) {
    (void)state;
    char *rows = stretched("p2-98", "tif", "64");
    const char *one = strstr(rows, "stretch=p2-98 [");
    size_t length = (size_t)(strstr(one, " path=") - one), n = chip_count(rows);
    for (const char *at = one; n > 0; n--, at = strstr(at + 1, "stretch=")) {
        assert_non_null(at);
        assert_memory_equal(at, one, length);
    }
    free(rows);
}

/* What 16 bits and many bands could not be. */
static void test_stretched_chips_can_be_jpeg(void **state) {
    (void)state;
    char out[600], path[512];
    snprintf(path, sizeof path, "%s", make_deep());
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    const char *const options[] = {
        "chip=64", "stretch=minmax", "bands=3,2,1", "pixels=jpeg", out, NULL};
    char *rows = chips_of(path, options);
    GDALDatasetH chip = open_chip(rows, 1);
    assert_int_equal(GDALGetRasterCount(chip), 3);
    GDALClose(chip);
    free(rows);
}

/* ---- a stretch that was recorded ---------------------------------------------------
 */

/* A corner so bright that the percentiles of the whole are not those of the rest. */
static char *bright_whole(const char *out) {
    const char *const options[] = {"chip=32", "stretch=p5-95", "pixels=tif", out, NULL};
    const char *path = make_deep();
    raster_fill(path, 110, 100, 40, 30, 5000);
    return chips_of(path, options);
}

/* Writes what rows say of their image's stretch, as a table of its own. */
static void record(const char *rows, const char *image, const char *name) {
    const char *from = strstr(rows, "stretch=") + strlen("stretch=");
    FILE *file = fopen(planted_path(name), "w");
    assert_non_null(file);
    fprintf(file, "image,stretch\n%s,\"%.*s\"\n", image,
            (int)(strstr(from, " path=") - from), from);
    assert_int_equal(fclose(file), 0);
}

static char *chips_from(const char *image, const char *table, const char *out) {
    char path[512], from[600];
    snprintf(path, sizeof path, "%s", planted_path(image));
    snprintf(from, sizeof from, "stretch_from=%s", planted_path(table));
    const char *const options[] = {"chip=32", from, "pixels=tif", out, NULL};
    return chips_of(path, options);
}

static void test_chips_by_a_recorded_stretch_are_the_very_chips_again(void **state) {
    (void)state;
    char whole[600], again[600];
    snprintf(whole, sizeof whole, "out_dir=%s", chips_folder("whole"));
    snprintf(again, sizeof again, "out_dir=%s", chips_folder("again"));
    char *first = bright_whole(whole);
    record(first, "deep.tif", "stretch.csv");
    char *second = chips_from("deep.tif", "stretch.csv", again);
    assert_non_null(strstr(second, "stretch=p5-95 ["));
    assert_string_equal(second, first);
    planted_run("diff -r whole again");
    free(second);
    free(first);
}

/* The cut-out's own percentiles are others. */
static void test_chips_of_a_cut_out_are_those_of_the_whole_by_its_stretch(void **s) {
    (void)s;
    char whole[600], part[600];
    snprintf(whole, sizeof whole, "out_dir=%s", chips_folder("whole"));
    snprintf(part, sizeof part, "out_dir=%s", chips_folder("part"));
    char *rows = bright_whole(whole);
    record(rows, "deep.tif", "stretch.csv");
    planted_run("gdal_translate -q -srcwin 32 32 64 64 deep.tif cut.tif");
    char *cut = chips_from("cut.tif", "stretch.csv", part);
    assert_int_equal(chip_count(cut), 4);
    planted_run("cmp part/cut_0_0.tif whole/deep_32_32.tif && "
                "cmp part/cut_32_0.tif whole/deep_64_32.tif && "
                "cmp part/cut_0_32.tif whole/deep_32_64.tif && "
                "cmp part/cut_32_32.tif whole/deep_64_64.tif");
    free(cut);
    free(rows);
}

static void test_a_recorded_stretch_is_of_the_bands_that_are_read(void **state) {
    (void)state;
    char from[600], out[600];
    FILE *file = fopen(planted_path("two.txt"), "w");
    fprintf(file, "values [0,1] [0,1]\n");
    fclose(file);
    snprintf(from, sizeof from, "stretch_from=%s", planted_path("two.txt"));
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    const char *const four[] = {from, "pixels=tif", out, NULL};
    const char *const both[] = {from, "stretch=none", "pixels=tif", out, NULL};
    const char *const rows_only[] = {from, NULL};
    assert_chips_fail(make_deep(), four, ELC_E_ARGUMENT, "one of 2 bands, 4 are read");
    assert_chips_fail(make_deep(), both, ELC_E_ARGUMENT, "give one of them");
    assert_chips_fail(make_deep(), rows_only, ELC_E_ARGUMENT, "is of pixels");
}

static void test_a_stretch_and_bands_need_pixels(void **state) {
    (void)state;
    const char *const stretch[] = {"stretch=minmax", NULL};
    const char *const bands[] = {"bands=9", NULL};
    assert_chips_fail(make_deep(), stretch, ELC_E_ARGUMENT, "is of pixels");
    assert_chips_fail(make_deep(), bands, ELC_E_ARGUMENT, "is of pixels");
}

static void test_a_colour_table_is_not_stretched(void **state) {
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s",
             raster_make(&(raster){.name = "palette.tif",
                                   .width = 100,
                                   .height = 90,
                                   .bands = 1,
                                   .palette = true}));
    const char *const options[] = {"stretch=minmax", "pixels=column", NULL};
    assert_chips_fail(path, options, ELC_E_UNSUPPORTED, "colour table");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stretched_chips_are_the_values_scaled),
        cmocka_unit_test(test_stretched_chips_mask_what_holds_nothing),
        cmocka_unit_test(test_stretched_chips_say_one_stretch),
        cmocka_unit_test(test_stretched_chips_can_be_jpeg),
        cmocka_unit_test(test_chips_by_a_recorded_stretch_are_the_very_chips_again),
        cmocka_unit_test(test_chips_of_a_cut_out_are_those_of_the_whole_by_its_stretch),
        cmocka_unit_test(test_a_recorded_stretch_is_of_the_bands_that_are_read),
        cmocka_unit_test(test_a_stretch_and_bands_need_pixels),
        cmocka_unit_test(test_a_colour_table_is_not_stretched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
