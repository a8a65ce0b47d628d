/* test_inference.c - what goes in, batches, threads, sizes and stopping. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "networks.h"

/* ---- preparation: networks whose scores are the means of their three channels -------
 */

/* Puts a chip of one colour; the scores of the classes are what the channels became. */
static void prepared(const char *file, const elc_model_options *options,
                     const uint8_t colour[3], double means[3]) {
    elc_model *model = network_open(network_path(file), options);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    uint8_t *pixels = malloc(64 * 64 * 3);
    uint64_t flat = 0;
    bool capped;
    for (size_t i = 0; i < 64 * 64 * 3; i++)
        pixels[i] = colour[i % 3];
    elc_inference_put(place, 0, pixels);
    assert_int_equal(elc_inference_run(place, 1, NULL), ELC_OK);
    assert_int_equal(
        elc_inference_boxes(place, 0, 0.001f, &boxes, &flat, &capped, NULL), ELC_OK);
    means[0] = means[1] = means[2] = 0;
    for (size_t i = 0; i < boxes.count; i++)
        means[boxes.items[i].class_id] = (double)boxes.items[i].score;
    free(boxes.items);
    free(pixels);
    elc_inference_free(place);
    elc_model_free(model);
}

static const uint8_t colour[3] = {51, 102, 204}; /* 0.2, 0.4, 0.8 */

static void assert_means(const char *file, const elc_model_options *options, double a,
                         double b, double c) {
    double means[3];
    prepared(file, options, colour, means);
    assert_float_equal(means[0], a, 1e-4);
    assert_float_equal(means[1], b, 1e-4);
    assert_float_equal(means[2], c, 1e-4);
}

static void test_pixels_are_divided_by_255_and_red_comes_first(void **state) {
    (void)state;
    assert_means("means", NULL, 0.2, 0.4, 0.8);
}

static void test_bytes_with_channels_last_go_in_as_they_are(void **state) {
    (void)state;
    assert_means("means_uint8_nhwc", NULL, 0.2, 0.4, 0.8);
}

static void test_bgr_swaps_the_first_and_the_third(void **state) {
    (void)state;
    elc_model_options options = {.channels = "bgr"};
    assert_means("means", &options, 0.8, 0.4, 0.2);
    assert_means("means_uint8_nhwc", &options, 0.8, 0.4, 0.2);
}

static void test_scale_then_mean_then_std(void **state) {
    (void)state;
    const double mean[] = {0.05, 0.1, 0.2}, std[] = {2, 1, 0.8};
    elc_model_options options = {
        .scale = 0.5 / 255, .mean = mean, .std = std, .n_mean = 3};
    assert_means("means", &options, 0.025, 0.1, 0.25);
}

static void test_a_threshold_comes_before_scale_and_mean(void **state) {
    (void)state;
    const double mean[] = {0.25}, std[] = {1.5};
    elc_model_options options = {.threshold = 102};
    assert_means("means", &options, 0, 1, 1);
    assert_means("means_uint8_nhwc", &options, 0, 1, 1);
    options.threshold = 103;
    assert_means("means", &options, 0, 0, 1);
    options =
        (elc_model_options){.threshold = 102, .mean = mean, .std = std, .n_mean = 1};
    assert_means("means", &options, 0, 0.5, 0.5);
}

static void test_a_threshold_or_flip_that_makes_no_sense_is_refused(void **state) {
    (void)state;
    const char *path = network_path("means");
    network_refused(path, &(elc_model_options){.threshold = -1}, ELC_E_ARGUMENT,
                    "threshold -1: give 1 to 255");
    network_refused(path, &(elc_model_options){.threshold = 256}, ELC_E_ARGUMENT,
                    "threshold 256: give 1 to 255");
    network_refused(path, &(elc_model_options){.flip = "sideways"}, ELC_E_ARGUMENT,
                    "give none, horizontal, vertical or both");
}

static void test_float16_goes_in_and_comes_out(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("half"), NULL);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    assert_int_equal(elc_model_info_at(model)->input_type, ELC_TENSOR_FLOAT16);
    assert_int_equal(network_boxes(place, elc_model_info_at(model), 102, &boxes, NULL),
                     ELC_OK);
    assert_int_equal(boxes.count, 84);
    assert_float_equal(boxes.items[83].score, 0.4, 1e-3);
    assert_float_equal(boxes.items[83].xmax, 12, 0);
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
}

/* ---- the same boxes whatever runs beside --------------------------------------------
 */

enum { CHIPS = 6 };

typedef struct shared {
    elc_model *model;
    uint8_t *pixels[CHIPS];
    elc_box_list boxes[CHIPS];
    int threads;
} shared;

static elc_status run_one(elc_inference *place, int64_t slot, elc_box_list *boxes,
                          elc_error *err) {
    uint64_t flat = 0;
    bool capped;
    return elc_inference_boxes(place, slot, 0.25f, boxes, &flat, &capped, err);
}

static elc_status body(void *arg, int index, elc_error *err) {
    shared *s = arg;
    elc_inference *place;
    elc_status status = elc_inference_create(s->model, 1, 320, 256, &place, err);
    for (int i = index; status == ELC_OK && i < CHIPS; i += s->threads) {
        elc_inference_put(place, 0, s->pixels[i]);
        status = elc_inference_run(place, 1, err);
        if (status == ELC_OK)
            status = run_one(place, 0, &s->boxes[i], err);
    }
    if (status == ELC_OK)
        elc_inference_free(place);
    return status;
}

/* ---- mirrored -----------------------------------------------------------------------
 */

enum { FLIP_WIDTH = 320, FLIP_HEIGHT = 256 };

/* Boxes of a chip by a network that sees it as `flip` says. */
static elc_box_list boxes_of(const uint8_t *pixels, const char *flip) {
    elc_model_options options = {.flip = flip};
    elc_model *model = network_open(network_path("small"), &options);
    elc_inference *place = NULL;
    elc_box_list boxes = {0};
    assert_int_equal(
        elc_inference_create(model, 1, FLIP_WIDTH, FLIP_HEIGHT, &place, NULL), ELC_OK);
    elc_inference_put(place, 0, pixels);
    assert_int_equal(elc_inference_run(place, 1, NULL), ELC_OK);
    assert_int_equal(run_one(place, 0, &boxes, NULL), ELC_OK);
    elc_inference_free(place);
    elc_model_free(model);
    return boxes;
}

static uint8_t *mirror_pixels(const uint8_t *pixels, bool x, bool y) {
    uint8_t *mirrored = malloc(FLIP_WIDTH * FLIP_HEIGHT * 3);
    for (int i = 0; i < FLIP_WIDTH * FLIP_HEIGHT; i++) {
        int col = i % FLIP_WIDTH, row = i / FLIP_WIDTH;
        col = x ? FLIP_WIDTH - 1 - col : col;
        row = y ? FLIP_HEIGHT - 1 - row : row;
        memcpy(mirrored + (row * FLIP_WIDTH + col) * 3, pixels + 3 * i, 3);
    }
    return mirrored;
}

static void is_mirrored(const uint8_t *pixels, const char *flip, bool x, bool y) {
    uint8_t *mirrored = mirror_pixels(pixels, x, y);
    elc_box_list there = boxes_of(mirrored, NULL), back = boxes_of(pixels, flip);
    assert_true(back.count > 3);
    assert_int_equal(back.count, there.count);
    for (size_t i = 0; i < back.count; i++) {
        elc_box a = there.items[i], b = back.items[i];
        assert_true(b.xmin == (x ? FLIP_WIDTH - a.xmax : a.xmin));
        assert_true(b.xmax == (x ? FLIP_WIDTH - a.xmin : a.xmax));
        assert_true(b.ymin == (y ? FLIP_HEIGHT - a.ymax : a.ymin));
        assert_true(b.ymax == (y ? FLIP_HEIGHT - a.ymin : a.ymax));
        assert_true(b.score == a.score && b.class_id == a.class_id);
    }
    free(there.items);
    free(back.items);
    free(mirrored);
}

static void test_boxes_of_a_flipped_chip_come_back_in_its_own_pixels(void **state) {
    (void)state;
    elc_model_info sizes = {
        .channels = 3, .chip_width = FLIP_WIDTH, .chip_height = FLIP_HEIGHT};
    uint8_t *pixels = network_noise(&sizes, 3);
    is_mirrored(pixels, "none", false, false);
    is_mirrored(pixels, "horizontal", true, false);
    is_mirrored(pixels, "vertical", false, true);
    is_mirrored(pixels, "both", true, true);
    free(pixels);
}

static shared *shared_open(void) {
    shared *s = calloc(1, sizeof *s);
    s->model = network_open(network_path("small"), NULL);
    for (unsigned i = 0; i < CHIPS; i++)
        s->pixels[i] = network_noise(elc_model_info_at(s->model), i + 1);
    return s;
}

static void shared_free(shared *s) {
    for (size_t i = 0; i < CHIPS; i++) {
        free(s->pixels[i]);
        free(s->boxes[i].items);
    }
    elc_model_free(s->model);
    free(s);
}

static void assert_same(const elc_box_list *a, const elc_box_list *b) {
    assert_true(a->count > 20);
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->items, b->items, a->count * sizeof *a->items);
}

static void test_threads_on_one_session_give_the_bits_of_one(void **state) {
    (void)state;
    shared *alone = shared_open(), *beside = shared_open();
    alone->threads = 1;
    beside->threads = 3;
    assert_int_equal(elc_threads_run(1, body, alone, NULL), ELC_OK);
    assert_int_equal(elc_threads_run(3, body, beside, NULL), ELC_OK);
    for (size_t i = 0; i < CHIPS; i++)
        assert_same(&alone->boxes[i], &beside->boxes[i]);
    shared_free(alone);
    shared_free(beside);
}

/* Six chips in a batch of four: the second run has two, and two slots repeat the last.
 */
static void test_a_batch_gives_the_bits_of_single_chips(void **state) {
    (void)state;
    shared *single = shared_open(), *batch = shared_open();
    elc_inference *place;
    single->threads = 1;
    assert_int_equal(elc_threads_run(1, body, single, NULL), ELC_OK);
    assert_int_equal(elc_inference_create(batch->model, 4, 320, 256, &place, NULL),
                     ELC_OK);
    assert_int_equal(elc_inference_batch(place), 4);
    for (int64_t first = 0; first < CHIPS; first += 4) {
        int64_t n = CHIPS - first < 4 ? CHIPS - first : 4;
        for (int64_t i = 0; i < n; i++)
            elc_inference_put(place, i, batch->pixels[first + i]);
        assert_int_equal(elc_inference_run(place, n, NULL), ELC_OK);
        for (int64_t i = 0; i < n; i++)
            assert_int_equal(run_one(place, i, &batch->boxes[first + i], NULL), ELC_OK);
    }
    for (size_t i = 0; i < CHIPS; i++)
        assert_same(&single->boxes[i], &batch->boxes[i]);
    elc_inference_free(place);
    shared_free(single);
    shared_free(batch);
}

static void test_a_fixed_batch_is_filled_up(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("yolov8_batch_2"), NULL);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    assert_int_equal(elc_inference_batch(place), 2);
    assert_int_equal(network_boxes(place, elc_model_info_at(model), 9, &boxes, NULL),
                     ELC_OK);
    assert_int_equal(boxes.count, 3);
    assert_int_equal(run_one(place, 1, &boxes, NULL), ELC_OK);
    assert_int_equal(boxes.count, 6);
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
}

static void test_a_network_that_answers_for_one_chip_only_is_refused(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("one_chip_only"), NULL);
    elc_inference *place = network_place(model, 3);
    elc_error err = {0};
    assert_int_equal(elc_inference_run(place, 3, &err), ELC_E_MODEL);
    assert_non_null(strstr(err.message, "gave [1, 7, 84] for 3 chips"));
    elc_inference_free(place);
    elc_model_free(model);
}

/* ---- sizes and order of calls -------------------------------------------------------
 */

static void refused_place(elc_model *model, int64_t batch, int64_t width,
                          int64_t height, const char *part) {
    elc_inference *place = NULL;
    elc_error err = {0};
    assert_int_equal(elc_inference_create(model, batch, width, height, &place, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, part));
    assert_null(place);
}

static void test_sizes_that_the_network_cannot_take_are_refused(void **state) {
    (void)state;
    elc_model *open = network_open(network_path("small"), NULL);
    elc_model *fixed = network_open(network_path("yolov8"), NULL);
    refused_place(open, 1, 100, 64,
                  "100 px width asked for; the network needs a multiple");
    refused_place(open, 1, 64, 0, "0 px height");
    refused_place(open, 1, 64, 1 << 20, "1 to 65536 are possible");
    refused_place(open, 0, 64, 64, "batch of 0 chips");
    refused_place(open, 4096, 65536, 65536, "would take more than 8 GiB");
    refused_place(fixed, 1, 64, 128,
                  "128 px height asked for; the network is made for 64");
    elc_model_free(open);
    elc_model_free(fixed);
}

static void test_boxes_before_a_run_are_refused(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("yolov8"), NULL);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    elc_error err = {0};
    assert_int_equal(run_one(place, 0, &boxes, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "run the batch of 1 first"));
    assert_int_equal(elc_inference_run(place, 2, &err), ELC_E_ARGUMENT);
    elc_inference_free(place);
    elc_model_free(model);
}

/* ---- stopping -----------------------------------------------------------------------
 */

static elc_status run_or_stop(void *arg, int index, elc_error *err) {
    if (index == 0)
        return elc_inference_run(arg, 1, err);
    usleep(200 * 1000);
    elc_inference_stop(arg);
    return ELC_OK;
}

static void test_a_run_under_way_can_be_stopped(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("slow"), NULL);
    elc_inference *place = network_place(model, 1);
    elc_error err = {0};
    double start = elc_clock();
    assert_int_equal(elc_threads_run(2, run_or_stop, place, &err), ELC_E_CANCELLED);
    assert_true(elc_clock() - start < 10);
    assert_int_equal(elc_inference_run(place, 1, &err), ELC_E_CANCELLED);
    elc_inference_free(place);
    elc_model_free(model);
}

static void test_stopping_one_place_leaves_others_alone(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("yolov8"), NULL);
    elc_inference *stopped = network_place(model, 1), *other = network_place(model, 1);
    elc_inference_stop(stopped);
    assert_int_equal(elc_inference_run(stopped, 1, NULL), ELC_E_CANCELLED);
    assert_int_equal(elc_inference_run(other, 1, NULL), ELC_OK);
    elc_inference_free(stopped);
    elc_inference_free(other);
    elc_model_free(model);
}

static void test_nothing_is_freed_without_harm(void **state) {
    (void)state;
    elc_inference_free(NULL);
    elc_model_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels_are_divided_by_255_and_red_comes_first),
        cmocka_unit_test(test_bytes_with_channels_last_go_in_as_they_are),
        cmocka_unit_test(test_bgr_swaps_the_first_and_the_third),
        cmocka_unit_test(test_scale_then_mean_then_std),
        cmocka_unit_test(test_a_threshold_comes_before_scale_and_mean),
        cmocka_unit_test(test_a_threshold_or_flip_that_makes_no_sense_is_refused),
        cmocka_unit_test(test_boxes_of_a_flipped_chip_come_back_in_its_own_pixels),
        cmocka_unit_test(test_float16_goes_in_and_comes_out),
        cmocka_unit_test(test_threads_on_one_session_give_the_bits_of_one),
        cmocka_unit_test(test_a_batch_gives_the_bits_of_single_chips),
        cmocka_unit_test(test_a_fixed_batch_is_filled_up),
        cmocka_unit_test(test_a_network_that_answers_for_one_chip_only_is_refused),
        cmocka_unit_test(test_sizes_that_the_network_cannot_take_are_refused),
        cmocka_unit_test(test_boxes_before_a_run_are_refused),
        cmocka_unit_test(test_a_run_under_way_can_be_stopped),
        cmocka_unit_test(test_stopping_one_place_leaves_others_alone),
        cmocka_unit_test(test_nothing_is_freed_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
