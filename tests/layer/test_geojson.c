/* test_geojson.c - GeoJSON's text, its CRS, and standard output. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

static const char *const square[] = {
    "POLYGON ((10.1234567891 50,10.1234567891 50.5,11 50.5,10.1234567891 50))", NULL};

static void write_shapes(const char *path, const char *crs, const char *const *wkt) {
    elc_error err = {0};
    if (fixture_write_shapes(path, crs, wkt, &err) != ELC_OK)
        fail_msg("%s", err.message);
}

static void assert_file(const char *path, const char *expected) {
    char *text = fixture_slurp(path, NULL);
    assert_string_equal(text, expected);
    free(text);
}

/* RFC 7946: no crs member, outer rings counter-clockwise; nine decimals. */
static void test_geojson_is_rfc_7946(void **state) {
    const char *path = fixture_path(state, "t.geojson");
    write_shapes(path, NULL, square);
    assert_file(path,
                "{\n\"type\": \"FeatureCollection\",\n\"name\": \"shapes\",\n"
                "\"features\": [\n"
                "{ \"type\": \"Feature\", \"properties\": { \"name\": \"shape\" }, "
                "\"geometry\": { \"type\": \"Polygon\", \"coordinates\": [ [ "
                "[ 10.123456789, 50.0 ], [ 11.0, 50.5 ], [ 10.123456789, 50.5 ], "
                "[ 10.123456789, 50.0 ] ] ] } }\n]\n}\n");
}

static void test_an_empty_collection_is_valid(void **state) {
    const char *path = fixture_path(state, "t.geojson");
    fixture_write_ok(path, 0);
    assert_file(path, "{\n\"type\": \"FeatureCollection\",\n\"name\": \"things\",\n"
                      "\"features\": [\n]\n}\n");
}

static void test_every_line_of_a_sequence_is_a_feature(void **state) {
    const char *path = fixture_path(state, "t.geojsonl");
    size_t lines = 0;
    fixture_write_ok(path, 500);
    char *text = fixture_slurp(path, NULL);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *feature = json_loads(line, 0, NULL);
        assert_string_equal(json_string_value(json_object_get(feature, "type")),
                            "Feature");
        json_decref(feature);
        lines++;
    }
    free(text);
    assert_int_equal(lines, 500);
}

/* The corner of UTM 33N's central meridian and the equator is known by definition. */
static void test_projected_shapes_become_longitude_and_latitude(void **state) {
    static const char *const wkt[] = {"POINT (500000 0)", "", NULL};
    const char *path = fixture_path(state, "t.geojsonl");
    write_shapes(path, "EPSG:32633", wkt);
    assert_file(path,
                "{ \"type\": \"Feature\", \"properties\": { \"name\": \"shape\" }, "
                "\"geometry\": { \"type\": \"Point\", \"coordinates\": "
                "[ 15.0, 0.0 ] } }\n"
                "{ \"type\": \"Feature\", \"properties\": { \"name\": \"shape\" }, "
                "\"geometry\": null }\n");
}

/* GDAL writes an empty point as null. */
static void test_empty_shapes_of_a_projected_table_stay_empty(void **state) {
    static const char *const wkt[] = {"POINT EMPTY", "POLYGON EMPTY",
                                      "GEOMETRYCOLLECTION EMPTY", NULL};
    const char *path = fixture_path(state, "t.geojsonl");
    write_shapes(path, "EPSG:32633", wkt);
    assert_file(path,
                "{ \"type\": \"Feature\", \"properties\": { \"name\": \"shape\" }, "
                "\"geometry\": null }\n"
                "{ \"type\": \"Feature\", \"properties\": { \"name\": \"shape\" }, "
                "\"geometry\": { \"type\": \"Polygon\", \"coordinates\": [ ] } }\n"
                "{ \"type\": \"Feature\", \"properties\": { \"name\": \"shape\" }, "
                "\"geometry\": { \"type\": \"GeometryCollection\", \"geometries\": "
                "[ ] } }\n");
}

/* OGR would write null for all of it. */
static void test_points_of_no_coordinates_take_none_with_them(void **state) {
    static const char *const wkt[] = {
        "MULTIPOINT (EMPTY,(1 2))",
        "GEOMETRYCOLLECTION (MULTIPOINT ((3 4),EMPTY),POINT (5 6))",
        "MULTIPOINT (EMPTY,EMPTY)", NULL};
    fixture_table table;
    write_shapes(fixture_path(state, "t.geojson"), NULL, wkt);
    fixture_read(fixture_path(state, "t.geojson"), &table);
    fixture_assert_wkt(&table, 0, "MULTIPOINT ((1 2))");
    fixture_assert_wkt(&table, 1,
                       "GEOMETRYCOLLECTION (MULTIPOINT ((3 4)),POINT (5 6))");
    fixture_assert_wkt(&table, 2, "MULTIPOINT EMPTY");
    fixture_table_free(&table);
}

static void test_a_shape_over_the_antimeridian_is_cut_there(void **state) {
    static const char *const wkt[] = {
        "POLYGON ((800000 0,900000 0,900000 100000,800000 100000,800000 0))", NULL};
    const char *path = fixture_path(state, "t.geojsonl");
    write_shapes(path, "EPSG:32660", wkt); /* 177 E is its central meridian */
    char *text = fixture_slurp(path, NULL);
    assert_non_null(strstr(text, "MultiPolygon"));
    assert_non_null(strstr(text, "[ 180.0, "));
    assert_non_null(strstr(text, "[ -180.0, "));
    free(text);
}

/* Written in longitude and latitude, and read again. */
static void assert_folds(const char *path, const char *wkt, const char *expected) {
    const char *const all[] = {wkt, NULL};
    fixture_table table;
    write_shapes(path, NULL, all);
    fixture_read(path, &table);
    fixture_assert_wkt(&table, 0, expected);
    fixture_table_free(&table);
    assert_int_equal(remove(path), 0);
}

static void test_shapes_beyond_180_are_put_where_they_are_within(void **state) {
    static const char *const names[] = {"t.geojson", "t.geojsonl", "t.kml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *path = fixture_path(state, names[i]);
        assert_folds(path, "POINT Z (190 1 5)", "POINT Z (-170 1 5)");
        assert_folds(path, "LINESTRING Z (190 0 7,200 1 7)",
                     "LINESTRING Z (-170 0 7,-160 1 7)");
        assert_folds(path, "MULTIPOINT ((170 1),(-190 1))",
                     "MULTIPOINT ((170 1),(170 1))");
        assert_folds(path, "LINESTRING (170 0,190 10)",
                     "MULTILINESTRING ((170 0,180 5),(-180 5,-170 10))");
        assert_folds(path, "POLYGON ((170 0,180 0,180 5,170 5,170 0))",
                     "POLYGON ((170 0,180 0,180 5,170 5,170 0))");
        assert_folds(path, "GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (361 2,362 2))",
                     "GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (1 2,2 2))");
    }
}

static void test_polygons_beyond_180_are_cut_there(void **state) {
    static const char *const cut[] = {
        "POLYGON ((170 0,190 0,190 10,170 10,170 0),(175 2,185 2,185 4,175 4,175 2))",
        "MULTIPOLYGON (((190 0,200 0,200 5,190 0)),((170 0,190 0,190 10,170 0)))",
        NULL};
    const char *path = fixture_path(state, "t.geojsonl");
    write_shapes(path, NULL, cut);
    char *text = fixture_slurp(path, NULL);
    char *second = strchr(text, '\n');
    assert_non_null(second);
    *second++ = '\0';
    assert_non_null(strstr(text, "MultiPolygon"));
    assert_non_null(strstr(text, "[ 180.0, 2.0 ]"));
    assert_non_null(strstr(text, "[ -175.0, 2.0 ]"));
    assert_null(strstr(text, "[ 190.0"));
    assert_non_null(strstr(second, "[ -160.0, 5.0 ]"));
    assert_null(strstr(second, "[ 200.0"));
    free(text);
}

static void test_shapes_beyond_180_that_cannot_be_cut_are_refused(void **state) {
    static const char *const bad[] = {"POLYGON ((170 0,190 10,190 0,170 10,170 0))",
                                      "LINESTRING (0 0,9999 0)"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *const wkt[] = {bad[i], NULL};
        elc_error err = {0};
        const char *path = fixture_path(state, "t.geojson");
        assert_int_equal(fixture_write_shapes(path, NULL, wkt, &err), ELC_E_ARGUMENT);
        assert_non_null(strstr(err.message, "row 1: its geometry reaches beyond 180"));
    }
}

/* GDAL would turn around the world for each of these, for hours or for ever. */
static void test_shapes_beyond_all_maps_are_refused(void **state) {
    static const char *const far[] = {"POINT (1e17 2)", "POINT (1 -1e300)",
                                      "LINESTRING (0 0, -1e300 0)"};
    for (size_t i = 0; i < sizeof far / sizeof *far; i++) {
        const char *const wkt[] = {far[i], NULL};
        elc_error err = {0};
        const char *path = fixture_path(state, "far.geojson");
        assert_int_equal(fixture_write_shapes(path, "EPSG:3857", wkt, &err),
                         ELC_E_ARGUMENT);
        assert_non_null(strstr(err.message, "has no longitude and latitude"));
        assert_false(fixture_exists(path));
    }
}

static void test_a_table_without_crs_is_refused_with_its_first_shape(void **state) {
    static const char *const none[] = {"", NULL};
    elc_error err = {0};
    write_shapes(fixture_path(state, "none.geojson"), "", none);
    assert_int_equal(
        fixture_write_shapes(fixture_path(state, "t.geojson"), "", square, &err),
        ELC_E_ARGUMENT);
    assert_non_null(strstr(err.message, "no CRS"));
    assert_int_equal(fixture_count_files(state), 1);
}

static void test_a_second_table_is_refused(void **state) {
    struct ArrowSchema schema = {0};
    elc_sink *sink = NULL;
    elc_error err = {0};
    size_t layer = 0;
    assert_int_equal(elc_sink_create(fixture_path(state, "t.json"), NULL, &sink, NULL),
                     ELC_OK);
    assert_false(elc_sink_takes_layers(sink));
    assert_int_equal(elc_schema_create(fixture_columns, 3, NULL, &schema, NULL),
                     ELC_OK);
    assert_int_equal(elc_sink_add_layer(sink, "a", &schema, &layer, NULL), ELC_OK);
    assert_int_equal(elc_sink_add_layer(sink, "b", &schema, &layer, &err),
                     ELC_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "write .gpkg"));
    elc_schema_release(&schema);
    elc_sink_free(sink);
}

static void test_numbers_that_json_has_not_are_null(void **state) {
    static const elc_column columns[] = {{"x", ELC_FLOAT64, NULL, NULL}};
    const char *path = fixture_path(state, "n.geojsonl");
    elc_batch *batch = NULL;
    assert_int_equal(elc_batch_create(columns, 1, &batch, NULL), ELC_OK);
    assert_int_equal(elc_batch_real(batch, 0, (double)NAN, NULL), ELC_OK);
    assert_int_equal(elc_batch_end_row(batch, NULL), ELC_OK);
    assert_int_equal(fixture_write_batch(path, columns, 1, batch, NULL), ELC_OK);
    assert_file(path, "{ \"type\": \"Feature\", \"properties\": { \"x\": null }, "
                      "\"geometry\": null }\n");
}

/* ---- standard output ------------------------------------------------------ */

/* Runs `body` in a child whose standard output is a pipe, or closed for reading. */
static int run_child(int (*body)(void), char *out, size_t size, bool read_it) {
    int ends[2], result = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        _exit(body());
    }
    close(ends[1]);
    size_t n = 0;
    ssize_t got = read_it ? 1 : 0;
    if (!read_it)
        close(ends[0]);
    while (got > 0) {
        got = read(ends[0], out + n, size - 1 - n);
        n += got > 0 ? (size_t)got : 0;
    }
    out[n] = '\0';
    if (read_it)
        close(ends[0]);
    assert_int_equal(waitpid(child, &result, 0), child);
    return result;
}

static int write_ten(void) {
    return fixture_write("-", 10, 3, false, NULL) == ELC_OK ? 0 : 1;
}

static void test_standard_output_gets_the_lines_of_a_sequence(void **state) {
    char got[20000];
    assert_int_equal(run_child(write_ten, got, sizeof got, true), 0);
    fixture_write_ok(fixture_path(state, "t.geojsonl"), 10);
    assert_file(fixture_path(state, "t.geojsonl"), got);
}

/* A batch is out as soon as it was written, not at the end. */
static int write_without_commit(void) {
    struct ArrowSchema schema = {0};
    struct ArrowArray rows = {0};
    elc_sink *sink = NULL;
    size_t layer = 0;
    fixture_batch(0, 2, &rows);
    if (elc_schema_create(fixture_columns, fixture_n_columns, NULL, &schema, NULL) ||
        elc_sink_create("-", NULL, &sink, NULL) ||
        elc_sink_add_layer(sink, "t", &schema, &layer, NULL) ||
        elc_sink_write(sink, layer, &rows, NULL))
        return 1;
    return 0;
}

static void test_standard_output_gets_each_batch_at_once(void **state) {
    char got[20000];
    (void)state;
    assert_int_equal(run_child(write_without_commit, got, sizeof got, true), 0);
    char *first = strchr(got, '\n');
    assert_non_null(first);
    assert_string_equal(strchr(first + 1, '\n'), "\n");
}

/* The signal that a closed pipe sends would end the program: it must be a status. */
static int write_to_nobody(void) {
    elc_error err = {0};
    usleep(50000);
    signal(SIGPIPE, SIG_DFL);
    elc_status status = fixture_write("-", 5000, 100, false, &err);
    return status == ELC_E_IO && strstr(err.message, "went away") != NULL ? 0 : 1;
}

static void test_a_reader_that_went_away_is_a_status(void **state) {
    char got[10];
    (void)state;
    assert_int_equal(run_child(write_to_nobody, got, sizeof got, false), 0);
}

static int write_to_full_device(void) {
    elc_error err = {0};
    if (freopen("/dev/full", "w", stdout) == NULL)
        return 2;
    dup2(fileno(stdout), STDOUT_FILENO);
    elc_status status = fixture_write("-", 10, 3, false, &err);
    return status == ELC_E_IO && strstr(err.message, "No space left") != NULL ? 0 : 1;
}

static void test_a_full_device_is_a_status(void **state) {
    char got[10];
    (void)state;
    assert_int_equal(run_child(write_to_full_device, got, sizeof got, true), 0);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_geojson_is_rfc_7946),
        TEST(test_an_empty_collection_is_valid),
        TEST(test_every_line_of_a_sequence_is_a_feature),
        TEST(test_projected_shapes_become_longitude_and_latitude),
        TEST(test_empty_shapes_of_a_projected_table_stay_empty),
        TEST(test_points_of_no_coordinates_take_none_with_them),
        TEST(test_a_shape_over_the_antimeridian_is_cut_there),
        TEST(test_shapes_beyond_180_are_put_where_they_are_within),
        TEST(test_polygons_beyond_180_are_cut_there),
        TEST(test_shapes_beyond_180_that_cannot_be_cut_are_refused),
        TEST(test_shapes_beyond_all_maps_are_refused),
        TEST(test_a_table_without_crs_is_refused_with_its_first_shape),
        TEST(test_a_second_table_is_refused),
        TEST(test_numbers_that_json_has_not_are_null),
        TEST(test_standard_output_gets_the_lines_of_a_sequence),
        TEST(test_standard_output_gets_each_batch_at_once),
        TEST(test_a_reader_that_went_away_is_a_status),
        TEST(test_a_full_device_is_a_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
