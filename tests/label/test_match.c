/* test_match.c - which labels are of an image. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <stdlib.h>
#include <string.h>

static void test_match_is_by_file_name_or_stem(void **state) {
    (void)state;
    assert_true(elc_label_is_of("a.tif", "deliveries/a.tif"));
    assert_true(elc_label_is_of("old/place/a.jpg", "a.tif"));
    assert_true(elc_label_is_of("train/a", "images/train/a.png"));
    assert_true(elc_label_is_of("site.v2", "site.v2.tif"));
    assert_true(elc_label_is_of("a.nc", "a.nc"));
    assert_false(elc_label_is_of("site.v2", "site.tif"));
    assert_false(elc_label_is_of("a.tif", "b/a.tif/c.tif"));
    assert_false(elc_label_is_of("1.tif", "11.tif"));
    assert_false(elc_label_is_of("a", "A.tif"));
}

#define HEAD "image,xmin,ymin,xmax,ymax,label\n"
#define BOX  ",1,1,2,2,t\n"

static elc_labels read_csv(void **state, const char *text) {
    return written_read(written_put(state, "l.csv", text), "csv");
}

static void test_match_prefers_the_folder(void **state) {
    elc_labels labels = read_csv(state, HEAD "val/1.tif" BOX "train/1.tif" BOX
                                             "val/1.tif" BOX "val/2.tif" BOX);
    written_assert_of(&labels, "/data/set/val/1.tif", "0,2");
    written_assert_of(&labels, "train/1.tif", "1");
    written_assert_of(&labels, "elsewhere/2.tif", "3");
    written_assert_of(&labels, "val/3.tif", "");
    written_assert_of(&labels, NULL, "0,1,2,3");
    elc_labels_clear(&labels);
}

static void test_match_prefers_the_file_name_to_the_stem(void **state) {
    elc_labels labels = read_csv(state, HEAD "x/1.tif" BOX "y/1.png" BOX);
    written_assert_of(&labels, "y/1.tif", "0");
    written_assert_of(&labels, "y/1.jpg", "1");
    elc_labels_clear(&labels);
}

static void test_match_refuses_what_two_images_fit(void **state) {
    elc_labels labels = read_csv(state, HEAD "val/1.tif" BOX "train/1.tif" BOX);
    size_t *indices = NULL, n = 0;
    elc_error err = {0};
    assert_int_equal(elc_labels_of(&labels, "1.tif", &indices, &n, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "train/1.tif"));
    assert_non_null(strstr(err.message, "val/1.tif"));
    elc_labels_clear(&labels);
}

static void test_match_of_labels_without_image_is_any(void **state) {
    elc_labels labels = read_csv(state, "xmin,ymin,xmax,ymax,label\n1,1,2,2,t\n");
    written_assert_of(&labels, "any.tif", "0");
    elc_labels_clear(&labels);
}

static const char *const two_folders[] = {"a/1.png", "b/1.png", "2.nc"};

static void test_settled_labels_are_of_the_image_in_their_folder(void **state) {
    elc_labels labels =
        read_csv(state, HEAD "a/1" BOX "x/2" BOX "set/a/1.png" BOX "3.png" BOX);
    elc_error err = {0};
    assert_int_equal(elc_labels_settle(&labels, two_folders, 3, &err), ELC_OK);
    written_assert_of(&labels, "a/1.png", "2"); /* the file name fits better */
    written_assert_of(&labels, "b/1.png", "");
    written_assert_of(&labels, "2.nc", "1");
    elc_labels_clear(&labels);
}

static void test_settling_refuses_what_fits_two_images(void **state) {
    elc_labels labels = read_csv(state, HEAD "1.png" BOX);
    elc_error err = {0};
    assert_int_equal(elc_labels_settle(&labels, two_folders, 3, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "a/1.png and b/1.png"));
    elc_labels_clear(&labels);
}

static void test_settling_prefers_the_whole_path(void **state) {
    static const char *const images[] = {"1.png", "a/1.png"};
    elc_labels labels = read_csv(state, HEAD "1.png" BOX "a/1.png" BOX);
    elc_error err = {0};
    assert_int_equal(elc_labels_settle(&labels, images, 2, &err), ELC_OK);
    written_assert_of(&labels, "1.png", "0");
    written_assert_of(&labels, "a/1.png", "1");
    elc_labels_clear(&labels);
}

/* Labels that a program made itself have no order to look them up in. */
static void test_match_needs_no_index(void **state) {
    (void)state;
    elc_label items[] = {{.image = "a.tif"}, {.image = NULL}, {.image = "b.tif"}};
    elc_labels labels = {.items = items, .count = 3};
    written_assert_of(&labels, "x/b.tif", "1,2");
    written_assert_of(&labels, "c.tif", "1");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match_is_by_file_name_or_stem),
        WRITTEN(test_match_prefers_the_folder),
        WRITTEN(test_match_prefers_the_file_name_to_the_stem),
        WRITTEN(test_match_refuses_what_two_images_fit),
        WRITTEN(test_match_of_labels_without_image_is_any),
        cmocka_unit_test(test_match_needs_no_index),
        WRITTEN(test_settled_labels_are_of_the_image_in_their_folder),
        WRITTEN(test_settling_refuses_what_fits_two_images),
        WRITTEN(test_settling_prefers_the_whole_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
