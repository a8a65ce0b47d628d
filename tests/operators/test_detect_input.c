/* test_detect_input.c - what a network is shown: blurred, thresholded, flipped,
 * cropped.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/boxes.h"
#include "support/detecting.h"
#include "support/planted.h"

#include <elcano/geometry.h>
#include <elcano/image.h>

#include <gdal.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Of the picture; the town is in code bands, for the instrument. */
enum { WIDTH = 700, HEIGHT = 500, BANDS = 3, PAD = 114 };
enum { TOWN_WIDTH = 1100, TOWN_HEIGHT = 1000 };

static char town[512], instrument[600], picture[512], network[600];

static int render(void **state) {
    (void)state;
    GDALAllRegister();
    snprintf(town, sizeof town, "%s",
             planted_scene("town", "--size 1100x1000 --objects 150 --seed 5 "
                                   "--code-only"));
    snprintf(picture, sizeof picture, "%s",
             planted_scene("picture", "--size 700x500 --objects 40 --seed 5"));
    snprintf(instrument, sizeof instrument, "model=%s",
             planted_instrument("instrument.onnx", ""));
    planted_run("python3 '%s/tools/networks.py' small small.onnx >/dev/null",
                ELCANO_SOURCE_DIR);
    snprintf(network, sizeof network, "model=%s", planted_path("small.onnx"));
    return 0;
}

/* ---- running ----------------------------------------------------------------------
 */

typedef struct how {
    const char *model;
    const char *more[7];
    int threads;
    uint64_t part_units;
} how;

static elc_status run(const char *image, const how *h, elc_string *out,
                      elc_error *err) {
    const char *paths[] = {image, NULL};
    const char *options[12] = {h->model, "chip=320", "overlap=104", "score=0.1"};
    elc_context context = {.threads = h->threads ? h->threads : 2};
    for (size_t i = 0; i < 6 && h->more[i]; i++)
        options[4 + i] = h->more[i];
    detecting d = {paths, options, &context, h->part_units};
    return detecting_rows(&d, out, NULL, err);
}

static char *detect(const char *image, how h) {
    elc_string text = {0};
    elc_error err = {0};
    if (run(image, &h, &text, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data;
}

static elc_box_list boxes_in(const char *image, how h) {
    char *text = detect(image, h);
    elc_box_list boxes = boxes_of_rows(text, NULL);
    free(text);
    return boxes;
}

static void refuses(const char *image, how h, const char *part) {
    elc_string text = {0};
    elc_error err = {0};
    assert_int_equal(run(image, &h, &text, &err), ELC_E_ARGUMENT);
    if (!strstr(err.message, part))
        fail_msg("no \"%s\" in: %s", part, err.message);
    elc_string_free(&text);
}

/* Rows alike, but for the image's name. */
static void same_rows(char *a, char *b) {
    assert_non_null(strstr(a, "class="));
    assert_string_equal(a, b);
    free(a);
    free(b);
}

static int by_place(const void *a, const void *b) {
    const elc_box *x = a, *y = b;
    double order = x->ymin != y->ymin   ? x->ymin - y->ymin
                   : x->xmin != y->xmin ? x->xmin - y->xmin
                   : x->xmax != y->xmax ? x->xmax - y->xmax
                                        : x->ymax - y->ymax;
    return (order > 0) - (order < 0);
}

/* The same boxes, in any order; both are freed. */
static void same_boxes(elc_box_list a, elc_box_list b) {
    assert_int_equal(a.count, b.count);
    assert_true(a.count > 20);
    qsort(a.items, a.count, sizeof *a.items, by_place);
    qsort(b.items, b.count, sizeof *b.items, by_place);
    for (size_t i = 0; i < a.count; i++) {
        assert_true(by_place(&a.items[i], &b.items[i]) == 0);
        assert_int_equal(a.items[i].class_id, b.items[i].class_id);
    }
    free(a.items);
    free(b.items);
}

/* ---- pictures that are made beforehand --------------------------------------------
 */

/* The bytes of an image, pixel interleaved. */
static uint8_t *pixels_of(const char *path, int width, int height, int bands) {
    uint8_t *pixels = malloc((size_t)(width * height * bands));
    GDALDatasetH file = GDALOpen(path, GA_ReadOnly);
    assert_int_equal(GDALDatasetRasterIO(file, GF_Read, 0, 0, width, height, pixels,
                                         width, height, GDT_Byte, bands, NULL, bands,
                                         width * bands, 1),
                     CE_None);
    GDALClose(file);
    return pixels;
}

/* A copy of an image with other bytes: FOLDER/NAME, so that its rows have its name. */
static const char *with_pixels(const char *folder, const char *name, int width,
                               int height, int bands, uint8_t *pixels) {
    char file[100];
    snprintf(file, sizeof file, "%s/%s", folder, name);
    planted_run("mkdir -p %s && cp %s %s", folder, name, file);
    const char *path = planted_path(file);
    GDALDatasetH out = GDALOpen(path, GA_Update);
    assert_int_equal(GDALDatasetRasterIO(out, GF_Write, 0, 0, width, height, pixels,
                                         width, height, GDT_Byte, bands, NULL, bands,
                                         width * bands, 1),
                     CE_None);
    GDALClose(out);
    free(pixels);
    return path;
}

/* All of the picture blurred at once; only `shown` of it is there. */
static uint8_t *blurred_at_once(double sigma, elc_window shown) {
    uint8_t *pixels = pixels_of(picture, WIDTH, HEIGHT, BANDS);
    uint8_t *out = malloc(WIDTH * HEIGHT * BANDS);
    int64_t reach = 0;
    elc_blur *blur = NULL;
    assert_int_equal(elc_blur_reach(sigma, &reach, NULL), ELC_OK);
    assert_int_equal(elc_blur_create(sigma, WIDTH, HEIGHT, BANDS, &blur, NULL), ELC_OK);
    size_t line = (size_t)(WIDTH + 2 * reach) * BANDS;
    uint8_t *wide = malloc(line * (size_t)(HEIGHT + 2 * reach));
    memset(wide, PAD, line * (size_t)(HEIGHT + 2 * reach));
    for (int64_t y = shown.y; y < shown.y + shown.height; y++)
        memcpy(wide + (size_t)(y + reach) * line + (size_t)(shown.x + reach) * BANDS,
               pixels + (y * WIDTH + shown.x) * BANDS, (size_t)shown.width * BANDS);
    shown.x += reach;
    shown.y += reach;
    elc_blur_chip(blur, wide, shown, out);
    elc_blur_free(blur);
    free(pixels);
    free(wide);
    return out;
}

static void test_detect_sees_chips_of_the_image_blurred_at_once(void **state) {
    (void)state;
    const elc_window whole = {0, 0, WIDTH, HEIGHT};
    const char *path = with_pixels("blurred", "picture.tif", WIDTH, HEIGHT, BANDS,
                                   blurred_at_once(0.6, whole));
    same_rows(detect(picture, (how){network, {"blur=0.6"}, 0, 0}),
              detect(path, (how){network, {0}, 0, 0}));
}

static void test_detect_blurs_what_is_in_the_crop_alone(void **state) {
    (void)state;
    const elc_window crop = {101, 37, 503, 411};
    const char *path = with_pixels("cropped", "picture.tif", WIDTH, HEIGHT, BANDS,
                                   blurred_at_once(0.6, crop));
    const char *option = "crop=101,37,503,411";
    same_rows(detect(picture, (how){network, {"blur=0.6", option}, 0, 0}),
              detect(path, (how){network, {option}, 0, 0}));
}

/* Of an image that chips fill, for padding is compared with the threshold, too. */
static void test_detect_sees_values_over_a_threshold_alone(void **state) {
    (void)state;
    enum { FULL_WIDTH = 320 + 216, FULL_HEIGHT = 320 };
    planted_run("gdal_translate -q -srcwin 0 0 %d %d picture.tif full.tif", FULL_WIDTH,
                FULL_HEIGHT);
    uint8_t *pixels =
        pixels_of(planted_path("full.tif"), FULL_WIDTH, FULL_HEIGHT, BANDS);
    for (size_t i = 0; i < FULL_WIDTH * FULL_HEIGHT * BANDS; i++)
        pixels[i] = pixels[i] >= 100 ? 255 : 0;
    const char *path =
        with_pixels("two", "full.tif", FULL_WIDTH, FULL_HEIGHT, BANDS, pixels);
    same_rows(detect(planted_path("full.tif"), (how){network, {"threshold=100"}, 0, 0}),
              detect(path, (how){network, {0}, 0, 0}));
}

/* The town mirrored as a scanner does it, and how its pixels go back. */
static void finds_mirrored(const char *folder, const char *option, bool x, bool y) {
    uint8_t *pixels = pixels_of(town, TOWN_WIDTH, TOWN_HEIGHT, 5);
    uint8_t *mirrored = malloc(TOWN_WIDTH * TOWN_HEIGHT * 5);
    for (int i = 0; i < TOWN_WIDTH * TOWN_HEIGHT; i++) {
        int col = i % TOWN_WIDTH, row = i / TOWN_WIDTH;
        col = x ? TOWN_WIDTH - 1 - col : col;
        row = y ? TOWN_HEIGHT - 1 - row : row;
        memcpy(mirrored + (row * TOWN_WIDTH + col) * 5, pixels + 5 * i, 5);
    }
    free(pixels);
    const char *path =
        with_pixels(folder, "town.tif", TOWN_WIDTH, TOWN_HEIGHT, 5, mirrored);
    elc_box_list wanted = boxes_of_truth(planted_path("town.geojson"));
    for (size_t i = 0; i < wanted.count; i++) {
        elc_box *b = &wanted.items[i], kept = *b;
        b->xmin = x ? TOWN_WIDTH - kept.xmax : kept.xmin;
        b->xmax = x ? TOWN_WIDTH - kept.xmin : kept.xmax;
        b->ymin = y ? TOWN_HEIGHT - kept.ymax : kept.ymin;
        b->ymax = y ? TOWN_HEIGHT - kept.ymin : kept.ymax;
    }
    same_boxes(boxes_in(path, (how){instrument, {option}, 0, 0}), wanted);
}

static void test_detect_finds_objects_of_mirrored_images_in_their_pixels(void **state) {
    (void)state;
    finds_mirrored("x", "flip=horizontal", true, false);
    finds_mirrored("y", "flip=vertical", false, true);
    finds_mirrored("xy", "flip=both", true, true);
}

/* ---- crop -------------------------------------------------------------------------
 */

/* What of the planted boxes is in a window; an object of which too little is there to
   have a painted pixel is left out on both sides. */
static elc_box_list clipped(elc_box_list boxes, elc_window w) {
    size_t kept = 0;
    for (size_t i = 0; i < boxes.count; i++) {
        elc_box b = boxes.items[i];
        b.xmin = fmax(b.xmin, (double)w.x);
        b.ymin = fmax(b.ymin, (double)w.y);
        b.xmax = fmin(b.xmax, (double)(w.x + w.width));
        b.ymax = fmin(b.ymax, (double)(w.y + w.height));
        if (b.xmax - b.xmin > 4 && b.ymax - b.ymin > 4)
            boxes.items[kept++] = b;
    }
    boxes.count = kept;
    return boxes;
}

static void test_detect_finds_what_of_each_object_is_in_the_crop(void **state) {
    (void)state;
    const elc_window crop = {110, 90, 611, 503};
    elc_box_list truth = boxes_of_truth(planted_path("town.geojson"));
    how h = {instrument, {"crop=110,90,611,503"}, 0, 0};
    same_boxes(clipped(boxes_in(town, h), crop), clipped(truth, crop));
}

static size_t number_after(const char *text, const char *key) {
    const char *at = strstr(text, key);
    assert_non_null(at);
    return strtoul(at + strlen(key), NULL, 10);
}

static void test_detect_does_not_run_chips_outside_of_the_crop(void **state) {
    (void)state;
    char *all = detect(town, (how){instrument, {0}, 0, 0});
    char *some = detect(town, (how){instrument, {"crop=10,10,200,150"}, 0, 0});
    assert_int_equal(number_after(some, "chips_run="), 1);
    assert_int_equal(number_after(some, "chips_skipped="),
                     number_after(all, "chips_run=") - 1);
    free(some);
    free(all);
}

/* Only view pixels that lie wholly in the crop: 219..1443 is 110..721 of half as many.
 */
static void test_detect_crops_a_resampled_image_in_its_own_pixels(void **state) {
    (void)state;
    planted_run("mkdir -p large && gdal_translate -q -r nearest -outsize 200%% 200%% "
                "-co TILED=YES town.tif large/town.tif");
    elc_box_list half =
        boxes_in(town, (how){instrument, {"crop=110,90,611,503"}, 0, 0});
    for (size_t i = 0; i < half.count; i++) {
        double *sides[] = {&half.items[i].xmin, &half.items[i].ymin,
                           &half.items[i].xmax, &half.items[i].ymax};
        for (int k = 0; k < 4; k++)
            *sides[k] *= 2;
    }
    how h = {instrument, {"gsd=0.125", "crop=219,179,1224,1007"}, 0, 0};
    same_boxes(boxes_in(planted_path("large/town.tif"), h), half);
}

/* The geometry of the images' row. */
static elc_area *footprint(const char *crop) {
    char *rows = detect(town, (how){instrument, {crop, "crs=image"}, 0, 0});
    char *at = strstr(strstr(rows, " image=town.tif geometry="), "geometry=") + 9;
    size_t n = strcspn(at, " ") / 2;
    for (size_t i = 0; i < n; i++) {
        unsigned byte = 0;
        sscanf(at + 2 * i, "%2x", &byte);
        rows[i] = (char)byte; /* what was read lies behind */
    }
    elc_area *area = NULL;
    assert_int_equal(elc_area_create(&area, NULL), ELC_OK);
    assert_int_equal(elc_area_add(area, rows, n, NULL), ELC_OK);
    free(rows);
    return area;
}

/* Pixels of the town to its CRS, by what tools/scene says of it. */
static void covers(elc_area *area, double x, double y, bool wanted) {
    elc_point p = {500000 + 0.125 * x, 5400000 - 0.125 * y};
    bool inside = !wanted;
    assert_int_equal(elc_area_covers_point(area, p, &inside, NULL), ELC_OK);
    assert_int_equal(inside, wanted);
}

static void is_footprint(const char *option, elc_window crop) {
    elc_area *area = footprint(option);
    for (int corner = 0; corner < 4; corner++) {
        bool right = corner & 1, low = corner & 2;
        double x = (double)(crop.x + (right ? crop.width : 0));
        double y = (double)(crop.y + (low ? crop.height : 0));
        double dx = right ? 0.25 : -0.25, dy = low ? 0.25 : -0.25;
        covers(area, x - dx, y - dy, true);
        covers(area, x + dx, y - dy, false);
        covers(area, x - dx, y + dy, false);
    }
    elc_area_free(area);
}

static void test_detect_gives_the_crop_as_what_was_analysed(void **state) {
    (void)state;
    is_footprint("crop=110,90,611,503", (elc_window){110, 90, 611, 503});
    is_footprint("crop=10,20,1080,975", (elc_window){10, 20, 1080, 975});
    is_footprint("crop=0,0,5000,5000", (elc_window){0, 0, TOWN_WIDTH, TOWN_HEIGHT});
}

static void test_detect_tells_of_an_image_that_the_crop_misses(void **state) {
    (void)state;
    how h = {instrument, {"crop=1100,0,50,50"}, 0, 0};
    refuses(town, h, "crop 1100,0,50,50 holds nothing of its 1100 x 1000 px; give one");
    h.more[1] = "on_error=record";
    char *rows = detect(town, h);
    assert_non_null(strstr(rows, "error=town.tif: crop 1100,0,50,50 holds nothing"));
    h.part_units = 2;
    char *parts = detect(town, h);
    assert_string_equal(parts, rows);
    free(parts);
    free(rows);
}

/* ---- all of them ------------------------------------------------------------------
 */

static void is_the_same_for_any_threads_batch_and_parts(how h) {
    const int threads[] = {1, 2, 8};
    const uint64_t parts[] = {0, 1, 4};
    char *plain = detect(picture, h);
    for (size_t i = 0; i < 3; i++) {
        how other = h;
        other.threads = threads[i];
        other.part_units = parts[i];
        size_t n = 0;
        while (other.more[n])
            n++;
        other.more[n] = "batch=3";
        char *again = detect(picture, other);
        assert_string_equal(again, plain);
        free(again);
    }
    planted_run("mkdir -p strips && gdal_translate -q -co COMPRESS=DEFLATE picture.tif "
                "strips/picture.tif");
    same_rows(detect(planted_path("strips/picture.tif"), h), plain);
}

static void test_detect_gives_the_same_rows_for_all_options_of_the_input(void **state) {
    (void)state;
    is_the_same_for_any_threads_batch_and_parts(
        (how){network, {"blur=0.5", "flip=both", "crop=101,37,503,411"}, 0, 0});
    is_the_same_for_any_threads_batch_and_parts(
        (how){network,
              {"blur=0.5", "flip=vertical", "crop=101,37,503,411", "gsd=0.1",
               "stretch=20-200"},
              0,
              0});
    is_the_same_for_any_threads_batch_and_parts(
        (how){network, {"blur=0.3", "threshold=90", "gsd=0.2"}, 0, 0});
}

static void test_detect_refuses_what_is_no_option_of_the_input(void **state) {
    (void)state;
    static const char *const crops[] = {
        "crop=1,2,3",     "crop=0,0,0,5",
        "crop=-1,0,5,5",  "crop=0,0,2147483648,5",
        "crop=0,0,1.5,5", "crop=a,b,c,d",
        "crop=1,,2,3,4",  "crop=1,2,3,4,5",
        "crop=nan,0,1,1", "crop=0,0,9999999999999999999999,1"};
    for (size_t i = 0; i < sizeof crops / sizeof *crops; i++)
        refuses(town, (how){instrument, {crops[i]}, 0, 0}, "give X,Y,WIDTH,HEIGHT");
    refuses(town, (how){instrument, {"blur=nan"}, 0, 0}, "not a number");
    refuses(town, (how){instrument, {"blur=-1"}, 0, 0}, "give 0.1 px or more");
    refuses(town, (how){instrument, {"blur=1e9"}, 0, 0}, "give 100 px or less");
    refuses(town, (how){instrument, {"threshold=0"}, 0, 0}, "give 1 or more");
    refuses(town, (how){instrument, {"threshold=256"}, 0, 0}, "give 255 or less");
    refuses(town, (how){instrument, {"flip=up"}, 0, 0}, "none, horizontal, vertical");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_detect_sees_chips_of_the_image_blurred_at_once),
        cmocka_unit_test(test_detect_blurs_what_is_in_the_crop_alone),
        cmocka_unit_test(test_detect_sees_values_over_a_threshold_alone),
        cmocka_unit_test(test_detect_finds_objects_of_mirrored_images_in_their_pixels),
        cmocka_unit_test(test_detect_finds_what_of_each_object_is_in_the_crop),
        cmocka_unit_test(test_detect_does_not_run_chips_outside_of_the_crop),
        cmocka_unit_test(test_detect_crops_a_resampled_image_in_its_own_pixels),
        cmocka_unit_test(test_detect_gives_the_crop_as_what_was_analysed),
        cmocka_unit_test(test_detect_tells_of_an_image_that_the_crop_misses),
        cmocka_unit_test(test_detect_gives_the_same_rows_for_all_options_of_the_input),
        cmocka_unit_test(test_detect_refuses_what_is_no_option_of_the_input),
    };
    return cmocka_run_group_tests(tests, render, NULL);
}
