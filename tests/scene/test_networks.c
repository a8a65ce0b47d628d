/* test_networks.c - the written networks load, run, and say what they must. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "network.h"
#include "render.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static float *grey_chips(int64_t n, int64_t channels, int64_t side) {
    size_t count = (size_t)(n * channels * side * side);
    float *in = malloc(count * sizeof *in);
    assert_non_null(in);
    for (size_t i = 0; i < count; i++)
        in[i] = (float)(i * 7919 % 256) / 255;
    return in;
}

/* Runs n chips, and expects finite values of these dimensions. */
static void expect_runs(const char *path, int64_t n, int64_t side, int64_t rows,
                        int64_t anchors) {
    network *net = network_open(path);
    float *in = grey_chips(n, 3, side);
    int64_t dims[3];
    float *out = network_run(net, in, false, (int64_t[4]){n, 3, side, side}, dims);
    assert_int_equal(dims[0], n);
    assert_int_equal(dims[1], rows);
    assert_int_equal(dims[2], anchors);
    for (int64_t i = 0; i < n * rows * anchors; i++)
        assert_true(isfinite(out[i]));
    free(in);
    free(out);
    network_close(net);
}

static void test_networks_small_runs_at_any_size(void **state) {
    (void)state;
    assert_int_equal(render_python("networks.py small s.onnx >said"), 0);
    assert_int_equal(render_shell("grep -q '^s.onnx: 0.14 GFLOP at 640 px' said"), 0);
    expect_runs("s.onnx", 1, 640, 7, 6400);
    expect_runs("s.onnx", 3, 256, 7, 1024);
}

static void test_networks_yolov8n_runs_at_any_size(void **state) {
    (void)state;
    assert_int_equal(render_python("networks.py yolov8n y.onnx >said"), 0);
    assert_int_equal(render_shell("grep -q '^y.onnx: 8.74 GFLOP at 640 px' said"), 0);
    expect_runs("y.onnx", 1, 320, 84, 2100);
    expect_runs("y.onnx", 2, 64, 84, 84);
}

static void test_networks_seed_gives_the_same_bytes(void **state) {
    (void)state;
    assert_int_equal(render_python("networks.py small a.onnx --seed 4 >said"), 0);
    assert_int_equal(render_python("networks.py small b.onnx --seed 4 >said"), 0);
    assert_int_equal(render_python("networks.py small c.onnx --seed 5 >said"), 0);
    assert_int_equal(render_shell("cmp -s a.onnx b.onnx"), 0);
    assert_int_equal(render_shell("cmp -s a.onnx c.onnx"), 1);
}

/* Value `column` of row `row`, whichever of the last two dimensions holds the rows. */
static float value_at(const float *out, const int64_t dims[3], bool rows_last, int row,
                      int column) {
    return rows_last ? out[column * dims[2] + row] : out[row * dims[2] + column];
}

typedef struct head {
    const char *file;
    int64_t rows, columns;
    bool rows_last;
    int places[3]; /* of the three known boxes */
    float first[3][4];
} head;

static void expect_head(const head *h) {
    network *net = network_open(h->file);
    float *in = grey_chips(2, 3, 64);
    int64_t dims[3];
    float *out = network_run(net, in, false, (int64_t[4]){2, 3, 64, 64}, dims);
    assert_int_equal(dims[1], h->rows_last ? h->columns : h->rows);
    assert_int_equal(dims[2], h->rows_last ? h->rows : h->columns);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 4; k++)
            for (int chip = 0; chip < 2; chip++) {
                float value = value_at(out + chip * dims[1] * dims[2], dims,
                                       h->rows_last, h->places[i], k);
                assert_true(fabsf(value - h->first[i][k]) < 1e-4f);
            }
    free(in);
    free(out);
    network_close(net);
}

/* Centre, width and height; end to end corners; YOLOX raw offsets and logarithms. */
static const head heads[] = {{"h/yolov5.onnx",
                              252,
                              8,
                              false,
                              {3, 40, 77},
                              {{20, 17, 20, 10}, {46, 24, 12, 32}, {15, 55, 20, 10}}},
                             {"h/yolov8.onnx",
                              84,
                              7,
                              true,
                              {3, 40, 77},
                              {{20, 17, 20, 10}, {46, 24, 12, 32}, {15, 55, 20, 10}}},
                             {"h/yolov8_transposed.onnx",
                              84,
                              7,
                              false,
                              {3, 40, 77},
                              {{20, 17, 20, 10}, {46, 24, 12, 32}, {15, 55, 20, 10}}},
                             {"h/yolov8_batch_2.onnx",
                              84,
                              7,
                              true,
                              {3, 40, 77},
                              {{20, 17, 20, 10}, {46, 24, 12, 32}, {15, 55, 20, 10}}},
                             {"h/end_to_end.onnx",
                              300,
                              6,
                              false,
                              {0, 1, 2},
                              {{10, 12, 30, 22}, {40, 8, 52, 40}, {5, 50, 25, 60}}},
                             {"h/yolox_raw.onnx",
                              84,
                              8,
                              false,
                              {18, 70, 82},
                              {{0.5f, 0.125f, 0.916291f, 0.223144f},
                               {0.875f, 0.5f, -0.287682f, 0.693147f},
                               {0.46875f, 0.71875f, -0.470004f, -1.163151f}}},
                             {"h/yolox_decoded.onnx",
                              84,
                              8,
                              false,
                              {18, 70, 82},
                              {{20, 17, 20, 10}, {46, 24, 12, 32}, {15, 55, 20, 10}}}};

static void test_networks_heads_give_the_known_boxes(void **state) {
    (void)state;
    assert_int_equal(render_python("networks.py heads h"), 0);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        expect_head(&heads[i]);
}

#define IN_A_FOLDER(test)                                                              \
    cmocka_unit_test_setup_teardown(test, render_setup, render_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(test_networks_small_runs_at_any_size),
        IN_A_FOLDER(test_networks_yolov8n_runs_at_any_size),
        IN_A_FOLDER(test_networks_seed_gives_the_same_bytes),
        IN_A_FOLDER(test_networks_heads_give_the_known_boxes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
