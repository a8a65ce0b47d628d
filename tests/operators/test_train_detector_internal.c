/* test_train_detector_internal.c - turned chips, and heads as nodes of a network. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "operators/train_detector/network.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIDE = 64, CHIP = 128 };

static double unit(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

/* ---- turns and warps --------------------------------------------------------------
 */

/* A white box on black. */
static void paint(uint8_t *pixels, const double box[4]) {
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            pixels[y * SIDE + x] = x + 0.5 > box[0] && x + 0.5 < box[2] &&
                                           y + 0.5 > box[1] && y + 0.5 < box[3]
                                       ? 255
                                       : 0;
}

/* The box round what is brighter than half. */
static void find(const uint8_t *pixels, double box[4]) {
    double b[4] = {SIDE, SIDE, 0, 0};
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            if (pixels[y * SIDE + x] > 127) {
                b[0] = fmin(b[0], x);
                b[1] = fmin(b[1], y);
                b[2] = fmax(b[2], x + 1);
                b[3] = fmax(b[3], y + 1);
            }
    memcpy(box, b, sizeof b);
}

static void test_a_box_turns_with_its_pixels(void **state) {
    (void)state;
    uint8_t pixels[SIDE * SIDE], turned[SIDE * SIDE];
    double seen[TRAIN_TURNS][4];
    const double box[4] = {3, 10, 20, 17};
    paint(pixels, box);
    for (int turn = 0; turn < TRAIN_TURNS; turn++) {
        double moved[4];
        memcpy(moved, box, sizeof moved);
        elc_train_turn_pixels(turn, SIDE, SIDE, 1, pixels, turned);
        elc_train_turn_box(turn, SIDE, SIDE, moved);
        find(turned, seen[turn]);
        assert_memory_equal(moved, seen[turn], sizeof moved);
        for (int i = 0; i < turn; i++)
            assert_memory_not_equal(seen[i], seen[turn], sizeof moved);
    }
}

static void test_a_box_is_stretched_with_its_pixels(void **state) {
    (void)state;
    uint8_t pixels[SIDE * SIDE], moved[SIDE * SIDE];
    for (uint64_t seed = 1; seed < 20; seed++) {
        train_warp warp;
        double box[4] = {24, 26, 36, 44}, seen[4];
        paint(pixels, box);
        elc_train_warp_choose(seed, 1, &warp);
        assert_true(warp.x > 0.7 && warp.x < 1.6 && warp.y > 0.7 && warp.y < 1.6);
        for (int v = 0; v < 256; v++)
            warp.light[0][v] = (uint8_t)v;
        elc_train_warp_pixels(&warp, SIDE, SIDE, 1, 0, pixels, moved);
        elc_train_warp_box(&warp, SIDE, SIDE, box);
        find(moved, seen);
        for (int k = 0; k < 4; k++)
            assert_true(fabs(box[k] - seen[k]) <= 1);
    }
}

/* ---- the head as nodes -------------------------------------------------------------
 */

static const char *const tensors[] = {"/net/merge4/merge4.2/Relu_output_0",
                                      "/net/Add_output_0"};

static elc_box_head *make_head(size_t hidden) {
    size_t in = hidden > 0 ? hidden : 88;
    uint64_t seed = 7;
    elc_box_head *h = calloc(1, sizeof *h);
    *h = (elc_box_head){.channels = 88, .hidden = hidden, .classes = 3, .unit_px = 16};
    h->first = calloc(hidden * 88 + 1, sizeof *h->first);
    h->first_bias = calloc(hidden + 1, sizeof *h->first_bias);
    h->last = calloc(7 * in, sizeof *h->last);
    h->last_bias = calloc(7, sizeof *h->last_bias);
    for (size_t i = 0; i < hidden * 88; i++)
        h->first[i] = (float)(unit(&seed) - 0.5);
    for (size_t i = 0; i < hidden; i++)
        h->first_bias[i] = (float)(unit(&seed) - 0.5);
    for (size_t i = 0; i < 7 * in; i++)
        h->last[i] = (float)(0.4 * (unit(&seed) - 0.5));
    for (size_t i = 0; i < 7; i++)
        h->last_bias[i] = (float)(unit(&seed) - 0.5);
    return h;
}

static elc_model *open_bytes(elc_network *network, bool any) {
    char path[] = "/tmp/elcano-test-XXXXXX.onnx";
    elc_string bytes = {0};
    elc_error err = {0};
    elc_model *model = NULL;
    assert_int_equal(elc_network_write(network, &bytes, NULL), ELC_OK);
    int file = mkstemps(path, 5);
    assert_int_equal(write(file, bytes.data, bytes.size), (ssize_t)bytes.size);
    close(file);
    elc_model_options o = {.any = any, .input_width = CHIP, .input_height = CHIP};
    if (elc_model_open(path, &o, &model, &err) != ELC_OK)
        fail_msg("%s", err.message);
    unlink(path);
    elc_string_free(&bytes);
    elc_network_free(network);
    return model;
}

static elc_network *cut(void) {
    elc_network *network = NULL;
    elc_string path = {0};
    assert_int_equal(elc_model_find("vehicles", &path, NULL), ELC_OK);
    assert_int_equal(elc_network_read(path.data, &network, NULL), ELC_OK);
    assert_int_equal(elc_network_cut(network, tensors, 2, NULL), ELC_OK);
    elc_string_free(&path);
    return network;
}

static elc_inference *run(elc_model *model) {
    elc_inference *inference = NULL;
    uint8_t *pixels = malloc(CHIP * CHIP * 3);
    uint64_t seed = 3;
    for (int i = 0; i < CHIP * CHIP * 3; i++)
        pixels[i] = (uint8_t)(256 * unit(&seed));
    assert_int_equal(elc_inference_create(model, 1, CHIP, CHIP, &inference, NULL),
                     ELC_OK);
    elc_inference_put(inference, 0, pixels);
    assert_int_equal(elc_inference_run(inference, 1, NULL), ELC_OK);
    free(pixels);
    return inference;
}

/* What C finds on the maps. */
static size_t find_here(const elc_box_head *head, elc_box_found **found) {
    elc_network *network = cut();
    size_t n = 0;
    for (int i = 0; i < 2; i++)
        assert_int_equal(elc_network_add_output(network, tensors[i], NULL, NULL),
                         ELC_OK);
    elc_model *model = open_bytes(network, true);
    elc_inference *inference = run(model);
    elc_floats fine, coarse;
    assert_int_equal(elc_inference_floats(inference, 0, &fine, NULL), ELC_OK);
    assert_int_equal(elc_inference_floats(inference, 1, &coarse, NULL), ELC_OK);
    const elc_box_map maps[] = {{fine.data, 24, 1}, {coarse.data, 64, 2}};
    elc_box_chip chip = {maps, 2, CHIP / 4, CHIP / 4, 4};
    assert_int_equal(elc_box_head_find(head, &chip, 0.3f, found, &n, NULL), ELC_OK);
    elc_inference_free(inference);
    elc_model_free(model);
    return n;
}

static void check_same(const elc_box *a, const elc_box_found *b) {
    assert_int_equal(a->class_id, b->class_id);
    assert_true(fabs((double)a->score - (double)b->score) < 1e-4);
    assert_true(fabs(a->xmin - b->xmin) < 1e-2 && fabs(a->ymin - b->ymin) < 1e-2);
    assert_true(fabs(a->xmax - b->xmax) < 1e-2 && fabs(a->ymax - b->ymax) < 1e-2);
}

/* The maps once more, as float16: of a backbone that was exported so. */
static void halve(elc_network *network, elc_names *names) {
    const elc_attribute to_half[] = {
        {.name = "to", .kind = ELC_ATTRIBUTE_INT, .whole = 10}, {.name = NULL}};
    static const char *const halves[] = {"half/0", "half/1"};
    for (int i = 0; i < 2; i++) {
        const char *const in[] = {tensors[i], NULL}, *const out[] = {halves[i], NULL};
        assert_int_equal(elc_network_add_node(network, "Cast", in, out, to_half, NULL),
                         ELC_OK);
        assert_int_equal(elc_names_add(names, halves[i], NULL), ELC_OK);
    }
}

static void test_maps_may_be_float16(void **state) {
    (void)state;
    elc_box_head *head = make_head(32);
    train_backbone backbone = {.channels = {24, 64},
                               .shrink = {1, 2},
                               .n_maps = 2,
                               .channels_all = 88,
                               .cell_px = 4};
    elc_network *network = cut();
    halve(network, &backbone.tensors);
    assert_int_equal(elc_train_add_head(network, &backbone, head, NULL), ELC_OK);
    elc_model *model = open_bytes(network, false);
    assert_string_equal(elc_model_info_at(model)->head, "yolov8");
    elc_inference_free(run(model));
    elc_model_free(model);
    elc_names_free(&backbone.tensors);
    elc_box_head_free(head);
}

static void check_network(size_t hidden) {
    elc_box_head *head = make_head(hidden);
    elc_box_found *found = NULL;
    size_t n = find_here(head, &found);
    train_backbone backbone = {.channels = {24, 64},
                               .shrink = {1, 2},
                               .n_maps = 2,
                               .channels_all = 88,
                               .cell_px = 4};
    for (int i = 0; i < 2; i++)
        elc_names_add(&backbone.tensors, tensors[i], NULL);
    elc_network *network = cut();
    elc_error err = {0};
    if (elc_train_add_head(network, &backbone, head, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_model *model = open_bytes(network, false);
    assert_string_equal(elc_model_info_at(model)->head, "yolov8");
    elc_inference *inference = run(model);
    elc_box_list boxes = {0};
    uint64_t flat = 0;
    bool capped;
    assert_int_equal(
        elc_inference_boxes(inference, 0, 0.3f, &boxes, &flat, &capped, NULL), ELC_OK);
    assert_true(n > 20);
    assert_int_equal(boxes.count, n);
    for (size_t i = 0; i < n; i++)
        check_same(&boxes.items[i], &found[i]);
    free(boxes.items);
    free(found);
    elc_inference_free(inference);
    elc_model_free(model);
    elc_names_free(&backbone.tensors);
    elc_box_head_free(head);
}

static void test_a_network_finds_what_its_head_finds(void **state) {
    (void)state;
    check_network(32);
    check_network(0);
}

static void test_the_last_layers_take_the_maps(void **state) {
    (void)state;
    elc_network *network = NULL;
    elc_string path = {0};
    elc_names ends = {0};
    assert_int_equal(elc_model_find("vehicles", &path, NULL), ELC_OK);
    assert_int_equal(elc_network_read(path.data, &network, NULL), ELC_OK);
    assert_int_equal(elc_network_ends(network, NULL, &ends, NULL), ELC_OK);
    assert_int_equal(ends.count, 2);
    assert_true(elc_names_find(&ends, tensors[0]) != SIZE_MAX);
    assert_true(elc_names_find(&ends, tensors[1]) != SIZE_MAX);
    elc_names_free(&ends);
    elc_string_free(&path);
    elc_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_box_turns_with_its_pixels),
        cmocka_unit_test(test_a_box_is_stretched_with_its_pixels),
        cmocka_unit_test(test_a_network_finds_what_its_head_finds),
        cmocka_unit_test(test_maps_may_be_float16),
        cmocka_unit_test(test_the_last_layers_take_the_maps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
