/* test_layer.c - labels from layers: polygons and points on the map. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "written.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEATURE(properties, type, coordinates)                                         \
    "{\"type\":\"Feature\",\"properties\":{" properties                                \
    "},\"geometry\":{\"type\":\"" type "\",\"coordinates\":" coordinates "}}"
#define SQUARE "[[[1,2],[3,2],[3,4],[1,4],[1,2]]]"

static const char *put(void **state, const char *features) {
    char text[4000];
    snprintf(text, sizeof text, "{\"type\":\"FeatureCollection\",\"features\":[%s]}",
             features);
    return written_put(state, "l.geojson", text);
}

static void test_layer_polygons_are_on_the_map(void **state) {
    elc_labels labels = written_read(
        put(state, FEATURE("\"note\":\"x\",\"Class\":\"ship\"", "Polygon", SQUARE)),
        NULL);
    assert_string_equal(labels.format, "layer");
    assert_int_equal(labels.count, 1);
    assert_true(labels.items[0].on_map);
    assert_int_equal(labels.items[0].n, 4);
    written_assert_near(labels.items[0].ring[2].x, 3);
    written_assert_near(labels.items[0].ring[2].y, 4);
    assert_string_equal(labels.items[0].class_name, "ship");
    assert_null(labels.items[0].image);
    elc_labels_clear(&labels);
}

static void assert_class(void **state, const char *features, const char *expected) {
    elc_labels labels = written_read(put(state, features), NULL);
    assert_string_equal(labels.items[0].class_name, expected);
    elc_labels_clear(&labels);
}

static void test_layer_class_is_a_known_column_or_the_only_text(void **state) {
    assert_class(
        state, FEATURE("\"type\":\"a\",\"label\":\"b\",\"z\":\"c\"", "Point", "[1,2]"),
        "b");
    assert_class(state, FEATURE("\"z\":\"c\",\"n\":4", "Point", "[1,2]"), "c");
    assert_class(state, FEATURE("\"z\":\"c\",\"y\":\"d\"", "Point", "[1,2]"), "object");
    assert_class(state, FEATURE("\"class\":5", "Point", "[1,2]"), "5");
    assert_class(state, FEATURE("\"name\":\"\"", "Point", "[1,2]"), "object");
}

static void test_layer_image_column_is_kept(void **state) {
    elc_labels labels = written_read(
        put(state, FEATURE("\"image_path\":\"a.tif\",\"z\":\"car\"", "Point", "[1,2]")),
        NULL);
    assert_string_equal(labels.items[0].image, "a.tif");
    assert_string_equal(labels.items[0].class_name, "car");
    assert_int_equal(labels.items[0].n, 1);
    elc_labels_clear(&labels);
}

static void test_layer_points_of_a_multipoint_are_labels_each(void **state) {
    elc_labels labels = written_read(
        put(state, FEATURE("\"class\":\"a\"", "MultiPoint", "[[1,2],[3,4],[5,6]]")),
        NULL);
    assert_int_equal(labels.count, 3);
    written_assert_near(labels.items[2].ring[0].y, 6);
    elc_labels_clear(&labels);
}

/* A square with a hole, and a second part: eleven points and the ways between. */
static void test_layer_multipolygons_are_one_label(void **state) {
    elc_labels labels =
        written_read(put(state, FEATURE("\"class\":\"a\"", "MultiPolygon",
                                        "[[[[0,0],[9,0],[9,9],[0,9],[0,0]],"
                                        "[[1,1],[1,2],[2,2],[2,1],[1,1]]],"
                                        "[[[20,0],[22,0],[22,2],[20,0]]]]")),
                     NULL);
    assert_int_equal(labels.count, 1);
    assert_int_equal(labels.items[0].n, 4 + (1 + 4 + 1) + (1 + 3 + 1));
    elc_labels_clear(&labels);
}

static void test_layer_rows_without_shape_are_passed_over(void **state) {
    elc_labels labels = written_read(
        put(state, "{\"type\":\"Feature\",\"properties\":{\"class\":\"a\"},"
                   "\"geometry\":null}," FEATURE("\"class\":\"b\"", "Point", "[1,2]")),
        NULL);
    assert_int_equal(labels.count, 1);
    written_assert_names(&labels.classes, "b");
    elc_labels_clear(&labels);
}

static void test_layer_lines_are_refused_with_the_row(void **state) {
    written_refused(put(state, FEATURE("\"a\":1", "Point", "[1,2]") "," FEATURE(
                                   "\"a\":1", "LineString", "[[1,2],[3,4]]")),
                    NULL, ELC_E_UNSUPPORTED, "l.geojson: row 2: lines", NULL);
}

static void test_layer_without_crs_is_pixels_only_with_images(void **state) {
    const char *path = written_put(state, "p.csv",
                                   "geometry,image,class\n"
                                   "\"POLYGON((1 2,3 2,3 4,1 4,1 2))\",a.tif,car\n");
    elc_labels labels = written_read(path, "layer");
    assert_false(labels.items[0].on_map);
    written_assert_box(&labels.items[0], 1, 2, 3, 4);
    elc_labels_clear(&labels);
    path = written_put(state, "q.csv", "geometry,class\nPOINT(1 2),car\n");
    written_refused(path, "layer", ELC_E_FORMAT, "states no CRS", NULL);
    path = written_put(state, "r.csv", "a,b\n1,2\n");
    written_refused(path, "layer", ELC_E_FORMAT, "has no geometry", NULL);
}

/* pyproj is no part of the setup: GDAL's own gdaltransform says where UTM is. */
static elc_point by_gdal(const char *crs, double x, double y) {
    char command[300];
    elc_point p = {NAN, NAN};
    snprintf(command, sizeof command,
             "echo %.6f %.6f | gdaltransform -s_srs %s -t_srs OGC:CRS84", x, y, crs);
    FILE *pipe = popen(command, "r");
    if (fscanf(pipe, "%lf %lf", &p.x, &p.y) != 2)
        p.x = NAN;
    pclose(pipe);
    return p;
}

static void test_layer_of_a_shapefile_is_brought_to_lon_lat(void **state) {
    (void)state;
    const char *path = written_data("imagery/DeepForest/australia.shp");
    if (path == NULL)
        skip();
    elc_labels labels = written_read(path, NULL);
    double xmax = -1e9, ymax = -1e9;
    elc_point corner = by_gdal("EPSG:32753", 278978.2058, 8597741.8320);
    assert_int_equal(labels.count, 1);
    for (size_t i = 0; i < labels.items[0].n; i++) {
        xmax = fmax(xmax, labels.items[0].ring[i].x);
        ymax = fmax(ymax, labels.items[0].ring[i].y);
    }
    assert_true(fabs(xmax - corner.x) < 1e-6 && fabs(ymax - corner.y) < 1e-6);
    elc_labels_clear(&labels);
}

/* Counts of shapes and of their points, by Python's own json. */
static void check_delivery(const char *name) {
    const char *path = written_data(name);
    if (path == NULL)
        skip();
    char *expected =
        written_python("import sys, json\n"
                       "f = json.load(open(sys.argv[1]))[\"features\"]\n"
                       "g = [x[\"geometry\"] for x in f]\n"
                       "assert all(x[\"type\"] == \"Polygon\" for x in g)\n"
                       "n = sum(len(r) - 1 if i == 0 else len(r) + 1 for x in g "
                       "for i, r in enumerate(x[\"coordinates\"]))\n"
                       "print(len(g), n)\n",
                       path);
    elc_labels labels = written_read(path, NULL);
    size_t points = 0;
    char got[100];
    for (size_t i = 0; i < labels.count; i++)
        points += labels.items[i].n;
    snprintf(got, sizeof got, "%zu %zu\n", labels.count, points);
    assert_string_equal(got, expected);
    free(expected);
    elc_labels_clear(&labels);
}

static void test_layer_of_deliveries_has_the_shapes_that_python_counts(void **state) {
    (void)state;
    check_delivery("imagery/solaris/geotiff_labels.geojson");
    check_delivery("imagery/solaris/gt.geojson");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        WRITTEN(test_layer_polygons_are_on_the_map),
        WRITTEN(test_layer_class_is_a_known_column_or_the_only_text),
        WRITTEN(test_layer_image_column_is_kept),
        WRITTEN(test_layer_points_of_a_multipoint_are_labels_each),
        WRITTEN(test_layer_multipolygons_are_one_label),
        WRITTEN(test_layer_rows_without_shape_are_passed_over),
        WRITTEN(test_layer_lines_are_refused_with_the_row),
        WRITTEN(test_layer_without_crs_is_pixels_only_with_images),
        cmocka_unit_test(test_layer_of_a_shapefile_is_brought_to_lon_lat),
        cmocka_unit_test(test_layer_of_deliveries_has_the_shapes_that_python_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
