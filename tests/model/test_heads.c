/* test_heads.c - every head gives the boxes that its network was written with. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "networks.h"
#include "support/boxes.h"

/* KNOWN of tools/networks.py. */
static const elc_box known[] = {PLAIN_BOX(10, 12, 30, 22, 0.9f, 0),
                                PLAIN_BOX(40, 8, 52, 40, 0.8f, 1),
                                PLAIN_BOX(5, 50, 25, 60, 0.7f, 2)};

/* In the order of the known ones: a raw YOLOX has its cells ordered by stride. */
static void assert_known(const elc_box_list *boxes, double tolerance) {
    assert_int_equal(boxes->count, 3);
    for (size_t i = 0; i < 3; i++) {
        const elc_box *box = &boxes->items[i], *true_box = &known[i];
        assert_int_equal(box->class_id, true_box->class_id);
        assert_float_equal(box->score, true_box->score, 1e-6);
        assert_float_equal(box->xmin, true_box->xmin, tolerance);
        assert_float_equal(box->ymin, true_box->ymin, tolerance);
        assert_float_equal(box->xmax, true_box->xmax, tolerance);
        assert_float_equal(box->ymax, true_box->ymax, tolerance);
    }
}

/* `head` NULL: found without being told. */
static void assert_reads(const char *file, const char *head, const char *found) {
    elc_model_options options = {.head = head};
    elc_model *model = network_open(network_path(file), &options);
    const elc_model_info *info = elc_model_info_at(model);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    elc_error err = {0};
    assert_string_equal(info->head, found);
    if (network_boxes(place, info, 90, &boxes, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_known(&boxes, 1e-4);
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
}

static void test_yolov5_is_found_by_three_anchors_a_cell(void **state) {
    (void)state;
    assert_reads("yolov5", NULL, "yolov5");
}

static void test_yolov5_may_give_its_maps_too(void **state) {
    (void)state;
    assert_reads("yolov5_with_maps", NULL, "yolov5");
}

static void test_yolov5_of_another_grid_is_found_by_its_names(void **state) {
    (void)state;
    assert_reads("other_grid", NULL, "yolov5");
}

static void test_yolov8_is_found_in_either_orientation(void **state) {
    (void)state;
    assert_reads("yolov8", NULL, "yolov8");
    assert_reads("yolov8_transposed", NULL, "yolov8");
}

static void test_yolov8_of_a_fixed_batch_is_read(void **state) {
    (void)state;
    assert_reads("yolov8_batch_2", NULL, "yolov8");
}

static void test_yolov8_reads_bytes_with_channels_last(void **state) {
    (void)state;
    assert_reads("uint8_nhwc", NULL, "yolov8");
}

static void test_end_to_end_is_found_by_its_list(void **state) {
    (void)state;
    assert_reads("end_to_end", NULL, "end_to_end");
}

static void test_yolox_is_told_raw_from_decoded_by_its_graph(void **state) {
    (void)state;
    assert_reads("yolox_raw", NULL, "yolox_raw");
    assert_reads("yolox_decoded", NULL, "yolox_decoded");
}

static void test_ssd_is_told_by_the_names_of_its_outputs(void **state) {
    (void)state;
    assert_reads("ssd", NULL, "ssd");
}

static void test_torchvision_is_found_by_its_labels(void **state) {
    (void)state;
    assert_reads("torchvision", NULL, "torchvision");
}

/* A list of names that begins with the background counts labels from there. */
static void test_torchvision_may_name_the_background(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("torchvision_background"), NULL);
    const elc_model_info *info = elc_model_info_at(model);
    elc_inference *place = network_place(model, 4);
    elc_box_list boxes = {0};
    assert_int_equal(elc_inference_batch(place), 1); /* one list has no batch */
    assert_int_equal(network_boxes(place, info, 90, &boxes, NULL), ELC_OK);
    assert_int_equal(boxes.count, 3);
    assert_string_equal(info->classes->items[boxes.items[0].class_id], "car");
    assert_string_equal(info->classes->items[boxes.items[2].class_id], "bus");
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
}

static void test_detr_is_told_from_rt_detr_by_its_names(void **state) {
    (void)state;
    assert_reads("detr", NULL, "detr");
    assert_reads("rt_detr", NULL, "rt_detr");
    network_refused(network_path("queries_unnamed"), NULL, ELC_E_MODEL,
                    "does not say which head it is");
    assert_reads("queries_unnamed", "rt_detr", "rt_detr");
}

static void test_rt_detr_may_give_its_queries_in_one_output(void **state) {
    (void)state;
    assert_reads("rt_detr_joined", NULL, "rt_detr");
}

static void test_detr_is_fed_as_it_was_trained(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("detr"), NULL);
    assert_float_equal(elc_model_info_at(model)->mean[1], 0.456, 1e-12);
    assert_float_equal(elc_model_info_at(model)->std[2], 0.225, 1e-12);
    elc_model_free(model);
}

static void test_yolov7_may_give_one_list_for_the_batch(void **state) {
    (void)state;
    assert_reads("end_to_end_rows", NULL, "end_to_end_rows");
}

static void test_a_named_head_reads_what_is_ambiguous(void **state) {
    (void)state;
    assert_reads("transposed_unnamed", "yolov8", "yolov8");
}

static void test_zero_sized_boxes_are_counted_and_left_out(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("zero_size"), NULL);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    uint64_t flat = 5;
    bool capped = true;
    assert_int_equal(elc_inference_run(place, 1, NULL), ELC_OK);
    assert_int_equal(elc_inference_boxes(place, 0, 0.25f, &boxes, &flat, &capped, NULL),
                     ELC_OK);
    assert_int_equal(boxes.count, 2);
    assert_int_equal(flat, 5 + 2);
    assert_false(capped);
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
}

static bool is_capped(const char *file, int64_t cap, float min_score) {
    elc_model *model = network_open(network_path(file), NULL);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    uint64_t flat = 0;
    bool capped = false;
    assert_int_equal(elc_model_info_at(model)->cap, cap);
    assert_int_equal(elc_inference_run(place, 1, NULL), ELC_OK);
    assert_int_equal(
        elc_inference_boxes(place, 0, min_score, &boxes, &flat, &capped, NULL), ELC_OK);
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
    return capped;
}

static void test_a_full_list_says_that_it_is_capped(void **state) {
    (void)state;
    assert_true(is_capped("end_to_end_full", 300, 0.25f));
    assert_false(is_capped("end_to_end_full", 300, 0.6f));
    assert_false(is_capped("end_to_end", 300, 0.25f));
    assert_true(is_capped("torchvision_full", 0, 0.05f)); /* 100, as many as it gives */
    assert_false(is_capped("torchvision_full", 0, 0.25f));
    assert_false(is_capped("torchvision", 0, 0.05f));
}

/* What is wrong is told, and what was there before stays as it was. */
static void assert_run_refused(const char *file, const char *part) {
    elc_model *model = network_open(network_path(file), NULL);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    elc_error err = {0};
    assert_int_equal(network_boxes(place, elc_model_info_at(model), 0, &boxes, &err),
                     ELC_E_MODEL);
    assert_non_null(strstr(err.message, part));
    assert_int_equal(boxes.count, 0);
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
}

static void test_scores_that_are_no_numbers_are_refused(void **state) {
    (void)state;
    assert_run_refused("nan_scores",
                       "score that is no number (NaN or infinite) in cell 40");
    assert_run_refused("nan_objectness", "cell 40");
    assert_run_refused("nan_class", "cell 40");
}

static void test_infinite_boxes_are_refused(void **state) {
    (void)state;
    assert_run_refused("infinite_box", "box that is no number");
}

static void test_scores_over_one_are_refused(void **state) {
    (void)state;
    assert_run_refused("logits", "the score 7.5, over 1");
}

static void test_classes_that_are_not_there_are_refused(void **state) {
    (void)state;
    assert_run_refused("class_beyond", "class 3, and its classes are 0 to 2");
    assert_run_refused("class_between", "class 0.5");
}

static void test_lists_that_do_not_hold_together_are_refused(void **state) {
    (void)state;
    assert_run_refused("list_uneven", "gave 4 boxes and 3 scores");
    assert_run_refused("list_class_0", "class 0, and its classes are 1 to 3");
    assert_run_refused("list_count", "says that 3 boxes count, of 2");
    assert_run_refused("queries_nan", "score that is no number");
    const elc_model_options forced = {.head = "rt_detr"};
    network_refused(network_path("queries_empty"), &forced, ELC_E_MODEL,
                    "does not fit");
}

static void test_an_unnamed_list_has_a_name_for_every_class(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("list_unnamed"), NULL);
    const elc_model_info *info = elc_model_info_at(model);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    assert_int_equal(network_boxes(place, info, 0, &boxes, NULL), ELC_OK);
    assert_int_equal(boxes.count, 1);
    assert_string_equal(info->classes->items[boxes.items[0].class_id], "class_999");
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
}

/* ---- oriented boxes and masks ------------------------------------------------------
 */

/* ANGLES of tools/networks.py. */
static const double angles[] = {0.3, -0.7, 2.0};

static void assert_near(double got, double expected, double tolerance) {
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%.9g, expected %.9g", got, expected);
}

static void assert_turned(const elc_box *box, const elc_box *flat, double angle) {
    double width = flat->xmax - flat->xmin, height = flat->ymax - flat->ymin;
    double c = fabs(cos(angle)), s = fabs(sin(angle));
    double x = (flat->xmin + flat->xmax) / 2, y = (flat->ymin + flat->ymax) / 2;
    assert_near(box->turned.x, x, 1e-4);
    assert_near(box->turned.y, y, 1e-4);
    assert_near(box->turned.width, width, 1e-4);
    assert_near(box->turned.height, height, 1e-4);
    assert_near(cos(2 * box->turned.angle), cos(2 * angle), 1e-6);
    assert_near(sin(2 * box->turned.angle), sin(2 * angle), 1e-6);
    assert_near(box->xmax - box->xmin, width * c + height * s, 1e-4);
    assert_near(box->ymax - box->ymin, width * s + height * c, 1e-4);
    assert_near(box->xmin + box->xmax, 2 * x, 1e-4);
}

/* Opens a network, runs it once, and gives the known boxes; NULL where it must fail. */
static elc_box_list run_known(const char *file, const elc_model_options *options) {
    elc_model *model = network_open(network_path(file), options);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    elc_error err = {0};
    uint64_t flat = 0;
    if (network_boxes(place, elc_model_info_at(model), 90, &boxes, &err) != ELC_OK ||
        elc_inference_masks(place, 0, &boxes, &flat, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_int_equal(boxes.count, 3);
    assert_int_equal(flat, 0);
    elc_inference_free(place);
    elc_model_free(model);
    return boxes;
}

static void assert_oriented(const char *file, const char *head) {
    const elc_model_options options = {.head = head};
    elc_box_list boxes = run_known(file, &options);
    for (size_t i = 0; i < 3; i++) {
        assert_turned(&boxes.items[i], &known[i], angles[i]);
        assert_int_equal(boxes.items[i].class_id, i);
        assert_float_equal(boxes.items[i].score, known[i].score, 1e-6);
    }
    free(boxes.items);
}

static void test_oriented_boxes_are_found_by_their_task(void **state) {
    (void)state;
    assert_oriented("yolov8_obb", NULL);
    assert_oriented("end_to_end_obb", NULL);
}

static void test_oriented_boxes_can_be_asked_for(void **state) {
    (void)state;
    assert_oriented("obb_unsaid", "yolov8_obb");
}

static void test_oriented_boxes_are_mirrored_with_the_chip(void **state) {
    (void)state;
    static const char *const flips[] = {"horizontal", "vertical", "both"};
    for (int f = 0; f < 3; f++) {
        const elc_model_options options = {.flip = flips[f]};
        elc_box_list boxes = run_known("yolov8_obb", &options);
        for (size_t i = 0; i < 3; i++) {
            elc_box flat = known[i];
            if (f != 1)
                flat.xmin = 64 - known[i].xmax, flat.xmax = 64 - known[i].xmin;
            if (f != 0)
                flat.ymin = 64 - known[i].ymax, flat.ymax = 64 - known[i].ymin;
            assert_turned(&boxes.items[i], &flat, f == 2 ? angles[i] : -angles[i]);
        }
        free(boxes.items);
    }
}

/* That a mask is the rectangle [x0, x1) x [y0, y1). */
static void assert_mask(elc_box *box, int x0, int y0, int x1, int y1) {
    assert_non_null(box->mask);
    assert_int_equal(box->mask->n, y1 - y0);
    for (int y = y0; y < y1; y++) {
        elc_run run = box->mask->runs[y - y0];
        assert_int_equal(run.y, y);
        assert_int_equal(run.start, x0);
        assert_int_equal(run.end, x1);
    }
    free(box->mask);
}

static void assert_masks(const char *file, const char *head) {
    const elc_model_options options = {.head = head};
    elc_box_list boxes = run_known(file, &options);
    assert_known(&boxes, 1e-4);
    assert_mask(&boxes.items[0], 10, 12, 30, 22);
    assert_mask(&boxes.items[1], 48, 8, 52, 40);
    assert_mask(&boxes.items[2], 5, 50, 16, 60);
    free(boxes.items);
}

static void test_masks_are_made_of_prototypes(void **state) {
    (void)state;
    assert_masks("yolov8_seg", NULL);
    assert_masks("seg_unsaid", NULL);
    assert_masks("seg_unsaid", "yolov8_seg");
    assert_masks("end_to_end_seg", NULL);
}

static void test_masks_are_mirrored_with_the_chip(void **state) {
    (void)state;
    const elc_model_options across = {.flip = "horizontal"}, both = {.flip = "both"};
    elc_box_list boxes = run_known("yolov8_seg", &across);
    assert_mask(&boxes.items[0], 34, 12, 54, 22);
    assert_mask(&boxes.items[1], 12, 8, 16, 40);
    assert_mask(&boxes.items[2], 48, 50, 59, 60);
    free(boxes.items);
    boxes = run_known("yolov8_seg", &both);
    assert_mask(&boxes.items[0], 34, 42, 54, 52);
    assert_mask(&boxes.items[1], 12, 24, 16, 56);
    assert_mask(&boxes.items[2], 48, 4, 59, 14);
    free(boxes.items);
}

static void test_a_mask_that_is_no_number_is_refused(void **state) {
    (void)state;
    elc_model *model = network_open(network_path("seg_nan"), NULL);
    elc_inference *place = network_place(model, 1);
    elc_box_list boxes = {0};
    elc_error err = {0};
    uint64_t flat = 0;
    assert_int_equal(network_boxes(place, elc_model_info_at(model), 90, &boxes, &err),
                     ELC_OK);
    assert_int_equal(elc_inference_masks(place, 0, &boxes, &flat, &err), ELC_E_MODEL);
    assert_non_null(strstr(err.message, "a mask that is no number"));
    for (size_t i = 0; i < boxes.count; i++)
        assert_null(boxes.items[i].mask);
    free(boxes.items);
    elc_inference_free(place);
    elc_model_free(model);
}

static void test_heads_of_this_build_are_listed_by_name(void **state) {
    (void)state;
    static const char *const names[] = {"detr",
                                        "end_to_end",
                                        "end_to_end_obb",
                                        "end_to_end_rows",
                                        "end_to_end_seg",
                                        "rt_detr",
                                        "ssd",
                                        "torchvision",
                                        "yolov5",
                                        "yolov8",
                                        "yolov8_obb",
                                        "yolov8_seg",
                                        "yolox_decoded",
                                        "yolox_raw"};
    enum { HEADS = sizeof names / sizeof *names };
    const char *const *heads = elc_model_heads();
    for (size_t i = 0; i < HEADS; i++)
        assert_string_equal(heads[i], names[i]);
    assert_null(heads[HEADS]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_yolov5_is_found_by_three_anchors_a_cell),
        cmocka_unit_test(test_yolov5_may_give_its_maps_too),
        cmocka_unit_test(test_yolov5_of_another_grid_is_found_by_its_names),
        cmocka_unit_test(test_yolov8_is_found_in_either_orientation),
        cmocka_unit_test(test_yolov8_of_a_fixed_batch_is_read),
        cmocka_unit_test(test_yolov8_reads_bytes_with_channels_last),
        cmocka_unit_test(test_end_to_end_is_found_by_its_list),
        cmocka_unit_test(test_yolox_is_told_raw_from_decoded_by_its_graph),
        cmocka_unit_test(test_ssd_is_told_by_the_names_of_its_outputs),
        cmocka_unit_test(test_torchvision_is_found_by_its_labels),
        cmocka_unit_test(test_torchvision_may_name_the_background),
        cmocka_unit_test(test_detr_is_told_from_rt_detr_by_its_names),
        cmocka_unit_test(test_rt_detr_may_give_its_queries_in_one_output),
        cmocka_unit_test(test_detr_is_fed_as_it_was_trained),
        cmocka_unit_test(test_yolov7_may_give_one_list_for_the_batch),
        cmocka_unit_test(test_a_named_head_reads_what_is_ambiguous),
        cmocka_unit_test(test_zero_sized_boxes_are_counted_and_left_out),
        cmocka_unit_test(test_a_full_list_says_that_it_is_capped),
        cmocka_unit_test(test_scores_that_are_no_numbers_are_refused),
        cmocka_unit_test(test_infinite_boxes_are_refused),
        cmocka_unit_test(test_scores_over_one_are_refused),
        cmocka_unit_test(test_classes_that_are_not_there_are_refused),
        cmocka_unit_test(test_lists_that_do_not_hold_together_are_refused),
        cmocka_unit_test(test_an_unnamed_list_has_a_name_for_every_class),
        cmocka_unit_test(test_oriented_boxes_are_found_by_their_task),
        cmocka_unit_test(test_oriented_boxes_can_be_asked_for),
        cmocka_unit_test(test_oriented_boxes_are_mirrored_with_the_chip),
        cmocka_unit_test(test_masks_are_made_of_prototypes),
        cmocka_unit_test(test_masks_are_mirrored_with_the_chip),
        cmocka_unit_test(test_a_mask_that_is_no_number_is_refused),
        cmocka_unit_test(test_heads_of_this_build_are_listed_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
