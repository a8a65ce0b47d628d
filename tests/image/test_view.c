/* test_view.c - any pixel type as bytes, resampled without seams, against slow loops.
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

#include <cpl_vsi.h>

#include "pictures.h"

#define PATH "/vsimem/view.tif"

/* ---- images whose every value is known
 * ------------------------------------------------
 */

enum { WIDTH = 113, HEIGHT = 87 };

static const int BANDS[] = {1, 2, 3, 4, 5, 6, 7, 8};

static double value_at(int64_t x, int64_t y, int band) {
    uint32_t h = (uint32_t)(x * 73856093) ^ (uint32_t)(y * 19349663) ^
                 (uint32_t)(band * 83492791);
    h = (h ^ h >> 15) * 2246822519u;
    return (double)((h ^ h >> 13) % 2048);
}

typedef struct made {
    GDALDataType type;
    int bands;
    double scale; /* of value_at; 0: 1 */
    double whole; /* value_at is divided by it and rounded down; 0: it is not */
    bool has_nodata;
    double nodata;
    double hole; /* what the hole (20..59, 30..44) holds, where has_hole */
    bool has_hole;
    const char *options[8];
} made;

static bool in_hole(const made *m, int64_t x, int64_t y) {
    return m->has_hole && x >= 20 && x < 60 && y >= 30 && y < 45;
}

static double made_value(const made *m, int64_t x, int64_t y, int band) {
    if (in_hole(m, x, y))
        return m->hole;
    if (m->whole != 0)
        return floor(value_at(x, y, band) / m->whole);
    return value_at(x, y, band) * (m->scale != 0 ? m->scale : 1);
}

static GDALDatasetH create(const made *m, const char *path) {
    GDALAllRegister();
    GDALDatasetH d = GDALCreate(GDALGetDriverByName("GTiff"), path, WIDTH, HEIGHT,
                                m->bands, m->type, (char **)(uintptr_t)m->options);
    assert_non_null(d);
    for (int b = 1; m->has_nodata && b <= m->bands; b++)
        GDALSetRasterNoDataValue(GDALGetRasterBand(d, b), m->nodata);
    return d;
}

static void make(const made *m) {
    GDALDatasetH d = create(m, PATH);
    double row[WIDTH];
    for (int b = 1; b <= m->bands; b++)
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++)
                row[x] = made_value(m, x, y, b);
            assert_int_equal(GDALRasterIO(GDALGetRasterBand(d, b), GF_Write, 0, y,
                                          WIDTH, 1, row, WIDTH, 1, GDT_Float64, 0, 0),
                             CE_None);
        }
    GDALClose(d);
}

static elc_view *view_of(elc_image *image, int n, const char *stretch, double step_x,
                         double step_y) {
    elc_view_options o = {.bands = BANDS, .n = n, .step_x = step_x, .step_y = step_y};
    elc_stretch_wish wish;
    elc_error err = {0};
    elc_view *view = NULL;
    if (elc_stretch_parse(stretch, &wish, &err) != ELC_OK ||
        elc_stretch_decide(image, o.bands, n, &wish, &o.stretch, &err) != ELC_OK ||
        elc_view_create(image, &o, &view, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return view;
}

static uint8_t *read_view(elc_view *view, elc_window w, int n, bool *valid) {
    uint8_t *out = malloc((size_t)(w.width * w.height * n));
    elc_error err = {0};
    if (elc_view_read(view, w, 77, out, valid, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return out;
}

static elc_window whole_of(const elc_view *view) {
    return (elc_window){0, 0, elc_view_width(view), elc_view_height(view)};
}

/* ---- seams
 * ------------------------------------------------------------------------------
 */

/* A window equals the same window of the whole view, and what is outside is padded. */
static void same_as_whole(elc_view *view, const uint8_t *whole, elc_window w, int n) {
    elc_window all = whole_of(view);
    uint8_t *part = read_view(view, w, n, NULL);
    for (int64_t i = 0; i < w.width * w.height; i++) {
        int64_t x = w.x + i % w.width, y = w.y + i / w.width;
        bool in = x >= 0 && y >= 0 && x < all.width && y < all.height;
        for (int c = 0; c < n; c++)
            assert_int_equal(part[i * n + c],
                             in ? whole[(y * all.width + x) * n + c] : 77);
    }
    free(part);
}

static void has_no_seams(const made *m, double step_x, double step_y) {
    make(m);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_of(image, m->bands, "p2-98", step_x, step_y);
    uint8_t *whole = read_view(view, whole_of(view), m->bands, NULL);
    for (int64_t i = 0; i < 40; i++) {
        elc_window w = {
            (int64_t)value_at(i, 1, 1) % 90 - 20, (int64_t)value_at(i, 2, 1) % 90 - 20,
            1 + (int64_t)value_at(i, 3, 1) % 70, 1 + (int64_t)value_at(i, 4, 1) % 70};
        same_as_whole(view, whole, w, m->bands);
    }
    free(whole);
    elc_view_free(view);
    elc_image_free(image);
}

static const double STEPS[][2] = {{1, 1},      {2, 2},   {1.7, 1.7}, {0.4, 0.4},
                                  {0.61, 2.9}, {5.3, 1}, {0.5, 0.25}};
enum { N_STEPS = sizeof STEPS / sizeof STEPS[0] };

static void test_view_windows_of_16_bits_have_no_seams(void **state) {
    (void)state;
    made four = {
        .type = GDT_UInt16,
        .bands = 4,
        .options = {"TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32", "COMPRESS=DEFLATE"}};
    made eight = {.type = GDT_UInt16, .bands = 8};
    for (size_t i = 0; i < N_STEPS; i++) {
        has_no_seams(&four, STEPS[i][0], STEPS[i][1]);
        has_no_seams(&eight, STEPS[i][0], STEPS[i][1]);
    }
}

static void test_view_windows_round_nodata_have_no_seams(void **state) {
    (void)state;
    made nodata = {.type = GDT_UInt16,
                   .bands = 3,
                   .has_nodata = true,
                   .nodata = 5000,
                   .has_hole = true,
                   .hole = 5000};
    made nan = {.type = GDT_Float32, .bands = 2, .has_hole = true, .hole = NAN};
    for (size_t i = 0; i < N_STEPS; i++) {
        has_no_seams(&nodata, STEPS[i][0], STEPS[i][1]);
        has_no_seams(&nan, STEPS[i][0], STEPS[i][1]);
    }
}

static void count(const uint8_t *pixels, elc_window from, elc_window w, int n,
                  int64_t (*counts)[256]) {
    for (int64_t y = w.y; y < w.y + w.height; y++)
        for (int64_t x = w.x; x < w.x + w.width; x++)
            for (int c = 0; c < n; c++)
                counts[c][pixels[((y - from.y) * from.width + x - from.x) * n + c]]++;
}

/* The part of a chip's core inside the image; even overlaps keep cores whole. */
static elc_window core_of(const elc_grid *g, int64_t chip) {
    elc_core core = elc_grid_core(g, chip);
    return (elc_window){core.x0 / 2, core.y0 / 2, (core.x1 - core.x0) / 2,
                        (core.y1 - core.y0) / 2};
}

static void histograms_agree(int bands, double step) {
    static int64_t all[8][256], cores[8][256];
    made m = {.type = GDT_UInt16, .bands = bands};
    elc_grid g;
    make(&m);
    memset(all, 0, sizeof all);
    memset(cores, 0, sizeof cores);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_of(image, bands, "sigma2", step, step);
    elc_window whole = whole_of(view);
    uint8_t *pixels = read_view(view, whole, bands, NULL);
    count(pixels, whole, whole, bands, all);
    free(pixels);
    assert_int_equal(
        elc_grid_create(whole.width, whole.height, 32, 32, 8, 8, 4, false, &g, NULL),
        ELC_OK);
    for (int64_t i = 0; i < elc_grid_count(&g); i++) {
        pixels = read_view(view, elc_grid_window(&g, i), bands, NULL);
        count(pixels, elc_grid_window(&g, i), core_of(&g, i), bands, cores);
        free(pixels);
    }
    assert_memory_equal(all, cores, sizeof all);
    elc_view_free(view);
    elc_image_free(image);
}

static void test_view_histogram_is_that_of_the_chips_cores(void **state) {
    (void)state;
    histograms_agree(4, 1);
    histograms_agree(8, 1);
    histograms_agree(4, 1.6);
    histograms_agree(8, 0.7);
}

/* ---- against slow loops
 * -----------------------------------------------------------------
 */

static double keys(double t) {
    t = fabs(t);
    if (t < 1)
        return 1.5 * t * t * t - 2.5 * t * t + 1;
    return t < 2 ? -0.5 * t * t * t + 2.5 * t * t - 4 * t + 2 : 0;
}

/* The weight of source pixel j in view pixel i. */
static double weight(double step, int64_t i, int64_t j) {
    if (step < 1)
        return keys(((double)i + 0.5) * step - 0.5 - (double)j);
    double low = fmax((double)i * step, (double)j);
    return fmax(fmin((double)(i + 1) * step, (double)(j + 1)) - low, 0);
}

/* What a view pixel should be: all source pixels, by their weights; NaN: nothing. */
static double slow_pixel(const made *m, double step_x, double step_y, int64_t x,
                         int64_t y, int band) {
    double sum = 0, weights = 0;
    for (int64_t j = 0; j < HEIGHT; j++) {
        double wy = weight(step_y, y, j);
        for (int64_t i = 0; wy != 0 && i < WIDTH; i++) {
            double w = in_hole(m, i, j) ? 0 : wy * weight(step_x, x, i);
            if (w == 0)
                continue;
            double byte = made_value(m, i, j, band) * 255 / 2000;
            sum += w * fmin(fmax(byte, 0), 255);
            weights += w;
        }
    }
    return weights > 1e-9 ? sum / weights : NAN;
}

/* Equal but for the rounding of a half. */
static void equals_slow_loop(const made *m, double step_x, double step_y) {
    make(m);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_of(image, m->bands, "0-2000", step_x, step_y);
    elc_window whole = whole_of(view);
    uint8_t *pixels = read_view(view, whole, m->bands, NULL);
    for (int64_t i = 0; i < whole.width * whole.height; i++)
        for (int c = 0; c < m->bands; c++) {
            double wanted =
                slow_pixel(m, step_x, step_y, i % whole.width, i / whole.width, c + 1);
            wanted = isnan(wanted) ? 77 : fmin(fmax(wanted, 0), 255);
            double found = pixels[i * m->bands + c];
            if (!(fabs(found - wanted) <= 0.5 + 1e-3))
                fail_msg("step %g, %g: pixel %lld: %g, not %g", step_x, step_y,
                         (long long)i, found, wanted);
        }
    free(pixels);
    elc_view_free(view);
    elc_image_free(image);
}

static void test_view_equals_weights_of_a_slow_loop(void **state) {
    (void)state;
    made m = {.type = GDT_UInt16, .bands = 2};
    for (size_t i = 0; i < N_STEPS; i++)
        equals_slow_loop(&m, STEPS[i][0], STEPS[i][1]);
    equals_slow_loop(&m, 40, 200);
    equals_slow_loop(&m, 1.04, 0.98);
}

static void test_view_nodata_weighs_nothing_in_averages(void **state) {
    (void)state;
    made nodata = {.type = GDT_Int16,
                   .bands = 2,
                   .has_nodata = true,
                   .nodata = -9999,
                   .has_hole = true,
                   .hole = -9999};
    made inf = {.type = GDT_Float64, .bands = 1, .has_hole = true, .hole = INFINITY};
    equals_slow_loop(&nodata, 1, 1);
    equals_slow_loop(&nodata, 3.7, 2.1);
    equals_slow_loop(&inf, 1, 1);
    equals_slow_loop(&inf, 7, 7);
}

static uint8_t *whole_view(const made *m, const char *stretch, double step_x,
                           double step_y, elc_window *w) {
    make(m);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_of(image, m->bands, stretch, step_x, step_y);
    *w = whole_of(view);
    uint8_t *pixels = read_view(view, *w, m->bands, NULL);
    elc_view_free(view);
    elc_image_free(image);
    return pixels;
}

static void same_views(const made *a, const made *b, double step_x, double step_y) {
    elc_window w;
    uint8_t *one = whole_view(a, "3-90", step_x, step_y, &w);
    uint8_t *other = whole_view(b, "3-90", step_x, step_y, &w);
    assert_memory_equal(one, other, (size_t)(w.width * w.height * a->bands));
    free(one);
    free(other);
}

/* Masks that mask nothing change no bit. */
static void test_view_is_the_same_for_all_types_and_unused_nodata(void **state) {
    (void)state;
    static const GDALDataType TYPES[] = {GDT_Byte,  GDT_Int16,   GDT_UInt32,
                                         GDT_Int32, GDT_Float32, GDT_Float64};
    for (int bands = 1; bands <= 3; bands += 2)
        for (size_t t = 0; t < sizeof TYPES / sizeof TYPES[0]; t++)
            for (size_t i = 0; i < N_STEPS; i++) {
                made a = {.type = GDT_UInt16, .bands = bands, .whole = 20};
                made b = {.type = TYPES[t], .bands = bands, .whole = 20};
                same_views(&a, &b, STEPS[i][0], STEPS[i][1]);
                b.has_nodata = true;
                b.nodata = 200;
                same_views(&a, &b, STEPS[i][0], STEPS[i][1]);
            }
}

/* True where a view pixel looks at the hole, or nearly. */
static bool near_hole(double step, int64_t i, double low, double high) {
    double reach = step < 1 ? 3 : 1, at = (double)i * step;
    return at + step + reach > low && at - reach < high;
}

static void test_view_nodata_changes_only_what_looks_at_it(void **state) {
    (void)state;
    made full = {.type = GDT_UInt16, .bands = 3};
    made holed = {.type = GDT_UInt16,
                  .bands = 3,
                  .has_nodata = true,
                  .nodata = 5000,
                  .has_hole = true,
                  .hole = 5000};
    for (size_t s = 0; s < N_STEPS; s++) {
        elc_window w;
        uint8_t *one = whole_view(&full, "3-1900", STEPS[s][0], STEPS[s][1], &w);
        uint8_t *other = whole_view(&holed, "3-1900", STEPS[s][0], STEPS[s][1], &w);
        for (int64_t i = 0; i < w.width * w.height; i++)
            if (!near_hole(STEPS[s][0], i % w.width, 20, 60) ||
                !near_hole(STEPS[s][1], i / w.width, 30, 45))
                assert_memory_equal(one + 3 * i, other + 3 * i, 3);
        free(one);
        free(other);
    }
}

/* Within the hull of what is round it: negative weights have nothing to say there. */
static void test_view_made_finer_does_not_ring_at_nodata(void **state) {
    (void)state;
    made m = {
        .type = GDT_Float32, .bands = 1, .scale = 1e-9, .has_hole = true, .hole = NAN};
    make(&m);
    elc_image *image = picture_open(PATH);
    elc_view_options o = {.bands = BANDS, .n = 1, .step_x = 0.3, .step_y = 0.3};
    o.stretch =
        (elc_stretch){.kind = ELC_STRETCH_VALUES, .n = 1, .low = {-100}, .high = {155}};
    elc_view *view = NULL;
    assert_int_equal(elc_view_create(image, &o, &view, NULL), ELC_OK);
    elc_window w = whole_of(view);
    uint8_t *pixels = read_view(view, w, 1, NULL);
    for (int64_t i = 0; i < w.width * w.height; i++)
        assert_true(pixels[i] == 100 || pixels[i] == 77);
    double x = 40 / 0.3, y = 37 / 0.3; /* in the hole's middle */
    assert_int_equal(pixels[(int64_t)y * w.width + (int64_t)x], 77);
    free(pixels);
    elc_view_free(view);
    elc_image_free(image);
}

/* ---- types
 * --------------------------------------------------------------------------------
 */

/* The pixel (x, 0) of `n` bands of an image, as bytes. */
static void shows(const char *stretch, int n, int64_t x, const uint8_t *wanted) {
    elc_image *image = picture_open(PATH);
    elc_view *view = view_of(image, n, stretch, 1, 1);
    uint8_t *pixels = read_view(view, (elc_window){x, 0, 1, 1}, n, NULL);
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
        GDALDatasetH d = create(&(made){.type = TYPES[i], .bands = 1}, PATH);
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
        GDALDatasetH d = create(&m, PATH);
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
    GDALDatasetH d = create(&(made){.type = GDT_Float64, .bands = 1}, PATH);
    write_row(d, 1, (const double[]){1e12, 1e12 + 1, 1e12 + 2}, 3);
    GDALClose(d);
    const uint8_t wanted[] = {0, 128, 255};
    for (int64_t x = 0; x < 3; x++)
        shows("1000000000000-1000000000002", 1, x, &wanted[x]);
}

static void test_view_clips_without_a_stretch(void **state) {
    (void)state;
    GDALDatasetH d = create(&(made){.type = GDT_Float32, .bands = 1}, PATH);
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
        GDALClose(create(&(made){.type = TYPES[i], .bands = 1}, PATH));
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
    GDALDatasetH d = create(&(made){.type = GDT_Byte, .bands = 1}, PATH);
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
    GDALDatasetH d = create(&m, PATH);
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
    GDALDatasetH d = create(&(made){.type = GDT_Byte, .bands = 3}, PATH);
    write_row(d, 1, (const double[]){100, 76}, 2);
    write_row(d, 2, (const double[]){128, 85}, 2);
    write_row(d, 3, (const double[]){128, 255}, 2);
    GDALClose(d);
    const char *vrt = "/vsimem/ycbcr.vrt";
    write_text(vrt,
               "<VRTDataset rasterXSize='113' rasterYSize='87'>" VRT_BAND(1, "YCbCr_Y")
                   VRT_BAND(2, "YCbCr_Cb") VRT_BAND(3, "YCbCr_Cr") "</VRTDataset>");
    elc_image *image = picture_open(vrt);
    elc_view *view = view_of(image, 3, "auto", 1, 1);
    uint8_t *pixels = read_view(view, (elc_window){0, 0, 2, 1}, 3, NULL);
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
        GDALDatasetH d = create(&m, PATH);
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
    GDALDatasetH d = create(&m, PATH);
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
    free(read_view(view, w, n, &valid));
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
    make(&m);
    elc_image *image = picture_open(PATH);
    for (size_t i = 0; i < N_STEPS; i++) {
        double sx = STEPS[i][0], sy = STEPS[i][1];
        elc_view *view = view_of(image, 3, "p2-98", sx, sy);
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
    GDALDatasetH d = create(&m, PATH);
    for (int b = 1; b <= 3; b++)
        write_row(d, b, (const double[]){100, 200, 200, 100}, 4);
    write_row(d, 4, (const double[]){65535, 0, 0, 0}, 4);
    GDALClose(d);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_of(image, 3, "0-255", 2, 1);
    uint8_t *pixels = read_view(view, (elc_window){0, 0, 2, 1}, 3, NULL);
    assert_memory_equal(pixels, ((const uint8_t[]){100, 100, 100, 77, 77, 77}), 6);
    assert_false(is_valid(view, (elc_window){1, 0, 9, 9}, 3));
    assert_true(is_valid(view, (elc_window){0, 0, 9, 9}, 3));
    free(pixels);
    elc_view_free(view);
    elc_image_free(image);
}

/* ---- strips and bytes
 * -----------------------------------------------------------------------
 */

static void strips_equal_windows(elc_view *view, int n) {
    elc_strip *strip = NULL;
    elc_error err = {0};
    uint8_t cut[24 * 24 * 8];
    assert_int_equal(elc_view_strip(view, 24, 77, &strip, &err), ELC_OK);
    for (int64_t y = 0; y < elc_view_height(view); y += 17) {
        if (elc_strip_fill(strip, y, 24, &err) != ELC_OK)
            fail_msg("%s", err.message);
        for (int64_t x = -5; x < elc_view_width(view); x += 13) {
            elc_window w = {x, y, 24, 24};
            bool valid = false, wanted = false;
            uint8_t *pixels = read_view(view, w, n, &wanted);
            assert_int_equal(elc_strip_cut(strip, w, 77, cut, &valid, &err), ELC_OK);
            assert_memory_equal(cut, pixels, (size_t)(24 * 24 * n));
            assert_int_equal(valid, wanted);
            free(pixels);
        }
    }
    elc_strip_free(strip);
}

static void test_view_strips_are_its_windows(void **state) {
    (void)state;
    made m = {.type = GDT_UInt16,
              .bands = 3,
              .has_nodata = true,
              .nodata = 9000,
              .has_hole = true,
              .hole = 9000};
    make(&m);
    elc_image *image = picture_open(PATH);
    for (size_t i = 0; i < N_STEPS; i++) {
        elc_view *view = view_of(image, 3, "p2-98", STEPS[i][0], STEPS[i][1]);
        strips_equal_windows(view, 3);
        elc_view_free(view);
    }
    elc_image_free(image);
}

static void test_view_of_bytes_is_the_image_itself(void **state) {
    (void)state;
    picture_make(&(picture){.path = PATH,
                            .width = 90,
                            .height = 70,
                            .bands = 3,
                            .nodata = 7,
                            .has_nodata = true});
    elc_image *image = picture_open(PATH);
    elc_view *view = view_of(image, 3, "auto", 1, 1);
    uint8_t pixels[100 * 80 * 3];
    elc_window w = {-5, -5, 100, 80};
    assert_int_equal(elc_image_read(image, w, BANDS, 3, 77, pixels, NULL, NULL),
                     ELC_OK);
    uint8_t *seen = read_view(view, w, 3, NULL);
    assert_memory_equal(seen, pixels, sizeof pixels);
    free(seen);
    strips_equal_windows(view, 3);
    elc_view_free(view);
    elc_image_free(image);
}

static void test_view_repeats_a_band_for_all_channels(void **state) {
    (void)state;
    static const int ONE[] = {2, 2, 2};
    made m = {.type = GDT_UInt16, .bands = 2};
    make(&m);
    elc_image *image = picture_open(PATH);
    elc_view_options o = {.bands = ONE, .n = 3, .step_x = 1, .step_y = 1};
    o.stretch = (elc_stretch){.kind = ELC_STRETCH_VALUES,
                              .n = 3,
                              .low = {0, 0, 0},
                              .high = {2000, 2000, 1000}};
    elc_view *view = NULL;
    assert_int_equal(elc_view_create(image, &o, &view, NULL), ELC_OK);
    uint8_t *p = read_view(view, (elc_window){3, 5, 1, 1}, 3, NULL);
    double v = value_at(3, 5, 2);
    assert_int_equal(p[0], (int)(v * 255 / 2000 + 0.5));
    assert_int_equal(p[1], p[0]);
    assert_int_equal(p[2], (int)(fmin(v * 255 / 1000, 255) + 0.5));
    free(p);
    elc_view_free(view);
    elc_image_free(image);
}

/* ---- what cannot be seen
 * --------------------------------------------------------------------
 */

static void test_view_refuses_what_cannot_be_seen(void **state) {
    (void)state;
    static const double BAD[] = {0, -1, NAN, INFINITY, 1e-9};
    make(&(made){.type = GDT_UInt16, .bands = 3});
    elc_image *image = picture_open(PATH);
    elc_view_options o = {.bands = BANDS,
                          .n = 3,
                          .step_x = 1,
                          .step_y = 1,
                          .stretch = {.kind = ELC_STRETCH_NONE}};
    elc_view *view = NULL;
    for (size_t i = 0; i < 5; i++) {
        o.step_x = BAD[i];
        assert_int_equal(elc_view_create(image, &o, &view, NULL), ELC_E_ARGUMENT);
    }
    o.step_x = 1;
    o.n = 4;
    assert_int_equal(elc_view_create(image, &o, &view, NULL), ELC_E_NOT_FOUND);
    o.n = 17;
    assert_int_equal(elc_view_create(image, &o, &view, NULL), ELC_E_ARGUMENT);
    assert_null(view);
    elc_image_free(image);
}

/* cmocka's own compares as float. */
static void near(double found, double wanted, double tolerance) {
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%.17g, not %.17g", found, wanted);
}

/* ---- resolution
 * -----------------------------------------------------------------------------
 */

static void steps_are(elc_resolution wanted, double step, bool is_known) {
    elc_image *image = picture_open(PATH);
    double x = 0, y = 0;
    bool known = !is_known;
    assert_int_equal(elc_resolution_steps(&wanted, image, NULL, &x, &y, &known, NULL),
                     ELC_OK);
    near(x, step, 1e-12);
    near(y, step, 1e-12);
    assert_int_equal(known, is_known);
    elc_image_free(image);
}

static void test_resolution_gives_steps_unless_it_is_the_images(void **state) {
    (void)state;
    make(&(made){.type = GDT_Byte, .bands = 1});
    steps_are((elc_resolution){0.3, 0, false}, 1, false);
    steps_are((elc_resolution){0, 0.5, false}, 1, true);
    steps_are((elc_resolution){0.52, 0.5, false}, 1, true);
    steps_are((elc_resolution){0.52, 0.5, true}, 1.04, true);
    steps_are((elc_resolution){1.0007, 0.5, false}, 2, true);
    steps_are((elc_resolution){0.25, 0.5, false}, 0.5, true);
    steps_are((elc_resolution){0.8, 0.5, false}, 1.6, true);
    elc_image *image = picture_open(PATH);
    double x, y;
    elc_error err = {0};
    assert_int_equal(elc_resolution_steps(&(elc_resolution){0.3, 10, false}, image,
                                          NULL, &x, &y, NULL, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "0.3 m are wanted"));
    elc_image_free(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_windows_of_16_bits_have_no_seams),
        cmocka_unit_test(test_view_windows_round_nodata_have_no_seams),
        cmocka_unit_test(test_view_histogram_is_that_of_the_chips_cores),
        cmocka_unit_test(test_view_equals_weights_of_a_slow_loop),
        cmocka_unit_test(test_view_nodata_weighs_nothing_in_averages),
        cmocka_unit_test(test_view_is_the_same_for_all_types_and_unused_nodata),
        cmocka_unit_test(test_view_nodata_changes_only_what_looks_at_it),
        cmocka_unit_test(test_view_made_finer_does_not_ring_at_nodata),
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
        cmocka_unit_test(test_view_strips_are_its_windows),
        cmocka_unit_test(test_view_of_bytes_is_the_image_itself),
        cmocka_unit_test(test_view_repeats_a_band_for_all_channels),
        cmocka_unit_test(test_view_refuses_what_cannot_be_seen),
        cmocka_unit_test(test_resolution_gives_steps_unless_it_is_the_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
