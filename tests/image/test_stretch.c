/* test_stretch.c - how values become bytes: read, decided once, printed and read back.
 */
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

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include "pictures.h"

#define PATH "/vsimem/stretch.tif"

static const int BANDS[] = {1, 2, 3};

/* cmocka's own compares as float. */
static void near(double found, double wanted, double tolerance) {
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%.17g, not %.17g", found, wanted);
}

/* ---- what users write
 * ----------------------------------------------------------------- */

static elc_stretch_wish parsed(const char *text) {
    elc_stretch_wish wish = {0};
    elc_error err = {0};
    if (elc_stretch_parse(text, &wish, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return wish;
}

static void test_stretch_words_are_understood(void **state) {
    (void)state;
    assert_int_equal(parsed("auto").kind, ELC_STRETCH_AUTO);
    assert_int_equal(parsed("none").kind, ELC_STRETCH_NONE);
    assert_int_equal(parsed("minmax").kind, ELC_STRETCH_MINMAX);
    elc_stretch_wish w = parsed("p0.5-99.5");
    assert_int_equal(w.kind, ELC_STRETCH_PERCENT);
    near(w.low[0], 0.5, 0);
    near(w.high[0], 99.5, 0);
    w = parsed("sigma2.5");
    assert_int_equal(w.kind, ELC_STRETCH_SIGMA);
    near(w.low[0], 2.5, 0);
}

static void has_values(const char *text, int n, const double *pairs) {
    elc_stretch_wish w = parsed(text);
    assert_int_equal(w.kind, ELC_STRETCH_VALUES);
    assert_int_equal(w.n, n);
    for (int i = 0; i < n; i++) {
        near(w.low[i], pairs[2 * i], 0);
        near(w.high[i], pairs[2 * i + 1], 0);
    }
}

static void test_stretch_values_may_have_signs_and_exponents(void **state) {
    (void)state;
    has_values("0-2047", 1, (const double[]){0, 2047});
    has_values("-20-30", 1, (const double[]){-20, 30});
    has_values("-20--10", 1, (const double[]){-20, -10});
    has_values("1e-3-2.5e-1", 1, (const double[]){0.001, 0.25});
    has_values("-1e-3-1e+3", 1, (const double[]){-0.001, 1000});
    has_values("0-2047,0-1023,5-6", 3, (const double[]){0, 2047, 0, 1023, 5, 6});
}

static void test_stretch_that_means_nothing_is_refused(void **state) {
    (void)state;
    static const char *const BAD[] = {
        "",
        "Auto",
        "p",
        "p2",
        "p98-2",
        "p-2-98",
        "p2-101",
        "p2-98x",
        "sigma",
        "sigma0",
        "sigma-1",
        "sigmax",
        "5",
        "5-",
        "-5",
        "7-7",
        "9-2",
        "0-1,",
        ",0-1",
        "0-1,,0-2",
        "nan-1",
        "0-inf",
        "a-b",
        "minmax 2",
        "0-1e999",
        "values",
        "0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        elc_stretch_wish wish = {.n = 99};
        elc_error err = {0};
        if (elc_stretch_parse(BAD[i], &wish, &err) != ELC_E_ARGUMENT)
            fail_msg("taken: %s", BAD[i]);
        assert_int_equal(wish.n, 99);
        assert_true(strlen(err.message) > 0);
    }
}

/* ---- what rows carry
 * ------------------------------------------------------------------ */

static void prints(const elc_stretch *s, const char *wanted) {
    elc_string text = {0};
    elc_stretch again = {0};
    assert_int_equal(elc_stretch_print(s, &text, NULL), ELC_OK);
    assert_string_equal(text.data, wanted);
    assert_int_equal(elc_stretch_scan(text.data, &again, NULL), ELC_OK);
    assert_int_equal(again.kind, s->kind);
    assert_int_equal(again.n, s->n);
    assert_memory_equal(again.low, s->low, sizeof s->low);
    assert_memory_equal(again.high, s->high, sizeof s->high);
    near(again.from, s->from, 0);
    elc_string_free(&text);
}

static void test_stretch_printed_is_read_back_to_the_bit(void **state) {
    (void)state;
    prints(&(elc_stretch){.kind = ELC_STRETCH_NONE}, "none");
    prints(&(elc_stretch){ELC_STRETCH_PERCENT, 2, 98, 2, {12, 5}, {2033, 1999.5}},
           "p2-98 [12,2033] [5,1999.5]");
    prints(&(elc_stretch){ELC_STRETCH_MINMAX, 0, 0, 1, {-3}, {0.1 + 0.2}},
           "minmax [-3,0.30000000000000004]");
    prints(&(elc_stretch){ELC_STRETCH_SIGMA, 2.5, 0, 1, {-1e-300}, {1e300}},
           "sigma2.5 [-1e-300,1e+300]");
    prints(&(elc_stretch){ELC_STRETCH_VALUES, 0, 0, 1, {0}, {2047}}, "values [0,2047]");
}

static void test_stretch_that_was_not_recorded_is_refused(void **state) {
    (void)state;
    static const char *const BAD[] = {"",
                                      "auto",
                                      "none [0,1]",
                                      "p2-98",
                                      "p2-98 ",
                                      "p2-98 [1,2",
                                      "p2-98 [1;2]",
                                      "p2-98 [2,1]",
                                      "p2-98 [1,2][3,4]",
                                      "p2-98  [1,2]",
                                      "p2-98 [1,nan]",
                                      "0-5 [1,2]",
                                      "values",
                                      "values [,]",
                                      "values [1,]]",
                                      "values [1,2] x"};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        elc_stretch s = {.n = 99};
        if (elc_stretch_scan(BAD[i], &s, NULL) != ELC_E_FORMAT)
            fail_msg("taken: %s", BAD[i]);
        assert_int_equal(s.n, 99);
    }
    char many[400] = "values";
    for (int i = 0; i < 17; i++)
        strcat(many, " [0,1]");
    assert_int_equal(elc_stretch_scan(many, &(elc_stretch){0}, NULL), ELC_E_FORMAT);
}

/* ---- what is decided
 * ------------------------------------------------------------------ */

enum { SIDE = 70, PIXELS = SIDE * SIDE };

/* Skewed values with ties, the same ones each time. */
static double value_at(int i, int band) {
    uint32_t h = (uint32_t)i * 2654435761u ^ (uint32_t)band * 40503u;
    h = (h ^ h >> 13) * 2246822519u;
    double u = (double)(h >> 8) / (1 << 24);
    return floor(u * u * u * 4000) - 100 * band;
}

static GDALDatasetH create(GDALDataType type, int side, int bands, const char *option) {
    GDALAllRegister();
    const char *options[] = {"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", option,
                             NULL};
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), PATH, side, side, bands,
                                type, (char **)(uintptr_t)options);
    assert_non_null(d);
    return d;
}

static void write_band(GDALDatasetH d, int band, const double *values, int side) {
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(d, band), GF_Write, 0, 0, side,
                                  side, (void *)(uintptr_t)values, side, side,
                                  GDT_Float64, 0, 0),
                     CE_None);
}

/* Three bands; every seventh pixel of all of them holds `blank`. */
static void make(GDALDataType type, double blank, bool has_nodata) {
    static double values[PIXELS];
    GDALDatasetH d = create(type, SIDE, 3, NULL);
    for (int b = 1; b <= 3; b++) {
        if (has_nodata)
            GDALSetRasterNoDataValue(GDALGetRasterBand(d, b), blank);
        for (int i = 0; i < PIXELS; i++)
            values[i] = i % 7 ? value_at(i, b) : blank;
        write_band(d, b, values, SIDE);
    }
    GDALClose(d);
}

static elc_stretch decided(const char *wish, int n) {
    elc_image *image = picture_open(PATH);
    elc_stretch s = {0};
    elc_stretch_wish w = parsed(wish);
    elc_error err = {0};
    if (elc_stretch_decide(image, BANDS, n, &w, &s, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_image_free(image);
    return s;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A band's values in order; returns how many. */
static int sorted(int band, double *values) {
    int n = 0;
    for (int i = 0; i < PIXELS; i++)
        if (i % 7)
            values[n++] = value_at(i, band);
    qsort(values, (size_t)n, sizeof *values, compare);
    return n;
}

/* numpy.percentile(values, percent). */
static double slow_percentile(const double *values, int n, double percent) {
    double at = percent / 100 * (n - 1);
    int below = (int)at;
    double next = values[below + 1 < n ? below + 1 : below];
    return values[below] + (at - below) * (next - values[below]);
}

static void has_slow_percentiles(GDALDataType type, double blank, bool has_nodata) {
    static double values[PIXELS];
    make(type, blank, has_nodata);
    elc_stretch s = decided("p2-98", 3), fine = decided("p0.13-50", 3);
    for (int b = 0; b < 3; b++) {
        int n = sorted(b + 1, values);
        near(s.low[b], slow_percentile(values, n, 2), 1e-9);
        near(s.high[b], slow_percentile(values, n, 98), 1e-9);
        near(fine.low[b], slow_percentile(values, n, 0.13), 1e-9);
        near(fine.high[b], slow_percentile(values, n, 50), 1e-9);
    }
    assert_int_equal(s.kind, ELC_STRETCH_PERCENT);
    assert_int_equal(s.n, 3);
}

static void test_stretch_percentiles_are_those_of_a_sort(void **state) {
    (void)state;
    has_slow_percentiles(GDT_Int16, -32768, true);
    has_slow_percentiles(GDT_Int32, 99999, true);
    has_slow_percentiles(GDT_Float32, NAN, false);
    has_slow_percentiles(GDT_Float64, -INFINITY, false);
    has_slow_percentiles(GDT_Float32, -3.4028234663852886e38, true);
}

static void test_stretch_minmax_and_sigma_are_those_of_a_loop(void **state) {
    (void)state;
    static double values[PIXELS];
    make(GDT_Int16, -32768, true);
    elc_stretch ends = decided("minmax", 3), sigma = decided("sigma1.5", 3);
    for (int b = 0; b < 3; b++) {
        int n = sorted(b + 1, values);
        double mean = 0, squares = 0;
        for (int i = 0; i < n; i++)
            mean += values[i] / n;
        for (int i = 0; i < n; i++)
            squares += (values[i] - mean) * (values[i] - mean) / n;
        near(ends.low[b], values[0], 0);
        near(ends.high[b], values[n - 1], 0);
        near(sigma.low[b], mean - 1.5 * sqrt(squares), 1e-6);
        near(sigma.high[b], mean + 1.5 * sqrt(squares), 1e-6);
    }
}

static void test_stretch_auto_leaves_bytes_and_spreads_the_rest(void **state) {
    (void)state;
    make(GDT_Byte, 0, false);
    assert_int_equal(decided("auto", 3).kind, ELC_STRETCH_NONE);
    make(GDT_Int16, -32768, true);
    elc_stretch s = decided("auto", 3), same = decided("p2-98", 3);
    assert_memory_equal(&s, &same, sizeof s);
}

static void test_stretch_of_nothing_is_0_to_1(void **state) {
    (void)state;
    GDALDatasetH d = create(GDT_Float32, SIDE, 1, NULL);
    static double values[PIXELS];
    for (int i = 0; i < PIXELS; i++)
        values[i] = NAN;
    write_band(d, 1, values, SIDE);
    GDALClose(d);
    static const char *const KINDS[] = {"p2-98", "minmax", "sigma2"};
    for (size_t i = 0; i < 3; i++) {
        elc_stretch s = decided(KINDS[i], 1);
        near(s.low[0], 0, 0);
        near(s.high[0], 1, 0);
    }
}

static void test_stretch_of_one_value_has_a_width(void **state) {
    (void)state;
    static const double ONE[] = {700, 1e18};
    for (size_t k = 0; k < 2; k++) {
        GDALDatasetH d = create(GDT_Float64, SIDE, 1, NULL);
        static double values[PIXELS];
        for (int i = 0; i < PIXELS; i++)
            values[i] = ONE[k];
        write_band(d, 1, values, SIDE);
        GDALClose(d);
        elc_stretch s = decided("p2-98", 1);
        near(s.low[0], ONE[k], 0);
        assert_true(s.high[0] > s.low[0]);
    }
}

/* ---- samples of large images
 * ---------------------------------------------------------- */

enum { LARGE = 2300 };

static void make_large(GDALDataType type) {
    double *values = malloc(sizeof *values * LARGE * LARGE);
    GDALDatasetH d = create(type, LARGE, 1, "COMPRESS=LZW");
    for (int i = 0; i < LARGE * LARGE; i++)
        values[i] = 100 + (i % LARGE + i / LARGE) / 2.0 + i % 13;
    write_band(d, 1, values, LARGE);
    free(values);
    GDALClose(d);
}

static void test_stretch_of_a_large_image_is_near_that_of_all_of_it(void **state) {
    (void)state;
    make_large(GDT_UInt16);
    elc_stretch s = decided("p2-98", 1), again = decided("p2-98", 1);
    assert_memory_equal(&s, &again, sizeof s);
    /* The sum of two even spreads over 0..2299, halved: its p-th quantile is
       2299 sqrt(p / 2). */
    assert_true(fabs(s.low[0] - (106 + 2299 * sqrt(0.01))) < 60);
    assert_true(fabs(s.high[0] - (106 + 2299 * (1 - sqrt(0.01)))) < 60);
    VSIUnlink(PATH);
}

static void test_stretch_looks_at_an_overview_with_enough_pixels(void **state) {
    (void)state;
    make_large(GDT_UInt16);
    GDALDatasetH d = GDALOpen(PATH, GA_Update);
    int levels[] = {2, 4, 8};
    assert_int_equal(GDALBuildOverviews(d, "NEAREST", 3, levels, 0, NULL, NULL, NULL),
                     CE_None);
    GDALRasterBandH band = GDALGetRasterBand(d, 1);
    for (int i = 0; i < 3; i++) /* 1150, 575 and 288 px a side */
        GDALFillRaster(GDALGetOverview(band, i), i == 1 ? 4321 : 1, 0);
    GDALClose(d);
    near(decided("minmax", 1).low[0], 4321, 0);
    VSIUnlink(PATH);
}

/* What GDAL decodes of a damaged overview may be invented: the image itself is asked. */
static void test_stretch_does_not_believe_a_damaged_overview(void **state) {
    (void)state;
    make_large(GDT_UInt16);
    elc_stretch whole = decided("p2-98", 1);
    int levels[] = {2, 4};
    GDALDatasetH d = GDALOpen(PATH, GA_ReadOnly);
    CPLSetConfigOption("COMPRESS_OVERVIEW", "DEFLATE");
    assert_int_equal(GDALBuildOverviews(d, "NEAREST", 2, levels, 0, NULL, NULL, NULL),
                     CE_None);
    CPLSetConfigOption("COMPRESS_OVERVIEW", NULL);
    GDALClose(d);
    VSILFILE *file = VSIFOpenL(PATH ".ovr", "r+b");
    assert_non_null(file);
    VSIFSeekL(file, 0, SEEK_END);
    vsi_l_offset size = VSIFTellL(file);
    for (vsi_l_offset at = 8192; at + 64 < size; at += 4096) {
        VSIFSeekL(file, at, SEEK_SET);
        VSIFWriteL("\377\331\377\331\377\331\377\331", 1, 8, file);
    }
    VSIFCloseL(file);
    elc_stretch damaged = decided("p2-98", 1);
    assert_memory_equal(&damaged, &whole, sizeof whole);
    VSIUnlink(PATH ".ovr");
    VSIUnlink(PATH);
}

static void test_stretch_values_must_fit_the_bands(void **state) {
    (void)state;
    make(GDT_Int16, -32768, true);
    elc_image *image = picture_open(PATH);
    elc_stretch s = {0};
    elc_error err = {0};
    elc_stretch_wish w = parsed("0-9,0-8");
    assert_int_equal(elc_stretch_decide(image, BANDS, 3, &w, &s, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "2 pairs of values for 3 bands"));
    elc_image_free(image);
    s = decided("0-9", 3);
    assert_int_equal(s.n, 3);
    near(s.high[2], 9, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stretch_words_are_understood),
        cmocka_unit_test(test_stretch_values_may_have_signs_and_exponents),
        cmocka_unit_test(test_stretch_that_means_nothing_is_refused),
        cmocka_unit_test(test_stretch_printed_is_read_back_to_the_bit),
        cmocka_unit_test(test_stretch_that_was_not_recorded_is_refused),
        cmocka_unit_test(test_stretch_percentiles_are_those_of_a_sort),
        cmocka_unit_test(test_stretch_minmax_and_sigma_are_those_of_a_loop),
        cmocka_unit_test(test_stretch_auto_leaves_bytes_and_spreads_the_rest),
        cmocka_unit_test(test_stretch_of_nothing_is_0_to_1),
        cmocka_unit_test(test_stretch_of_one_value_has_a_width),
        cmocka_unit_test(test_stretch_of_a_large_image_is_near_that_of_all_of_it),
        cmocka_unit_test(test_stretch_looks_at_an_overview_with_enough_pixels),
        cmocka_unit_test(test_stretch_does_not_believe_a_damaged_overview),
        cmocka_unit_test(test_stretch_values_must_fit_the_bands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
