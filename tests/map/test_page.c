/* test_page.c - a raster as a page: where it lies, and what it does not let through. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/map.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <cpl_conv.h>
#include <gdal.h>
#include <gdal_alg.h>
#include <ogr_srs_api.h>

enum { WIDTH = 120, HEIGHT = 90, CELLS = WIDTH * HEIGHT };
#define HOSTILE "</script><script>alert(1)</script><!--"

static const double PI = 3.14159265358979323846, RADIUS = 6378137;

static elc_status make_page(const char *code, const elc_raster_grid *grid,
                            const char *name, size_t n_bands, elc_string *page,
                            elc_error *err) {
    static float values[CELLS];
    elc_raster_band bands[64];
    elc_context context = {0};
    elc_crs *crs;
    for (int i = 0; i < CELLS; i++)
        values[i] = i % 11 == 0 ? NAN : (float)i;
    for (size_t i = 0; i < n_bands && i < 64; i++)
        bands[i] = (elc_raster_band){name, values};
    assert_int_equal(elc_crs_create(code, &crs, NULL), ELC_OK);
    elc_status status =
        elc_raster_page(grid, crs, bands, n_bands, name, name, &context, page, err);
    elc_crs_free(crs);
    return status;
}

/* West, south, east and north, as the page has them. */
static void find_bounds(const char *code, const elc_raster_grid *grid,
                        double bounds[4]) {
    elc_string page = {0};
    elc_error err = {0};
    if (make_page(code, grid, "all", 1, &page, &err) != ELC_OK)
        fail_msg("%s", err.message);
    const char *at = strstr(page.data, "\"bounds\":[");
    assert_non_null(at);
    assert_int_equal(sscanf(at, "\"bounds\":[%lf,%lf,%lf,%lf]", &bounds[0], &bounds[1],
                            &bounds[2], &bounds[3]),
                     4);
    elc_string_free(&page);
}

/* Where GDAL would put it on the web map. */
static void find_gdal_bounds(int code, const elc_raster_grid *g, double bounds[4]) {
    OGRSpatialReferenceH from = OSRNewSpatialReference(NULL), to;
    double t[6] = {g->x, g->cell, 0, g->y, 0, -g->cell}, made[6], extent[4];
    int width, height;
    char *wkt;
    GDALAllRegister();
    to = OSRNewSpatialReference(NULL);
    assert_int_equal(OSRImportFromEPSG(from, code), OGRERR_NONE);
    assert_int_equal(OSRImportFromEPSG(to, 3857), OGRERR_NONE);
    OSRSetAxisMappingStrategy(from, OAMS_TRADITIONAL_GIS_ORDER);
    GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("MEM"), "", g->width,
                                      g->height, 1, GDT_Byte, NULL);
    GDALSetGeoTransform(dataset, t);
    GDALSetSpatialRef(dataset, from);
    assert_int_equal(OSRExportToWkt(to, &wkt), OGRERR_NONE);
    void *way = GDALCreateGenImgProjTransformer(dataset, NULL, NULL, wkt, 0, 0, 1);
    assert_non_null(way);
    assert_int_equal(GDALSuggestedWarpOutput2(dataset, GDALGenImgProjTransform, way,
                                              made, &width, &height, extent, 0),
                     CE_None);
    for (int i = 0; i < 4; i++)
        bounds[i] = i % 2 == 0 ? extent[i] / RADIUS * 180 / PI
                               : atan(sinh(extent[i] / RADIUS)) * 180 / PI;
    GDALDestroyGenImgProjTransformer(way);
    CPLFree(wkt);
    GDALClose(dataset);
    OSRDestroySpatialReference(from);
    OSRDestroySpatialReference(to);
}

static void expect_gdal_bounds(int code, const elc_raster_grid *grid) {
    char name[16];
    double found[4], wanted[4];
    snprintf(name, sizeof name, "EPSG:%d", code);
    find_bounds(name, grid, found);
    find_gdal_bounds(code, grid, wanted);
    double cell = grid->cell / 111320; /* degrees, or more of longitude */
    for (int i = 0; i < 4; i++)
        if (!(fabs(found[i] - wanted[i]) < 2 * cell))
            fail_msg("%s: side %d at %.9f, GDAL's at %.9f", name, i, found[i],
                     wanted[i]);
}

static void test_page_lies_where_gdal_would_put_it(void **state) {
    (void)state;
    expect_gdal_bounds(32633, &(elc_raster_grid){500000, 5400000, 10, WIDTH, HEIGHT});
    expect_gdal_bounds(32733, &(elc_raster_grid){250000, 6200000, 3, WIDTH, HEIGHT});
    expect_gdal_bounds(3035, &(elc_raster_grid){3e6, 4e6, 12000, WIDTH, HEIGHT});
    expect_gdal_bounds(3857, &(elc_raster_grid){1e6, 6e6, 25, WIDTH, HEIGHT});
}

static void test_page_goes_on_beyond_180_degrees(void **state) {
    double b[4];
    (void)state;
    /* UTM zone 1 begins at 180 degrees, 166 km west of the false origin there. */
    find_bounds("EPSG:32601", &(elc_raster_grid){160000, 100000, 100, WIDTH, HEIGHT},
                b);
    assert_true(b[0] < b[2] && b[2] - b[0] < 0.2);
}

static void test_page_ends_where_the_web_map_does(void **state) {
    double b[4];
    elc_string page = {0};
    elc_error err = {0};
    (void)state;
    find_bounds("EPSG:32661", &(elc_raster_grid){2e6, 2e6, 10000, WIDTH, HEIGHT}, b);
    assert_true(b[3] > 85.05 && b[3] < 85.0512);
    assert_int_equal(make_page("EPSG:32661",
                               &(elc_raster_grid){2e6, 2e6, 100, WIDTH, HEIGHT}, "all",
                               1, &page, &err),
                     ELC_E_UNSUPPORTED);
    assert_int_equal(page.size, 0);
}

static size_t count(const char *text, const char *part) {
    size_t n = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        n++;
    return n;
}

static void test_page_keeps_names_from_being_markup(void **state) {
    static const elc_raster_grid grid = {500000, 5400000, 10, WIDTH, HEIGHT};
    elc_string page = {0};
    (void)state;
    assert_int_equal(make_page("EPSG:32633", &grid, HOSTILE, 2, &page, NULL), ELC_OK);
    assert_null(strstr(page.data, "alert(1)</script>"));
    assert_int_equal(count(page.data, "</script"), 2);
    assert_int_equal(count(page.data, "\\u003c/script>\\u003cscript>alert(1)"), 4);
    assert_null(strchr(page.data, '\r'));
    assert_null(strstr(page.data, "{{"));
    elc_string_free(&page);
}

static void test_page_has_so_many_bands_and_no_more(void **state) {
    static const elc_raster_grid grid = {500000, 5400000, 10, WIDTH, HEIGHT};
    elc_string page = {0};
    (void)state;
    assert_int_equal(
        make_page("EPSG:32633", &grid, "x", ELC_PAGE_BANDS + 1, &page, NULL),
        ELC_E_ARGUMENT);
    assert_int_equal(make_page("EPSG:32633", &grid, "x", 0, &page, NULL),
                     ELC_E_ARGUMENT);
    assert_int_equal(page.size, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_lies_where_gdal_would_put_it),
        cmocka_unit_test(test_page_goes_on_beyond_180_degrees),
        cmocka_unit_test(test_page_ends_where_the_web_map_does),
        cmocka_unit_test(test_page_keeps_names_from_being_markup),
        cmocka_unit_test(test_page_has_so_many_bands_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
