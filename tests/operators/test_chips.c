/* test_chips.c - chips' rows: windows, corners, what is skipped, what fails. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "chipping.h"
#include "support/planted.h"

#include <elcano/image.h>

#include <ogr_srs_api.h>

static const double NORTH[6] = {500000, 0.5, 0, 5300000, 0, -0.5};
static const double SOUTH[6] = {312000, 0.5, 0, 7150000, 0, -0.5};
static const double ROTATED[6] = {500000.3, 0.4, 0.3, 5200000.7, 0.3, -0.4};
static const double DEGREES[6] = {11.123456789, 1e-5 / 3, 0,
                                  -33.87654321, 0,        -1e-5 / 3};

static char plain[512];

static int make_plain(void **state) {
    (void)state;
    const raster r = {.name = "plain.tif",
                      .width = 200,
                      .height = 130,
                      .bands = 3,
                      .affine = NORTH,
                      .crs = "EPSG:32632",
                      .options = {"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"}};
    snprintf(plain, sizeof plain, "%s", raster_make(&r));
    return 0;
}

/* ---- windows ----------------------------------------------------------------------
 */

static void test_chips_lose_no_remainder(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "overlap=16", NULL};
    char *rows = chips_of(plain, options);
    assert_int_equal(chip_count(rows), 4 * 3);
    assert_int_equal((int)chip_number(rows, 3, "x_px"), 200 - 64);
    assert_int_equal((int)chip_number(rows, 11, "y_px"), 130 - 64);
    assert_int_equal((int)chip_number(rows, 5, "chip_index"), 5);
    assert_int_equal((int)chip_number(rows, 5, "chip_col"), 1);
    assert_int_equal((int)chip_number(rows, 5, "chip_row"), 1);
    free(rows);
}

static void test_chips_of_a_stride_are_those_of_a_network(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "overlap=0.25", "stride=32", NULL};
    elc_grid grid;
    char *rows = chips_of(plain, options);
    assert_int_equal(elc_grid_create(200, 130, 64, 64, 16, 16, 32, false, &grid, NULL),
                     ELC_OK);
    assert_int_equal(chip_count(rows), elc_grid_count(&grid));
    for (size_t i = 0; i < chip_count(rows); i++) {
        elc_window w = elc_grid_window(&grid, (int64_t)i);
        char id[17];
        elc_id(id, "chip plain.tif %lld %lld 64 64", (long long)w.x, (long long)w.y);
        assert_string_equal(chip_value(rows, i, "id"), id);
    }
    free(rows);
}

static void test_chips_have_ids_of_their_own(void **state) {
    (void)state;
    const char *const options[] = {"chip=16", "overlap=8", NULL};
    char *rows = chips_of(plain, options);
    size_t n = chip_count(rows);
    for (size_t i = 0; i < n; i += 7)
        for (size_t k = i + 1; k < n; k += 11)
            assert_string_not_equal(chip_value(rows, i, "id"),
                                    chip_value(rows, k, "id"));
    free(rows);
}

/* ---- corners -----------------------------------------------------------------------
 */

/* GDAL's own way from a pixel to longitude and latitude. */
static void by_gdal(const raster *r, double x, double y, double map[2],
                    double lonlat[2]) {
    GDALApplyGeoTransform((double *)(uintptr_t)r->affine, x, y, &map[0], &map[1]);
    OGRSpatialReferenceH from = OSRNewSpatialReference(NULL);
    OGRSpatialReferenceH to = OSRNewSpatialReference(NULL);
    OSRSetFromUserInput(from, r->crs);
    OSRSetFromUserInput(to, "OGC:CRS84");
    OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
    OGRCoordinateTransformationH t = OCTNewCoordinateTransformation(from, to);
    lonlat[0] = map[0], lonlat[1] = map[1];
    assert_true(OCTTransform(t, 1, &lonlat[0], &lonlat[1], NULL));
    OCTDestroyCoordinateTransformation(t);
    OSRDestroySpatialReference(from);
    OSRDestroySpatialReference(to);
}

static void assert_near(double got, double wanted, double tolerance) {
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.17g is not %.17g", got, wanted);
}

/* 1e-9 degrees are 0.1 mm. */
static void check_corner(const raster *r, const char *rows, size_t n, const char *name,
                         double dx, double dy) {
    char column[32];
    double map[2], lonlat[2];
    double x = chip_number(rows, n, "x_px") + dx * chip_number(rows, n, "width_px");
    double y = chip_number(rows, n, "y_px") + dy * chip_number(rows, n, "height_px");
    by_gdal(r, x, y, map, lonlat);
    snprintf(column, sizeof column, "%s_x", name);
    assert_near(chip_number(rows, n, column), map[0], 1e-9 * fabs(map[0]));
    snprintf(column, sizeof column, "%s_y", name);
    assert_near(chip_number(rows, n, column), map[1], 1e-9 * fabs(map[1]));
    snprintf(column, sizeof column, "%s_lon", name);
    assert_near(chip_number(rows, n, column), lonlat[0], 1e-9);
    snprintf(column, sizeof column, "%s_lat", name);
    assert_near(chip_number(rows, n, column), lonlat[1], 1e-9);
}

static void check_corners(const raster *r) {
    const char *const options[] = {"chip=64", "overlap=16", NULL};
    char path[512];
    snprintf(path, sizeof path, "%s", raster_make(r));
    char *rows = chips_of(path, options);
    assert_int_equal(chip_count(rows), 12);
    for (size_t i = 0; i < 12; i++) {
        check_corner(r, rows, i, "ul", 0, 0);
        check_corner(r, rows, i, "ur", 1, 0);
        check_corner(r, rows, i, "lr", 1, 1);
        check_corner(r, rows, i, "ll", 0, 1);
        assert_string_equal(chip_value(rows, i, "crs"), r->crs);
    }
    free(rows);
}

static void test_chips_have_the_corners_that_gdal_gives_them(void **state) {
    (void)state;
    raster r = {.name = "corners.tif", .width = 200, .height = 130, .bands = 1};
    const struct {
        const double *affine;
        const char *crs;
    } places[] = {{NORTH, "EPSG:32632"},
                  {SOUTH, "EPSG:32733"},
                  {ROTATED, "EPSG:32632"},
                  {DEGREES, "EPSG:4326"},
                  {NORTH, "EPSG:3857"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        r.affine = places[i].affine;
        r.crs = places[i].crs;
        check_corners(&r);
    }
}

static void test_chips_know_the_size_of_their_pixels(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", NULL};
    char *rows = chips_of(plain, options);
    assert_near(chip_number(rows, 0, "gsd_m"), 0.5, 0.0005);
    free(rows);
}

static void test_chips_of_an_image_without_place_have_pixels_only(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", NULL};
    char path[512];
    snprintf(path, sizeof path, "%s",
             raster_make(&(raster){
                 .name = "nowhere.tif", .width = 100, .height = 90, .bands = 1}));
    char *rows = chips_of(path, options);
    const char *const columns[] = {"ul_lon", "ul_x", "crs",      "gsd_m",
                                   "lr_lat", "ll_y", "geometry", "error"};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        assert_string_equal(chip_value(rows, 3, columns[i]), "");
    assert_int_equal((int)chip_number(rows, 3, "x_px"), 36);
    free(rows);
}

static void test_chips_lie_by_control_points_too(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", NULL};
    planted_run("gdal_translate -q -a_srs EPSG:4326 -gcp 0 0 11 48 -gcp 200 0 11.2 48 "
                "-gcp 0 130 11 47.87 -gcp 200 130 11.2 47.87 plain.tif points.tif");
    char *rows = chips_of(planted_path("points.tif"), options);
    assert_near(chip_number(rows, 0, "ur_lon"), 11.064, 1e-9);
    assert_near(chip_number(rows, 0, "ll_lat"), 47.936, 1e-9);
    assert_near(chip_number(rows, 0, "position_error_m"), 0, 1e-3);
    free(rows);
}

/* ---- what is left out --------------------------------------------------------------
 */

/* 128 x 128 px in four chips: the first wholly nodata, the second half. */
static const char *make_blank(void) {
    static char path[512];
    snprintf(path, sizeof path, "%s",
             raster_make(&(raster){.name = "blank.tif",
                                   .width = 128,
                                   .height = 128,
                                   .bands = 2,
                                   .affine = NORTH,
                                   .crs = "EPSG:32632",
                                   .has_nodata = true}));
    raster_fill(path, 0, 0, 64, 64, 0);
    raster_fill(path, 64, 0, 64, 32, 0);
    return path;
}

static void test_chips_without_pixels_are_not_looked_at(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", NULL};
    char *rows = chips_of(make_blank(), options);
    assert_int_equal(chip_count(rows), 4);
    assert_string_equal(chip_value(rows, 0, "nodata_share"), "");
    free(rows);
}

static void test_chips_of_nothing_but_nodata_are_left_out(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "pixels=column", NULL};
    char *rows = chips_of(make_blank(), options);
    assert_int_equal(chip_count(rows), 3);
    assert_int_equal((int)chip_number(rows, 0, "chip_index"), 1);
    assert_near(chip_number(rows, 0, "nodata_share"), 0.5, 0);
    assert_near(chip_number(rows, 1, "nodata_share"), 0, 0);
    free(rows);
}

/* -100, which GDAL before 3.7 has as the byte 156. */
static void test_chips_know_the_nodata_of_signed_bytes(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "pixels=column", NULL};
    const char *path = raster_make(&(raster){.name = "signed.tif",
                                             .width = 128,
                                             .height = 64,
                                             .bands = 1,
                                             .affine = NORTH,
                                             .crs = "EPSG:32632",
                                             .has_nodata = true,
                                             .nodata = -100,
                                             .options = {"PIXELTYPE=SIGNEDBYTE"}});
    raster_fill(path, 0, 0, 128, 64, 7);
    raster_fill(path, 0, 0, 96, 64, 156);
    char *rows = chips_of(path, options);
    assert_int_equal(chip_count(rows), 1);
    assert_near(chip_number(rows, 0, "nodata_share"), 0.5, 0);
    free(rows);
}

static void test_chips_are_left_out_by_their_share_of_nodata(void **state) {
    (void)state;
    const struct {
        const char *share;
        size_t count;
    } cases[] = {{"nodata_share=0", 2},
                 {"nodata_share=0.49", 2},
                 {"nodata_share=0.5", 3},
                 {"nodata_share=1", 4}};
    for (size_t i = 0; i < 4; i++) {
        const char *const options[] = {"chip=64", cases[i].share, NULL};
        char *rows = chips_of(make_blank(), options);
        assert_int_equal(chip_count(rows), cases[i].count);
        free(rows);
    }
}

static void test_chips_count_what_is_beyond_the_image_as_nothing(void **state) {
    (void)state;
    const char *const options[] = {"chip=256", "pixels=column", NULL};
    char *rows = chips_of(make_blank(), options);
    double blank = 64 * 64 + 64 * 32, all = 256 * 256;
    assert_near(chip_number(rows, 0, "nodata_share"), (all - 128 * 128 + blank) / all,
                1e-12);
    free(rows);
}

/* A small triangle round a pixel of the plain image. */
static void write_area(double x, double y) {
    const raster r = {.affine = NORTH, .crs = "EPSG:32632"};
    double map[2], at[2];
    by_gdal(&r, x, y, map, at);
    FILE *file = fopen(planted_path("area.geojson"), "w");
    fprintf(file,
            "{\"type\": \"Polygon\", \"coordinates\": [[[%.9f, %.9f], [%.9f, %.9f], "
            "[%.9f, %.9f], [%.9f, %.9f]]]}",
            at[0], at[1], at[0] + 1e-5, at[1], at[0], at[1] + 1e-5, at[0], at[1]);
    fclose(file);
}

static void test_chips_outside_of_the_area_are_left_out(void **state) {
    (void)state;
    char option[600];
    write_area(100, 100);
    snprintf(option, sizeof option, "area=%s", planted_path("area.geojson"));
    const char *const options[] = {"chip=64", option, NULL};
    char *rows = chips_of(plain, options);
    assert_int_equal(chip_count(rows), 2);
    assert_int_equal((int)chip_number(rows, 0, "chip_index"), 5);
    assert_int_equal((int)chip_number(rows, 1, "chip_index"), 9);
    free(rows);
}

static void test_chips_of_an_image_without_place_have_no_area(void **state) {
    (void)state;
    char option[600], path[512];
    write_area(100, 100);
    snprintf(option, sizeof option, "area=%s", planted_path("area.geojson"));
    const char *const options[] = {option, NULL};
    snprintf(path, sizeof path, "%s",
             raster_make(&(raster){
                 .name = "nowhere.tif", .width = 100, .height = 90, .bands = 1}));
    assert_chips_fail(path, options, ELC_E_ARGUMENT, "leave --area out");
}

/* ---- the same for all ---------------------------------------------------------------
 */

static char *run_with(const char *const *paths, int threads, uint64_t part_units) {
    char out[600];
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    const char *const options[] = {"chip=64", "overlap=16", "pixels=png", out, NULL};
    elc_context context = {.threads = threads};
    chipping c = {paths, options, &context, part_units};
    elc_string text = {0};
    elc_error err = {0};
    size_t rows = 0;
    if (chipping_rows(&c, &text, &rows, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text.data;
}

static void test_chips_are_the_same_for_any_threads_and_parts(void **state) {
    (void)state;
    char folder[512];
    planted_run("rm -rf many && mkdir -p many/deep && cp plain.tif many/b.tif && "
                "gdal_translate -q -of PNG plain.tif many/a.png && gdal_translate -q "
                "-srcwin 0 0 70 70 plain.tif many/deep/c.tif");
    snprintf(folder, sizeof folder, "%s", planted_path("many"));
    const char *const paths[] = {folder, NULL};
    char *first = run_with(paths, 1, 0);
    planted_run("rm -rf once && cp -r files once");
    for (int threads = 1; threads <= 8; threads *= 8)
        for (uint64_t units = 0; units <= 9; units += 3) {
            char *again = run_with(paths, threads, units);
            assert_string_equal(again, first);
            planted_run("diff -r once files");
            free(again);
        }
    free(first);
}

static void test_chips_of_unsafe_names_are_files_with_safe_ones(void **state) {
    (void)state;
    char folder[512], out[600];
    planted_run(
        "rm -rf odd && mkdir -p 'odd/x y' && cp plain.tif 'odd/x y/a;b.tif' && "
        "cp plain.tif odd/same.tif && gdal_translate -q -of PNG plain.tif "
        "odd/same.png && cp plain.tif odd/Same.tiff && cp plain.tif odd/-o.tif");
    snprintf(folder, sizeof folder, "%s", planted_path("odd"));
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    const char *const options[] = {"chip=200", "pixels=tif", out, NULL};
    char *rows = chips_of(folder, options);
    assert_int_equal(chip_count(rows), 5);
    planted_run("test $(ls files/*.tif | wc -l) -eq 5");
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(strspn(chip_value(rows, i, "path"),
                                "abcdefghijklmnopqrstuvwxyzS_0123456789-."),
                         strlen(chip_value(rows, i, "path")));
    free(rows);
}

/* ---- files -------------------------------------------------------------------------
 */

static void test_chips_need_an_empty_folder_or_leave_to_overwrite(void **state) {
    (void)state;
    char out[600];
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("taken"));
    planted_run("echo mine > taken/mine.txt");
    const char *const refused[] = {"chip=64", "pixels=tif", out, NULL};
    const char *const allowed[] = {"chip=64", "pixels=tif", out, "overwrite=yes", NULL};
    assert_chips_fail(plain, refused, ELC_E_EXISTS, "is not empty");
    free(chips_of(plain, allowed));
    free(chips_of(plain, allowed));
    planted_run("test $(ls taken | wc -l) -eq 13 && grep -q mine taken/mine.txt");
}

static void test_chips_as_png_have_their_place_beside_them(void **state) {
    (void)state;
    char out[600], path[1200];
    double affine[6];
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    const char *const options[] = {"chip=64", "pixels=png", out, NULL};
    char *rows = chips_of(plain, options);
    snprintf(path, sizeof path, "%s/%s", planted_path("files"),
             chip_value(rows, 5, "path"));
    GDALDatasetH chip = raster_open(path);
    assert_int_equal(GDALGetGeoTransform(chip, affine), CE_None);
    assert_near(affine[0], chip_number(rows, 5, "ul_x"), 1e-6);
    assert_near(affine[3], chip_number(rows, 5, "ul_y"), 1e-6);
    assert_non_null(GDALGetSpatialRef(chip));
    GDALClose(chip);
    free(rows);
}

static void test_chips_that_a_format_cannot_hold_are_refused(void **state) {
    (void)state;
    char path[512], out[600];
    snprintf(path, sizeof path, "%s",
             raster_make(&(raster){.name = "deep.tif",
                                   .width = 64,
                                   .height = 64,
                                   .bands = 5,
                                   .type = GDT_UInt16}));
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    const char *const png[] = {"chip=64", "pixels=png", out, NULL};
    const char *const jpeg[] = {"chip=64", "pixels=jpeg", "bands=1", out, NULL};
    const char *const fits[] = {"chip=64", "pixels=png", "bands=4,2,1", out, NULL};
    assert_chips_fail(path, png, ELC_E_UNSUPPORTED, "PNG holds 1 to 4 bands");
    assert_chips_fail(path, jpeg, ELC_E_UNSUPPORTED, "JPEG holds 1 or 3 bands of Byte");
    free(chips_of(path, fits));
    planted_run("test -s files/deep_0_0.png");
}

static void test_chips_refuse_options_that_do_not_go_together(void **state) {
    (void)state;
    const char *const no_folder[] = {"pixels=tif", NULL};
    const char *const no_pixels[] = {"out_dir=x", NULL};
    const char *const overlap[] = {"chip=64", "overlap=64", NULL};
    const char *const band[] = {"bands=0", NULL};
    const char *const far[] = {"bands=4", "nodata_share=1", NULL};
    assert_chips_fail(plain, no_folder, ELC_E_ARGUMENT, "--out-dir FOLDER");
    assert_chips_fail(plain, no_pixels, ELC_E_ARGUMENT, "nothing would be written");
    assert_chips_fail(plain, overlap, ELC_E_ARGUMENT, "overlap 64 px");
    assert_chips_fail(plain, band, ELC_E_ARGUMENT, "the first band is 1");
    assert_chips_fail(plain, far, ELC_E_NOT_FOUND, "band 4 asked for, the image has 3");
}

static void test_chips_are_never_written_among_their_images(void **state) {
    (void)state;
    char folder[700], option[800];
    snprintf(folder, sizeof folder, "%s", plain);
    *strrchr(folder, '/') = '\0';
    snprintf(option, sizeof option, "out_dir=%s", folder);
    const char *const among[] = {"pixels=tif", "overwrite=yes", option, NULL};
    assert_chips_fail(plain, among, ELC_E_ARGUMENT, "lies in --out-dir");
}

typedef struct stopper {
    int cancel, chips;
} stopper;

static void stop_soon(void *arg, const elc_progress *now) {
    stopper *s = arg;
    if (now->done >= (uint64_t)s->chips)
        s->cancel = 1;
}

static void test_chips_that_are_cancelled_leave_whole_files_only(void **state) {
    (void)state;
    char out[600];
    snprintf(out, sizeof out, "out_dir=%s", chips_folder("files"));
    const char *const options[] = {"chip=16", "pixels=tif", out, NULL};
    const char *const paths[] = {plain, NULL};
    stopper s = {0, 10};
    elc_context context = {
        .threads = 2, .cancel = &s.cancel, .progress = stop_soon, .arg = &s};
    chipping c = {paths, options, &context, 7};
    elc_string text = {0};
    elc_error err = {0};
    size_t rows = 0;
    assert_int_equal(chipping_rows(&c, &text, &rows, &err), ELC_E_CANCELLED);
    elc_string_free(&text);
    planted_run("test -z \"$(ls -A files | grep '^[.]')\" && for f in files/*; do "
                "test $(wc -c <$f) -gt 768 || exit 1; done");
}

/* ---- failures ----------------------------------------------------------------------
 */

static const char *folder_with_broken(void) {
    static char folder[512];
    planted_run("rm -rf some && mkdir some && cp plain.tif some/b.tif && head -c 100 "
                "plain.tif > some/a.tif");
    snprintf(folder, sizeof folder, "%s", planted_path("some"));
    return folder;
}

static void test_chips_of_a_broken_image_end_the_run_by_default(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", NULL};
    assert_chips_fail(folder_with_broken(), options, ELC_E_FORMAT, "a.tif");
}

static void test_chips_of_a_broken_image_become_a_row_when_asked(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "on_error=record", NULL};
    char *rows = chips_of(folder_with_broken(), options);
    assert_int_equal(chip_count(rows), 13);
    assert_string_equal(chip_value(rows, 0, "image"), "a.tif");
    assert_true(*chip_value(rows, 0, "error") != 0);
    assert_string_equal(chip_value(rows, 1, "image"), "b.tif");
    free(rows);
}

static void test_chips_of_a_broken_image_are_passed_over_when_asked(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "on_error=skip", NULL};
    char *rows = chips_of(folder_with_broken(), options);
    assert_int_equal(chip_count(rows), 12);
    free(rows);
}

/* Half of the file is not there: some chips can be read, others not. */
static void test_chips_that_cannot_be_read_become_rows_when_asked(void **state) {
    (void)state;
    planted_run("head -c 45000 plain.tif > half.tif");
    const char *const options[] = {"chip=64", "nodata_share=1", "on_error=record",
                                   NULL};
    char *rows = chips_of(planted_path("half.tif"), options);
    size_t well = 0;
    assert_int_equal(chip_count(rows), 12);
    for (size_t i = 0; i < 12; i++)
        well += *chip_value(rows, i, "error") == 0;
    assert_in_range(well, 1, 11);
    free(rows);
}

/* ---- Spark's columns ----------------------------------------------------------------
 */

static void test_chips_as_a_column_are_sparks_image_structs(void **state) {
    (void)state;
    const char *const options[] = {"chip=64", "pixels=column", NULL};
    char *rows = chips_of(plain, options), bytes[64];
    assert_int_equal((int)chip_number(rows, 0, "height"), 64);
    assert_int_equal((int)chip_number(rows, 0, "n_channels"), 3);
    assert_int_equal((int)chip_number(rows, 0, "mode"), 16);
    assert_string_equal(chip_value(rows, 0, "origin"), plain);
    /* Blue, green, red of the first pixel, by the maker's formula. */
    snprintf(bytes, sizeof bytes, "%02x%02x%02x", 1 + 87, 1 + 58, 1 + 29);
    assert_int_equal(strncmp(chip_value(rows, 0, "data"), bytes, 6), 0);
    free(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chips_lose_no_remainder),
        cmocka_unit_test(test_chips_of_a_stride_are_those_of_a_network),
        cmocka_unit_test(test_chips_have_ids_of_their_own),
        cmocka_unit_test(test_chips_have_the_corners_that_gdal_gives_them),
        cmocka_unit_test(test_chips_know_the_size_of_their_pixels),
        cmocka_unit_test(test_chips_of_an_image_without_place_have_pixels_only),
        cmocka_unit_test(test_chips_lie_by_control_points_too),
        cmocka_unit_test(test_chips_without_pixels_are_not_looked_at),
        cmocka_unit_test(test_chips_of_nothing_but_nodata_are_left_out),
        cmocka_unit_test(test_chips_know_the_nodata_of_signed_bytes),
        cmocka_unit_test(test_chips_are_left_out_by_their_share_of_nodata),
        cmocka_unit_test(test_chips_count_what_is_beyond_the_image_as_nothing),
        cmocka_unit_test(test_chips_outside_of_the_area_are_left_out),
        cmocka_unit_test(test_chips_of_an_image_without_place_have_no_area),
        cmocka_unit_test(test_chips_are_the_same_for_any_threads_and_parts),
        cmocka_unit_test(test_chips_of_unsafe_names_are_files_with_safe_ones),
        cmocka_unit_test(test_chips_need_an_empty_folder_or_leave_to_overwrite),
        cmocka_unit_test(test_chips_as_png_have_their_place_beside_them),
        cmocka_unit_test(test_chips_that_a_format_cannot_hold_are_refused),
        cmocka_unit_test(test_chips_refuse_options_that_do_not_go_together),
        cmocka_unit_test(test_chips_are_never_written_among_their_images),
        cmocka_unit_test(test_chips_that_are_cancelled_leave_whole_files_only),
        cmocka_unit_test(test_chips_of_a_broken_image_end_the_run_by_default),
        cmocka_unit_test(test_chips_of_a_broken_image_become_a_row_when_asked),
        cmocka_unit_test(test_chips_of_a_broken_image_are_passed_over_when_asked),
        cmocka_unit_test(test_chips_that_cannot_be_read_become_rows_when_asked),
        cmocka_unit_test(test_chips_as_a_column_are_sparks_image_structs),
    };
    return cmocka_run_group_tests(tests, make_plain, NULL);
}
