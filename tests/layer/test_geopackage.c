/* test_geopackage.c - layers, shapes, indexes and names of GeoPackages. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

static const char *const box = "POLYGON ((0 0,0 1,1 1,0 0))";

static void write_shapes(const char *path, const char *crs, const char *const *wkt) {
    elc_error err = {0};
    if (fixture_write_shapes(path, crs, wkt, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

/* The first text that a query gives, in one static buffer. */
static const char *ask(const char *path, const char *sql) {
    static char answer[4096];
    GDALDatasetH data = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
    assert_non_null(data);
    OGRLayerH rows = GDALDatasetExecuteSQL(data, sql, NULL, "SQLITE_OGR_NATIVE");
    assert_non_null(rows);
    OGRFeatureH row = OGR_L_GetNextFeature(rows);
    assert_non_null(row);
    strncpy(answer, OGR_F_GetFieldAsString(row, 0), sizeof answer - 1);
    OGR_F_Destroy(row);
    GDALDatasetReleaseResultSet(data, rows);
    GDALClose(data);
    return answer;
}

static void test_a_table_of_one_kind_of_shape_says_so(void **state) {
    const char *const wkt[] = {"", box, box, NULL};
    const char *path = fixture_path(state, "t.gpkg");
    write_shapes(path, NULL, wkt);
    assert_string_equal(
        ask(path, "SELECT geometry_type_name FROM gpkg_geometry_columns"), "POLYGON");
    assert_non_null(
        strstr(ask(path, "SELECT sql FROM sqlite_master WHERE name = 'shapes'"),
               "\"geometry\" POLYGON"));
    assert_string_equal(ask(path, "SELECT integrity_check FROM pragma_integrity_check"),
                        "ok");
}

static void test_a_table_of_several_kinds_says_geometry(void **state) {
    const char *const wkt[] = {box, "POINT (0 0)", box, NULL};
    const char *path = fixture_path(state, "t.gpkg");
    write_shapes(path, NULL, wkt);
    assert_string_equal(
        ask(path, "SELECT geometry_type_name FROM gpkg_geometry_columns"), "GEOMETRY");
}

static void test_shapes_are_found_by_the_spatial_index(void **state) {
    const char *path = fixture_path(state, "t.gpkg");
    fixture_write_ok(path, 1000);
    assert_string_equal(ask(path, "SELECT count(*) FROM rtree_things_geometry "
                                  "WHERE minx > 9.5 AND maxx < 9.6"),
                        "79");
    assert_string_equal(ask(path, "SELECT feature_count FROM gpkg_ogr_contents"),
                        "1000");
}

static void test_the_crs_is_that_of_the_table(void **state) {
    const char *const wkt[] = {"POINT (500000 0)", NULL};
    const char *path = fixture_path(state, "t.gpkg");
    write_shapes(path, "EPSG:32633", wkt);
    assert_string_equal(ask(path, "SELECT srs_id FROM gpkg_geometry_columns"), "32633");
    write_shapes(fixture_path(state, "lonlat.gpkg"), NULL, wkt);
    assert_string_equal(ask(fixture_path(state, "lonlat.gpkg"),
                            "SELECT srs_id FROM gpkg_geometry_columns"),
                        "4326");
}

static void test_a_table_without_crs_reads_as_one_without(void **state) {
    const char *const wkt[] = {box, NULL};
    fixture_table table;
    char *crs = NULL;
    write_shapes(fixture_path(state, "t.shp"), "", wkt);
    fixture_read(fixture_path(state, "t.shp"), &table);
    size_t column = fixture_column(&table, "geometry", ELC_GEOMETRY);
    assert_int_equal(elc_schema_crs(table.schema.children[column], &crs, NULL), ELC_OK);
    assert_string_equal(crs, "");
    free(crs);
    fixture_table_free(&table);
}

/* ---- layers --------------------------------------------------------------- */

static elc_status write_columns(elc_sink *sink, const char *name,
                                const elc_column *columns, size_t n, elc_error *err) {
    struct ArrowSchema schema = {0};
    struct ArrowArray rows = {0};
    elc_batch *batch = NULL;
    size_t layer = 0;
    assert_int_equal(elc_schema_create(columns, n, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_batch_create(columns, n, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_finish(batch, &rows, NULL), ELC_OK);
    elc_status status = elc_sink_add_layer(sink, name, &schema, &layer, err);
    if (status == ELC_OK)
        status = elc_sink_write(sink, layer, &rows, err);
    elc_batch_free(batch);
    elc_array_release(&rows);
    elc_schema_release(&schema);
    return status;
}

static void test_a_geopackage_holds_several_tables(void **state) {
    static const elc_column other[] = {{"path", ELC_UTF8, NULL, NULL}};
    const char *path = fixture_path(state, "t.gpkg");
    elc_sink *sink = NULL;
    assert_int_equal(elc_sink_create(path, NULL, &sink, NULL), ELC_OK);
    assert_true(elc_sink_takes_layers(sink));
    assert_int_equal(
        write_columns(sink, "things", fixture_columns, fixture_n_columns, NULL),
        ELC_OK);
    assert_int_equal(write_columns(sink, "images", other, 1, NULL), ELC_OK);
    assert_int_equal(elc_sink_commit(sink, NULL), ELC_OK);
    elc_sink_free(sink);
    assert_string_equal(ask(path, "SELECT data_type FROM gpkg_contents "
                                  "WHERE table_name = 'images'"),
                        "attributes");
    assert_string_equal(ask(path, "SELECT count(*) FROM things"), "1");
    assert_string_equal(ask(path, "SELECT count(*) FROM images"), "1");
}

static void test_a_first_layer_without_rows_stays_the_first(void **state) {
    static const elc_column other[] = {{"path", ELC_UTF8, NULL, NULL}};
    const char *path = fixture_path(state, "t.gpkg");
    struct ArrowSchema schema = {0};
    elc_sink *sink = NULL;
    size_t layer = 0;
    assert_int_equal(elc_sink_create(path, NULL, &sink, NULL), ELC_OK);
    assert_int_equal(
        elc_schema_create(fixture_columns, fixture_n_columns, NULL, &schema, NULL),
        ELC_OK);
    assert_int_equal(elc_sink_add_layer(sink, "things", &schema, &layer, NULL), ELC_OK);
    assert_int_equal(write_columns(sink, "images", other, 1, NULL), ELC_OK);
    assert_int_equal(elc_sink_commit(sink, NULL), ELC_OK);
    elc_sink_free(sink);
    elc_schema_release(&schema);
    assert_string_equal(
        ask(path, "SELECT table_name FROM gpkg_contents ORDER BY rowid"), "things");
    assert_string_equal(ask(path, "SELECT count(*) FROM things"), "0");
}

static void test_columns_named_like_the_row_number_are_kept(void **state) {
    static const elc_column columns[] = {{"fid", ELC_UTF8, NULL, NULL},
                                         {"OGC_FID", ELC_UTF8, NULL, NULL}};
    const char *path = fixture_path(state, "t.gpkg");
    elc_sink *sink = NULL;
    assert_int_equal(elc_sink_create(path, NULL, &sink, NULL), ELC_OK);
    assert_int_equal(write_columns(sink, "t", columns, 2, NULL), ELC_OK);
    assert_int_equal(elc_sink_commit(sink, NULL), ELC_OK);
    elc_sink_free(sink);
    fixture_table table;
    fixture_read(path, &table);
    fixture_column(&table, "fid", ELC_UTF8);
    fixture_column(&table, "OGC_FID", ELC_UTF8);
    fixture_table_free(&table);
}

static void test_two_columns_of_one_name_are_refused(void **state) {
    static const elc_column columns[] = {{"a", ELC_UTF8, NULL, NULL},
                                         {"A", ELC_UTF8, NULL, NULL}};
    elc_sink *sink = NULL;
    elc_error err = {0};
    assert_int_equal(elc_sink_create(fixture_path(state, "t.gpkg"), NULL, &sink, NULL),
                     ELC_OK);
    assert_int_not_equal(write_columns(sink, "t", columns, 2, &err), ELC_OK);
    assert_int_not_equal(elc_sink_commit(sink, NULL), ELC_OK);
    elc_sink_free(sink);
    assert_int_equal(fixture_count_files(state), 0);
}

/* A quote in a name must not end the SQL around it. */
/* A row of `n` columns of numbers and of no shape. */
static elc_status write_wide(const char *path, size_t n, elc_error *err) {
    enum { MOST = 2000 };
    static char names[MOST][16];
    static elc_column columns[MOST + 1] = {{"geometry", ELC_GEOMETRY, NULL, NULL}};
    elc_batch *batch = NULL;
    assert_true(n <= MOST);
    for (size_t i = 0; i < n; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        columns[i + 1] = (elc_column){names[i], ELC_INT32, NULL, NULL};
    }
    assert_int_equal(elc_batch_create(columns, n + 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    return fixture_write_batch(path, columns, n + 1, batch, err);
}

static void test_more_columns_than_a_geopackage_has_are_refused(void **state) {
    elc_error err = {0};
    assert_int_equal(write_wide(fixture_path(state, "t.gpkg"), 1998, &err), ELC_OK);
    assert_int_equal(fixture_count(fixture_path(state, "t.gpkg")), 1);
    assert_int_equal(write_wide(fixture_path(state, "u.gpkg"), 1999, &err),
                     ELC_E_UNSUPPORTED);
    if (strstr(err.message, "a table of 1999 columns, and a GeoPackage has at most "
                            "1998 beside row numbers and geometry") == NULL)
        fail_msg("%s", err.message);
}

static void test_names_with_quotes_are_names(void **state) {
    static const elc_column columns[] = {
        {"it's \"it\"", ELC_GEOMETRY, NULL, NULL},
        {"x'; DROP TABLE t; --", ELC_UTF8, NULL, NULL}};
    const char *path = fixture_path(state, "t.gpkg");
    elc_error err = {0};
    elc_sink *sink = NULL;
    assert_int_equal(elc_sink_create(path, NULL, &sink, NULL), ELC_OK);
    if (write_columns(sink, "o'clock", columns, 2, &err) != ELC_OK ||
        elc_sink_commit(sink, &err) != ELC_OK)
        fail_msg("%s", err.message);
    elc_sink_free(sink);
    fixture_table table;
    fixture_read(path, &table);
    fixture_column(&table, "x'; DROP TABLE t; --", ELC_UTF8);
    fixture_table_free(&table);
}

/* ---- values that cannot be ------------------------------------------------ */

static void assert_value_refused(void **state, const char *name, elc_column column,
                                 int64_t value, const char *bytes, const char *why) {
    elc_batch *batch = NULL;
    elc_error err = {0};
    assert_int_equal(elc_batch_create(&column, 1, &batch, NULL), ELC_OK);
    if (bytes != NULL)
        assert_int_equal(elc_batch_bytes(batch, 0, bytes, strlen(bytes), NULL), ELC_OK);
    else
        assert_int_equal(elc_batch_int(batch, 0, value, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_not_equal(
        fixture_write_batch(fixture_path(state, name), &column, 1, batch, &err),
        ELC_OK);
    if (strstr(err.message, why) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, why);
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_values_that_cannot_be_said_are_refused(void **state) {
    static const char *const names[] = {"t.gpkg", "t.csv", "t.geojson"};
    for (size_t i = 0; i < 3; i++) {
        assert_value_refused(state, names[i],
                             (elc_column){"g", ELC_GEOMETRY, NULL, NULL}, 0,
                             "no geometry", "row 1: its geometry is not WKB");
        assert_value_refused(state, names[i],
                             (elc_column){"at", ELC_TIMESTAMP, NULL, NULL}, INT64_MAX,
                             NULL, "row 1, column 'at': a time outside");
        assert_value_refused(state, names[i],
                             (elc_column){"day", ELC_DATE32, NULL, NULL}, INT32_MIN,
                             NULL, "row 1, column 'day': a time outside");
    }
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_table_of_one_kind_of_shape_says_so),
        TEST(test_a_table_of_several_kinds_says_geometry),
        TEST(test_shapes_are_found_by_the_spatial_index),
        TEST(test_the_crs_is_that_of_the_table),
        TEST(test_a_table_without_crs_reads_as_one_without),
        TEST(test_a_geopackage_holds_several_tables),
        TEST(test_a_first_layer_without_rows_stays_the_first),
        TEST(test_columns_named_like_the_row_number_are_kept),
        TEST(test_two_columns_of_one_name_are_refused),
        TEST(test_more_columns_than_a_geopackage_has_are_refused),
        TEST(test_names_with_quotes_are_names),
        TEST(test_values_that_cannot_be_said_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
