/* test_styles.c - the files that say what classes are called and how they look. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define HEAD "class_id,name,group,colour,least_score\n"

static elc_styles read_text(void **state, const char *text) {
    elc_error err = {0};
    elc_styles styles = {0};
    if (elc_styles_read(written_put(state, "styles.csv", text), &styles, &err) !=
        ELC_OK)
        fail_msg("%s", err.message);
    return styles;
}

static void refused(void **state, const char *text, const char *word) {
    elc_error err = {0};
    elc_styles styles = {0};
    assert_int_equal(
        elc_styles_read(written_put(state, "styles.csv", text), &styles, &err),
        ELC_E_FORMAT);
    assert_non_null(strstr(err.message, word));
}

static void test_styles_have_all_columns(void **state) {
    elc_styles s = read_text(state, HEAD "18,\"small car\",road,#FF00a0,0.25\n");
    assert_int_equal(s.count, 1);
    assert_int_equal(s.items[0].id, 18);
    assert_string_equal(s.items[0].name, "small car");
    assert_string_equal(s.items[0].group, "road");
    assert_int_equal(s.items[0].colour, 0xff00a0);
    assert_true(s.items[0].least == 0.25);
    elc_styles_clear(&s);
}

static void test_styles_need_a_name_alone(void **state) {
    elc_styles s = read_text(state, "name,remark\n\"car\",a\n\"7\",b\n");
    assert_int_equal(s.count, 2);
    assert_int_equal(s.items[0].id, -1);
    assert_int_equal(s.items[0].colour, -1);
    assert_null(s.items[0].group);
    assert_true(isnan(s.items[0].least));
    elc_styles_clear(&s);
}

static void test_styles_are_found_by_name_then_by_number(void **state) {
    elc_styles s = read_text(state, HEAD "1,Small Car,,,\n2,\"1\",,,\n3,bus,,,\n");
    assert_ptr_equal(elc_styles_find(&s, "small_car"), &s.items[0]);
    assert_ptr_equal(elc_styles_find(&s, "SMALL-CAR"), &s.items[0]);
    assert_ptr_equal(elc_styles_find(&s, "1"), &s.items[1]);
    assert_ptr_equal(elc_styles_find(&s, "3"), &s.items[2]);
    assert_null(elc_styles_find(&s, "small"));
    assert_null(elc_styles_find(&s, "4"));
    elc_styles_clear(&s);
}

static void test_styles_refuse_what_cannot_be_meant(void **state) {
    refused(state, "class,colour\ncar,#ff0000\n", "no column name");
    refused(state, HEAD "1,car,,red,\n", "row 1: colour is not #rrggbb");
    refused(state, HEAD "1,car,,#12345g,\n", "colour");
    refused(state, HEAD "1,car,,#ff0000,\n1,bus,,,\n", "row 2: the class was there");
    refused(state, HEAD "1,car,,,\n2,Car,,,\n", "row 2: the class was there");
    refused(state, HEAD "-1,car,,,\n", "class_id");
    refused(state, HEAD "1,,,,\n", "no name");
}

/* All of xView's 60 classes, under the names that the reader of its labels gives. */
static void test_styles_of_xview_are_those_of_its_labels(void **state) {
    char path[1000];
    elc_styles s = {0};
    snprintf(path, sizeof path, "%s/share/styles/xview.csv", ELCANO_SOURCE_DIR);
    assert_int_equal(elc_styles_read(path, &s, NULL), ELC_OK);
    assert_int_equal(s.count, 60);
    elc_labels labels = written_read(
        written_put(state, "x.geojson",
                    "{\"features\":[{\"properties\":{\"bounds_imcoords\":\"0,0,9,9\","
                    "\"type_id\":18,\"image_id\":\"1.tif\"}}]}"),
        NULL);
    assert_int_equal(labels.classes.count, 60);
    for (size_t i = 0; i < 60; i++)
        assert_string_equal(s.items[i].name, labels.classes.items[i]);
    assert_string_equal(elc_styles_find(&s, "18")->name, "Small Car");
    elc_labels_clear(&labels);
    elc_styles_clear(&s);
}

static void test_styles_of_vehicles_are_three(void **state) {
    (void)state;
    char path[1000];
    elc_styles s = {0};
    snprintf(path, sizeof path, "%s/share/styles/vehicles.csv", ELCANO_SOURCE_DIR);
    assert_int_equal(elc_styles_read(path, &s, NULL), ELC_OK);
    assert_int_equal(elc_styles_find(&s, "car")->colour, 0xd62728);
    assert_int_equal(elc_styles_find(&s, "23")->colour, 0xff7f0e);
    assert_int_equal(elc_styles_find(&s, "bus")->colour, 0xffffff);
    assert_int_equal(elc_styles_find(&s, "bus")->id, 19);
    elc_styles_clear(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WRITTEN(test_styles_have_all_columns),
        WRITTEN(test_styles_need_a_name_alone),
        WRITTEN(test_styles_are_found_by_name_then_by_number),
        WRITTEN(test_styles_refuse_what_cannot_be_meant),
        WRITTEN(test_styles_of_xview_are_those_of_its_labels),
        WRITTEN(test_styles_of_vehicles_are_three),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
