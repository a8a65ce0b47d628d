/* test_coco.c - COCO's JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IMAGES                                                                         \
    "\"images\":[{\"id\":7,\"file_name\":\"a/"                                         \
    "one.tif\"},{\"id\":3,\"file_name\":\"two.tif\"}]"
#define CATEGORIES                                                                     \
    "\"categories\":[{\"id\":9,\"name\":\"ship\"},{\"id\":2,\"name\":\"car\"}]"

/* A file of one annotation in image 7, which `rest` says more of. */
static const char *put(void **state, const char *rest) {
    char text[4096];
    snprintf(text, sizeof text,
             "{" IMAGES ",\n" CATEGORIES ",\n\"annotations\":[\n{\"id\":1,"
             "\"image_id\":7,\"category_id\":2%s%s}]}",
             rest[0] ? "," : "", rest);
    return written_put(state, "coco.json", text);
}

static elc_labels read_one(void **state, const char *rest) {
    elc_labels labels = written_read(put(state, rest), NULL);
    assert_string_equal(labels.format, "coco");
    assert_int_equal(labels.count, 1);
    return labels;
}

static void test_coco_boxes_are_corner_and_size(void **state) {
    elc_labels labels = read_one(state, "\"bbox\":[10.5,20,30,40.25]");
    written_assert_box(&labels.items[0], 10.5, 20, 40.5, 60.25);
    assert_string_equal(labels.items[0].image, "a/one.tif");
    assert_string_equal(labels.items[0].class_name, "car");
    assert_int_equal(labels.items[0].class_id, 2);
    assert_false(labels.items[0].crowd);
    elc_labels_clear(&labels);
}

static void test_coco_classes_are_in_the_order_of_their_ids(void **state) {
    elc_labels labels = read_one(state, "\"bbox\":[1,2,3,4],\"iscrowd\":1");
    written_assert_names(&labels.classes, "car,ship");
    assert_true(labels.items[0].crowd);
    elc_labels_clear(&labels);
}

static void test_coco_outlines_keep_the_box_and_area_that_are_stated(void **state) {
    elc_labels labels = read_one(state, "\"segmentation\":[[1,1,9,1,9,9]],"
                                        "\"bbox\":[0,1,10,8],\"area\":32.5");
    double box[4];
    elc_label_box(&labels.items[0], box);
    assert_true(box[0] == 0 && box[1] == 1 && box[2] == 10 && box[3] == 9);
    assert_true(labels.items[0].area == 32.5);
    assert_int_equal(labels.items[0].n, 3);
    elc_labels_clear(&labels);
    labels = read_one(state, "\"segmentation\":[[1,2,9,1,9,9]]");
    elc_label_box(&labels.items[0], box);
    assert_true(box[0] == 1 && box[1] == 1 && box[2] == 9 && box[3] == 9);
    elc_labels_clear(&labels);
}

static void test_coco_images_without_a_label_are_known(void **state) {
    elc_labels labels = read_one(state, "\"bbox\":[1,2,3,4]");
    written_assert_names(&labels.images, "a/one.tif,two.tif");
    elc_labels_clear(&labels);
}

static void test_coco_annotations_may_come_first(void **state) {
    elc_labels labels = written_read(
        written_put(state, "c.json",
                    "{\"info\":{\"a\":[1,{\"b\":\"}]\\\"\"}]},\"annotations\":[{"
                    "\"image_id\":3,\"category_id\":9,\"bbox\":[0,0,1,1]}]," IMAGES
                    "," CATEGORIES "}"),
        NULL);
    assert_string_equal(labels.items[0].image, "two.tif");
    assert_string_equal(labels.items[0].class_name, "ship");
    elc_labels_clear(&labels);
}

static void test_coco_outlines_are_rings(void **state) {
    elc_labels labels =
        read_one(state, "\"bbox\":[0,0,9,9],\"segmentation\":[[1,2,5,2,5,8.5]]");
    assert_int_equal(labels.items[0].n, 3);
    written_assert_near(labels.items[0].ring[2].y, 8.5);
    elc_labels_clear(&labels);
}

static void test_coco_parts_are_joined_to_one_ring(void **state) {
    elc_labels labels =
        read_one(state, "\"segmentation\":[[0,0,4,0,4,4,0,4],[10,0,14,0,14,4,10,4]]");
    elc_cut_label *cut = NULL;
    size_t n = 0;
    assert_int_equal(labels.items[0].n, 10);
    assert_int_equal(elc_labels_cut(&labels, NULL, 1, 0, 0, 12, 100, &cut, &n, NULL),
                     ELC_OK);
    assert_int_equal(n, 1);
    written_assert_near(cut[0].visible, 24.0 / 32);
    written_assert_near(cut[0].xmax, 12);
    elc_cut_labels_free(cut, n);
    elc_labels_clear(&labels);
}

static void test_coco_masks_give_their_box(void **state) {
    static const char *const masks[] = {
        "\"segmentation\":{\"size\":[4,5],\"counts\":[5,2,2,2,9]}",
        "\"segmentation\":{\"size\":[4,5],\"counts\":\"52207\"}",
        "\"bbox\":[1,1,2,2],\"segmentation\":{\"size\":[4,5],\"counts\":\"?\"}",
        "\"bbox\":[1,1,2,2],\"segmentation\":[]",
    };
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        elc_labels labels = read_one(state, masks[i]);
        written_assert_box(&labels.items[0], 1, 1, 3, 3);
        elc_labels_clear(&labels);
    }
}

/* A run down several columns has the mask's whole height. */
static void test_coco_runs_go_down_the_columns(void **state) {
    elc_labels labels =
        read_one(state, "\"segmentation\":{\"size\":[4,5],\"counts\":[6,4,10]}");
    written_assert_box(&labels.items[0], 1, 0, 3, 4);
    elc_labels_clear(&labels);
}

static void refused(void **state, const char *rest, const char *why) {
    written_refused(put(state, rest), NULL, ELC_E_FORMAT, "coco.json: line 4", why,
                    NULL);
}

static void test_coco_says_which_line_is_wrong(void **state) {
    refused(state, "", "neither a bbox nor");
    refused(state, "\"bbox\":[1,2,3]", "[x, y, width, height]");
    refused(state, "\"bbox\":[1,2,3,\"4\"]", "[x, y, width, height]");
    refused(state, "\"bbox\":[1,2,-3,4]", "-3 wide");
    refused(state, "\"bbox\":[1,2,1e300,4]", "beyond");
    refused(state, "\"segmentation\":[[1,2,3,4,5]]", "lists of x, y");
    refused(state, "\"segmentation\":{\"size\":[4,5],\"counts\":[30]}", "longer than");
    refused(state, "\"segmentation\":{\"size\":[0,5],\"counts\":[]}", "run lengths");
    refused(state, "\"segmentation\":{\"size\":[9,9],\"counts\":\"oooooooooooooooo\"}",
            "run lengths");
    refused(state, "\"bbox\":[1,2,3,NaN]", "not JSON");
}

static void test_coco_ids_must_be_known(void **state) {
    written_refused(
        written_put(state, "c.json",
                    "{" IMAGES "," CATEGORIES ",\n\"annotations\":[{\"image_id\":4,"
                    "\"category_id\":2,\"bbox\":[1,1,1,1]}]}"),
        NULL, ELC_E_FORMAT, "c.json: line 2: the image 4 is not among", NULL);
    written_refused(written_put(state, "c.json",
                                "{\"images\":[{\"id\":1,\"file_name\":\"a\"},\n"
                                "{\"id\":1,\"file_name\":\"b\"}]}"),
                    NULL, ELC_E_FORMAT, "line 2: the id 1 comes twice", NULL);
}

static void test_coco_refuses_what_is_cut(void **state) {
    const char *whole = put(state, "\"bbox\":[1,2,3,4]");
    elc_string text = {0};
    assert_int_equal(elc_file_read(whole, 1 << 20, &text, NULL), ELC_OK);
    for (size_t n = 0; n < text.size; n++) {
        char kept = text.data[n];
        text.data[n] = '\0';
        written_refused(written_put(state, "cut.json", text.data), "coco", ELC_E_FORMAT,
                        "cut.json: line", NULL);
        text.data[n] = kept;
    }
    elc_string_free(&text);
}

static void test_coco_bounds_depth_and_ends(void **state) {
    char deep[5000];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    memcpy(deep, "{\"images\":", 10);
    written_refused(written_put(state, "d.json", deep), NULL, ELC_E_FORMAT,
                    "512 levels", NULL);
    written_refused(written_put(state, "e.json", "{\"images\":[]} x"), NULL,
                    ELC_E_FORMAT, "'x' where the end", NULL);
}

static void test_coco_without_annotations_has_no_labels(void **state) {
    elc_labels labels =
        written_read(written_put(state, "c.json", "{" IMAGES "," CATEGORIES "}"), NULL);
    assert_int_equal(labels.count, 0);
    written_assert_names(&labels.classes, "car,ship");
    elc_labels_clear(&labels);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WRITTEN(test_coco_boxes_are_corner_and_size),
        WRITTEN(test_coco_classes_are_in_the_order_of_their_ids),
        WRITTEN(test_coco_outlines_keep_the_box_and_area_that_are_stated),
        WRITTEN(test_coco_images_without_a_label_are_known),
        WRITTEN(test_coco_annotations_may_come_first),
        WRITTEN(test_coco_outlines_are_rings),
        WRITTEN(test_coco_parts_are_joined_to_one_ring),
        WRITTEN(test_coco_masks_give_their_box),
        WRITTEN(test_coco_runs_go_down_the_columns),
        WRITTEN(test_coco_says_which_line_is_wrong),
        WRITTEN(test_coco_ids_must_be_known),
        WRITTEN(test_coco_refuses_what_is_cut),
        WRITTEN(test_coco_bounds_depth_and_ends),
        WRITTEN(test_coco_without_annotations_has_no_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
