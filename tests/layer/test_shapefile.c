/* test_shapefile.c - shapefiles of every kind of shape and field, made by OGR, and
 * ours. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>

/* One shape of the kind `shpt`, and a row without one, by OGR alone. */
static const char *make(void **state, const char *shpt, const char *wkt) {
    const char *path = fixture_path(state, "t.shp");
    GDALDriverH driver = GDALGetDriverByName("ESRI Shapefile");
    GDALDatasetH data = GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL);
    char **options = CSLSetNameValue(NULL, "SHPT", shpt);
    OGRLayerH layer = GDALDatasetCreateLayer(data, "t", NULL, wkbUnknown, options);
    CSLDestroy(options);
    for (int i = 0; i < 2; i++) {
        OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
        OGRGeometryH shape = NULL;
        char *text = (char *)(uintptr_t)wkt;
        if (i == 0)
            OGR_G_CreateFromWkt(&text, NULL, &shape);
        OGR_F_SetGeometryDirectly(feature, shape);
        assert_int_equal(OGR_L_CreateFeature(layer, feature), OGRERR_NONE);
        OGR_F_Destroy(feature);
    }
    GDALClose(data);
    return path;
}

static void assert_shape(void **state, const char *shpt, const char *wkt,
                         const char *expected) {
    fixture_table table;
    GDALAllRegister();
    fixture_read(make(state, shpt, wkt), &table);
    assert_int_equal(table.count, 2);
    fixture_assert_wkt(&table, 0, expected);
    fixture_assert_wkt(&table, 1, NULL);
    fixture_table_free(&table);
    GDALDeleteDataset(NULL, fixture_path(state, "t.shp"));
}

static void test_every_kind_of_shape_is_read(void **state) {
    assert_shape(state, "POINT", "POINT (1 2)", "POINT (1 2)");
    assert_shape(state, "ARC", "LINESTRING (1 2,3 4)", "LINESTRING (1 2,3 4)");
    assert_shape(state, "ARC", "MULTILINESTRING ((1 2,3 4),(5 6,7 8))",
                 "MULTILINESTRING ((1 2,3 4),(5 6,7 8))");
    assert_shape(state, "MULTIPOINT", "MULTIPOINT (1 2,3 4)",
                 "MULTIPOINT ((1 2),(3 4))");
    assert_shape(state, "POLYGON", "POLYGON ((0 0,0 9,9 9,9 0,0 0),(1 1,2 1,2 2,1 1))",
                 "POLYGON ((0 0,0 9,9 9,9 0,0 0),(1 1,2 1,2 2,1 1))");
}

static void test_heights_stay_and_measures_go(void **state) {
    assert_shape(state, "POINTZ", "POINT Z (1 2 3)", "POINT Z (1 2 3)");
    assert_shape(state, "POINTM", "POINT M (1 2 3)", "POINT (1 2)");
    assert_shape(state, "POINTZM", "POINT ZM (1 2 3 4)", "POINT Z (1 2 3)");
    assert_shape(state, "ARCZ", "LINESTRING Z (1 2 3,3 4 5)",
                 "LINESTRING Z (1 2 3,3 4 5)");
    assert_shape(state, "ARCM", "LINESTRING M (1 2 3,3 4 5)", "LINESTRING (1 2,3 4)");
    assert_shape(state, "MULTIPOINTZ", "MULTIPOINT Z (1 2 3,3 4 5)",
                 "MULTIPOINT Z ((1 2 3),(3 4 5))");
    assert_shape(state, "POLYGONZ", "POLYGON Z ((0 0 1,0 9 1,9 9 1,0 0 1))",
                 "POLYGON Z ((0 0 1,0 9 1,9 9 1,0 0 1))");
}

static void test_multipatches_become_polygons(void **state) {
    assert_shape(state, "MULTIPATCH",
                 "TIN Z (((0 0 1,0 9 1,9 9 1,0 0 1)),((0 0 1,9 9 1,9 0 1,0 0 1)))",
                 "MULTIPOLYGON Z (((0 0 1,0 9 1,9 9 1,0 0 1)),((0 0 1,9 9 1,9 0 1,0 "
                 "0 1)))");
}

static void test_deleted_records_are_no_rows(void **state) {
    GDALAllRegister();
    const char *path = make(state, "POINT", "POINT (1 2)");
    GDALDatasetH data =
        GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_UPDATE, NULL, NULL, NULL);
    assert_int_equal(OGR_L_DeleteFeature(GDALDatasetGetLayer(data, 0), 0), OGRERR_NONE);
    GDALClose(data);
    assert_int_equal(fixture_count(path), 1);
}

/* A .dbf of one field: its type, width and decimals, and one value. */
static void make_field(void **state, char type, int width, int decimals,
                       const char *value) {
    char bytes[32 + 32 + 1 + 64] = {3, 124, 5, 1, 1, 0, 0, 0, 65, 0, 0, 0};
    bytes[10] = (char)(width + 1);
    memcpy(bytes + 32, "a", 1);
    bytes[32 + 11] = type;
    bytes[32 + 16] = (char)width;
    bytes[32 + 17] = (char)decimals;
    bytes[64] = 0x0d;
    memset(bytes + 65, ' ', (size_t)width + 1);
    memcpy(bytes + 66, value, strlen(value));
    FILE *file = fopen(fixture_path(state, "t.dbf"), "wb");
    fwrite(bytes, 1, (size_t)(66 + width), file);
    fclose(file);
}

static void read_field(void **state, char type, int width, int decimals,
                       const char *value, fixture_table *table) {
    make_field(state, type, width, decimals, value);
    fixture_read(fixture_path(state, "t.dbf"), table);
    assert_int_equal(table->count, 1);
}

static void assert_field(void **state, char type, int width, int decimals,
                         const char *value, elc_type wanted, double expected) {
    fixture_table table;
    read_field(state, type, width, decimals, value, &table);
    size_t column = fixture_column(&table, "a", wanted);
    assert_false(elc_rows_null(table.rows, column, 0));
    assert_true(elc_rows_real(table.rows, column, 0) >= expected &&
                elc_rows_real(table.rows, column, 0) <= expected);
    fixture_table_free(&table);
}

static void assert_null_field(void **state, char type, int width, const char *value) {
    fixture_table table;
    read_field(state, type, width, 0, value, &table);
    if (!elc_rows_null(table.rows, 0, 0))
        fail_msg("'%s' in a field of type %c is not NULL", value, type);
    fixture_table_free(&table);
}

static void test_every_type_of_dbase_is_read(void **state) {
    fixture_table table;
    assert_field(state, 'N', 9, 0, "       -7", ELC_INT32, -7);
    assert_field(state, 'N', 18, 0, "123456789012345678", ELC_INT64,
                 123456789012345678.);
    assert_field(state, 'N', 10, 3, "     1.125", ELC_FLOAT64, 1.125);
    assert_field(state, 'F', 20, 5, "1.5e+03", ELC_FLOAT64, 1500);
    read_field(state, 'C', 9, 0, "text", &table);
    fixture_assert_text(&table, "a", 0, "text");
    fixture_table_free(&table);
    read_field(state, 'D', 8, 0, "20240501", &table);
    size_t day = fixture_column(&table, "a", ELC_DATE32);
    assert_int_equal(elc_rows_int(table.rows, day, 0), 19844);
    fixture_table_free(&table);
}

static void test_blank_fields_are_null(void **state) {
    assert_null_field(state, 'N', 9, "");
    assert_null_field(state, 'N', 9, "*********");
    assert_null_field(state, 'D', 8, "");
    assert_null_field(state, 'D', 8, "00000000");
    assert_null_field(state, 'C', 8, "");
}

/* OGR does not say which they are. */
static void test_logical_fields_are_texts(void **state) {
    fixture_table table;
    read_field(state, 'L', 1, 0, "T", &table);
    fixture_assert_text(&table, "a", 0, "T");
    fixture_table_free(&table);
}

static void write_shapes(void **state, const char *name, const char *const *wkt) {
    elc_error err = {0};
    if (fixture_write_shapes(fixture_path(state, name), "EPSG:4326", wkt, &err) !=
        ELC_OK)
        fail_msg("%s", err.message);
}

static void test_heights_are_written(void **state) {
    static const char *const wkt[] = {"POINT Z (1 2 3)", "POINT Z (4 5 6)", NULL};
    static const char *const names[] = {"h.shp", "h.fgb", "h.gpkg"};
    for (size_t i = 0; i < 3; i++) {
        fixture_table table;
        write_shapes(state, names[i], wkt);
        fixture_read(fixture_path(state, names[i]), &table);
        fixture_assert_wkt(&table, 0, wkt[0]);
        fixture_assert_wkt(&table, 1, wkt[1]);
        fixture_table_free(&table);
    }
}

static void test_some_with_heights_and_some_without_are_refused(void **state) {
    static const char *const wkt[] = {"POINT (1 2)", "POINT Z (4 5 6)", NULL};
    static const char *const names[] = {"m.shp", "m.fgb"};
    for (size_t i = 0; i < 2; i++) {
        elc_error err = {0};
        assert_int_equal(
            fixture_write_shapes(fixture_path(state, names[i]), "EPSG:4326", wkt, &err),
            ELC_E_UNSUPPORTED);
        assert_non_null(strstr(err.message, "row 2"));
        assert_false(fixture_exists(fixture_path(state, names[i])));
    }
}

static void test_the_first_row_may_have_no_shape(void **state) {
    static const char *const wkt[] = {"", "POLYGON ((0 0,0 9,9 9,0 0))", NULL};
    fixture_table table;
    write_shapes(state, "n.shp", wkt);
    fixture_read(fixture_path(state, "n.shp"), &table);
    fixture_assert_wkt(&table, 0, NULL);
    fixture_assert_wkt(&table, 1, wkt[1]);
    fixture_table_free(&table);
}

/* As OGR reads them: shapes of other kinds than the file's, parts out of order. */
static void test_ugly_files_are_read_as_ogr_reads_them(void **state) {
    static const char *const names[] = {"bigoffset",
                                        "emptymultipoly",
                                        "mixed_shape_type_non_conformant",
                                        "multipolygon_as_invalid_polygon",
                                        "nonconformant_shx_ticket5608",
                                        "pointnan",
                                        "polygonm_without_m",
                                        "test3356"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[128];
        snprintf(name, sizeof name, "polygons/gdal_ugly_shp/%s.shp", names[i]);
        const char *path = fixture_data(name);
        if (path == NULL)
            skip();
        GDALDatasetH data = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
        GIntBig rows = OGR_L_GetFeatureCount(GDALDatasetGetLayer(data, 0), TRUE);
        GDALClose(data);
        assert_int_equal(fixture_count(path), rows);
    }
    fixture_assert_fails(fixture_data("polygons/gdal_ugly_shp/buggymultipoly.shp"),
                         ELC_E_FORMAT, "row 1 cannot be read: Corrupted .shp");
}

static void test_a_zipped_shapefile_is_one_layer(void **state) {
    write_shapes(state, "z.shp", (const char *const[]){"POINT (1 2)", NULL});
    char command[4400];
    snprintf(command, sizeof command,
             "cd '%s' && python3 -m zipfile -c z.zip z.shp z.shx z.dbf z.prj",
             (const char *)*state);
    if (system(command) != 0)
        skip();
    assert_int_equal(fixture_count(fixture_path(state, "z.zip")), 1);
    assert_int_equal(fixture_count(fixture_path(state, "z.zip:z")), 1);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_every_kind_of_shape_is_read),
        TEST(test_heights_stay_and_measures_go),
        TEST(test_multipatches_become_polygons),
        TEST(test_deleted_records_are_no_rows),
        TEST(test_every_type_of_dbase_is_read),
        TEST(test_blank_fields_are_null),
        TEST(test_logical_fields_are_texts),
        TEST(test_heights_are_written),
        TEST(test_some_with_heights_and_some_without_are_refused),
        TEST(test_the_first_row_may_have_no_shape),
        TEST(test_ugly_files_are_read_as_ogr_reads_them),
        TEST(test_a_zipped_shapefile_is_one_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
