/* test_network.c - networks that are cut, added to, and written. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "networks.h"
#include "support/planted.h"

static const char vehicles[] = ELCANO_SOURCE_DIR "/models/vehicle/vehicle.onnx";
static const char deep[] = "/net/stages.2/stages.2.3/Add_output_0";
static const elc_model_options any = {.any = true};

static elc_network *network_of(const char *path) {
    elc_network *network = NULL;
    elc_error err;
    if (elc_network_read(path, &network, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return network;
}

static void check(elc_status status, const elc_error *err) {
    if (status != ELC_OK)
        fail_msg("%s", err->message);
}

/* Its file in the test's folder. */
static const char *written(const elc_network *network, const char *name) {
    elc_string bytes = {0};
    elc_error err;
    check(elc_network_write(network, &bytes, &err), &err);
    const char *path = planted_path(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
    elc_string_free(&bytes);
    return path;
}

/* Output `i` of a chip of noise. */
static elc_values answer_of(const char *path, size_t i) {
    elc_model *model = network_open(path, &any);
    const elc_model_info *info = elc_model_info_at(model);
    uint8_t *noise = network_noise(info, 3);
    elc_inference *place = network_place(model, 1);
    elc_values values = {0};
    elc_error err;
    elc_inference_put(place, 0, noise);
    check(elc_inference_run(place, 1, &err), &err);
    check(elc_inference_output(place, i, &values, &err), &err);
    free(noise);
    elc_inference_free(place);
    elc_model_free(model);
    return values;
}

static void assert_same(const elc_values *a, const elc_values *b) {
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->numbers, b->numbers, a->count * sizeof *a->numbers);
}

static void test_what_is_written_unchanged_is_the_same_network(void **state) {
    (void)state;
    elc_network *network = network_of(vehicles);
    assert_int_equal(elc_network_opset(network), 13);
    assert_string_equal(elc_network_metadata(network, "resolution"), "13");
    assert_null(elc_network_metadata(network, "nothing"));
    elc_values was = answer_of(vehicles, 0),
               is = answer_of(written(network, "same.onnx"), 0);
    assert_same(&was, &is);
    elc_values_clear(&was);
    elc_values_clear(&is);
    elc_network_free(network);
}

/* A head on the deepest features: their means, two rows of weights, and softmax. */
static void add_head(elc_network *network, const char *from) {
    static const char *const pool[] = {"head/pool", NULL},
                             *const row[] = {"head/row", NULL},
                             *const logits[] = {"head/logits", NULL},
                             *const shares[] = {"probabilities", NULL};
    const char *const first[] = {from, NULL};
    const char *const gemm[] = {"head/row", "head/w", "head/b", NULL};
    const elc_attribute transposed[] = {
        {.name = "transB", .kind = ELC_ATTRIBUTE_INT, .whole = 1}, {0}};
    const elc_attribute along[] = {
        {.name = "axis", .kind = ELC_ATTRIBUTE_INT, .whole = 1}, {0}};
    float w[256], b[2] = {0.5f, -0.5f};
    elc_error err;
    for (int i = 0; i < 256; i++)
        w[i] = (float)(i % 7 - 3) / 64;
    check(elc_network_add_floats(network, "head/w", w, (const int64_t[]){2, 128}, 2,
                                 &err),
          &err);
    check(elc_network_add_floats(network, "head/b", b, (const int64_t[]){2}, 1, &err),
          &err);
    check(elc_network_add_node(network, "GlobalAveragePool", first, pool, NULL, &err),
          &err);
    check(elc_network_add_node(network, "Flatten", pool, row, along, &err), &err);
    check(elc_network_add_node(network, "Gemm", gemm, logits, transposed, &err), &err);
    check(elc_network_add_node(network, "Softmax", logits, shares, along, &err), &err);
    check(elc_network_add_output(network, "probabilities", "n,2", &err), &err);
}

/* By hand, from the features alone. */
static double share_of_first(const elc_values *features) {
    size_t cells = features->count / 128;
    double scores[2] = {0.5, -0.5};
    for (size_t i = 0; i < 128; i++) {
        double mean = 0;
        for (size_t c = 0; c < cells; c++)
            mean += features->numbers[i * cells + c] / (double)cells;
        for (size_t k = 0; k < 2; k++)
            scores[k] += mean * ((double)((128 * k + i) % 7) - 3) / 64;
    }
    return 1 / (1 + exp(scores[1] - scores[0]));
}

static void test_a_cut_network_gets_a_head(void **state) {
    (void)state;
    const char *const tensors[] = {deep, NULL};
    elc_error err;
    elc_network *bare = network_of(vehicles), *headed = network_of(vehicles);
    check(elc_network_cut(bare, tensors, 1, &err), &err);
    check(elc_network_add_output(bare, deep, "n,128,h,w", &err), &err);
    check(elc_network_cut(headed, tensors, 1, &err), &err);
    add_head(headed, deep);
    elc_values features = answer_of(written(bare, "bare.onnx"), 0);
    elc_values shares = answer_of(written(headed, "headed.onnx"), 0);
    assert_int_equal(features.dims[1], 128);
    assert_int_equal(shares.count, 2);
    assert_string_equal(shares.name, "probabilities");
    assert_true(fabs(shares.numbers[0] - share_of_first(&features)) < 1e-5);
    elc_values_clear(&features);
    elc_values_clear(&shares);
    elc_network_free(bare);
    elc_network_free(headed);
}

static void test_a_cut_leaves_out_what_is_not_needed(void **state) {
    (void)state;
    const char *const tensors[] = {"/net/stem/stem.2/Relu_output_0"};
    elc_network *network = network_of(vehicles);
    elc_string bytes = {0};
    elc_error err;
    check(elc_network_cut(network, tensors, 1, &err), &err);
    check(elc_network_add_output(network, tensors[0], "n,16,h,w", &err), &err);
    check(elc_network_write(network, &bytes, &err), &err);
    assert_true(bytes.size < 10000);
    assert_null(memmem(bytes.data, bytes.size, "stages", 6));
    elc_string_free(&bytes);
    elc_network_free(network);
}

static void test_several_tensors_may_be_kept(void **state) {
    (void)state;
    const char *const tensors[] = {"/net/heat/Conv_output_0", deep};
    elc_network *network = network_of(vehicles);
    elc_error err;
    check(elc_network_cut(network, tensors, 2, &err), &err);
    for (int i = 0; i < 2; i++)
        check(elc_network_add_output(network, tensors[i], "n,c,h,w", &err), &err);
    elc_values second = answer_of(written(network, "two.onnx"), 1);
    assert_int_equal(second.dims[1], 128);
    elc_values_clear(&second);
    elc_network_free(network);
}

static void refuse_cut(const char *path, const char *tensor, elc_status status,
                       const char *part) {
    const char *const tensors[] = {tensor};
    elc_network *network = network_of(path);
    elc_error err;
    assert_int_equal(elc_network_cut(network, tensors, 1, &err), status);
    if (strstr(err.message, part) == NULL)
        fail_msg("%s", err.message);
    elc_network_free(network);
}

static void test_a_tensor_that_is_not_there_is_refused(void **state) {
    (void)state;
    refuse_cut(vehicles, "pool", ELC_E_NOT_FOUND, "no tensor pool");
    refuse_cut(vehicles, "", ELC_E_NOT_FOUND, "no tensor");
    refuse_cut(vehicles, "/net/Constant_output_0", ELC_E_NOT_FOUND, "input leads to");
}

static void refuse_bytes(const char *bytes, size_t n) {
    elc_network *network = NULL;
    elc_error err;
    assert_int_equal(elc_network_parse(bytes, n, "odd.onnx", &network, &err),
                     ELC_E_FORMAT);
    assert_non_null(strstr(err.message, "odd.onnx: is no ONNX network"));
    assert_null(network);
}

static void test_what_is_no_network_is_refused(void **state) {
    (void)state;
    elc_network *network = NULL;
    elc_error err;
    refuse_bytes("", 0);
    refuse_bytes("GIF89a, and more of it", 22);
    elc_string file = {0};
    check(elc_file_read(vehicles, 64 << 20, &file, &err), &err);
    refuse_bytes(file.data, file.size / 2);
    elc_string_free(&file);
    assert_int_equal(elc_network_read("no/such.onnx", &network, &err), ELC_E_NOT_FOUND);
}

static void test_weights_in_other_files_are_refused(void **state) {
    (void)state;
    elc_network *network = NULL;
    elc_error err;
    assert_int_equal(elc_network_read(network_path("weights_apart"), &network, &err),
                     ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "apart.bin"));
    assert_non_null(strstr(err.message, "onnx.save"));
}

static void test_metadata_are_replaced_and_taken_away(void **state) {
    (void)state;
    elc_network *network = network_of(vehicles), *again = NULL;
    elc_string bytes = {0};
    elc_error err;
    check(elc_network_set_metadata(network, "resolution", "20", &err), &err);
    check(elc_network_set_metadata(network, "license", NULL, &err), &err);
    check(elc_network_set_metadata(network, "elcano.trained", "grün", &err), &err);
    assert_int_equal(elc_network_set_metadata(network, "x", "\xff", &err),
                     ELC_E_ARGUMENT);
    check(elc_network_write(network, &bytes, &err), &err);
    check(elc_network_parse(bytes.data, bytes.size, "again", &again, &err), &err);
    assert_string_equal(elc_network_metadata(again, "resolution"), "20");
    assert_string_equal(elc_network_metadata(again, "elcano.trained"), "grün");
    assert_null(elc_network_metadata(again, "license"));
    assert_non_null(elc_network_metadata(again, "names"));
    elc_network_clear_metadata(again);
    assert_null(elc_network_metadata(again, "names"));
    elc_string_free(&bytes);
    elc_network_free(network);
    elc_network_free(again);
}

static void test_the_same_calls_give_the_same_bytes(void **state) {
    (void)state;
    const char *const tensors[] = {deep};
    elc_string bytes[2] = {{0}, {0}};
    elc_error err;
    for (int i = 0; i < 2; i++) {
        elc_network *network = network_of(vehicles);
        check(elc_network_cut(network, tensors, 1, &err), &err);
        add_head(network, deep);
        check(elc_network_write(network, &bytes[i], &err), &err);
        elc_network_free(network);
    }
    assert_int_equal(bytes[0].size, bytes[1].size);
    assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].size);
    elc_string_free(&bytes[0]);
    elc_string_free(&bytes[1]);
}

static void test_a_tensor_is_made_once(void **state) {
    (void)state;
    elc_network *network = network_of(vehicles);
    const float one = 1;
    elc_error err;
    check(elc_network_add_floats(network, "head/a", &one, NULL, 0, &err), &err);
    assert_int_equal(elc_network_add_floats(network, "head/a", &one, NULL, 0, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "head/a is made twice"));
    const int64_t huge[] = {INT64_MAX, 3}, negative[] = {-1};
    assert_int_equal(elc_network_add_floats(network, "b", &one, huge, 2, &err),
                     ELC_E_MEMORY);
    assert_int_equal(elc_network_add_floats(network, "b", &one, negative, 1, &err),
                     ELC_E_MEMORY);
    elc_network_free(network);
}

/* A network that has a head of ours already gets names of its own for the next one. */
static void test_a_prefix_is_free(void **state) {
    (void)state;
    const char *const tensors[] = {deep};
    elc_network *network = network_of(vehicles), *again = NULL;
    elc_string bytes = {0};
    char prefix[ELC_PREFIX_SIZE];
    elc_error err;
    check(elc_network_prefix(network, "head", prefix, &err), &err);
    assert_string_equal(prefix, "head/");
    check(elc_network_cut(network, tensors, 1, &err), &err);
    add_head(network, deep);
    check(elc_network_write(network, &bytes, &err), &err);
    check(elc_network_parse(bytes.data, bytes.size, "again", &again, &err), &err);
    check(elc_network_prefix(again, "head", prefix, &err), &err);
    assert_string_equal(prefix, "head2/");
    elc_string_free(&bytes);
    elc_network_free(network);
    elc_network_free(again);
}

/* All kinds of attributes, constants and open sizes: a grid of cells as detectors need
   it, its rows times two and a half. */
static void test_grids_of_open_sizes_can_be_written(void **state) {
    (void)state;
    const char *const tensors[] = {"/net/heat/Conv_output_0"};
    elc_network *network = network_of(vehicles);
    elc_error err;
    const int64_t two = 2, whole = 1;
    const float start = 0, step = 1, factor = 2.5f;
    const elc_attribute to_float[] = {
        {.name = "to", .kind = ELC_ATTRIBUTE_INT, .whole = 1}, {0}};
    const elc_attribute pooled[] = {
        {.name = "kernel_shape",
         .kind = ELC_ATTRIBUTE_INTS,
         .wholes = (const int64_t[]){3, 3},
         .n = 2},
        {.name = "pads",
         .kind = ELC_ATTRIBUTE_INTS,
         .wholes = (const int64_t[]){1, 1, 1, 1},
         .n = 4},
        {.name = "auto_pad", .kind = ELC_ATTRIBUTE_TEXT, .text = "NOTSET"},
        {0}};
    check(elc_network_cut(network, tensors, 1, &err), &err);
    check(elc_network_add_ints(network, "g/two", &two, NULL, 0, &err), &err);
    check(elc_network_add_ints(network, "g/one", &whole, (const int64_t[]){1}, 1, &err),
          &err);
    check(elc_network_add_floats(network, "g/start", &start, NULL, 0, &err), &err);
    check(elc_network_add_floats(network, "g/step", &step, NULL, 0, &err), &err);
    check(elc_network_add_floats(network, "g/factor", &factor, NULL, 0, &err), &err);
#define NAMES(...)                                                                     \
    (const char *const[]) {                                                            \
        __VA_ARGS__, NULL                                                              \
    }
    const struct {
        const char *op;
        const char *const *inputs, *const *outputs;
        const elc_attribute *attributes;
    } nodes[] = {
        {"MaxPool", NAMES(tensors[0]), NAMES("g/peaks"), pooled},
        {"Shape", NAMES("g/peaks"), NAMES("g/shape"), NULL},
        {"Gather", NAMES("g/shape", "g/two"), NAMES("g/rows"), NULL},
        {"Cast", NAMES("g/rows"), NAMES("g/end"), to_float},
        {"Range", NAMES("g/start", "g/end", "g/step"), NAMES("g/range"), NULL},
        {"Mul", NAMES("g/range", "g/factor"), NAMES("grid"), NULL},
    };
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++)
        check(elc_network_add_node(network, nodes[i].op, nodes[i].inputs,
                                   nodes[i].outputs, nodes[i].attributes, &err),
              &err);
    check(elc_network_add_output(network, "grid", "rows", &err), &err);
    elc_values grid = answer_of(written(network, "grid.onnx"), 0);
    assert_int_equal(grid.count, 160);
    assert_true(grid.numbers[159] == 397.5);
    elc_values_clear(&grid);
    elc_network_free(network);
}

/* What a tap's info borrows is still there, though the network was opened anew. */
static void test_a_tap_keeps_what_the_metadata_say(void **state) {
    (void)state;
    const elc_model_options tap = {.tensor = deep};
    elc_model *model = network_open(vehicles, &tap);
    assert_string_equal(elc_model_info_at(model)->license, "CC BY-SA 4.0");
    assert_true(elc_model_info_at(model)->gsd_m == 0.13);
    elc_model_free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_unchanged_is_the_same_network),
        cmocka_unit_test(test_a_cut_network_gets_a_head),
        cmocka_unit_test(test_a_cut_leaves_out_what_is_not_needed),
        cmocka_unit_test(test_several_tensors_may_be_kept),
        cmocka_unit_test(test_a_tensor_that_is_not_there_is_refused),
        cmocka_unit_test(test_what_is_no_network_is_refused),
        cmocka_unit_test(test_weights_in_other_files_are_refused),
        cmocka_unit_test(test_metadata_are_replaced_and_taken_away),
        cmocka_unit_test(test_the_same_calls_give_the_same_bytes),
        cmocka_unit_test(test_a_tensor_is_made_once),
        cmocka_unit_test(test_a_prefix_is_free),
        cmocka_unit_test(test_grids_of_open_sizes_can_be_written),
        cmocka_unit_test(test_a_tap_keeps_what_the_metadata_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
