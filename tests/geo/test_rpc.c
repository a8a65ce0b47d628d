/* test_rpc.c - rational polynomials against GDAL's own, at all heights that Earth has.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/geo.h>

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

#define TOLERANCE_PX  1e-6
#define TOLERANCE_DEG 1e-9

static const double heights[] = {-400, 0, 95, 600, 2500, 8800};
enum { HEIGHTS = sizeof heights / sizeof heights[0], ACROSS = 9 };

/* RPCs as ours and as GDAL's. */
typedef struct model {
    elc_rpc ours;
    GDALRPCInfoV2 theirs;
} model;

static elc_rpc from_gdal(const GDALRPCInfoV2 *r) {
    elc_rpc rpc = {
        .error_bias = r->dfERR_BIAS,
        .error_rand = r->dfERR_RAND,
        .line_off = r->dfLINE_OFF,
        .samp_off = r->dfSAMP_OFF,
        .lat_off = r->dfLAT_OFF,
        .lon_off = r->dfLONG_OFF,
        .height_off = r->dfHEIGHT_OFF,
        .line_scale = r->dfLINE_SCALE,
        .samp_scale = r->dfSAMP_SCALE,
        .lat_scale = r->dfLAT_SCALE,
        .lon_scale = r->dfLONG_SCALE,
        .height_scale = r->dfHEIGHT_SCALE,
    };
    memcpy(rpc.line_num, r->adfLINE_NUM_COEFF, sizeof rpc.line_num);
    memcpy(rpc.line_den, r->adfLINE_DEN_COEFF, sizeof rpc.line_den);
    memcpy(rpc.samp_num, r->adfSAMP_NUM_COEFF, sizeof rpc.samp_num);
    memcpy(rpc.samp_den, r->adfSAMP_DEN_COEFF, sizeof rpc.samp_den);
    return rpc;
}

/* The RPCs that GDAL finds with an image below ELCANO_DATA/metadata/gdal. */
static model model_of(const char *name) {
    char path[1000];
    model m;
    const char *data = getenv("ELCANO_DATA");
    snprintf(path, sizeof path, "%s/metadata/gdal/%s",
             data ? data : ELCANO_SOURCE_DIR "/../shared/data", name);
    GDALAllRegister();
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    if (!dataset) {
        fprintf(stderr, "SKIPPED: %s is not there (set ELCANO_DATA)\n", path);
        skip();
    }
    assert_true(GDALExtractRPCInfoV2(GDALGetMetadata(dataset, "RPC"), &m.theirs));
    GDALClose(dataset);
    m.ours = from_gdal(&m.theirs);
    assert_int_equal(elc_rpc_check(&m.ours, NULL), ELC_OK);
    return m;
}

/* A pixel of a grid over what the RPCs are for, and a bit beyond. */
static elc_point pixel_at(const elc_rpc *rpc, int col, int row) {
    double across = 2.2 * col / (ACROSS - 1) - 1.1,
           down = 2.2 * row / (ACROSS - 1) - 1.1;
    return (elc_point){rpc->samp_off + across * rpc->samp_scale,
                       rpc->line_off + down * rpc->line_scale};
}

static void *gdal_transformer(model *m) {
    void *t = GDALCreateRPCTransformerV2(&m->theirs, FALSE, 1e-9, NULL);
    assert_non_null(t);
    return t;
}

static void pixel_agrees(const model *m, void *gdal, elc_point pixel, double height) {
    double x = pixel.x, y = pixel.y, z = height;
    int ok = 0;
    elc_point place = elc_rpc_lonlat(&m->ours, pixel, height);
    assert_true(GDALRPCTransform(gdal, FALSE, 1, &x, &y, &z, &ok) && ok);
    if (!(fabs(place.x - x) <= TOLERANCE_DEG && fabs(place.y - y) <= TOLERANCE_DEG))
        fail_msg("pixel %g, %g at %g m: %.12f, %.12f is not %.12f, %.12f", pixel.x,
                 pixel.y, height, place.x, place.y, x, y);
    elc_point back = elc_rpc_pixel(&m->ours, place, height);
    x = place.x, y = place.y, z = height;
    assert_true(GDALRPCTransform(gdal, TRUE, 1, &x, &y, &z, &ok) && ok);
    assert_true(fabs(back.x - x) <= TOLERANCE_PX && fabs(back.y - y) <= TOLERANCE_PX);
    assert_true(fabs(back.x - pixel.x) <= TOLERANCE_PX);
    assert_true(fabs(back.y - pixel.y) <= TOLERANCE_PX);
}

static void agrees(model *m) {
    void *gdal = gdal_transformer(m);
    for (int h = 0; h < HEIGHTS; h++)
        for (int i = 0; i < ACROSS * ACROSS; i++)
            pixel_agrees(m, gdal, pixel_at(&m->ours, i % ACROSS, i / ACROSS),
                         heights[h]);
    GDALDestroyRPCTransformer(gdal);
}

static void test_rpc_agrees_with_gdal_on_worldview(void **state) {
    (void)state;
    model m = model_of("md_dg.tif");
    agrees(&m);
}

static void test_rpc_agrees_with_gdal_on_pleiades(void **state) {
    (void)state;
    model m = model_of("IMG_md_ple_R1C1.jp2");
    agrees(&m);
}

static void test_rpc_agrees_with_gdal_across_the_antimeridian(void **state) {
    (void)state;
    model m = model_of("md_dg.tif");
    m.ours.lon_off = m.theirs.dfLONG_OFF = 179.995;
    void *gdal = gdal_transformer(&m);
    elc_point east = elc_rpc_lonlat(&m.ours, pixel_at(&m.ours, 8, 4), 0);
    elc_point again = elc_rpc_pixel(&m.ours, east, 0);
    double x = east.x, y = east.y, z = 0;
    int ok = 0;
    assert_true(east.x < -179);
    assert_true(GDALRPCTransform(gdal, TRUE, 1, &x, &y, &z, &ok) && ok);
    assert_true(hypot(again.x - x, again.y - y) <= TOLERANCE_PX);
    GDALDestroyRPCTransformer(gdal);
}

/* Polynomials that are one factor each: column = longitude, line = -latitude. */
static elc_rpc plain(void) {
    return (elc_rpc){
        .error_bias = -1,
        .error_rand = -1,
        .line_off = 99.5,
        .samp_off = 99.5,
        .lat_off = 45,
        .lon_off = 10,
        .line_scale = 100,
        .samp_scale = 100,
        .lat_scale = 0.01,
        .lon_scale = 0.01,
        .height_scale = 100,
        .line_num = {[2] = -1},
        .line_den = {1},
        .samp_num = {[1] = 1, [3] = 0.1},
        .samp_den = {1},
    };
}

static void test_rpc_pixel_counts_from_the_outer_corner(void **state) {
    (void)state;
    elc_rpc rpc = plain();
    elc_point middle = elc_rpc_pixel(&rpc, (elc_point){10, 45}, 0);
    elc_point corner = elc_rpc_lonlat(&rpc, (elc_point){0, 0}, 0);
    assert_true(fabs(middle.x - 100) < 1e-9 && fabs(middle.y - 100) < 1e-9);
    assert_true(fabs(corner.x - 9.99) < 1e-12 && fabs(corner.y - 45.01) < 1e-12);
}

static void test_rpc_without_a_solution_gives_no_place(void **state) {
    (void)state;
    elc_rpc rpc = plain();
    rpc.samp_num[1] = 0;
    rpc.samp_num[7] = 1; /* a square is never negative */
    assert_true(isnan(elc_rpc_lonlat(&rpc, (elc_point){20, 20}, 0).x));
    rpc = plain();
    rpc.lat_off = 89.999;
    assert_true(isnan(elc_rpc_lonlat(&rpc, (elc_point){100, 0}, 0).x));
    assert_true(isnan(elc_rpc_lonlat(&rpc, (elc_point){NAN, 0}, 0).y));
    rpc.line_den[0] = 0;
    assert_true(isnan(elc_rpc_pixel(&rpc, (elc_point){10, 45}, 0).x));
}

static void test_rpc_check_refuses_scales_of_0_and_what_is_not_finite(void **state) {
    (void)state;
    elc_error err = {0};
    elc_rpc rpc = plain();
    assert_int_equal(elc_rpc_check(&rpc, NULL), ELC_OK);
    rpc.lat_scale = 0;
    assert_int_equal(elc_rpc_check(&rpc, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message,
                        "RPC: a scale is 0: it must be a number other than 0");
    rpc = plain();
    rpc.samp_den[19] = NAN;
    assert_int_equal(elc_rpc_check(&rpc, NULL), ELC_E_ARGUMENT);
    rpc = plain();
    rpc.height_off = INFINITY;
    assert_int_equal(elc_rpc_check(&rpc, NULL), ELC_E_ARGUMENT);
}

/* ---- locators -------------------------------------------------------------------- */

/* Ground that rises by slope[0] metres a degree of longitude from 10 on. */
static double slope_at(void *arg, elc_point lonlat) {
    return *(double *)arg * (lonlat.x - 10);
}

static double cliff_at(void *arg, elc_point lonlat) {
    return lonlat.x < 10 ? *(double *)arg : NAN;
}

static elc_locator *locator_of(const elc_rpc *rpc, elc_ground ground) {
    elc_locator *l = NULL;
    elc_error err = {0};
    if (elc_locator_create_rpc(rpc, &ground, &l, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return l;
}

static void test_locator_by_rpc_is_at_its_height(void **state) {
    (void)state;
    elc_rpc rpc = plain();
    elc_locator *l = locator_of(&rpc, (elc_ground){.height_m = 250});
    elc_point p[2] = {{100, 100}, {NAN, 1}};
    elc_point there = elc_rpc_lonlat(&rpc, p[0], 250);
    assert_int_equal(elc_locator_lonlat(l, p, 2), 1);
    assert_true(p[0].x == there.x && p[0].y == there.y && isnan(p[1].x));
    elc_locator_free(l);
}

/* One normalised unit of longitude (0.01 degrees) is seen 0.1 units of height (10 m)
   early, so a place is where lon = column - height / 100000. */
static void sloped(double metres_a_degree) {
    elc_rpc rpc = plain();
    elc_locator *l =
        locator_of(&rpc, (elc_ground){.height_at = slope_at, .arg = &metres_a_degree});
    for (int x = 0; x <= 200; x += 20) {
        elc_point p = {x, 50};
        assert_int_equal(elc_locator_lonlat(l, &p, 1), 0);
        double degrees = (x - 100) / 100.0 * 0.01 / (1 + metres_a_degree / 1e5);
        assert_true(fabs(p.x - 10 - degrees) < 1e-10);
    }
    elc_locator_free(l);
}

static void test_locator_finds_where_the_line_of_sight_meets_the_ground(void **state) {
    (void)state;
    sloped(0);
    sloped(5e4);
    sloped(-5e4);
    sloped(-9e4);
    sloped(3e5); /* steeper than the line of sight: steps alone would run away */
}

static void test_locator_takes_its_height_where_the_ground_is_not_known(void **state) {
    (void)state;
    elc_rpc rpc = plain();
    double high = 100;
    elc_ground ground = {.height_m = 7, .height_at = cliff_at, .arg = &high};
    elc_locator *l = locator_of(&rpc, ground);
    elc_point known = {50, 50}, unknown = {150, 50};
    elc_point at_100 = elc_rpc_lonlat(&rpc, known, 100);
    elc_point at_7 = elc_rpc_lonlat(&rpc, unknown, 7);
    elc_locator_lonlat(l, &known, 1);
    elc_locator_lonlat(l, &unknown, 1);
    assert_true(elc_distance_m(known, at_100) < 1e-4);
    assert_true(elc_distance_m(unknown, at_7) < 1e-4);
    elc_locator_free(l);
}

static void released(void *arg) {
    ++*(int *)arg;
}

static void test_locator_owns_its_ground_only_when_it_could_be_made(void **state) {
    (void)state;
    elc_rpc rpc = plain();
    int times = 0;
    elc_ground ground = {.height_at = slope_at, .release = released, .arg = &times};
    elc_locator_free(locator_of(&rpc, ground));
    assert_int_equal(times, 1);
    elc_locator *l = NULL;
    ground.height_m = NAN;
    assert_int_equal(elc_locator_create_rpc(&rpc, &ground, &l, NULL), ELC_E_ARGUMENT);
    assert_int_equal(times, 1);
    assert_null(l);
}

static void test_locator_by_rpc_measures_pixels(void **state) {
    (void)state;
    elc_rpc rpc = plain();
    elc_locator *l = locator_of(&rpc, (elc_ground){0});
    double x_m = 0, y_m = 0;
    elc_locator_pixel_size_m(l, (elc_point){100, 100}, &x_m, &y_m);
    assert_true(fabs(x_m - 7.884) < 1e-3); /* 1e-4 degrees at 45 north */
    assert_true(fabs(y_m - 11.113) < 1e-3);
    elc_locator_free(l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rpc_agrees_with_gdal_on_worldview),
        cmocka_unit_test(test_rpc_agrees_with_gdal_on_pleiades),
        cmocka_unit_test(test_rpc_agrees_with_gdal_across_the_antimeridian),
        cmocka_unit_test(test_rpc_pixel_counts_from_the_outer_corner),
        cmocka_unit_test(test_rpc_without_a_solution_gives_no_place),
        cmocka_unit_test(test_rpc_check_refuses_scales_of_0_and_what_is_not_finite),
        cmocka_unit_test(test_locator_by_rpc_is_at_its_height),
        cmocka_unit_test(test_locator_finds_where_the_line_of_sight_meets_the_ground),
        cmocka_unit_test(test_locator_takes_its_height_where_the_ground_is_not_known),
        cmocka_unit_test(test_locator_owns_its_ground_only_when_it_could_be_made),
        cmocka_unit_test(test_locator_by_rpc_measures_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
