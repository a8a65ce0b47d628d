/* test_try_internal.c - networks that were made, and do not do what they should. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/networks/try.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char vehicles[] = ELCANO_SOURCE_DIR "/models/vehicle/vehicle.onnx";
static char *const names[] = {"car", "truck", "bus"};
static const elc_names classes = {.items = (char **)names, .count = 3};
static const network_promise detector = {"made.onnx", ELC_MODEL_DETECTOR, &classes};

static elc_network *network_of_vehicles(void) {
    elc_network *network = NULL;
    assert_int_equal(elc_network_read(vehicles, &network, NULL), ELC_OK);
    return network;
}

/* What is said of it; frees it. */
static elc_error tried(elc_network *network, const network_promise *promise) {
    elc_string bytes = {0};
    elc_error err = {0};
    assert_int_equal(elc_network_write(network, &bytes, &err), ELC_OK);
    elc_status status = elc_network_try(promise, &bytes, &err);
    assert_int_equal(status, err.message[0] == '\0' ? ELC_OK : ELC_E_MODEL);
    elc_string_free(&bytes);
    elc_network_free(network);
    return err;
}

static void test_a_network_that_works_passes(void **state) {
    (void)state;
    assert_string_equal(tried(network_of_vehicles(), &detector).message, "");
}

static void test_an_operator_that_onnx_does_not_have_is_found(void **state) {
    (void)state;
    elc_network *network = network_of_vehicles();
    const char *const inputs[] = {"output0", NULL}, *const outputs[] = {"x", NULL};
    assert_int_equal(
        elc_network_add_node(network, "Guess", inputs, outputs, NULL, NULL), ELC_OK);
    elc_error err = tried(network, &detector);
    assert_non_null(strstr(err.message, "made.onnx: is not written"));
    assert_non_null(strstr(err.message, "Guess"));
}

static void test_other_names_of_classes_are_found(void **state) {
    (void)state;
    static char *const others[] = {"car", "truck", "tram"};
    const elc_names wanted = {.items = (char **)others, .count = 3};
    const network_promise promise = {"made.onnx", ELC_MODEL_DETECTOR, &wanted};
    elc_error err = tried(network_of_vehicles(), &promise);
    assert_non_null(strstr(err.message, "other names"));
}

static void test_a_detector_is_no_classifier(void **state) {
    (void)state;
    const network_promise promise = {"made.onnx", ELC_MODEL_CLASSIFIER, &classes};
    elc_error err = tried(network_of_vehicles(), &promise);
    assert_non_null(strstr(err.message, "is not written"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_network_that_works_passes),
        cmocka_unit_test(test_an_operator_that_onnx_does_not_have_is_found),
        cmocka_unit_test(test_other_names_of_classes_are_found),
        cmocka_unit_test(test_a_detector_is_no_classifier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
