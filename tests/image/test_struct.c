/* test_struct.c - Spark's image struct, from an image and back to one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "pictures.h"

enum { WIDTH = 23, HEIGHT = 17 };

/* Each test its own file, for tests may run at once. */
static char path[64];

static int name_path(void **state) {
    (void)state;
    snprintf(path, sizeof path, "/vsimem/struct-%d.tif", (int)getpid());
    return 0;
}

static int forget(void **state) {
    (void)state;
    picture_delete(path);
    return 0;
}

static elc_image *make(GDALDataType type, int bands) {
    picture p = {.path = path,
                 .width = WIDTH,
                 .height = HEIGHT,
                 .bands = bands,
                 .type = type,
                 .options = {"INTERLEAVE=BAND"}};
    picture_make(&p);
    return picture_open(path);
}

static elc_image_struct take(elc_image *image, elc_window w) {
    elc_image_struct out = {0};
    elc_error err = {0};
    if (elc_image_struct_read(image, w, NULL, 0, &out, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return out;
}

/* The value of a channel of a pixel, whatever the type. */
static double value_at(const elc_image_struct *s, int64_t i) {
    const uint8_t *at = s->data;
    switch (s->mode & 7) {
    case 0:
        return at[i];
    case 1:
        return ((const int8_t *)at)[i];
    case 2:
        return ((const uint16_t *)(const void *)at)[i];
    case 3:
        return ((const int16_t *)(const void *)at)[i];
    case 4:
        return ((const int32_t *)(const void *)at)[i];
    case 5:
        return (double)((const float *)(const void *)at)[i];
    default:
        return ((const double *)(const void *)at)[i];
    }
}

/* The band that a channel holds: blue, green, red (and alpha). */
static int band_of(int channels, int channel) {
    return (channels == 3 || channels == 4) && channel < 3 ? 3 - channel : channel + 1;
}

static void assert_pixels(const elc_image_struct *s, elc_window w) {
    for (int64_t y = 0; y < w.height; y++)
        for (int64_t x = 0; x < w.width; x++)
            for (int k = 0; k < s->channels; k++) {
                int64_t i = (y * w.width + x) * s->channels + k;
                double wanted =
                    picture_pixel(w.x + x, w.y + y, band_of(s->channels, k));
                assert_true(value_at(s, i) >= wanted && value_at(s, i) <= wanted);
            }
}

/* ---- from an image ----------------------------------------------------------------
 */

static void check_type_and_channels(GDALDataType type, int depth, int channels) {
    elc_image *image = make(type, channels);
    elc_window w = {3, 2, 11, 9};
    elc_image_struct s = take(image, w);
    assert_int_equal(s.mode, depth + ((channels - 1) << 3));
    assert_int_equal(s.channels, channels);
    assert_int_equal(s.width, 11);
    assert_int_equal(s.height, 9);
    assert_int_equal(s.size, 99 * channels * GDALGetDataTypeSizeBytes(type));
    assert_pixels(&s, w);
    elc_image_struct_clear(&s);
    elc_image_free(image);
}

static void test_struct_has_all_depths_and_one_to_nine_channels(void **state) {
    (void)state;
    const struct {
        GDALDataType type;
        int depth;
    } types[] = {{GDT_Byte, 0},  {GDT_UInt16, 2},  {GDT_Int16, 3},
                 {GDT_Int32, 4}, {GDT_Float32, 5}, {GDT_Float64, 6}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        for (int channels = 1; channels <= 9; channels++)
            check_type_and_channels(types[i].type, types[i].depth, channels);
}

static void test_struct_has_opencvs_numbers_for_the_usual_modes(void **state) {
    (void)state;
    const struct {
        GDALDataType type;
        int channels, mode;
    } modes[] = {
        {GDT_Byte, 1, 0}, {GDT_Byte, 3, 16}, {GDT_Byte, 4, 24}, {GDT_Float32, 3, 21}};
    for (size_t i = 0; i < 4; i++) {
        elc_image *image = make(modes[i].type, modes[i].channels);
        elc_image_struct s = take(image, (elc_window){0, 0, 1, 1});
        assert_int_equal(s.mode, modes[i].mode);
        elc_image_struct_clear(&s);
        elc_image_free(image);
    }
}

static void test_struct_of_signed_bytes_has_depth_one(void **state) {
    (void)state;
    picture p = {.path = path,
                 .width = WIDTH,
                 .height = HEIGHT,
                 .bands = 1,
                 .options = {"PIXELTYPE=SIGNEDBYTE"}};
    picture_make(&p);
    elc_image *image = picture_open(path);
    elc_image_struct s = take(image, (elc_window){0, 0, WIDTH, HEIGHT});
    assert_int_equal(s.mode, 1);
    assert_int_equal(s.data[30], picture_pixel(7, 1, 1));
    elc_image_struct_clear(&s);
    elc_image_free(image);
}

static void test_struct_takes_chosen_bands_in_their_order(void **state) {
    (void)state;
    const int bands[] = {5, 2};
    elc_image *image = make(GDT_UInt16, 6);
    elc_image_struct s = {0};
    assert_int_equal(
        elc_image_struct_read(image, (elc_window){4, 5, 1, 1}, bands, 2, &s, NULL),
        ELC_OK);
    assert_int_equal(s.channels, 2);
    assert_int_equal((int)value_at(&s, 0), picture_pixel(4, 5, 5));
    assert_int_equal((int)value_at(&s, 1), picture_pixel(4, 5, 2));
    elc_image_struct_clear(&s);
    elc_image_free(image);
}

static void test_struct_beyond_the_image_is_nodata(void **state) {
    (void)state;
    picture p = {.path = path,
                 .width = WIDTH,
                 .height = HEIGHT,
                 .bands = 3,
                 .type = GDT_Int16,
                 .nodata = -9,
                 .has_nodata = true};
    picture_make(&p);
    elc_image *image = picture_open(path);
    elc_image_struct s = take(image, (elc_window){WIDTH - 1, HEIGHT - 1, 2, 2});
    assert_int_equal((int)value_at(&s, 0), picture_pixel(WIDTH - 1, HEIGHT - 1, 3));
    for (int i = 3; i < 12; i++)
        assert_int_equal((int)value_at(&s, i), -9);
    elc_image_struct_clear(&s);
    elc_image_free(image);
}

static void assert_refused(elc_image *image, elc_window w, elc_status status,
                           const char *part) {
    elc_image_struct s = {0};
    elc_error err = {0};
    assert_int_equal(elc_image_struct_read(image, w, NULL, 0, &s, &err), status);
    assert_non_null(strstr(err.message, part));
    assert_null(s.data);
}

static void test_struct_of_more_than_two_gib_is_refused(void **state) {
    (void)state;
    elc_image *image = make(GDT_Float64, 3);
    assert_refused(image, (elc_window){0, 0, 10000, 10000}, ELC_E_UNSUPPORTED,
                   "more than the 2 GiB");
    elc_image_free(image);
}

static void test_struct_of_complex_pixels_is_refused_with_advice(void **state) {
    (void)state;
    elc_image *image = make(GDT_CFloat32, 1);
    assert_refused(image, (elc_window){0, 0, 4, 4}, ELC_E_UNSUPPORTED,
                   "CFloat32 pixels have no place in Spark's image struct");
    elc_image_free(image);
}

static void test_struct_of_a_band_that_is_not_there_is_refused(void **state) {
    (void)state;
    const int band = 4;
    elc_image_struct s = {0};
    elc_error err = {0};
    elc_image *image = make(GDT_Byte, 3);
    assert_int_equal(
        elc_image_struct_read(image, (elc_window){0, 0, 4, 4}, &band, 1, &s, &err),
        ELC_E_NOT_FOUND);
    assert_non_null(strstr(err.message, "band 4 asked for, the image has 3"));
    elc_image_free(image);
}

/* ---- and back ----------------------------------------------------------------------
 */

static void check_back(GDALDataType type, int channels) {
    elc_image *image = make(type, channels), *again = NULL;
    elc_window all = {0, 0, WIDTH, HEIGHT};
    elc_image_struct s = take(image, all);
    assert_int_equal(elc_image_struct_open(&s, "row 1", &again, NULL), ELC_OK);
    const elc_image_info *info = elc_image_info_at(again);
    assert_int_equal(info->width, WIDTH);
    assert_int_equal(info->bands, channels);
    assert_string_equal(info->type_name, elc_image_info_at(image)->type_name);
    elc_image_struct t = take(again, all);
    assert_int_equal(t.mode, s.mode);
    assert_int_equal(t.size, s.size);
    assert_memory_equal(t.data, s.data, s.size);
    elc_image_struct_clear(&t);
    elc_image_struct_clear(&s);
    elc_image_free(again);
    elc_image_free(image);
}

static void test_struct_becomes_the_same_image_again(void **state) {
    (void)state;
    const GDALDataType types[] = {GDT_Byte,  GDT_UInt16,  GDT_Int16,
                                  GDT_Int32, GDT_Float32, GDT_Float64};
    for (size_t i = 0; i < 6; i++)
        for (int channels = 1; channels <= 9; channels++)
            check_back(types[i], channels);
}

static void test_struct_opened_owns_its_pixels_and_knows_its_colours(void **state) {
    (void)state;
    uint8_t bgr[] = {1, 2, 3, 4, 5, 6}, rgb[6];
    const int bands[] = {1, 2, 3};
    elc_image_struct s = {1, 2, 3, 16, bgr, sizeof bgr};
    elc_image *image = NULL;
    assert_int_equal(elc_image_struct_open(&s, "row 1", &image, NULL), ELC_OK);
    memset(bgr, 9, sizeof bgr);
    assert_int_equal(
        elc_image_read(image, (elc_window){0, 0, 2, 1}, bands, 3, 0, rgb, NULL, NULL),
        ELC_OK);
    assert_memory_equal(rgb, ((uint8_t[]){3, 2, 1, 6, 5, 4}), 6);
    assert_false(elc_image_info_at(image)->has_place);
    elc_image_free(image);
}

static void assert_hostile(elc_image_struct s, const char *part) {
    elc_image *image = NULL;
    elc_error err = {0};
    assert_int_equal(elc_image_struct_open(&s, "row 7", &image, &err) == ELC_OK, 0);
    assert_null(image);
    if (!strstr(err.message, part))
        fail_msg("%s", err.message);
    assert_non_null(strstr(err.message, "row 7: "));
}

static void test_struct_that_lies_is_refused(void **state) {
    (void)state;
    uint8_t data[12] = {0};
    assert_hostile((elc_image_struct){-1, -1, -1, -1, NULL, 0}, "an invalid image");
    assert_hostile((elc_image_struct){2, 2, 3, 16, data, 11}, "take 12");
    assert_hostile((elc_image_struct){2, 2, 3, 16, NULL, 12}, "take 12");
    assert_hostile((elc_image_struct){0, 2, 3, 16, data, 0}, "2 x 0 px");
    assert_hostile((elc_image_struct){2, INT32_MIN, 3, 16, data, 12}, "px");
    assert_hostile((elc_image_struct){2, 2, 4, 16, data, 12}, "go together");
    assert_hostile((elc_image_struct){2, 2, 1, 7, data, 12}, "go together");
    assert_hostile((elc_image_struct){2, 2, 3, -16, data, 12}, "go together");
    assert_hostile((elc_image_struct){1, 1, 1000, 999 << 3, data, 12}, "go together");
    assert_hostile((elc_image_struct){INT32_MAX, INT32_MAX, 512, 4094, data, 12},
                   "2 GiB");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_struct_has_all_depths_and_one_to_nine_channels),
        cmocka_unit_test(test_struct_has_opencvs_numbers_for_the_usual_modes),
        cmocka_unit_test(test_struct_of_signed_bytes_has_depth_one),
        cmocka_unit_test(test_struct_takes_chosen_bands_in_their_order),
        cmocka_unit_test(test_struct_beyond_the_image_is_nodata),
        cmocka_unit_test(test_struct_of_more_than_two_gib_is_refused),
        cmocka_unit_test(test_struct_of_complex_pixels_is_refused_with_advice),
        cmocka_unit_test(test_struct_of_a_band_that_is_not_there_is_refused),
        cmocka_unit_test(test_struct_becomes_the_same_image_again),
        cmocka_unit_test(test_struct_opened_owns_its_pixels_and_knows_its_colours),
        cmocka_unit_test(test_struct_that_lies_is_refused),
    };
    return cmocka_run_group_tests(tests, name_path, forget);
}
