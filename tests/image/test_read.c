/* test_read.c - windows: right pixels, padding, blanks, bands, and damage told. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <cpl_vsi.h>

#include "pictures.h"

#define PATH "/vsimem/read.tif"

static const int RGB[] = {1, 2, 3};

/* Reads a window and compares each of its bytes with what the picture holds. */
static void reads_window(elc_image *image, elc_window w, const int *bands, int n) {
    const elc_image_info *info = elc_image_info_at(image);
    uint8_t *out = malloc((size_t)(w.width * w.height * n));
    elc_error err = {0};
    if (elc_image_read(image, w, bands, n, 114, out, NULL, &err) != ELC_OK)
        fail_msg("%s", err.message);
    for (int64_t i = 0; i < w.width * w.height; i++) {
        int64_t x = w.x + i % w.width, y = w.y + i / w.width;
        bool in = x >= 0 && y >= 0 && x < info->width && y < info->height;
        for (int b = 0; b < n; b++)
            assert_int_equal(out[i * n + b], in ? picture_pixel(x, y, bands[b]) : 114);
    }
    free(out);
}

static void reads_all_windows(const picture *p, const int *bands, int n) {
    static const elc_window WINDOWS[] = {
        {0, 0, 50, 40},    {13, 17, 1, 1},     {-5, -7, 20, 20},   {80, 60, 64, 64},
        {-9, -9, 200, 99}, {500, 500, 10, 10}, {-30, 10, 30, 5},   {0, 69, 90, 1},
        {89, 0, 1, 70},    {20, -90, 8, 90},   {10, 20, 100, 200}, {0, 0, 90, 70},
    };
    picture_make(p);
    elc_image *image = picture_open(p->path);
    for (size_t i = 0; i < sizeof WINDOWS / sizeof WINDOWS[0]; i++)
        reads_window(image, WINDOWS[i], bands, n);
    elc_image_free(image);
    picture_delete(p->path);
}

static void test_read_gives_every_pixel_and_pads_outside(void **state) {
    (void)state;
    reads_all_windows(&(picture){.path = PATH, .width = 90, .height = 70, .bands = 3},
                      RGB, 3);
    reads_all_windows(
        &(picture){.path = PATH,
                   .width = 90,
                   .height = 70,
                   .bands = 3,
                   .options = {"TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16",
                               "COMPRESS=DEFLATE", "INTERLEAVE=BAND"}},
        RGB, 3);
    reads_all_windows(&(picture){.path = "/vsimem/read.png",
                                 .driver = "PNG",
                                 .width = 90,
                                 .height = 70,
                                 .bands = 3},
                      RGB, 3);
}

static void test_read_takes_bands_in_any_order_and_twice(void **state) {
    (void)state;
    static const int ORDER[] = {5, 1, 3, 1}, GREY[] = {2, 2, 2}, ONE[] = {4};
    picture p = {.path = PATH, .width = 90, .height = 70, .bands = 5};
    reads_all_windows(&p, ORDER, 4);
    reads_all_windows(&p, GREY, 3);
    reads_all_windows(&p, ONE, 1);
}

static bool is_valid(elc_image *image, elc_window w, const int *bands, int n) {
    bool valid = true;
    uint8_t *out = malloc((size_t)(w.width * w.height * n));
    assert_int_equal(elc_image_read(image, w, bands, n, 0, out, &valid, NULL), ELC_OK);
    free(out);
    return valid;
}

static void test_read_without_nodata_is_always_valid_inside(void **state) {
    (void)state;
    picture_make(
        &(picture){.path = PATH, .width = 60, .height = 60, .bands = 3, .blank = true});
    elc_image *image = picture_open(PATH);
    assert_true(is_valid(image, (elc_window){0, 0, 60, 60}, RGB, 3));
    assert_true(is_valid(image, (elc_window){59, 59, 60, 60}, RGB, 3));
    assert_false(is_valid(image, (elc_window){60, 0, 60, 60}, RGB, 3));
    elc_image_free(image);
    picture_delete(PATH);
}

static void test_read_is_blank_where_all_bands_are_nodata(void **state) {
    (void)state;
    picture_make(&(picture){.path = PATH,
                            .width = 60,
                            .height = 60,
                            .bands = 3,
                            .blank = true,
                            .has_nodata = true});
    picture_fill(PATH, 2, (elc_window){40, 40, 1, 1}, 7);
    elc_image *image = picture_open(PATH);
    assert_false(is_valid(image, (elc_window){0, 0, 40, 60}, RGB, 3));
    assert_false(is_valid(image, (elc_window){41, 0, 64, 64}, RGB, 3));
    assert_true(is_valid(image, (elc_window){40, 40, 64, 64}, RGB, 3));
    assert_true(is_valid(image, (elc_window){-9, -9, 50, 50}, RGB, 3));
    assert_false(is_valid(image, (elc_window){0, 0, 60, 60}, RGB, 1));
    elc_image_free(image);
    picture_delete(PATH);
}

static void test_read_is_blank_where_alpha_is_zero(void **state) {
    (void)state;
    picture_make(
        &(picture){.path = PATH, .width = 60, .height = 60, .bands = 4, .alpha = 4});
    picture_fill(PATH, 4, (elc_window){0, 0, 60, 60}, 0);
    picture_fill(PATH, 4, (elc_window){30, 30, 2, 2}, 255);
    elc_image *image = picture_open(PATH);
    assert_true(is_valid(image, (elc_window){0, 0, 60, 60}, RGB, 3));
    assert_false(is_valid(image, (elc_window){0, 0, 30, 60}, RGB, 3));
    assert_false(is_valid(image, (elc_window){32, 32, 64, 64}, RGB, 3));
    assert_true(is_valid(image, (elc_window){31, 31, 64, 64}, RGB, 3));
    elc_image_free(image);
    picture_delete(PATH);
}

static void test_read_is_blank_where_the_mask_is_zero(void **state) {
    (void)state;
    picture_make(&(picture){.path = PATH, .width = 60, .height = 60, .bands = 3});
    GDALDatasetH dataset = GDALOpen(PATH, GA_Update);
    assert_int_equal(GDALCreateDatasetMaskBand(dataset, GMF_PER_DATASET), CE_None);
    uint8_t shown = 255;
    GDALRasterBandH mask = GDALGetMaskBand(GDALGetRasterBand(dataset, 1));
    assert_int_equal(GDALFillRaster(mask, 0, 0), CE_None);
    assert_int_equal(
        GDALRasterIO(mask, GF_Write, 9, 9, 1, 1, &shown, 1, 1, GDT_Byte, 0, 0),
        CE_None);
    GDALClose(dataset);
    elc_image *image = picture_open(PATH);
    assert_true(is_valid(image, (elc_window){0, 0, 20, 20}, RGB, 3));
    assert_false(is_valid(image, (elc_window){10, 0, 20, 20}, RGB, 3));
    elc_image_free(image);
    picture_delete(PATH);
    picture_delete(PATH ".msk");
}

static void refuses(const picture *p, elc_window w, int band, elc_status status,
                    const char *says) {
    static uint8_t out[4096];
    elc_error err = {0};
    picture_make(p);
    elc_image *image = picture_open(p->path);
    assert_int_equal(elc_image_read(image, w, &band, 1, 0, out, NULL, &err), status);
    if (!strstr(err.message, says))
        fail_msg("\"%s\" does not say \"%s\"", err.message, says);
    elc_image_free(image);
    picture_delete(p->path);
}

static void test_read_refuses_what_cannot_be_read(void **state) {
    (void)state;
    picture p = {.path = PATH, .width = 60, .height = 60, .bands = 3};
    refuses(&p, (elc_window){0, 0, 8, 8}, 4, ELC_E_NOT_FOUND,
            "read.tif: band 4 asked for, the image has 3");
    refuses(&p, (elc_window){0, 0, 8, 8}, 0, ELC_E_NOT_FOUND, "band 0");
    refuses(&p, (elc_window){0, 0, 0, 8}, 1, ELC_E_ARGUMENT, "window of 0 x 8 px");
    refuses(&p, (elc_window){0, 0, 8, INT64_MAX}, 1, ELC_E_ARGUMENT, "window of 8 x");
    refuses(&p, (elc_window){INT64_MAX, 0, 8, 8}, 1, ELC_E_ARGUMENT, "out of range");
    p.type = GDT_UInt16;
    refuses(&p, (elc_window){0, 0, 8, 8}, 1, ELC_E_UNSUPPORTED,
            "read.tif: UInt16 pixels, where bytes are read: see them through a view, or "
            "convert it: "
            "gdal_translate -ot Byte -scale");
}

/* ---- damage
 * ------------------------------------------------------------------------------ */

static void damage(const char *path, vsi_l_offset from, vsi_l_offset keep) {
    VSILFILE *file = VSIFOpenL(path, "rb+");
    assert_non_null(file);
    static const uint8_t NOISE[64] = {0x55, 0xFF, 0xD9, 0x12, 0x00, 0xAA};
    if (from) {
        VSIFSeekL(file, from, SEEK_SET);
        VSIFWriteL(NOISE, 1, sizeof NOISE, file);
    }
    if (keep)
        VSIFTruncateL(file, keep);
    VSIFCloseL(file);
}

static vsi_l_offset size_of(const char *path) {
    VSIStatBufL about;
    assert_int_equal(VSIStatL(path, &about), 0);
    return (vsi_l_offset)about.st_size;
}

static elc_status read_status(elc_image *image, elc_window w, elc_error *err) {
    uint8_t *out = malloc((size_t)(w.width * w.height * 3));
    elc_status status = elc_image_read(image, w, RGB, 3, 0, out, NULL, err);
    free(out);
    return status;
}

static void test_read_of_a_truncated_file_fails_with_window_and_reason(void **state) {
    (void)state;
    picture_make(
        &(picture){.path = PATH,
                   .width = 256,
                   .height = 256,
                   .bands = 3,
                   .options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"}});
    damage(PATH, 0, size_of(PATH) - 20000);
    elc_image *image = picture_open(PATH);
    elc_error err = {0};
    assert_int_equal(read_status(image, (elc_window){192, 192, 64, 64}, &err),
                     ELC_E_IO);
    assert_non_null(strstr(err.message, "read.tif: window 192, 192 of 64 x 64 px: "));
    assert_int_equal(read_status(image, (elc_window){0, 0, 64, 64}, &err), ELC_OK);
    elc_image_free(image);
    picture_delete(PATH);
}

static void test_read_of_a_truncated_jpeg_fails_below_the_damage_only(void **state) {
    (void)state;
    static const char JPEG[] = "/vsimem/read.jpg";
    picture_make(&(picture){
        .path = JPEG, .driver = "JPEG", .width = 256, .height = 256, .bands = 3});
    damage(JPEG, 0, size_of(JPEG) / 2);
    elc_image *image = picture_open(JPEG);
    elc_error err = {0};
    assert_int_equal(read_status(image, (elc_window){0, 0, 256, 64}, &err), ELC_OK);
    assert_int_equal(read_status(image, (elc_window){0, 64, 256, 192}, &err), ELC_E_IO);
    assert_int_equal(read_status(image, (elc_window){0, 240, 9, 9}, &err), ELC_E_IO);
    assert_int_equal(read_status(image, (elc_window){9, 0, 9, 9}, &err), ELC_OK);
    elc_image_free(image);
    picture_delete(JPEG);
}

/* GDAL warns once, and has the invented pixels in its cache by then. */
static void test_read_of_a_damaged_jpeg_tile_fails_every_time(void **state) {
    (void)state;
    picture_make(&(picture){.path = PATH,
                            .width = 256,
                            .height = 256,
                            .bands = 3,
                            .options = {"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128",
                                        "COMPRESS=JPEG", "PHOTOMETRIC=YCBCR"}});
    damage(PATH, size_of(PATH) * 5 / 8, 0);
    elc_image *image = picture_open(PATH);
    elc_window whole = {0, 0, 256, 256};
    for (int i = 0; i < 3; i++)
        assert_int_equal(read_status(image, whole, NULL), ELC_E_IO);
    int failed = 0, before = 0;
    for (int tile = 0; tile < 8; tile++) {
        elc_window w = {tile % 2 * 128, tile / 2 % 2 * 128, 128, 128};
        failed += read_status(image, w, NULL) != ELC_OK;
        before = tile == 3 ? failed : before;
    }
    assert_true(before == 1 && failed == 2);
    elc_image_free(image);
    picture_delete(PATH);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_gives_every_pixel_and_pads_outside),
        cmocka_unit_test(test_read_takes_bands_in_any_order_and_twice),
        cmocka_unit_test(test_read_without_nodata_is_always_valid_inside),
        cmocka_unit_test(test_read_is_blank_where_all_bands_are_nodata),
        cmocka_unit_test(test_read_is_blank_where_alpha_is_zero),
        cmocka_unit_test(test_read_is_blank_where_the_mask_is_zero),
        cmocka_unit_test(test_read_refuses_what_cannot_be_read),
        cmocka_unit_test(test_read_of_a_truncated_file_fails_with_window_and_reason),
        cmocka_unit_test(test_read_of_a_truncated_jpeg_fails_below_the_damage_only),
        cmocka_unit_test(test_read_of_a_damaged_jpeg_tile_fails_every_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
