/* test_detect_view.c - planted objects come back from any pixel type and resolution. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/detecting.h"
#include "support/planted.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OBJECTS = 150 };

static char town[512], large[512], model_option[600];

/* `large` is the town with each pixel as four, less half of its last ones. */
static int render(void **state) {
    (void)state;
    const char *path = planted_scene("town", "--size 1100x1000 --objects 150 --seed 5 "
                                             "--code-only");
    snprintf(town, sizeof town, "%s", path);
    snprintf(model_option, sizeof model_option, "model=%s",
             planted_instrument("instrument.onnx", ""));
    planted_run("mkdir large && gdal_translate -q -r nearest -outsize 200%% 200%% -co "
                "TILED=YES town.tif whole.tif && gdal_translate -q -co TILED=YES "
                "-srcwin 0 0 2199 1999 whole.tif large/town.tif");
    snprintf(large, sizeof large, "%s", planted_path("large/town.tif"));
    return 0;
}

static elc_status run(const char *image, const char *const *more,
                      const elc_context *context, uint64_t part_units, elc_string *out,
                      elc_error *err) {
    const char *paths[] = {image, NULL};
    const char *options[12] = {model_option, "chip=320", "overlap=104"};
    for (size_t i = 0; more && more[i]; i++)
        options[3 + i] = more[i];
    detecting d = {paths, options, context, part_units};
    return detecting_rows(&d, out, NULL, err);
}

static char *detect(const char *image, const char *const *more) {
    elc_string text = {0};
    elc_error err = {0};
    if (run(image, more, NULL, 0, &text, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data ? text.data : calloc(1, 1);
}

static void refuses(const char *image, const char *const *more, const char *part) {
    elc_string text = {0};
    elc_error err = {0};
    assert_int_not_equal(run(image, more, NULL, 0, &text, &err), ELC_OK);
    if (!strstr(err.message, part))
        fail_msg("%s", err.message);
    elc_string_free(&text);
}

/* ---- rows as numbers --------------------------------------------------------------
 */

/* The value of a column in one line of rows. */
static double number_in(const char *line, const char *column) {
    char key[64];
    const char *end = strchr(line, '\n');
    snprintf(key, sizeof key, " %s=", column);
    const char *at = strstr(line, key);
    if (!at || at > end)
        fail_msg("no %s: %.200s", column, line);
    return strtod(at + strlen(key), NULL);
}

static void near(double found, double wanted, double tolerance) {
    if (!(fabs(found - wanted) <= tolerance))
        fail_msg("%.17g, not %.17g", found, wanted);
}

/* Row by row, the objects of the town, in pixels of which `step` make one of its own.
 */
static void are_the_towns(const char *rows, double step, double width, double height,
                          bool placed) {
    char *wanted = detect(town, NULL), *line = wanted;
    for (int i = 0; i < OBJECTS; i++) {
        near(number_in(rows, "class_id"), number_in(line, "class_id"), 0);
        near(number_in(rows, "xmin_px"), number_in(line, "xmin_px") * step, 0);
        near(number_in(rows, "ymin_px"), number_in(line, "ymin_px") * step, 0);
        near(number_in(rows, "xmax_px"), fmin(number_in(line, "xmax_px") * step, width),
             0);
        near(number_in(rows, "ymax_px"),
             fmin(number_in(line, "ymax_px") * step, height), 0);
        if (placed) {
            near(number_in(rows, "lon"), number_in(line, "lon"), 1e-6);
            near(number_in(rows, "length_m"), number_in(line, "length_m"), 0.2);
        }
        rows = strchr(rows, '\n') + 1;
        line = strchr(line, '\n') + 1;
    }
    assert_non_null(strstr(rows, "chips_run=")); /* the images' row comes next */
    free(wanted);
}

/* Leaves out what the rows say of the stretch. */
static void drop_stretch(char *rows) {
    char *at;
    while ((at = strstr(rows, "stretch="))) {
        char *end = strchr(at, ']');
        while (end && end[2] == '[')
            end = strchr(end + 1, ']');
        assert_non_null(end);
        memmove(at, end + 2, strlen(end + 2) + 1);
    }
}

static void equals_town(const char *image, const char *const *more,
                        const char *stretch) {
    char *wanted = detect(town, NULL), *rows = detect(image, more);
    assert_null(strstr(wanted, "stretch="));
    assert_non_null(strstr(rows, stretch));
    drop_stretch(rows);
    assert_string_equal(rows, wanted);
    free(rows);
    free(wanted);
}

/* ---- resolution -------------------------------------------------------------------
 */

static void test_detect_gives_source_pixels_of_a_resampled_image(void **state) {
    (void)state;
    const char *const options[] = {"gsd=0.125", NULL};
    char *rows = detect(large, options);
    are_the_towns(rows, 2, 2199, 1999, true);
    assert_non_null(strstr(rows, "width_px=2199"));
    free(rows);
}

static void
test_detect_of_a_resampled_image_is_the_same_for_threads_and_parts(void **state) {
    (void)state;
    const char *const options[] = {"gsd=0.125", "batch=2", "crs=image", NULL};
    const char *const plain_options[] = {"gsd=0.125", "crs=image", NULL};
    const uint64_t parts[] = {0, 1, 7};
    char *plain = detect(large, plain_options);
    for (int i = 0; i < 3; i++) {
        elc_context context = {.threads = 1 + 3 * i};
        elc_string again = {0};
        elc_error err = {0};
        if (run(large, options, &context, parts[i], &again, &err) != ELC_OK)
            fail_msg("%s", err.message);
        assert_string_equal(again.data, plain);
        elc_string_free(&again);
    }
    free(plain);
}

static void test_detect_resamples_strips_as_it_does_tiles(void **state) {
    (void)state;
    const char *const options[] = {"gsd=0.125", NULL};
    planted_run("mkdir -p strips && gdal_translate -q -co COMPRESS=DEFLATE "
                "large/town.tif strips/town.tif");
    char *tiles = detect(large, options);
    char *strips = detect(planted_path("strips/town.tif"), options);
    assert_string_equal(strips, tiles);
    free(strips);
    free(tiles);
}

static void test_detect_takes_the_resolution_of_images_without_a_place(void **state) {
    (void)state;
    const char *const options[] = {"gsd=0.125", "image_gsd=0.0625", NULL};
    planted_run("mkdir -p plain && gdal_translate -q -co PROFILE=BASELINE --config "
                "GDAL_PAM_ENABLED NO large/town.tif plain/town.tif");
    char *rows = detect(planted_path("plain/town.tif"), options);
    are_the_towns(rows, 2, 2199, 1999, false);
    assert_null(strstr(rows, "lon="));
    near(number_in(rows, "gsd_m"), 0.0625, 0);
    free(rows);
    refuses(planted_path("plain/town.tif"), (const char *const[]){"gsd=0.125", NULL},
            "give --image-gsd");
}

static void test_detect_leaves_pixels_of_the_wanted_size_alone(void **state) {
    (void)state;
    const char *const options[] = {"gsd=0.125", NULL};
    char *plain = detect(town, NULL), *same = detect(town, options);
    assert_string_equal(same, plain);
    free(same);
    free(plain);
}

static void test_detect_refuses_pixels_that_are_far_too_large(void **state) {
    (void)state;
    refuses(town, (const char *const[]){"gsd=0.001", NULL}, "give --gsd");
}

/* ---- types ------------------------------------------------------------------------
 */

static void test_detect_finds_the_same_in_16_bits_and_floats(void **state) {
    (void)state;
    const char *const wide[] = {"stretch=0-65280", NULL};
    const char *const real[] = {"stretch=0-1", NULL};
    const char *const none[] = {"stretch=none", NULL};
    planted_run("mkdir -p u16 f32 i16 && gdal_translate -q -ot UInt16 -scale 0 255 0 "
                "65280 town.tif u16/town.tif && gdal_translate -q -ot Float32 -scale 0 "
                "255 0 1 -co TILED=YES town.tif f32/town.tif && gdal_translate -q -ot "
                "Int16 town.tif i16/town.tif");
    equals_town(planted_path("u16/town.tif"), wide, "stretch=values [0,65280] [0,");
    equals_town(planted_path("f32/town.tif"), real, "stretch=values [0,1] [0,1] ");
    equals_town(planted_path("i16/town.tif"), none, "xmin_px=");
}

static void test_detect_stretches_by_percentiles_unless_told(void **state) {
    (void)state;
    char *rows = detect(planted_path("u16/town.tif"), NULL);
    assert_non_null(strstr(rows, "stretch=p2-98 ["));
    free(rows);
}

static void write_text(const char *name, const char *text) {
    FILE *f = fopen(planted_path(name), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static const char *const *from_file(const char *name) {
    static char option[700];
    static const char *options[] = {option, NULL};
    snprintf(option, sizeof option, "stretch_from=%s", planted_path(name));
    return options;
}

#define WIDE "values [0,65280] [0,65280] [0,65280] [0,65280] [0,65280]"

static void test_detect_uses_a_stretch_that_was_recorded(void **state) {
    (void)state;
    char image[512]; /* planted_path's buffers are few */
    snprintf(image, sizeof image, "%s", planted_path("u16/town.tif"));
    write_text("one.txt", WIDE "\n");
    write_text("rows.csv", "image,stretch\nother.tif,\"minmax [0,1]\"\ntown.tif,\n"
                           "town.tif,\"" WIDE "\"\n");
    write_text("same.csv", "image,stretch\na.tif,\"" WIDE "\"\nb.tif,\"" WIDE "\"\n");
    equals_town(image, from_file("one.txt"), "stretch=values [0,65280] [0,");
    equals_town(image, from_file("rows.csv"), "stretch=values [0,65280] [0,");
    equals_town(image, from_file("same.csv"), "stretch=values [0,65280] [0,");
}

static void test_detect_takes_no_stretch_from_an_image_that_failed(void **state) {
    (void)state;
    char image[512]; /* planted_path's buffers are few */
    snprintf(image, sizeof image, "%s", planted_path("u16/town.tif"));
    write_text("failed.csv",
               "image,stretch,error\ntown.tif,,truncated\na.tif,\"" WIDE "\",\n");
    equals_town(image, from_file("failed.csv"), "stretch=values [0,65280] [0,");
}

static void test_detect_records_an_image_whose_pixels_are_too_large(void **state) {
    (void)state;
    planted_run(
        "gdal_translate -q -a_ullr 500000 5600000 501000 5599000 town.tif far.tif");
    const char *const options[] = {"gsd=0.001", "on_error=record", NULL};
    char *rows = detect(planted_path("far.tif"), options);
    assert_non_null(strstr(rows, "at most 32 times finer"));
    free(rows);
    refuses(planted_path("far.tif"), (const char *const[]){"gsd=0.001", NULL},
            "at most 32 times finer");
}

static void test_detect_refuses_what_is_no_recorded_stretch(void **state) {
    (void)state;
    char image[512]; /* planted_path's buffers are few */
    snprintf(image, sizeof image, "%s", planted_path("u16/town.tif"));
    write_text("none.csv", "image,score\na.tif,1\n");
    write_text("bad.csv", "image,stretch\ntown.tif,wide\n");
    write_text("differ.csv", "image,stretch\na.tif,\"values [0,1]\"\nb.tif,none\n");
    write_text("three.txt", "values [0,1] [0,1] [0,1]");
    refuses(image, from_file("none.csv"), "no column \"stretch\"");
    refuses(image, from_file("bad.csv"), "not a recorded stretch");
    refuses(image, from_file("differ.csv"), "none of the 2 recorded stretches");
    refuses(image, from_file("three.txt"), "one of 3 bands, 5 are read");
    refuses(image, (const char *const[]){"stretch=wide", NULL}, "give auto, none");
}

static void test_detect_refuses_complex_pixels_with_advice(void **state) {
    (void)state;
    planted_run("gdal_translate -q -ot CFloat32 -srcwin 0 0 64 64 town.tif c.tif");
    refuses(planted_path("c.tif"), NULL, "DERIVED_SUBDATASET:AMPLITUDE");
}

/* ---- colours ----------------------------------------------------------------------
 */

/* A street with a colour table, and the same with its colours written out. */
static void test_detect_sees_a_colour_table_as_its_colours(void **state) {
    (void)state;
    const char *street = planted_data("models/fastestdet/3.jpg");
    char model[1100], *rows[2];
    if (!street)
        skip();
    planted_run("mkdir -p table rgb && gdal_translate -q '%s' street.tif && rgb2pct.py "
                "street.tif table/street.tif >/dev/null && gdal_translate -q -expand "
                "rgb table/street.tif rgb/street.tif",
                street);
    const char *vehicle = planted_data("models/vehicle/vehicle.onnx");
    if (!vehicle)
        skip();
    snprintf(model, sizeof model, "model=%s", vehicle);
    for (int i = 0; i < 2; i++) {
        const char *paths[] = {planted_path(i ? "rgb/street.tif" : "table/street.tif"),
                               NULL};
        const char *options[] = {model, "chip=320", "score=0.05", NULL};
        elc_string text = {0};
        elc_error err = {0};
        if (detecting_rows(&(detecting){paths, options, NULL, 0}, &text, NULL, &err))
            fail_msg("%s", err.message);
        rows[i] = text.data;
    }
    assert_non_null(strstr(rows[0], "class="));
    assert_string_equal(rows[0], rows[1]);
    free(rows[0]);
    free(rows[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detect_gives_source_pixels_of_a_resampled_image),
        cmocka_unit_test(
            test_detect_of_a_resampled_image_is_the_same_for_threads_and_parts),
        cmocka_unit_test(test_detect_resamples_strips_as_it_does_tiles),
        cmocka_unit_test(test_detect_takes_the_resolution_of_images_without_a_place),
        cmocka_unit_test(test_detect_leaves_pixels_of_the_wanted_size_alone),
        cmocka_unit_test(test_detect_refuses_pixels_that_are_far_too_large),
        cmocka_unit_test(test_detect_finds_the_same_in_16_bits_and_floats),
        cmocka_unit_test(test_detect_stretches_by_percentiles_unless_told),
        cmocka_unit_test(test_detect_uses_a_stretch_that_was_recorded),
        cmocka_unit_test(test_detect_takes_no_stretch_from_an_image_that_failed),
        cmocka_unit_test(test_detect_records_an_image_whose_pixels_are_too_large),
        cmocka_unit_test(test_detect_refuses_what_is_no_recorded_stretch),
        cmocka_unit_test(test_detect_refuses_complex_pixels_with_advice),
        cmocka_unit_test(test_detect_sees_a_colour_table_as_its_colours),
    };
    return cmocka_run_group_tests(tests, render, NULL);
}
