/* test_pipeline.c - many workers on few chips: what threads could break. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/planted.h"

#include <elcano/detect.h>

#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gdal.h>

enum { OBJECTS = 60, COPIES = 4 };

static char tiles[600], strips[600];
static elc_model *model;

static int set_up(void **state) {
    (void)state;
    elc_model_options options = {.input_width = 192, .input_height = 192};
    snprintf(tiles, sizeof tiles, "%s",
             planted_scene("town", "--size 700x500 --objects 60 --seed 2 --code-only"));
    planted_run(
        "gdal_translate -q -co TILED=NO -co COMPRESS=DEFLATE town.tif strips.tif");
    snprintf(strips, sizeof strips, "%s", planted_path("strips.tif"));
    return elc_model_open(planted_instrument("instrument.onnx", ""), &options, &model,
                          NULL) != ELC_OK;
}

static int tear_down(void **state) {
    (void)state;
    elc_model_free(model);
    return 0;
}

/* Stands before GDAL's own, to count how often an image is opened. */
static atomic_int opened;

GDALDatasetH GDALOpenEx(const char *path, unsigned flags, const char *const *drivers,
                        const char *const *options, const char *const *siblings) {
    GDALDatasetH (*real)(const char *, unsigned, const char *const *,
                         const char *const *, const char *const *) = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "GDALOpenEx");
    opened++;
    return real(path, flags, drivers, options, siblings);
}

static elc_on_error on_error = ELC_ON_ERROR_FAIL;

static elc_detector *start(const char *path, const elc_context *context) {
    static elc_detect_image images[COPIES];
    static const elc_names no_bands;
    const elc_detect_options options = {.overlap_x = 104,
                                        .overlap_y = 104,
                                        .batch = 2,
                                        .score = 0.25,
                                        .iou = 0.5,
                                        .on_error = on_error,
                                        .bands = &no_bands};
    elc_detector *detector = NULL;
    elc_error err = {0};
    for (int i = 0; i < COPIES; i++)
        images[i] = (elc_detect_image){.path = path, .name = "town.tif", .end = -1};
    if (elc_detector_create(model, &options, images, COPIES, context, &detector, &err))
        fail_msg("%s", err.message);
    return detector;
}

/* Objects and images until the end, or until `most` events came. */
static elc_status take(elc_detector *detector, int most, size_t *objects,
                       size_t *images) {
    elc_detect_event event = {0};
    elc_status status = ELC_OK;
    for (int i = 0; i < most && status == ELC_OK && event.kind != ELC_DETECT_END; i++) {
        status = elc_detector_next(detector, &event, NULL);
        *objects += status == ELC_OK ? event.n_objects : 0;
        *images += status == ELC_OK && event.kind == ELC_DETECT_IMAGE;
    }
    return status;
}

static void run_all(const char *path, int threads) {
    elc_context context = {.threads = threads};
    size_t objects = 0, images = 0;
    elc_detector *detector = start(path, &context);
    assert_int_equal(take(detector, 1000000, &objects, &images), ELC_OK);
    assert_int_equal(images, COPIES);
    assert_int_equal(objects, COPIES * OBJECTS);
    elc_detector_free(detector);
}

static void test_pipeline_reads_tiles_with_many_workers(void **state) {
    (void)state;
    run_all(tiles, 1);
    run_all(tiles, 6);
}

static void test_pipeline_cuts_strips_with_many_workers(void **state) {
    (void)state;
    run_all(strips, 6);
}

static void test_pipeline_is_freed_in_the_middle(void **state) {
    (void)state;
    for (int events = 0; events < 4; events++) {
        elc_context context = {.threads = 4};
        size_t objects = 0, images = 0;
        elc_detector *detector = start(events % 2 ? strips : tiles, &context);
        assert_int_equal(take(detector, events, &objects, &images), ELC_OK);
        elc_detector_free(detector);
    }
}

static void test_pipeline_ends_when_it_is_cancelled(void **state) {
    (void)state;
    volatile int cancel = 0;
    elc_context context = {.threads = 4, .cancel = &cancel};
    size_t objects = 0, images = 0;
    elc_detector *detector = start(tiles, &context);
    assert_int_equal(take(detector, 1, &objects, &images), ELC_OK);
    __atomic_store_n(&cancel, 1, __ATOMIC_RELAXED);
    assert_int_equal(take(detector, 1000000, &objects, &images), ELC_E_CANCELLED);
    assert_int_equal(take(detector, 1, &objects, &images), ELC_E_CANCELLED);
    elc_detector_free(detector);
}

static void test_pipeline_tells_of_a_missing_image(void **state) {
    (void)state;
    elc_context context = {.threads = 4};
    size_t objects = 0, images = 0;
    elc_detector *detector = start("/nowhere/town.tif", &context);
    assert_int_equal(take(detector, 1000000, &objects, &images), ELC_E_NOT_FOUND);
    elc_detector_free(detector);
}

/* An open reads the block index, which of a huge image takes long. */
static void
test_pipeline_opens_an_image_cut_short_no_more_than_a_whole_one(void **state) {
    (void)state;
    elc_context context = {.threads = 1};
    size_t objects = 0, images = 0;
    planted_run("head -c 3000 town.tif > short.tif");
    on_error = ELC_ON_ERROR_RECORD;
    elc_detector *detector = start(planted_path("short.tif"), &context);
    opened = 0;
    assert_int_equal(take(detector, 1000000, &objects, &images), ELC_OK);
    on_error = ELC_ON_ERROR_FAIL;
    elc_detector_free(detector);
    assert_int_equal(images, COPIES);
    assert_true(objects > 10 * COPIES); /* the rows of its failed chips */
    assert_true(opened <= 2 * COPIES);  /* one to see what it is, one for the worker */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pipeline_reads_tiles_with_many_workers),
        cmocka_unit_test(test_pipeline_cuts_strips_with_many_workers),
        cmocka_unit_test(test_pipeline_is_freed_in_the_middle),
        cmocka_unit_test(test_pipeline_ends_when_it_is_cancelled),
        cmocka_unit_test(test_pipeline_tells_of_a_missing_image),
        cmocka_unit_test(
            test_pipeline_opens_an_image_cut_short_no_more_than_a_whole_one),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
