/* test_memory.c - images without a file: bytes and pixels that are opened by a path. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 5, HEIGHT = 3 };

static uint8_t bgr[WIDTH * HEIGHT * 3];

static elc_image_struct pixels(void) {
    for (size_t i = 0; i < sizeof bgr; i++)
        bgr[i] = (uint8_t)(3 * i + 1);
    return (elc_image_struct){.height = HEIGHT,
                              .width = WIDTH,
                              .channels = 3,
                              .mode = 16,
                              .data = bgr,
                              .size = sizeof bgr};
}

static elc_image *open_at(const char *path) {
    elc_image *image = NULL;
    elc_error err = {0};
    if (elc_image_open(path, &image, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return image;
}

static void assert_same_pixels(elc_image *image) {
    elc_image_struct back = {0};
    elc_window all = {0, 0, WIDTH, HEIGHT};
    assert_int_equal(elc_image_struct_read(image, all, NULL, 0, &back, NULL), ELC_OK);
    assert_int_equal(back.size, sizeof bgr);
    assert_memory_equal(back.data, bgr, sizeof bgr);
    elc_image_struct_clear(&back);
}

static void test_pixels_are_opened_by_their_path(void **state) {
    (void)state;
    elc_image_struct from = pixels();
    char *path = NULL;
    assert_int_equal(
        elc_image_memory_struct(&from, "s3://a/b/town.jpg", NULL, NULL, &path, NULL),
        ELC_OK);
    assert_string_equal(strrchr(path, '/'), "/town.jpg");
    elc_image *image = open_at(path);
    assert_null(elc_image_info_at(image)->crs);
    assert_same_pixels(image);
    elc_image_free(image);
    elc_image_memory_drop(path);
}

static void test_pixels_keep_their_place(void **state) {
    (void)state;
    elc_image_struct from = pixels();
    elc_affine affine = {{500000, 0.5, 0, 5000000, 0, -0.5}};
    elc_crs *crs = NULL;
    char *path = NULL;
    assert_int_equal(elc_crs_create("EPSG:32633", &crs, NULL), ELC_OK);
    assert_int_equal(elc_image_memory_struct(&from, "a", &affine, crs, &path, NULL),
                     ELC_OK);
    elc_image *image = open_at(path);
    const elc_image_info *info = elc_image_info_at(image);
    assert_true(info->crs && elc_crs_equal(info->crs, crs));
    assert_memory_equal(info->affine.a, affine.a, sizeof affine.a);
    elc_image_free(image);
    elc_image_memory_drop(path);
    elc_crs_free(crs);
}

static void test_two_images_of_a_name_have_two_paths(void **state) {
    (void)state;
    elc_image_struct from = pixels();
    char *first = NULL, *second = NULL;
    assert_int_equal(elc_image_memory_struct(&from, "a", NULL, NULL, &first, NULL), 0);
    assert_int_equal(elc_image_memory_struct(&from, "a", NULL, NULL, &second, NULL), 0);
    assert_string_not_equal(first, second);
    elc_image_memory_drop(first);
    elc_image *image = open_at(second);
    assert_same_pixels(image);
    elc_image_free(image);
    elc_image_memory_drop(second);
}

static void test_bytes_of_a_file_are_opened_by_their_path(void **state) {
    (void)state;
    static const char file[] = "P5 2 1 255\n\x07\x09";
    char *path = NULL;
    elc_image_struct back = {0};
    assert_int_equal(
        elc_image_memory_bytes(file, sizeof file - 1, "x.pgm", &path, NULL), ELC_OK);
    elc_image *image = open_at(path);
    elc_window all = {0, 0, 2, 1};
    assert_int_equal(elc_image_struct_read(image, all, NULL, 0, &back, NULL), ELC_OK);
    assert_int_equal(back.data[0], 7);
    assert_int_equal(back.data[1], 9);
    elc_image_struct_clear(&back);
    elc_image_free(image);
    elc_image_memory_drop(path);
}

/* Bytes come from anywhere, and must not name a file or an address to be read. */
static void test_bytes_that_name_other_files_are_refused(void **state) {
    (void)state;
    static const char *const files[] = {
        "<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"><VRTRasterBand "
        "dataType=\"Byte\" band=\"1\"><SimpleSource><SourceFilename>/tmp/a.tif"
        "</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
        "<GDAL_WMS><Service name=\"TMS\"><ServerUrl>http://localhost:1/${z}.png"
        "</ServerUrl></Service><DataWindow><UpperLeftX>0</UpperLeftX><UpperLeftY>0"
        "</UpperLeftY><LowerRightX>1</LowerRightX><LowerRightY>1</LowerRightY><SizeX>1"
        "</SizeX><SizeY>1</SizeY></DataWindow></GDAL_WMS>",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = NULL;
        elc_image *image = NULL;
        elc_error err = {0};
        assert_int_equal(
            elc_image_memory_bytes(files[i], strlen(files[i]), "x.tif", &path, NULL),
            ELC_OK);
        assert_int_equal(elc_image_open(path, &image, &err), ELC_E_UNSUPPORTED);
        assert_non_null(strstr(err.message, "which may name other files"));
        elc_image_memory_drop(path);
    }
}

static void test_what_was_dropped_is_gone(void **state) {
    (void)state;
    char *path = NULL, kept[64];
    elc_image *image = NULL;
    assert_int_equal(elc_image_memory_bytes("7", 1, "x", &path, NULL), ELC_OK);
    assert_true(strlen(path) < sizeof kept);
    memcpy(kept, path, strlen(path) + 1);
    elc_image_memory_drop(path);
    elc_image_memory_drop(NULL);
    assert_int_equal(elc_image_open(kept, &image, NULL), ELC_E_NOT_FOUND);
}

static void test_what_is_no_image_is_refused(void **state) {
    (void)state;
    elc_image_struct from = pixels();
    elc_error err = {0};
    char *path = NULL;
    from.size--;
    assert_int_equal(elc_image_memory_struct(&from, "a", NULL, NULL, &path, &err),
                     ELC_E_FORMAT);
    assert_non_null(strstr(err.message, "a: 44 bytes of pixels"));
    assert_int_equal(elc_image_memory_bytes("", 0, "b.tif", &path, &err), ELC_E_FORMAT);
    assert_string_equal(err.message, "b.tif: the file is empty");
    assert_null(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels_are_opened_by_their_path),
        cmocka_unit_test(test_pixels_keep_their_place),
        cmocka_unit_test(test_two_images_of_a_name_have_two_paths),
        cmocka_unit_test(test_bytes_of_a_file_are_opened_by_their_path),
        cmocka_unit_test(test_bytes_that_name_other_files_are_refused),
        cmocka_unit_test(test_what_was_dropped_is_gone),
        cmocka_unit_test(test_what_is_no_image_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
