/* test_yolo.c - YOLO's text, and where the names of its classes are. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_yolo_boxes_are_shares_of_the_image(void **state) {
    elc_labels labels = written_read(
        written_put(state, "a.txt", "0 0.5 0.5 0.2 0.4\r\n\n1 0 0 0 0\n"), NULL);
    assert_string_equal(labels.format, "yolo");
    assert_int_equal(labels.count, 2);
    written_assert_box(&labels.items[0], 80, 30, 120, 70);
    assert_string_equal(labels.items[0].image, "a");
    assert_string_equal(labels.items[0].class_name, "0");
    assert_int_equal(labels.items[1].class_id, 1);
    elc_labels_clear(&labels);
}

static void test_yolo_outlines_and_oriented_boxes_are_rings(void **state) {
    elc_labels labels = written_read(
        written_put(state, "a.txt",
                    "0 0.1 0.1 0.2 0.1 0.2 0.3 0.1 0.3\n2 0 0 1 0 1 1.25\n"),
        NULL);
    written_assert_box(&labels.items[0], 20, 10, 40, 30);
    assert_int_equal(labels.items[1].n, 3);
    written_assert_near(labels.items[1].ring[2].y, 125);
    elc_labels_clear(&labels);
}

static void assert_named(void **state, const char *expected) {
    elc_labels labels = written_read(
        written_put(state, "set/labels/train/a.txt", "1 0.5 0.5 0.1 0.1\n"), "yolo");
    written_assert_names(&labels.classes, expected);
    assert_string_equal(labels.items[0].class_name, "big truck");
    elc_labels_clear(&labels);
}

static void test_yolo_names_are_beside_or_above(void **state) {
    written_put(state, "set/obj.names", "car\nbig truck\n");
    assert_named(state, "car,big truck");
    written_put(state, "set/labels/data.yaml", "names: [tree, big truck]\n");
    assert_named(state, "tree,big truck");
    written_put(state, "set/labels/train/classes.txt", " bus \r\nbig truck\nvan\n\n");
    assert_named(state, "bus,big truck,van");
}

static void test_yolo_names_in_every_form_of_yaml(void **state) {
    static const char *const forms[] = {
        "path: x\nnames:\n  0: car\n  1: big truck # long\nnc: 2\n",
        "names:\n- car\n- 'big truck'\nnc: 2\n",
        "names:\n  - \"car\"\n  - big truck\n",
        "nc: 2 # names: [a]\nnames: [ 'car', \"big truck\" ] # all\n",
        "names: [car,\n  big truck,\n]\nother: [1]\n",
        "names: {0: car, 1: 'big truck'}\n",
        "\xef\xbb\xbfnames:\r\n  0: car\r\n\r\n  1: big truck\r\n",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        written_put(state, "set/data.yaml", forms[i]);
        assert_named(state, "car,big truck");
    }
}

static void test_yolo_names_keep_their_signs(void **state) {
    written_put(state, "data.yaml", "names: ['a, b', \"c\\\"d\", 'it''s', e#f, g's]\n");
    elc_labels labels =
        written_read(written_put(state, "a.txt", "4 0.5 0.5 0.1 0.1\n"), NULL);
    written_assert_names(&labels.classes, "a, b,c\"d,it's,e#f,g's");
    elc_labels_clear(&labels);
}

static void refused_names(void **state, const char *yaml, const char *why) {
    written_put(state, "data.yaml", yaml);
    written_refused(written_put(state, "a.txt", "1 0.5 0.5 0.1 0.1\n"), NULL,
                    ELC_E_FORMAT, "data.yaml", why, NULL);
}

static void test_yolo_names_that_are_wrong_are_told(void **state) {
    refused_names(state, "names: [a, b\n", "not closed");
    refused_names(state, "names: coco.names\n", "line 1: names is 'coco.names'");
    refused_names(state, "nc: 3\n", "names no class");
    refused_names(state, "names:\n  0: a\n  2: b\n", "line 3: '2' where class 1");
    refused_names(state, "names: [a]\n", "class 1, but");
    refused_names(state, "names: ['']\n", "line 1: a class has no name");
}

static void test_yolo_key_points_are_not_taken_for_outlines(void **state) {
    written_put(state, "data.yaml", "kpt_shape: [1, 2]\nnames: [a]\n");
    written_refused(written_put(state, "a.txt", "0 0.5 0.5 0.1 0.1 0.5 0.5\n"), NULL,
                    ELC_E_UNSUPPORTED, "data.yaml: line 1: ", "key points", NULL);
}

static void test_yolo_lists_of_names_have_no_gaps(void **state) {
    written_put(state, "classes.txt", "car\n\ntruck\n");
    written_refused(written_put(state, "a.txt", "0 0.5 0.5 0.1 0.1\n"), NULL,
                    ELC_E_FORMAT, "classes.txt: line 3: an empty line", NULL);
}

static void refused(void **state, const char *line, const char *why) {
    char text[1000];
    snprintf(text, sizeof text, "0 0.5 0.5 0.1 0.1\n\n%s\n", line);
    written_refused(written_put(state, "a.txt", text), NULL, ELC_E_FORMAT,
                    "a.txt: line 3: ", why, NULL);
}

static void test_yolo_says_which_line_is_wrong(void **state) {
    refused(state, "0 0.5 0.5 0.1", "4 words");
    refused(state, "0 0.5 0.5 0.1 0.1 0.9", "6 words");
    refused(state, "car 0.5 0.5 0.1 0.1", "class: \"car\"");
    refused(state, "-1 0.5 0.5 0.1 0.1", "class -1");
    refused(state, "1.5 0.5 0.5 0.1 0.1", "class 1.5");
    refused(state, "0 320 240 32 24", "320 is no share");
    refused(state, "0 0.5 0.5 -0.1 0.1", "-0.1 wide");
    refused(state, "0 0.5 nan 0.1 0.1", "\"nan\" is not a number");
    refused(state, "0 0.5 1e999 0.1 0.1", "too large");
    refused(state, "99999999999 0.5 0.5 0.1 0.1", "no number of a class");
}

static elc_status unknown_size(void *arg, const char *image, int64_t *width,
                               int64_t *height, elc_error *err) {
    (void)arg;
    if (strcmp(image, "train/b") == 0)
        return written_size(NULL, image, width, height, err);
    return elc_fail(err, ELC_E_NOT_FOUND, "%s: unknown", image);
}

static void test_yolo_images_without_size_are_passed_over(void **state) {
    elc_labels labels = {0};
    written_put(state, "set/train/a.txt", "0 0.5 0.5 0.1 0.1\n");
    written_put(state, "set/train/b.txt", "0 0.5 0.5 0.2 0.2\n");
    assert_int_equal(elc_labels_read(written_path(state, "set"), NULL, unknown_size,
                                     NULL, &labels, NULL),
                     ELC_OK);
    assert_int_equal(labels.count, 1);
    assert_string_equal(labels.items[0].image, "train/b");
    elc_labels_clear(&labels);
}

static void test_yolo_without_sizes_is_refused(void **state) {
    elc_labels labels = {0};
    elc_error err = {0};
    const char *path = written_put(state, "a.txt", "0 0.5 0.5 0.1 0.1\n");
    assert_int_equal(elc_labels_read(path, NULL, NULL, NULL, &labels, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "image's size"));
}

static void test_yolo_two_lists_of_names_are_refused(void **state) {
    written_put(state, "set/one/classes.txt", "car\n");
    written_put(state, "set/one/a.txt", "0 0.5 0.5 0.1 0.1\n");
    written_put(state, "set/two/classes.txt", "truck\n");
    written_put(state, "set/two/b.txt", "0 0.5 0.5 0.1 0.1\n");
    written_refused(written_path(state, "set"), NULL, ELC_E_ARGUMENT, "two/classes.txt",
                    "one/classes.txt", "one by one", NULL);
}

/* Python's own arithmetic: counts by class, and the sums of all corners. */
static char *by_python(const char *folder) {
    return written_python("import sys, glob\n"
                          "n = [0] * 5; s = 0.0\n"
                          "for f in sorted(glob.glob(sys.argv[1] + \"/*.txt\")):\n"
                          "    if not f.endswith(\"classes.txt\"):\n"
                          "        for l in open(f):\n"
                          "            k, x, y, w, h = map(float, l.split())\n"
                          "            n[int(k)] += 1\n"
                          "            s += (x - w / 2) * 200 + (y + h / 2) * 100\n"
                          "print(*n, \"%.3f\" % s)\n",
                          folder);
}

static void check_delivery(const char *name) {
    const char *path = written_data(name);
    if (path == NULL)
        skip();
    elc_labels labels = written_read(path, NULL);
    int count[5] = {0};
    double sum = 0;
    char got[200], *expected = by_python(path);
    for (size_t i = 0; i < labels.count; i++) {
        count[labels.items[i].class_id]++;
        sum += labels.items[i].ring[3].x + labels.items[i].ring[3].y;
    }
    snprintf(got, sizeof got, "%d %d %d %d %d %.3f\n", count[0], count[1], count[2],
             count[3], count[4], sum);
    assert_string_equal(got, expected);
    written_assert_names(&labels.classes, "car,truck,bus,minibus,cyclist");
    free(expected);
    elc_labels_clear(&labels);
}

static void test_yolo_of_deliveries_is_what_python_reads(void **state) {
    (void)state;
    check_delivery("imagery/kit_ais");
    check_delivery("imagery/minsk");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WRITTEN(test_yolo_boxes_are_shares_of_the_image),
        WRITTEN(test_yolo_outlines_and_oriented_boxes_are_rings),
        WRITTEN(test_yolo_names_are_beside_or_above),
        WRITTEN(test_yolo_names_in_every_form_of_yaml),
        WRITTEN(test_yolo_names_keep_their_signs),
        WRITTEN(test_yolo_names_that_are_wrong_are_told),
        WRITTEN(test_yolo_key_points_are_not_taken_for_outlines),
        WRITTEN(test_yolo_lists_of_names_have_no_gaps),
        WRITTEN(test_yolo_says_which_line_is_wrong),
        WRITTEN(test_yolo_images_without_size_are_passed_over),
        WRITTEN(test_yolo_without_sizes_is_refused),
        WRITTEN(test_yolo_two_lists_of_names_are_refused),
        cmocka_unit_test(test_yolo_of_deliveries_is_what_python_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
