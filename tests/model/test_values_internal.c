/* test_values_internal.c - numbers of any type, as double and back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "model/values.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const ONNXTensorElementDataType writable[] = {
    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT,   ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE,
    ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64,
    ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32,   ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8};

static void test_small_whole_numbers_come_back_in_each_type(void **state) {
    (void)state;
    const double numbers[] = {0, 1, 2, 100, 255};
    for (size_t t = 0; t < sizeof writable / sizeof *writable; t++) {
        unsigned char bytes[5 * 8];
        double back[5];
        assert_true(elc_values_from_double(writable[t], numbers, 5, bytes));
        assert_true(elc_values_to_double(writable[t], bytes, 5, back));
        assert_memory_equal(numbers, back, sizeof back);
    }
}

static void test_what_a_type_cannot_hold_is_cut(void **state) {
    (void)state;
    const double numbers[] = {1e30, -1e30, (double)NAN};
    uint8_t bytes[3];
    int32_t ints[3];
    int64_t longs[3];
    assert_true(
        elc_values_from_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, numbers, 3, bytes));
    assert_true(
        elc_values_from_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, numbers, 3, ints));
    assert_true(
        elc_values_from_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, numbers, 3, longs));
    assert_int_equal(bytes[0], 255);
    assert_int_equal(bytes[1], 0);
    assert_int_equal(ints[0], INT32_MAX);
    assert_int_equal(ints[1], INT32_MIN);
    assert_true(longs[0] > (int64_t)8e18 && longs[1] < (int64_t)-8e18);
}

static void test_each_type_of_output_is_read(void **state) {
    (void)state;
    const int16_t shorts[] = {-3, 7};
    const uint16_t words[] = {65535, 7};
    const int8_t bytes[] = {-3, 7};
    const bool truths[] = {true, false};
    double out[2];
    assert_true(
        elc_values_to_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16, shorts, 2, out));
    assert_true(out[0] == -3 && out[1] == 7);
    assert_true(
        elc_values_to_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16, words, 2, out));
    assert_true(out[0] == 65535 && out[1] == 7);
    assert_true(
        elc_values_to_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8, bytes, 2, out));
    assert_true(out[0] == -3 && out[1] == 7);
    assert_true(
        elc_values_to_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL, truths, 2, out));
    assert_true(out[0] == 1 && out[1] == 0);
}

static void test_other_types_are_refused(void **state) {
    (void)state;
    const double numbers[] = {1};
    unsigned char bytes[16] = {0};
    double back[1];
    assert_false(elc_values_from_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING, numbers,
                                        1, bytes));
    assert_false(
        elc_values_to_double(ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64, bytes, 1, back));
}

static void test_more_than_can_be_shown_is_refused(void **state) {
    (void)state;
    elc_error err = {0};
    char name[] = "map";
    elc_values v = {.name = name, .rank = 2, .dims = {1 << 20, 1 << 20}};
    assert_int_equal(
        elc_values_take(ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, NULL, &v, &err),
        ELC_E_MODEL);
    assert_non_null(strstr(err.message, "map holds 1099511627776 numbers"));
    assert_null(v.numbers);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_whole_numbers_come_back_in_each_type),
        cmocka_unit_test(test_what_a_type_cannot_hold_is_cut),
        cmocka_unit_test(test_each_type_of_output_is_read),
        cmocka_unit_test(test_other_types_are_refused),
        cmocka_unit_test(test_more_than_can_be_shown_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
