/* test_csv.c - CSV under the names that people use. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first label of a file, which must be of image "1.tif" and class "tree". */
static void assert_first(void **state, const char *text, double xmin, double ymin,
                         double xmax, double ymax) {
    elc_labels labels = written_read(written_put(state, "l.csv", text), NULL);
    assert_string_equal(labels.format, "csv");
    assert_true(labels.count > 0);
    assert_string_equal(labels.items[0].image, "1.tif");
    assert_string_equal(labels.items[0].class_name, "tree");
    written_assert_box(&labels.items[0], xmin, ymin, xmax, ymax);
    elc_labels_clear(&labels);
}

static void test_csv_columns_go_by_many_names(void **state) {
    static const char *const texts[] = {
        "image_path,xmin,ymin,xmax,ymax,label\n1.tif,1,2,3,4,tree\n",
        "label,ymax,xmax,ymin,xmin,Image\ntree,4,3,2,1,1.tif\n",
        "filename,width,height,class,xmin,ymin,xmax,ymax\n1.tif,9,9,tree,1,2,3,4\n",
        "file,x,y,width,height,name\n1.tif,1,2,2,2,tree\n",
        "image_id,left,top,right,bottom,category\n1.tif,1,2,3,4,tree\n",
        "path,x1,y1,x2,y2,class\n1.tif,1,2,3,4,tree\n",
        "1.tif,1,2,3,4,tree\n",
        "1.tif,1,2,3,4,tree\n2.tif,,,,,\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_first(state, texts[i], 1, 2, 3, 4);
}

static void test_csv_comes_in_many_dialects(void **state) {
    static const char *const texts[] = {
        "\xef\xbb\xbfimage,xmin,ymin,xmax,ymax,label\r\n1.tif,1.5,2,3,4,tree\r\n",
        "image;xmin;ymin;xmax;ymax;label\n1.tif;1,5;2;3,0;4;tree\n",
        "image\txmin\tymin\txmax\tymax\tlabel\n1.tif\t1.5\t2\t3\t4\ttree\n",
        "\"image\", \"xmin\", ymin, xmax, ymax, label\n\"1.tif\" , 1.5, 2, 3, 4, tree "
        "\n",
        "image,xmin,ymin,xmax,ymax,label,note\n1.tif,1.5,2,3,4,tree,\"a, "
        "\"\"b\"\"\nc\"\n",
        "image,xmin,ymin,xmax,ymax,label\n\n\n1.tif,1.5,2,3,4,tree",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_first(state, texts[i], 1.5, 2, 3, 4);
}

static void test_csv_quotes_are_taken_off_names(void **state) {
    elc_labels labels = written_read(
        written_put(state, "l.csv",
                    "image,xmin,ymin,xmax,ymax,label\n"
                    "\"a,\"\"b\"\".tif\",1,2,3,4,\"oak\nold\"\nsub\\c.tif,1,2,3,4,\n"),
        NULL);
    written_assert_names(&labels.images, "a,\"b\".tif,sub/c.tif");
    written_assert_names(&labels.classes, "oak\nold,object");
    elc_labels_clear(&labels);
}

static void test_csv_lines_without_a_box_are_images_without_objects(void **state) {
    elc_labels labels = written_read(
        written_put(state, "l.csv",
                    "image,xmin,ymin,xmax,ymax,label\n1.tif,,,,,\n2.tif,0,0,0,0,tree\n"
                    "3.tif,0,0,5,5,tree\n"),
        NULL);
    assert_int_equal(labels.count, 1);
    assert_string_equal(labels.items[0].image, "3.tif");
    elc_labels_clear(&labels);
}

static void test_csv_points_are_rings_of_one(void **state) {
    elc_labels labels = written_read(
        written_put(state, "l.csv", "image_path,x,y,label\n1.tif,5,6,tree\n"), NULL);
    assert_int_equal(labels.items[0].n, 1);
    written_assert_near(labels.items[0].ring[0].y, 6);
    elc_labels_clear(&labels);
}

static void test_csv_flags_and_ids_are_kept(void **state) {
    elc_labels labels = written_read(
        written_put(state, "l.csv",
                    "xmin,ymin,xmax,ymax,class_id,difficult,truncated,iscrowd\n"
                    "1,2,3,4,7,1,True,0\n"),
        NULL);
    assert_null(labels.items[0].image);
    assert_int_equal(labels.items[0].class_id, 7);
    assert_string_equal(labels.items[0].class_name, "7");
    assert_true(labels.items[0].difficult && labels.items[0].truncated);
    assert_false(labels.items[0].crowd);
    elc_labels_clear(&labels);
}

static void refused(void **state, const char *line, const char *why) {
    char text[1000];
    snprintf(text, sizeof text, "image,xmin,ymin,xmax,ymax,label\na,1,2,3,4,t\n%s\n",
             line);
    written_refused(written_put(state, "l.csv", text), NULL, ELC_E_FORMAT,
                    "l.csv: line 3: ", why, NULL);
}

static void test_csv_says_which_line_is_wrong(void **state) {
    refused(state, "a,1,2,3,4", "5 columns where the first line has 6");
    refused(state, "a,1,x,3,4,t", "ymin: \"x\" is not a number");
    refused(state, "a,1,,3,4,t", "no ymin");
    refused(state, "a,1,inf,3,4,t", "not a number");
    refused(state, "a,1,2e9,3,4e9,t", "beyond");
    refused(state, "a,9,2,3,4,t", "before it begins");
    refused(state, ",1,2,3,4,t", "no image is named");
    refused(state, "a,1,2,3,4,\"t", "a quote that is not closed");
    refused(state, "a,1,2,3,4,\xff", "is not UTF-8");
}

static void test_csv_without_a_box_or_in_utf16_is_refused(void **state) {
    const char *path = written_put(state, "l.csv", "a,b\n1,2\n");
    written_refused(path, "csv", ELC_E_FORMAT, "line 1: no columns of a box", NULL);
    written_refused(path, NULL, ELC_E_FORMAT, "not labels as voc, coco", NULL);
    path = written_put(state, "l.csv", "\xff\xfei,x\n");
    written_refused(path, NULL, ELC_E_FORMAT, "UTF-16", NULL);
    written_refused(written_put(state, "e.csv", ""), NULL, ELC_E_FORMAT, "e.csv", NULL);
}

static void test_csv_of_a_million_lines_is_read(void **state) {
    elc_string text = {0};
    assert_int_equal(
        elc_string_printf(&text, NULL, "image,xmin,ymin,xmax,ymax,label\n"), ELC_OK);
    for (int i = 0; i < 1000000; i++)
        assert_int_equal(elc_string_printf(&text, NULL, "%d.tif,%d,2,%d,4,t\n", i / 100,
                                           i % 100, i % 100 + 9),
                         ELC_OK);
    elc_labels labels = written_read(written_put(state, "l.csv", text.data), NULL);
    elc_string_free(&text);
    assert_int_equal(labels.count, 1000000);
    assert_int_equal(labels.images.count, 10000);
    for (int i = 0; i < 10000; i += 3333) {
        char name[100], expected[100];
        size_t *indices = NULL, n = 0;
        snprintf(name, sizeof name, "x/%d.tif", i);
        assert_int_equal(elc_labels_of(&labels, name, &indices, &n, NULL), ELC_OK);
        assert_int_equal(n, 100);
        assert_int_equal(indices[0], i * 100);
        snprintf(expected, sizeof expected, "%d.tif", i);
        assert_string_equal(labels.items[indices[99]].image, expected);
        free(indices);
    }
    elc_labels_clear(&labels);
}

/* The same file read by Python's own csv, a line a label. */
static void check_delivery(const char *name) {
    const char *path = written_data(name);
    if (path == NULL)
        skip();
    char *expected = written_python("import sys, csv\n"
                                    "for r in csv.DictReader(open(sys.argv[1])):\n"
                                    "    print(*[r[k] for k in \"image_path label xmin "
                                    "ymin xmax ymax\".split()])\n",
                                    path);
    elc_labels labels = written_read(path, NULL);
    elc_string got = {0};
    for (size_t i = 0; i < labels.count; i++) {
        const elc_label *l = &labels.items[i];
        elc_string_printf(&got, NULL, "%s %s %.0f %.0f %.0f %.0f\n", l->image,
                          l->class_name, l->ring[0].x, l->ring[0].y, l->ring[2].x,
                          l->ring[2].y);
    }
    assert_true(labels.count >= 37);
    assert_string_equal(got.data, expected);
    elc_string_free(&got);
    free(expected);
    elc_labels_clear(&labels);
}

static void test_csv_of_deliveries_is_what_python_reads(void **state) {
    (void)state;
    check_delivery("imagery/DeepForest/OSBS_029.csv");
    check_delivery("imagery/DeepForest/testfile_multi.csv");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WRITTEN(test_csv_columns_go_by_many_names),
        WRITTEN(test_csv_comes_in_many_dialects),
        WRITTEN(test_csv_quotes_are_taken_off_names),
        WRITTEN(test_csv_lines_without_a_box_are_images_without_objects),
        WRITTEN(test_csv_points_are_rings_of_one),
        WRITTEN(test_csv_flags_and_ids_are_kept),
        WRITTEN(test_csv_says_which_line_is_wrong),
        WRITTEN(test_csv_without_a_box_or_in_utf16_is_refused),
        WRITTEN(test_csv_of_a_million_lines_is_read),
        cmocka_unit_test(test_csv_of_deliveries_is_what_python_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
