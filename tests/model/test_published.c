/* test_published.c - real networks on real pictures, against boxes worked out in
 * Python. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/model.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gdal.h>

#include "networks.h"
#include "support/planted.h"

typedef struct view {
    const char *image;
    int x, y, width, height; /* of the image; the rest of the chip is padded */
} view;

/* The view in the corner of a chip; free with free(). Skips without the picture. */
static uint8_t *read_chip(const view *v, int width, int height, uint8_t pad) {
    const char *path = planted_data(v->image);
    if (path == NULL)
        skip();
    GDALAllRegister();
    GDALDatasetH image = GDALOpen(path, GA_ReadOnly);
    assert_non_null(image);
    uint8_t *pixels = malloc((size_t)width * (size_t)height * 3);
    memset(pixels, pad, (size_t)width * (size_t)height * 3);
    assert_int_equal(GDALDatasetRasterIO(image, GF_Read, v->x, v->y, v->width,
                                         v->height, pixels, v->width, v->height,
                                         GDT_Byte, 3, NULL, 3, 3 * width, 1),
                     CE_None);
    GDALClose(image);
    return pixels;
}

static void run_chip(const char *network, const view *v, int width, int height,
                     float min_score, elc_box_list *boxes) {
    const char *path = planted_data(network);
    if (path == NULL)
        skip();
    elc_model *model = network_open(path, NULL);
    elc_inference *place;
    uint64_t flat = 0;
    bool capped;
    uint8_t *pixels = read_chip(v, width, height, elc_model_info_at(model)->pad);
    assert_int_equal(elc_inference_create(model, 1, width, height, &place, NULL),
                     ELC_OK);
    elc_inference_put(place, 0, pixels);
    assert_int_equal(elc_inference_run(place, 1, NULL), ELC_OK);
    assert_int_equal(
        elc_inference_boxes(place, 0, min_score, boxes, &flat, &capped, NULL), ELC_OK);
    free(pixels);
    elc_inference_free(place);
    elc_model_free(model);
}

static void compare(const elc_box *got, const elc_box *expected, double px,
                    double score) {
    assert_float_equal(got->xmin, expected->xmin, px);
    assert_float_equal(got->ymin, expected->ymin, px);
    assert_float_equal(got->xmax, expected->xmax, px);
    assert_float_equal(got->ymax, expected->ymax, px);
    assert_float_equal(got->score, expected->score, score);
    assert_int_equal(got->class_id, expected->class_id);
}

/* In the same order, one for one. */
static void compare_file(const char *name, const elc_box_list *boxes) {
    char path[512], line[256];
    double px = 0, score = 0;
    size_t n = 0;
    snprintf(path, sizeof path, "%s/tests/model/%s", ELCANO_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        elc_box box;
        if (line[0] == '#' ||
            sscanf(line, "tolerance %lf px, %lf of a score", &px, &score) == 2)
            continue;
        assert_int_equal(sscanf(line, "%lf %lf %lf %lf %f %d", &box.xmin, &box.ymin,
                                &box.xmax, &box.ymax, &box.score, &box.class_id),
                         6);
        assert_true(n < boxes->count);
        compare(&boxes->items[n++], &box, px, score);
    }
    fclose(file);
    assert_true(n >= 10);
    assert_int_equal(n, boxes->count);
}

static void test_the_vehicle_network_finds_what_python_finds(void **state) {
    (void)state;
    const view street = {"imagery/kit_ais/MOS155.png", 0, 0, 384, 320};
    elc_box_list boxes = {0};
    run_chip("models/vehicle/vehicle.onnx", &street, 384, 320, 0.3f, &boxes);
    compare_file("boxes_vehicle.txt", &boxes);
    free(boxes.items);
}

static void test_yolox_finds_what_python_finds(void **state) {
    (void)state;
    const view players = {"models/fastestdet/3.jpg", 40, 0, 416, 335};
    elc_box_list boxes = {0};
    run_chip("models/yolox_nano/yolox_nano.onnx", &players, 416, 416, 0.695f, &boxes);
    compare_file("boxes_yolox.txt", &boxes);
    free(boxes.items);
}

static void test_the_vehicle_network_says_what_it_is(void **state) {
    (void)state;
    const char *path = planted_data("models/vehicle/vehicle.onnx");
    if (path == NULL)
        skip();
    elc_model *model = network_open(path, NULL);
    const elc_model_info *info = elc_model_info_at(model);
    assert_string_equal(info->head, "yolov8");
    assert_int_equal(info->stride, 16);
    assert_int_equal(info->chip_width, 640);
    assert_float_equal(info->gsd_m, 0.13, 1e-9);
    assert_float_equal(info->score, 0.45, 1e-9);
    assert_string_equal(info->classes->items[2], "bus");
    elc_model_free(model);
}

static void test_networks_that_are_no_detectors_are_refused(void **state) {
    (void)state;
    static const char *const paths[] = {
        "models/mnist/mnist.onnx",
        "models/ultraface/version-RFB-320.onnx",
        "models/fastestdet/FastestDet.onnx",
        "models/road_seg/model_float32.onnx",
        "models/qgis-plugin-deepness/one_output_sigmoid_red_detector.onnx",
        "models/qgis-plugin-deepness/different_output_size_512_to_484.onnx"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *path = planted_data(paths[i]);
        if (path == NULL)
            skip();
        network_refused(path, NULL, ELC_E_MODEL,
                        "fits no known head (");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_vehicle_network_finds_what_python_finds),
        cmocka_unit_test(test_yolox_finds_what_python_finds),
        cmocka_unit_test(test_the_vehicle_network_says_what_it_is),
        cmocka_unit_test(test_networks_that_are_no_detectors_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
