/* test_roundtrip.c - what is written in each format is what is read again. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gdal.h>
#include <ogr_api.h>

enum { ROWS = 10 };

static void assert_int(const fixture_table *table, const char *name, elc_type type,
                       size_t row, int64_t expected) {
    size_t column = fixture_column(table, name, type);
    assert_false(elc_rows_null(table->rows, column, row));
    assert_true(elc_rows_int(table->rows, column, row) == expected);
}

static void assert_real(const fixture_table *table, const char *name, elc_type type,
                        size_t row, double expected, double tolerance) {
    size_t column = fixture_column(table, name, type);
    assert_false(elc_rows_null(table->rows, column, row));
    assert_true(fabs(elc_rows_real(table->rows, column, row) - expected) <= tolerance);
}

static void assert_all_null_but_id(const fixture_table *table, size_t row) {
    for (int64_t i = 0; i < table->schema.n_children; i++) {
        bool is_id = strcmp(table->schema.children[i]->name, "id") == 0;
        assert_int_equal(elc_rows_null(table->rows, (size_t)i, row), !is_id);
    }
}

static void assert_box(const fixture_table *table, size_t row, double tolerance) {
    size_t n = 0;
    double corner[2];
    size_t column = fixture_column(table, "geometry", ELC_GEOMETRY);
    const char *wkb = elc_rows_bytes(table->rows, column, row, &n);
    assert_int_equal(n, 93);
    memcpy(corner, wkb + 13, sizeof corner);
    assert_true(fabs(corner[0] - (9 + (double)row / 1000)) <= tolerance);
    assert_true(fabs(corner[1] - 48) <= tolerance);
}

/* What every format keeps: order, whole numbers, NULLs, text, shapes. */
static void assert_common(const fixture_table *table) {
    static const char *const ids[] = {"0123", "a,b \"c\"", "zwei\nZeilen"};
    assert_int_equal(table->count, ROWS);
    assert_int_equal(elc_schema_find(&table->schema, "_hidden"), -1);
    for (size_t row = 0; row < ROWS; row++) {
        if (row % 5 < 3)
            fixture_assert_text(table, "id", row, ids[row % 5]);
        if (row % 5 == 4) {
            assert_all_null_but_id(table, row);
            continue;
        }
        assert_int(table, "n32", ELC_INT32, row, (int64_t)row - 2);
        assert_box(table, row, 1e-9);
    }
}

static void assert_times(const fixture_table *table) {
    for (size_t row = 0; row < 4; row++) {
        assert_int(table, "day", ELC_DATE32, row, fixture_day(row));
        assert_int(table, "at", ELC_TIMESTAMP, row, fixture_time(row));
    }
}

static void assert_numbers(const fixture_table *table, elc_type single, double share) {
    for (size_t row = 0; row < 4; row++) {
        double f64 = fixture_f64(row), f32 = (double)(float)((double)row * 0.1);
        assert_int(table, "n64", ELC_INT64, row, fixture_n64(row));
        assert_int(table, "yes", ELC_BOOL, row, (int64_t)row % 2);
        assert_real(table, "f64", ELC_FLOAT64, row, f64, fabs(f64) * share);
        assert_real(table, "f32", single, row, f32, single == ELC_FLOAT32 ? 0 : 1e-7);
    }
}

static void assert_crs(const fixture_table *table, const char *expected) {
    char *crs = NULL;
    size_t column = fixture_column(table, "geometry", ELC_GEOMETRY);
    assert_int_equal(elc_schema_crs(table->schema.children[column], &crs, NULL),
                     ELC_OK);
    assert_non_null(strstr(crs, expected));
    free(crs);
}

static void test_geopackage_keeps_every_type_and_bit(void **state) {
    fixture_table table;
    fixture_write_ok(fixture_path(state, "t.gpkg"), ROWS);
    fixture_read(fixture_path(state, "t.gpkg"), &table);
    assert_common(&table);
    assert_times(&table);
    assert_numbers(&table, ELC_FLOAT32, 0);
    assert_crs(&table, "WGS 84");
    fixture_assert_text(&table, "id", 3, "");
    size_t n = 9, blob = fixture_column(&table, "blob", ELC_BINARY);
    assert_memory_equal(elc_rows_bytes(table.rows, blob, 0, &n), "\0\1\2", 3);
    assert_int_equal(n, 3);
    assert_false(elc_rows_null(table.rows, blob, 3));
    fixture_table_free(&table);
}

static void assert_text_format(void **state, const char *name, double share) {
    fixture_table table;
    fixture_write_ok(fixture_path(state, name), ROWS);
    fixture_read(fixture_path(state, name), &table);
    assert_common(&table);
    assert_times(&table);
    assert_numbers(&table, ELC_FLOAT64, share);
    fixture_assert_text(&table, "blob", 0, "AAEC");
    fixture_table_free(&table);
}

static void test_geojson_keeps_all_with_blobs_as_base64(void **state) {
    assert_text_format(state, "t.geojson", 1e-14);
    assert_text_format(state, "t.json", 1e-14);
}

static void test_geojsonseq_keeps_all_with_blobs_as_base64(void **state) {
    assert_text_format(state, "t.geojsonl", 1e-14);
    assert_text_format(state, "t.geojsons", 1e-14);
}

static void test_csv_keeps_all_with_every_bit_of_its_numbers(void **state) {
    assert_text_format(state, "t.csv", 0);
}

static void test_shapefile_keeps_what_dbf_can(void **state) {
    fixture_table table;
    fixture_write_ok(fixture_path(state, "t.shp"), ROWS);
    fixture_read(fixture_path(state, "t.shp"), &table);
    assert_int_equal(table.count, ROWS);
    fixture_assert_text(&table, "id", 4, "\xc3\xa4");
    fixture_assert_text(&table, "at", 0, "2024-05-01T10:20:30.123Z");
    fixture_assert_text(&table, "day", 1, "1959-02-25");
    for (size_t row = 0; row < 4; row++) {
        assert_real(&table, "f64", ELC_FLOAT64, row, fixture_f64(row), 1e-15);
        assert_real(&table, "f32", ELC_FLOAT64, row, (double)((float)row * 0.1F),
                    1e-15);
        assert_int(&table, "n32", ELC_INT32, row, (int64_t)row - 2);
    }
    assert_all_null_but_id(&table, 4);
    assert_crs(&table, "WGS 84");
    fixture_table_free(&table);
}

static void test_flatgeobuf_keeps_all_but_that_days_are_times(void **state) {
    fixture_table table;
    fixture_write_ok(fixture_path(state, "t.fgb"),
                     4); /* the rows before the first NULL */
    fixture_read(fixture_path(state, "t.fgb"), &table);
    assert_int_equal(table.count, 4);
    for (size_t row = 0; row < 4;
         row++) { /* it has no dates: they are their midnight */
        assert_int(&table, "at", ELC_TIMESTAMP, row, fixture_time(row));
        assert_int(&table, "day", ELC_TIMESTAMP, row, fixture_day(row) * 86400000000);
    }
    assert_numbers(&table, ELC_FLOAT32, 0);
    for (size_t row = 0; row < 4; row++)
        assert_box(&table, row, 0);
    assert_crs(&table, "WGS 84");
    fixture_table_free(&table);
}

static void test_formats_say_the_same_to_ogr(void **state) {
    static const char *const names[] = {"o.gpkg", "o.geojson", "o.fgb", "o.shp"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = fixture_path(state, names[i]);
        fixture_write_ok(path, 4);
        GDALDatasetH data = GDALOpenEx(path, GDAL_OF_VECTOR, NULL, NULL, NULL);
        assert_non_null(data);
        OGRLayerH layer = GDALDatasetGetLayer(data, 0);
        assert_int_equal(OGR_L_GetFeatureCount(layer, TRUE), 4);
        OGRFeatureH feature = OGR_L_GetNextFeature(layer);
        int at = OGR_F_GetFieldIndex(feature, "at");
        assert_int_equal(OGR_F_GetFieldAsInteger(feature, 1), -2);
        assert_int_equal(strncmp(OGR_F_GetFieldAsString(feature, at), "2024", 4), 0);
        assert_int_equal(wkbPolygon,
                         OGR_G_GetGeometryType(OGR_F_GetGeometryRef(feature)));
        OGR_F_Destroy(feature);
        GDALClose(data);
    }
}

static void test_tables_without_rows_keep_their_columns(void **state) {
    static const char *const names[] = {"e.gpkg", "e.fgb", "e.shp"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fixture_table table;
        fixture_write_ok(fixture_path(state, names[i]), 0);
        fixture_read(fixture_path(state, names[i]), &table);
        assert_int_equal(table.count, 0);
        assert_true(elc_schema_find(&table.schema, "n64") >= 0);
        fixture_table_free(&table);
    }
}

static void test_tables_of_many_batches_are_read_whole(void **state) {
    struct ArrowArrayStream stream = {0};
    size_t rows = 0, batches = 0;
    fixture_write_ok(fixture_path(state, "many.gpkg"), 10000);
    assert_int_equal(elc_layer_read(fixture_path(state, "many.gpkg"), &stream, NULL),
                     ELC_OK);
    for (bool more = true; more; batches += more) {
        struct ArrowArray batch = {0};
        assert_int_equal(elc_stream_next(&stream, &batch, NULL), ELC_OK);
        assert_true(batch.length <= 4096);
        more = batch.release != NULL;
        rows += (size_t)batch.length;
        elc_array_release(&batch);
    }
    elc_stream_release(&stream);
    assert_int_equal(rows, 10000);
    assert_int_equal(batches, 3);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_geopackage_keeps_every_type_and_bit),
        TEST(test_geojson_keeps_all_with_blobs_as_base64),
        TEST(test_geojsonseq_keeps_all_with_blobs_as_base64),
        TEST(test_csv_keeps_all_with_every_bit_of_its_numbers),
        TEST(test_shapefile_keeps_what_dbf_can),
        TEST(test_flatgeobuf_keeps_all_but_that_days_are_times),
        TEST(test_formats_say_the_same_to_ogr),
        TEST(test_tables_without_rows_keep_their_columns),
        TEST(test_tables_of_many_batches_are_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
