/* test_xview.c - xView's GeoJSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD                                                                           \
    "{\n\"type\": \"FeatureCollection\",\n\"crs\": {\"type\": \"name\"},\n"            \
    "\"features\": [\n"

/* A feature as xView's file has them. */
static const char *feature(const char *bounds, int type) {
    static char text[4][1000];
    static unsigned turn;
    char *out = text[turn++ % 4];
    snprintf(
        out, sizeof text[0],
        "{ \"type\": \"Feature\", \"properties\": { \"bounds_imcoords\": \"%s\", "
        "\"feature_id\": 374410, \"image_id\": \"2355.tif\", \"type_id\": %d, "
        "\"cat_id\": \"1040010028371A00\", \"point_geom\": \"0101000020E6\" }, "
        "\"geometry\": { \"type\": \"Polygon\", \"coordinates\": [ [ [ -90.5, 14.5 "
        "], [ -90.5, 14.6 ], [ -90.4, 14.6 ], [ -90.5, 14.5 ] ] ] } }",
        bounds, type);
    return out;
}

static const char *put(void **state, const char *a, const char *b) {
    char text[4000];
    snprintf(text, sizeof text, HEAD "%s,\n%s\n]\n}\n", a, b);
    return written_put(state, "xView_train.geojson", text);
}

static void test_xview_boxes_are_pixels_and_classes_have_names(void **state) {
    elc_labels labels = written_read(
        put(state, feature("2712,1145,2746,1177", 73), feature("5,9,1,3", 11)), NULL);
    assert_string_equal(labels.format, "xview");
    assert_int_equal(labels.count, 2);
    written_assert_box(&labels.items[0], 2712, 1145, 2746, 1177);
    written_assert_box(&labels.items[1], 1, 3, 5, 9); /* any two corners */
    assert_string_equal(labels.items[0].class_name, "Building");
    assert_int_equal(labels.items[0].class_id, 73);
    assert_false(labels.items[0].on_map);
    assert_string_equal(labels.items[1].class_name, "Fixed-wing Aircraft");
    written_assert_of(&labels, "train/2355.tif", "0,1");
    elc_labels_clear(&labels);
}

static void test_xview_has_sixty_classes_and_three_ids_of_none(void **state) {
    elc_labels labels =
        written_read(put(state, feature("1,1,2,2", 75), feature("1,1,2,2", 82)), NULL);
    assert_int_equal(labels.count, 0);
    assert_int_equal(labels.classes.count, 60);
    assert_string_equal(labels.classes.items[59], "Tower");
    elc_labels_clear(&labels);
    labels =
        written_read(put(state, feature("1,1,2,2", 87), feature("1,1,2,2", 94)), NULL);
    assert_int_equal(labels.count, 1);
    elc_labels_clear(&labels);
}

static void refused(void **state, const char *second, const char *why) {
    written_refused(put(state, feature("1,1,2,2", 73), second), "xview", ELC_E_FORMAT,
                    "xView_train.geojson: line 6: ", why, NULL);
}

static void test_xview_says_which_line_is_wrong(void **state) {
    refused(state, feature("1,2,3", 73), "not xmin,ymin,xmax,ymax");
    refused(state, feature("1,2,3,x", 73), "\"x\" is not a number");
    refused(state, feature("1,2,3,4e300", 73), "beyond");
    refused(state, feature("1,2,3,4", 48), "no class 48");
    refused(state, feature("1,2,3,4", -1), "no type_id");
    refused(state, "{}", "no bounds_imcoords");
    refused(state, "7", "no bounds_imcoords");
    refused(state, "{\"a\": [1,]}", "not JSON");
}

static void test_xview_features_that_are_cut_are_told(void **state) {
    char text[1000];
    snprintf(text, sizeof text, HEAD "%.600s", feature("1,1,2,2", 73));
    for (size_t n = strlen(text); n > 300; n -= 7) {
        text[n] = '\0';
        written_refused(written_put(state, "cut.geojson", text), "xview", ELC_E_FORMAT,
                        "cut.geojson: line 5: the file ends", NULL);
    }
}

/* A file of 50 MB, of ids that mean nothing but the last: memory holds an element. */
static void test_xview_large_files_are_streamed(void **state) {
    const char *path = written_path(state, "large.geojson");
    FILE *file = fopen(path, "wb");
    const int n = 200000;
    fputs(HEAD, file);
    for (int i = 0; i < n; i++)
        fprintf(file, "%s%s", i > 0 ? ",\n" : "",
                feature("1,1,2,2", i + 1 < n ? 75 : 73));
    fputs("]}", file);
    long size = ftell(file);
    fclose(file);
    size_t before = elc_memory_peak();
    elc_labels labels = written_read(path, NULL);
    assert_int_equal(labels.count, 1);
    assert_true(size > 50000000);
#if !defined __SANITIZE_ADDRESS__
    assert_true(elc_memory_peak() - before < 8000000);
#else
    (void)before;
#endif
    elc_labels_clear(&labels);
}

static void test_xview_numbers_its_classes_by_name_and_number(void **state) {
    (void)state;
    assert_int_equal(elc_label_xview_id("Small Car"), 18);
    assert_int_equal(elc_label_xview_id("small_car"), 18);
    assert_int_equal(elc_label_xview_id("18"), 18);
    assert_int_equal(elc_label_xview_id("75"), -1);
    assert_int_equal(elc_label_xview_id("18.5"), -1);
    assert_int_equal(elc_label_xview_id(""), -1);
    assert_int_equal(elc_label_xview_id("99999999999999999999"), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WRITTEN(test_xview_boxes_are_pixels_and_classes_have_names),
        WRITTEN(test_xview_has_sixty_classes_and_three_ids_of_none),
        WRITTEN(test_xview_says_which_line_is_wrong),
        WRITTEN(test_xview_features_that_are_cut_are_told),
        WRITTEN(test_xview_large_files_are_streamed),
        cmocka_unit_test(test_xview_numbers_its_classes_by_name_and_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
