/* test_place_dem.c - lines of sight that end on terrain. */
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

#include <cpl_string.h>
#include <gdal.h>
#include <gdal_alg.h>
#include <ogr_srs_api.h>

#include "pictures.h"

#define DEM "/vsimem/dem.tif"

/* Looks down at a slant: a metre of height moves a pixel of about 0.8 m by 0.5. */
static const elc_rpc slanted = {
    .error_bias = -1,
    .error_rand = -1,
    .line_off = 199.5,
    .samp_off = 199.5,
    .lat_off = 46.5,
    .lon_off = 8.1,
    .height_off = 1000,
    .line_scale = 200,
    .samp_scale = 200,
    .lat_scale = 0.0015,
    .lon_scale = 0.002,
    .height_scale = 500,
    .line_num = {0.001, 0.02, -1, -0.8, 0.003},
    .line_den = {1, 0.001},
    .samp_num = {-0.002, 1, 0.01, 1.25, 0, 0.001},
    .samp_den = {1, 0, 0.002},
};

/* ---- rasters of heights ---------------------------------------------------------- */

typedef struct heights {
    int width, height;
    double affine[6];
    const char *crs;
    float (*at)(int col, int row);
    GDALDataType type;
} heights;

static float hilly(int col, int row) {
    return (float)(900 + 300 * sin(col / 9.0) * cos(row / 7.0));
}

static float level(int col, int row) {
    (void)col, (void)row;
    return 1200;
}

/* Over the image and around it, 20 m a pixel or so. */
static heights degrees_of(float (*at)(int, int)) {
    return (heights){200,         200, {8.07, 0.0003, 0, 46.53, 0, -0.0003},
                     "EPSG:4326", at,  GDT_Float32};
}

static GDALDatasetH make(const heights *h) {
    GDALAllRegister();
    GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("GTiff"), DEM, h->width,
                                      h->height, 1, h->type, NULL);
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    float *row = malloc((size_t)h->width * sizeof *row);
    assert_int_equal(OSRSetFromUserInput(srs, h->crs), OGRERR_NONE);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    GDALSetSpatialRef(dataset, srs);
    OSRDestroySpatialReference(srs);
    GDALSetGeoTransform(dataset, (double *)(uintptr_t)h->affine);
    for (int y = 0; y < h->height; y++) {
        for (int x = 0; x < h->width; x++)
            row[x] = h->at(x, y);
        assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Write, 0, y,
                                      h->width, 1, row, h->width, 1, GDT_Float32, 0, 0),
                         CE_None);
    }
    free(row);
    return dataset;
}

static elc_locator *locate(double height_m, const char *dem) {
    elc_locator *l = NULL;
    elc_error err = {0};
    elc_place place = {.kind = ELC_PLACE_RPC,
                       .rpc = slanted,
                       .height_m = height_m,
                       .dem = (char *)(uintptr_t)dem};
    if (elc_place_locator(&place, &l, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return l;
}

static elc_point pixel_at(int i) {
    return (elc_point){100.0 * (i % 5), 100.0 * (i / 5)};
}

/* All pixels lie as at one height. */
static void lies_at(elc_locator *l, double height) {
    for (int i = 0; i < 25; i++) {
        elc_point p = pixel_at(i), flat = elc_rpc_lonlat(&slanted, p, height);
        assert_int_equal(elc_locator_lonlat(l, &p, 1), 0);
        double off = elc_distance_m(p, flat);
        if (!(off < 1e-3))
            fail_msg("pixel %d is off by %g m", i, off);
    }
    elc_locator_free(l);
}

/* ---- tests ----------------------------------------------------------------------- */

static void *gdal_on_dem(const elc_rpc *r) {
    GDALRPCInfoV2 g = {.dfLINE_OFF = r->line_off,
                       .dfSAMP_OFF = r->samp_off,
                       .dfLAT_OFF = r->lat_off,
                       .dfLONG_OFF = r->lon_off,
                       .dfHEIGHT_OFF = r->height_off,
                       .dfLINE_SCALE = r->line_scale,
                       .dfSAMP_SCALE = r->samp_scale,
                       .dfLAT_SCALE = r->lat_scale,
                       .dfLONG_SCALE = r->lon_scale,
                       .dfHEIGHT_SCALE = r->height_scale,
                       .dfMIN_LONG = -180,
                       .dfMIN_LAT = -90,
                       .dfMAX_LONG = 180,
                       .dfMAX_LAT = 90};
    memcpy(g.adfLINE_NUM_COEFF, r->line_num, sizeof g.adfLINE_NUM_COEFF);
    memcpy(g.adfLINE_DEN_COEFF, r->line_den, sizeof g.adfLINE_DEN_COEFF);
    memcpy(g.adfSAMP_NUM_COEFF, r->samp_num, sizeof g.adfSAMP_NUM_COEFF);
    memcpy(g.adfSAMP_DEN_COEFF, r->samp_den, sizeof g.adfSAMP_DEN_COEFF);
    char **options = CSLSetNameValue(NULL, "RPC_DEM", DEM);
    options = CSLSetNameValue(options, "RPC_DEMINTERPOLATION", "bilinear");
    options = CSLSetNameValue(options, "RPC_MAX_ITERATIONS", "50");
    void *t = GDALCreateRPCTransformerV2(&g, FALSE, 1e-5, options);
    CSLDestroy(options);
    assert_non_null(t);
    return t;
}

static void places_are_gdals(const heights *h) {
    GDALClose(make(h));
    void *gdal = gdal_on_dem(&slanted);
    elc_locator *l = locate(1000, DEM);
    for (int i = 0; i < 25; i++) {
        elc_point p = pixel_at(i);
        double x = p.x, y = p.y, z = 0;
        int ok = 0;
        assert_int_equal(elc_locator_lonlat(l, &p, 1), 0);
        assert_true(GDALRPCTransform(gdal, FALSE, 1, &x, &y, &z, &ok) && ok);
        double off = elc_distance_m(p, (elc_point){x, y});
        if (!(off < 0.01))
            fail_msg("pixel %d is off by %g m", i, off);
    }
    elc_locator_free(l);
    GDALDestroyRPCTransformer(gdal);
    picture_delete(DEM);
}

static void test_places_on_terrain_are_those_that_gdal_finds(void **state) {
    (void)state;
    heights h = degrees_of(hilly);
    places_are_gdals(&h);
}

/* EGM96, whose grid comes with PROJ's data: 53 m there. */
static void test_heights_above_a_geoid_are_brought_to_the_ellipsoid(void **state) {
    (void)state;
    heights h = degrees_of(hilly);
    h.crs = "EPSG:4326+5773";
    places_are_gdals(&h);
    h.at = level;
    GDALClose(make(&h));
    elc_locator *l = locate(0, DEM);
    elc_point p = {200, 200}, low = elc_rpc_lonlat(&slanted, p, 1200);
    assert_int_equal(elc_locator_lonlat(l, &p, 1), 0);
    assert_true(elc_distance_m(p, low) > 20);
    elc_locator_free(l);
    picture_delete(DEM);
}

static void test_a_place_on_terrain_has_the_terrains_height(void **state) {
    (void)state;
    heights h = degrees_of(level);
    GDALClose(make(&h));
    lies_at(locate(0, DEM), 1200);
    picture_delete(DEM);
}

static void test_terrain_may_be_in_any_crs_and_type(void **state) {
    (void)state;
    heights swiss = {600,         600,   {2648000, 10, 0, 1153000, 0, -10},
                     "EPSG:2056", level, GDT_Int16};
    GDALClose(make(&swiss));
    lies_at(locate(0, DEM), 1200);
    heights around = degrees_of(level);
    around.affine[0] += 360;
    GDALClose(make(&around));
    lies_at(locate(0, DEM), 1200);
    picture_delete(DEM);
}

static void test_terrain_may_be_in_feet_and_have_a_scale(void **state) {
    (void)state;
    heights h = degrees_of(level);
    GDALDatasetH dataset = make(&h);
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    GDALSetRasterUnitType(band, "ft");
    GDALSetRasterScale(band, 2);
    GDALSetRasterOffset(band, 100);
    GDALClose(dataset);
    lies_at(locate(0, DEM), (1200 * 2 + 100) * 0.3048);
    picture_delete(DEM);
}

static void test_outside_of_the_terrain_the_given_height_holds(void **state) {
    (void)state;
    heights far = degrees_of(level);
    far.affine[0] += 5;
    GDALClose(make(&far));
    lies_at(locate(321, DEM), 321);
    heights h = degrees_of(level);
    GDALDatasetH dataset = make(&h);
    GDALSetRasterNoDataValue(GDALGetRasterBand(dataset, 1), 1200);
    GDALClose(dataset);
    lies_at(locate(321, DEM), 321);
    picture_delete(DEM);
}

static elc_status open_fails(const char *dem, elc_error *err) {
    elc_locator *l = NULL;
    elc_place_wish wish = {0, dem};
    elc_place place = {
        .kind = ELC_PLACE_RPC, .rpc = slanted, .dem = (char *)(uintptr_t)dem};
    elc_status status = elc_place_wish_check(&wish, err);
    assert_int_equal(elc_place_locator(&place, &l, NULL), status);
    return status;
}

static void test_terrain_that_cannot_be_used_is_refused(void **state) {
    (void)state;
    elc_error err = {0};
    picture p = {.path = "/vsimem/nowhere.tif", .width = 8, .height = 8, .bands = 1};
    picture_make(&p);
    assert_int_equal(open_fails("/vsimem/none.tif", &err), ELC_E_NOT_FOUND);
    assert_int_equal(open_fails(p.path, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message,
                        "/vsimem/nowhere.tif: heights without a georeference: give a "
                        "raster with an affine and a CRS");
    picture_delete(p.path);
}

/* Of North America, which is no use in the Alps. */
static void test_heights_above_an_unknown_geoid_are_refused(void **state) {
    (void)state;
    elc_error err = {0};
    heights h = degrees_of(level);
    h.crs = "EPSG:4326+5703";
    GDALClose(make(&h));
    assert_int_equal(open_fails(DEM, &err), ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "heights by \"NAVD88 height\""));
    assert_non_null(strstr(err.message, "gdalwarp -t_srs EPSG:4979"));
    picture_delete(DEM);
}

static void test_a_wish_without_terrain_is_well(void **state) {
    (void)state;
    elc_place_wish wish = {NAN, NULL};
    assert_int_equal(elc_place_wish_check(&wish, NULL), ELC_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_on_terrain_are_those_that_gdal_finds),
        cmocka_unit_test(test_heights_above_a_geoid_are_brought_to_the_ellipsoid),
        cmocka_unit_test(test_heights_above_an_unknown_geoid_are_refused),
        cmocka_unit_test(test_a_place_on_terrain_has_the_terrains_height),
        cmocka_unit_test(test_terrain_may_be_in_any_crs_and_type),
        cmocka_unit_test(test_terrain_may_be_in_feet_and_have_a_scale),
        cmocka_unit_test(test_outside_of_the_terrain_the_given_height_holds),
        cmocka_unit_test(test_terrain_that_cannot_be_used_is_refused),
        cmocka_unit_test(test_a_wish_without_terrain_is_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
