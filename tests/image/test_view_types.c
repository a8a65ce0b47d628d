/* test_view_types.c - views of all types of pixels, colours and masks. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <cpl_vsi.h>

#include "views.h"

/* ---- types
 * --------------------------------------------------------------------------------
 */

/* The pixel (x, 0) of `n` bands of an image, as bytes. */
static void shows(const char *stretch, int n, int64_t x, const uint8_t *wanted) {
    elc_image *image = picture_open(PATH);
    elc_view *view = view_open(image, n, stretch, 1, 1);
    uint8_t *pixels = view_bytes(view, (elc_window){x, 0, 1, 1}, n, NULL);
    assert_memory_equal(pixels, wanted, (size_t)n);
    free(pixels);
    elc_view_free(view);
    elc_image_free(image);
}

static void write_row(GDALDatasetH d, int band, const double *values, int n) {
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(d, band), GF_Write, 0, 0, n, 1,
                                  (void *)(uintptr_t)values, n, 1, GDT_Float64, 0, 0),
                     CE_None);
}

static void test_view_stretches_every_type(void **state) {
    (void)state;
    static const GDALDataType TYPES[] = {GDT_Byte,  GDT_UInt16,  GDT_Int16,  GDT_UInt32,
                                         GDT_Int32, GDT_Float32, GDT_Float64};
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        GDALDatasetH d = made_create(&(made){.type = TYPES[i], .bands = 1}, PATH);
        write_row(d, 1, (const double[]){0, 10, 60, 110, 200}, 5);
        GDALClose(d);
        const uint8_t wanted[] = {0, 0, 128, 255, 255};
        for (int64_t x = 0; x < 5; x++)
            shows("10-110", 1, x, &wanted[x]);
    }
}

static void test_view_knows_signed_values(void **state) {
    (void)state;
    static const GDALDataType TYPES[] = {GDT_Byte, GDT_Int16, GDT_Int32, GDT_Float32};
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        made m = {.type = TYPES[i], .bands = 1};
        bool byte = TYPES[i] == GDT_Byte; /* before GDAL 3.7, Int8 is this */
        m.options[0] = byte ? "PIXELTYPE=SIGNEDBYTE" : NULL;
        GDALDatasetH d = made_create(&m, PATH);
        write_row(d, 1, (const double[]){byte ? 156 : -100, byte ? 255 : -1, 0, 100},
                  4);
        GDALClose(d);
        const uint8_t wanted[] = {0, 126, 128, 255};
        for (int64_t x = 0; x < 4; x++)
            shows("-100-100", 1, x, &wanted[x]);
    }
}

static void test_view_keeps_the_precision_of_wide_types(void **state) {
    (void)state;
    GDALDatasetH d = made_create(&(made){.type = GDT_Float64, .bands = 1}, PATH);
    write_row(d, 1, (const double[]){1e12, 1e12 + 1, 1e12 + 2}, 3);
    GDALClose(d);
    const uint8_t wanted[] = {0, 128, 255};
    for (int64_t x = 0; x < 3; x++)
        shows("1000000000000-1000000000002", 1, x, &wanted[x]);
}

static void test_view_clips_without_a_stretch(void **state) {
    (void)state;
    GDALDatasetH d = made_create(&(made){.type = GDT_Float32, .bands = 1}, PATH);
    write_row(d, 1, (const double[]){-3, 7.4, 7.6, 300, NAN}, 5);
    GDALClose(d);
    const uint8_t wanted[] = {0, 7, 8, 255, 77};
    for (int64_t x = 0; x < 5; x++)
        shows("none", 1, x, &wanted[x]);
}

static void test_view_refuses_complex_values_with_advice(void **state) {
    (void)state;
    static const GDALDataType TYPES[] = {GDT_CInt16, GDT_CInt32, GDT_CFloat32,
                                         GDT_CFloat64};
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        GDALClose(made_create(&(made){.type = TYPES[i], .bands = 1}, PATH));
        elc_image *image = picture_open(PATH);
        elc_view_options o = {.bands = BANDS,
                              .n = 1,
                              .step_x = 1,
                              .step_y = 1,
                              .stretch = {.kind = ELC_STRETCH_NONE}};
        elc_view *view = NULL;
        elc_error err = {0};
        assert_int_equal(elc_view_create(image, &o, &view, &err), ELC_E_UNSUPPORTED);
        assert_non_null(strstr(err.message, "gdal_translate DERIVED_SUBDATASET:AMPL"));
        elc_image_free(image);
    }
}

/* ---- colours
 * ------------------------------------------------------------------------------
 */

static void set_table(GDALDatasetH d, const GDALColorEntry *entries, int n) {
    GDALColorTableH table = GDALCreateColorTable(GPI_RGB);
    for (int i = 0; i < n; i++)
        GDALSetColorEntry(table, i, &entries[i]);
    assert_int_equal(GDALSetRasterColorTable(GDALGetRasterBand(d, 1), table), CE_None);
    GDALDestroyColorTable(table);
}

static void test_view_expands_a_colour_table(void **state) {
    (void)state;
    static const GDALColorEntry ENTRIES[] = {
        {10, 20, 30, 255}, {200, 100, 0, 255}, {1, 2, 3, 255}};
    GDALDatasetH d = made_create(&(made){.type = GDT_Byte, .bands = 1}, PATH);
    set_table(d, ENTRIES, 3);
    write_row(d, 1, (const double[]){0, 1, 2}, 3);
    GDALClose(d);
    shows("auto", 3, 0, (const uint8_t[]){10, 20, 30});
    shows("auto", 3, 1, (const uint8_t[]){200, 100, 0});
    shows("auto", 1, 1, (const uint8_t[]){200});
    elc_image *image = picture_open(PATH);
    int bands[3] = {0};
    assert_int_equal(elc_image_choose_bands(image, "p", NULL, 3, bands, NULL), ELC_OK);
    assert_memory_equal(bands, BANDS, sizeof bands);
    elc_image_free(image);
}

static void test_view_reads_cmyk_as_rgb(void **state) {
    (void)state;
    made m = {.type = GDT_Byte, .bands = 4, .options = {"PHOTOMETRIC=CMYK"}};
    GDALDatasetH d = made_create(&m, PATH);
    write_row(d, 1, (const double[]){0, 255, 0}, 3);
    write_row(d, 2, (const double[]){0, 0, 51}, 3);
    write_row(d, 3, (const double[]){0, 0, 255}, 3);
    write_row(d, 4, (const double[]){0, 0, 102}, 3);
    GDALClose(d);
    shows("auto", 3, 0, (const uint8_t[]){255, 255, 255});
    shows("auto", 3, 1, (const uint8_t[]){0, 255, 255});
    shows("auto", 3, 2, (const uint8_t[]){153, 122, 0});
}

static void write_text(const char *path, const char *text) {
    VSILFILE *f = VSIFOpenL(path, "wb");
    VSIFWriteL(text, 1, strlen(text), f);
    VSIFCloseL(f);
}

#define VRT_BAND(i, colour)                                                            \
    "<VRTRasterBand dataType='Byte' band='" #i "'><ColorInterp>" colour                \
    "</ColorInterp><SimpleSource><SourceFilename>" PATH                                \
    "</SourceFilename><SourceBand>" #i "</SourceBand></SimpleSource></VRTRasterBand>"

static void test_view_reads_ycbcr_as_rgb(void **state) {
    (void)state;
    GDALDatasetH d = made_create(&(made){.type = GDT_Byte, .bands = 3}, PATH);
    write_row(d, 1, (const double[]){100, 76}, 2);
    write_row(d, 2, (const double[]){128, 85}, 2);
    write_row(d, 3, (const double[]){128, 255}, 2);
    GDALClose(d);
    const char *vrt = "/vsimem/ycbcr.vrt";
    write_text(vrt,
               "<VRTDataset rasterXSize='113' rasterYSize='87'>" VRT_BAND(1, "YCbCr_Y")
                   VRT_BAND(2, "YCbCr_Cb") VRT_BAND(3, "YCbCr_Cr") "</VRTDataset>");
    elc_image *image = picture_open(vrt);
    elc_view *view = view_open(image, 3, "auto", 1, 1);
    uint8_t *pixels = view_bytes(view, (elc_window){0, 0, 2, 1}, 3, NULL);
    assert_memory_equal(pixels, ((const uint8_t[]){100, 100, 100, 254, 0, 0}), 6);
    free(pixels);
    elc_view_free(view);
    elc_image_free(image);
}

static void test_view_shows_few_bits_from_black_to_white(void **state) {
    (void)state;
    static const char *const BITS[] = {"NBITS=1", "NBITS=2", "NBITS=4"};
    for (int i = 0; i < 3; i++) {
        made m = {.type = GDT_Byte, .bands = 1, .options = {BITS[i]}};
        GDALDatasetH d = made_create(&m, PATH);
        write_row(d, 1, (const double[]){0, (1 << (1 << i)) - 1}, 2);
        GDALClose(d);
        shows("auto", 1, 0, (const uint8_t[]){0});
        shows("auto", 1, 1, (const uint8_t[]){255});
    }
}

static void test_view_knows_white_that_is_zero(void **state) {
    (void)state;
    made m = {
        .type = GDT_Byte, .bands = 1, .options = {"NBITS=1", "PHOTOMETRIC=MINISWHITE"}};
    GDALDatasetH d = made_create(&m, PATH);
    write_row(d, 1, (const double[]){0, 1}, 2);
    GDALClose(d);
    shows("auto", 1, 0, (const uint8_t[]){255});
    shows("auto", 3, 1, (const uint8_t[]){0, 0, 0});
}

/* ---- masks
 * --------------------------------------------------------------------------------
 */

static bool is_valid(elc_view *view, elc_window w, int n) {
    bool valid = false;
    free(view_bytes(view, w, n, &valid));
    return valid;
}

static void test_view_is_blank_where_all_pixels_are_nodata(void **state) {
    (void)state;
    made m = {.type = GDT_UInt16,
              .bands = 3,
              .has_nodata = true,
              .nodata = 9000,
              .has_hole = true,
              .hole = 9000};
    made_write(&m);
    elc_image *image = picture_open(PATH);
    for (size_t i = 0; i < N_STEPS; i++) {
        double sx = STEPS[i][0], sy = STEPS[i][1];
        elc_view *view = view_open(image, 3, "p2-98", sx, sy);
        int64_t x = (int64_t)ceil(20 / sx), y = (int64_t)ceil(30 / sy);
        int64_t x1 = (int64_t)floor(60 / sx), y1 = (int64_t)floor(45 / sy);
        int64_t f = sx < 1 || sy < 1; /* three quarters of a corner are enough */
        elc_window in = {x + f, y + f, x1 - x - 2 * f, y1 - y - 2 * f};
        assert_false(is_valid(view, in, 3));
        assert_true(is_valid(view, (elc_window){x - 2, y, x1 - x, y1 - y}, 3));
        assert_false(is_valid(view, (elc_window){-9, -9, 9, 9}, 3));
        elc_view_free(view);
    }
    elc_image_free(image);
}

static void test_view_takes_alpha_as_a_mask(void **state) {
    (void)state;
    made m = {
        .type = GDT_UInt16, .bands = 4, .options = {"PHOTOMETRIC=RGB", "ALPHA=YES"}};
    GDALDatasetH d = made_create(&m, PATH);
    for (int b = 1; b <= 3; b++)
        write_row(d, b, (const double[]){100, 200, 200, 100}, 4);
    write_row(d, 4, (const double[]){65535, 0, 0, 0}, 4);
    GDALClose(d);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_open(image, 3, "0-255", 2, 1);
    uint8_t *pixels = view_bytes(view, (elc_window){0, 0, 2, 1}, 3, NULL);
    assert_memory_equal(pixels, ((const uint8_t[]){100, 100, 100, 77, 77, 77}), 6);
    assert_false(is_valid(view, (elc_window){1, 0, 9, 9}, 3));
    assert_true(is_valid(view, (elc_window){0, 0, 9, 9}, 3));
    free(pixels);
    elc_view_free(view);
    elc_image_free(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_stretches_every_type),
        cmocka_unit_test(test_view_knows_signed_values),
        cmocka_unit_test(test_view_keeps_the_precision_of_wide_types),
        cmocka_unit_test(test_view_clips_without_a_stretch),
        cmocka_unit_test(test_view_refuses_complex_values_with_advice),
        cmocka_unit_test(test_view_expands_a_colour_table),
        cmocka_unit_test(test_view_reads_cmyk_as_rgb),
        cmocka_unit_test(test_view_reads_ycbcr_as_rgb),
        cmocka_unit_test(test_view_shows_few_bits_from_black_to_white),
        cmocka_unit_test(test_view_knows_white_that_is_zero),
        cmocka_unit_test(test_view_is_blank_where_all_pixels_are_nodata),
        cmocka_unit_test(test_view_takes_alpha_as_a_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
