/* test_view.c - any pixel type as bytes, resampled without seams, in strips. */
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

/* ---- seams
 * ------------------------------------------------------------------------------
 */

/* A window equals the same window of the whole view, and what is outside is padded. */
static void same_as_whole(elc_view *view, const uint8_t *whole, elc_window w, int n) {
    elc_window all = view_whole(view);
    uint8_t *part = view_bytes(view, w, n, NULL);
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
    made_write(m);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_open(image, m->bands, "p2-98", step_x, step_y);
    uint8_t *whole = view_bytes(view, view_whole(view), m->bands, NULL);
    for (int64_t i = 0; i < 40; i++) {
        elc_window w = {
            (int64_t)made_at(i, 1, 1) % 90 - 20, (int64_t)made_at(i, 2, 1) % 90 - 20,
            1 + (int64_t)made_at(i, 3, 1) % 70, 1 + (int64_t)made_at(i, 4, 1) % 70};
        same_as_whole(view, whole, w, m->bands);
    }
    free(whole);
    elc_view_free(view);
    elc_image_free(image);
}

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
    made_write(&m);
    memset(all, 0, sizeof all);
    memset(cores, 0, sizeof cores);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_open(image, bands, "sigma2", step, step);
    elc_window whole = view_whole(view);
    uint8_t *pixels = view_bytes(view, whole, bands, NULL);
    count(pixels, whole, whole, bands, all);
    free(pixels);
    assert_int_equal(
        elc_grid_create(whole.width, whole.height, 32, 32, 8, 8, 4, false, &g, NULL),
        ELC_OK);
    for (int64_t i = 0; i < elc_grid_count(&g); i++) {
        pixels = view_bytes(view, elc_grid_window(&g, i), bands, NULL);
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
            uint8_t *pixels = view_bytes(view, w, n, &wanted);
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
    made_write(&m);
    elc_image *image = picture_open(PATH);
    for (size_t i = 0; i < N_STEPS; i++) {
        elc_view *view = view_open(image, 3, "p2-98", STEPS[i][0], STEPS[i][1]);
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
    elc_view *view = view_open(image, 3, "auto", 1, 1);
    uint8_t pixels[100 * 80 * 3];
    elc_window w = {-5, -5, 100, 80};
    assert_int_equal(elc_image_read(image, w, BANDS, 3, 77, pixels, NULL, NULL),
                     ELC_OK);
    uint8_t *seen = view_bytes(view, w, 3, NULL);
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
    made_write(&m);
    elc_image *image = picture_open(PATH);
    elc_view_options o = {.bands = ONE, .n = 3, .step_x = 1, .step_y = 1};
    o.stretch = (elc_stretch){.kind = ELC_STRETCH_VALUES,
                              .n = 3,
                              .low = {0, 0, 0},
                              .high = {2000, 2000, 1000}};
    elc_view *view = NULL;
    assert_int_equal(elc_view_create(image, &o, &view, NULL), ELC_OK);
    uint8_t *p = view_bytes(view, (elc_window){3, 5, 1, 1}, 3, NULL);
    double v = made_at(3, 5, 2);
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
    made_write(&(made){.type = GDT_UInt16, .bands = 3});
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
    made_write(&(made){.type = GDT_Byte, .bands = 1});
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
        cmocka_unit_test(test_view_strips_are_its_windows),
        cmocka_unit_test(test_view_of_bytes_is_the_image_itself),
        cmocka_unit_test(test_view_repeats_a_band_for_all_channels),
        cmocka_unit_test(test_view_refuses_what_cannot_be_seen),
        cmocka_unit_test(test_resolution_gives_steps_unless_it_is_the_images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
