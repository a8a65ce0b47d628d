/* test_prepare_internal.c - pixels into tensors, against the formula. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/prepare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/half.h"

static const double mean[] = {0.1, 0.2, 0.3, 0.4, 0.5};
static const double std[] = {0.5, 2, 1, 0.25, 3};

typedef struct sample {
    elc_tensor_type type;
    bool last, bgr;
    size_t channels, n;
    double scale;
    int threshold;
} sample;

static double value_at(const sample *s, const void *out, size_t i) {
    float wide;
    switch (s->type) {
    case ELC_TENSOR_FLOAT16:
        elc_half_to_float((const uint16_t *)out + i, 1, &wide);
        return (double)wide;
    case ELC_TENSOR_UINT8:
        return ((const uint8_t *)out)[i];
    default:
        return (double)((const float *)out)[i];
    }
}

static double formula(const sample *s, uint8_t pixel, size_t c) {
    if (s->threshold > 0)
        pixel = pixel >= s->threshold ? 255 : 0;
    double value = (pixel * s->scale - mean[c]) / std[c];
    if (s->type == ELC_TENSOR_UINT8)
        return rint(fmin(fmax(value, 0), 255));
    return value;
}

static void compare(const sample *s, const uint8_t *pixels, const void *out) {
    double step = s->type == ELC_TENSOR_FLOAT16 ? 0x1p-11 : 0x1p-24;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t c = 0; c < s->channels; c++) {
            size_t band = s->bgr && c < 3 && s->channels >= 3 ? 2 - c : c;
            size_t at = s->last ? i * s->channels + c : c * s->n + i;
            double expected = formula(s, pixels[i * s->channels + band], c);
            double got = value_at(s, out, at);
            if (fabs(got - expected) > step * fabs(expected))
                fail_msg("pixel %zu channel %zu: %g, expected %g", i, c, got, expected);
        }
    }
}

/* Buffers are exactly as large as they must be, so that a sanitizer sees a step beyond.
 */
static void check(sample s) {
    size_t size = s.type == ELC_TENSOR_UINT8 ? 1 : s.type == ELC_TENSOR_FLOAT16 ? 2 : 4;
    uint8_t *pixels = malloc(s.n * s.channels);
    void *out = malloc(s.n * s.channels * size);
    elc_prepare prepare;
    for (size_t i = 0; i < s.n * s.channels; i++)
        pixels[i] = (uint8_t)(i * 37 + i / 256);
    elc_prepare_wish wish = {.type = s.type,
                             .channels_last = s.last,
                             .channels = s.channels,
                             .bgr = s.bgr,
                             .threshold = s.threshold,
                             .scale = s.scale,
                             .mean = mean,
                             .std = std};
    assert_int_equal(elc_prepare_create(&wish, &prepare, NULL), ELC_OK);
    elc_prepare_put(&prepare, pixels, s.n, out);
    compare(&s, pixels, out);
    elc_prepare_clear(&prepare);
    free(pixels);
    free(out);
}

static void check_type(elc_tensor_type type, double scale) {
    static const size_t sizes[] = {1, 3, 64, 511, 512, 513, 1027, 1536};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t channels = 1; channels <= 5; channels++) {
            for (int layout = 0; layout < 4; layout++)
                check((sample){type, layout & 1, layout & 2, channels, sizes[i], scale,
                               0});
        }
    }
}

static void test_float32_is_the_formula_rounded_once(void **state) {
    (void)state;
    check_type(ELC_TENSOR_FLOAT32, 1.0 / 255);
}

static void test_float16_is_the_formula_rounded(void **state) {
    (void)state;
    check_type(ELC_TENSOR_FLOAT16, 1.0 / 255);
}

static void test_bytes_are_the_formula_within_their_range(void **state) {
    (void)state;
    check_type(ELC_TENSOR_UINT8, 1);
    check_type(ELC_TENSOR_UINT8, -1);
}

static void test_a_threshold_makes_two_values_of_all_types(void **state) {
    (void)state;
    static const elc_tensor_type types[] = {ELC_TENSOR_FLOAT32, ELC_TENSOR_FLOAT16,
                                            ELC_TENSOR_UINT8};
    for (size_t i = 0; i < 3; i++)
        for (int threshold = 1; threshold < 256; threshold += 127)
            check((sample){.type = types[i],
                           .channels = 3,
                           .n = 513,
                           .scale = i == 2 ? 1 : 1.0 / 255,
                           .threshold = threshold});
}

static void test_a_byte_over_255_is_what_python_gives(void **state) {
    (void)state;
    const double none[] = {0}, one[] = {1};
    elc_prepare prepare;
    elc_prepare_wish wish = {
        .channels = 1, .scale = 1.0 / 255, .mean = none, .std = one};
    assert_int_equal(elc_prepare_create(&wish, &prepare, NULL), ELC_OK);
    for (int v = 0; v < 256; v++) {
        uint8_t pixel = (uint8_t)v;
        float out;
        elc_prepare_put(&prepare, &pixel, 1, &out);
        assert_true(out == (float)v / 255.0f);
    }
    elc_prepare_clear(&prepare);
}

/* Whether the arithmetic is used; if so it has to give the bytes of the table. */
static bool check_exact(size_t n, bool bgr, double scale, const double *means,
                        const double *stds) {
    uint8_t *pixels = malloc(3 * n);
    float *out = malloc(3 * n * sizeof *out), *table = malloc(3 * n * sizeof *table);
    elc_prepare prepare;
    for (size_t i = 0; i < 3 * n; i++)
        pixels[i] = (uint8_t)(i * 37 + i / 256);
    elc_prepare_wish wish = {
        .channels = 3, .bgr = bgr, .scale = scale, .mean = means, .std = stds};
    assert_int_equal(elc_prepare_create(&wish, &prepare, NULL), ELC_OK);
    bool exact = prepare.exact;
    elc_prepare_put(&prepare, pixels, n, out);
    prepare.exact = false;
    elc_prepare_put(&prepare, pixels, n, table);
    assert_memory_equal(out, table, 3 * n * sizeof *out);
    elc_prepare_clear(&prepare);
    free(table);
    free(out);
    free(pixels);
    return exact;
}

static const struct {
    double scale, mean[3], std[3];
} usual[] = {
    {1, {0, 0, 0}, {1, 1, 1}},
    {1.0 / 255, {0, 0, 0}, {1, 1, 1}},
    {1.0 / 127.5, {1, 1, 1}, {1, 1, 1}},
    {1, {103.53, 116.28, 123.675}, {1, 1, 1}},
    {1, {123.675, 116.28, 103.53}, {58.395, 57.12, 57.375}},
    {1.0 / 255, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}},
};

static void test_usual_scales_and_means_are_computed(void **state) {
    (void)state;
    static const size_t sizes[] = {1, 3, 31, 511, 512, 513, 1027, 4097};
    for (size_t u = 0; u < sizeof usual / sizeof *usual; u++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            for (int bgr = 0; bgr < 2; bgr++) {
                bool exact = check_exact(sizes[i], bgr, usual[u].scale, usual[u].mean,
                                         usual[u].std);
                assert_int_equal(exact, elc_cpu_is_wide());
            }
        }
    }
}

static void test_what_cannot_be_computed_is_looked_up(void **state) {
    (void)state;
    const double same[] = {0.3, 0.3, 0.3};
    int computed = 0, all = 1000;
    for (int i = 0; i < all; i++) {
        double means[] = {i * 1e-3, 0.5 - i * 1e-5, 0.1};
        computed += check_exact(257, false, 1.0 / 255, means, same);
    }
    assert_true(computed < all);
    const double none[] = {0, 0, 0};
    assert_false(check_exact(257, false, 1, same, none));
    assert_false(check_exact(257, false, -1e300, same, same));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_float32_is_the_formula_rounded_once),
        cmocka_unit_test(test_float16_is_the_formula_rounded),
        cmocka_unit_test(test_bytes_are_the_formula_within_their_range),
        cmocka_unit_test(test_a_threshold_makes_two_values_of_all_types),
        cmocka_unit_test(test_a_byte_over_255_is_what_python_gives),
        cmocka_unit_test(test_usual_scales_and_means_are_computed),
        cmocka_unit_test(test_what_cannot_be_computed_is_looked_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
