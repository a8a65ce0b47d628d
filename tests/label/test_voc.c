/* test_voc.c - Pascal VOC's XML. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOX                                                                            \
    "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>10</xmax><ymax>20</ymax></bndbox>"
#define CAR "<object><name>car</name>" BOX "</object>"

static void test_voc_counts_pixels_from_one_and_means_both_ends(void **state) {
    elc_labels labels =
        written_read(written_put(state, "a.xml",
                                 "<annotation><object><name>car</name>" BOX
                                 "<truncated>1</truncated></object></annotation>"),
                     NULL);
    assert_int_equal(labels.count, 1);
    assert_string_equal(labels.format, "voc");
    written_assert_box(&labels.items[0], 0, 1, 10, 20);
    assert_string_equal(labels.items[0].class_name, "car");
    assert_true(labels.items[0].truncated && !labels.items[0].difficult);
    assert_int_equal(labels.items[0].class_id, -1);
    elc_labels_clear(&labels);
}

static void test_voc_names_the_image_before_or_after_the_objects(void **state) {
    written_put(state, "set/a.xml",
                "<annotation><filename>one.tif</filename>" CAR "</annotation>");
    written_put(state, "set/b.xml",
                "<annotation>" CAR "<filename>two.tif</filename></annotation>");
    written_put(state, "set/c.xml", "<annotation>" CAR CAR "</annotation>");
    written_put(state, "set/d.tif.aux.xml", "<PAMDataset/>");
    elc_labels labels = written_read(written_path(state, "set"), NULL);
    written_assert_names(&labels.images, "one.tif,two.tif,c");
    written_assert_of(&labels, "one.tif", "0");
    written_assert_of(&labels, "images/c.png", "2,3");
    elc_labels_clear(&labels);
}

static void test_voc_parts_of_objects_are_not_objects(void **state) {
    elc_labels labels = written_read(
        written_put(state, "a.xml",
                    "<annotation><object><name>person</name><part><name>head</name>"
                    "<bndbox><xmin>5</xmin><ymin>5</ymin><xmax>6</xmax><ymax>6</ymax>"
                    "</bndbox></part>" BOX "<difficult>1</difficult></object>"
                    "</annotation>"),
        "voc");
    assert_int_equal(labels.count, 1);
    assert_string_equal(labels.items[0].class_name, "person");
    written_assert_box(&labels.items[0], 0, 1, 10, 20);
    assert_true(labels.items[0].difficult);
    elc_labels_clear(&labels);
}

static void test_voc_rotated_boxes_have_their_angle(void **state) {
    elc_labels labels = written_read(
        written_put(state, "a.xml",
                    "<annotation><object><name>ship</name><robndbox><cx>50</cx>"
                    "<cy>40</cy><w>20</w><h>10</h><angle>1.5707963267948966</angle>"
                    "</robndbox></object></annotation>"),
        "voc");
    const elc_point *ring = labels.items[0].ring;
    written_assert_near(labels.items[0].angle_deg, 90);
    written_assert_near(ring[0].x, 55);
    written_assert_near(ring[0].y, 30);
    written_assert_near(ring[2].x, 45);
    written_assert_near(ring[2].y, 50);
    elc_labels_clear(&labels);
}

static void test_voc_says_which_object_is_wrong(void **state) {
    const char *path =
        written_put(state, "a.xml",
                    "<annotation>" CAR "<object><name>b</name></object></annotation>");
    written_refused(path, NULL, ELC_E_FORMAT, "a.xml: object 2", "no bndbox", NULL);
    path = written_put(state, "a.xml",
                       "<annotation><object><bndbox><xmin>x</xmin></bndbox></object>"
                       "</annotation>");
    written_refused(path, NULL, ELC_E_FORMAT, "object 1: bndbox/xmin: \"x\"", NULL);
    path = written_put(state, "a.xml",
                       "<annotation><object><bndbox><xmin>9</xmin><ymin>1</ymin>"
                       "<xmax>3</xmax><ymax>2</ymax></bndbox></object></annotation>");
    written_refused(path, NULL, ELC_E_FORMAT, "before it begins", NULL);
}

static void test_voc_refuses_what_is_cut_or_another_xml(void **state) {
    const char *path = written_put(state, "a.xml", "<annotation>" CAR);
    written_refused(path, NULL, ELC_E_FORMAT, "a.xml", NULL);
    path = written_put(state, "a.xml", "<PAMDataset><Metadata/></PAMDataset>");
    written_refused(path, "voc", ELC_E_FORMAT, "not Pascal VOC", NULL);
    path = written_put(state, "a.xml", "");
    written_refused(path, "voc", ELC_E_FORMAT, "a.xml", NULL);
    path = written_put(state, "a.xml",
                       "<!DOCTYPE a [<!ENTITY x \"y\">]><annotation>&x;</annotation>");
    written_refused(path, NULL, ELC_E_FORMAT, "a.xml", NULL);
}

/* The same file read by Python's own XML library, a line an object. */
static char *by_python(const char *path) {
    return written_python(
        "import sys, xml.etree.ElementTree as t\n"
        "for o in t.parse(sys.argv[1]).iter(\"object\"):\n"
        "    b = [int(o.find(\"bndbox/\" + k).text) for k in "
        "(\"xmin\", \"ymin\", \"xmax\", \"ymax\")]\n"
        "    print(o.find(\"name\").text, b[0] - 1, b[1] - 1, b[2], b[3])\n",
        path);
}

static char *as_lines(const elc_labels *labels) {
    elc_string text = {0};
    for (size_t i = 0; i < labels->count; i++) {
        const elc_label *l = &labels->items[i];
        assert_int_equal(elc_string_printf(&text, NULL, "%s %.0f %.0f %.0f %.0f\n",
                                           l->class_name, l->ring[0].x, l->ring[0].y,
                                           l->ring[2].x, l->ring[2].y),
                         ELC_OK);
    }
    return text.data;
}

static void check_delivery(const char *name, size_t count, const char *image) {
    const char *path = written_data(name);
    if (path == NULL)
        skip();
    elc_labels labels = written_read(path, NULL);
    char *expected = by_python(path), *got = as_lines(&labels);
    assert_int_equal(labels.count, count);
    assert_string_equal(got, expected);
    assert_string_equal(labels.items[0].image, image);
    free(expected);
    free(got);
    elc_labels_clear(&labels);
}

static void test_voc_of_a_delivery_is_what_python_reads(void **state) {
    (void)state;
    check_delivery("imagery/DeepForest/OSBS_029.xml", 61, "OSBS_029.tif");
    check_delivery("imagery/DeepForest/SOAP_061.xml", 37, "SOAP_061.png");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WRITTEN(test_voc_counts_pixels_from_one_and_means_both_ends),
        WRITTEN(test_voc_names_the_image_before_or_after_the_objects),
        WRITTEN(test_voc_parts_of_objects_are_not_objects),
        WRITTEN(test_voc_rotated_boxes_have_their_angle),
        WRITTEN(test_voc_says_which_object_is_wrong),
        WRITTEN(test_voc_refuses_what_is_cut_or_another_xml),
        cmocka_unit_test(test_voc_of_a_delivery_is_what_python_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
