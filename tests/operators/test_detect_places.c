/* test_detect_places.c - objects in images without a place of their own: control
   points, RPCs, what sidecars say. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "support/detecting.h"
#include "support/planted.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cpl_string.h>
#include <gdal.h>
#include <gdal_alg.h>
#include <ogr_srs_api.h>

#include <elcano/geo.h>

enum { OBJECTS = 120 };

static char town[512], model_option[600];

/* Where the town really lies. */
static double affine[6];
static elc_locator *truth;

/* ---- images ---------------------------------------------------------------------- */

/* A copy of the town's pixels without its place. */
static GDALDatasetH bare_copy(const char *name) {
    GDALDatasetH from = GDALOpen(town, GA_ReadOnly);
    int width = GDALGetRasterXSize(from), height = GDALGetRasterYSize(from);
    int bands = GDALGetRasterCount(from);
    size_t size = (size_t)width * (size_t)height * (size_t)bands;
    uint8_t *pixels = malloc(size);
    assert_int_equal(GDALDatasetRasterIO(from, GF_Read, 0, 0, width, height, pixels,
                                         width, height, GDT_Byte, bands, NULL, 0, 0, 0),
                     CE_None);
    GDALDatasetH to = GDALCreate(GDALGetDriverByName("GTiff"), planted_path(name),
                                 width, height, bands, GDT_Byte, NULL);
    assert_int_equal(GDALDatasetRasterIO(to, GF_Write, 0, 0, width, height, pixels,
                                         width, height, GDT_Byte, bands, NULL, 0, 0, 0),
                     CE_None);
    free(pixels);
    GDALClose(from);
    return to;
}

/* Sixteen points of the true affine, each off by up to a metre. */
static const char *with_points(void) {
    static char text[] = "";
    GDAL_GCP gcps[16];
    GDALDatasetH dataset = bare_copy("points.tif");
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(srs, 32633);
    for (int i = 0; i < 16; i++) {
        double x = GDALGetRasterXSize(dataset) * (i % 4) / 3.0;
        double y = GDALGetRasterYSize(dataset) * (i / 4) / 3.0;
        elc_affine t;
        memcpy(t.a, affine, sizeof affine);
        elc_point g = elc_affine_apply(&t, (elc_point){x, y});
        gcps[i] =
            (GDAL_GCP){text, text, x, y, g.x + sin(5.0 * i), g.y + cos(9.0 * i), 0};
    }
    assert_int_equal(GDALSetGCPs2(dataset, 16, gcps, srs), CE_None);
    OSRDestroySpatialReference(srs);
    GDALClose(dataset);
    return planted_path("points.tif");
}

/* RPCs of a slanted view of Lower Austria; a metre of height is two pixels or so. */
static const GDALRPCInfoV2 slanted = {
    .dfLINE_OFF = 299.5,
    .dfSAMP_OFF = 399.5,
    .dfLAT_OFF = 47.9,
    .dfLONG_OFF = 15.1,
    .dfHEIGHT_OFF = 300,
    .dfLINE_SCALE = 300,
    .dfSAMP_SCALE = 400,
    .dfLAT_SCALE = 0.0012,
    .dfLONG_SCALE = 0.0019,
    .dfHEIGHT_SCALE = 500,
    .adfLINE_NUM_COEFF = {0.001, 0.02, -1, -1.1, 0.002},
    .adfLINE_DEN_COEFF = {1, 0.001},
    .adfSAMP_NUM_COEFF = {-0.002, 1, 0.01, 0.9, 0, 0.001},
    .adfSAMP_DEN_COEFF = {1, 0, 0.002},
    .dfMIN_LONG = -180,
    .dfMIN_LAT = -90,
    .dfMAX_LONG = 180,
    .dfMAX_LAT = 90,
    .dfERR_BIAS = 3,
    .dfERR_RAND = 4,
};

static const char *with_rpcs(void) {
    GDALRPCInfoV2 rpc = slanted;
    GDALDatasetH dataset = bare_copy("rpcs.tif");
    char **items = RPCInfoV2ToMD(&rpc);
    assert_int_equal(GDALSetMetadata(dataset, items, "RPC"), CE_None);
    CSLDestroy(items);
    GDALClose(dataset);
    return planted_path("rpcs.tif");
}

static double hill(double lon, double lat) {
    return 400 + 60 * sin((lon - 15) * 900) * cos((lat - 48) * 1100);
}

/* Heights around the image of the RPCs. */
static const char *terrain(void) {
    enum { SIDE = 300 };
    static float heights[SIDE * SIDE];
    double grid[6] = {15.085, 0.0001, 0, 47.915, 0, -0.0001};
    for (int i = 0; i < SIDE * SIDE; i++)
        heights[i] = (float)hill(grid[0] + grid[1] * (i % SIDE + 0.5),
                                 grid[3] + grid[5] * (i / SIDE + 0.5));
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    OSRImportFromEPSG(srs, 4326);
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    GDALDatasetH dataset =
        GDALCreate(GDALGetDriverByName("GTiff"), planted_path("dem.tif"), SIDE, SIDE, 1,
                   GDT_Float32, NULL);
    GDALSetSpatialRef(dataset, srs);
    OSRDestroySpatialReference(srs);
    GDALSetGeoTransform(dataset, grid);
    assert_int_equal(GDALRasterIO(GDALGetRasterBand(dataset, 1), GF_Write, 0, 0, SIDE,
                                  SIDE, heights, SIDE, SIDE, GDT_Float32, 0, 0),
                     CE_None);
    GDALClose(dataset);
    return planted_path("dem.tif");
}

/* ---- rows ------------------------------------------------------------------------ */

static elc_status try_detect(const char *image, const char *const *more,
                             uint64_t part_units, char **text, elc_error *err) {
    const char *paths[] = {image, NULL};
    const char *options[8] = {model_option, "chip=320", "overlap=104"};
    for (size_t i = 0; more && more[i]; i++)
        options[3 + i] = more[i];
    detecting d = {paths, options, NULL, part_units};
    elc_string rows = {0};
    elc_status status = detecting_rows(&d, &rows, NULL, err);
    *text = rows.data ? rows.data : calloc(1, 1);
    return status;
}

static char *detect(const char *image, const char *const *more, uint64_t part_units) {
    char *text;
    elc_error err = {0};
    if (try_detect(image, more, part_units, &text, &err) != ELC_OK)
        fail_msg("%s", err.message);
    return text;
}

typedef struct row {
    elc_point pixel, lonlat; /* of the box's centre */
    double error_m;          /* NaN: not stated */
} row;

static double value(const char *line, const char *name) {
    char key[64];
    snprintf(key, sizeof key, " %s=", name);
    const char *end = strchr(line, '\n'), *at = strstr(line, key);
    return at && at < end ? strtod(at + strlen(key), NULL) : (double)NAN;
}

/* Reads the objects' rows and gives how many there are. */
static size_t read_rows(const char *text, row *out, size_t most) {
    size_t n = 0;
    for (const char *line = text; line && *line && n < most;) {
        double x0 = value(line, "xmin_px"), x1 = value(line, "xmax_px");
        double y0 = value(line, "ymin_px"), y1 = value(line, "ymax_px");
        if (!isnan(x0))
            out[n++] = (row){{x0 + (x1 - x0) / 2, y0 + (y1 - y0) / 2},
                             {value(line, "lon"), value(line, "lat")},
                             value(line, "position_error_m")};
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return n;
}

static elc_point true_place(elc_point pixel) {
    elc_locator_lonlat(truth, &pixel, 1);
    return pixel;
}

/* ---- control points -------------------------------------------------------------- */

static void test_objects_lie_by_control_points_within_their_stated_error(void **state) {
    (void)state;
    static row rows[OBJECTS + 1];
    double sum = 0;
    char *text = detect(with_points(), NULL, 0);
    assert_int_equal(read_rows(text, rows, OBJECTS + 1), OBJECTS);
    for (int i = 0; i < OBJECTS; i++) {
        double off = elc_distance_m(rows[i].lonlat, true_place(rows[i].pixel));
        assert_true(rows[i].error_m > 0.5 && rows[i].error_m < 1.2);
        assert_true(off < 3 * rows[i].error_m);
        sum += off * off;
    }
    assert_true(sqrt(sum / OBJECTS) < rows[0].error_m);
    assert_non_null(strstr(text, "geometry="));
    assert_non_null(strstr(text, "length_m="));
    assert_non_null(strstr(text, "gsd_m="));
    free(text);
}

static void *gdal_by_points(const char *path) {
    GDALDatasetH dataset = GDALOpen(path, GA_ReadOnly);
    void *t = GDALCreateGCPTransformer(GDALGetGCPCount(dataset), GDALGetGCPs(dataset),
                                       1, FALSE);
    GDALClose(dataset);
    return t;
}

static void test_objects_lie_where_gdal_puts_them_by_control_points(void **state) {
    (void)state;
    static row rows[OBJECTS + 1];
    elc_crs *utm = NULL;
    elc_transform *to_lonlat = NULL;
    char *text = detect(with_points(), NULL, 0);
    size_t n = read_rows(text, rows, OBJECTS + 1);
    void *gdal = gdal_by_points(planted_path("points.tif"));
    assert_int_equal(elc_crs_create("EPSG:32633", &utm, NULL), ELC_OK);
    assert_int_equal(elc_transform_create(utm, NULL, &to_lonlat, NULL), ELC_OK);
    for (size_t i = 0; i < n; i++) {
        elc_point p = rows[i].pixel;
        double z = 0;
        int ok = 0;
        assert_true(GDALGCPTransform(gdal, FALSE, 1, &p.x, &p.y, &z, &ok) && ok);
        elc_transform_points(to_lonlat, &p, 1);
        assert_true(elc_distance_m(p, rows[i].lonlat) < 1e-3);
    }
    elc_transform_free(to_lonlat);
    elc_crs_free(utm);
    GDALDestroyGCPTransformer(gdal);
    free(text);
}

static void test_crs_image_is_that_of_the_control_points(void **state) {
    (void)state;
    const char *const image[] = {"crs=image", NULL}, *const code[] = {"crs=EPSG:32633",
                                                                      NULL};
    char *ours = detect(with_points(), image, 0);
    char *theirs = detect(planted_path("points.tif"), code, 0);
    assert_non_null(strstr(ours, "geometry="));
    assert_string_equal(ours, theirs);
    free(ours);
    free(theirs);
}

/* ---- rational polynomials -------------------------------------------------------- */

/* Each object is where GDAL's transformer puts the centre of its box. */
static void lies_by_gdal(const char *text, double height, const char *dem,
                         double tolerance_m) {
    static row rows[OBJECTS + 1];
    size_t n = read_rows(text, rows, OBJECTS + 1);
    char **options = dem ? CSLSetNameValue(NULL, "RPC_DEM", dem) : NULL;
    if (dem)
        options = CSLSetNameValue(options, "RPC_DEMINTERPOLATION", "bilinear");
    void *gdal = GDALCreateRPCTransformerV2(&slanted, FALSE, 1e-6, options);
    CSLDestroy(options);
    assert_int_equal(n, OBJECTS);
    for (size_t i = 0; i < n; i++) {
        elc_point p = rows[i].pixel;
        double z = height;
        int ok = 0;
        assert_true(GDALRPCTransform(gdal, FALSE, 1, &p.x, &p.y, &z, &ok) && ok);
        double off = elc_distance_m(p, rows[i].lonlat);
        if (!(off < tolerance_m))
            fail_msg("object %zu is off by %g m", i, off);
        assert_true(rows[i].error_m == 5);
    }
    GDALDestroyRPCTransformer(gdal);
}

static void test_objects_lie_by_rpcs_at_their_own_height(void **state) {
    (void)state;
    char *text = detect(with_rpcs(), NULL, 0);
    lies_by_gdal(text, 300, NULL, 1e-3);
    free(text);
}

static void test_objects_lie_by_rpcs_at_the_height_given(void **state) {
    (void)state;
    const char *const high[] = {"height=1234.5", NULL};
    char *text = detect(with_rpcs(), high, 0);
    lies_by_gdal(text, 1234.5, NULL, 1e-3);
    free(text);
}

static void test_objects_lie_by_rpcs_on_terrain(void **state) {
    (void)state;
    char option[600];
    snprintf(option, sizeof option, "dem=%s", terrain());
    const char *const dem[] = {option, NULL};
    char *text = detect(with_rpcs(), dem, 0);
    lies_by_gdal(text, 0, planted_path("dem.tif"), 0.01);
    free(text);
}

static void test_terrain_and_places_are_the_same_in_any_parts(void **state) {
    (void)state;
    char option[600];
    snprintf(option, sizeof option, "dem=%s", terrain());
    const char *const dem[] = {option, "crs=EPSG:3035", NULL};
    char *plain = detect(with_rpcs(), dem, 0);
    for (uint64_t units = 1; units < 4; units += 2) {
        char *parts = detect(planted_path("rpcs.tif"), dem, units);
        assert_string_equal(parts, plain);
        free(parts);
    }
    free(plain);
}

static void test_control_points_are_the_same_in_any_parts(void **state) {
    (void)state;
    char *plain = detect(with_points(), NULL, 0);
    char *parts = detect(planted_path("points.tif"), NULL, 2);
    assert_string_equal(parts, plain);
    free(parts);
    free(plain);
}

static void test_an_area_works_in_images_with_rpcs(void **state) {
    (void)state;
    static row rows[OBJECTS + 1];
    char option[600];
    FILE *file = fopen(planted_path("west.geojson"), "w");
    fprintf(file, "{\"type\":\"Polygon\",\"coordinates\":[[[15,47],[15.1,47],[15.1,49],"
                  "[15,49],[15,47]]]}");
    fclose(file);
    snprintf(option, sizeof option, "area=%s", planted_path("west.geojson"));
    const char *const area[] = {option, NULL};
    char *text = detect(with_rpcs(), area, 0);
    size_t n = read_rows(text, rows, OBJECTS + 1);
    assert_in_range(n, OBJECTS / 4, 3 * OBJECTS / 4);
    for (size_t i = 0; i < n; i++)
        assert_true(rows[i].lonlat.x < 15.1);
    free(text);
}

static void test_crs_image_is_refused_for_rpcs(void **state) {
    (void)state;
    const char *const image[] = {"crs=image", NULL};
    elc_error err = {0};
    char *text;
    assert_int_equal(try_detect(with_rpcs(), image, 0, &text, &err), ELC_E_ARGUMENT);
    assert_string_equal(err.message,
                        "rpcs.tif: lies by RPCs, which have no CRS, so --crs image is "
                        "not known; leave --crs out");
    free(text);
}

static void test_terrain_that_is_not_there_is_refused_at_once(void **state) {
    (void)state;
    const char *const dem[] = {"dem=/no/such/dem.tif", NULL};
    elc_error err = {0};
    char *text;
    assert_int_equal(try_detect(with_rpcs(), dem, 0, &text, &err), ELC_E_NOT_FOUND);
    assert_string_equal(err.message, "/no/such/dem.tif: no such file");
    free(text);
}

/* ---- sidecars -------------------------------------------------------------------- */

/* A sidecar of the bare town: its size, when it was taken, and `more`. */
static const char *with_sidecar(const char *name, const char *more) {
    char file[64];
    snprintf(file, sizeof file, "%s.tif", name);
    GDALClose(bare_copy(file));
    snprintf(file, sizeof file, "%s.XML", name);
    FILE *sidecar = fopen(planted_path(file), "w");
    fprintf(sidecar,
            "<isd><IMD><NUMROWS>600</NUMROWS><NUMCOLUMNS>800</NUMCOLUMNS><IMAGE>"
            "<SATID>WV03</SATID>"
            "<FIRSTLINETIME>2011-05-01T13:00:00.000000Z</FIRSTLINETIME>%s</IMAGE></IMD>"
            "</isd>\n",
            more);
    fclose(sidecar);
    snprintf(file, sizeof file, "%s.tif", name);
    return planted_path(file);
}

/* The true corners in degrees; the first is off by about two metres. */
static const char *with_corners(void) {
    static const char *const names[] = {"UL", "UR", "LR", "LL"};
    const elc_point pixels[] = {{0, 0}, {800, 0}, {800, 600}, {0, 600}};
    elc_string text = {0};
    for (int i = 0; i < 4; i++) {
        elc_point p = true_place(pixels[i]);
        p.y += i == 0 ? 2e-5 : 0;
        elc_string_printf(&text, NULL, "<%sLON>%.9f</%sLON><%sLAT>%.9f</%sLAT>",
                          names[i], p.x, names[i], names[i], p.y, names[i]);
    }
    const char *path = with_sidecar("corners", text.data);
    elc_string_free(&text);
    return path;
}

static void test_objects_lie_by_corners_of_a_sidecar_within_their_error(void **state) {
    (void)state;
    static row rows[OBJECTS + 1];
    char *text = detect(with_corners(), NULL, 0);
    assert_int_equal(read_rows(text, rows, OBJECTS + 1), OBJECTS);
    for (int i = 0; i < OBJECTS; i++) {
        double off = elc_distance_m(rows[i].lonlat, true_place(rows[i].pixel));
        assert_true(rows[i].error_m > 0.5 && rows[i].error_m < 0.6);
        assert_true(off < 3 * rows[i].error_m);
    }
    free(text);
}

static void test_rows_say_when_the_sidecar_says_the_image_was_taken(void **state) {
    (void)state;
    char *text = detect(with_corners(), NULL, 0);
    char *parts = detect(planted_path("corners.tif"), NULL, 2);
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, " acquired=1304254800000000 ")); at++)
        n++;
    assert_int_equal(n, OBJECTS + 1); /* and the image */
    assert_string_equal(parts, text);
    free(parts);
    free(text);
}

static void test_a_stated_gsd_measures_objects_without_a_place(void **state) {
    (void)state;
    const char *gsd = "<MEANPRODUCTGSD>0.31</MEANPRODUCTGSD>";
    char *text = detect(with_sidecar("gsd", gsd), NULL, 0);
    char *parts = detect(planted_path("gsd.tif"), NULL, 2);
    double width = value(text, "xmax_px") - value(text, "xmin_px");
    double height = value(text, "ymax_px") - value(text, "ymin_px");
    assert_true(fabs(value(text, "length_m") - 0.31 * fmax(width, height)) < 1e-9);
    assert_true(fabs(value(text, "gsd_m") - 0.31) < 1e-12);
    assert_true(isnan(value(text, "lon")));
    assert_string_equal(parts, text);
    free(parts);
    free(text);
}

/* ---- all ------------------------------------------------------------------------- */

static int set_up(void **state) {
    (void)state;
    elc_crs *utm = NULL;
    elc_affine t;
    snprintf(
        town, sizeof town, "%s",
        planted_scene("town", "--size 800x600 --objects 120 --seed 3 --code-only"));
    snprintf(model_option, sizeof model_option, "model=%s",
             planted_instrument("instrument.onnx", ""));
    GDALAllRegister();
    GDALDatasetH dataset = GDALOpen(town, GA_ReadOnly);
    GDALGetGeoTransform(dataset, affine);
    GDALClose(dataset);
    memcpy(t.a, affine, sizeof affine);
    int failed = elc_crs_create("EPSG:32633", &utm, NULL) != ELC_OK ||
                 elc_locator_create(&t, utm, &truth, NULL) != ELC_OK;
    elc_crs_free(utm);
    return failed;
}

static int tear_down(void **state) {
    (void)state;
    elc_locator_free(truth);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects_lie_by_control_points_within_their_stated_error),
        cmocka_unit_test(test_objects_lie_where_gdal_puts_them_by_control_points),
        cmocka_unit_test(test_crs_image_is_that_of_the_control_points),
        cmocka_unit_test(test_objects_lie_by_rpcs_at_their_own_height),
        cmocka_unit_test(test_objects_lie_by_rpcs_at_the_height_given),
        cmocka_unit_test(test_objects_lie_by_rpcs_on_terrain),
        cmocka_unit_test(test_terrain_and_places_are_the_same_in_any_parts),
        cmocka_unit_test(test_control_points_are_the_same_in_any_parts),
        cmocka_unit_test(test_an_area_works_in_images_with_rpcs),
        cmocka_unit_test(test_crs_image_is_refused_for_rpcs),
        cmocka_unit_test(test_objects_lie_by_corners_of_a_sidecar_within_their_error),
        cmocka_unit_test(test_rows_say_when_the_sidecar_says_the_image_was_taken),
        cmocka_unit_test(test_a_stated_gsd_measures_objects_without_a_place),
        cmocka_unit_test(test_terrain_that_is_not_there_is_refused_at_once),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
