/* test_detect_options.c - options that detect refuses, and what it rehearses. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/detecting.h"
#include "support/planted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char town[512], model_option[600];

static int render(void **state) {
    (void)state;
    snprintf(town, sizeof town, "%s",
             planted_scene("town", "--size 600x400 --objects 20 --seed 5 --code-only"));
    snprintf(model_option, sizeof model_option, "model=%s",
             planted_instrument("instrument.onnx", ""));
    return 0;
}

/* Runs detect with two more options (NULL: none) on the images. */
static elc_status detect(const char *const *images, const char *one, const char *two,
                         elc_string *text, elc_error *err) {
    const char *options[] = {model_option, "chip=320", one, one ? two : NULL, NULL};
    detecting d = {images, options, NULL, 0};
    return detecting_rows(&d, text, NULL, err);
}

static void refused(const char *const *images, const char *one, const char *two,
                    const char *message) {
    elc_string text = {0};
    elc_error err = {0};
    assert_int_equal(detect(images, one, two, &text, &err), ELC_E_ARGUMENT);
    if (!strstr(err.message, message))
        fail_msg("'%s' is not in: %s", message, err.message);
    elc_string_free(&text);
}

/* "NAME=FOLDER/FILE" of a file made with a shell's printf. */
static const char *file_option(const char *name, const char *file, const char *text) {
    static char option[700];
    planted_run("printf '%s' > %s", text, file);
    snprintf(option, sizeof option, "%s=%s", name, planted_path(file));
    return option;
}

static void test_detect_takes_class_names_from_a_file(void **state) {
    (void)state;
    const char *const images[] = {town, NULL};
    elc_string text = {0};
    elc_error err = {0};
    const char *names =
        file_option("classes", "names.txt", "ship\\r\\ncrane\\r\\nquay\\r\\n");
    if (detect(images, names, NULL, &text, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_non_null(strstr(text.data, " class=ship class_id=0 "));
    assert_non_null(strstr(text.data, " class=crane class_id=1 "));
    elc_string_free(&text);
}

static void test_detect_refuses_a_file_without_class_names(void **state) {
    (void)state;
    const char *const images[] = {town, NULL};
    refused(images, file_option("classes", "none.txt", " \\n\\n"), NULL,
            "none.txt: has no class names; one a line");
}

static void test_detect_refuses_odd_means_and_deviations(void **state) {
    (void)state;
    const char *const images[] = {town, NULL};
    refused(images, "mean=0.5,0.5,0.5", NULL, "--mean has 3 values and --std 0");
    refused(images, "mean=0.5,half", "std=1,1", "half");
    refused(images, "mean=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", NULL,
            "--mean: 17 values, at most 16 channels");
}

static void test_detect_refuses_an_area_without_polygons(void **state) {
    (void)state;
    const char *const images[] = {town, NULL};
    const char *points = "{\"type\":\"FeatureCollection\",\"features\":[]}";
    refused(images, file_option("area", "empty.geojson", points), NULL,
            "has no polygons to look inside of");
}

static void
test_detect_refuses_the_crs_of_images_that_differ_or_have_none(void **state) {
    (void)state;
    planted_run("gdal_translate -q -a_srs EPSG:3857 town.tif other.tif && "
                "gdal_translate -q -co PROFILE=BASELINE town.tif flat.tif && "
                "rm -f flat.tif.aux.xml");
    const char *const differ[] = {town, planted_path("other.tif"), NULL};
    const char *const flat[] = {planted_path("flat.tif"), NULL};
    refused(differ, "crs=image", NULL, "needs one for all; give --crs EPSG:n");
    refused(flat, "crs=image", NULL, "flat.tif: has no georeference");
}

/* ---- rehearsal ----------------------------------------------------------------------
 */

static void test_detect_rehearses_in_proportion_to_the_chips(void **state) {
    (void)state;
    const char *const images[] = {town, NULL}, *const options[] = {model_option, NULL};
    elc_context alone = {.threads = 1};
    detecting d = {images, options, &alone, 0};
    detect_call call;
    elc_plan plan = {0};
    double seconds = -1, none = -1;
    assert_int_equal(detecting_prepare(&d, &call, NULL), ELC_OK);
    assert_int_equal(elc_call_prepare(&call.call, NULL), ELC_OK);
    const elc_operator *op = call.call.op;
    assert_int_equal(op->plan(&call.call, &plan, NULL), ELC_OK);
    assert_int_equal(op->rehearse(&call.call, &plan, &seconds, NULL), ELC_OK);
    assert_true(seconds > 0 && seconds < 600);
    plan.units = 0;
    assert_int_equal(op->rehearse(&call.call, &plan, &none, NULL), ELC_OK);
    assert_true(none == 0);
    elc_plan_clear(&plan);
    detecting_done(&call);
}

static void test_detect_rehearses_no_broken_part(void **state) {
    (void)state;
    const char *const images[] = {town, NULL}, *const options[] = {model_option, NULL};
    detecting d = {images, options, NULL, 0};
    detect_call call;
    elc_plan plan = {0};
    double seconds = -1;
    assert_int_equal(detecting_prepare(&d, &call, NULL), ELC_OK);
    assert_int_equal(elc_call_prepare(&call.call, NULL), ELC_OK);
    assert_int_equal(elc_plan_add(&plan, "{", 1, 0, 1, NULL), ELC_OK);
    assert_int_equal(call.call.op->rehearse(&call.call, &plan, &seconds, NULL),
                     ELC_E_FORMAT);
    assert_true(seconds == -1);
    elc_plan_clear(&plan);
    detecting_done(&call);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detect_takes_class_names_from_a_file),
        cmocka_unit_test(test_detect_refuses_a_file_without_class_names),
        cmocka_unit_test(test_detect_refuses_odd_means_and_deviations),
        cmocka_unit_test(test_detect_refuses_an_area_without_polygons),
        cmocka_unit_test(
            test_detect_refuses_the_crs_of_images_that_differ_or_have_none),
        cmocka_unit_test(test_detect_rehearses_in_proportion_to_the_chips),
        cmocka_unit_test(test_detect_rehearses_no_broken_part),
    };
    return cmocka_run_group_tests(tests, render, NULL);
}
