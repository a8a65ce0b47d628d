/* test_schema.c - schemas made, copied and asked; GeoArrow metadata. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <elcano/table.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sample.h"

static const elc_column two[] = {{"id", ELC_UTF8, NULL, NULL},
                                 {"geometry", ELC_GEOMETRY, NULL, NULL}};

/* ---- made -------------------------------------------------------------------- */

static void test_schema_has_arrow_formats(void **state) {
    (void)state;
    static const char *const formats[] = {"i", "l",   "f",       "g", "b", "u",
                                          "z", "tdD", "tsu:UTC", "z", "+l"};
    struct ArrowSchema schema;
    assert_int_equal(
        elc_schema_create(sample_columns, SAMPLE_COLUMNS, NULL, &schema, NULL), ELC_OK);
    assert_string_equal(schema.format, "+s");
    assert_int_equal(schema.n_children, SAMPLE_COLUMNS);
    for (size_t i = 0; i < SAMPLE_COLUMNS; i++) {
        elc_type type;
        assert_string_equal(schema.children[i]->format, formats[i]);
        assert_string_equal(schema.children[i]->name, sample_columns[i].name);
        assert_int_equal(schema.children[i]->flags, ARROW_FLAG_NULLABLE);
        assert_int_equal(elc_schema_type(schema.children[i], &type, NULL), ELC_OK);
        assert_int_equal(type, i);
        assert_string_equal(elc_type_name(type), sample_columns[i].name);
    }
    elc_schema_release(&schema);
    assert_null(schema.release);
}

static void test_schema_finds_columns_by_name(void **state) {
    (void)state;
    struct ArrowSchema schema;
    assert_int_equal(elc_schema_create(two, 2, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_find(&schema, "geometry"), 1);
    assert_int_equal(elc_schema_find(&schema, "geom"), -1);
    elc_schema_release(&schema);
}

static void test_schema_of_no_columns_is_a_struct(void **state) {
    (void)state;
    struct ArrowSchema schema;
    assert_int_equal(elc_schema_create(NULL, 0, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(schema.n_children, 0);
    elc_schema_release(&schema);
}

/* ---- CRS --------------------------------------------------------------------- */

/* What elc_schema_crs gives back for a geometry column made with `crs`. */
static char *crs_back(const char *crs) {
    struct ArrowSchema schema;
    char *text = NULL;
    assert_int_equal(elc_schema_create(two, 2, crs, &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_crs(schema.children[1], &text, NULL), ELC_OK);
    elc_schema_release(&schema);
    return text;
}

static void test_crs_comes_back_as_it_was_written(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"a\":298.257223563,\"b\":[1.10,{\"crs\":null}],\"c\":\"}\\\"\\u00fc\"}",
        "{ \"type\" : \"ProjectedCRS\", \"x\":1e2 }", ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *text = crs_back(texts[i]);
        assert_string_equal(text, texts[i]);
        free(text);
    }
}

static void test_crs_is_crs84_by_default(void **state) {
    (void)state;
    char *text = crs_back(NULL);
    assert_non_null(strstr(text, "\"id\":{\"authority\":\"OGC\",\"code\":\"CRS84\"}"));
    assert_non_null(strstr(text, "\"inverse_flattening\":298.257223563"));
    char *again = crs_back(text);
    assert_string_equal(again, text);
    assert_true(elc_crs_text_is_crs84(text));
    assert_false(elc_crs_text_is_crs84("OGC:CRS84"));
    free(again);
    free(text);
}

static void test_crs_must_be_projjson(void **state) {
    (void)state;
    static const char *const texts[] = {"EPSG:4326", "[1]", "{\"a\":}", "\"x\"",
                                        "{} {}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct ArrowSchema schema = {0};
        elc_error err = {0};
        assert_int_equal(elc_schema_create(two, 2, texts[i], &schema, &err),
                         ELC_E_ARGUMENT);
        assert_non_null(strstr(err.message, "not PROJJSON"));
        assert_null(schema.release);
    }
}

/* ---- schemas from outside ---------------------------------------------------- */

static void nothing(struct ArrowSchema *schema) {
    schema->release = NULL;
}

/* Metadata of one extension name and its metadata, as in the specification. */
static void metadata_of(const char *name, const char *json, char *out) {
    const char *texts[] = {"ARROW:extension:name", name, "ARROW:extension:metadata",
                           json};
    int32_t n = 2;
    memcpy(out, &n, 4);
    out += 4;
    for (size_t i = 0; i < 4; i++) {
        n = (int32_t)strlen(texts[i]);
        memcpy(out, &n, 4);
        memcpy(out + 4, texts[i], (size_t)n);
        out += 4 + n;
    }
}

static elc_status foreign_crs(const char *json, char **crs) {
    char metadata[400];
    metadata_of("geoarrow.wkb", json, metadata);
    const struct ArrowSchema column = {
        .format = "z", .metadata = metadata, .release = nothing};
    return elc_schema_crs(&column, crs, NULL);
}

static void test_crs_reads_what_others_write(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"{\"crs\": \"EPSG:4326\", \"crs_type\": \"authority_code\"}", "EPSG:4326"},
        {"{\"edges\":\"spherical\", \"\\u0063rs\" : {\"a\":1.50} , \"z\":0}",
         "{\"a\":1.50}"},
        {"{\"crs\":null}", ""},
        {"{\"edges\":{\"crs\":1}}", ""},
        {"{}", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *crs = NULL;
        assert_int_equal(foreign_crs(cases[i][0], &crs), ELC_OK);
        assert_string_equal(crs, cases[i][1]);
        free(crs);
    }
}

static void test_crs_refuses_what_is_not_json(void **state) {
    (void)state;
    static const char *const texts[] = {"{", "[]", "{\"crs\":}", "EPSG:1",
                                        "{\"crs\":{},\"crs\":{}}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *crs = NULL;
        assert_int_equal(foreign_crs(texts[i], &crs), ELC_E_FORMAT);
        assert_null(crs);
    }
}

static void test_crs_of_a_column_without_metadata_is_none(void **state) {
    (void)state;
    const struct ArrowSchema column = {.format = "z", .release = nothing};
    char *crs = NULL;
    assert_int_equal(elc_schema_crs(&column, &crs, NULL), ELC_OK);
    assert_string_equal(crs, "");
    free(crs);
}

static void test_type_knows_wkb_by_its_extension(void **state) {
    (void)state;
    static const char *const names[] = {"geoarrow.wkb", "ogc.wkb", "geoarrow.wkbx"};
    for (size_t i = 0; i < 3; i++) {
        char metadata[200];
        elc_type type;
        metadata_of(names[i], "{}", metadata);
        const struct ArrowSchema column = {
            .format = "z", .metadata = metadata, .release = nothing};
        assert_int_equal(elc_schema_type(&column, &type, NULL), ELC_OK);
        assert_int_equal(type, i < 2 ? ELC_GEOMETRY : ELC_BINARY);
    }
}

static void test_type_refuses_what_tables_do_not_keep_to(void **state) {
    (void)state;
    static const char *const formats[] = {"c",
                                          "C",
                                          "s",
                                          "I",
                                          "L",
                                          "e",
                                          "U",
                                          "Z",
                                          "+l",
                                          "+s",
                                          "w:4",
                                          "tdm",
                                          "tsm:UTC",
                                          "n",
                                          "",
                                          "vu",
                                          "tsu:",
                                          "d:9,2",
                                          "tsu:Europe/Rome"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const struct ArrowSchema column = {
            .format = formats[i], .name = "x", .release = nothing};
        elc_type type;
        elc_error err = {0};
        assert_int_equal(elc_schema_type(&column, &type, &err), ELC_E_UNSUPPORTED);
        assert_non_null(strstr(err.message, "column \"x\": Arrow format"));
    }
}

static void test_type_refuses_dictionaries_and_the_released(void **state) {
    (void)state;
    struct ArrowSchema values = {.format = "u", .release = nothing};
    struct ArrowSchema column = {
        .format = "i", .dictionary = &values, .release = nothing};
    elc_type type;
    assert_int_equal(elc_schema_type(&column, &type, NULL), ELC_E_UNSUPPORTED);
    column.dictionary = NULL;
    column.release = NULL;
    assert_int_equal(elc_schema_type(&column, &type, NULL), ELC_E_ARGUMENT);
    assert_int_equal(elc_schema_type(NULL, &type, NULL), ELC_E_ARGUMENT);
}

/* ---- ownership --------------------------------------------------------------- */

static void test_clone_outlives_its_original(void **state) {
    (void)state;
    struct ArrowSchema schema, copy;
    char *crs = NULL;
    assert_int_equal(elc_schema_create(two, 2, "{\"a\":1}", &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_clone(&schema, &copy, NULL), ELC_OK);
    elc_schema_release(&schema);
    assert_string_equal(copy.children[0]->name, "id");
    assert_int_equal(elc_schema_crs(copy.children[1], &crs, NULL), ELC_OK);
    assert_string_equal(crs, "{\"a\":1}");
    free(crs);
    elc_schema_release(&copy);
}

static void test_clone_takes_nested_and_dictionary_columns(void **state) {
    (void)state;
    struct ArrowSchema values = {.format = "u", .name = "v", .release = nothing};
    struct ArrowSchema item = {
        .format = "i", .name = "item", .dictionary = &values, .release = nothing};
    struct ArrowSchema *children[] = {&item};
    struct ArrowSchema list = {.format = "+l",
                               .n_children = 1,
                               .children = children,
                               .flags = ARROW_FLAG_NULLABLE,
                               .release = nothing};
    struct ArrowSchema copy;
    assert_int_equal(elc_schema_clone(&list, &copy, NULL), ELC_OK);
    assert_int_equal(copy.flags, ARROW_FLAG_NULLABLE);
    assert_null(copy.name);
    assert_string_equal(copy.children[0]->dictionary->name, "v");
    elc_schema_release(&copy);
}

static void test_clone_refuses_the_broken(void **state) {
    (void)state;
    struct ArrowSchema copy = {0}, self = {.format = "+s", .release = nothing};
    struct ArrowSchema *children[] = {&self, NULL};
    self.children = children;
    self.n_children = 1;
    assert_int_equal(elc_schema_clone(&self, &copy, NULL), ELC_E_FORMAT);
    self.n_children = -1;
    assert_int_equal(elc_schema_clone(&self, &copy, NULL), ELC_E_FORMAT);
    self.children = children + 1;
    self.n_children = 1;
    assert_int_equal(elc_schema_clone(&self, &copy, NULL), ELC_E_ARGUMENT);
    self.n_children = INT64_MAX;
    assert_int_equal(elc_schema_clone(&self, &copy, NULL), ELC_E_MEMORY);
    assert_null(copy.release);
}

static void test_a_child_may_be_moved_out(void **state) {
    (void)state;
    struct ArrowSchema schema, child;
    assert_int_equal(elc_schema_create(two, 2, NULL, &schema, NULL), ELC_OK);
    child = *schema.children[0];
    schema.children[0]->release = NULL;
    elc_schema_release(&schema);
    assert_string_equal(child.name, "id");
    elc_schema_release(&child);
}

static void expect_lonlat(const char *const *names, size_t n, int64_t lon,
                          int64_t lat) {
    elc_column columns[4] = {{0}};
    struct ArrowSchema schema = {0};
    int64_t x, y;
    for (size_t i = 0; i < n; i++)
        columns[i] = (elc_column){.name = names[i], .type = ELC_FLOAT64};
    assert_int_equal(elc_schema_create(columns, n, NULL, &schema, NULL), ELC_OK);
    assert_int_equal(elc_schema_lonlat(&schema, &x, &y), lon >= 0 && lat >= 0);
    assert_int_equal(x, lon);
    assert_int_equal(y, lat);
    elc_schema_release(&schema);
}

static void test_longitude_and_latitude_are_found_by_their_names(void **state) {
    (void)state;
    expect_lonlat((const char *const[]){"a", "Lat", "LNG"}, 3, 2, 1);
    expect_lonlat((const char *const[]){"LON", "LAT", "lon", "lat"}, 4, 2, 3);
    expect_lonlat((const char *const[]){"longitude", "long", "LATITUDE"}, 3, 0, 2);
    expect_lonlat((const char *const[]){"lon", "a"}, 2, 0, -1);
    expect_lonlat((const char *const[]){"lonely", "late"}, 2, -1, -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_schema_has_arrow_formats),
        cmocka_unit_test(test_schema_finds_columns_by_name),
        cmocka_unit_test(test_schema_of_no_columns_is_a_struct),
        cmocka_unit_test(test_crs_comes_back_as_it_was_written),
        cmocka_unit_test(test_crs_is_crs84_by_default),
        cmocka_unit_test(test_crs_must_be_projjson),
        cmocka_unit_test(test_crs_reads_what_others_write),
        cmocka_unit_test(test_crs_refuses_what_is_not_json),
        cmocka_unit_test(test_crs_of_a_column_without_metadata_is_none),
        cmocka_unit_test(test_type_knows_wkb_by_its_extension),
        cmocka_unit_test(test_type_refuses_what_tables_do_not_keep_to),
        cmocka_unit_test(test_type_refuses_dictionaries_and_the_released),
        cmocka_unit_test(test_clone_outlives_its_original),
        cmocka_unit_test(test_clone_takes_nested_and_dictionary_columns),
        cmocka_unit_test(test_clone_refuses_the_broken),
        cmocka_unit_test(test_a_child_may_be_moved_out),
        cmocka_unit_test(test_longitude_and_latitude_are_found_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
