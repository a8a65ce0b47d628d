/* test_dota.c - DOTA's text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <stdio.h>

#define HEADING "imagesource:GoogleEarth\ngsd:0.146343590398\n"
#define SHIP    "10 5 30.5 5 30.5 25 10 25 ship 0\n"

static void test_dota_lines_are_four_corners_and_a_class(void **state) {
    elc_labels labels =
        written_read(written_put(state, "P0001.txt",
                                 HEADING SHIP "1 2 3 4 5 6 7 8 large-vehicle 1\r\n"),
                     NULL);
    assert_string_equal(labels.format, "dota");
    written_assert_box(&labels.items[0], 10, 5, 30.5, 25);
    written_assert_names(&labels.classes, "ship,large-vehicle");
    assert_string_equal(labels.items[1].image, "P0001");
    assert_true(labels.items[1].difficult && !labels.items[0].difficult);
    written_assert_near(labels.items[1].ring[3].y, 8);
    written_assert_of(&labels, "images/P0001.png", "0,1");
    elc_labels_clear(&labels);
}

static void test_dota_heading_and_flag_may_be_missing(void **state) {
    elc_labels labels =
        written_read(written_put(state, "a.txt", "-1 2 3 4 5 6 7 8 plane\n"), NULL);
    assert_string_equal(labels.format, "dota");
    assert_false(labels.items[0].difficult);
    written_assert_near(labels.items[0].ring[0].x, -1);
    elc_labels_clear(&labels);
}

static void test_dota_image_without_objects_has_no_labels(void **state) {
    elc_labels labels = written_read(written_put(state, "a.txt", HEADING), NULL);
    assert_string_equal(labels.format, "dota");
    assert_int_equal(labels.count, 0);
    elc_labels_clear(&labels);
}

static void refused(void **state, const char *line, const char *why) {
    char text[1000];
    snprintf(text, sizeof text, HEADING SHIP "%s\n", line);
    written_refused(written_put(state, "a.txt", text), NULL, ELC_E_FORMAT,
                    "a.txt: line 4: ", why, NULL);
}

static void test_dota_says_which_line_is_wrong(void **state) {
    refused(state, "1 2 3 4 5 6 7 8", "8 words");
    refused(state, "1 2 3 4 5 6 7 8 a 0 9", "11 words");
    refused(state, "1 2 3 4 5 6 seven 8 a 0", "\"seven\"");
    refused(state, "1 2 3 4 5 6 7e300 8 a 0", "beyond");
    refused(state, "gsd:null", "1 words");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WRITTEN(test_dota_lines_are_four_corners_and_a_class),
        WRITTEN(test_dota_heading_and_flag_may_be_missing),
        WRITTEN(test_dota_image_without_objects_has_no_labels),
        WRITTEN(test_dota_says_which_line_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
