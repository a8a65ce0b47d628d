/* test_reader.c - references, columns and shapes of layers that OGR opens. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>

static void assert_fails(const char *reference, elc_status status, const char *why) {
    elc_error err = {0};
    assert_int_equal(fixture_read_status(reference, &err), status);
    if (strstr(err.message, why) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, why);
}

/* A GeoPackage with layers "a" and "b", made by OGR alone. */
static void make_two_layers(const char *path) {
    GDALDatasetH data =
        GDALCreate(GDALGetDriverByName("GPKG"), path, 0, 0, 0, GDT_Unknown, NULL);
    for (const char *const *name = (const char *const[]){"a", "b", NULL}; *name;
         name++) {
        OGRLayerH layer = GDALDatasetCreateLayer(data, *name, NULL, wkbPoint, NULL);
        OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
        OGR_F_Destroy(feature);
    }
    GDALClose(data);
}

/* ---- references ----------------------------------------------------------- */

static void test_a_layer_is_named_after_a_colon(void **state) {
    fixture_table table;
    make_two_layers(fixture_path(state, "two.gpkg"));
    fixture_read(fixture_path(state, "two.gpkg:b"), &table);
    assert_int_equal(table.count, 1);
    fixture_table_free(&table);
}

static void keep_line(void *arg, const char *line) {
    elc_string_printf(arg, NULL, "%s", line);
}

static void test_of_several_layers_the_first_is_read_and_told(void **state) {
    struct ArrowArrayStream stream = {0};
    elc_string said = {0};
    elc_context context = {.warn = keep_line, .arg = &said};
    make_two_layers(fixture_path(state, "two.gpkg"));
    assert_int_equal(
        elc_layer_open(fixture_path(state, "two.gpkg"), &context, &stream, NULL),
        ELC_OK);
    assert_non_null(strstr(said.data, "layers a, b; 'a' is read"));
    elc_stream_release(&stream);
    elc_string_free(&said);
    assert_fails(fixture_path(state, "two.gpkg:c"), ELC_E_NOT_FOUND, "no layer 'c'");
}

static void test_a_colon_may_be_in_a_files_name(void **state) {
    fixture_table table;
    fixture_put(fixture_path(state, "a:b.csv"), "x,y\n1,2\n");
    fixture_read(fixture_path(state, "a:b.csv"), &table);
    assert_int_equal(table.count, 1);
    fixture_table_free(&table);
}

static void test_what_is_not_there_or_no_layer_is_told(void **state) {
    fixture_put(fixture_path(state, "text.txt"), "just text");
    assert_fails(fixture_path(state, "no.gpkg"), ELC_E_NOT_FOUND, "no such file");
    assert_fails(fixture_path(state, "no.gpkg:roads"), ELC_E_NOT_FOUND, "no such file");
    assert_fails("", ELC_E_NOT_FOUND, "no such file");
    assert_fails(":", ELC_E_NOT_FOUND, "no such file");
    assert_fails(fixture_path(state, "text.txt"), ELC_E_FORMAT, "no vector format");
    assert_fails(*state, ELC_E_FORMAT, "no vector format");
}

/* ---- columns -------------------------------------------------------------- */

static void test_csv_types_are_told_by_the_whole_file(void **state) {
    fixture_table table;
    fixture_put(fixture_path(state, "t.csv"),
                "i,r,q,t,n,geometry\n1,1,\"007\",2024-05-01T00:00:00Z,,POINT (1 2)\n"
                "2,2.5,\"8\",2024-05-02T00:00:00Z,,\n");
    fixture_read(fixture_path(state, "t.csv"), &table);
    size_t r = fixture_column(&table, "r", ELC_FLOAT64);
    size_t n = fixture_column(&table, "n", ELC_UTF8);
    fixture_column(&table, "i", ELC_INT32);
    fixture_column(&table, "t", ELC_TIMESTAMP);
    fixture_assert_text(&table, "q", 0, "007");
    assert_true(elc_rows_real(table.rows, r, 1) > 2.4);
    assert_true(elc_rows_null(table.rows, n, 0));
    assert_true(elc_rows_null(table.rows, 0, 1));
    fixture_table_free(&table);
}

/* OGR alone takes `a` for yes and no, and 5 for nothing. */
static void test_csv_words_of_yes_and_no_lose_no_number(void **state) {
    fixture_table table;
    fixture_put(fixture_path(state, "t.csv"),
                "a,a_original,b,n,c\nyes,q,true,2.5,T\n5,r,false,3,\nno,s,,,F\n");
    fixture_read(fixture_path(state, "t.csv"), &table);
    assert_int_equal(table.schema.n_children, 5);
    fixture_assert_text(&table, "a", 0, "yes");
    fixture_assert_text(&table, "a", 1, "5");
    fixture_assert_text(&table, "a", 2, "no");
    fixture_assert_text(&table, "a_original", 1, "r");
    size_t b = fixture_column(&table, "b", ELC_BOOL);
    assert_int_equal(elc_rows_int(table.rows, b, 0), 1);
    assert_int_equal(elc_rows_int(table.rows, b, 1), 0);
    assert_true(elc_rows_null(table.rows, b, 2));
    size_t n = fixture_column(&table, "n", ELC_FLOAT64);
    assert_true(elc_rows_real(table.rows, n, 0) == 2.5);
    fixture_table_free(&table);
}

static void test_a_csv_of_one_column_or_none_is_refused(void **state) {
    fixture_put(fixture_path(state, "one.csv"), "x\n1\n2\n");
    fixture_put(fixture_path(state, "none.csv"), "");
    assert_fails(fixture_path(state, "one.csv"), ELC_E_FORMAT, "two columns");
    assert_fails(fixture_path(state, "none.csv"), ELC_E_FORMAT, "two columns");
}

static void put_packed(const char *zip, const char *name) {
    char inside[400];
    snprintf(inside, sizeof inside, "/vsizip/%s/%s", zip, name);
    VSILFILE *file = VSIFOpenL(inside, "wb");
    assert_non_null(file);
    assert_int_equal(VSIFWriteL("id,x\n1,2\n", 1, 9, file), 9);
    VSIFCloseL(file);
}

static void assert_is_typed(const char *reference) {
    fixture_table table;
    fixture_read(reference, &table);
    fixture_column(&table, "id", ELC_INT32);
    fixture_table_free(&table);
}

/* OGR opens them as databases whose values are all text. */
static void test_folders_of_csv_are_refused_and_lone_ones_read(void **state) {
    char inside[400];
    const char *folder = fixture_path(state, "all"),
               *zip = fixture_path(state, "t.zip");
    assert_int_equal(mkdir(folder, 0700), 0);
    fixture_put(fixture_path(state, "all/a.csv"), "id,x\n1,2\n");
    assert_fails(folder, ELC_E_UNSUPPORTED, "a folder of CSVs is no table; name one");
    put_packed(zip, "a.csv");
    assert_is_typed(zip);
    put_packed(zip, "b.csv");
    assert_fails(zip, ELC_E_UNSUPPORTED, "a folder of CSVs is no table; name one");
    snprintf(inside, sizeof inside, "/vsizip/%s/a.csv", zip);
    assert_is_typed(inside);
    assert_int_equal(remove(fixture_path(state, "all/a.csv")), 0);
    assert_int_equal(remove(folder), 0);
}

static void test_lists_become_json(void **state) {
    fixture_table table;
    fixture_put(
        fixture_path(state, "t.geojson"),
        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{"
        "\"i\":[1,2],\"l\":[1,20000000000],\"r\":[0.5,1],\"s\":[\"a\",\"\\\"\"],"
        "\"o\":{\"k\":[1]}}}");
    fixture_read(fixture_path(state, "t.geojson"), &table);
    fixture_assert_text(&table, "i", 0, "[1,2]");
    fixture_assert_text(&table, "l", 0, "[1,20000000000]");
    fixture_assert_text(&table, "r", 0, "[0.5,1.0]");
    fixture_assert_text(&table, "s", 0, "[\"a\",\"\\\"\"]");
    fixture_assert_text(&table, "o", 0, "{ \"k\": [ 1 ] }");
    fixture_table_free(&table);
}

static void test_times_with_a_zone_become_utc(void **state) {
    fixture_table table;
    fixture_put(
        fixture_path(state, "t.geojson"),
        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{"
        "\"a\":\"2024-05-01T10:20:30.5+05:30\",\"b\":\"2024-05-01T10:20:30\"}}");
    fixture_read(fixture_path(state, "t.geojson"), &table);
    size_t a = fixture_column(&table, "a", ELC_TIMESTAMP);
    size_t b = fixture_column(&table, "b", ELC_TIMESTAMP);
    assert_true(elc_rows_int(table.rows, a, 0) == 1714539030500000);
    assert_true(elc_rows_int(table.rows, b, 0) == 1714558830000000);
    fixture_table_free(&table);
}

/* Names with '_' carry state between operators: a file must not bring any. */
static void test_names_are_neither_hidden_nor_double(void **state) {
    fixture_table table;
    fixture_put(
        fixture_path(state, "t.geojson"),
        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"group\":\"a\","
        "\"_group\":\"b\",\"__\":\"c\",\"geometry\":\"d\"}}");
    fixture_read(fixture_path(state, "t.geojson"), &table);
    fixture_assert_text(&table, "group", 0, "a");
    fixture_assert_text(&table, "group_2", 0, "b");
    fixture_assert_text(&table, "column", 0, "c");
    fixture_assert_text(&table, "geometry_2", 0, "d");
    fixture_table_free(&table);
}

static void test_a_key_of_its_own_name_is_a_column(void **state) {
    fixture_table table;
    const char *path = fixture_path(state, "k.gpkg");
    char **options = CSLSetNameValue(NULL, "FID", "osm_id");
    GDALDatasetH data =
        GDALCreate(GDALGetDriverByName("GPKG"), path, 0, 0, 0, GDT_Unknown, NULL);
    OGRLayerH layer = GDALDatasetCreateLayer(data, "k", NULL, wkbNone, options);
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
    OGR_F_SetFID(feature, 77);
    assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
    OGR_F_Destroy(feature);
    GDALClose(data);
    CSLDestroy(options);
    fixture_read(path, &table);
    assert_true(
        elc_rows_int(table.rows, fixture_column(&table, "osm_id", ELC_INT64), 0) == 77);
    fixture_table_free(&table);
}

/* ---- shapes --------------------------------------------------------------- */

/* Reads a CSV of one WKT and gives it as WKT again, in a static buffer. */
static const char *reread(void **state, const char *wkt) {
    static char answer[4096];
    char text[4096];
    fixture_table table;
    size_t n = 0;
    char *again = NULL;
    OGRGeometryH shape = NULL;
    snprintf(text, sizeof text, "id,geometry\n1,\"%s\"\n", wkt);
    fixture_put(fixture_path(state, "w.csv"), text);
    fixture_read(fixture_path(state, "w.csv"), &table);
    size_t column = fixture_column(&table, "geometry", ELC_GEOMETRY);
    assert_int_equal(table.count, 1);
    const char *wkb = elc_rows_bytes(table.rows, column, 0, &n);
    assert_int_equal(elc_wkb_check(wkb, n, NULL), ELC_OK);
    assert_int_equal(OGR_G_CreateFromWkbEx(wkb, NULL, &shape, n), OGRERR_NONE);
    assert_int_equal(OGR_G_ExportToIsoWkt(shape, &again), OGRERR_NONE);
    snprintf(answer, sizeof answer, "%s", again);
    OGR_G_DestroyGeometry(shape);
    VSIFree(again);
    fixture_table_free(&table);
    return answer;
}

static void test_shapes_are_points_lines_and_polygons(void **state) {
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"POINT M (1 2 3)", "POINT (1 2)"},
        {"LINESTRING ZM (1 2 3 4,5 6 7 8)", "LINESTRING Z (1 2 3,5 6 7)"},
        {"TRIANGLE ((0 0,0 1,1 1,0 0))", "POLYGON ((0 0,0 1,1 1,0 0))"},
        {"TIN (((0 0,0 1,1 1,0 0)))", "MULTIPOLYGON (((0 0,0 1,1 1,0 0)))"},
        {"COMPOUNDCURVE ((0 0,1 1))", "LINESTRING (0 0,1 1)"},
        {"POINT EMPTY", "POINT EMPTY"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(reread(state, cases[i].in), cases[i].out);
}

static void test_arcs_become_many_short_lines(void **state) {
    const char *wkt =
        reread(state, "CURVEPOLYGON (CIRCULARSTRING (0 0,1 1,2 0,1 -1,0 0))");
    size_t points = 0;
    assert_int_equal(strncmp(wkt, "POLYGON (", 9), 0);
    for (const char *comma = wkt; (comma = strchr(comma, ',')) != NULL; comma++)
        points++;
    assert_true(points >= 80);
}

/* ---- hostile input -------------------------------------------------------- */

/* Everything ends, in an error or a table, and within memory. */
static void read_folder(const char *folder, const char *layer) {
    DIR *entries = opendir(folder);
    size_t files = 0;
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        char path[4096];
        elc_error err = {0};
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s%s", folder, entry->d_name, layer);
        elc_status status = fixture_read_status(path, &err);
        assert_true(status == ELC_OK || err.message[0] != '\0');
        assert_int_not_equal(status, ELC_E_INTERNAL);
        files++;
    }
    closedir(entries);
    assert_true(files > 0);
}

static void test_malformed_files_end_in_an_error_or_a_table(void **state) {
    static const struct {
        const char *folder, *layer;
    } cases[] = {
        {"malformed/geojson_bad", ""}, {"malformed/xml_errors", ""},
        {"malformed/xml_recurse", ""}, {"malformed/osm", ":points"},
        {"malformed/osm", ":lines"},   {"polygons/gdal_ugly_shp", ""},
        {"malformed/tiff", ""},
    };
    (void)state;
    if (fixture_data("malformed") == NULL)
        skip();
    size_t before = elc_memory_peak();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        read_folder(fixture_data(cases[i].folder), cases[i].layer);
    assert_true(elc_memory_peak() - before < (size_t)200 << 20);
}

static void test_a_laughing_file_is_an_error(void **state) {
    (void)state;
    if (fixture_data("malformed") == NULL)
        skip();
    char reference[2100];
    snprintf(reference, sizeof reference, "%s:points",
             fixture_data("malformed/osm/billionlaugh.osm"));
    assert_fails(reference, ELC_E_FORMAT, "million laugh");
}

/* Cut anywhere, a file is read, refused or fails; it never brings the program down. */
static void test_cut_files_end_in_an_error_or_a_table(void **state) {
    static const char *const names[] = {"t.gpkg", "t.fgb", "t.geojson", "t.shp"};
    for (size_t i = 0; i < 4; i++) {
        const char *path = fixture_path(state, names[i]);
        size_t n = 0;
        fixture_write_ok(path, 4);
        char *bytes = fixture_slurp(path, &n);
        for (size_t part = 1; part < 20; part++) {
            elc_error err = {0};
            FILE *file = fopen(path, "wb");
            assert_int_equal(fwrite(bytes, 1, n * part / 20, file), n * part / 20);
            fclose(file);
            elc_status status = fixture_read_status(path, &err);
            assert_true(status == ELC_OK || err.message[0] != '\0');
        }
        free(bytes);
    }
}

static void test_good_layers_are_read_whole(void **state) {
    static const struct {
        const char *name;
        size_t rows;
    } cases[] = {
        {"malformed/geojson_good/good-featurecollection.geojson", 3},
        {"polygons/magellan/neighborhoods.geojson", 310},
        {"polygons/nyc_taxi_zones/taxi_zones.shp", 263},
        {"imagery/qgis-plugin-deepness/dummy_fotomap_area.gpkg", 1},
    };
    (void)state;
    if (fixture_data("polygons") == NULL)
        skip();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture_table table;
        fixture_read(fixture_data(cases[i].name), &table);
        assert_int_equal(table.count, cases[i].rows);
        fixture_table_free(&table);
    }
}

/* ---- CRSs ----------------------------------------------------------------- */

/* The CRS of a layer's shapes says `expected`, or nothing where that is "". */
static void assert_crs(const char *path, const char *expected) {
    fixture_table table;
    char *crs = NULL;
    fixture_read(path, &table);
    size_t column = fixture_column(&table, "geometry", ELC_GEOMETRY);
    assert_int_equal(elc_schema_crs(table.schema.children[column], &crs, NULL), ELC_OK);
    if (expected[0] == '\0')
        assert_string_equal(crs, "");
    else if (strstr(crs, expected) == NULL)
        fail_msg("%s: '%s' is not said by %s", path, expected, crs);
    free(crs);
    fixture_table_free(&table);
}

/* Both of the collection that is read without OGR and of one that is not. */
static void test_the_crs_member_of_a_geojson_is_honoured(void **state) {
    static const char *const ids[] = {"", "\"id\":7,"};
    const char *path = fixture_path(state, "t.geojson");
    for (size_t i = 0; i < 2; i++) {
        char text[500];
        snprintf(text, sizeof text,
                 "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\","
                 "\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::32633\"}},"
                 "\"features\":[{\"type\":\"Feature\",%s\"properties\":{},\"geometry\":"
                 "{\"type\":\"Point\",\"coordinates\":[500000,0]}}]}",
                 ids[i]);
        fixture_put(path, text);
        assert_crs(path, "UTM zone 33N");
    }
}

static void test_the_prj_of_a_shapefile_is_honoured(void **state) {
    static const char *const wkt[] = {"POINT (500000 0)", NULL};
    const char *path = fixture_path(state, "t.shp");
    assert_int_equal(fixture_write_shapes(path, "EPSG:32633", wkt, NULL), ELC_OK);
    assert_crs(path, "UTM zone 33N");
    assert_int_equal(unlink(fixture_path(state, "t.prj")), 0);
    assert_crs(fixture_path(state, "t.shp"), "");
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_the_crs_member_of_a_geojson_is_honoured),
        TEST(test_the_prj_of_a_shapefile_is_honoured),
        TEST(test_a_layer_is_named_after_a_colon),
        TEST(test_of_several_layers_the_first_is_read_and_told),
        TEST(test_a_colon_may_be_in_a_files_name),
        TEST(test_what_is_not_there_or_no_layer_is_told),
        TEST(test_csv_types_are_told_by_the_whole_file),
        TEST(test_csv_words_of_yes_and_no_lose_no_number),
        TEST(test_a_csv_of_one_column_or_none_is_refused),
        TEST(test_folders_of_csv_are_refused_and_lone_ones_read),
        TEST(test_lists_become_json),
        TEST(test_times_with_a_zone_become_utc),
        TEST(test_names_are_neither_hidden_nor_double),
        TEST(test_a_key_of_its_own_name_is_a_column),
        TEST(test_shapes_are_points_lines_and_polygons),
        TEST(test_arcs_become_many_short_lines),
        TEST(test_malformed_files_end_in_an_error_or_a_table),
        TEST(test_a_laughing_file_is_an_error),
        TEST(test_cut_files_end_in_an_error_or_a_table),
        TEST(test_good_layers_are_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
