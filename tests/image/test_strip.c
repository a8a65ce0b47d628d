/* test_strip.c - chips cut from rows in memory are those that windows give. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <cpl_vsi.h>

#include "pictures.h"

#define PATH "/vsimem/strip.tif"

static const int BANDS[] = {3, 1, 2};

static elc_strip *strip_of(elc_image *image, int64_t height) {
    elc_strip *strip = NULL;
    elc_error err = {0};
    if (elc_strip_create(image, BANDS, 3, height, &strip, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return strip;
}

static void fill(elc_strip *strip, int64_t y, int64_t height) {
    elc_error err = {0};
    if (elc_strip_fill(strip, y, height, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

/* Cut and read give the same bytes and the same answer. */
static void cuts_as_read(const elc_strip *strip, elc_image *image, elc_window w) {
    size_t size = (size_t)(w.width * w.height * 3);
    uint8_t *cut = malloc(size), *read = malloc(size);
    bool cut_valid = false, read_valid = true;
    assert_int_equal(elc_strip_cut(strip, w, 114, cut, &cut_valid, NULL), ELC_OK);
    assert_int_equal(elc_image_read(image, w, BANDS, 3, 114, read, &read_valid, NULL),
                     ELC_OK);
    assert_memory_equal(cut, read, size);
    assert_int_equal(cut_valid, read_valid);
    free(cut);
    free(read);
}

/* All chips of an image, row by row, as detect does it. */
static void cuts_all_chips(const picture *p, int64_t overlap) {
    elc_grid grid;
    picture_make(p);
    if (p->has_nodata || p->alpha)
        for (int b = 1; b <= p->bands; b++)
            picture_fill(p->path, b, (elc_window){0, 0, 90, 80}, 0);
    elc_image *image = picture_open(p->path), *other = picture_open(p->path);
    assert_int_equal(elc_grid_create(p->width, p->height, 64, 48, overlap, overlap, 16,
                                     false, &grid, NULL),
                     ELC_OK);
    elc_strip *strip = strip_of(image, 48);
    for (int64_t i = 0; i < elc_grid_count(&grid); i++) {
        elc_window w = elc_grid_window(&grid, i);
        if (i % grid.cols == 0)
            fill(strip, w.y, w.height);
        cuts_as_read(strip, other, w);
    }
    elc_strip_free(strip);
    elc_image_free(other);
    elc_image_free(image);
    picture_delete(p->path);
}

static void test_strip_cuts_the_chips_that_windows_give(void **state) {
    (void)state;
    picture p = {.path = PATH, .width = 211, .height = 199, .bands = 3};
    cuts_all_chips(&p, 0);
    cuts_all_chips(&p, 15);
    cuts_all_chips(&p, 40);
    p.width = 40, p.height = 30;
    cuts_all_chips(&p, 15);
}

static void test_strip_knows_blank_chips_by_nodata_and_alpha(void **state) {
    (void)state;
    cuts_all_chips(
        &(picture){
            .path = PATH, .width = 211, .height = 199, .bands = 3, .has_nodata = true},
        15);
    cuts_all_chips(
        &(picture){.path = PATH, .width = 211, .height = 199, .bands = 4, .alpha = 4},
        15);
}

static void test_strip_goes_back_and_jumps(void **state) {
    (void)state;
    picture_make(&(picture){.path = PATH, .width = 70, .height = 300, .bands = 3});
    elc_image *image = picture_open(PATH), *other = picture_open(PATH);
    elc_strip *strip = strip_of(image, 100);
    static const int64_t TOPS[] = {200, 0, 50, 10, 10, 299, 199, 250};
    for (size_t i = 0; i < sizeof TOPS / sizeof TOPS[0]; i++) {
        fill(strip, TOPS[i], 100);
        cuts_as_read(strip, other,
                     (elc_window){-3, TOPS[i], 50, 101 > 300 - TOPS[i] ? 120 : 100});
    }
    elc_strip_free(strip);
    elc_image_free(other);
    elc_image_free(image);
    picture_delete(PATH);
}

/* Rows that two fillings share come from memory: the file may change meanwhile. */
static void test_strip_keeps_rows_that_are_shared(void **state) {
    (void)state;
    picture_make(&(picture){.path = PATH, .width = 70, .height = 300, .bands = 3});
    elc_image *image = picture_open(PATH);
    elc_strip *strip = strip_of(image, 100);
    fill(strip, 0, 100);
    VSILFILE *file = VSIFOpenL(PATH, "rb+");
    VSIFTruncateL(file, 1000);
    VSIFCloseL(file);
    elc_error err = {0};
    assert_int_equal(elc_strip_fill(strip, 50, 50, &err), ELC_OK);
    uint8_t pixel[3];
    elc_window last = {69, 99, 1, 1};
    assert_int_equal(elc_strip_cut(strip, last, 0, pixel, NULL, NULL), ELC_OK);
    assert_int_equal(pixel[0], picture_pixel(69, 99, 3));
    assert_int_equal(elc_strip_fill(strip, 250, 50, &err), ELC_E_IO);
    assert_int_equal(elc_strip_cut(strip, last, 0, pixel, NULL, &err), ELC_E_ARGUMENT);
    elc_strip_free(strip);
    elc_image_free(image);
    picture_delete(PATH);
}

static void test_strip_refuses_rows_that_it_has_not(void **state) {
    (void)state;
    picture_make(&(picture){.path = PATH, .width = 70, .height = 300, .bands = 3});
    elc_image *image = picture_open(PATH);
    elc_strip *strip = strip_of(image, 100);
    static uint8_t out[3 * 70 * 101];
    elc_error err = {0};
    assert_int_equal(elc_strip_fill(strip, 0, 101, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_strip_fill(strip, -1, 10, &err), ELC_E_ARGUMENT);
    assert_int_equal(elc_strip_fill(strip, 300, 10, &err), ELC_E_ARGUMENT);
    fill(strip, 100, 100);
    assert_int_equal(
        elc_strip_cut(strip, (elc_window){0, 99, 70, 5}, 0, out, NULL, &err),
        ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "rows 100 to 200 are in the strip"));
    elc_strip_free(strip);
    const int missing = 4;
    assert_int_equal(elc_strip_create(image, &missing, 1, 10, &strip, &err),
                     ELC_E_NOT_FOUND);
    elc_image_free(image);
    picture_delete(PATH);
}

static bool wants_strips(const char *const options[3]) {
    picture_make(&(picture){.path = PATH,
                            .width = 300,
                            .height = 300,
                            .bands = 1,
                            .options = {options[0], options[1], options[2]}});
    elc_image *image = picture_open(PATH);
    bool wants = elc_image_wants_strips(image);
    elc_image_free(image);
    picture_delete(PATH);
    return wants;
}

static void test_strips_are_wanted_where_blocks_span_the_width(void **state) {
    (void)state;
    assert_true(wants_strips((const char *const[3]){NULL}));
    assert_false(wants_strips(
        (const char *const[3]){"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256"}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strip_cuts_the_chips_that_windows_give),
        cmocka_unit_test(test_strip_knows_blank_chips_by_nodata_and_alpha),
        cmocka_unit_test(test_strip_goes_back_and_jumps),
        cmocka_unit_test(test_strip_keeps_rows_that_are_shared),
        cmocka_unit_test(test_strip_refuses_rows_that_it_has_not),
        cmocka_unit_test(test_strips_are_wanted_where_blocks_span_the_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
