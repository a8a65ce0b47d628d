/* test_where_internal.c - a GeoJSON that is wrong is told with its feature and byte. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "../../fuzz/where.c"
#include "support/seeds.h"

#include <stdio.h>

/* Whether a text is wrong, and where. */
static bool is_wrong(const char *text, size_t n, uint64_t *feature, uint64_t *byte) {
    elc_where where;
    assert_int_equal(elc_where_look(text, n, &where, NULL), ELC_OK);
    *feature = where.feature;
    *byte = where.byte;
    bool wrong = where.wrong;
    elc_where_free(&where);
    return wrong;
}

static elc_status read_seed(const elc_string *seed) {
    uint64_t feature, byte;
    return is_wrong(seed->data, seed->size, &feature, &byte) ? ELC_E_FORMAT : ELC_OK;
}

static const char *const features[] = {
    "{\"type\":\"Feature\",\"properties\":{\"a\":\"x\\\"\"},\"geometry\":{\"type\":"
    "\"Point\",\"coordinates\":[1,2]}}",
    "{\"type\":\"Feature\",\"id\":7,\"properties\":{},\"geometry\":null}"};

/* Where a text that was cut after `n` bytes is said to be wrong. */
static void assert_cut(const char *text, size_t n, uint64_t feature) {
    uint64_t found = 0, byte = 0;
    assert_true(is_wrong(text, n, &found, &byte));
    assert_int_equal(found, feature);
    assert_in_range(byte, n < 24 ? 0 : n - 24, n); /* a geometry by where it begins */
}

static void test_a_collection_cut_at_each_byte_is_told(void **state) {
    char text[600];
    uint64_t found = 0, byte = 0;
    (void)state;
    sprintf(text, "{\"type\":\"FeatureCollection\",\"features\":[%s,%s]}", features[1],
            features[0]);
    size_t begin = (size_t)(strchr(text, '[') - text), n = strlen(text);
    size_t second = begin + 1 + strlen(features[1]) + 1;
    for (size_t i = begin + 1; i < n - 1; i++)
        assert_cut(text, i, i < second ? 1 : 2);
    assert_false(is_wrong(text, n, &found, &byte));
}

static void test_a_geometry_that_is_none_is_told_by_its_begin(void **state) {
    char text[600];
    uint64_t found = 0, byte = 0;
    (void)state;
    sprintf(text, "%s\n%s\n%s", features[0], features[1],
            "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":"
            "[\"x\",2]}}");
    assert_true(is_wrong(text, strlen(text), &found, &byte));
    assert_int_equal(found, 3);
    assert_int_equal(
        strncmp(text + byte, "{\"type\":\"Point\",\"coordinates\":[\"x\"", 34), 0);
}

/* As it is read: with the file's name, the feature and the byte. */
static void test_a_file_that_was_cut_is_refused_with_its_place(void **state) {
    static const char *const names[] = {"t.geojson", "t.geojsonl"};
    for (size_t i = 0; i < 2; i++) {
        char text[600], where[40];
        sprintf(text, "%s%s%s%.*s",
                i == 0 ? "{\"type\":\"FeatureCollection\",\"features\":[" : "",
                features[1], i == 0 ? "," : "\n", 40, features[0]);
        sprintf(where, "(feature 2, byte %zu)", strlen(text));
        fixture_put(fixture_path(state, names[i]), text);
        fixture_assert_fails(fixture_path(state, names[i]), ELC_E_FORMAT, where);
        fixture_assert_fails(fixture_path(state, names[i]), ELC_E_FORMAT, names[i]);
    }
}

static void accepted(elc_string *seed) {
    assert_int_equal(read_seed(seed), ELC_OK);
}

static void refused(elc_string *seed) {
    assert_int_not_equal(read_seed(seed), ELC_OK);
}

static void fuzz(elc_string *seed) {
    seeds_neighbours(seed, LLVMFuzzerTestOneInput);
}

static void test_seeds_are_right_or_wrong(void **state) {
    (void)state;
    assert_true(seeds_each("where", "good-", accepted) >= 5);
    assert_true(seeds_each("where", "bad-", refused) >= 4);
    seeds_each("where", "", fuzz);
}

#define TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_collection_cut_at_each_byte_is_told),
        TEST(test_a_geometry_that_is_none_is_told_by_its_begin),
        TEST(test_a_file_that_was_cut_is_refused_with_its_place),
        TEST(test_seeds_are_right_or_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
