/* test_shapefile_internal.c - names, widths and limits of shapefiles. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <layer/names.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void short_names(const char *const *columns, elc_names *out) {
    for (; *columns != NULL; columns++)
        assert_int_equal(elc_short_name(*columns, out, NULL), ELC_OK);
}

/* The columns of detect and the names that docs/formats.md promises for them. */
static void test_known_columns_have_their_short_names(void **state) {
    static const char *const columns[] = {"touches_border", "model_sha256",
                                          "position_error_m", "width_m", NULL};
    elc_names names = {0};
    (void)state;
    short_names(columns, &names);
    assert_string_equal(names.items[0], "on_border");
    assert_string_equal(names.items[1], "model_sha");
    assert_string_equal(names.items[2], "pos_err_m");
    assert_string_equal(names.items[3], "width_m");
    elc_names_free(&names);
}

static void test_the_documentation_has_the_same_names(void **state) {
    static const char *const rows[] = {"| `touches_border` | `on_border` |",
                                       "| `model_sha256` | `model_sha` |",
                                       "| `position_error_m` | `pos_err_m` |"};
    char *text = fixture_slurp(ELCANO_SOURCE_DIR "/docs/formats.md", NULL);
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_non_null(strstr(text, rows[i]));
    free(text);
}

static void test_other_names_are_cut_and_kept_apart(void **state) {
    static const char *const columns[] = {"population_2020",
                                          "population_2021",
                                          "POPULATION_2022",
                                          "n\xc3\xa4\x63hste_\xc3\xa4\xc3\xa4",
                                          "",
                                          NULL};
    elc_names names = {0};
    (void)state;
    short_names(columns, &names);
    assert_string_equal(names.items[0], "population");
    assert_string_equal(names.items[1], "populati_1");
    assert_string_equal(names.items[2], "POPULATI_2");
    assert_string_equal(names.items[3],
                        "n\xc3\xa4\x63hste_"); /* not half an a-umlaut */
    elc_names_free(&names);
}

static void test_a_hundred_alike_names_stay_apart(void **state) {
    elc_names names = {0};
    (void)state;
    for (int i = 0; i < 150; i++) {
        assert_int_equal(elc_short_name("observation_count", &names, NULL), ELC_OK);
        assert_true(strlen(names.items[i]) <= ELC_SHORT_NAME);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(names.items[i], names.items[j]);
    }
    elc_names_free(&names);
}

/* ---- what a shapefile can hold -------------------------------------------- */

static void assert_shapes(void **state, const char *const *wkt, elc_status status,
                          const char *why) {
    elc_error err = {0};
    const char *path = fixture_path(state, "t.shp");
    assert_int_equal(fixture_write_shapes(path, NULL, wkt, &err), status);
    if (strstr(err.message, why) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, why);
    assert_int_equal(fixture_exists(path), status == ELC_OK);
}

static void test_polygons_and_multipolygons_go_together(void **state) {
    static const char *const wkt[] = {
        "", "POLYGON ((0 0,0 1,1 1,0 0))",
        "MULTIPOLYGON (((0 0,0 1,1 1,0 0)),((5 5,5 6,6 6,5 5)))", NULL};
    fixture_table table;
    assert_shapes(state, wkt, ELC_OK, "");
    fixture_read(fixture_path(state, "t.shp"), &table);
    size_t column = fixture_column(&table, "geometry", ELC_GEOMETRY);
    assert_int_equal(table.count, 3);
    assert_true(elc_rows_null(table.rows, column, 0));
    assert_false(elc_rows_null(table.rows, column, 2));
    fixture_table_free(&table);
}

static void test_other_mixtures_are_refused(void **state) {
    static const char *const mixed[] = {"POINT (0 0)", "POLYGON ((0 0,0 1,1 1,0 0))",
                                        NULL};
    static const char *const bag[] = {"GEOMETRYCOLLECTION (POINT (0 0))", NULL};
    assert_shapes(state, mixed, ELC_E_UNSUPPORTED, "row 2 is a POLYGON");
    assert_shapes(state, bag, ELC_E_UNSUPPORTED, "only polygons");
    assert_int_equal(fixture_count_files(state), 0);
}

static void test_a_table_without_geometry_is_refused(void **state) {
    static const char *const names[] = {"t.shp", "t.fgb"};
    for (size_t i = 0; i < 2; i++) {
        elc_batch *batch = NULL;
        elc_error err = {0};
        assert_int_equal(elc_batch_create(fixture_columns, 2, &batch, NULL), ELC_OK);
        assert_int_equal(fixture_write_batch(fixture_path(state, names[i]),
                                             fixture_columns, 2, batch, &err),
                         ELC_E_UNSUPPORTED);
        assert_non_null(strstr(err.message, "without geometry"));
    }
    assert_int_equal(fixture_count_files(state), 0);
}

static elc_status write_real(const char *path, double value, elc_error *err) {
    static const elc_column columns[] = {{"x", ELC_FLOAT64, NULL, NULL},
                                         {"geometry", ELC_GEOMETRY, NULL, NULL}};
    elc_batch *batch = NULL;
    assert_int_equal(elc_batch_create(columns, 2, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_real(batch, 0, value, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    return fixture_write_batch(path, columns, 2, batch, err);
}

static void test_a_number_that_dbf_would_cut_is_refused(void **state) {
    elc_error err = {0};
    fixture_table table;
    assert_int_equal(write_real(fixture_path(state, "t.shp"), -1e22, &err),
                     ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "row 1, column 'x'"));
    assert_int_equal(write_real(fixture_path(state, "t.shp"), -9.5e21, NULL), ELC_OK);
    fixture_read(fixture_path(state, "t.shp"), &table);
    size_t column = fixture_column(&table, "x", ELC_FLOAT64);
    assert_true(elc_rows_real(table.rows, column, 0) == -9.5e21);
    fixture_table_free(&table);
}

/* FlatGeobuf has no feature without shape; OGR would leave the row out without a word.
 */
static void test_flatgeobuf_refuses_a_row_without_shape(void **state) {
    static const char *const wkt[] = {"POINT (0 0)", "", NULL};
    elc_error err = {0};
    assert_int_equal(
        fixture_write_shapes(fixture_path(state, "t.fgb"), NULL, wkt, &err),
        ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "row 2 has no geometry"));
}

static void test_the_parts_of_a_shapefile_are_there(void **state) {
    static const char *const parts[] = {"t.shp", "t.shx", "t.dbf", "t.prj", "t.cpg"};
    fixture_write_ok(fixture_path(state, "t.shp"), 3);
    for (size_t i = 0; i < 5; i++)
        assert_true(fixture_exists(fixture_path(state, parts[i])));
    char *encoding = fixture_slurp(fixture_path(state, "t.cpg"), NULL);
    assert_string_equal(encoding, "UTF-8");
    free(encoding);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_known_columns_have_their_short_names),
        TEST(test_the_documentation_has_the_same_names),
        TEST(test_other_names_are_cut_and_kept_apart),
        TEST(test_a_hundred_alike_names_stay_apart),
        TEST(test_polygons_and_multipolygons_go_together),
        TEST(test_other_mixtures_are_refused),
        TEST(test_a_table_without_geometry_is_refused),
        TEST(test_a_number_that_dbf_would_cut_is_refused),
        TEST(test_flatgeobuf_refuses_a_row_without_shape),
        TEST(test_the_parts_of_a_shapefile_are_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
