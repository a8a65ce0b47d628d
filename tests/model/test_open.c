/* test_open.c - what a network says of itself, what a user says instead, what is
 * refused. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "networks.h"
#include "support/planted.h"

static void refused(const char *name, elc_status status, const char *part) {
    network_refused(network_path(name), NULL, status, part);
}

static void write_file(const char *path, const void *bytes, size_t n) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* ---- files that are no networks -----------------------------------------------------
 */

static void test_a_text_is_refused_as_a_network(void **state) {
    (void)state;
    static const char text[] = "names: [car, truck]\nnc: 2\n";
    write_file(planted_path("text.onnx"), text, strlen(text));
    network_refused(planted_path("text.onnx"), NULL, ELC_E_MODEL, "is no ONNX network");
}

static void test_an_empty_file_is_refused(void **state) {
    (void)state;
    write_file(planted_path("empty.onnx"), "", 0);
    network_refused(planted_path("empty.onnx"), NULL, ELC_E_FORMAT, "the file is empty");
}

static void test_a_folder_is_refused(void **state) {
    (void)state;
    network_refused(planted_folder(), NULL, ELC_E_IO, "directory");
}

static void test_a_missing_file_is_not_found(void **state) {
    (void)state;
    network_refused(planted_path("none.onnx"), NULL, ELC_E_NOT_FOUND, "none.onnx");
}

/* Cut anywhere, a network is refused with one line or is whole enough to be one. */
static void test_a_cut_network_is_refused_wherever_it_is_cut(void **state) {
    (void)state;
    elc_string whole = {0};
    elc_error err = {0};
    assert_int_equal(elc_file_read(network_path("yolov8"), 1 << 20, &whole, NULL),
                     ELC_OK);
    const char *path = planted_path("cut.onnx");
    for (size_t n = 1; n < whole.size; n += whole.size / 60) {
        elc_model *model = NULL;
        write_file(path, whole.data, n);
        if (elc_model_open(path, NULL, &model, &err) == ELC_OK)
            elc_model_free(model);
        else
            assert_non_null(strstr(err.message, "cut.onnx"));
    }
    write_file(path, whole.data, whole.size / 2);
    network_refused(path, NULL, ELC_E_MODEL, "cut short");
    elc_string_free(&whole);
}

/* ---- networks that are none of ours -------------------------------------------------
 */

static void test_unknown_heads_are_refused_with_the_known_ones(void **state) {
    (void)state;
    refused("unknown_head", ELC_E_MODEL,
            "output0 [N, 10] fits no known head (detr, end_to_end_rows, "
            "end_to_end_seg, ssd, torchvision, yolov8_seg: its outputs are not those "
            "of this head; end_to_end, end_to_end_obb, rt_detr, yolov5, yolov8, "
            "yolov8_obb, yolox_decoded, yolox_raw: no output has three dimensions)");
    refused("segmentation", ELC_E_MODEL, "task segment, not detect");
    refused("pose", ELC_E_MODEL, "task pose, not detect");
    refused("wrong_names", ELC_E_MODEL,
            "12 numbers a cell would be 8 classes, and 3 are");
}

static void test_ambiguous_heads_are_refused_with_the_choice(void **state) {
    (void)state;
    refused("ambiguous", ELC_E_MODEL, "give --head with the right one (yolov5");
    refused("transposed_unnamed", ELC_E_MODEL, "yolov8: output0 [N, 84, 7] is 4 + 3");
    refused("one_anchor", ELC_E_MODEL, "does not tell raw from decoded");
    refused("computed_end", ELC_E_MODEL, "does not tell raw from decoded");
}

static void test_inputs_that_are_no_image_are_refused(void **state) {
    (void)state;
    refused("two_inputs", ELC_E_MODEL, "has 2 inputs");
    refused("whole_input", ELC_E_MODEL, "input images is int64");
    refused("flat_input", ELC_E_MODEL, "[batch, 12288] is no image");
    refused("unknown_channels", ELC_E_MODEL, "[batch, c, h, w] is no image");
}

static void test_outputs_of_whole_numbers_are_refused(void **state) {
    (void)state;
    refused("whole_output", ELC_E_MODEL, "output output0 is int64");
}

static void test_metadata_that_cannot_be_read_are_refused(void **state) {
    (void)state;
    refused("names_unreadable", ELC_E_MODEL, "character 5: a quoted name expected");
    refused("stride_unreadable", ELC_E_MODEL, "stride = wide, but a whole number");
}

/* ---- options ------------------------------------------------------------------------
 */

static void refused_options(const char *name, elc_model_options options,
                            const char *part) {
    network_refused(network_path(name), &options, ELC_E_ARGUMENT, part);
}

static void test_a_wrong_head_is_refused_with_the_reason(void **state) {
    (void)state;
    elc_model_options options = {.head = "yolov5"};
    network_refused(network_path("yolov8"), &options, ELC_E_MODEL,
                    "head yolov5 does not fit: output0 [N, 7, 84] has its cells last");
    options.head = "yolox_raw";
    network_refused(network_path("yolov5"), &options, ELC_E_MODEL,
                    "has not the 84 cells of stride 8, 16 and 32 over 64 x 64 px");
}

static void test_an_unknown_head_is_answered_with_the_nearest(void **state) {
    (void)state;
    refused_options("yolov8", (elc_model_options){.head = "yolo8"},
                    "head \"yolo8\" is not known: did you mean yolov8?; the heads are");
}

static void test_options_that_cannot_be_meant_are_refused(void **state) {
    (void)state;
    const double two[] = {0.5, 0.5}, zero[] = {0};
    refused_options("yolov8", (elc_model_options){.device = "tpu"}, "give cpu, cuda");
    refused_options("yolov8", (elc_model_options){.device = "cuda:x"},
                    "give cpu, cuda");
    refused_options("yolov8", (elc_model_options){.channels = "gbr"},
                    "give rgb or bgr");
    refused_options("yolov8", (elc_model_options){.mean = two, .n_mean = 2},
                    "2 numbers of mean given, the network has 3 channels");
    refused_options("yolov8", (elc_model_options){.std = zero, .n_mean = 1},
                    "std of channel 0 is 0");
    refused_options("yolov8", (elc_model_options){.input_width = 640},
                    "chips of 640 px width asked for; the network is made for 64");
    refused_options("small",
                    (elc_model_options){.input_width = 100, .input_height = 64},
                    "needs a multiple of 8, such as 104");
}

static void test_cuda_is_refused_by_a_runtime_without_it(void **state) {
    (void)state;
    elc_model_options options = {.device = "cuda"};
    elc_error err = {0};
    elc_model *model = NULL;
    if (elc_model_open(network_path("yolov8"), &options, &model, &err) == ELC_OK) {
        elc_model_free(model);
        skip();
    }
    assert_int_equal(err.status, ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "cuda"));
}

static void test_a_count_of_names_that_is_wrong_is_refused(void **state) {
    (void)state;
    elc_names names = {0};
    assert_int_equal(elc_names_split(&names, "car,bus", ',', NULL), ELC_OK);
    elc_model_options options = {.classes = &names};
    network_refused(network_path("yolov8"), &options, ELC_E_MODEL, "and 2 are named");
    assert_int_equal(elc_names_split(&names, "tram,boat", ',', NULL), ELC_OK);
    options.head = "yolov8";
    network_refused(network_path("yolov8"), &options, ELC_E_MODEL, "and 4 are named");
    elc_names_free(&names);
}

static void test_a_named_head_reads_as_many_classes_as_are_named(void **state) {
    (void)state;
    elc_model_options options = {.head = "yolov8"};
    elc_model *model = network_open(network_path("wrong_names"), &options);
    assert_int_equal(elc_model_info_at(model)->classes->count, 3);
    elc_model_free(model);
}

static void test_given_names_come_before_the_metadata(void **state) {
    (void)state;
    elc_names names = {0};
    assert_int_equal(elc_names_split(&names, "x,y,z", ',', NULL), ELC_OK);
    elc_model_options options = {.classes = &names};
    elc_model *model = network_open(network_path("names_unreadable"), &options);
    assert_string_equal(elc_model_info_at(model)->classes->items[2], "z");
    elc_model_free(model);
    elc_names_free(&names);
}

static void test_given_preparation_comes_before_the_metadata(void **state) {
    (void)state;
    const double mean[] = {0.1}, std[] = {3};
    elc_model_options options = {
        .channels = "bgr", .scale = 2, .mean = mean, .std = std, .n_mean = 1};
    elc_model *model = network_open(network_path("deepness"), &options);
    const elc_model_info *info = elc_model_info_at(model);
    assert_string_equal(info->channel_order, "bgr");
    assert_float_equal(info->scale, 2, 0);
    assert_float_equal(info->mean[2], 0.1, 0);
    assert_float_equal(info->std[1], 3, 0);
    elc_model_free(model);
}

static void test_a_runtime_that_is_not_there_is_named(void **state) {
    (void)state;
    const char *path = network_path("yolov8");
    const char *set = getenv("ELCANO_ONNXRUNTIME");
    char *before = set == NULL ? NULL : strdup(set);
    setenv("ELCANO_ONNXRUNTIME", "/nowhere/libonnxruntime.so.1", 1);
    network_refused(path, NULL, ELC_E_NOT_FOUND, "/nowhere/libonnxruntime.so.1");
    setenv("ELCANO_ONNXRUNTIME", "libm.so.6", 1);
    network_refused(path, NULL, ELC_E_NOT_FOUND, "libm.so.6 is no ONNX Runtime");
    if (before == NULL)
        unsetenv("ELCANO_ONNXRUNTIME");
    else
        setenv("ELCANO_ONNXRUNTIME", before, 1);
    free(before);
}

/* ---- what is known ------------------------------------------------------------------
 */

static void test_names_may_have_quotes_and_gaps(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("names_odd"), NULL);
    const elc_names *classes = elc_model_info_at(model)->classes;
    assert_int_equal(classes->count, 3);
    assert_string_equal(classes->items[0], "driver's \"car\"");
    assert_string_equal(classes->items[1], "class_1");
    assert_string_equal(classes->items[2], "Gr\xc3\xb6\xc3\x9f"
                                           "e");
    elc_model_free(model);
}

static void test_deepness_metadata_are_read(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("deepness"), NULL);
    const elc_model_info *info = elc_model_info_at(model);
    assert_string_equal(info->classes->items[2], "tram");
    assert_float_equal(info->gsd_m, 0.25, 1e-12);
    assert_float_equal(info->score, 0.3, 1e-12);
    assert_float_equal(info->iou, 0.6, 1e-12);
    assert_float_equal(info->mean[1], 0.25, 0);
    assert_float_equal(info->std[2], 2, 0);
    assert_float_equal(info->scale, 1.0 / 255, 0);
    elc_model_free(model);
}

static void test_own_metadata_are_read(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("own"), NULL);
    const elc_model_info *info = elc_model_info_at(model);
    assert_string_equal(info->channel_order, "bgr");
    assert_int_equal(info->pad, 7);
    assert_float_equal(info->scale, 0.5, 0);
    assert_false(info->instrument);
    elc_model_free(model);
}

static void test_the_instrument_says_what_it_is(void **state) {
    (void)state;
    elc_model *model =
        network_open(planted_instrument("instrument.onnx", "--cap 50"), NULL);
    const elc_model_info *info = elc_model_info_at(model);
    assert_true(info->instrument);
    assert_string_equal(info->head, "yolov8");
    assert_int_equal(info->channels, 5);
    assert_int_equal(info->pad, 0);
    assert_float_equal(info->scale, 1, 0);
    assert_int_equal(info->stride, 1);
    assert_int_equal(info->multiple, 1);
    assert_int_equal(info->cap, 50);
    elc_model_free(model);
}

static void test_open_sizes_take_the_size_that_was_trained(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("small"), NULL);
    const elc_model_info *info = elc_model_info_at(model);
    assert_int_equal(info->input_width, 0);
    assert_int_equal(info->batch, 0);
    assert_int_equal(info->chip_width, 640);
    assert_int_equal(info->chip_height, 640);
    assert_int_equal(info->multiple, 8);
    assert_int_equal(info->stride, 8);
    assert_int_equal(info->cap, 0);
    assert_string_equal(info->head_reason,
                        "output0 [N, 7, A] is 4 + 3 classes, cells last");
    elc_model_free(model);
}

static void test_cells_are_what_grows_with_the_chip(void **state) {
    (void)state;
    static const char *const names[] = {"open_planes", "open_rows"};
    for (size_t i = 0; i < 2; i++) {
        elc_model *model = network_open(network_path(names[i]), NULL);
        const elc_model_info *info = elc_model_info_at(model);
        assert_string_equal(info->head, "yolov8");
        assert_int_equal(info->classes->count, 3);
        assert_int_equal(info->cap, 0);
        elc_model_free(model);
    }
}

static void test_a_fixed_network_fixes_its_chips(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("yolov8_batch_2"), NULL);
    const elc_model_info *info = elc_model_info_at(model);
    assert_int_equal(info->batch, 2);
    assert_int_equal(info->input_width, 64);
    assert_int_equal(info->chip_height, 64);
    assert_int_equal(info->multiple, 1);
    assert_int_equal(info->stride, 32);
    assert_string_equal(info->name, "yolov8_batch_2.onnx");
    assert_int_equal(strlen(info->sha256), 64);
    assert_non_null(strstr(info->runtime, "ONNX Runtime 1."));
    elc_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_text_is_refused_as_a_network),
        cmocka_unit_test(test_an_empty_file_is_refused),
        cmocka_unit_test(test_a_folder_is_refused),
        cmocka_unit_test(test_a_missing_file_is_not_found),
        cmocka_unit_test(test_a_cut_network_is_refused_wherever_it_is_cut),
        cmocka_unit_test(test_unknown_heads_are_refused_with_the_known_ones),
        cmocka_unit_test(test_ambiguous_heads_are_refused_with_the_choice),
        cmocka_unit_test(test_inputs_that_are_no_image_are_refused),
        cmocka_unit_test(test_outputs_of_whole_numbers_are_refused),
        cmocka_unit_test(test_metadata_that_cannot_be_read_are_refused),
        cmocka_unit_test(test_a_wrong_head_is_refused_with_the_reason),
        cmocka_unit_test(test_an_unknown_head_is_answered_with_the_nearest),
        cmocka_unit_test(test_options_that_cannot_be_meant_are_refused),
        cmocka_unit_test(test_cuda_is_refused_by_a_runtime_without_it),
        cmocka_unit_test(test_a_count_of_names_that_is_wrong_is_refused),
        cmocka_unit_test(test_a_named_head_reads_as_many_classes_as_are_named),
        cmocka_unit_test(test_given_names_come_before_the_metadata),
        cmocka_unit_test(test_given_preparation_comes_before_the_metadata),
        cmocka_unit_test(test_a_runtime_that_is_not_there_is_named),
        cmocka_unit_test(test_names_may_have_quotes_and_gaps),
        cmocka_unit_test(test_deepness_metadata_are_read),
        cmocka_unit_test(test_own_metadata_are_read),
        cmocka_unit_test(test_the_instrument_says_what_it_is),
        cmocka_unit_test(test_open_sizes_take_the_size_that_was_trained),
        cmocka_unit_test(test_cells_are_what_grows_with_the_chip),
        cmocka_unit_test(test_a_fixed_network_fixes_its_chips),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
