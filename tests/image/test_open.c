/* test_open.c - what an open image says of itself, and why some do not open. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

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

#include "pictures.h"

#define PATH "/vsimem/open.tif"

static const double NORTH_UP[6] = {500000, 0.5, 0, 5000000, 0, -0.5};

static void put_file(const char *path, const void *bytes, size_t n) {
    VSILFILE *file = VSIFOpenL(path, "wb");
    assert_non_null(file);
    assert_int_equal(VSIFWriteL(bytes, 1, n, file), n);
    VSIFCloseL(file);
}

static void does_not_open(const char *path, elc_status status, const char *says) {
    elc_image *image = NULL;
    elc_error err = {0};
    assert_int_equal(elc_image_open(path, &image, &err), status);
    assert_null(image);
    if (!strstr(err.message, says))
        fail_msg("\"%s\" does not say \"%s\"", err.message, says);
}

static void test_open_describes_size_bands_and_blocks(void **state) {
    (void)state;
    picture_make(
        &(picture){.path = PATH,
                   .width = 300,
                   .height = 200,
                   .bands = 3,
                   .options = {"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=64"}});
    elc_image *image = picture_open(PATH);
    const elc_image_info *info = elc_image_info_at(image);
    assert_true(info->width == 300 && info->height == 200 && info->bands == 3);
    assert_true(info->block_width == 128 && info->block_height == 64);
    assert_true(info->is_byte && !info->has_nodata && !info->has_place);
    assert_string_equal(info->type_name, "Byte");
    assert_string_equal(info->driver, "GTiff");
    assert_int_equal(info->alpha_band, 0);
    assert_null(info->crs);
    elc_image_free(image);
    picture_delete(PATH);
}

static void test_open_finds_place_alpha_and_nodata(void **state) {
    (void)state;
    picture_make(&(picture){.path = PATH,
                            .width = 30,
                            .height = 20,
                            .bands = 4,
                            .alpha = 4,
                            .has_nodata = true,
                            .nodata = 255,
                            .affine = NORTH_UP,
                            .crs = "EPSG:32633"});
    elc_image *image = picture_open(PATH);
    const elc_image_info *info = elc_image_info_at(image);
    assert_int_equal(info->alpha_band, 4);
    assert_true(info->has_nodata && info->nodata == 255);
    assert_true(info->has_place);
    assert_memory_equal(info->affine.a, NORTH_UP, sizeof NORTH_UP);
    assert_string_equal(elc_crs_label(info->crs), "EPSG:32633");
    elc_image_free(image);
    picture_delete(PATH);
}

static bool has_place(const double *affine, const char *crs) {
    picture_make(&(picture){.path = PATH,
                            .width = 3,
                            .height = 2,
                            .bands = 1,
                            .affine = affine,
                            .crs = crs});
    elc_image *image = picture_open(PATH);
    bool has = elc_image_info_at(image)->has_place;
    assert_int_equal(elc_image_info_at(image)->crs != NULL, has);
    elc_image_free(image);
    picture_delete(PATH);
    return has;
}

static void test_open_knows_no_place_without_both_affine_and_crs(void **state) {
    (void)state;
    static const double FLAT[6] = {500000, 0.5, 0.5, 5000000, 0.5, 0.5};
    assert_true(has_place(NORTH_UP, "EPSG:32633"));
    assert_false(has_place(NORTH_UP, NULL));
    assert_false(has_place(NULL, "EPSG:32633"));
    assert_false(has_place(FLAT, "EPSG:32633"));
    assert_false(has_place(NORTH_UP, "LOCAL_CS[\"site\",UNIT[\"metre\",1]]"));
    assert_false(has_place(NULL, NULL));
}

static void test_open_knows_types_other_than_bytes(void **state) {
    (void)state;
    picture_make(&(picture){
        .path = PATH, .width = 3, .height = 2, .bands = 2, .type = GDT_UInt16});
    elc_image *image = picture_open(PATH);
    assert_false(elc_image_info_at(image)->is_byte);
    assert_string_equal(elc_image_info_at(image)->type_name, "UInt16");
    elc_image_free(image);
    picture_make(&(picture){.path = PATH,
                            .width = 3,
                            .height = 2,
                            .bands = 1,
                            .options = {"PIXELTYPE=SIGNEDBYTE"}});
    image = picture_open(PATH);
    assert_false(elc_image_info_at(image)->is_byte);
    assert_string_equal(elc_image_info_at(image)->type_name, "Int8");
    elc_image_free(image);
    picture_delete(PATH);
}

static void test_open_says_what_is_missing(void **state) {
    (void)state;
    does_not_open("", ELC_E_ARGUMENT, "give the path");
    does_not_open("/nowhere/frame.tif", ELC_E_NOT_FOUND,
                  "/nowhere/frame.tif: no such file");
    does_not_open("/tmp", ELC_E_FORMAT, "/tmp: a folder, not an image");
    does_not_open("/vsizip//nowhere.zip/a.tif", ELC_E_NOT_FOUND,
                  "nowhere.zip/a.tif: n");
}

static void test_open_says_what_is_no_image(void **state) {
    (void)state;
    put_file(PATH, "", 0);
    does_not_open(PATH, ELC_E_FORMAT, "the file is empty");
    put_file(PATH, "not an image at all", 19);
    does_not_open(PATH, ELC_E_FORMAT, "not an image that GDAL 3.");
    put_file(PATH, "II*\0\377\377\377\177", 8);
    does_not_open(PATH, ELC_E_FORMAT, "broken or truncated GTiff");
    picture_delete(PATH);
}

static void test_open_says_that_it_may_not_read(void **state) {
    (void)state;
    if (geteuid() == 0) {
        print_message("SKIPPED: the superuser may read everything\n");
        skip();
    }
    char path[] = "/tmp/elcano-open-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && fchmod(file, 0) == 0);
    close(file);
    does_not_open(path, ELC_E_IO, "no permission to read it");
    unlink(path);
}

static void test_open_refuses_blocks_that_would_take_all_memory(void **state) {
    (void)state;
    char *options[] = {"TILED=YES", "BLOCKXSIZE=65536", "BLOCKYSIZE=65536",
                       "SPARSE_OK=TRUE", NULL};
    GDALAllRegister();
    GDALClose(GDALCreate(GDALGetDriverByName("GTiff"), PATH, 60000, 60000, 1, GDT_Byte,
                         options));
    does_not_open(PATH, ELC_E_UNSUPPORTED,
                  "65536 x 65536 px and takes 4.0 GiB of memory, 1 GiB is the limit");
    picture_delete(PATH);
}

static void test_open_names_the_images_inside_an_image(void **state) {
    (void)state;
    static const char *const TABLES[] = {"RASTER_TABLE=first", "RASTER_TABLE=second"};
    for (int i = 0; i < 2; i++)
        picture_make(
            &(picture){.path = "/vsimem/open.gpkg",
                       .driver = "GPKG",
                       .width = 30,
                       .height = 20,
                       .bands = 3,
                       .affine = NORTH_UP,
                       .crs = "EPSG:32633",
                       .options = {TABLES[i], i ? "APPEND_SUBDATASET=YES" : NULL}});
    does_not_open("/vsimem/open.gpkg", ELC_E_UNSUPPORTED,
                  "give one, such as GPKG:/vsimem/open.gpkg:first");
    picture_delete("/vsimem/open.gpkg");
}

static void test_open_is_silent(void **state) {
    (void)state;
    int old = dup(2);
    FILE *file = tmpfile();
    dup2(fileno(file), 2);
    elc_image *image = NULL;
    put_file(PATH, "II*\0\377\377\377\177", 8);
    elc_status status = elc_image_open(PATH, &image, NULL);
    fflush(stderr);
    dup2(old, 2);
    close(old);
    assert_int_equal(status, ELC_E_FORMAT);
    fseek(file, 0, SEEK_END);
    assert_int_equal(ftell(file), 0);
    fclose(file);
    picture_delete(PATH);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_describes_size_bands_and_blocks),
        cmocka_unit_test(test_open_finds_place_alpha_and_nodata),
        cmocka_unit_test(test_open_knows_no_place_without_both_affine_and_crs),
        cmocka_unit_test(test_open_knows_types_other_than_bytes),
        cmocka_unit_test(test_open_says_what_is_missing),
        cmocka_unit_test(test_open_says_what_is_no_image),
        cmocka_unit_test(test_open_says_that_it_may_not_read),
        cmocka_unit_test(test_open_refuses_blocks_that_would_take_all_memory),
        cmocka_unit_test(test_open_names_the_images_inside_an_image),
        cmocka_unit_test(test_open_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
