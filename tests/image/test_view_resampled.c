/* test_view_resampled.c - views against slow loops, and around nodata. */
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
            double w = made_hole(m, i, j) ? 0 : wy * weight(step_x, x, i);
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
    made_write(m);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_open(image, m->bands, "0-2000", step_x, step_y);
    elc_window whole = view_whole(view);
    uint8_t *pixels = view_bytes(view, whole, m->bands, NULL);
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
    made_write(m);
    elc_image *image = picture_open(PATH);
    elc_view *view = view_open(image, m->bands, stretch, step_x, step_y);
    *w = view_whole(view);
    uint8_t *pixels = view_bytes(view, *w, m->bands, NULL);
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
    made_write(&m);
    elc_image *image = picture_open(PATH);
    elc_view_options o = {.bands = BANDS, .n = 1, .step_x = 0.3, .step_y = 0.3};
    o.stretch =
        (elc_stretch){.kind = ELC_STRETCH_VALUES, .n = 1, .low = {-100}, .high = {155}};
    elc_view *view = NULL;
    assert_int_equal(elc_view_create(image, &o, &view, NULL), ELC_OK);
    elc_window w = view_whole(view);
    uint8_t *pixels = view_bytes(view, w, 1, NULL);
    for (int64_t i = 0; i < w.width * w.height; i++)
        assert_true(pixels[i] == 100 || pixels[i] == 77);
    double x = 40 / 0.3, y = 37 / 0.3; /* in the hole's middle */
    assert_int_equal(pixels[(int64_t)y * w.width + (int64_t)x], 77);
    free(pixels);
    elc_view_free(view);
    elc_image_free(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view_equals_weights_of_a_slow_loop),
        cmocka_unit_test(test_view_nodata_weighs_nothing_in_averages),
        cmocka_unit_test(test_view_is_the_same_for_all_types_and_unused_nodata),
        cmocka_unit_test(test_view_nodata_changes_only_what_looks_at_it),
        cmocka_unit_test(test_view_made_finer_does_not_ring_at_nodata),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
