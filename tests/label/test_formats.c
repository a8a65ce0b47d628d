/* test_formats.c - formats told by content, files and folders of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <string.h>
#include <unistd.h>

#define LINE "0 0.5 0.5 0.1 0.1\n"

static void test_formats_are_named_in_a_list(void **state) {
    static const char *const expected[] = {"voc",  "coco", "yolo", "xview",
                                           "dota", "csv",  "layer"};
    (void)state;
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(elc_label_formats()[i], expected[i]);
    assert_null(elc_label_formats()[7]);
}

static void test_formats_unknown_are_refused_with_the_nearest(void **state) {
    const char *path = written_put(state, "a.txt", LINE);
    written_refused(path, "yole", ELC_E_ARGUMENT, "'yole'", "did you mean yolo", NULL);
}

static void test_formats_that_are_forced_are_not_told(void **state) {
    const char *path = written_put(state, "a.txt", LINE);
    written_refused(path, "dota", ELC_E_FORMAT, "a.txt: line 1: 5 words; DOTA", NULL);
}

static void test_formats_of_nothing_known_are_refused(void **state) {
    written_refused(written_put(state, "a.txt", "just text"), NULL, ELC_E_FORMAT,
                    "not labels as voc, coco", NULL);
    written_refused(written_path(state, "no.csv"), NULL, ELC_E_NOT_FOUND,
                    "there is no such file", NULL);
    written_refused(written_path(state, "no.csv"), "csv", ELC_E_NOT_FOUND,
                    "there is no such file", NULL);
}

static void test_formats_devices_are_not_waited_for(void **state) {
    (void)state;
    written_refused("/dev/zero", "csv", ELC_E_ARGUMENT, "no regular file", NULL);
}

static void test_folders_are_read_bytewise_with_those_below(void **state) {
    written_put(state, "set/b.txt", LINE);
    written_put(state, "set/a/2.txt", LINE);
    written_put(state, "set/a/10.txt", LINE);
    written_put(state, "set/Z.txt", LINE);
    written_put(state, "set/.hidden.txt", "wrong");
    written_put(state, "set/notes.txt", "what this is");
    written_put(state, "set/b.jpg", "");
    assert_int_equal(symlink("..", written_path(state, "set/a/up")), 0);
    elc_labels labels = written_read(written_path(state, "set"), NULL);
    written_assert_names(&labels.images, "Z,a/10,a/2,b");
    elc_labels_clear(&labels);
}

static void test_folders_of_two_formats_need_to_be_told_which(void **state) {
    written_put(state, "set/a.csv", "image,xmin,ymin,xmax,ymax\na.tif,1,2,3,4\n");
    written_put(state, "set/a.txt", LINE);
    written_refused(written_path(state, "set"), NULL, ELC_E_ARGUMENT, "csv (a.csv)",
                    "yolo (a.txt)", NULL);
    elc_labels labels = written_read(written_path(state, "set"), "yolo");
    assert_string_equal(labels.format, "yolo");
    assert_int_equal(labels.count, 1);
    elc_labels_clear(&labels);
}

static void test_folders_forced_to_a_format_have_no_others(void **state) {
    written_put(state, "set/a.txt", LINE);
    written_put(state, "set/b.txt", "");
    written_put(state, "set/classes.txt", "car\n");
    written_put(state, "set/README.txt", "what this is");
    elc_labels labels = written_read(written_path(state, "set"), "yolo");
    assert_int_equal(labels.count, 1);
    elc_labels_clear(&labels);
    written_put(state, "set/c.txt", "wrong");
    written_refused(written_path(state, "set"), "yolo", ELC_E_FORMAT, "c.txt: line 1",
                    NULL);
}

static void test_folders_without_labels_are_refused(void **state) {
    written_put(state, "set/a.jpg", "");
    written_refused(written_path(state, "set"), NULL, ELC_E_NOT_FOUND, "no labels",
                    NULL);
    written_refused(written_path(state, "set"), "voc", ELC_E_NOT_FOUND,
                    "no labels as voc", NULL);
}

static void test_deliveries_of_several_formats_are_told(void **state) {
    const char *path = written_data("imagery/DeepForest");
    (void)state;
    if (path == NULL)
        skip();
    written_refused(path, NULL, ELC_E_ARGUMENT, "csv (OSBS_029.csv)",
                    "voc (OSBS_029.xml)", NULL);
    elc_labels labels = written_read(path, "voc");
    assert_int_equal(labels.count, 61 + 37);
    elc_labels_clear(&labels);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats_are_named_in_a_list),
        WRITTEN(test_formats_unknown_are_refused_with_the_nearest),
        WRITTEN(test_formats_that_are_forced_are_not_told),
        WRITTEN(test_formats_of_nothing_known_are_refused),
        cmocka_unit_test(test_formats_devices_are_not_waited_for),
        WRITTEN(test_folders_are_read_bytewise_with_those_below),
        WRITTEN(test_folders_of_two_formats_need_to_be_told_which),
        WRITTEN(test_folders_forced_to_a_format_have_no_others),
        WRITTEN(test_folders_without_labels_are_refused),
        cmocka_unit_test(test_deliveries_of_several_formats_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
