/* test_place_find.c - images without an affine of their own: GCPs, RPCs, corners. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/image.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <gdal.h>
#include <gdal_alg.h>
#include <ogr_srs_api.h>

#include "pictures.h"

#define PATH "/vsimem/place_find.tif"

enum { WIDTH = 400, HEIGHT = 300 };

/* A town in UTM 33N, turned by some degrees: where its pixels really are. */
static const elc_affine truth = {{500000, 0.48, 0.14, 5300000, 0.14, -0.48}};

static elc_place find(const elc_facts *facts) {
    elc_image *image = picture_open(PATH);
    elc_place place = {0};
    elc_error err = {0};
    if (elc_place_find(image, facts, NULL, &place, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_image_free(image);
    return place;
}

static void make(void) {
    picture p = {.path = PATH, .width = WIDTH, .height = HEIGHT, .bands = 1};
    picture_make(&p);
}

static elc_point lonlat_by(elc_locator *l, elc_point pixel) {
    elc_locator_lonlat(l, &pixel, 1);
    return pixel;
}

/* The largest distance in metres between a place and another affine's, over the image.
 */
static double farthest(const elc_place *place, const elc_affine *affine,
                       const char *crs_text) {
    elc_crs *crs = NULL;
    elc_locator *ours = NULL, *other = NULL;
    double far = 0;
    assert_int_equal(elc_crs_create(crs_text, &crs, NULL), ELC_OK);
    assert_int_equal(elc_locator_create(affine, crs, &other, NULL), ELC_OK);
    assert_int_equal(elc_place_locator(place, &ours, NULL), ELC_OK);
    for (int i = 0; i < 25; i++) {
        elc_point p = {WIDTH * (i % 5) / 4.0, HEIGHT * (i / 5) / 4.0};
        far = fmax(far, elc_distance_m(lonlat_by(ours, p), lonlat_by(other, p)));
    }
    elc_locator_free(ours);
    elc_locator_free(other);
    elc_crs_free(crs);
    return far;
}

/* ---- ground control points ------------------------------------------------------- */

typedef struct points {
    GDAL_GCP gcps[16];
    int n;
} points;

static void add_point(points *p, double x, double y, double off) {
    elc_point ground = elc_affine_apply(&truth, (elc_point){x, y});
    static char id[] = "", info[] = "";
    p->gcps[p->n++] =
        (GDAL_GCP){id, info, x, y, ground.x + off, ground.y - off / 2, 120};
}

/* Nine points, each off by up to `off` metres. */
static points nine(double off) {
    points p = {.n = 0};
    for (int i = 0; i < 9; i++)
        add_point(&p, WIDTH * (i % 3) / 2.0, HEIGHT * (i / 3) / 2.0,
                  off * sin(7.0 * i));
    return p;
}

static void set_points(const points *p, const char *crs) {
    make();
    GDALDatasetH dataset = GDALOpen(PATH, GA_Update);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    assert_int_equal(OSRSetFromUserInput(srs, crs), OGRERR_NONE);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    assert_int_equal(GDALSetGCPs2(dataset, p->n, p->gcps, srs), CE_None);
    OSRDestroySpatialReference(srs);
    GDALClose(dataset);
}

static elc_place place_of_points(const points *p) {
    set_points(p, "EPSG:32633");
    elc_place place = find(NULL);
    picture_delete(PATH);
    return place;
}

static void test_gcps_give_their_affine_and_no_error_when_they_have_none(void **state) {
    (void)state;
    points p = nine(0);
    elc_place place = place_of_points(&p);
    assert_int_equal(place.kind, ELC_PLACE_GCPS);
    assert_true(farthest(&place, &truth, "EPSG:32633") < 1e-6);
    assert_true(place.error_m < 1e-6);
    elc_place_clear(&place);
}

static void test_gcps_give_the_affine_that_gdal_gives(void **state) {
    (void)state;
    points p = nine(3);
    elc_affine theirs;
    assert_true(GDALGCPsToGeoTransform(p.n, p.gcps, theirs.a, TRUE));
    elc_place place = place_of_points(&p);
    assert_true(farthest(&place, &theirs, "EPSG:32633") < 1e-6);
    elc_place_clear(&place);
}

static void test_gcps_state_what_the_affine_leaves_over(void **state) {
    (void)state;
    points p = nine(3);
    double sum = 0;
    elc_place place = place_of_points(&p);
    for (int i = 0; i < p.n; i++) {
        elc_point g = elc_affine_apply(
            &place.affine, (elc_point){p.gcps[i].dfGCPPixel, p.gcps[i].dfGCPLine});
        sum += pow(g.x - p.gcps[i].dfGCPX, 2) + pow(g.y - p.gcps[i].dfGCPY, 2);
    }
    double rms = sqrt(sum / p.n) / 0.9996; /* UTM's scale at its meridian */
    assert_true(rms > 1 && fabs(place.error_m - rms) < 1e-4);
    assert_true(farthest(&place, &truth, "EPSG:32633") < 3 * place.error_m);
    elc_place_clear(&place);
}

static void test_three_gcps_give_a_place_whose_error_is_not_known(void **state) {
    (void)state;
    points p = {.n = 0};
    add_point(&p, 0, 0, 0);
    add_point(&p, WIDTH, 0, 0);
    add_point(&p, 0, HEIGHT, 0);
    elc_place place = place_of_points(&p);
    assert_int_equal(place.kind, ELC_PLACE_GCPS);
    assert_true(farthest(&place, &truth, "EPSG:32633") < 1e-6);
    assert_true(isnan(place.error_m));
    elc_place_clear(&place);
}

static void test_gcps_along_a_line_or_too_few_give_no_place(void **state) {
    (void)state;
    points two = {.n = 0}, line = {.n = 0}, spot = {.n = 0};
    add_point(&two, 0, 0, 0);
    add_point(&two, WIDTH, HEIGHT, 0);
    for (int i = 0; i < 8; i++) {
        add_point(&line, 40 * i, 30 * i + 0.01 * (i % 2), 0);
        add_point(&spot, 7, 7, 0);
    }
    assert_int_equal(place_of_points(&two).kind, ELC_PLACE_NONE);
    assert_int_equal(place_of_points(&line).kind, ELC_PLACE_NONE);
    assert_int_equal(place_of_points(&spot).kind, ELC_PLACE_NONE);
}

static void
test_gcps_in_degrees_may_lie_on_both_sides_of_the_antimeridian(void **state) {
    (void)state;
    points p = {.n = 0};
    for (int i = 0; i < 6; i++) {
        add_point(&p, WIDTH * (i % 3) / 2.0, HEIGHT * (i / 3), 0);
        double lon = 179.998 + 1e-5 * p.gcps[i].dfGCPPixel;
        p.gcps[i].dfGCPX = lon > 180 ? lon - 360 : lon;
        p.gcps[i].dfGCPY = -16.5 - 1e-5 * p.gcps[i].dfGCPLine;
    }
    set_points(&p, "EPSG:4326");
    elc_place place = find(NULL);
    elc_affine wanted = {{179.998, 1e-5, 0, -16.5, 0, -1e-5}};
    assert_int_equal(place.kind, ELC_PLACE_GCPS);
    assert_true(farthest(&place, &wanted, "OGC:CRS84") < 1e-6);
    elc_place_clear(&place);
    picture_delete(PATH);
}

/* ---- rational polynomials -------------------------------------------------------- */

static const char *const rpc_items[][2] = {
    {"ERR_BIAS", "3"},
    {"ERR_RAND", "4"},
    {"LINE_OFF", "150"},
    {"SAMP_OFF", "200"},
    {"LAT_OFF", "47.5"},
    {"LONG_OFF", "8.25"},
    {"HEIGHT_OFF", "400"},
    {"LINE_SCALE", "150"},
    {"SAMP_SCALE", "200"},
    {"LAT_SCALE", "0.002"},
    {"LONG_SCALE", "0.003"},
    {"HEIGHT_SCALE", "500"},
    {"LINE_NUM_COEFF", "0.001 0.02 -1 0.01 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"},
    {"LINE_DEN_COEFF", "1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"},
    {"SAMP_NUM_COEFF", "0.002 1 0.03 0.05 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"},
    {"SAMP_DEN_COEFF", "1 0.0001 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"},
};
enum { RPC_ITEMS = sizeof rpc_items / sizeof rpc_items[0] };

/* Without the first items, and with the latitudes' scale given. */
static void set_rpc_but(int without, const char *lat_scale) {
    make();
    GDALDatasetH dataset = GDALOpen(PATH, GA_Update);
    for (int i = without; i < RPC_ITEMS; i++) {
        const char *name = rpc_items[i][0];
        const char *value = strcmp(name, "LAT_SCALE") ? rpc_items[i][1] : lat_scale;
        assert_int_equal(GDALSetMetadataItem(dataset, name, value, "RPC"), CE_None);
    }
    GDALClose(dataset);
}

static void set_rpc(void) {
    set_rpc_but(0, "0.002");
}

/* Where GDAL's transformer puts a pixel at a height. */
static elc_point gdal_place(elc_point pixel, double z) {
    GDALDatasetH dataset = GDALOpen(PATH, GA_ReadOnly);
    GDALRPCInfoV2 info;
    int ok = 0;
    assert_true(GDALExtractRPCInfoV2(GDALGetMetadata(dataset, "RPC"), &info));
    void *t = GDALCreateRPCTransformerV2(&info, FALSE, 1e-9, NULL);
    assert_true(GDALRPCTransform(t, FALSE, 1, &pixel.x, &pixel.y, &z, &ok) && ok);
    GDALDestroyRPCTransformer(t);
    GDALClose(dataset);
    return pixel;
}

static void lies_where_gdal_says(const elc_place *place, double height) {
    elc_locator *l = NULL;
    assert_int_equal(elc_place_locator(place, &l, NULL), ELC_OK);
    for (int i = 0; i < 9; i++) {
        elc_point p = {WIDTH * (i % 3) / 2.0, HEIGHT * (i / 3) / 2.0};
        assert_true(elc_distance_m(lonlat_by(l, p), gdal_place(p, height)) < 1e-4);
    }
    elc_locator_free(l);
}

static void test_rpcs_give_a_place_at_their_own_height_with_their_error(void **state) {
    (void)state;
    set_rpc();
    elc_place place = find(NULL);
    assert_int_equal(place.kind, ELC_PLACE_RPC);
    assert_true(place.height_m == 400 && place.error_m == 5 && !place.crs);
    lies_where_gdal_says(&place, 400);
    elc_place_clear(&place);
    picture_delete(PATH);
}

static void test_rpcs_without_stated_errors_leave_the_error_open(void **state) {
    (void)state;
    set_rpc_but(2, "0.002");
    elc_place place = find(NULL);
    assert_int_equal(place.kind, ELC_PLACE_RPC);
    assert_true(isnan(place.error_m));
    elc_place_clear(&place);
    picture_delete(PATH);
}

static void test_rpcs_take_the_height_that_is_wished(void **state) {
    (void)state;
    set_rpc();
    elc_image *image = picture_open(PATH);
    elc_place place = {0};
    elc_place_wish wish = {1234.5, "/vsimem/heights.tif"};
    assert_int_equal(elc_place_find(image, NULL, &wish, &place, NULL), ELC_OK);
    assert_true(place.height_m == 1234.5);
    assert_string_equal(place.dem, wish.dem);
    free(place.dem);
    place.dem = NULL;
    lies_where_gdal_says(&place, 1234.5);
    elc_place_clear(&place);
    elc_image_free(image);
    picture_delete(PATH);
}

static void test_rpcs_with_a_scale_of_0_give_no_place(void **state) {
    (void)state;
    set_rpc_but(0, "0");
    assert_int_equal(find(NULL).kind, ELC_PLACE_NONE);
    picture_delete(PATH);
}

/* ---- facts ----------------------------------------------------------------------- */

static char stated[] = "test";

static elc_fact numbers(double *values, size_t n) {
    return (elc_fact){.source = stated, .numbers = values, .n = n};
}

static elc_fact text(const char *value) {
    return (elc_fact){.source = stated, .text = (char *)(uintptr_t)value};
}

static elc_point corner_at(int i) {
    return (elc_point){i == 1 || i == 2 ? WIDTH : 0, i >= 2 ? HEIGHT : 0};
}

/* The true corners on the map, or in degrees. */
static void corners(double *out, bool lonlat) {
    elc_locator *l = NULL;
    elc_crs *crs = NULL;
    assert_int_equal(elc_crs_create("EPSG:32633", &crs, NULL), ELC_OK);
    assert_int_equal(elc_locator_create(&truth, crs, &l, NULL), ELC_OK);
    for (int i = 0; i < 4; i++) {
        elc_point p = lonlat ? lonlat_by(l, corner_at(i))
                             : elc_affine_apply(&truth, corner_at(i));
        out[2 * i] = p.x, out[2 * i + 1] = p.y;
    }
    elc_locator_free(l);
    elc_crs_free(crs);
}

static elc_place place_by(const elc_facts *facts) {
    make();
    elc_place place = find(facts);
    picture_delete(PATH);
    return place;
}

static void test_corners_on_the_map_give_their_affine(void **state) {
    (void)state;
    double map[8];
    corners(map, false);
    elc_facts facts = {.items[ELC_FACT_CORNERS_MAP] = numbers(map, 8),
                       .items[ELC_FACT_CRS] = text("EPSG:32633")};
    elc_place place = place_by(&facts);
    assert_int_equal(place.kind, ELC_PLACE_CORNERS);
    assert_true(farthest(&place, &truth, "EPSG:32633") < 1e-6);
    assert_true(place.error_m < 1e-6);
    elc_place_clear(&place);
}

static void test_corners_in_degrees_are_fitted_in_the_stated_crs(void **state) {
    (void)state;
    double lonlat[8];
    corners(lonlat, true);
    elc_facts facts = {.items[ELC_FACT_CORNERS_LONLAT] = numbers(lonlat, 8),
                       .items[ELC_FACT_CRS] = text("EPSG:3035")};
    elc_place place = place_by(&facts);
    assert_int_equal(place.kind, ELC_PLACE_CORNERS);
    assert_string_equal(elc_crs_label(place.crs), "EPSG:3035");
    assert_true(farthest(&place, &truth, "EPSG:32633") < 0.01);
    elc_place_clear(&place);
}

static void test_corners_in_degrees_alone_are_fitted_in_their_utm_zone(void **state) {
    (void)state;
    double lonlat[8];
    corners(lonlat, true);
    elc_facts facts = {.items[ELC_FACT_CORNERS_LONLAT] = numbers(lonlat, 8)};
    elc_place place = place_by(&facts);
    assert_string_equal(elc_crs_label(place.crs), "EPSG:32633");
    assert_true(farthest(&place, &truth, "EPSG:32633") < 1e-4);
    elc_place_clear(&place);
}

static void test_corners_that_make_no_affine_state_what_is_left_over(void **state) {
    (void)state;
    double map[8];
    corners(map, false);
    map[0] += 4; /* of 200 m; three quarters of it stay */
    elc_facts facts = {.items[ELC_FACT_CORNERS_MAP] = numbers(map, 8),
                       .items[ELC_FACT_CRS] = text("EPSG:32633")};
    elc_place place = place_by(&facts);
    assert_int_equal(place.kind, ELC_PLACE_CORNERS);
    assert_true(fabs(place.error_m - 1 / 0.9996) < 1e-3);
    elc_place_clear(&place);
}

static void test_corners_in_a_wrong_order_give_no_place(void **state) {
    (void)state;
    double map[8], swap;
    corners(map, false);
    for (int i = 0; i < 2; i++)
        swap = map[4 + i], map[4 + i] = map[6 + i], map[6 + i] = swap;
    elc_facts facts = {.items[ELC_FACT_CORNERS_MAP] = numbers(map, 8),
                       .items[ELC_FACT_CRS] = text("EPSG:32633")};
    assert_int_equal(place_by(&facts).kind, ELC_PLACE_NONE);
}

static void test_corners_of_an_image_of_another_size_give_no_place(void **state) {
    (void)state;
    double map[8], width = 1000, height = HEIGHT;
    corners(map, false);
    elc_facts facts = {.items[ELC_FACT_CORNERS_MAP] = numbers(map, 8),
                       .items[ELC_FACT_CRS] = text("EPSG:32633"),
                       .items[ELC_FACT_WIDTH] = numbers(&width, 1),
                       .items[ELC_FACT_HEIGHT] = numbers(&height, 1)};
    assert_int_equal(place_by(&facts).kind, ELC_PLACE_NONE);
    width = WIDTH;
    elc_place place = place_by(&facts);
    assert_int_equal(place.kind, ELC_PLACE_CORNERS);
    elc_place_clear(&place);
}

static void test_what_is_stated_of_a_whole_gives_no_place_to_a_part(void **state) {
    (void)state;
    double map[8];
    corners(map, false);
    char conflicts[] = "[{\"field\": \"gsd\"}, {\"field\": \"height\"}]";
    elc_facts facts = {.items[ELC_FACT_CORNERS_MAP] = numbers(map, 8),
                       .items[ELC_FACT_AFFINE] =
                           numbers((double *)(uintptr_t)truth.a, 6),
                       .items[ELC_FACT_CRS] = text("EPSG:32633"),
                       .conflicts = conflicts};
    snprintf(conflicts, sizeof conflicts, "[{\"field\": \"%s\"}]",
             elc_fact_fields[ELC_FACT_HEIGHT].name);
    assert_int_equal(place_by(&facts).kind, ELC_PLACE_NONE);
    snprintf(conflicts, sizeof conflicts, "[{\"field\": \"%s\"}]",
             elc_fact_fields[ELC_FACT_GSD].name);
    elc_place place = place_by(&facts);
    assert_int_equal(place.kind, ELC_PLACE_AFFINE);
    elc_place_clear(&place);
}

static void test_a_stated_affine_with_a_stated_crs_is_a_place(void **state) {
    (void)state;
    double affine[6];
    memcpy(affine, truth.a, sizeof affine);
    elc_facts facts = {.items[ELC_FACT_AFFINE] = numbers(affine, 6)};
    assert_int_equal(place_by(&facts).kind, ELC_PLACE_NONE);
    facts.items[ELC_FACT_CRS] = text("EPSG:32633");
    elc_place place = place_by(&facts);
    assert_int_equal(place.kind, ELC_PLACE_AFFINE);
    assert_true(farthest(&place, &truth, "EPSG:32633") < 1e-6);
    assert_true(isnan(place.error_m));
    elc_place_clear(&place);
}

static void test_facts_that_cannot_be_used_give_no_place(void **state) {
    (void)state;
    double affine[6] = {1, 2, 3, 4, 5, INFINITY}, flat[6] = {1, 2, 3, 4, 4, 6};
    elc_facts facts = {.items[ELC_FACT_AFFINE] = numbers(affine, 6),
                       .items[ELC_FACT_CRS] = text("EPSG:32633")};
    assert_int_equal(place_by(&facts).kind, ELC_PLACE_NONE);
    facts.items[ELC_FACT_AFFINE] = numbers(flat, 6);
    assert_int_equal(place_by(&facts).kind, ELC_PLACE_NONE);
    facts.items[ELC_FACT_AFFINE] = numbers((double *)(uintptr_t)truth.a, 6);
    facts.items[ELC_FACT_CRS] = text("somewhere");
    assert_int_equal(place_by(&facts).kind, ELC_PLACE_NONE);
}

static void test_rpcs_of_facts_are_used_where_the_image_has_none(void **state) {
    (void)state;
    set_rpc();
    elc_place own = find(NULL);
    elc_facts facts = {.items[ELC_FACT_RPC] = numbers((double *)&own.rpc, 92)};
    elc_place place = place_by(&facts);
    assert_int_equal(place.kind, ELC_PLACE_RPC);
    assert_memory_equal(&place.rpc, &own.rpc, sizeof own.rpc);
    elc_place_clear(&place);
    elc_place_clear(&own);
}

static void test_facts_alone_give_a_place_of_an_image_that_is_not_open(void **state) {
    (void)state;
    double map[8], width = WIDTH, height = HEIGHT;
    corners(map, false);
    elc_facts facts = {.items[ELC_FACT_CORNERS_MAP] = numbers(map, 8),
                       .items[ELC_FACT_CRS] = text("EPSG:32633"),
                       .items[ELC_FACT_WIDTH] = numbers(&width, 1),
                       .items[ELC_FACT_HEIGHT] = numbers(&height, 1)};
    elc_place place = {0};
    assert_int_equal(elc_place_find(NULL, &facts, NULL, &place, NULL), ELC_OK);
    assert_int_equal(place.kind, ELC_PLACE_CORNERS);
    assert_true(farthest(&place, &truth, "EPSG:32633") < 1e-6);
    elc_place_clear(&place);
}

/* ---- order ----------------------------------------------------------------------- */

static void test_an_images_own_affine_comes_first(void **state) {
    (void)state;
    double map[8];
    corners(map, false);
    elc_facts facts = {.items[ELC_FACT_CORNERS_MAP] = numbers(map, 8),
                       .items[ELC_FACT_CRS] = text("EPSG:32633")};
    picture p = {.path = PATH,
                 .width = WIDTH,
                 .height = HEIGHT,
                 .bands = 1,
                 .affine = (const double[6]){7, 1e-5, 0, 50, 0, -1e-5},
                 .crs = "EPSG:4326"};
    picture_make(&p);
    elc_place place = find(&facts);
    assert_int_equal(place.kind, ELC_PLACE_AFFINE);
    assert_true(place.affine.a[0] == 7 && isnan(place.error_m));
    assert_string_equal(elc_crs_label(place.crs), "EPSG:4326");
    elc_place_clear(&place);
    picture_delete(PATH);
}

static void test_gcps_come_before_rpcs_and_those_before_corners(void **state) {
    (void)state;
    double map[8];
    corners(map, false);
    elc_facts facts = {.items[ELC_FACT_CORNERS_MAP] = numbers(map, 8),
                       .items[ELC_FACT_CRS] = text("EPSG:32633")};
    set_rpc();
    elc_place rpc = find(&facts);
    assert_int_equal(rpc.kind, ELC_PLACE_RPC);
    facts.items[ELC_FACT_RPC] = numbers((double *)&rpc.rpc, 92);
    points p = nine(0);
    set_points(&p, "EPSG:32633");
    elc_place place = find(&facts);
    assert_int_equal(place.kind, ELC_PLACE_GCPS);
    elc_place_clear(&place);
    elc_place_clear(&rpc);
    picture_delete(PATH);
}

static void test_an_image_of_which_nothing_is_known_has_no_place(void **state) {
    (void)state;
    elc_place place = place_by(NULL);
    elc_locator *l = NULL;
    elc_error err = {0};
    assert_int_equal(place.kind, ELC_PLACE_NONE);
    assert_true(isnan(place.error_m));
    assert_int_equal(elc_place_locator(&place, &l, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message, "an image without a georeference");
}

static void
test_real_pleiades_lies_by_its_rpcs_not_on_its_scanners_plane(void **state) {
    (void)state;
    elc_image *image = picture_open(data_path("metadata/gdal/IMG_md_ple_R1C1.jp2"));
    double affine[6];
    memcpy(affine,
           (const double[6]){1208.784993489581893, 1, 0, 1825.009602864581893, 0, -1},
           sizeof affine);
    elc_facts facts = {.items[ELC_FACT_AFFINE] = numbers(affine, 6),
                       .items[ELC_FACT_CRS] = text("EPSG:32755")};
    elc_place place = {0};
    elc_point p = {0, 0};
    elc_locator *l = NULL;
    assert_int_equal(elc_place_find(image, &facts, NULL, &place, NULL), ELC_OK);
    assert_int_equal(place.kind, ELC_PLACE_RPC);
    assert_int_equal(elc_place_locator(&place, &l, NULL), ELC_OK);
    p = lonlat_by(l, p);
    assert_true(fabs(p.x - 144.84) < 0.01 && fabs(p.y + 37.76) < 0.01);
    elc_locator_free(l);
    elc_place_clear(&place);
    elc_image_free(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gcps_give_their_affine_and_no_error_when_they_have_none),
        cmocka_unit_test(test_gcps_give_the_affine_that_gdal_gives),
        cmocka_unit_test(test_gcps_state_what_the_affine_leaves_over),
        cmocka_unit_test(test_three_gcps_give_a_place_whose_error_is_not_known),
        cmocka_unit_test(test_gcps_along_a_line_or_too_few_give_no_place),
        cmocka_unit_test(
            test_gcps_in_degrees_may_lie_on_both_sides_of_the_antimeridian),
        cmocka_unit_test(test_rpcs_give_a_place_at_their_own_height_with_their_error),
        cmocka_unit_test(test_rpcs_without_stated_errors_leave_the_error_open),
        cmocka_unit_test(test_rpcs_take_the_height_that_is_wished),
        cmocka_unit_test(test_rpcs_with_a_scale_of_0_give_no_place),
        cmocka_unit_test(test_corners_on_the_map_give_their_affine),
        cmocka_unit_test(test_corners_in_degrees_are_fitted_in_the_stated_crs),
        cmocka_unit_test(test_corners_in_degrees_alone_are_fitted_in_their_utm_zone),
        cmocka_unit_test(test_corners_that_make_no_affine_state_what_is_left_over),
        cmocka_unit_test(test_corners_in_a_wrong_order_give_no_place),
        cmocka_unit_test(test_corners_of_an_image_of_another_size_give_no_place),
        cmocka_unit_test(test_what_is_stated_of_a_whole_gives_no_place_to_a_part),
        cmocka_unit_test(test_a_stated_affine_with_a_stated_crs_is_a_place),
        cmocka_unit_test(test_facts_that_cannot_be_used_give_no_place),
        cmocka_unit_test(test_rpcs_of_facts_are_used_where_the_image_has_none),
        cmocka_unit_test(test_facts_alone_give_a_place_of_an_image_that_is_not_open),
        cmocka_unit_test(test_an_images_own_affine_comes_first),
        cmocka_unit_test(test_gcps_come_before_rpcs_and_those_before_corners),
        cmocka_unit_test(test_an_image_of_which_nothing_is_known_has_no_place),
        cmocka_unit_test(test_real_pleiades_lies_by_its_rpcs_not_on_its_scanners_plane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
