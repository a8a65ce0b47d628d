/* test_tap_internal.c - values inside of networks, made their only output. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "networks.h"
#include "support/planted.h"
#include "support/seeds.h"

#include "../../fuzz/onnx_tap.c"

/* The network, run on a chip of one colour; the numbers that come out. */
static void run_grey(const char *path, const char *tensor, int64_t batch,
                     elc_floats *out, elc_model **model, elc_inference **place) {
    const elc_model_options options = {.tensor = tensor};
    uint8_t pixels[32 * 32 * 3];
    elc_error err = {0};
    *model = network_open(path, &options);
    assert_int_equal(elc_inference_create(*model, batch, 32, 32, place, &err), ELC_OK);
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i % 3 == 0 ? 255 : i % 3 == 1 ? 51 : 102);
    for (int64_t slot = 0; slot < batch; slot++)
        elc_inference_put(*place, slot, pixels);
    assert_int_equal(elc_inference_run(*place, batch, &err), ELC_OK);
    assert_int_equal(elc_inference_floats(*place, 0, out, &err), ELC_OK);
}

static void assert_floats(const float *numbers, const float *expected, size_t n) {
    for (size_t i = 0; i < n; i++)
        assert_true(numbers[i] - expected[i] < 1e-6f &&
                    expected[i] - numbers[i] < 1e-6f);
}

static void test_the_last_before_the_head_is_found(void **state) {
    (void)state;
    static const float means[] = {1, 0.2f, 0.4f, 1.6f / 3};
    static const char *const names[] = {"scenes", "scenes_logits", "scenes_each",
                                        "backbone"};
    for (size_t i = 0; i < 4; i++) {
        elc_model *model;
        elc_inference *place;
        elc_floats out = {0};
        run_grey(network_path(names[i]), i % 2 ? "auto" : "", 2, &out, &model, &place);
        assert_string_equal(elc_model_info_at(model)->tensor, "pool");
        assert_null(elc_model_info_at(model)->head);
        assert_int_equal(out.rank, 2);
        assert_int_equal(out.count, 8);
        assert_floats(out.data, means, 4);
        assert_floats(out.data + 4, means, 4);
        elc_inference_free(place);
        elc_model_free(model);
    }
}

static void test_any_tensor_is_given_by_its_name(void **state) {
    (void)state;
    elc_model *model;
    elc_inference *place;
    elc_floats out = {0};
    run_grey(network_path("scenes"), "relu", 1, &out, &model, &place);
    assert_int_equal(out.rank, 4);
    assert_int_equal(out.dims[1], 4);
    assert_int_equal(out.dims[2], 32);
    assert_floats(out.data + 32 * 32, (const float[]){0.2f}, 1);
    elc_inference_free(place);
    elc_model_free(model);
}

/* As old exporters write them; those of the head go with it. */
static void test_weights_may_be_listed_as_inputs(void **state) {
    (void)state;
    const elc_model_options options = {.tensor = "auto"};
    elc_model *model = network_open(network_path("weights_listed"), &options);
    assert_string_equal(elc_model_info_at(model)->tensor, "relu");
    elc_model_free(model);
}

static void test_the_head_still_says_how_pixels_go_in(void **state) {
    (void)state;
    const elc_model_options options = {.tensor = "auto"};
    const char *path = planted_data("models/yolox_nano/yolox_nano.onnx");
    if (path == NULL)
        skip();
    elc_model *model = network_open(path, &options);
    const elc_model_info *info = elc_model_info_at(model);
    assert_string_equal(info->channel_order, "bgr");
    assert_true(info->scale == 1);
    assert_int_equal(info->kind, ELC_MODEL_VALUES);
    elc_model_free(model);
}

static void refuse(const char *name, const char *tensor, elc_status status,
                   const char *part) {
    const elc_model_options options = {.tensor = tensor};
    network_refused(network_path(name), &options, status, part);
}

static void test_what_cannot_be_features_is_refused(void **state) {
    (void)state;
    refuse("scenes", "pol", ELC_E_ARGUMENT,
           "scenes.onnx: has no tensor \"pol\": did you mean \"pool\"?");
    refuse("scenes", "images", ELC_E_ARGUMENT, "is what goes in, not made by it");
    refuse("scenes", "nothing like it", ELC_E_ARGUMENT,
           "has no tensor \"nothing like it\"; model info shows");
    refuse("scenes", "constant_1", ELC_E_ARGUMENT, "is a weight, not made by it");
    refuse("unknown_head", "", ELC_E_MODEL, "no usable tensor");
    refuse("row_fixed", "", ELC_E_MODEL, "takes no image");
    refuse("weights_apart", "", ELC_E_MODEL, "apart.bin cannot be read");
    refuse("conv_apart", "", ELC_E_MODEL, "six.bin cannot be read");
}

static void test_weights_in_a_file_of_their_own_are_read(void **state) {
    (void)state;
    const elc_model_options options = {.tensor = "auto"};
    elc_model *model = network_open(network_path("beside/conv_apart"), &options);
    assert_string_equal(elc_model_info_at(model)->tensor, "relu");
    elc_model_free(model);
}

static void fuzz_seed(elc_string *seed) {
    seeds_flipped(seed, LLVMFuzzerTestOneInput);
}

static void test_bytes_that_are_changed_or_cut_do_no_harm(void **state) {
    (void)state;
    assert_true(seeds_each("onnx_tap", "", fuzz_seed) >= 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_before_the_head_is_found),
        cmocka_unit_test(test_any_tensor_is_given_by_its_name),
        cmocka_unit_test(test_weights_may_be_listed_as_inputs),
        cmocka_unit_test(test_the_head_still_says_how_pixels_go_in),
        cmocka_unit_test(test_what_cannot_be_features_is_refused),
        cmocka_unit_test(test_weights_in_a_file_of_their_own_are_read),
        cmocka_unit_test(test_bytes_that_are_changed_or_cut_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
