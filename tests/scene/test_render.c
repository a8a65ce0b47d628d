/* test_render.c - what the scene renderer promises of its pictures and their truth. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "render.h"

#include <ogr_srs_api.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool same_files(const char *a, const char *b) {
    return render_shell("cmp -s %s %s", a, b) == 0;
}

static void test_render_same_seed_gives_same_bytes(void **state) {
    (void)state;
    const char *options = "--size 1100x900 --objects 60 --code";
    assert_int_equal(render("--seed 5 --out a.tif --truth a.json %s", options), 0);
    assert_int_equal(render("--seed 5 --out b.tif --truth b.json %s", options), 0);
    assert_int_equal(render("--seed 6 --out c.tif --truth c.json %s", options), 0);
    assert_true(same_files("a.tif", "b.tif"));
    assert_true(same_files("a.json", "b.json"));
    assert_false(same_files("a.tif", "c.tif"));
    assert_false(same_files("a.json", "c.json"));
}

static void expect_counts(size_t objects, size_t parked) {
    size_t count, in_rows = 0, kinds[3] = {0};
    planted *all = render_truth("t.json", &count);
    for (size_t i = 0; i < count; i++) {
        assert_in_range(all[i].kind, 0, 2);
        kinds[all[i].kind]++;
        in_rows += all[i].parked;
    }
    free(all);
    assert_int_equal(count, objects);
    assert_int_equal(in_rows, parked);
    for (int i = 0; i < 3; i++)
        assert_in_range(kinds[i], objects / 50, objects);
}

static void test_render_plants_exactly_as_many_as_asked(void **state) {
    (void)state;
    const char *form = "--size 5000x4000 --code-only --out t.tif --truth t.json "
                       "--objects %d --parking %g";
    assert_int_equal(render(form, 1201, 0.33), 0);
    expect_counts(1201, 396);
    assert_int_equal(render(form, 2001, 0.5), 0);
    expect_counts(2001, 1001);
    assert_int_equal(render(form, 777, 0.0), 0);
    expect_counts(777, 0);
}

/* What the code bands say and what is painted, gathered pixel by pixel. */
typedef struct sighting {
    int box[4], seen[4], kind;
} sighting;

static int by_box(const void *a, const void *b) {
    return memcmp(a, b, sizeof(int[4]));
}

static sighting *sightings_of(const picture *p, size_t *count) {
    sighting *all = NULL;
    size_t n = 0, room = 0;
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            const uint8_t *code =
                &p->pixels[((size_t)y * (size_t)p->width + (size_t)x) *
                           (size_t)p->bands];
            code += p->bands - 5;
            if (code[4] == 0)
                continue;
            if (n == room) {
                room = room ? 2 * room : 1 << 16;
                all = realloc(all, room * sizeof *all);
                assert_non_null(all);
            }
            all[n++] = (sighting){{x - code[0], y - code[1], x + code[2], y + code[3]},
                                  {x, y, x + 1, y + 1},
                                  code[4] - 1};
        }
    qsort(all, n, sizeof *all, by_box);
    *count = n;
    return all;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

static int most(int a, int b) {
    return a > b ? a : b;
}

/* How far the greens of 7 x 7 pixels in a box's middle lie apart. */
static int spread_in(const picture *p, const planted *box) {
    int low = 255, high = 0;
    for (int y = -3; y <= 3; y++)
        for (int x = -3; x <= 3; x++) {
            int column = (box->xmin + box->xmax) / 2 + x;
            int row = (box->ymin + box->ymax) / 2 + y;
            int green = p->pixels[(row * p->width + column) * p->bands + 1];
            low = least(low, green);
            high = most(high, green);
        }
    return high - low;
}

static void test_render_trucks_are_closed_or_carry_loads(void **state) {
    (void)state;
    size_t count, trucks = 0, closed = 0, loaded = 0;
    assert_int_equal(
        render("--size 3000x3000 --objects 900 --seed 3 --out t.tif --truth t.json"),
        0);
    planted *all = render_truth("t.json", &count);
    picture p = render_picture("t.tif");
    for (size_t i = 0; i < count; i++) {
        if (all[i].kind != 1)
            continue;
        int spread = spread_in(&p, &all[i]);
        trucks++;
        closed += spread < 40;
        loaded += spread > 60;
    }
    free(p.pixels);
    free(all);
    assert_true(closed > trucks / 2);
    assert_true(loaded > trucks / 20);
}

/* One sighting an object, with the bounds of its pixels. */
static size_t gather(sighting *all, size_t n) {
    size_t objects = 0;
    for (size_t i = 0; i < n; i++) {
        if (objects == 0 || by_box(&all[objects - 1], &all[i]) != 0) {
            all[objects++] = all[i];
            continue;
        }
        sighting *one = &all[objects - 1];
        assert_int_equal(one->kind, all[i].kind);
        for (int k = 0; k < 2; k++) {
            one->seen[k] = least(one->seen[k], all[i].seen[k]);
            one->seen[k + 2] = most(one->seen[k + 2], all[i].seen[k + 2]);
        }
    }
    return objects;
}

static void test_render_truth_is_the_bounds_of_the_coded_pixels(void **state) {
    (void)state;
    assert_int_equal(render("--size 3000x2500 --seed 7 --objects 600 --code "
                            "--out t.tif --truth t.json"),
                     0);
    picture p = render_picture("t.tif");
    size_t count, pixels;
    planted *truth = render_truth("t.json", &count);
    sighting *seen = sightings_of(&p, &pixels);
    size_t objects = gather(seen, pixels);
    assert_int_equal(objects, 600);
    for (size_t i = 0; i < objects; i++)
        assert_memory_equal(seen[i].box, seen[i].seen, sizeof seen[i].box);
    for (size_t i = 0; i < count; i++) {
        sighting key = {
            {truth[i].xmin, truth[i].ymin, truth[i].xmax, truth[i].ymax}, {0}, 0};
        sighting *found = bsearch(&key, seen, objects, sizeof *seen, by_box);
        assert_non_null(found);
        assert_int_equal(found->kind, truth[i].kind);
    }
    free(seen);
    free(truth);
    free(p.pixels);
}

static double highest_iou(const char *path) {
    size_t count;
    planted *all = render_truth(path, &count);
    double highest = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            highest = fmax(highest, render_iou(&all[i], &all[k]));
    free(all);
    return highest;
}

static void test_render_boxes_overlap_up_to_the_crowd_and_no_more(void **state) {
    (void)state;
    const char *form = "--size 5000x5000 --seed 3 --objects 3000 --parking 0.4 "
                       "--code-only --out t.tif --truth t.json --crowd %g";
    assert_int_equal(render(form, 0.4), 0);
    double highest = highest_iou("t.json");
    assert_true(highest > 0.36);
    assert_true(highest <= 0.4);
    assert_int_equal(render(form, 0.1), 0);
    assert_true(highest_iou("t.json") <= 0.1);
}

static void expect_bands(const char *path, const picture *whole, int first, int bands) {
    picture p = render_picture(path);
    assert_int_equal(p.bands, bands);
    size_t pixels = (size_t)p.width * (size_t)p.height;
    for (size_t i = 0; i < pixels; i++)
        assert_memory_equal(p.pixels + i * (size_t)bands,
                            whole->pixels + i * (size_t)whole->bands + first,
                            (size_t)bands);
    free(p.pixels);
}

static void test_render_pixels_do_not_depend_on_bands_or_layout(void **state) {
    (void)state;
    const char *form = "--size 1300x1100 --objects 70 --out t.tif %s";
    assert_int_equal(render(form, "--code"), 0);
    picture whole = render_picture("t.tif");
    assert_int_equal(whole.bands, 8);
    assert_int_equal(render(form, ""), 0);
    expect_bands("t.tif", &whole, 0, 3);
    assert_int_equal(render(form, "--code-only"), 0);
    expect_bands("t.tif", &whole, 3, 5);
    assert_int_equal(render(form, "--code --strips"), 0);
    expect_bands("t.tif", &whole, 0, 8);
    assert_int_equal(render(form, "--code --compress deflate"), 0);
    expect_bands("t.tif", &whole, 0, 8);
    free(whole.pixels);
}

/* By GDAL alone: the file's affine and its own CRS. */
static void expect_place(const picture *p, OGRCoordinateTransformationH to_lonlat,
                         double x, double y, double lon, double lat) {
    const double *a = p->affine;
    double east = a[0] + a[1] * x + a[2] * y, north = a[3] + a[4] * x + a[5] * y;
    assert_int_equal(OCTTransform(to_lonlat, 1, &east, &north, NULL), 1);
    assert_true(fabs(east - lon) < 1e-9);
    assert_true(fabs(north - lat) < 1e-9);
}

static OGRCoordinateTransformationH to_lonlat_from(int epsg) {
    OGRSpatialReferenceH from = OSRNewSpatialReference(NULL);
    OGRSpatialReferenceH to = OSRNewSpatialReference(NULL);
    assert_int_equal(OSRImportFromEPSG(from, epsg), OGRERR_NONE);
    assert_int_equal(OSRImportFromEPSG(to, 4326), OGRERR_NONE);
    OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
    OSRSetAxisMappingStrategy(to, OAMS_TRADITIONAL_GIS_ORDER);
    OGRCoordinateTransformationH both = OCTNewCoordinateTransformation(from, to);
    assert_non_null(both);
    OSRDestroySpatialReference(from);
    OSRDestroySpatialReference(to);
    return both;
}

static void expect_places(int epsg, const char *options) {
    assert_int_equal(render("--size 1200x1000 --objects 50 --out t.tif --truth t.json "
                            "--epsg %d %s",
                            epsg, options),
                     0);
    picture p = render_picture("t.tif");
    OGRCoordinateTransformationH to_lonlat = to_lonlat_from(epsg);
    size_t count;
    planted *all = render_truth("t.json", &count);
    assert_int_equal(count, 50);
    for (size_t i = 0; i < count; i++) {
        const planted *o = &all[i];
        const int ring[5][2] = {{o->xmin, o->ymax},
                                {o->xmax, o->ymax},
                                {o->xmax, o->ymin},
                                {o->xmin, o->ymin},
                                {o->xmin, o->ymax}};
        for (int k = 0; k < 5; k++)
            expect_place(&p, to_lonlat, ring[k][0], ring[k][1], o->ring[k][0],
                         o->ring[k][1]);
        expect_place(&p, to_lonlat, (o->xmin + o->xmax) / 2.0,
                     (o->ymin + o->ymax) / 2.0, o->lon, o->lat);
    }
    OCTDestroyCoordinateTransformation(to_lonlat);
    free(all);
    free(p.pixels);
}

static void test_render_places_agree_with_gdal(void **state) {
    (void)state;
    expect_places(32633, "");
    expect_places(32633, "--rotation 12.5 --origin 411000.5,5822000.25");
    expect_places(32756, "--rotation -37 --gsd 0.2");
}

static void test_render_rotation_turns_the_affine(void **state) {
    (void)state;
    assert_int_equal(render("--size 100x100 --objects 0 --out t.tif --rotation 30 "
                            "--gsd 0.25 --origin 400000,5000000"),
                     0);
    picture p = render_picture("t.tif");
    const double turned[6] = {400000, 0.25 * cos(M_PI / 6), 0.125, 5000000,
                              0.125,  -0.25 * cos(M_PI / 6)};
    for (int i = 0; i < 6; i++)
        assert_true(fabs(p.affine[i] - turned[i]) < 1e-9);
    free(p.pixels);
}

static void test_render_says_how_many_fit(void **state) {
    (void)state;
    assert_int_equal(render("--size 2000x2000 --seed 1 --objects 5000 --out t.tif "
                            "--truth t.json"),
                     1);
    assert_true(render_talked("--objects 5000: 2000x2000 px hold "));
    assert_true(render_talked("give a larger --size or fewer --objects"));
    assert_int_not_equal(render_shell("test -e t.tif || test -e t.json"), 0);
}

static void test_render_refuses_wrong_options(void **state) {
    (void)state;
    static const char *const wrong[][2] = {
        {"", "--out is missing"},
        {"--out t.tif --size 0x10", "--size 0x10"},
        {"--out t.tif --size 100", "--size 100"},
        {"--out t.tif --size 200000x10", "--size 200000x10"},
        {"--out t.tif --gsd 0.01", "--gsd 0.01"},
        {"--out t.tif --objects many", "--objects many"},
        {"--out t.tif --compress jpeg", "--compress jpeg"},
        {"--out t.tif --crowd", "--crowd needs a value"},
        {"--out t.tif --colour red", "unknown option --colour"},
        {"t.tif", "options begin with --"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(render("%s", wrong[i][0]), 2);
        assert_true(render_talked(wrong[i][1]));
    }
}

static void test_render_leaves_nothing_when_it_fails(void **state) {
    (void)state;
    const char *form = "--size 2000x2000 --out %s --truth %s %s";
    assert_int_equal(render(form, "none/t.tif", "t.json", ""), 1);
    assert_true(render_talked("none/t.tif"));
    assert_int_equal(render(form, "t.tif", "none/t.json", ""), 1);
    assert_true(render_talked("none/t.json"));
    assert_int_equal(render(form, "t.tif", "t.json", "--epsg 4326"), 1);
    assert_true(render_talked("--epsg 4326: give a projected CRS in metres"));
    assert_int_equal(
        render_shell("trap '' XFSZ; ulimit -f 2000; %s/scene --size 2000x2000 "
                     "--out t.tif 2>talk",
                     ELCANO_BINARY_DIR),
        1);
    assert_true(render_talked("t.tif"));
    assert_int_equal(render_shell("test \"$(ls)\" = talk"), 0);
}

#define IN_A_FOLDER(test)                                                              \
    cmocka_unit_test_setup_teardown(test, render_setup, render_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_A_FOLDER(test_render_same_seed_gives_same_bytes),
        IN_A_FOLDER(test_render_plants_exactly_as_many_as_asked),
        IN_A_FOLDER(test_render_truth_is_the_bounds_of_the_coded_pixels),
        IN_A_FOLDER(test_render_boxes_overlap_up_to_the_crowd_and_no_more),
        IN_A_FOLDER(test_render_pixels_do_not_depend_on_bands_or_layout),
        IN_A_FOLDER(test_render_trucks_are_closed_or_carry_loads),
        IN_A_FOLDER(test_render_places_agree_with_gdal),
        IN_A_FOLDER(test_render_rotation_turns_the_affine),
        IN_A_FOLDER(test_render_says_how_many_fit),
        IN_A_FOLDER(test_render_refuses_wrong_options),
        IN_A_FOLDER(test_render_leaves_nothing_when_it_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
