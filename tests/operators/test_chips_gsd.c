/* test_chips_gsd.c - chips of a ground size that is not the image's: windows of the
   image resampled at once, with their places. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chipping.h"
#include "support/detecting.h"
#include "support/planted.h"

#include <elcano/image.h>
#include <elcano/model.h>

#include <gdal_alg.h>

static const double NORTH[6] = {500000, 0.5, 0, 5300000, 0, -0.5};
static const double ROTATED[6] = {500000.3, 0.4, 0.3, 5200000.7, 0.3, -0.4};

static const raster PLAIN = {.name = "plain.tif",
                             .width = 200,
                             .height = 130,
                             .bands = 3,
                             .affine = NORTH,
                             .crs = "EPSG:32632"};
static const raster DEEP = {.name = "deep.tif",
                            .width = 211,
                            .height = 143,
                            .bands = 2,
                            .type = GDT_UInt16,
                            .affine = NORTH,
                            .crs = "EPSG:32632",
                            .has_nodata = true,
                            .options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"}};

static void assert_near(double got, double wanted, double tolerance) {
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.17g is not %.17g", got, wanted);
}

/* Chips as TIFFs in the folder "files". */
static char *cut(const char *image, const char *gsd, const char *more) {
    char out[600], g[32], path[512];
    snprintf(path, sizeof path, "%s", image);
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    snprintf(g, sizeof g, "gsd=%s", gsd);
    const char *const options[] = {"chip=48",        "overlap=13", g,
                                   "pixels=tif",     out,          "stride=8",
                                   "nodata_share=1", more,         NULL};
    return chips_of(path, options);
}

static GDALDatasetH open_chip(const char *rows, size_t n) {
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", planted_path("files"),
             chip_value(rows, n, "path"));
    return raster_open(path);
}

/* ---- the oracle: the whole image seen at once
 * ------------------------------------------- */

typedef struct whole {
    int64_t width, height;
    int n;
    double step_x, step_y;
    uint8_t *low, *high; /* nodata is 0 in the one, 255 in the other */
} whole;

static void find_steps(elc_image *image, double gsd, whole *w) {
    elc_place place = {0};
    elc_locator *locator = NULL;
    elc_resolution wanted = {.gsd_m = gsd, .always = true};
    assert_int_equal(elc_place_find(image, NULL, NULL, &place, NULL), ELC_OK);
    assert_int_equal(elc_place_locator(&place, &locator, NULL), ELC_OK);
    assert_int_equal(elc_resolution_steps(&wanted, image, locator, &w->step_x,
                                          &w->step_y, NULL, NULL),
                     ELC_OK);
    elc_locator_free(locator);
    elc_place_clear(&place);
}

static uint8_t *see(elc_view *view, int n, uint8_t pad) {
    elc_window all = {0, 0, elc_view_width(view), elc_view_height(view)};
    uint8_t *out = malloc((size_t)(all.width * all.height * n));
    assert_int_equal(elc_view_read(view, all, pad, out, NULL, NULL), ELC_OK);
    return out;
}

static whole see_whole(const char *path, double gsd, int n,
                       const elc_stretch *stretch) {
    static const int BANDS[] = {1, 2, 3, 4};
    elc_image *image = NULL;
    elc_view *view = NULL;
    whole w = {.n = n};
    assert_int_equal(elc_image_open(path, &image, NULL), ELC_OK);
    find_steps(image, gsd, &w);
    elc_view_options o = {BANDS, n, *stretch, w.step_x, w.step_y};
    assert_int_equal(elc_view_create(image, &o, &view, NULL), ELC_OK);
    w.width = elc_view_width(view);
    w.height = elc_view_height(view);
    w.low = see(view, n, 0);
    w.high = see(view, n, 255);
    elc_view_free(view);
    elc_image_free(image);
    return w;
}

static void whole_free(whole *w) {
    free(w->low);
    free(w->high);
}

static bool is_blank(const whole *w, int64_t x, int64_t y) {
    if (x >= w->width || y >= w->height)
        return true;
    size_t at = (size_t)((y * w->width + x) * w->n);
    return memcmp(w->low + at, w->high + at, (size_t)w->n) != 0;
}

static void read_mask(GDALDatasetH chip, int side, uint8_t *out) {
    GDALRasterBandH mask = GDALGetMaskBand(GDALGetRasterBand(chip, 1));
    assert_int_equal(
        GDALRasterIO(mask, GF_Read, 0, 0, side, side, out, side, side, GDT_Byte, 0, 0),
        CE_None);
}

/* The seen window of a chip is in the name of its file. */
static void seen_at(const char *rows, size_t n, int64_t *x, int64_t *y) {
    long long a = 0, b = 0;
    const char *name = chip_value(rows, n, "path");
    assert_int_equal(sscanf(strchr(name, '_'), "_%lld_%lld", &a, &b), 2);
    *x = a;
    *y = b;
}

/* Neighbours agree where they overlap, since each equals the whole. */
static void check_chip(const char *rows, size_t i, const whole *w, bool masked) {
    enum { SIDE = 48 };
    GDALDatasetH chip = open_chip(rows, i);
    int64_t x0, y0;
    size_t size = 0, blank = 0;
    uint8_t *got = raster_pixels(chip, &size), mask[SIDE * SIDE];
    seen_at(rows, i, &x0, &y0);
    read_mask(chip, SIDE, mask);
    assert_int_equal(size, SIDE * SIDE * w->n);
    for (int64_t k = 0; k < SIDE * SIDE; k++) {
        int64_t x = x0 + k % SIDE, y = y0 + k / SIDE;
        bool inside = x < w->width && y < w->height, empty = is_blank(w, x, y);
        blank += empty;
        for (int c = 0; c < w->n; c++)
            assert_int_equal(got[k * w->n + c],
                             inside ? w->low[(y * w->width + x) * w->n + c] : 0);
        if (masked)
            assert_int_equal(mask[k], empty ? 0 : 255);
    }
    assert_near(chip_number(rows, i, "nodata_share"), (double)blank / (SIDE * SIDE),
                1e-12);
    free(got);
    GDALClose(chip);
}

static void check_chips(const char *path, const char *gsd, int n, const char *more,
                        const elc_stretch *stretch) {
    whole w = see_whole(path, strtod(gsd, NULL), n, stretch);
    char *rows = cut(path, gsd, more);
    elc_grid grid;
    assert_int_equal(
        elc_grid_create(w.width, w.height, 48, 48, 13, 13, 8, false, &grid, NULL),
        ELC_OK);
    assert_int_equal(chip_count(rows), elc_grid_count(&grid));
    for (size_t i = 0; i < chip_count(rows); i++)
        check_chip(rows, i, &w, stretch->kind != ELC_STRETCH_NONE);
    free(rows);
    whole_free(&w);
}

/* ---- pixels ------------------------------------------------------------------------
 */

static const char *const SIZES[] = {"1.2", "0.35", "1", "2.1"};

static void test_resampled_chips_are_windows_of_the_image_resampled_at_once(void **s) {
    (void)s;
    char path[512];
    elc_stretch none = {.kind = ELC_STRETCH_NONE};
    snprintf(path, sizeof path, "%s", raster_make(&PLAIN));
    for (size_t i = 0; i < 4; i++)
        check_chips(path, SIZES[i], 3, NULL, &none);
}

/* A stream, of which rows are kept. */
static void test_resampled_chips_of_a_png_are_such_windows_too(void **state) {
    (void)state;
    char path[512];
    elc_stretch none = {.kind = ELC_STRETCH_NONE};
    raster_make(&PLAIN);
    planted_run("gdal_translate -q -of PNG plain.tif stream.png");
    snprintf(path, sizeof path, "%s", planted_path("stream.png"));
    for (size_t i = 0; i < 4; i++)
        check_chips(path, SIZES[i], 3, NULL, &none);
}

static void test_resampled_chips_of_16_bits_are_stretched_and_masked(void **state) {
    (void)state;
    char path[512];
    elc_stretch values = {
        .kind = ELC_STRETCH_VALUES, .n = 1, .low = {20}, .high = {100}};
    snprintf(path, sizeof path, "%s", raster_make(&DEEP));
    raster_fill(path, 30, 20, 41, 33, 0);
    for (size_t i = 0; i < 4; i++)
        check_chips(path, SIZES[i], 2, "stretch=20-100", &values);
}

static void test_chips_of_the_images_own_ground_size_are_as_without_it(void **state) {
    (void)state;
    char path[512], out[600];
    snprintf(path, sizeof path, "%s", raster_make(&PLAIN));
    char *own = cut(path, "0.5", NULL);
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("plain"));
    const char *const options[] = {"chip=48",  "overlap=13",     "pixels=tif", out,
                                   "stride=8", "nodata_share=1", NULL};
    char *rows = chips_of(path, options);
    assert_string_equal(own, rows);
    planted_run("diff -r files plain");
    free(rows);
    free(own);
}

/* ---- windows ------------------------------------------------------------------------
 */

static void test_resampled_chips_say_their_window_in_the_images_pixels(void **state) {
    (void)state;
    char path[512];
    elc_stretch none = {.kind = ELC_STRETCH_NONE};
    snprintf(path, sizeof path, "%s", raster_make(&PLAIN));
    whole w = see_whole(path, 1.2, 3, &none);
    char *rows = cut(path, "1.2", NULL);
    for (size_t i = 0; i < chip_count(rows); i++) {
        char id[17];
        int64_t sx, sy;
        seen_at(rows, i, &sx, &sy);
        long long x = llround((double)sx * w.step_x),
                  y = llround((double)sy * w.step_y);
        long long right = llround((double)(sx + 48) * w.step_x);
        long long bottom = llround((double)(sy + 48) * w.step_y);
        assert_int_equal((long long)chip_number(rows, i, "x_px"), x);
        assert_int_equal((long long)chip_number(rows, i, "height_px"), bottom - y);
        elc_id(id, "chip plain.tif %lld %lld %lld %lld", x, y, right - x, bottom - y);
        assert_string_equal(chip_value(rows, i, "id"), id);
    }
    free(rows);
    whole_free(&w);
}

static bool has_id(const char *rows, size_t n, const char *id) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(chip_value(rows, i, "id"), id) == 0)
            return true;
    return false;
}

/* The town with each pixel as four, seen at the town's own size. */
static char *detect_town(const char *path, const char *model, const char *gsd) {
    const char *paths[] = {path, NULL};
    const char *options[] = {model, "chip=320", "overlap=104", gsd, NULL};
    detecting d = {paths, options, NULL, 0};
    elc_string text = {0};
    elc_error err = {0};
    if (detecting_rows(&d, &text, NULL, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data;
}

static int64_t stride_of(const char *path) {
    elc_model *model = NULL;
    elc_model_options options = {.device = "cpu"};
    assert_int_equal(elc_model_open(path, &options, &model, NULL), ELC_OK);
    int64_t stride = elc_model_info_at(model)->stride;
    elc_model_free(model);
    return stride;
}

static void test_resampled_chips_are_those_that_detect_runs(void **state) {
    (void)state;
    char path[512], model[600], gsd[64], stride[64];
    planted_scene("town", "--size 900x700 --objects 60 --seed 5 --code-only");
    const char *network = planted_instrument("instrument.onnx", "");
    snprintf(model, sizeof model, "model=%s", network);
    snprintf(stride, sizeof stride, "stride=%lld", (long long)stride_of(network));
    planted_run("gdal_translate -q -r nearest -outsize 200%% 200%% -co TILED=YES "
                "town.tif large.tif");
    snprintf(path, sizeof path, "%s", planted_path("town.tif"));
    const char *const own[] = {"chip=64", NULL};
    char *town = chips_of(path, own);
    snprintf(gsd, sizeof gsd, "gsd=%.6f", chip_number(town, 0, "gsd_m"));
    snprintf(path, sizeof path, "%s", planted_path("large.tif"));
    const char *const options[] = {"chip=320", "overlap=104", gsd, stride, NULL};
    char *rows = chips_of(path, options), *objects = detect_town(path, model, gsd);
    size_t n = chip_count(rows), found = chip_count(objects) - 1;
    assert_int_equal((int)chip_number(objects, found, "chips_run"), (int)n);
    assert_true(found >= 50);
    for (size_t i = 0; i < found; i++)
        assert_true(has_id(rows, n, chip_value(objects, i, "chip")));
    free(objects);
    free(rows);
    free(town);
}

/* ---- places ------------------------------------------------------------------------
 */

static void check_corners(const char *rows, size_t n, const double *t, double x,
                          double y, const double size[2]) {
    static const char *const NAMES[] = {"ul", "ur", "lr", "ll"};
    for (int i = 0; i < 4; i++) {
        char column[8];
        double px = x + (i == 1 || i == 2 ? size[0] : 0),
               py = y + (i >= 2 ? size[1] : 0);
        double map[2];
        GDALApplyGeoTransform((double *)(uintptr_t)t, px, py, &map[0], &map[1]);
        snprintf(column, sizeof column, "%s_x", NAMES[i]);
        assert_near(chip_number(rows, n, column), map[0], 1e-8 * fabs(map[0]));
        snprintf(column, sizeof column, "%s_y", NAMES[i]);
        assert_near(chip_number(rows, n, column), map[1], 1e-9 * fabs(map[1]));
    }
}

static void check_places(const raster *r, const char *gsd) {
    char path[512];
    elc_stretch none = {.kind = ELC_STRETCH_NONE};
    snprintf(path, sizeof path, "%s", raster_make(r));
    whole w = see_whole(path, strtod(gsd, NULL), r->bands, &none);
    char *rows = cut(path, gsd, NULL);
    for (size_t i = 0; i < chip_count(rows); i++) {
        double t[6];
        int64_t x, y;
        GDALDatasetH chip = open_chip(rows, i);
        seen_at(rows, i, &x, &y);
        assert_int_equal(GDALGetGeoTransform(chip, t), CE_None);
        check_corners(rows, i, r->affine, (double)x * w.step_x, (double)y * w.step_y,
                      (double[]){48 * w.step_x, 48 * w.step_y});
        check_corners(rows, i, t, 0, 0, (double[]){48, 48});
        assert_near(chip_number(rows, i, "gsd_m"), strtod(gsd, NULL), 2e-3);
        GDALClose(chip);
    }
    free(rows);
    whole_free(&w);
}

static void test_resampled_chips_lie_where_gdals_arithmetic_puts_them(void **state) {
    (void)state;
    raster rotated = PLAIN;
    rotated.name = "rotated.tif";
    rotated.affine = ROTATED;
    check_places(&PLAIN, "1.2");
    check_places(&PLAIN, "0.35");
    check_places(&rotated, "1.3");
}

static void test_resampled_chips_keep_control_points(void **state) {
    (void)state;
    raster_make(&PLAIN);
    planted_run("gdal_translate -q -a_srs EPSG:32632 -gcp 0 0 500000 5300000 "
                "-gcp 200 0 500100 5300000 -gcp 0 130 500000 5299935 "
                "-gcp 200 130 500100 5299935 plain.tif points.tif");
    char *rows = cut(planted_path("points.tif"), "1", NULL);
    for (size_t i = 0; i < chip_count(rows); i++) {
        GDALDatasetH chip = open_chip(rows, i);
        double t[6];
        assert_int_equal(GDALGetGCPCount(chip), 4);
        assert_true(GDALGCPsToGeoTransform(4, GDALGetGCPs(chip), t, TRUE));
        check_corners(rows, i, t, 0, 0, (double[]){48, 48});
        GDALClose(chip);
    }
    free(rows);
}

/* A plane: 1e-5 degrees a pixel, the middle of pixel (100, 65) at 11, 48. */
static void set_rpc(const char *path) {
    static const char *const RPC[] = {
        "LINE_OFF=65",
        "SAMP_OFF=100",
        "LAT_OFF=48",
        "LONG_OFF=11",
        "HEIGHT_OFF=0",
        "LINE_SCALE=65",
        "SAMP_SCALE=100",
        "LAT_SCALE=0.00065",
        "LONG_SCALE=0.001",
        "HEIGHT_SCALE=500",
        "LINE_NUM_COEFF=0 0 -1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "LINE_DEN_COEFF=1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "SAMP_NUM_COEFF=0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "SAMP_DEN_COEFF=1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        NULL};
    GDALDatasetH dataset = GDALOpen(path, GA_Update);
    assert_int_equal(GDALSetMetadata(dataset, (char **)(uintptr_t)RPC, "RPC"), CE_None);
    GDALClose(dataset);
}

static void by_rpc(GDALDatasetH dataset, double x, double y, double out[2]) {
    GDALRPCInfoV2 info;
    double z = 0;
    int good = 0;
    assert_true(GDALExtractRPCInfoV2(GDALGetMetadata(dataset, "RPC"), &info));
    void *way = GDALCreateRPCTransformerV2(&info, FALSE, 1e-6, NULL);
    assert_true(GDALRPCTransform(way, FALSE, 1, &x, &y, &z, &good) && good);
    GDALDestroyRPCTransformer(way);
    out[0] = x;
    out[1] = y;
}

static void test_resampled_chips_keep_rpcs(void **state) {
    (void)state;
    char path[512];
    raster r = {.name = "rpc.tif", .width = 200, .height = 130, .bands = 1};
    snprintf(path, sizeof path, "%s", raster_make(&r));
    set_rpc(path);
    char *rows = cut(path, "1.7", NULL);
    assert_true(chip_count(rows) >= 2);
    for (size_t i = 0; i < chip_count(rows); i++) {
        double at[2];
        GDALDatasetH chip = open_chip(rows, i);
        by_rpc(chip, 0, 0, at);
        assert_near(chip_number(rows, i, "ul_lon"), at[0], 1e-10);
        assert_near(chip_number(rows, i, "ul_lat"), at[1], 1e-10);
        by_rpc(chip, 48, 48, at);
        assert_near(chip_number(rows, i, "lr_lon"), at[0], 1e-10);
        assert_near(chip_number(rows, i, "lr_lat"), at[1], 1e-10);
        GDALClose(chip);
    }
    free(rows);
}

static void write_text(const char *name, const char *text) {
    FILE *file = fopen(planted_path(name), "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* A triangle of a decimetre at this share of a chip's diagonal. */
static void write_area(const char *rows, size_t n, double share) {
    char text[300];
    double x0 = chip_number(rows, n, "ul_lon"), x1 = chip_number(rows, n, "lr_lon");
    double y0 = chip_number(rows, n, "ul_lat"), y1 = chip_number(rows, n, "lr_lat");
    double x = x0 + share * (x1 - x0), y = y0 + share * (y1 - y0);
    snprintf(text, sizeof text,
             "{\"type\": \"Polygon\", \"coordinates\": [[[%.9f, %.9f], [%.9f, %.9f], "
             "[%.9f, %.9f], [%.9f, %.9f]]]}",
             x, y, x + 1e-6, y, x, y + 1e-6, x, y);
    write_text("area.geojson", text);
}

/* The first and the last chip show ground that no other does. */
static void test_resampled_chips_are_chosen_by_area_on_the_ground(void **state) {
    (void)state;
    char path[512], area[600];
    snprintf(path, sizeof path, "%s", raster_make(&PLAIN));
    snprintf(area, sizeof area, "area=%s", planted_path("area.geojson"));
    const char *const all[] = {"chip=48", "gsd=1", NULL};
    const char *const inside[] = {"chip=48", "gsd=1", area, NULL};
    char *rows = chips_of(path, all);
    size_t n = chip_count(rows);
    for (size_t i = 0; i < n; i += n - 1) {
        write_area(rows, i, i == 0 ? 0.2 : 0.96);
        char *one = chips_of(path, inside);
        assert_int_equal(chip_count(one), 1);
        assert_string_equal(chip_value(one, 0, "id"), chip_value(rows, i, "id"));
        free(one);
    }
    free(rows);
}

/* ---- labels ------------------------------------------------------------------------
 */

static char *labelled(const char *gsd, const char *layout) {
    char path[512], out[600], labels[600];
    snprintf(path, sizeof path, "%s", raster_make(&PLAIN));
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    write_text("boxes.csv", "image,xmin,ymin,xmax,ymax,class\n"
                            "plain.tif,20,20,60,50,ship\n");
    snprintf(labels, sizeof labels, "labels=%s", planted_path("boxes.csv"));
    const char *const options[] = {"chip=64", "pixels=tif", labels, out,
                                   layout,    gsd,          NULL};
    return chips_of(path, options);
}

/* What a label's row says of its place, the last of its columns. */
static void assert_same_ground(const char *rows, const char *others) {
    const char *a = strstr(strstr(rows, "class=ship"), "geometry=");
    const char *b = strstr(strstr(others, "class=ship"), "geometry=");
    assert_int_equal(strcspn(a, "\n"), strcspn(b, "\n"));
    assert_memory_equal(a, b, strcspn(a, "\n"));
}

/* One of 200 x 130 px is four chips of 64 px where a pixel is two of its own. */
static void test_labels_are_in_the_pixels_of_resampled_chips(void **state) {
    (void)state;
    enum { CHIPS = 4 };
    char *own = labelled("gsd=0.5", "layout=yolo");
    char *rows = labelled("gsd=1", "layout=yolo");
    assert_int_equal((int)chip_number(rows, 0, "n_labels"), 1);
    assert_string_equal(chip_value(rows, CHIPS, "chip"), chip_value(rows, 0, "id"));
    assert_near(chip_number(rows, CHIPS, "xmin_px"), 10, 0);
    assert_near(chip_number(rows, CHIPS, "ymin_px"), 10, 0);
    assert_near(chip_number(rows, CHIPS, "xmax_px"), 30, 0);
    assert_near(chip_number(rows, CHIPS, "ymax_px"), 25, 0);
    assert_same_ground(rows, own);
    planted_run("grep -q '^0 0.31250000 0.27343750 0.31250000 0.23437500$' "
                "files/labels/plain_0_0.txt");
    free(own);
    free(rows);
}

/* ---- the same for all
 * ----------------------------------------------------------------
 */

static char *run_with(const char *folder, int threads, uint64_t part_units) {
    char out[600];
    const char *const paths[] = {folder, NULL};
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    const char *const options[] = {
        "chip=32", "overlap=8",   "pixels=png",      out, "gsd=1.2", "stretch=p2-98",
        "bands=1", "image_gsd=1", "on_error=record", NULL};
    elc_context context = {.threads = threads};
    chipping c = {paths, options, &context, part_units};
    elc_string text = {0};
    elc_error err = {0};
    size_t rows = 0;
    if (chipping_rows(&c, &text, &rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data;
}

static void test_resampled_chips_are_the_same_for_any_threads_and_parts(void **state) {
    (void)state;
    char folder[512];
    raster_make(&PLAIN);
    raster_make(&DEEP);
    planted_run("rm -rf many && mkdir many && cp plain.tif deep.tif many && "
                "gdal_translate -q -of PNG -co WORLDFILE=NO plain.tif many/a.png && "
                "rm -f many/a.png.aux.xml && head -c 30000 plain.tif > many/half.tif");
    snprintf(folder, sizeof folder, "%s", planted_path("many"));
    char *first = run_with(folder, 1, 0);
    assert_non_null(strstr(first, "error="));
    planted_run("rm -rf once && cp -r files once");
    for (int threads = 1; threads <= 3; threads += 2)
        for (uint64_t units = 0; units <= 8; units += 4) {
            char *again = run_with(folder, threads, units);
            assert_string_equal(again, first);
            planted_run("diff -r once files");
            free(again);
        }
    free(first);
}

/* ---- refusals ----------------------------------------------------------------------
 */

static void test_resampled_chips_of_other_types_than_byte_need_a_stretch(void **s) {
    (void)s;
    char path[512];
    snprintf(path, sizeof path, "%s", raster_make(&DEEP));
    const char *const pixels[] = {"chip=48", "gsd=1", "pixels=column", NULL};
    const char *const rows_only[] = {"chip=48", "gsd=1", NULL};
    const char *const recorded[] = {"chip=48", "gsd=1", "pixels=column",
                                    "on_error=record", NULL};
    assert_chips_fail(path, pixels, ELC_E_ARGUMENT, "UInt16 pixels");
    assert_chips_fail(path, pixels, ELC_E_ARGUMENT, "--stretch p2-98");
    char *rows = chips_of(path, rows_only), *row = chips_of(path, recorded);
    assert_int_equal(chip_count(rows), 3 * 2);
    assert_int_equal(chip_count(row), 1);
    assert_non_null(strstr(row, "say how values become bytes"));
    free(row);
    free(rows);
}

static void test_resampled_chips_of_a_colour_table_are_refused(void **state) {
    (void)state;
    char path[512];
    raster r = PLAIN;
    r.name = "palette.tif";
    r.bands = 1;
    r.palette = true;
    snprintf(path, sizeof path, "%s", raster_make(&r));
    const char *const options[] = {"gsd=1", "pixels=column", NULL};
    assert_chips_fail(path, options, ELC_E_UNSUPPORTED, "colour table");
}

static void test_an_image_of_unknown_ground_size_is_not_resampled(void **state) {
    (void)state;
    char path[512];
    raster r = {.name = "nowhere.tif", .width = 200, .height = 130, .bands = 1};
    snprintf(path, sizeof path, "%s", raster_make(&r));
    const char *const unknown[] = {"chip=48", "gsd=1", NULL};
    const char *const known[] = {"chip=48", "gsd=1", "image_gsd=0.5", NULL};
    const char *const skipped[] = {"chip=48", "gsd=1", "on_error=skip", NULL};
    const char *const alone[] = {"chip=48", "image_gsd=0.5", NULL};
    const char *const tiny[] = {"chip=48", "gsd=0.01", "image_gsd=0.5", NULL};
    assert_chips_fail(path, unknown, ELC_E_ARGUMENT, "give --image-gsd");
    assert_chips_fail(path, alone, ELC_E_ARGUMENT, "--gsd METRES");
    assert_chips_fail(path, tiny, ELC_E_ARGUMENT, "at most 32 times finer");
    char *rows = chips_of(path, known), *none = chips_of(path, skipped);
    assert_int_equal(chip_count(rows), 3 * 2);
    assert_int_equal((int)chip_number(rows, 1, "x_px"), 96);
    assert_int_equal((int)chip_number(rows, 1, "width_px"), 96);
    assert_int_equal(chip_count(none), 0);
    free(none);
    free(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            test_resampled_chips_are_windows_of_the_image_resampled_at_once),
        cmocka_unit_test(test_resampled_chips_of_a_png_are_such_windows_too),
        cmocka_unit_test(test_resampled_chips_of_16_bits_are_stretched_and_masked),
        cmocka_unit_test(test_chips_of_the_images_own_ground_size_are_as_without_it),
        cmocka_unit_test(test_resampled_chips_say_their_window_in_the_images_pixels),
        cmocka_unit_test(test_resampled_chips_are_those_that_detect_runs),
        cmocka_unit_test(test_resampled_chips_lie_where_gdals_arithmetic_puts_them),
        cmocka_unit_test(test_resampled_chips_keep_control_points),
        cmocka_unit_test(test_resampled_chips_keep_rpcs),
        cmocka_unit_test(test_resampled_chips_are_chosen_by_area_on_the_ground),
        cmocka_unit_test(test_labels_are_in_the_pixels_of_resampled_chips),
        cmocka_unit_test(test_resampled_chips_are_the_same_for_any_threads_and_parts),
        cmocka_unit_test(test_resampled_chips_of_other_types_than_byte_need_a_stretch),
        cmocka_unit_test(test_resampled_chips_of_a_colour_table_are_refused),
        cmocka_unit_test(test_an_image_of_unknown_ground_size_is_not_resampled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
