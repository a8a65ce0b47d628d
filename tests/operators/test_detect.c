/* test_detect.c - detect from pixels to rows, with the instrument on rendered towns. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/detecting.h"
#include "support/planted.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { OBJECTS = 300 };

static char town[512], model_option[600];

static int render(void **state) {
    (void)state;
    const char *path =
        planted_scene("town", "--size 1500x1300 --objects 300 --seed 3 --code-only");
    snprintf(town, sizeof town, "%s", path);
    snprintf(model_option, sizeof model_option, "model=%s",
             planted_instrument("instrument.onnx", ""));
    return 0;
}

static char *detect(const char *image, const char *const *more,
                    const elc_context *context, uint64_t part_units, size_t *rows) {
    const char *paths[] = {image, NULL};
    const char *options[12] = {model_option, "chip=320", "overlap=104"};
    for (size_t i = 0; more && more[i]; i++)
        options[3 + i] = more[i];
    detecting d = {paths, options, context, part_units};
    elc_string text = {0};
    elc_error err = {0};
    if (detecting_rows(&d, &text, rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data ? text.data : calloc(1, 1);
}

static elc_status detect_fails(const char *image, const char *const *more,
                               const elc_context *context, elc_error *err) {
    const char *paths[] = {image, NULL};
    const char *options[12] = {model_option, "chip=320", "overlap=104"};
    for (size_t i = 0; more && more[i]; i++)
        options[3 + i] = more[i];
    detecting d = {paths, options, context, 0};
    elc_string text = {0};
    elc_status status = detecting_rows(&d, &text, NULL, err);
    elc_string_free(&text);
    return status;
}

static size_t count(const char *text, const char *what) {
    size_t n = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        n++;
    return n;
}

/* ---- truth ------------------------------------------------------------------------
 */

static double member(const json_t *properties, const char *name) {
    return json_number_value(json_object_get(properties, name));
}

/* The row that has exactly a planted box and its class, or NULL. */
static const char *find_planted(const char *rows, const json_t *properties) {
    char line[512];
    snprintf(
        line, sizeof line,
        "class=%s class_id=%d score=0.89999997615814209 xmin_px=%.17g ymin_px=%.17g "
        "xmax_px=%.17g ymax_px=%.17g ",
        json_string_value(json_object_get(properties, "class")),
        (int)member(properties, "class_id"), member(properties, "xmin_px"),
        member(properties, "ymin_px"), member(properties, "xmax_px"),
        member(properties, "ymax_px"));
    return strstr(rows, line);
}

static void assert_all_planted(const char *rows) {
    json_t *truth = json_load_file(planted_path("town.geojson"), 0, NULL);
    json_t *features = json_object_get(truth, "features");
    assert_int_equal(json_array_size(features), OBJECTS);
    for (size_t i = 0; i < json_array_size(features); i++) {
        json_t *properties = json_object_get(json_array_get(features, i), "properties");
        const char *row = find_planted(rows, properties);
        assert_non_null(row);
        double lon = strtod(strstr(row, "lon=") + 4, NULL);
        double lat = strtod(strstr(row, "lat=") + 4, NULL);
        assert_true(fabs(lon - member(properties, "lon")) < 1e-8);
        assert_true(fabs(lat - member(properties, "lat")) < 1e-8);
    }
    json_decref(truth);
}

static void test_detect_finds_each_planted_object_once_in_its_place(void **state) {
    (void)state;
    size_t rows = 0;
    char *text = detect(town, NULL, NULL, 0, &rows);
    assert_int_equal(rows, OBJECTS);
    assert_all_planted(text);
    free(text);
}

static void
test_detect_gives_the_same_rows_for_any_threads_batch_and_parts(void **state) {
    (void)state;
    const char *const four[] = {"batch=4", NULL};
    const int threads[] = {1, 2, 8};
    const uint64_t parts[] = {0, 1, 7, 64};
    char *plain = detect(town, NULL, NULL, 0, NULL);
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 4; k++) {
            elc_context context = {.threads = threads[i]};
            char *again = detect(town, k % 2 ? four : NULL, &context, parts[k], NULL);
            assert_string_equal(again, plain);
            free(again);
        }
    free(plain);
}

static void test_detect_reads_strips_as_it_reads_tiles(void **state) {
    (void)state;
    char *tiles = detect(town, NULL, NULL, 0, NULL);
    planted_run(
        "mkdir -p strips && gdal_translate -q -co TILED=NO -co COMPRESS=DEFLATE "
        "town.tif strips/town.tif");
    char *strips = detect(planted_path("strips/town.tif"), NULL, NULL, 0, NULL);
    assert_string_equal(strips, tiles);
    free(strips);
    free(tiles);
}

static void test_detect_keeps_the_order_of_images_in_a_folder(void **state) {
    (void)state;
    planted_run("mkdir -p folder/deep && cp town.tif folder/b.tif && gdal_translate -q "
                "-srcwin 0 0 700 700 town.tif folder/a.tif && cp folder/a.tif "
                "folder/deep/c.tif && echo text > folder/notes.txt");
    elc_context context = {.threads = 8};
    char *text = detect(planted_path("folder"), NULL, &context, 0, NULL);
    char *parts = detect(planted_path("folder"), NULL, &context, 2, NULL);
    const char *b = strstr(text, "image=b.tif"), *c = strstr(text, "image=deep/c.tif");
    assert_true(strstr(text, "image=a.tif") < b && b < c);
    assert_int_equal(count(text, "chips_run="), 3);
    assert_string_equal(text, parts);
    free(parts);
    free(text);
}

/* ---- what is left out -------------------------------------------------------------
 */

static void test_detect_keeps_only_the_classes_asked_for(void **state) {
    (void)state;
    const char *const more[] = {"keep=bus,truck", NULL};
    char *text = detect(town, more, NULL, 0, NULL);
    assert_int_equal(count(text, "class=car"), 0);
    assert_true(count(text, "class=bus") > 0 && count(text, "class=truck") > 0);
    free(text);
}

static void test_detect_refuses_a_class_that_the_model_does_not_know(void **state) {
    (void)state;
    const char *const more[] = {"keep=cars", NULL};
    elc_error err = {0};
    assert_int_equal(detect_fails(town, more, NULL, &err), ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "did you mean \"car\"?"));
}

/* A rectangle of pixels as a polygon layer, in the image's own CRS. */
static const char *area_of(const char *name, double x0, double y0, double x1,
                           double y1) {
    planted_run(
        "gdal_translate -q -srcwin %g %g %g %g town.tif %s.tif && rm -f %s.gpkg && "
        "gdaltindex -f GPKG %s.gpkg %s.tif >/dev/null",
        x0, y0, x1 - x0, y1 - y0, name, name, name, name);
    static char option[600];
    char file[64];
    snprintf(file, sizeof file, "%s.gpkg", name);
    snprintf(option, sizeof option, "area=%s", planted_path(file));
    return option;
}

/* The town moved to 180 degrees east, so that half of it lies at -180. */
static void test_detect_finds_an_area_across_the_antimeridian(void **state) {
    (void)state;
    planted_run("gdal_translate -q -a_srs EPSG:4326 -a_ullr 179.999 10.001 180.001 10 "
                "town.tif dateline.tif");
    planted_run(
        "printf '%%s' '{\"type\":\"Polygon\",\"coordinates\":[[[-180,9],[-179,9],"
        "[-179,11],[-180,11],[-180,9]]]}' > east.geojson");
    char area[600];
    snprintf(area, sizeof area, "area=%s", planted_path("east.geojson"));
    const char *const more[] = {area, NULL};
    size_t rows = 0;
    char *text = detect(planted_path("dateline.tif"), more, NULL, 0, &rows);
    assert_true(rows > 50 && rows < OBJECTS);
    for (const char *at = strstr(text, "lon="); at; at = strstr(at + 1, "lon="))
        assert_true(strtod(at + 4, NULL) < 0);
    free(text);
}

/* A stripe of chips from one side of it to the other is analysed. */
static void test_detect_cuts_the_footprint_of_some_chips_at_the_antimeridian(void **s) {
    (void)s;
    planted_run("gdal_translate -q -a_srs EPSG:4326 -a_ullr 179.999 10.001 180.001 10 "
                "town.tif dateline.tif");
    planted_run("printf '%%s' '{\"type\":\"MultiPolygon\",\"coordinates\":[[[[179,"
                "10.0009],[180,10.0009],[180,11],[179,11],[179,10.0009]]],[[[-180,"
                "10.0009],[-179,10.0009],[-179,11],[-180,11],[-180,10.0009]]]]}' > "
                "stripe.geojson");
    char area[600];
    snprintf(area, sizeof area, "area=%s", planted_path("stripe.geojson"));
    const char *const more[] = {area, NULL};
    char *text = detect(planted_path("dateline.tif"), more, NULL, 0, NULL);
    char *image = strstr(text, "chips_run=");
    assert_non_null(image);
    while (image > text && image[-1] != '\n')
        image--;
    assert_non_null(strstr(image, "010600000002000000")); /* two polygons */
    free(text);
}

static void test_detect_does_not_run_chips_outside_of_the_area(void **state) {
    (void)state;
    const char *const more[] = {area_of("corner", 0, 0, 200, 200), NULL};
    char *text = detect(town, more, NULL, 0, NULL);
    assert_non_null(strstr(text, "chips_run=1 "));
    char *parts = detect(town, more, NULL, 3, NULL);
    assert_string_equal(text, parts);
    for (const char *at = strstr(text, "xmin_px="); at; at = strstr(at + 1, "xmin_px="))
        assert_true(strtod(at + 8, NULL) < 200);
    free(parts);
    free(text);
}

static void test_detect_gives_one_footprint_wherever_parts_are_cut(void **state) {
    (void)state;
    const char *const more[] = {area_of("half", 0, 0, 700, 1300), NULL};
    char *text = detect(town, more, NULL, 0, NULL);
    char *parts = detect(town, more, NULL, 1, NULL);
    assert_null(strstr(text, "chips_skipped=0 "));
    assert_string_equal(text, parts);
    free(parts);
    free(text);
}

static void test_detect_refuses_an_area_for_an_image_without_place(void **state) {
    (void)state;
    planted_run("gdal_translate -q -co PROFILE=BASELINE town.tif flat.tif && rm -f "
                "flat.tif.aux.xml");
    const char *const more[] = {area_of("corner", 0, 0, 200, 200), NULL};
    elc_error err = {0};
    assert_int_equal(detect_fails(planted_path("flat.tif"), more, NULL, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "georeference"));
}

static void test_detect_skips_chips_that_are_all_nodata(void **state) {
    (void)state;
    planted_run(
        "gdal_translate -q -a_nodata 0 -srcwin 0 0 700 300 town.tif part.tif && "
        "gdalwarp -q -ot Byte -dstnodata 0 -te $(gdalinfo -json town.tif | python3 "
        "-c 'import json,sys; c=json.load(sys.stdin)[\"cornerCoordinates\"]; "
        "print(c[\"lowerLeft\"][0], c[\"lowerLeft\"][1], c[\"upperRight\"][0], "
        "c[\"upperRight\"][1])') part.tif wide.tif");
    char *text = detect(planted_path("wide.tif"), NULL, NULL, 0, NULL);
    assert_null(strstr(text, "chips_skipped=0 "));
    assert_non_null(strstr(text, "geometry="));
    free(text);
}

/* ---- images without place, and broken ones ------------------------------------------
 */

typedef struct heard {
    int lines;
    char last[1200];
} heard;

static void hear(void *arg, const char *line) {
    heard *h = arg;
    h->lines++;
    snprintf(h->last, sizeof h->last, "%s", line);
}

static void
test_detect_gives_pixels_and_one_warning_without_georeference(void **state) {
    (void)state;
    planted_run("mkdir -p flat && gdal_translate -q -co PROFILE=BASELINE town.tif "
                "flat/a.tif && cp flat/a.tif flat/b.tif && rm -f flat/*.xml");
    heard h = {0};
    elc_context context = {.threads = 2, .warn = hear, .arg = &h};
    size_t rows = 0;
    char *text = detect(planted_path("flat"), NULL, &context, 0, &rows);
    assert_int_equal(rows, 2 * OBJECTS);
    assert_null(strstr(text, "lon="));
    assert_null(strstr(text, "geometry="));
    assert_int_equal(h.lines, 1);
    assert_non_null(strstr(h.last, "has no georeference"));
    free(text);
}

static void break_images(void) {
    planted_run(
        "rm -rf broken && mkdir broken && cp town.tif broken/a.tif && head -c 100000 "
        "town.tif > broken/b.tif");
}

static void test_detect_ends_with_the_reason_of_a_broken_image(void **state) {
    (void)state;
    break_images();
    elc_error err = {0};
    assert_int_not_equal(detect_fails(planted_path("broken/b.tif"), NULL, NULL, &err),
                         ELC_OK);
    assert_non_null(strstr(err.message, "b.tif"));
}

static void test_detect_records_what_failed_and_goes_on(void **state) {
    (void)state;
    break_images();
    const char *const record[] = {"on_error=record", NULL};
    char *text = detect(planted_path("broken"), record, NULL, 0, NULL);
    char *parts = detect(planted_path("broken"), record, NULL, 5, NULL);
    assert_true(count(text, "image=a.tif") == OBJECTS + 1);
    assert_true(count(text, "error=") > 0);
    assert_string_equal(text, parts);
    free(parts);
    free(text);
}

static void test_detect_reads_paths_that_are_no_utf8(void **state) {
    (void)state;
    planted_run(
        "rm -rf odd && mkdir odd && cp town.tif \"odd/$(printf 'b\\377d').tif\"");
    size_t rows = 0;
    free(detect(planted_path("odd"), NULL, NULL, 0, &rows));
    assert_int_equal(rows, OBJECTS);
}

static void test_detect_refuses_a_pipe_for_an_image(void **state) {
    (void)state;
    planted_run("rm -f pipe.tif && mkfifo pipe.tif");
    elc_error err = {0};
    assert_int_equal(detect_fails(planted_path("pipe.tif"), NULL, NULL, &err),
                     ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "no regular file"));
}

static void test_detect_records_a_broken_image_with_the_crs_of_images(void **state) {
    (void)state;
    planted_run("head -c 300 town.tif > head.tif");
    const char *const more[] = {"on_error=record", "crs=image", NULL};
    size_t rows = 0;
    free(detect(planted_path("head.tif"), more, NULL, 0, &rows));
    assert_int_equal(rows, 1);
}

static void test_detect_skips_what_failed_with_a_warning(void **state) {
    (void)state;
    break_images();
    const char *const skip[] = {"on_error=skip", NULL};
    heard h = {0};
    elc_context context = {.warn = hear, .arg = &h};
    char *text = detect(planted_path("broken"), skip, &context, 0, NULL);
    assert_true(count(text, "image=a.tif") == OBJECTS + 1);
    assert_true(h.lines > 0);
    assert_non_null(strstr(h.last, "b.tif"));
    free(text);
}

/* ---- progress
 * ------------------------------------------------------------------------ */

typedef struct noted {
    elc_progress last;
    bool backwards;
} noted;

static void note_progress(void *arg, const elc_progress *now) {
    noted *n = arg;
    n->backwards = n->backwards || now->done < n->last.done || now->done > now->total;
    n->last = *now;
}

static void test_detect_reports_how_many_chips_were_skipped(void **state) {
    (void)state;
    const char *const more[] = {area_of("corner", 0, 0, 200, 200), NULL};
    const uint64_t parts[] = {0, 4};
    for (int i = 0; i < 2; i++) {
        noted n = {0};
        elc_context context = {.threads = 2, .progress = note_progress, .arg = &n};
        free(detect(town, more, &context, parts[i], NULL));
        assert_int_equal(n.last.skipped, n.last.total - 1);
    }
}

static void test_detect_reports_the_chips_of_all_parts_together(void **state) {
    (void)state;
    const uint64_t parts[] = {0, 4};
    for (int i = 0; i < 2; i++) {
        noted n = {0};
        elc_context context = {.threads = 2, .progress = note_progress, .arg = &n};
        free(detect(town, NULL, &context, parts[i], NULL));
        assert_string_equal(n.last.unit, "chips");
        assert_true(n.last.total > 8);
        assert_int_equal(n.last.done, n.last.total);
        assert_false(n.backwards);
    }
}

/* ---- other ends ---------------------------------------------------------------------
 */

static void test_detect_stops_when_cancelled(void **state) {
    (void)state;
    volatile int cancel = 1;
    elc_context context = {.cancel = &cancel};
    elc_error err = {0};
    assert_int_equal(detect_fails(town, NULL, &context, &err), ELC_E_CANCELLED);
}

static void test_detect_pads_an_image_smaller_than_a_chip(void **state) {
    (void)state;
    planted_run("gdal_translate -q -srcwin 100 100 150 90 town.tif small.tif");
    char *text = detect(planted_path("small.tif"), NULL, NULL, 0, NULL);
    assert_non_null(strstr(text, "chips_run=1 "));
    free(text);
}

static void test_detect_says_which_crs_the_geometry_is_in(void **state) {
    (void)state;
    const char *const image[] = {"crs=image", NULL}, *const other[] = {"crs=EPSG:3035",
                                                                       NULL};
    char *a = detect(town, image, NULL, 0, NULL),
         *b = detect(town, other, NULL, 4, NULL);
    char *whole = detect(town, other, NULL, 0, NULL);
    assert_string_not_equal(a, b);
    assert_string_equal(b, whole);
    free(a);
    free(b);
    free(whole);
}

static void test_detect_uses_the_vehicles_network_unless_told_another(void **state) {
    (void)state;
    const char *const paths[] = {town, NULL}, *const none[] = {NULL};
    detecting d = {paths, none, NULL, 0};
    elc_string text = {0};
    elc_error err = {0};
    if (detecting_rows(&d, &text, NULL, &err) != ELC_OK)
        fail_msg("%s", err.message);
    assert_non_null(strstr(text.data, "vehicles.onnx"));
    elc_string_free(&text);
}

static void test_detect_refuses_parts_that_are_no_parts(void **state) {
    (void)state;
    const char *const paths[] = {town, NULL}, *const options[] = {model_option, NULL};
    const char *bad[] = {"", "{", "[]", "{\"images\":[{}]}",
                         ("{\"images\":[{\"path\":\"a\","
                          "\"name\":\"b\",\"first\":5,\"end\":2}]}")};
    detecting d = {paths, options, NULL, 0};
    detect_call call;
    assert_int_equal(detecting_prepare(&d, &call, NULL), ELC_OK);
    assert_int_equal(elc_call_prepare(&call.call, NULL), ELC_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        elc_part part = {
            .bytes = (void *)(uintptr_t)bad[i], .size = strlen(bad[i]), .weight = 1};
        struct ArrowArrayStream out = {0};
        assert_int_equal(call.call.op->open(&call.call, &part, NULL, &out, NULL),
                         ELC_E_FORMAT);
    }
    detecting_done(&call);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detect_finds_each_planted_object_once_in_its_place),
        cmocka_unit_test(
            test_detect_gives_the_same_rows_for_any_threads_batch_and_parts),
        cmocka_unit_test(test_detect_reads_strips_as_it_reads_tiles),
        cmocka_unit_test(test_detect_keeps_the_order_of_images_in_a_folder),
        cmocka_unit_test(test_detect_keeps_only_the_classes_asked_for),
        cmocka_unit_test(test_detect_refuses_a_class_that_the_model_does_not_know),
        cmocka_unit_test(test_detect_finds_an_area_across_the_antimeridian),
        cmocka_unit_test(
            test_detect_cuts_the_footprint_of_some_chips_at_the_antimeridian),
        cmocka_unit_test(test_detect_does_not_run_chips_outside_of_the_area),
        cmocka_unit_test(test_detect_gives_one_footprint_wherever_parts_are_cut),
        cmocka_unit_test(test_detect_refuses_an_area_for_an_image_without_place),
        cmocka_unit_test(test_detect_skips_chips_that_are_all_nodata),
        cmocka_unit_test(test_detect_gives_pixels_and_one_warning_without_georeference),
        cmocka_unit_test(test_detect_ends_with_the_reason_of_a_broken_image),
        cmocka_unit_test(test_detect_records_what_failed_and_goes_on),
        cmocka_unit_test(test_detect_reads_paths_that_are_no_utf8),
        cmocka_unit_test(test_detect_refuses_a_pipe_for_an_image),
        cmocka_unit_test(test_detect_records_a_broken_image_with_the_crs_of_images),
        cmocka_unit_test(test_detect_skips_what_failed_with_a_warning),
        cmocka_unit_test(test_detect_reports_the_chips_of_all_parts_together),
        cmocka_unit_test(test_detect_reports_how_many_chips_were_skipped),
        cmocka_unit_test(test_detect_stops_when_cancelled),
        cmocka_unit_test(test_detect_pads_an_image_smaller_than_a_chip),
        cmocka_unit_test(test_detect_says_which_crs_the_geometry_is_in),
        cmocka_unit_test(test_detect_uses_the_vehicles_network_unless_told_another),
        cmocka_unit_test(test_detect_refuses_parts_that_are_no_parts),
    };
    return cmocka_run_group_tests(tests, render, NULL);
}
