/* test_any.c - networks that no head reads: opened when asked for, explained and run.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "networks.h"

static const elc_model_options any = {.any = true};

static void test_without_a_head_it_opens_only_when_asked(void **state) {
    (void)state;
    network_refused(network_path("classifier"), NULL, ELC_E_MODEL,
                    "fits no known head");
    elc_model *model = network_open(network_path("classifier"), &any);
    const elc_model_info *info = elc_model_info_at(model);
    assert_null(info->head);
    assert_non_null(strstr(info->head_reason, "fits no known head"));
    assert_null(strstr(info->head_reason, ".onnx"));
    elc_model_free(model);
}

static void test_a_detector_stays_one(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("yolov8"), &any);
    assert_int_equal(elc_model_info_at(model)->kind, ELC_MODEL_DETECTOR);
    assert_string_equal(elc_model_info_at(model)->head, "yolov8");
    elc_model_free(model);
}

static void test_a_wrong_head_is_refused_all_the_same(void **state) {
    (void)state;
    const elc_model_options forced = {.any = true, .head = "yolov8"};
    network_refused(network_path("classifier"), &forced, ELC_E_MODEL, "does not fit");
    const elc_model_options unknown = {.any = true, .head = "yolo8"};
    network_refused(network_path("classifier"), &unknown, ELC_E_ARGUMENT, "yolo8");
}

/* Seven numbers a chip are no rows of YOLOv7's boxes. */
static void test_seven_classes_are_no_boxes(void **state) {
    (void)state;
    network_refused(network_path("classifier"), NULL, ELC_E_MODEL, "no known head");
    network_refused(network_path("classifier_fixed"), NULL, ELC_E_MODEL,
                    "no known head");
    elc_model *rows = network_open(network_path("end_to_end_rows"), NULL);
    assert_string_equal(elc_model_info_at(rows)->head, "end_to_end_rows");
    elc_model_free(rows);
}

static void assert_kind(const char *name, elc_model_kind kind) {
    elc_model *model = network_open(network_path(name), &any);
    if (elc_model_info_at(model)->kind != kind)
        fail_msg("%s: kind %d", name, (int)elc_model_info_at(model)->kind);
    elc_model_free(model);
}

static void test_outputs_tell_what_it_is_for(void **state) {
    (void)state;
    assert_kind("classifier", ELC_MODEL_CLASSIFIER);
    assert_kind("classifier_fixed", ELC_MODEL_CLASSIFIER);
    assert_kind("classifier_named", ELC_MODEL_CLASSIFIER);
    assert_kind("row_fixed", ELC_MODEL_CLASSIFIER);
    assert_kind("maps", ELC_MODEL_CLASSIFIER);
    assert_kind("segmentation_map", ELC_MODEL_MAP);
    assert_kind("label_map", ELC_MODEL_MAP);
    assert_kind("features", ELC_MODEL_VALUES);
    assert_kind("one_number", ELC_MODEL_VALUES);
    assert_kind("two_inputs", ELC_MODEL_VALUES);
}

static elc_string described(const char *name, bool json) {
    elc_model *model = network_open(network_path(name), &any);
    elc_string text = {0};
    assert_int_equal(elc_model_describe(model, json, &text, NULL), ELC_OK);
    elc_model_free(model);
    return text;
}

static void assert_says(const char *name, const char *line) {
    elc_string text = described(name, false);
    if (strstr(text.data, line) == NULL)
        fail_msg("no \"%s\" in\n%s", line, text.data);
    elc_string_free(&text);
}

static void test_the_text_explains_it(void **state) {
    (void)state;
    assert_says("classifier", "kind        classifier, by its output shares: a row");
    assert_says("classifier", "classes     7, not named");
    assert_says("classifier_named", "classes     3: field, roof, water");
    assert_says("two_inputs", "head        none: has 2 inputs");
    assert_says("two_inputs", "            and 1 more");
    assert_says("row_fixed", "head        none: input input [rows, 4] is no image");
    assert_says("ambiguous", "say it by --head");
    assert_says("small", "doubts      channels: the order is not stated");
    assert_says("yolox_raw", "scale: the range of its input is not stated; 0 to 255");
    assert_says("beside/weights_apart", "that must lie beside it: apart.bin");
}

static bool doubts(const char *name, const char *about, const char *option) {
    elc_string text = described(name, true);
    json_t *object = json_loads(text.data, JSON_REJECT_DUPLICATES, NULL);
    json_t *list = json_object_get(object, "doubts");
    bool found = false;
    assert_true(json_is_array(list));
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *doubt = json_array_get(list, i);
        const char *says = json_string_value(json_object_get(doubt, "option"));
        found |=
            !strcmp(json_string_value(json_object_get(doubt, "about")), about) &&
            (option == NULL ? says == NULL : says != NULL && !strcmp(says, option));
    }
    json_decref(object);
    elc_string_free(&text);
    return found;
}

static void test_doubts_name_the_option_to_give(void **state) {
    (void)state;
    assert_true(doubts("small", "channels", "--channels"));
    assert_true(doubts("small", "scale", "--scale"));
    assert_true(doubts("small", "resolution", "--gsd"));
    assert_true(doubts("open_planes", "chip", "--chip"));
    assert_true(doubts("small", "licence", NULL));
    assert_false(doubts("small", "classes", "--classes"));
    assert_true(doubts("list_unnamed", "classes", "--classes"));
    assert_true(doubts("ambiguous", "head", "--head"));
    assert_true(doubts("classifier", "head", NULL));
    assert_true(doubts("detr", "mean", "--mean, --std"));
}

static void test_what_is_stated_is_not_doubted(void **state) {
    (void)state;
    assert_false(doubts("own", "channels", "--channels"));
    assert_false(doubts("own", "scale", "--scale"));
    assert_false(doubts("deepness", "resolution", "--gsd"));
    assert_false(doubts("uint8_nhwc", "scale", "--scale"));
}

static void test_lost_weights_are_named(void **state) {
    (void)state;
    network_refused(network_path("weights_apart"), &any, ELC_E_MODEL,
                    "apart.bin cannot be read");
    elc_model *whole = network_open(network_path("beside/weights_apart"), &any);
    elc_model_free(whole);
}

/* ---- running ------------------------------------------------------------------------
 */

static void test_its_numbers_are_given_as_they_are(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("segmentation_map"), &any);
    elc_inference *place = network_place(model, 1);
    elc_values v = {0};
    size_t output = 9, axis = 9;
    elc_model_answer(model, &output, &axis);
    assert_int_equal(output, 0);
    assert_int_equal(axis, 1);
    assert_int_equal(elc_inference_output(place, 0, &v, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_inference_run(place, 1, NULL), ELC_OK);
    assert_int_equal(elc_inference_output(place, 1, &v, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_inference_output(place, 0, &v, NULL), ELC_OK);
    assert_int_equal(v.rank, 4);
    assert_int_equal(v.count, 32);
    assert_true(v.numbers[2] == 0.75 && v.numbers[3] == 0.25);
    elc_values_clear(&v);
    elc_inference_free(place);
    elc_model_free(model);
}

static void test_it_has_no_boxes(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("classifier"), &any);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    elc_error err = {0};
    assert_int_equal(network_boxes(place, elc_model_info_at(model), 9, &boxes, &err),
                     ELC_E_MODEL);
    assert_non_null(strstr(err.message, "no head reads boxes from it"));
    elc_inference_free(place);
    elc_model_free(model);
}

/* The sum of what goes in. */
static double sum_of(elc_model *model, int64_t open, const double *numbers, size_t n) {
    elc_inference *place = NULL;
    elc_values v = {0};
    assert_int_equal(elc_inference_create(model, 1, open, 0, &place, NULL), ELC_OK);
    assert_int_equal(elc_inference_fill(place, numbers, n, NULL), ELC_OK);
    assert_int_equal(elc_inference_run(place, 1, NULL), ELC_OK);
    assert_int_equal(elc_inference_output(place, 0, &v, NULL), ELC_OK);
    double sum = v.numbers[0];
    elc_values_clear(&v);
    elc_inference_free(place);
    return sum;
}

static void test_rows_of_numbers_go_in(void **state) {
    (void)state;
    const double numbers[] = {1, 2.5, -4};
    elc_model *model = network_open(network_path("row_open"), &any);
    assert_int_equal(elc_model_info_at(model)->channels, 0);
    assert_true(sum_of(model, 3, numbers, 3) == -0.5);
    double generated = sum_of(model, 0, NULL, 0);
    assert_true(generated > 0 && generated < 16);
    assert_true(generated == sum_of(model, 0, NULL, 0));
    elc_model_free(model);
}

static void test_another_count_of_numbers_is_refused(void **state) {
    (void)state;
    const double numbers[] = {1, 2, 3};
    elc_error err = {0};
    elc_inference *place = NULL;
    elc_model *model = network_open(network_path("row_fixed"), &any);
    assert_int_equal(elc_inference_create(model, 1, 3, 0, &place, NULL), ELC_OK);
    assert_int_equal(elc_inference_fill(place, numbers, 3, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "3 numbers given, input takes 4"));
    elc_inference_free(place);
    elc_model_free(model);
}

static void test_several_inputs_are_explained_but_not_run(void **state) {
    (void)state;
    elc_error err = {0};
    elc_inference *place = NULL;
    elc_model *model = network_open(network_path("two_inputs"), &any);
    assert_int_equal(elc_inference_create(model, 1, 0, 0, &place, &err), ELC_E_MODEL);
    assert_non_null(strstr(err.message, "it has several inputs"));
    elc_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_head_it_opens_only_when_asked),
        cmocka_unit_test(test_a_detector_stays_one),
        cmocka_unit_test(test_a_wrong_head_is_refused_all_the_same),
        cmocka_unit_test(test_seven_classes_are_no_boxes),
        cmocka_unit_test(test_outputs_tell_what_it_is_for),
        cmocka_unit_test(test_the_text_explains_it),
        cmocka_unit_test(test_doubts_name_the_option_to_give),
        cmocka_unit_test(test_what_is_stated_is_not_doubted),
        cmocka_unit_test(test_lost_weights_are_named),
        cmocka_unit_test(test_its_numbers_are_given_as_they_are),
        cmocka_unit_test(test_it_has_no_boxes),
        cmocka_unit_test(test_rows_of_numbers_go_in),
        cmocka_unit_test(test_another_count_of_numbers_is_refused),
        cmocka_unit_test(test_several_inputs_are_explained_but_not_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
