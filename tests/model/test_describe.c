/* test_describe.c - what `model info` says, as text and as JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "networks.h"
#include "support/planted.h"

static elc_string described(const char *path, bool json) {
    elc_model *model = network_open(path, NULL);
    elc_string text = {0};
    assert_int_equal(elc_model_describe(model, json, &text, NULL), ELC_OK);
    elc_model_free(model);
    return text;
}

/* The lines of the SHA-256 and the runtime differ from build to build. */
static void drop_line(char *text, const char *start) {
    char *line = strstr(text, start);
    assert_non_null(line);
    char *end = strchr(line, '\n') + 1;
    memmove(line, end, strlen(end) + 1);
}

static void test_the_text_says_what_there_is(void **state) {
    (void)state;
    elc_string expected = {0}, text = described(network_path("deepness"), false);
    assert_int_equal(elc_file_read(ELCANO_SOURCE_DIR "/tests/model/describe.txt",
                                   1 << 16, &expected, NULL),
                     ELC_OK);
    drop_line(text.data, "  sha-256     ");
    drop_line(text.data, "  runtime     ONNX Runtime 1.");
    assert_string_equal(text.data, expected.data);
    elc_string_free(&text);
    elc_string_free(&expected);
}

static void assert_says(const char *name, const char *line) {
    elc_string text = described(network_path(name), false);
    if (strstr(text.data, line) == NULL)
        fail_msg("no \"%s\" in\n%s", line, text.data);
    elc_string_free(&text);
}

static void test_each_kind_of_network_is_told_apart(void **state) {
    (void)state;
    assert_says("small", "640 x 640 px by default, any multiple of 8; steps of 8 px");
    assert_says("yolov8_batch_2", "batch       2, fixed by the network");
    assert_says("end_to_end", "at most 300 boxes a chip");
    assert_says("end_to_end", "NMS         not needed, the network has done it");
    assert_says("yolox_raw", "BGR, values 0 to 255 as they are; padded with 114");
    assert_says("yolox_raw", "the graph ends with offsets and log sizes");
    assert_says("yolox_raw", "classes     not named: class_0 to class_2");
    assert_says("five_channels", "5 channels, values / 255");
    assert_says("names_odd", "classes     3: driver's \"car\", class_1, Gr");
    assert_says("own", "BGR, values x 0.5; padded with 7");
    assert_says("yolov5_with_maps",
                "\n              map: float32 [batch, 3, 8, 8, 8]\n");
}

static void test_the_instrument_is_called_one(void **state) {
    (void)state;
    elc_string text = described(planted_instrument("instrument.onnx", ""), false);
    assert_non_null(strstr(text.data, "a test instrument that reads planted codes"));
    assert_non_null(strstr(text.data, "640 x 640 px by default, any size"));
    elc_string_free(&text);
}

static void test_threshold_and_flip_are_shown(void **state) {
    (void)state;
    const elc_model_options options = {.threshold = 128, .flip = "both"};
    elc_model *model = network_open(network_path("small"), &options);
    elc_string text = {0}, json = {0};
    assert_int_equal(elc_model_describe(model, false, &text, NULL), ELC_OK);
    assert_int_equal(elc_model_describe(model, true, &json, NULL), ELC_OK);
    assert_non_null(strstr(text.data, "RGB, 0 below 128 and 255 from it on, values / "
                                      "255; padded with 114; flipped: both\n"));
    assert_non_null(strstr(json.data, "\"threshold\": 128"));
    assert_non_null(strstr(json.data, "\"flip\": \"both\""));
    elc_string_free(&text);
    elc_string_free(&json);
    elc_model_free(model);
}

static json_t *parsed(const char *name) {
    elc_string text = described(network_path(name), true);
    json_t *object = json_loads(text.data, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    elc_string_free(&text);
    return object;
}

static void test_the_json_holds_all_of_it(void **state) {
    (void)state;
    json_t *object = parsed("small");
    const char *head, *layout, *wide, *car, *stride;
    int multiple, scores;
    assert_int_equal(json_unpack(object, "{s:s, s:s, s:{s:[s, i, s]}, s:[s], s:{s:s}}",
                                 "head", &head, "layout", &layout, "input", "shape",
                                 &wide, &scores, &stride, "classes", &car, "metadata",
                                 "stride", &stride),
                     0);
    assert_string_equal(head, "yolov8");
    assert_string_equal(layout, "NCHW");
    assert_string_equal(wide, "batch");
    assert_int_equal(scores, 3);
    assert_string_equal(car, "car");
    assert_string_equal(stride, "8");
    assert_int_equal(json_unpack(object, "{s:{s:i}}", "chips", "multiple", &multiple),
                     0);
    assert_int_equal(multiple, 8);
    assert_true(json_is_null(json_object_get(object, "score")));
    json_decref(object);
}

static void test_the_json_keeps_odd_names(void **state) {
    (void)state;
    json_t *object = parsed("names_odd");
    json_t *classes = json_object_get(object, "classes");
    assert_string_equal(json_string_value(json_array_get(classes, 0)),
                        "driver's \"car\"");
    json_decref(object);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_text_says_what_there_is),
        cmocka_unit_test(test_each_kind_of_network_is_told_apart),
        cmocka_unit_test(test_the_instrument_is_called_one),
        cmocka_unit_test(test_threshold_and_flip_are_shown),
        cmocka_unit_test(test_the_json_holds_all_of_it),
        cmocka_unit_test(test_the_json_keeps_odd_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
