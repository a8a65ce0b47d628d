/* test_detect_shapes.c - oriented boxes and masks, from networks to rows: planted ones
   once each, by any parts, and outlines where they belong. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/detecting.h"
#include "support/planted.h"

#include <geos_c.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OBJECTS = 80 };

static char town[512], models[3][600], known_obb[600], known_seg[600];
static GEOSContextHandle_t geos;

static int render(void **state) {
    (void)state;
    static const char *const kinds[] = {"boxes", "oriented", "masks"};
    snprintf(town, sizeof town, "%s",
             planted_scene("town", "--size 800x700 --objects 80 --seed 3 "
                                   "--code-only"));
    for (int i = 0; i < 3; i++) {
        char name[40], arguments[60];
        snprintf(name, sizeof name, "%s.onnx", kinds[i]);
        snprintf(arguments, sizeof arguments, "--output %s", kinds[i]);
        snprintf(models[i], sizeof models[i], "model=%s",
                 planted_instrument(name, arguments));
    }
    planted_run("python3 %s/tools/networks.py heads nets", ELCANO_SOURCE_DIR);
    snprintf(known_obb, sizeof known_obb, "model=%s",
             planted_path("nets/yolov8_obb.onnx"));
    snprintf(known_seg, sizeof known_seg, "model=%s",
             planted_path("nets/yolov8_seg.onnx"));
    planted_run("gdal_create -q -outsize 64 64 -bands 3 -burn 90 -a_srs EPSG:32633 "
                "-a_ullr 500000 5000032 500032 5000000 placed.tif");
    planted_run("gdal_create -q -outsize 64 64 -bands 3 -burn 90 bare.tif");
    geos = GEOS_init_r();
    return 0;
}

static int done(void **state) {
    (void)state;
    GEOS_finish_r(geos);
    return 0;
}

static char *detect(const char *image, const char *const *options,
                    const elc_context *context, uint64_t part_units, size_t *rows) {
    const char *paths[] = {image, NULL};
    detecting d = {paths, options, context, part_units};
    elc_string text = {0};
    elc_error err = {0};
    if (detecting_rows(&d, &text, rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data ? text.data : calloc(1, 1);
}

static char *in_town(int model, const elc_context *context, uint64_t part_units,
                     size_t *rows) {
    const char *options[] = {models[model], "chip=320", "overlap=104", NULL};
    return detect(town, options, context, part_units, rows);
}

/* ---- rows --------------------------------------------------------------------------
 */

static const char *find(const char *line, const char *column) {
    static char key[64];
    snprintf(key, sizeof key, " %s=", column);
    const char *at = strstr(line, key), *end = strchr(line, '\n');
    return at && (!end || at < end) ? at + strlen(key) : NULL;
}

static double number(const char *line, const char *column) {
    const char *at = find(line, column);
    if (!at)
        fail_msg("no %s in %.300s", column, line);
    return strtod(at, NULL);
}

static void near(double got, double wanted, double tolerance) {
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.12g, not %.12g", got, wanted);
}

/* The outline in pixels of a row; its text goes on to the column after it. */
static GEOSGeometry *outline(const char *line) {
    const char *at = find(line, "shape_px");
    if (!at)
        fail_msg("no outline in %.300s", line);
    size_t size = strcspn(at, "=\n");
    while (size > 0 && at[size - 1] != ')')
        size--;
    char *text = strndup(at, size);
    GEOSWKTReader *reader = GEOSWKTReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKTReader_read_r(geos, reader, text);
    GEOSWKTReader_destroy_r(geos, reader);
    if (!shape || GEOSisValid_r(geos, shape) != 1)
        fail_msg("no valid outline: %s", text);
    free(text);
    return shape;
}

static GEOSGeometry *ground(const char *line) {
    const char *at = find(line, "geometry");
    if (!at)
        fail_msg("no geometry in %.300s", line);
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *shape = GEOSWKBReader_readHEX_r(
        geos, reader, (const unsigned char *)at, strspn(at, "0123456789abcdefABCDEF"));
    GEOSWKBReader_destroy_r(geos, reader);
    assert_non_null(shape);
    return shape;
}

static double area(GEOSGeometry *shape) {
    double value = 0;
    assert_int_equal(GEOSArea_r(geos, shape, &value), 1);
    GEOSGeom_destroy_r(geos, shape);
    return value;
}

static const char *next_line(const char *line) {
    return strchr(line, '\n') + 1;
}

/* The row whose box is that of another. */
static const char *like(const char *rows, const char *box) {
    static const char *const sides[] = {"xmin_px", "ymin_px", "xmax_px", "ymax_px"};
    for (int i = 0; i < OBJECTS; i++, rows = next_line(rows)) {
        int same = 0;
        for (int k = 0; k < 4; k++)
            same += fabs(number(rows, sides[k]) - number(box, sides[k])) < 1e-4;
        if (same == 4)
            return rows;
    }
    fail_msg("no row is like %.300s", box);
    return NULL;
}

/* The same objects as from plain boxes, each with an outline that is its box, and on
   the ground too. */
static void assert_like_boxes(const char *rows, const char *boxes, bool turned) {
    for (int i = 0; i < OBJECTS; i++, boxes = next_line(boxes)) {
        const char *row = like(rows, boxes);
        near(number(row, "lon"), number(boxes, "lon"), 1e-9);
        near(number(row, "length_m"), number(boxes, "length_m"), 1e-4);
        near(number(row, "width_m"), number(boxes, "width_m"), 1e-4);
        double wide = number(boxes, "xmax_px") - number(boxes, "xmin_px");
        double high = number(boxes, "ymax_px") - number(boxes, "ymin_px");
        near(area(outline(row)), wide * high, 0.05);
        near(area(ground(row)) / area(ground(boxes)), 1, 1e-4);
        if (turned && fabs(wide - high) > 0.1)
            near(cos(2 * number(row, "angle_deg") * M_PI / 180), wide > high ? 1 : -1,
                 1e-4);
        assert_null(find(boxes, "shape_px"));
    }
}

static void test_oriented_boxes_are_found_as_plain_ones_are(void **state) {
    (void)state;
    size_t plain = 0, turned = 0;
    char *boxes = in_town(0, NULL, 0, &plain), *rows = in_town(1, NULL, 0, &turned);
    assert_int_equal(plain, OBJECTS);
    assert_int_equal(turned, OBJECTS);
    assert_like_boxes(rows, boxes, true);
    free(boxes);
    free(rows);
}

static void test_masks_are_found_as_boxes_are(void **state) {
    (void)state;
    size_t n = 0;
    char *boxes = in_town(0, NULL, 0, NULL), *rows = in_town(2, NULL, 0, &n);
    assert_int_equal(n, OBJECTS);
    assert_like_boxes(rows, boxes, false);
    free(boxes);
    free(rows);
}

static void test_shapes_are_the_same_for_any_threads_and_parts(void **state) {
    (void)state;
    static const uint64_t parts[] = {1, 3, 64};
    for (int model = 1; model < 3; model++) {
        char *whole = in_town(model, NULL, 0, NULL);
        for (int i = 0; i < 3; i++) {
            elc_context context = {.threads = 1 + i};
            char *again = in_town(model, &context, parts[i], NULL);
            assert_string_equal(again, whole);
            free(again);
        }
        free(whole);
    }
}

/* ---- known ones ---------------------------------------------------------------------
 */

/* The best first: that is how the known ones are numbered. */
static const char *row_of(const char *rows, const char *name) {
    char key[32];
    snprintf(key, sizeof key, "class=%s ", name);
    const char *at = strstr(rows, key);
    assert_non_null(at);
    while (at > rows && at[-1] != '\n')
        at--;
    return at;
}

static void test_an_oriented_box_lies_on_the_ground_as_in_the_image(void **state) {
    (void)state;
    const char *options[] = {known_obb, "crs=EPSG:32633", NULL};
    char *rows = detect(planted_path("placed.tif"), options, NULL, 0, NULL);
    const char *car = row_of(rows, "car"), *truck = row_of(rows, "truck");
    near(number(car, "angle_deg"), 0.3 * 180 / M_PI, 1e-3);
    near(number(truck, "angle_deg"), (M_PI / 2 - 0.7) * 180 / M_PI, 1e-3);
    near(number(car, "length_m"), 10, 0.01);
    near(number(car, "width_m"), 5, 0.005);
    near(area(outline(car)), 200, 0.1);
    near(area(ground(car)), 50, 1e-3);
    GEOSGeometry *shape = ground(car);
    double low = 0, high = 0;
    assert_int_equal(GEOSGeom_getXMin_r(geos, shape, &low), 1);
    assert_int_equal(GEOSGeom_getYMax_r(geos, shape, &high), 1);
    near(low, 500000 + number(car, "xmin_px") / 2, 1e-4);
    near(high, 5000032 - number(car, "ymin_px") / 2, 1e-4);
    GEOSGeom_destroy_r(geos, shape);
    free(rows);
}

static void test_an_image_without_a_place_has_outlines_in_pixels(void **state) {
    (void)state;
    const char *options[] = {known_seg, NULL};
    char *rows = detect(planted_path("bare.tif"), options, NULL, 0, NULL);
    const char *truck = row_of(rows, "truck");
    assert_null(find(truck, "geometry"));
    assert_non_null(
        strstr(truck, "shape_px=POLYGON ((48 8, 52 8, 52 40, 48 40, 48 8))"));
    near(area(outline(row_of(rows, "car"))), 200, 1e-9);
    near(area(outline(row_of(rows, "bus"))), 110, 1e-9);
    free(rows);
}

/* Seen at twice its own resolution, the image is half as large to the network. */
static void test_outlines_are_in_the_images_own_pixels(void **state) {
    (void)state;
    const char *options[] = {known_seg, "image_gsd=0.25", "gsd=0.5", "chip=64", NULL};
    planted_run("gdal_create -q -outsize 128 128 -bands 3 -burn 90 fine.tif");
    char *rows = detect(planted_path("fine.tif"), options, NULL, 0, NULL);
    assert_non_null(strstr(row_of(rows, "truck"),
                           "shape_px=POLYGON ((96 16, 104 16, 104 80, 96 80, 96 16))"));
    free(rows);
}

/* Fiji: the truck's mask ends at 180 degrees and goes on at -180. */
static void test_a_mask_across_the_antimeridian_is_cut_there(void **state) {
    (void)state;
    const char *options[] = {known_seg, NULL};
    planted_run("gdal_create -q -outsize 64 64 -bands 3 -burn 90 -a_srs EPSG:4326 "
                "-a_ullr 179.5 -17 180.14 -17.64 fiji.tif");
    char *rows = detect(planted_path("fiji.tif"), options, NULL, 0, NULL);
    GEOSGeometry *truck = ground(row_of(rows, "truck"));
    double low = 0, high = 0;
    assert_int_equal(GEOSGetNumGeometries_r(geos, truck), 2);
    assert_int_equal(GEOSGeom_getXMin_r(geos, truck, &low), 1);
    assert_int_equal(GEOSGeom_getXMax_r(geos, truck, &high), 1);
    near(low, -180, 1e-9);
    near(high, 180, 1e-9);
    near(area(truck), 4 * 32 * 1e-4, 1e-9);
    free(rows);
}

/* Of the truck's mask, which begins at its 48th column, an image of 47 shows nothing.
 */
static void test_a_mask_of_which_nothing_is_shown_is_no_object(void **state) {
    (void)state;
    const char *options[] = {known_seg, "chip=64", NULL};
    size_t rows = 0;
    planted_run("gdal_create -q -outsize 47 64 -bands 3 -burn 90 narrow.tif");
    char *text = detect(planted_path("narrow.tif"), options, NULL, 0, &rows);
    assert_int_equal(rows, 2);
    assert_null(strstr(text, "class=truck"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_oriented_boxes_are_found_as_plain_ones_are),
        cmocka_unit_test(test_masks_are_found_as_boxes_are),
        cmocka_unit_test(test_shapes_are_the_same_for_any_threads_and_parts),
        cmocka_unit_test(test_an_oriented_box_lies_on_the_ground_as_in_the_image),
        cmocka_unit_test(test_an_image_without_a_place_has_outlines_in_pixels),
        cmocka_unit_test(test_outlines_are_in_the_images_own_pixels),
        cmocka_unit_test(test_a_mask_of_which_nothing_is_shown_is_no_object),
        cmocka_unit_test(test_a_mask_across_the_antimeridian_is_cut_there),
    };
    return cmocka_run_group_tests(tests, render, done);
}
